"""Text in small letters of the same length, so that rules are tried on it without regard to case, and its plain words.

An expression compiled without ``re.IGNORECASE`` and tried on folded text finds what it finds with that flag in the text
itself, at a third of the time: the engine then looks for its literals instead of trying each alternative in turn.
"""

from __future__ import annotations

# What ``re.IGNORECASE`` takes for i and s beside their capitals, and ``str.lower`` does not (or makes two of).
_DOTTED, _DOTLESS, _LONG_S = "\u0130", "\u0131", "\u017f"
_LETTERS_ONLY = bytes(code if code in b"abcdefghijklmnopqrstuvwxyz" else 0x20 for code in range(256))


def fold(text: str) -> str:
    """Return ``text`` in small letters, character for character, so that offsets into one are offsets into the other.

    Of each character it is a letter of the alphabet exactly when ``re.IGNORECASE`` matches it by that letter, and a
    word's character, a digit or white space exactly when the character was.
    """
    if text.isascii():
        return text.lower()
    return text.replace(_DOTTED, "i").replace(_DOTLESS, "i").replace(_LONG_S, "s").lower()


def letter_runs(folded: str) -> list[bytes]:
    """Return the runs of a to z in folded text: a word without any other letter is among them, and halves of others.

    It tells in a fraction of an expression's time that none of some words is there; that one is there, it does not.
    """
    return folded.encode("ascii", "replace").translate(_LETTERS_ONLY).split()
