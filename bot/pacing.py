"""When the next message may go to a chat, by what Telegram allows: arithmetic on a clock, and nothing is sent here.

One a second to a chat, 20 a minute to a group, about 30 a second to many chats at once:
https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this. The last is of notifications that
nobody asked for; an answer to a question waits for its own chat only.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_CHATS = 20_000


@dataclass(frozen=True, slots=True)
class Pace:
    """``burst`` at once, then one every ``every`` seconds: in any stretch of s seconds burst + s / every at most."""

    burst: int
    every: float


PRIVATE = Pace(5, 1.0)  # "short bursts" are tolerated: an answer with a warning beneath need not wait
GROUP = Pace(8, 5.0)  # 8 and 12 more: 20 in any minute
BULK = Pace(1, 1 / 25)  # some of the 30 are left to answers


class Pacer:
    """The turns of each chat, given away in the order in which they are asked for.

    Args:
        clock: seconds that never go back.
        private, group, bulk: how fast.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        private: Pace = PRIVATE,
        group: Pace = GROUP,
        bulk: Pace = BULK,
    ) -> None:
        self._clock = clock
        self._private, self._group, self._bulk = private, group, bulk
        # When each would be back to a whole burst: what is past says nothing any more.
        self._busy_until: OrderedDict[int, float] = OrderedDict()
        self._bulk_until = 0.0
        self._held: dict[int, float] = {}

    def wait(self, chat: int) -> float:
        """For how many seconds a message to ``chat`` would have to wait now."""
        pace, now = self._pace(chat), self._clock()
        paced = _wait(pace, self._busy_until.get(chat, 0.0), now)
        return max(paced, self.held(chat))

    def held(self, chat: int) -> float:
        """For how many more seconds Telegram takes nothing for ``chat``, as it said."""
        return max(0.0, self._held.get(chat, 0.0) - self._clock())

    def turn(self, chat: int) -> float:
        """Take the next turn of ``chat``; in how many seconds it comes."""
        pace, now = self._pace(chat), self._clock()
        wait = self.wait(chat)
        # What was not sent during a hold is not made up for.
        self._busy_until[chat] = max(self._busy_until.get(chat, 0.0), now + self.held(chat)) + pace.every
        self._busy_until.move_to_end(chat)
        self._forget(now)
        return wait

    def bulk(self) -> float:
        """Take the next turn of what is sent unasked; in how many seconds it comes."""
        now = self._clock()
        wait = _wait(self._bulk, self._bulk_until, now)
        self._bulk_until = max(self._bulk_until, now) + self._bulk.every
        return wait

    def hold(self, chat: int, seconds: float) -> None:
        """Telegram takes nothing for ``chat`` in the next ``seconds``."""
        now = self._clock()
        self._held = {each: until for each, until in self._held.items() if until > now}
        self._held[chat] = max(self._held.get(chat, 0.0), now + seconds)

    def _pace(self, chat: int) -> Pace:
        return self._group if chat < 0 else self._private  # https://core.telegram.org/bots/api#chat

    def _forget(self, now: float) -> None:
        for chat in [chat for chat, _ in zip(self._busy_until, range(2), strict=False)]:
            if len(self._busy_until) > MOST_CHATS or self._busy_until[chat] <= now:
                del self._busy_until[chat]


def _wait(pace: Pace, busy_until: float, now: float) -> float:
    return max(0.0, busy_until - now - (pace.burst - 1) * pace.every)
