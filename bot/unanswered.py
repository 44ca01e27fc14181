"""Questions without a good answer, grouped by likeness, for editors. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.readings import Reading, Topic
from bot.storage.insight import Asked
from index.answer import Snippet

PERIODS = (7, 30, 90)  # days
MOST_READ = 1_000  # of the newest: grouping compares each with every group
# Of the topics of two questions together, the share that both have from which they are alike.
_ALIKE = 0.5
_CODE_DIGITS = 12


class Order(StrEnum):
    """What comes first in the list."""

    MOST = "b"  # asked from the most chats
    NEWEST = "t"


@dataclass(frozen=True, slots=True)
class View:
    """A page of the list; in a button "30b2"."""

    days: int = 30
    order: Order = Order.MOST
    page: int = 1

    def __str__(self) -> str:
        return f"{self.days}{self.order.value}{self.page}"

    @staticmethod
    def read(text: str) -> View:
        """The view of a button; the first page of the usual one when it is none."""
        for order in Order:
            days, sign, page = text.partition(order.value)
            if sign and days in map(str, PERIODS) and page.isdecimal() and len(page) < 5:
                return View(int(days), order, int(page))
        return View()


@dataclass(slots=True)
class Group:
    """Questions that ask (nearly) the same, newest first; ``leader`` is what each was compared with."""

    leader: Reading
    asked: list[Asked] = field(default_factory=list)

    @property
    def code(self) -> str:
        """Its name in a button: that of its newest question."""
        return code_of(self.asked[0].question)

    @property
    def wordings(self) -> tuple[str, ...]:
        """Every way it was asked, the commonest first, of equals the newest."""
        counts: dict[str, int] = {}
        for asked in self.asked:
            counts[asked.question] = counts.get(asked.question, 0) + 1
        return tuple(sorted(counts, key=lambda question: -counts[question]))

    @property
    def chats(self) -> int:
        """From how many chats it was asked."""
        return len({asked.chat_hash for asked in self.asked})

    @property
    def newest(self) -> datetime:
        """When it was last asked."""
        return self.asked[0].asked_at

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is here, in the order in which that is told."""
        given = {asked.why for asked in self.asked}
        return tuple(why for why in ("not_found", "related", "bad") if why in given)


def code_of(question: str) -> str:
    """A question's code: the same however it is spaced and capitalised."""
    folded = " ".join(question.casefold().split())
    return hashlib.sha256(folded.encode(errors="surrogatepass")).hexdigest()[:_CODE_DIGITS]


def open_ones(asked: Iterable[Asked], handled: Mapping[str, datetime]) -> list[Asked]:
    """Those that nobody has dealt with since they were asked."""
    return [each for each in asked if (at := handled.get(code_of(each.question))) is None or each.asked_at > at]


def grouped(asked: Sequence[Asked], readings: Mapping[str, Reading], order: Order) -> list[Group]:
    """Questions, newest first, in groups of those alike.

    Each joins the group whose first question it is most like, if it is alike at all, or begins one: alike are
    questions of the same places that share at least half of their topics.
    """
    groups: list[Group] = []
    by_code: dict[str, Group] = {}
    # Only groups that share a place and a topic with a question can be like it.
    nearby: dict[tuple[frozenset[str], Topic], list[Group]] = {}
    for each in asked:
        code = code_of(each.question)
        group = by_code.get(code)
        if group is None:
            reading = readings[each.question]
            keys = [(reading.places, topic) for topic in reading.topics or ((),)]
            known = [near for key in keys for near in nearby.get(key, ())]
            group = max(known, key=lambda near: likeness(near.leader, reading), default=None)
            if group is None or likeness(group.leader, reading) < _ALIKE:
                group = Group(reading)
                groups.append(group)
                for key in keys:
                    nearby.setdefault(key, []).append(group)
            by_code[code] = group
        group.asked.append(each)
    if order is Order.MOST:
        # A stable sort: of equals the newest stays first.
        groups.sort(key=lambda group: (-group.chats, -len(group.asked)))
    return groups


def likeness(one: Reading, other: Reading) -> float:
    """The share of both questions' topics that both have (0 to 1); 0 for different places."""
    if one.places != other.places:
        return 0.0
    ours, theirs = one.topics.keys(), other.topics.keys()
    every = len(ours | theirs)
    if not every:
        return 1.0 if one.places else 0.0  # "bantuan" alone has a topic; a bare place is about the place
    return len(ours & theirs) / every


def alike(one: Reading, other: Reading) -> bool:
    """Whether two questions belong to one group."""
    return likeness(one, other) >= _ALIKE


def golden_case(question: str, right: Snippet | None) -> dict[str, Any]:
    """A question that ``right`` answers, or with ``None`` one that is rightly left unanswered, as a golden question.

    The format is that of ``tests/golden/README.md``.
    """
    return {
        "id": golden_id(question),
        "question": question,
        "kind": "chat",
        "answerable": right is not None,
        "gold_articles": [right.article] if right else [],
        "must_contain_any": [right.text] if right else [],
    }


def golden_id(question: str) -> str:
    """The id that a question has as a golden question."""
    return f"chat-{code_of(question)}"


def find(groups: Iterable[Group], code: str) -> Group | None:
    """The group that holds the question with that code; ``None`` when it is not listed any more."""
    return next((group for group in groups if any(code_of(each.question) == code for each in group.asked)), None)
