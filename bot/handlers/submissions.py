"""What editors send in a private chat, told from what everybody sends."""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import Document, Update
from telegram.constants import ChatType
from telegram.ext import BaseHandler

from bot.handlers.context import BotApplication, Context
from bot.handlers.routing import Callback
from bot.staff import Role
from bot.storage.drafts import Prompt

ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_SHORTEST_ARTICLE = 200  # characters of a pasted text


@dataclass(frozen=True, slots=True)
class Submission:
    """A file, an address or a text; with ``prompt`` it replies to what was asked of its sender."""

    document: Document | None = None
    address: str | None = None
    text: str | None = None
    prompt: Prompt | None = None


class SubmissionHandler(BaseHandler[Update, Context, None]):
    """Takes files, a bare web address, and replies to what was asked: from editors, in their private chat."""

    def __init__(self, application: BotApplication, callback: Callback) -> None:
        super().__init__(callback)
        self._editors = application.services.staff.at_least(Role.EDITOR)
        self._desk = application.services.newsroom.desk

    def check_update(self, update: object) -> Submission | None:
        """The submission when it is one."""
        if not isinstance(update, Update) or (message := update.message) is None:
            return None
        if message.chat.type != ChatType.PRIVATE or message.chat.id not in self._editors:
            return None
        text = (message.text or "").strip()
        replied = message.reply_to_message
        prompt = self._desk.asked(message.chat.id, replied.message_id) if replied else None
        if prompt is not None and not text.startswith("/"):
            return Submission(document=message.document, text=message.text, prompt=prompt)
        if message.document is not None:
            return Submission(document=message.document)
        return Submission(address=text) if ADDRESS.fullmatch(text) else None

    def collect_additional_context(
        self, context: Context, update: Update, application: object, check_result: object
    ) -> None:
        """Hand the submission to the callback."""
        assert isinstance(check_result, Submission)
        context.submission = check_result


def submission_of(text: str) -> Submission | None:
    """A pasted article, or the first address in a shorter text."""
    if len(text) >= _SHORTEST_ARTICLE:
        return Submission(text=text)
    address = ADDRESS.search(text)
    return Submission(address=address[0]) if address else None
