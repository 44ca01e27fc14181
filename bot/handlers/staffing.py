"""/peran and /jejak: who looks after the bot, and what they did."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from telegram import Bot, Message, MessageOriginUser, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot import menus, staffboard
from bot.choices import whole
from bot.handlers.context import Context
from bot.handlers.sending import describe, reply_to, send, show_instead
from bot.richtext import Reply, sentence
from bot.services import WIB
from bot.staff import Role
from bot.staffboard import DEEDS_A_PAGE

logger = logging.getLogger(__name__)

MOST_APPOINTED = 30  # what one message can list


async def peran(update: Update, context: Context) -> None:
    """List the roles; with words after it, give or take one."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    assert message.from_user is not None  # and of owners only
    texts = context.services.texts
    if message.chat.type != ChatType.PRIVATE:
        await reply_to(message, sentence(texts("staff.only_private")))
        return
    if not context.arguments:
        await reply_to(message, await _members(context))
        return
    wish = staffboard.appointment(context.arguments)
    person = (wish.person or _meant(message)) if wish else None
    if wish is None or person is None:
        await reply_to(message, sentence(texts("staff.usage")))
    elif wish.role is None:
        await reply_to(message, sentence(await _revoke(context, person, message.from_user.id)))
    else:
        await reply_to(message, sentence(await _grant(context, person, wish.role, message.from_user.id)))


async def jejak(update: Update, context: Context) -> None:
    """The audit trail."""
    message = update.effective_message
    assert message is not None  # the handler takes messages only
    if message.chat.type != ChatType.PRIVATE:
        await reply_to(message, sentence(context.services.texts("staff.only_private")))
        return
    await reply_to(message, await _trail(context, 1))


async def tap(context: Context, message: Message, who: int, arguments: tuple[str, ...]) -> str | None:
    """A role taken away, or the trail's next page."""
    services, texts = context.services, context.services.texts
    action, argument = (*arguments, "", "")[:2]
    number = whole(argument)
    if number is None:
        return texts("chat.button_expired")
    if action == "trail":
        await show_instead(message, await _trail(context, number))
        return None
    if action != "revoke" or who not in services.staff.at_least(Role.OWNER):
        return texts("staff.owners_only")
    told = await _revoke(context, number, who)
    await show_instead(message, await _members(context))
    return told


async def _grant(context: Context, person: int, role: Role, by: int) -> str:
    services, texts = context.services, context.services.texts
    named = texts(f"staff.role.{role.code}")
    if services.staff.role_of(person) is None and len(services.staff.appointed) >= MOST_APPOINTED:
        return texts("staff.too_many", most=MOST_APPOINTED)
    if not await services.staff.grant(person, role, by):
        held = services.staff.role_of(person)
        return texts("staff.has_it", role=texts(f"staff.role.{(held or role).code}"))
    await menus.set_menu(context.bot, person, role, texts)
    try:
        await send(context.bot, person, sentence(texts(f"staff.welcome.{role.code}")))
    except TelegramError as error:
        logger.info("cannot tell somebody of their role (%s)", describe(error))
        return texts("staff.granted_unheard", person=person, role=named)
    return texts("staff.granted", person=person, role=named)


async def _revoke(context: Context, person: int, by: int) -> str:
    services, texts = context.services, context.services.texts
    if person in services.staff.owners:
        return texts("staff.cannot_revoke_owner")
    if not await services.staff.revoke(person, by):
        return texts("staff.has_none", person=person)
    await services.newsroom.desk.clear(person)
    await menus.set_menu(context.bot, person, None, texts)
    try:
        await send(context.bot, person, sentence(texts("staff.goodbye")))
    except TelegramError as error:
        logger.info("cannot tell somebody that their role is gone (%s)", describe(error))
    return texts("staff.revoked", person=person)


def _meant(message: Message) -> int | None:
    """Whose message the command replies to, when they forwarded it and do not hide who they are."""
    replied = message.reply_to_message
    origin = replied.forward_origin if replied is not None else None
    return origin.sender_user.id if isinstance(origin, MessageOriginUser) else None


async def _members(context: Context) -> Reply:
    services, staff = context.services, context.services.staff
    names = await _names(context.bot, [*staff.owners, *(member.person for member in staff.appointed)])
    return staffboard.members(staff.owners, staff.appointed, names, services.texts, WIB)


async def _trail(context: Context, page: int) -> Reply:
    services = context.services
    page = max(1, page)
    deeds, total = await services.staff.deeds(DEEDS_A_PAGE, (page - 1) * DEEDS_A_PAGE)
    names = await _names(context.bot, {deed.who for deed in deeds})
    return staffboard.trail(deeds, total, page, names, services.texts, WIB)


async def _names(bot: Bot, people: Iterable[int]) -> dict[int, str]:
    """What people are called, as far as Telegram tells: names are asked for when they are shown, and never kept."""
    names = {}
    for person in people:
        try:
            names[person] = (await bot.get_chat(person)).effective_name or ""
        except TelegramError as error:
            logger.debug("nobody to name (%s)", describe(error))
    return names
