"""Questions, new and edited, and everything that is addressed to the bot without being one."""

from __future__ import annotations

from telegram import Message, Update

from bot import answering
from bot.asking import ChatKind
from bot.conversations import Conversation
from bot.handlers.context import Context
from bot.handlers.routing import chat_kind
from bot.handlers.sending import edit, reply_to, thread_of, while_typing
from bot.richtext import sentence


async def question(update: Update, context: Context) -> None:
    """Answer a question; an edited one by editing its answer."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    await answer(context, message, context.question, edited=update.edited_message is not None)


async def answer(
    context: Context, message: Message, text: str, *, edited: bool = False, asker: int | None = None
) -> None:
    """Answer ``text`` under ``message``. ``asker`` when someone else than its sender asks: who tapped its button."""
    services = context.services
    tapped = asker is not None
    if asker is None and message.from_user is not None:
        asker = message.from_user.id
    kind = chat_kind(message)
    conversation = Conversation(message.chat.id, thread_of(message), asker if kind is ChatKind.GROUP else None)
    # A tapped question has no message of its own to be edited by.
    own_message = None if tapped else message.message_id
    answered = await while_typing(message, answering.answer(services, text, conversation, own_message))
    old = await services.log.answer_to(message.chat.id, message.message_id) if edited else None
    if old is None or not await edit(context.bot, message.chat.id, old, answered.reply):
        sent = await reply_to(message, answered.reply)
        if not tapped:
            services.log.remember_answer(message.chat.id, message.message_id, sent.message_id)
    answering.record(services, answered, message.chat.id, kind, edited=edited)


async def empty(update: Update, context: Context) -> None:
    """Say how to ask."""
    await _say(update, context, "chat.how_to_ask")


async def not_text(update: Update, context: Context) -> None:
    """Say that only text can be read."""
    await _say(update, context, "chat.only_text")


async def unknown_command(update: Update, context: Context) -> None:
    """In a private chat, say that there is no such command; in a group it may be anyone's."""
    message = update.effective_message
    if message is not None and chat_kind(message) is ChatKind.PRIVATE:
        await _say(update, context, "chat.unknown_command")


async def _say(update: Update, context: Context, key: str) -> None:
    message = update.effective_message
    assert message is not None  # the handlers take messages only
    await reply_to(message, sentence(context.services.texts(key)))
