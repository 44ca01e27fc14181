"""What one of several replicas does for all of them, and another when that one is gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.replicas import Replica

logger = logging.getLogger(__name__)

# How often somebody with a duty looks whether it is still theirs.
LOOK_SECONDS = 0.5


class Duty:
    """Something that one replica does for all; ``held`` says whether that is this one, and still is."""

    def __init__(self, name: str, replica: Replica) -> None:
        self.name = name
        self._replica = replica
        self._since: str | None = None
        self._gained = asyncio.Event()
        self.lost = asyncio.Event()

    @property
    def held(self) -> bool:
        """Whether this replica has it and nobody else can have taken it."""
        return self._since == self._replica.id and self._replica.sure

    @property
    def endangered(self) -> bool:
        """Whether another may have it. One that has seen no other goes on without the database as far as it can."""
        return self.lost.is_set() or (not self._replica.sure and bool(self._replica.others))

    async def settled(self) -> None:
        """Wait until it is known again whose it is."""
        while self.endangered and not self.lost.is_set():  # noqa: ASYNC110 - it depends on a clock
            await asyncio.sleep(LOOK_SECONDS)

    async def gained(self) -> None:
        """Wait until this replica has it; ``lost`` is not set from then on until it has it no more."""
        await self._gained.wait()

    def note(self, holder: str | None) -> None:
        """Take down who has it."""
        mine = holder is not None and holder == self._replica.id
        self._since = holder if mine else None
        if mine and not self._gained.is_set():
            logger.info("replica %s: does %s from now on", self._replica.id, self.name)
            self.lost.clear()
            self._gained.set()
        elif not mine and self._gained.is_set():
            logger.warning("replica %s: %s is another's now", self._replica.id, self.name)
            self._gained.clear()
            self.lost.set()


async def whenever_held(duty: Duty, work: Callable[[], Awaitable[None]]) -> None:
    """Do ``work``, which is to go on until cancelled, for as long as the duty is this replica's, again and again.

    Raises:
        Exception: what ``work`` raises.
    """
    while True:
        await duty.gained()
        task = asyncio.ensure_future(work())
        try:
            while not task.done() and not duty.endangered:
                await asyncio.wait({task}, timeout=LOOK_SECONDS)
            if task.done():
                return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await duty.settled()
