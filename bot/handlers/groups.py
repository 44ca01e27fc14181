"""The bot as a member: /atur, joining, leaving, being thrown out, and a group that becomes a supergroup."""

from __future__ import annotations

import logging
from dataclasses import replace

from telegram import ChatMember, ChatMemberRestricted, Message, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot import groupboard, regions
from bot.asking import ChatKind
from bot.handlers.context import Context
from bot.handlers.routing import chat_kind
from bot.handlers.sending import describe, reply_to, send, show_instead
from bot.richtext import sentence
from bot.services import Services
from bot.storage.chats import ChatSettings

logger = logging.getLogger(__name__)

_INSIDE = {ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR}
_LEAVE = "keluar"


async def atur(update: Update, context: Context) -> None:
    """The group's choices; with words after it, one of them is made."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    services, words = context.services, context.arguments
    if chat_kind(message) is ChatKind.PRIVATE:
        await reply_to(message, sentence(services.texts("group.private")))
        return
    if not await context.admins.wrote(message):
        await reply_to(message, sentence(services.texts("board.group_admin_only")))
        return
    settings = await services.chats.of(message.chat.id)
    if words.lower() == _LEAVE:
        await _leave(context, message)
        return
    if words:
        chosen = groupboard.typed(settings, words)
        if chosen is None:
            hint = services.texts("group.typed")
            await reply_to(message, sentence(f"{services.texts('group.not_understood')}\n\n{hint}"))
            return
        if not isinstance(chosen, ChatSettings):
            await reply_to(message, regions.which(words.split(maxsplit=1)[1], chosen, services.texts))
            return
        await services.chats.save(message.chat.id, chosen)
        settings = chosen
    await reply_to(message, groupboard.board(settings, services.texts))


async def turn(context: Context, message: Message, _: int, arguments: tuple[str, ...]) -> str | None:
    """The board, or the question whether to leave."""
    texts = context.services.texts
    if chat_kind(message) is ChatKind.PRIVATE:
        return texts("group.private")  # no button of ours
    if arguments == ("leave",):
        await show_instead(message, groupboard.leaving(texts))
    else:
        await show_instead(message, groupboard.board(await context.services.chats.of(message.chat.id), texts))
    return None


async def choose(context: Context, message: Message, _: int, arguments: tuple[str, ...]) -> str | None:
    """One choice made by a tap."""
    services = context.services
    if chat_kind(message) is ChatKind.PRIVATE:
        return services.texts("group.private")  # no button of ours
    field, value = (*arguments, "", regions.NONE)[:2]
    if field == "leave":
        await _leave(context, message)
        return None
    settings = groupboard.changed(await services.chats.of(message.chat.id), field, value)
    if settings is None:
        return services.texts("chat.button_expired")
    await services.chats.save(message.chat.id, settings)
    await show_instead(message, groupboard.board(settings, services.texts))
    return None


async def membership(update: Update, context: Context) -> None:
    """Greet once in a group; send nothing more where the bot is no longer wanted."""
    change = update.my_chat_member
    assert change is not None  # the handler takes these only
    chat = change.chat
    if _is_inside(change.new_chat_member):
        if chat.type in {ChatType.GROUP, ChatType.SUPERGROUP} and not _is_inside(change.old_chat_member):
            await _greet(context, chat.id)
    else:
        await _forget_sending(context.services, chat.id)
        context.admins.forget(chat.id)


async def migrated(update: Update, context: Context) -> None:
    """A group has become a supergroup, and with it got another number."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    if message.migrate_to_chat_id is not None:
        await move(context.services, message.chat.id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id is not None:
        await move(context.services, message.migrate_from_chat_id, message.chat.id)


async def move(services: Services, old: int, new: int) -> None:
    """Give all that is kept of a chat to the one that it became, so that /hapus_data finds it; twice changes nothing.

    Raises:
        StorageError: the database fails.
    """
    if services.storage is None:
        return
    before, after = services.log.hasher(old), services.log.hasher(new)
    await services.storage.chats.move(before, after, new)
    await services.storage.waiting.move(before, after, new)
    await services.storage.feedback.move(before, after)
    await services.log.written()  # what is on its way still has the old code
    await services.storage.queries.move(before, after)
    services.chats.drop(old)
    services.chats.drop(new)


def _is_inside(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status in _INSIDE


async def _greet(context: Context, chat: int) -> None:
    services = context.services
    settings = await services.chats.of(chat)
    if settings.greeted:
        return
    # Kept first: better no greeting than two.
    await services.chats.save(chat, replace(settings, greeted=True))
    await send(context.bot, chat, sentence(services.texts("group.greeting")))


async def _leave(context: Context, message: Message) -> None:
    await _forget_sending(context.services, message.chat.id)
    try:
        await reply_to(message, sentence(context.services.texts("group.goodbye")))
    except TelegramError as error:
        logger.info("cannot say goodbye (%s)", describe(error))
    await context.bot.leave_chat(message.chat.id)


async def _forget_sending(services: Services, chat: int) -> None:
    if services.storage is not None:
        code = services.log.hasher(chat)
        await services.storage.chats.stop_digest(code)
        await services.storage.waiting.delete_chat(code)
        await services.storage.database.scrub()
