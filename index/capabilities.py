"""What answering is made of, as far as one part can be left out and the rest still answers."""

from __future__ import annotations

from enum import StrEnum


class Capability(StrEnum):
    """A capability by the name that its ablation line has; ``index.stand_ins`` says what takes its place."""

    READING = "reading"  # furniture, title, outlet, place and date of a page
    SPELLING = "spelling and slang"
    SYNONYMS = "abbreviations and synonyms"
    CONSTRAINTS = "constraints"  # place, time, office and the kind of thing asked for
    SMALL_ARCHIVES = "small archives"  # general Indonesian's statistics beside the archive's own
    SENTENCE = "the right sentence"
    SEVERAL = "several articles"
    FOLLOW_UPS = "follow-ups"
    SMALL_TALK = "small talk"
    CONFIDENCE = "confidence"
