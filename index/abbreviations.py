"""Abbreviations that articles explain themselves: "Program Keluarga Harapan (PKH)", "TKSK (Tenaga ...)"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

_BRACKETED = re.compile(r"\(\s*([^()]{2,120}?)\s*\)")
_SHORT = re.compile(r"^(?=.*[A-Z])[A-Za-z][\w-]{1,19}$")
_WORD = re.compile(r"[^\W_]+")
# Small words that an abbreviation leaves out.
_SKIPPED = frozenset(
    """
    dan serta di ke dari yang untuk dengan atas pada bagi dalam
    """.split()
)
_LONGEST_FORM = 15  # words


def mine(found: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Abbreviation (lower case) -> its long forms, most frequent first, from what ``pairs`` found in texts."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for short, long in found:
        counts[short.lower()][long] += 1
    return {short: tuple(sorted(forms, key=lambda form: -forms[form])) for short, forms in counts.items()}


def pairs(text: str) -> list[tuple[str, str]]:
    """(abbreviation, long form) for each that the text spells out, in order."""
    found = []
    for match in _BRACKETED.finditer(text):
        inside = match.group(1)
        if _SHORT.match(inside):
            long = _before(text, match.start(), inside)
            if long:
                found.append((inside, long))
        elif " " in inside:
            before = re.search(r"([\w-]+)\s*$", text[max(0, match.start() - 40) : match.start()])
            if before and _SHORT.match(before.group(1)) and _spells(before.group(1), _WORD.findall(inside)):
                found.append((before.group(1), inside))
    return found


def _before(text: str, end: int, short: str) -> str | None:
    """The shortest run of words right before ``end`` that ``short`` abbreviates."""
    window = text[max(0, end - 200) : end]
    # A sentence or clause boundary ends the search: a long form does not cross it.
    window = re.split(r"[.;:!?\n]\s", window)[-1]
    words = list(_WORD.finditer(window))
    for count in range(1, min(len(words), _LONGEST_FORM) + 1):
        run = words[-count:]
        if run[0].group().lower() in _SKIPPED or window[run[-1].end() :].strip():
            continue
        if _spells(short, [word.group() for word in run]):
            long = window[run[0].start() : run[-1].end()]
            return long if long.lower() != short.lower() else None
    return None


def _spells(short: str, words: list[str]) -> bool:
    """Whether ``short`` takes its letters, in order, from ``words``: initials ("PKH") or syllables ("Tagana").

    Small words may be left out, and so may one other word of a long name. "P3A" counts its P three times.
    """
    letters = "".join(
        character * int(times or 1) for character, times in re.findall(r"([a-z])[\W_]*(\d?)", short.lower())
    )
    lowered = [word.lower() for word in words]
    if not letters or not lowered or letters[0] != lowered[0][0]:
        return False
    if len(lowered) == 1:
        return 3 <= len(letters) < len(lowered[0]) and _subsequence(letters, lowered[0])
    return _takes(letters, lowered)


def _takes(letters: str, words: list[str]) -> bool:
    spare = 1 if len(words) >= 4 else 0
    reachable = {(0, spare)}  # (letters taken, words that may still be left out)
    for index, word in enumerate(words):
        reached: set[tuple[int, int]] = set()
        for taken, left in reachable:
            if index and word in _SKIPPED:
                reached.add((taken, left))
            elif index and left:
                reached.add((taken, left - 1))
            # Initials come first; a syllable may come from inside the later words ("siaGA", "bencaNA").
            for length in range(1, min(len(word), 8, len(letters) - taken) + 1):
                piece = letters[taken : taken + length]
                if word.startswith(piece) or (index and length >= 2 and piece in word):
                    reached.add((taken + length, left))
        reachable = reached
    return any(taken == len(letters) for taken, _ in reachable)


def _subsequence(letters: str, word: str) -> bool:
    position = 0
    for letter in letters:
        position = word.find(letter, position) + 1
        if position == 0:
            return False
    return True
