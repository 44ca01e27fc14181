"""Questions, new and edited, and everything that is addressed to the bot without being one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from telegram import Message, Update

from bot import answering, checking
from bot.asking import ChatKind, Check, Empty, Question
from bot.conversations import Conversation
from bot.deeplinks import Links
from bot.handlers.context import Context
from bot.handlers.routing import chat_kind
from bot.handlers.sending import edit, reply_to, thread_of, while_typing
from bot.hours import is_within
from bot.privacy import discloses
from bot.rendering import Frame
from bot.richtext import sentence


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a group wants to be answered: whether at all, and with a sound."""

    answers: bool
    silent: bool


async def question(update: Update, context: Context) -> None:
    """Answer a question; an edited one by editing its answer."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    manner = await _manner(context, message)
    if manner.answers:
        edited = update.edited_message is not None
        await answer(context, message, context.question, edited=edited, silent=manner.silent)


async def answer(
    context: Context,
    message: Message,
    text: str,
    *,
    edited: bool = False,
    asker: int | None = None,
    silent: bool = False,
) -> None:
    """Answer ``text`` under ``message``, ``silent`` without a sound.

    ``asker`` when someone else than its sender asks: who tapped its button.
    """
    services = context.services
    tapped = asker is not None
    if asker is None and message.from_user is not None:
        asker = message.from_user.id
    kind = chat_kind(message)
    conversation = Conversation(message.chat.id, thread_of(message), asker if kind is ChatKind.GROUP else None)
    # A tapped question has no message of its own to be edited by.
    own_message = None if tapped else message.message_id
    answer_id = services.shown.new_id()
    around = replace(await frame(context, message), answer=answer_id)
    region = (await services.chats.of(message.chat.id)).region
    answered = await while_typing(message, answering.answer(services, text, conversation, own_message, around, region))
    # Remembered before it is shown, or its buttons could be tapped too early. Who asks as a group or channel cannot be
    # told from the others there.
    anonymous = not tapped and message.sender_chat is not None
    answering.remember(services, answered, answer_id, message.chat.id, None if anonymous else asker)
    old = await services.log.answer_to(message.chat.id, message.message_id) if edited else None
    if old is None or not await edit(context.bot, message.chat.id, old, answered.reply):
        sent = await reply_to(message, answered.reply, silent=silent)
        if not tapped:
            services.log.remember_answer(message.chat.id, message.message_id, sent.message_id)
    answering.record(services, answered, message.chat.id, kind, edited=edited)
    if not tapped:
        await _warn_of_numbers(context, message, text, silent=silent)


async def check(update: Update, context: Context) -> None:
    """Hold a message that was passed on against the archive. It is somebody else's words: nothing of it is stored."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    assert isinstance(context.request, Check)  # and nothing else
    manner = await _manner(context, message)
    if not manner.answers:
        return
    work = checking.check(context.services, context.request.text, await frame(context, message))
    await reply_to(message, await while_typing(message, work), silent=manner.silent)
    await _warn_of_numbers(context, message, message.text or message.caption or "", silent=manner.silent)


async def _manner(context: Context, message: Message) -> _Manner:
    """What the group's admins have chosen, for this message; a private chat is always answered."""
    services, asked = context.services, context.request
    settings = await services.chats.of(message.chat.id)
    quiet = is_within(settings.quiet, settings.zone, services.now())
    assert isinstance(asked, Question | Check | Empty)  # the handlers take nothing else
    return _Manner(asked.by_command or (settings.mentions and not quiet), silent=quiet)


async def _warn_of_numbers(context: Context, message: Message, text: str, *, silent: bool) -> None:
    """Tell who wrote somebody's number or code to delete it."""
    if discloses(text):
        await reply_to(message, sentence(context.services.texts("check.own_number")), silent=silent)


async def frame(context: Context, message: Message) -> Frame:
    """What surrounds an answer in the chat of ``message``."""
    links, settings = Links(context.bot.username), await context.services.chats.of(message.chat.id)
    group = chat_kind(message) is ChatKind.GROUP
    return Frame(links, private_chat=group, brief=group and settings.brief)


async def empty(update: Update, context: Context) -> None:
    """Say how to ask."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    manner = await _manner(context, message)
    if manner.answers:
        await reply_to(message, sentence(context.services.texts("chat.how_to_ask")), silent=manner.silent)


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
