"""What the buttons of boards and lists say when tapped: a verb and its arguments, within Telegram's 64 bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

# The sign tells them from the codes of ``bot.callbacks``.
PATTERN = re.compile(r"!([a-z])((?::[^:]{1,40}){0,3})")


class Verb(StrEnum):
    """What is wanted."""

    REGIONS = "r"  # show regions: (province code or "-", page)
    SETTLE = "s"  # save the chat's region: (code or "-" for none)
    AWAIT = "w"  # tell me when there is an answer: (id of the answer shown)
    NATIONAL = "n"  # ask again for all Indonesia: (id of the answer shown)
    DIGEST = "d"  # show a page of /langganan: (page)
    TOPIC = "t"  # want: (kind, value, page to show then)
    NO_TOPIC = "l"  # no longer want: the same
    HOUR = "h"  # when: (hour)
    ZONE = "z"  # by which clock: (zone)
    STOP = "x"  # everything stops: ()
    BOARD = "b"  # show a page of /atur: (page)
    GROUP = "g"  # choose for the group: (field, value)
    ERASE = "e"  # delete all data: ("ya" or "batal")
    # Of those who look after the bot.
    DRAFT = "a"  # a preview: (draft, what to do or correct, more)
    ARTICLE = "k"  # the shelf: (what to do, article's key or page, more)
    REBUILD = "i"  # the archive: (what to do, id of a refused one)
    STAFF = "p"  # roles and the trail: (what to do, person or page)
    BROADCAST = "o"  # a message to all: (broadcast, "yes" or "no")
    SEARCH = "f"  # show a page of what /cari found: (page)
    SEARCH_EXPORT = "y"  # all of it as a text to forward: ()
    STATISTICS = "v"  # show another period of /statistik: (days)
    STATISTICS_FILE = "c"  # the query log as a table: (days)
    QUESTIONS = "u"  # show a page of /belum_terjawab: (view)
    QUESTION = "j"  # show one group of its questions: (view, code)
    DEAL = "m"  # do something about it: (what, view, code)
    WORDS = "q"  # the line that the message shows: (keep, drop or remove)


@dataclass(frozen=True, slots=True)
class Choice:
    """A tap."""

    verb: Verb
    arguments: tuple[str, ...] = ()


def whole(argument: str) -> int | None:
    """The number that an argument is: of 16 digits at most, as people's ids are, so that a database takes it."""
    return int(argument) if re.fullmatch("[0-9]{1,16}", argument) else None


def encode(verb: Verb, *arguments: object) -> str:
    """The choice as callback data."""
    return ":".join((f"!{verb.value}", *map(str, arguments)))


def decode(data: str | None) -> Choice | None:
    """The choice behind callback data; ``None`` for anything that this version did not write."""
    match = PATTERN.fullmatch(data or "")
    if match is None or match[1] not in {verb.value for verb in Verb}:
        return None
    return Choice(Verb(match[1]), tuple(match[2].split(":")[1:]))
