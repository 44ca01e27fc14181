"""Who may choose for a chat: in a private one anyone, in a group its admins, as Telegram says, and for a while."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable

from telegram import Bot, Chat, Message
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.handlers.sending import describe

logger = logging.getLogger(__name__)

# Whoever was just made an admin tries again sooner than one who was unmade does harm.
ADMIN_SECONDS, OTHER_SECONDS = 300.0, 30.0
PEOPLE_IN_MEMORY = 1_000
_ADMINS = {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR}


class GroupAdmins:
    """Remembers in memory who is an admin of which group."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[tuple[int, int], tuple[bool, float]] = OrderedDict()

    async def wrote(self, message: Message) -> bool:
        """Whether the sender of a message may choose for its chat."""
        # An anonymous admin writes as the group itself: https://core.telegram.org/bots/api#message (sender_chat).
        if message.sender_chat is not None:
            return message.sender_chat.id == message.chat.id
        who = message.from_user
        return who is not None and await self.is_one(message.get_bot(), message.chat, who.id)

    async def is_one(self, bot: Bot, chat: Chat, user: int) -> bool:
        """Whether a person may choose for a chat.

        Who tapped a button is always told as the person that they are. Telegram may not say of an anonymous admin that
        they are one: those write the command instead.
        """
        if chat.type == ChatType.PRIVATE:
            return True
        now = self._clock()
        known = self._known.get((chat.id, user))
        if known is not None and now < known[1]:
            return known[0]
        try:
            member = await bot.get_chat_member(chat.id, user)
        except TelegramError as error:
            logger.info("cannot ask who is an admin (%s)", describe(error))
            return False
        is_admin = member.status in _ADMINS
        self._known[chat.id, user] = (is_admin, now + (ADMIN_SECONDS if is_admin else OTHER_SECONDS))
        self._known.move_to_end((chat.id, user))
        while len(self._known) > PEOPLE_IN_MEMORY:
            self._known.popitem(last=False)
        return is_admin

    def forget(self, chat: int) -> None:
        """Ask anew about a chat."""
        for key in [key for key in self._known if key[0] == chat]:
            del self._known[key]
