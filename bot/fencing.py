"""Whether what is being handled may still be answered: the last look, just before something is sent.

A process that was frozen for a while, or cut off, goes on in the middle of a handler, when the chat is another's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Fence:
    """Around one attempt at an update; background tasks that it began are free when it is over."""

    def __init__(self, allowed: Callable[[], bool]) -> None:
        self._allowed = allowed
        self.over = False

    @property
    def closed(self) -> bool:
        """Whether nothing may be sent."""
        return not (self.over or self._allowed())


_FENCE: ContextVar[Fence | None] = ContextVar("fence", default=None)


@contextmanager
def fenced(allowed: Callable[[], bool]) -> Iterator[None]:
    """Let the block send for as long as ``allowed``."""
    fence = Fence(allowed)
    token = _FENCE.set(fence)
    try:
        yield
    finally:
        fence.over = True
        _FENCE.reset(token)


def may_send() -> bool:
    """Whether whoever is running may send."""
    fence = _FENCE.get()
    return fence is None or not fence.closed
