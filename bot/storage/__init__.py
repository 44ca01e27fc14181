"""The one door to the database: every SQL statement is in this package, one store for each concern."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.database_url import Server
from bot.storage.batches import Batches
from bot.storage.broadcasts import BroadcastStore
from bot.storage.chats import ChatStore
from bot.storage.database import Database
from bot.storage.drafts import DraftStore
from bot.storage.feedback import FeedbackStore
from bot.storage.files import FileStore
from bot.storage.inbox import InboxStore
from bot.storage.insight import InsightStore
from bot.storage.queries import QueryStore
from bot.storage.sqlite import SqliteDatabase
from bot.storage.staff import StaffStore
from bot.storage.waiting import WaitingStore

if TYPE_CHECKING:
    from bot.storage.shared import SharedStores


class Storage:
    """An open database and its stores. Whatever fails in one is a ``StorageError``."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._batches = batches = Batches(database)
        self.queries = QueryStore(database, batches)
        self.inbox = InboxStore(database, batches)
        self.chats = ChatStore(database)
        self.feedback = FeedbackStore(database, batches)
        self.waiting = WaitingStore(database)
        self.staff = StaffStore(database)
        self.drafts = DraftStore(database)
        self.broadcasts = BroadcastStore(database)
        self.insight = InsightStore(database)
        # Beside a database file there is a folder for them.
        self.files = None if isinstance(database, SqliteDatabase) else FileStore(database)

    @cached_property
    def shared(self) -> SharedStores | None:
        """What several bots on one server share; a database file is one bot's alone."""
        if isinstance(self.database, SqliteDatabase):
            return None
        # Here and not above, as below.
        from bot.storage.postgresql import PostgresDatabase
        from bot.storage.shared import SharedStores

        assert isinstance(self.database, PostgresDatabase)
        return SharedStores(self.database, self._batches)

    @classmethod
    async def open(cls, place: Path | Server) -> Storage:
        """Open the database of that file or server, made when it is missing, at the newest schema version.

        Raises:
            UnreachableError: the server does not answer now; it may later.
            DamagedError: the file is a database, and damaged.
            StorageError: it cannot be opened, is no database, or a newer version of this program wrote it.
        """
        return cls(await open_database(place))

    async def check(self) -> None:
        """Read from the database, to see that it can be read.

        Raises:
            StorageError: it cannot.
        """
        await self.database.check()

    async def close(self) -> None:
        """Close the database; nothing can be stored after."""
        await self.database.close()


async def open_database(place: Path | Server) -> Database:
    """The database of a file or server; raises as ``Storage.open`` does."""
    if isinstance(place, Path):
        return await SqliteDatabase.open(place)
    # Here and not above: nobody without a server need wait for its library.
    from bot.storage.postgresql import PostgresDatabase

    return await PostgresDatabase.open(place)
