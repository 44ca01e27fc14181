"""The command menus that Telegram shows, one per audience."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.staff import Role
from index.texts import Texts

logger = logging.getLogger(__name__)

EVERYONE = (
    "mulai", "tanya", "cari", "daerah", "cakupan", "langganan", "berhenti", "sumber", "privasi", "hapus_data", "tolong",
)  # fmt: skip
# Only what is answered there in every client: some send a menu's command without "@ThisBot", and then the others are
# as likely meant for another bot.
GROUPS = ("tanya", "cari", "daerah", "cakupan", "langganan", "berhenti", "privasi", "hapus_data", "atur")
VIEWERS = (*EVERYONE, "statistik", "belum_terjawab", "artikel", "jejak")
EDITORS = (*VIEWERS, "tambah", "reindex", "kembalikan")
OWNERS = (*EDITORS, "peran", "siaran")
_BY_ROLE = {Role.VIEWER: VIEWERS, Role.EDITOR: EDITORS, Role.OWNER: OWNERS}


async def set_menus(bot: Bot, roles: Mapping[int, Role], texts: Texts) -> None:
    """Set the menus. A menu that Telegram refuses is logged: the commands work without it."""
    await _set(bot, EVERYONE, BotCommandScopeDefault(), texts, "everyone")
    await _set(bot, GROUPS, BotCommandScopeAllGroupChats(), texts, "groups")
    for number, (person, role) in enumerate(sorted(roles.items()), 1):
        # Fails with "chat not found" until that person has written to the bot; the next start sets it. A user's id
        # stays out of the log, an admin's too.
        scope = BotCommandScopeChat(person)
        await _set(bot, _BY_ROLE[role], scope, texts, f"{role.code} {number} of {len(roles)}")


async def set_menu(bot: Bot, person: int, role: Role | None, texts: Texts) -> None:
    """Set one person's menu after their role has changed; without one it is everybody's again."""
    scope = BotCommandScopeChat(person)
    if role is not None:
        await _set(bot, _BY_ROLE[role], scope, texts, role.code)
        return
    try:
        await bot.delete_my_commands(scope)
    except TelegramError as error:
        logger.warning("cannot take somebody's command menu away: %s", type(error).__name__)


async def _set(bot: Bot, names: tuple[str, ...], scope: BotCommandScope, texts: Texts, audience: str) -> None:
    commands = [BotCommand(name, texts(f"commands.menu.{name}")) for name in names]
    try:
        await bot.set_my_commands(commands, scope=scope)
    except TelegramError as error:
        logger.warning("cannot set the command menu for %s: %s", audience, error)
