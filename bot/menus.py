"""The command menus that Telegram shows, one per audience."""

from __future__ import annotations

import logging
from collections.abc import Collection

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from index.texts import Texts

logger = logging.getLogger(__name__)

EVERYONE = ("mulai", "tanya", "sumber", "privasi", "tolong")
# Only what is answered there in every client: some send a menu's command without "@ThisBot", and then the others are
# as likely meant for another bot.
GROUPS = ("tanya",)
ADMINS = (*EVERYONE, "reindex")


async def set_menus(bot: Bot, admins: Collection[int], texts: Texts) -> None:
    """Set the menus. A menu that Telegram refuses is logged: the commands work without it."""
    await _set(bot, EVERYONE, BotCommandScopeDefault(), texts, "everyone")
    await _set(bot, GROUPS, BotCommandScopeAllGroupChats(), texts, "groups")
    for number, admin in enumerate(sorted(admins), 1):
        # Fails with "chat not found" until that admin has written to the bot; the next start sets it. A user's id
        # stays out of the log, an admin's too.
        await _set(bot, ADMINS, BotCommandScopeChat(admin), texts, f"admin {number} of {len(admins)}")


async def _set(bot: Bot, names: tuple[str, ...], scope: BotCommandScope, texts: Texts, audience: str) -> None:
    commands = [BotCommand(name, texts(f"commands.menu.{name}")) for name in names]
    try:
        await bot.set_my_commands(commands, scope=scope)
    except TelegramError as error:
        logger.warning("cannot set the command menu for %s: %s", audience, error)
