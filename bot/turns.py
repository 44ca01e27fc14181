"""Who may rebuild the archive: of all replicas that answer from it one at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from bot.errors import BotError
from bot.library import Library


class AlreadyRunningError(BotError):
    """A rebuild is under way, here or in another replica; there is never a second one. ``who`` ordered it."""

    def __init__(self, who: int | None = None) -> None:
        super().__init__("a rebuild is already running")
        self.who = who


class Others(Protocol):
    """The other replicas, which answer from the same archive."""

    def turn(self, who: int, *, waits: bool) -> AbstractAsyncContextManager[None]:
        """Keep the others from building in the block.

        Raises:
            AlreadyRunningError: one of them is building, and the caller does not wait.
            StorageError: they cannot be asked.
        """

    async def share(self, library: Library) -> None:
        """Have all of them answer from a library, from now on; within a ``turn``.

        Raises:
            StorageError: they cannot be told; they go on as before.
        """


class Alone:
    """For where there are no others."""

    @asynccontextmanager
    async def turn(self, who: int, *, waits: bool) -> AsyncIterator[None]:
        """Nobody else builds."""
        yield

    async def share(self, library: Library) -> None:
        """Nobody else answers."""
