"""Question -> answer -> message, the same way for Telegram and the terminal."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace

from bot.asking import ChatKind
from bot.conversations import Asked, Conversation
from bot.querylog import LoggedQuestion
from bot.rendering import render
from bot.richtext import Reply, clip
from bot.services import Services
from index.answer import STATUS, Answer, Clarify, Found, Related, Smalltalk, Understanding

_FOLLOWED = 60


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer ready to be sent, and what the log needs to know of it."""

    question: str
    answer: Answer
    reply: Reply
    milliseconds: int


async def answer(services: Services, question: str, conversation: Conversation, message: int | None = None) -> Answered:
    """Answer a question; ``message`` is its id, by which an edited question is known."""
    library = services.library  # read once: the whole answer comes from one archive, whatever /reindex does meanwhile
    today = services.today()
    previous = services.conversations.previous(conversation, message)
    started = time.perf_counter()
    # In a thread: a long question over a large archive must not keep other chats waiting.
    found = await asyncio.to_thread(library.archive.ask, question, previous.whole if previous else None)
    if previous and not isinstance(found, Smalltalk) and found.understanding.follows:
        # Shown back as it was typed, not as it was completed, and no longer than a line.
        shown = clip(previous.question, _FOLLOWED)
        found = replace(found, understanding=replace(found.understanding, follows=shown))
    reply = render(found, library, services.texts, today)
    milliseconds = round((time.perf_counter() - started) * 1000)
    # Thanks and fragments leave the conversation where it was.
    if not isinstance(found, Smalltalk | Clarify):
        services.conversations.remember(conversation, Asked(question, _whole(question, found.understanding)), message)
    return Answered(question, found, reply, milliseconds)


def record(services: Services, answered: Answered, chat: int | str, kind: ChatKind, *, edited: bool = False) -> None:
    """Write the question down. After the reply, and without waiting: nobody waits for the log."""
    found = answered.answer
    articles = tuple(dict.fromkeys(s.article for s in found.snippets)) if isinstance(found, Found | Related) else ()
    services.log.record(
        LoggedQuestion(chat, kind, answered.question, STATUS[type(found)], articles, answered.milliseconds, edited)
    )


def _whole(question: str, read: Understanding) -> str:
    """A question with what it took over from the one before, so that a third one can build on both."""
    if read.follows is None:
        return question
    return " ".join(part for part in (*read.topic, read.place, read.time) if part) or question
