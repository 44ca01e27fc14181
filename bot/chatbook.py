"""Each chat's choices, remembered between messages: one look into the database per chat, and none that can fail one."""

from __future__ import annotations

import logging
from collections import OrderedDict

from bot.errors import StorageError
from bot.privacy import ChatHasher
from bot.storage.chats import ChatSettings, ChatStore

logger = logging.getLogger(__name__)

CHATS_IN_MEMORY = 10_000


class ChatBook:
    """Reads and changes what chats have chosen. ``store`` is ``None`` where there is no database: nothing is chosen."""

    def __init__(self, store: ChatStore | None, hasher: ChatHasher) -> None:
        self._store = store
        self._hasher = hasher
        self._known: OrderedDict[str, ChatSettings] = OrderedDict()
        self._forgotten = 0

    async def of(self, chat: int | str) -> ChatSettings:
        """A chat's choices; those of one that never chose while the database fails, so that it is answered still."""
        chat_hash = self._hasher(chat)
        known = self._known.get(chat_hash)
        if known is not None or self._store is None:
            return known or ChatSettings()
        forgotten = self._forgotten
        try:
            settings = await self._store.settings(chat_hash)
        except StorageError as error:
            logger.error("chat settings cannot be read (%s)", error)
            return ChatSettings()
        # What was read before another replica's change was heard of may be what was there before it.
        return self._remember(chat_hash, settings) if forgotten == self._forgotten else settings

    async def save(self, chat: int | str, settings: ChatSettings) -> None:
        """Keep a chat's choices.

        Raises:
            StorageError: they cannot be kept; the old ones hold.
        """
        if self._store is None:
            raise StorageError("there is no database to keep a choice in")
        chat_hash = self._hasher(chat)
        await self._store.save(chat_hash, settings)
        self._remember(chat_hash, settings)

    def drop(self, chat: int | str) -> None:
        """Read this chat's choices anew next time."""
        self._known.pop(self._hasher(chat), None)

    async def forget(self) -> None:
        """Read every chat's choices anew: another replica may have changed some."""
        self._forgotten += 1
        self._known.clear()

    def _remember(self, chat_hash: str, settings: ChatSettings) -> ChatSettings:
        self._known[chat_hash] = settings
        self._known.move_to_end(chat_hash)
        while len(self._known) > CHATS_IN_MEMORY:
            self._known.popitem(last=False)
        return settings
