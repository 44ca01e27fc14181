"""How many questions are still answered when they are typed in haste: slips made at random in known questions.

    python benchmarks/typos.py [FOLDER:QUESTIONS.jsonl ...] [--shares 0 0.4 0.7] [--seeds 2 3] [--unmended]

Each word of four letters or more gets a slip with the chance of a ``share``: of 20 slips, 7 leave a vowel out, 5 swap
two letters, 4 leave any letter out, 2 hit the key beside it and 2 type a letter twice; the first letter always stays.
Seeded, so that runs compare: constants are tuned on seed 1 and
reported on others. Without FOLDER:QUESTIONS the practice sets are asked. ``--unmended`` lists what was answered as
asked and not as mistyped, for a person to see why.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from index.answer import Found
from index.archive import Archive
from index.evaluation import Case, read_cases

GOLDEN = "tests/golden"
PRACTICE = (
    *(f"seeds:{GOLDEN}/seeds-{name}.jsonl" for name in ("dev", "practice", "practice-b")),
    *(f"{GOLDEN}/{name}/articles:{GOLDEN}/{name}/questions.jsonl" for name in ("practice", "practice-b", "practice-c")),
)
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
VOWELS = "aeiou"
SHORTEST = 4  # letters of a word that gets slips


def slip(word: str, chance: random.Random) -> str:
    """``word`` with one slip; as it is when it is short or holds anything but letters."""
    if len(word) < SHORTEST or not word.isalpha():
        return word
    i = chance.randrange(1, len(word) - 1)
    vowels = [j for j, letter in enumerate(word) if j and letter in VOWELS]
    kind = chance.random()
    if kind < 0.35 and vowels:
        i = chance.choice(vowels)
        return word[:i] + word[i + 1 :]
    if kind < 0.6:
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    if kind < 0.8:
        return word[:i] + word[i + 1 :]
    if kind < 0.9:
        return word[:i] + chance.choice(beside(word[i])) + word[i + 1 :]
    return word[:i] + word[i] + word[i:]


def beside(letter: str) -> str:
    """The keys to the left and the right of a letter's; the letter itself when it has no key."""
    for row in ROWS:
        at = row.find(letter)
        if at >= 0:
            return row[max(0, at - 1) : at] + row[at + 1 : at + 2]
    return letter


def mistyped(question: str, share: float, chance: random.Random) -> str:
    """``question`` with slips in about that share (0 to 1) of its words."""
    return " ".join(slip(word, chance) if chance.random() < share else word for word in question.split())


def outcome(archive: Archive, case: Case, question: str) -> str:
    """What comes of a case when ``question`` is asked in its place: "right", "wrong" or "declined"."""
    answer = archive.ask(question, case.previous)
    if not isinstance(answer, Found):
        return "declined"
    return "right" if any(case.right(snippet) for snippet in answer.snippets) else "wrong"


def measured(sets: Iterable[tuple[Archive, Path]], share: float, seed: int, *, unmended: bool) -> str:
    """A line of figures over all sets, and before it a line for each question that only slips keep from its answer."""
    chance = random.Random(seed)
    counts: Counter[tuple[bool, str]] = Counter()
    lines = []
    for archive, questions in sets:
        for case in read_cases(questions):
            typed = mistyped(case.question, share, chance)
            came = outcome(archive, case, typed)
            counts[case.answerable, came] += 1
            if unmended and case.answerable and came != "right" and outcome(archive, case, case.question) == "right":
                lines.append(f"  {case.id} {came}: {typed} | read as: {archive.read(typed).words}")
    answerable = sum(count for (known, _), count in counts.items() if known)
    others = counts.total() - answerable
    lines.append(
        f"slips in {share:4.0%} of the words, seed {seed}: right {counts[True, 'right'] / max(1, answerable):.1%}, "
        f"declined {counts[True, 'declined'] / max(1, answerable):.1%} of {answerable} answerable; "
        f"declined rightly {counts[False, 'declined'] / max(1, others):.1%} of {others}"
    )
    return "\n".join(lines)


def main() -> None:
    """Print a line for each share and seed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=PRACTICE, metavar="FOLDER:QUESTIONS")
    parser.add_argument("--shares", type=float, nargs="+", default=[0.0, 0.4, 0.7])
    parser.add_argument("--seeds", type=int, nargs="+", default=[2, 3])
    parser.add_argument("--unmended", action="store_true")
    options = parser.parse_args()
    archives: dict[str, Archive] = {}
    sets = []
    for each in options.sets:
        folder, _, questions = each.partition(":")
        if folder not in archives:
            archives[folder] = Archive.open(Path(folder))
        sets.append((archives[folder], Path(questions)))
    for share in options.shares:
        for seed in options.seeds if share else options.seeds[:1]:
            print(measured(sets, share, seed, unmended=options.unmended), flush=True)


if __name__ == "__main__":
    main()
