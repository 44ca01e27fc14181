"""What was just asked where, so that "kalau di Pacitan?" can be understood; kept in memory only, and briefly."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

REMEMBERED_SECONDS = 15 * 60
REMEMBERED_CONVERSATIONS = 10_000


@dataclass(frozen=True, slots=True)
class Conversation:
    """Who a question can follow up on: in a group each asker in each topic has a conversation of their own."""

    chat: int | str
    thread: int | None = None
    asker: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as typed, and as it reads with what it took over from the ones before it."""

    question: str
    whole: str


@dataclass(frozen=True, slots=True)
class _Turn:
    asked: Asked
    before: Asked | None  # what this question could follow up on
    message: int | None
    at: float


class Conversations:
    """The last question of each conversation, for 15 minutes, of the 10,000 most recent."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turns: OrderedDict[Conversation, _Turn] = OrderedDict()

    def previous(self, conversation: Conversation, message: int | None = None) -> Asked | None:
        """What ``message`` could follow up on; an edited message does not follow up on itself."""
        self.forget()
        turn = self._turns.get(conversation)
        if turn is None:
            return None
        if message is not None and turn.message is not None and message <= turn.message:
            # The last question itself, edited; what came before an older one is no longer known.
            return turn.before if message == turn.message else None
        return turn.asked

    def remember(self, conversation: Conversation, asked: Asked, message: int | None = None) -> None:
        """Make this the conversation's last question; an edit of an older message changes nothing."""
        turn = self._turns.get(conversation)
        if turn and message is not None and turn.message is not None and message < turn.message:
            return
        before = self.previous(conversation, message)
        self._turns[conversation] = _Turn(asked, before, message, self._clock())
        self._turns.move_to_end(conversation)
        while len(self._turns) > REMEMBERED_CONVERSATIONS:
            self._turns.popitem(last=False)

    def forget_chat(self, chat: int | str) -> int:
        """Drop all of a chat's conversations; returns how many there were."""
        self.forget()
        gone = [conversation for conversation in self._turns if conversation.chat == chat]
        for conversation in gone:
            del self._turns[conversation]
        return len(gone)

    def forget_all(self) -> None:
        """Drop everything: others may have been asked since."""
        self._turns.clear()

    def forget(self) -> None:
        """Drop what is past its time, as /privasi promises; also to be called while nobody asks anything."""
        while self._turns and self._clock() - next(iter(self._turns.values())).at > REMEMBERED_SECONDS:
            self._turns.popitem(last=False)
