"""What ``/statistik`` counts. Nothing is told of fewer than five chats, so that none can be made out. Pure.

Of five or more it is told how their questions ended, also where few ended so: that is no trait of a chat.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from bot.readings import Reading, Topic
from bot.storage.insight import Opinions, Tally
from index.places import Place, describe, load_gazetteer

FEWEST_CHATS = 5
PERIODS = (7, 30, 90)  # days
STATUSES = ("answered", "related", "not_found")
_LONGEST_BY_DAY = 31  # days; what is longer is counted by week
_SHOWN = 5  # regions, topics


@dataclass(frozen=True, slots=True)
class Bar:
    """A day, or a week: questions by outcome; ``None`` when too few chats asked, or to keep such a neighbour hidden."""

    first: date
    last: date
    counts: Mapping[str, int] | None

    @property
    def total(self) -> int:
        """All questions; 0 when they are not told."""
        return sum(self.counts.values()) if self.counts else 0


@dataclass(frozen=True, slots=True)
class Statistics:
    """A period's figures; ``totals`` is ``None`` when too few chats asked in all of it."""

    bars: tuple[Bar, ...]
    totals: Mapping[str, int] | None = None
    chats: int = 0
    regions: tuple[tuple[str, int], ...] = ()  # (name, chats that asked), most first
    topics: tuple[tuple[str, int], ...] = ()
    good: int | None = None
    bad: int | None = None
    reasons: tuple[tuple[str, int], ...] = ()
    newest: int | None = None  # regions and topics were counted only in so many of the newest questions

    @property
    def first(self) -> date:
        """The period's first day."""
        return self.bars[0].first

    @property
    def last(self) -> date:
        """The period's last day."""
        return self.bars[-1].last

    @property
    def hidden(self) -> bool:
        """Whether a day or week is not told."""
        return any(bar.counts is None for bar in self.bars)


def count(
    days: int,
    today: date,
    zone: tzinfo,
    tallies: Sequence[Tally],
    opinions: Sequence[Opinions],
    questions: Sequence[tuple[str, str]],
    readings: Mapping[str, Reading],
    most: int,
) -> Statistics:
    """The figures of some days.

    Args:
        days: how many, up to today.
        today: the last of them.
        zone: by whose calendar.
        tallies: questions by hour, chat and outcome; those of other days are left out.
        opinions: what was said of answers in the period.
        questions: (question, chat's code) pairs of the period, in which regions and topics are counted.
        readings: what each of them is about.
        most: how many of those pairs were asked for; with as many, there may be more.
    """
    first = today - timedelta(days=days - 1)
    inside = [tally for tally in tallies if first <= tally.hour.astimezone(zone).date() <= today]
    bars = _bars(first, today, inside, zone)
    chats = {tally.chat_hash for tally in inside}
    if len(chats) < FEWEST_CHATS:
        return Statistics(bars)
    totals = Counter(dict.fromkeys(STATUSES, 0))
    for tally in inside:
        totals[tally.status] += tally.questions
    good, bad, reasons = _feedback(opinions)
    return Statistics(
        bars,
        totals,
        len(chats),
        _regions(questions, readings),
        _topics(questions, readings),
        good,
        bad,
        reasons,
        len(questions) if len(questions) >= most else None,
    )


def _bars(first: date, today: date, tallies: Iterable[Tally], zone: tzinfo) -> tuple[Bar, ...]:
    step = 1 if (today - first).days < _LONGEST_BY_DAY else 7
    # Weeks are counted back from today, so that the last one is whole; the first may be shorter.
    size = (today - first).days // step + 1
    asked: list[Counter[str]] = [Counter() for _ in range(size)]
    chats: list[set[str]] = [set() for _ in range(size)]
    for tally in tallies:
        at = size - 1 - (today - tally.hour.astimezone(zone).date()).days // step
        asked[at][tally.status] += tally.questions
        chats[at].add(tally.chat_hash)
    hidden = {at for at in range(size) if 0 < len(chats[at]) < FEWEST_CHATS}
    if len(hidden) == 1:
        # The total less the bars that are told would tell the one that is not: the smallest other one goes, too.
        others = [at for at in range(size) if asked[at] and at not in hidden]
        hidden |= {min(others, key=lambda at: asked[at].total())} if others else set()
    return tuple(
        Bar(
            max(first, today - timedelta(days=(size - at) * step - 1)),
            today - timedelta(days=(size - 1 - at) * step),
            None if at in hidden else {status: asked[at][status] for status in STATUSES},
        )
        for at in range(size)
    )


def _regions(questions: Iterable[tuple[str, str]], readings: Mapping[str, Reading]) -> tuple[tuple[str, int], ...]:
    chats: dict[frozenset[str], set[str]] = defaultdict(set)
    for question, chat in questions:
        if readings[question].places:
            chats[readings[question].places].add(chat)
    return _most((describe(_places(codes)), len(each)) for codes, each in chats.items())


def _places(codes: frozenset[str]) -> tuple[Place, ...]:
    gazetteer = load_gazetteer()
    return tuple(gazetteer.by_code(code) for code in sorted(codes))


def _topics(questions: Iterable[tuple[str, str]], readings: Mapping[str, Reading]) -> tuple[tuple[str, int], ...]:
    chats: dict[Topic, set[str]] = defaultdict(set)
    written: dict[Topic, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for question, chat in questions:
        for topic, shown in readings[question].topics.items():
            chats[topic].add(chat)
            written[topic][shown].add(chat)
    # As most chats write it.
    return _most(
        (max(written[topic], key=lambda shown: (len(written[topic][shown]), shown)), len(each))
        for topic, each in chats.items()
    )


def _feedback(opinions: Iterable[Opinions]) -> tuple[int | None, int | None, tuple[tuple[str, int], ...]]:
    counts: Counter[tuple[bool, str | None]] = Counter()
    chats: dict[tuple[bool, str | None], set[str]] = defaultdict(set)
    for opinion in opinions:
        for kind in {(opinion.good, None), (opinion.good, opinion.reason)}:
            counts[kind] += opinion.count
            chats[kind].add(opinion.chat_hash)
    told = {kind: counts[kind] for kind, each in chats.items() if len(each) >= FEWEST_CHATS}
    reasons = _most((reason, number) for (_, reason), number in told.items() if reason and number)
    return told.get((True, None)), told.get((False, None)), reasons


def _most(counted: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    enough = [(name, number) for name, number in counted if number >= FEWEST_CHATS]
    return tuple(sorted(enough, key=lambda item: (-item[1], item[0]))[:_SHOWN])
