"""/hapus_data: everything that is tied to a chat goes, at once; what went is counted."""

from __future__ import annotations

from dataclasses import dataclass

from bot.choices import Verb, encode
from bot.richtext import Button, Reply, paragraph, sentence
from bot.services import Services
from index.texts import Texts

YES, NO = "ya", "batal"


@dataclass(frozen=True, slots=True)
class Erased:
    """How much of each kind was deleted."""

    questions: int
    links: int  # which message answered which
    answers: int  # shown with buttons, with what was said of them
    waits: int
    topics: int
    settings: int
    conversations: int
    drafts: int  # of articles and broadcasts not yet approved


async def erase(services: Services, chat: int) -> Erased:
    """Delete everything of a chat.

    Raises:
        StorageError: the database fails; what was not deleted is still there, and deleting again finishes it.
    """
    conversations = services.conversations.forget_chat(chat)
    services.chats.drop(chat)
    questions, links = await services.log.forget_chat(chat)
    answers = waits = topics = settings = drafts = 0
    if services.storage is not None:
        storage, code = services.storage, services.log.hasher(chat)
        answers = await storage.feedback.delete_chat(code)
        waits = await storage.waiting.delete_chat(code)
        topics = await storage.chats.stop_digest(code)
        settings = await storage.chats.forget_settings(code)
        # A private chat has its person's number.
        drafts = await services.newsroom.desk.clear(chat) + await storage.broadcasts.delete_unconfirmed(chat)
        await storage.database.scrub()
    services.chats.drop(chat)  # whatever was read meanwhile
    return Erased(questions, links, answers, waits, topics, settings, conversations, drafts)


def confirmation(texts: Texts, *, group: bool) -> Reply:
    """Asks before deleting."""
    yes = Button(texts("erase.yes"), encode(Verb.ERASE, YES))
    no = Button(texts("erase.no"), encode(Verb.ERASE, NO))
    return Reply(sentence(texts("erase.sure_group" if group else "erase.sure")).blocks, ((yes,), (no,)))


def report(erased: Erased, texts: Texts) -> Reply | None:
    """What went, with counts; ``None`` when nothing was there."""
    counts = {
        "erase.questions": erased.questions,
        "erase.links": erased.links,
        "erase.answers": erased.answers,
        "erase.waits": erased.waits,
        "erase.topics": erased.topics,
        "erase.settings": erased.settings,
        "erase.conversations": erased.conversations,
        "erase.drafts": erased.drafts,
    }
    lines = [paragraph(texts(key, count=count), spaced=False) for key, count in counts.items() if count]
    if not lines:
        return None
    return Reply((paragraph(texts("erase.done"), bold=True), *lines, paragraph(texts("erase.after"))))
