"""The one door to the database: every SQL statement is in this package, one store for each concern."""

from __future__ import annotations

from pathlib import Path

from bot.storage.broadcasts import BroadcastStore
from bot.storage.chats import ChatStore
from bot.storage.database import Database
from bot.storage.drafts import DraftStore
from bot.storage.feedback import FeedbackStore
from bot.storage.inbox import InboxStore
from bot.storage.insight import InsightStore
from bot.storage.queries import QueryStore
from bot.storage.staff import StaffStore
from bot.storage.waiting import WaitingStore


class Storage:
    """An open database and its stores. Whatever fails in one is a ``StorageError``."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.queries = QueryStore(database)
        self.inbox = InboxStore(database)
        self.chats = ChatStore(database)
        self.feedback = FeedbackStore(database)
        self.waiting = WaitingStore(database)
        self.staff = StaffStore(database)
        self.drafts = DraftStore(database)
        self.broadcasts = BroadcastStore(database)
        self.insight = InsightStore(database)

    @classmethod
    async def open(cls, path: Path) -> Storage:
        """Open or create the database at ``path`` and bring it to the newest schema version.

        Raises:
            StorageError: it cannot be opened, is no database, or a newer version of this program wrote it.
        """
        return cls(await Database.open(path))

    async def check(self) -> None:
        """Read from the file, to see that it can be read.

        Raises:
            StorageError: it cannot.
        """
        await self.database.read_one("PRAGMA schema_version")

    async def close(self) -> None:
        """Close the database; nothing can be stored after."""
        await self.database.close()
