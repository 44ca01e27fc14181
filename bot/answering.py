"""Question -> answer -> message, the same way for Telegram and the terminal."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from bot.asking import ChatKind
from bot.companion import offers
from bot.conversations import Asked, Conversation
from bot.library import Library
from bot.querylog import LoggedQuestion
from bot.regions import place_of
from bot.rendering import NO_FRAME, Frame, continuation, pages_of, render
from bot.richtext import Reply, clip
from bot.services import Services
from bot.shown import Inquiry
from bot.storage.feedback import Shown
from index.answer import STATUS, Answer, Clarify, Found, Home, NotFound, Related, Smalltalk, Understanding

_FOLLOWED = 60
# So many threads work out answers: they share one interpreter, and more would take it from each other and from whoever
# talks to Telegram; with one, a long question would keep all others waiting.
_READERS = ThreadPoolExecutor(2, thread_name_prefix="archive")


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer ready to be sent, and what the log needs to know of it."""

    question: str
    answer: Answer
    reply: Reply
    milliseconds: int
    inquiry: Inquiry


async def answer(
    services: Services,
    question: str,
    conversation: Conversation,
    message: int | None = None,
    frame: Frame = NO_FRAME,
    region: str | None = None,
) -> Answered:
    """Answer a question.

    ``message`` is its id, by which an edited question is known; ``region`` the code of the region that is preferred.
    """
    library = services.library  # read once: the whole answer comes from one archive, whatever /reindex does meanwhile
    previous = services.conversations.previous(conversation, message)
    started = time.perf_counter()
    inquiry = Inquiry(question, services.today(), previous.whole if previous else None, region)
    found, further = await _look(library, inquiry, brief=frame.brief)
    if previous and not isinstance(found, Smalltalk) and found.understanding.follows:
        # Shown back as it was typed, not as it was completed, and no longer than a line.
        shown = clip(previous.question, _FOLLOWED)
        found = replace(found, understanding=replace(found.understanding, follows=shown))
    reply = _shown(services, library, found, replace(frame, last=pages_of(further)))
    milliseconds = round((time.perf_counter() - started) * 1000)
    # Thanks and fragments leave the conversation where it was.
    if not isinstance(found, Smalltalk | Clarify):
        services.conversations.remember(conversation, Asked(question, _whole(question, found.understanding)), message)
    return Answered(question, found, reply, milliseconds, inquiry)


async def again(services: Services, inquiry: Inquiry, frame: Frame) -> Answered:
    """Answer what was asked before, put otherwise; the conversation stays where it is."""
    library, started = services.library, time.perf_counter()
    found, further = await _look(library, inquiry, brief=frame.brief)
    reply = _shown(services, library, found, replace(frame, last=pages_of(further)))
    milliseconds = round((time.perf_counter() - started) * 1000)
    return Answered(inquiry.question, found, reply, milliseconds, inquiry)


async def page_of(services: Services, shown: Shown, page: int, frame: Frame) -> Reply:
    """A page of an answer shown before, from what the archive holds now; ``page`` is kept in range."""
    library = services.library
    inquiry = Inquiry(shown.question, shown.asked_on, shown.previous, shown.region)
    found, further = await _look(library, inquiry, brief=frame.brief)
    last = pages_of(further)
    frame = replace(frame, answer=shown.id, page=min(page, last), last=last)
    if frame.page and isinstance(found, Found | Related):
        return continuation(found, library.archive.further(found), library, services.texts, services.today(), frame)
    return _shown(services, library, found, frame)


def _shown(services: Services, library: Library, found: Answer, frame: Frame) -> Reply:
    """The message for an answer, with what is offered beneath it."""
    reply = render(found, library, services.texts, services.today(), frame)
    return replace(reply, rows=(*reply.rows, *offers(found, frame.answer, services.texts)))


async def _look(library: Library, inquiry: Inquiry, *, brief: bool) -> tuple[Answer, int]:
    """The answer, and how many snippets continue it."""

    def look() -> tuple[Answer, int]:
        home = place_of(inquiry.region)
        found = library.archive.ask(inquiry.question, inquiry.previous, home, inquiry.asked_on)
        if not isinstance(found, Found | Related):
            return found, 0
        if brief:
            found = replace(found, snippets=found.snippets[:1])
        return found, library.archive.goes_on(found)

    # In a thread: a long question over a large archive must not keep other chats waiting.
    return await asyncio.get_running_loop().run_in_executor(_READERS, look)


def remember(services: Services, answered: Answered, answer_id: str, chat: int, asker: int | None) -> None:
    """Remember what stands above the buttons of an answer, when it has any."""
    found = answered.answer
    if isinstance(found, Found | Related | NotFound):
        services.shown.remember(answer_id, chat, asker, answered.inquiry, STATUS[type(found)])


def record(services: Services, answered: Answered, chat: int | str, kind: ChatKind, *, edited: bool = False) -> None:
    """Write the question down. After the reply, and without waiting: nobody waits for the log."""
    found = answered.answer
    articles = tuple(dict.fromkeys(s.article for s in found.snippets)) if isinstance(found, Found | Related) else ()
    services.metrics.question(STATUS[type(found)], answered.milliseconds / 1000)
    services.log.record(
        LoggedQuestion(chat, kind, answered.question, STATUS[type(found)], articles, answered.milliseconds, edited)
    )


def _whole(question: str, read: Understanding) -> str:
    """A question with what it took over from the one before, so that a third one can build on both."""
    if read.follows is None:
        return question
    # A region that was only preferred is not what was asked for.
    place = None if read.home is Home.PREFERRED else read.place
    return " ".join(part for part in (*read.topic, place, read.time) if part) or question
