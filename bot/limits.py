"""How much one person, one group and the whole bot may ask for: token buckets, and who is told when they are empty.

Held in memory only, and dropped once the bucket is full again and somebody else asks.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What is asked for. The value is what it takes out of a bucket."""

    QUESTION = 1.0  # a message or a command, and an edited one: each gets an answer
    TAP = 0.34  # leafing goes quicker than writing, and mostly changes a message that is there
    KEYSTROKE = 0.2  # an inline query: one for each letter or two


class Verdict(Enum):
    """What becomes of it."""

    ADMITTED = auto()
    TOO_FAST = auto()  # this person: to be told
    GROUP_TOO_FAST = auto()  # this group: to be told
    BUSY = auto()  # the bot is behind: to be told
    IGNORED = auto()  # they were told a moment ago


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` at once, and ``a_second`` in the long run."""

    burst: float
    a_second: float


# Ten questions at once, then one every three seconds: quicker than anybody reads the answers.
PERSON = Rate(10, 1 / 3)
# Telegram takes twenty messages a minute for a group, and some of these are not answers: ``bot.pacing``.
GROUP = Rate(8, 1 / 5)
# Beside these, as it is another bucket: a list is asked for at each letter or two.
TYPING = Rate(10, 1.5)
TELL_AGAIN_SECONDS = 60.0
# Who asks now waits at least as long as who waits already.
LONGEST_DELAY_SECONDS = 8.0
MOST_QUEUED = 500
# Sent longer ago than this: kept by Telegram while the bot was away. Whoever waited that long is answered.
LATE_SECONDS = 60.0
MOST_BUCKETS = 20_000


@dataclass(slots=True)
class _Bucket:
    rate: Rate
    tokens: float
    at: float
    told_at: float = float("-inf")

    def fill(self, now: float) -> None:
        self.tokens = min(self.rate.burst, self.tokens + (now - self.at) * self.rate.a_second)
        self.at = now

    def is_forgettable(self, now: float) -> bool:
        refilled = self.at + (self.rate.burst - self.tokens) / self.rate.a_second
        return now >= max(refilled, self.told_at + TELL_AGAIN_SECONDS)


class Limits:
    """Decides of one request after the other. ``clock`` is in seconds, and never goes back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[tuple[str, int], _Bucket] = OrderedDict()

    def __len__(self) -> int:
        """Of how many people and groups something is held."""
        return len(self._buckets)

    def decide(self, kind: Kind, person: int, group: int | None, *, delay: float = 0.0, queued: int = 0) -> Verdict:
        """Whether ``person`` gets what they ask for now, in ``group`` unless they are alone with the bot.

        Args:
            kind: what they ask for.
            person: who asks: somebody's id, or that of the group or channel as which they write.
            group: where.
            delay: for how many seconds the first in the queue has waited to be begun.
            queued: how many chats wait to be begun.
        """
        now = self._clock()
        self._forget(now)
        own = self._bucket("typing" if kind is Kind.KEYSTROKE else "person", person, now)
        theirs = None if group is None else self._bucket("group", group, now)
        if kind is Kind.KEYSTROKE:
            # There is no message to tell them by, and what they type next is asked for anew.
            return Verdict.ADMITTED if _take(kind, own) else Verdict.IGNORED
        if own.tokens < kind.value:
            return _telling(own, now, Verdict.TOO_FAST)
        if theirs is not None and theirs.tokens < kind.value:
            return _telling(theirs, now, Verdict.GROUP_TOO_FAST)
        # Who is told that the bot is busy spends a token, too: asking again and again does not help.
        _take(kind, own, *((theirs,) if theirs else ()))
        return Verdict.BUSY if delay >= LONGEST_DELAY_SECONDS or queued >= MOST_QUEUED else Verdict.ADMITTED

    def _bucket(self, sort: str, number: int, now: float) -> _Bucket:
        rate = {"person": PERSON, "group": GROUP, "typing": TYPING}[sort]
        bucket = self._buckets.setdefault((sort, number), _Bucket(rate, rate.burst, now))
        self._buckets.move_to_end((sort, number))
        bucket.fill(now)
        return bucket

    def _forget(self, now: float) -> None:
        """Drop what says nothing any more, some at each call; and the longest unused of too many."""
        for key in [key for key, _ in zip(self._buckets, range(4), strict=False)]:
            if len(self._buckets) >= MOST_BUCKETS or self._buckets[key].is_forgettable(now):
                del self._buckets[key]


def _take(kind: Kind, *buckets: _Bucket) -> bool:
    if any(bucket.tokens < kind.value for bucket in buckets):
        return False
    for bucket in buckets:
        bucket.tokens -= kind.value
    return True


def _telling(bucket: _Bucket, now: float, verdict: Verdict) -> Verdict:
    if now - bucket.told_at < TELL_AGAIN_SECONDS:
        return Verdict.IGNORED
    bucket.told_at = now
    return verdict
