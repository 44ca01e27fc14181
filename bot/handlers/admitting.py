"""Which updates are let in, and what those who ask for too much are told: ``bot.limits`` decides, here it is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from telegram import Message, Update
from telegram.constants import ChatType

from bot.handlers import delivery
from bot.handlers.context import BotApplication
from bot.handlers.sending import reply_to
from bot.hours import is_within
from bot.inbox import Entry, Inbox
from bot.limits import LATE_SECONDS, Kind, Limits, Verdict
from bot.richtext import sentence

_SENTENCES = {
    Verdict.TOO_FAST: "limits.too_fast",
    Verdict.GROUP_TOO_FAST: "limits.group_too_fast",
    Verdict.BUSY: "limits.busy",
}


class Gate:
    """Decides of each update when it arrives, once ``inbox``, whose queue it looks at, is there."""

    inbox: Inbox

    def __init__(self, application: BotApplication, limits: Limits) -> None:
        self._application = application
        self._limits = limits

    def __call__(self, raw: dict[str, Any]) -> Entry | None:
        """How to let an update in; ``None`` for what is nobody's business, or more than one may ask for."""
        self._application.services.metrics.update_received()
        return self.again(raw)

    def again(self, raw: dict[str, Any]) -> Entry | None:
        """As a call, for an update that another replica took in."""
        update = Update.de_json(raw, self._application.bot)
        entry = self._entry(update)
        # Made once, as that takes long.
        return replace(entry, ready=lambda: delivery.deliver(self._application, update)) if entry else None

    def _entry(self, update: Update) -> Entry | None:
        application = self._application
        if not delivery.concerns(application, update):
            return None
        kind = _kind(update)
        # Nobody waits for a list that belongs to what was typed before a restart.
        kept = kind is not Kind.KEYSTROKE
        asker = None if kind is None else _asker(update)
        if kind is None or asker is None or self._is_exempt(update):
            return Entry(kept=kept)
        chat = update.effective_chat
        group = chat.id if chat is not None and chat.type != ChatType.PRIVATE else None
        verdict = self._limits.decide(kind, asker, group, delay=self.inbox.delay, queued=self.inbox.queued)
        if verdict is Verdict.ADMITTED:
            return Entry(kept=kept)
        application.services.metrics.refused(verdict.name.lower())
        if kind is Kind.TAP:
            # Answered each time, or the button would spin until it times out; but not worth a place on the disk.
            return Entry(kept=False, refused=verdict)
        return None if verdict is Verdict.IGNORED else Entry(refused=verdict)

    def _is_exempt(self, update: Update) -> bool:
        """Whether it comes from who looks after the bot, or was written long ago: that was no hurry of its sender's."""
        services, user, message = self._application.services, update.effective_user, update.effective_message
        if user is not None and services.staff.role_of(user.id) is not None:
            return True
        if update.callback_query is not None or not isinstance(message, Message):
            return False  # a tap's message is the bot's own, and a tap has no date
        return services.now() - (message.edit_date or message.date) > timedelta(seconds=LATE_SECONDS)


async def refuse(application: BotApplication, raw: dict[str, Any], verdict: Verdict) -> None:
    """Tell why something is not answered.

    Raises:
        TryLaterError: Telegram cannot be reached, or is too busy to take the reply.
        Exception: the update is of an unknown shape.
    """
    update = Update.de_json(raw, application.bot)
    texts = application.services.texts
    with delivery.understood():
        if update.callback_query is not None:
            told = texts(_SENTENCES[verdict]) if verdict in _SENTENCES else None
            await update.callback_query.answer(told, show_alert=told is not None)
        elif (message := update.effective_message) is not None and await _may_speak(application, message):
            await reply_to(message, sentence(texts(_SENTENCES[verdict])), silent=message.chat.type != ChatType.PRIVATE)


async def _may_speak(application: BotApplication, message: Message) -> bool:
    """Whether the chat would have got an answer: some groups want none to mentions, or none at this hour."""
    settings = await application.services.chats.of(message.chat.id)
    quiet = is_within(settings.quiet, settings.zone, application.services.now())
    return message.chat.type == ChatType.PRIVATE or (settings.mentions and not quiet)


def _kind(update: Update) -> Kind | None:
    """What it takes out of a bucket; nothing for what Telegram itself tells."""
    if update.inline_query is not None:
        return Kind.KEYSTROKE
    if update.callback_query is not None:
        return Kind.TAP
    message = update.message or update.edited_message
    asks = message is not None and (message.text or message.caption or message.effective_attachment)
    return Kind.QUESTION if asks else None


def _asker(update: Update) -> int | None:
    """Who asks. All anonymous admins share one user's id: they are the group or channel as which they write."""
    message = update.message or update.edited_message
    if message is not None and message.sender_chat is not None:
        return message.sender_chat.id
    return update.effective_user.id if update.effective_user is not None else None
