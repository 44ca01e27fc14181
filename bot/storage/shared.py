"""What replicas share beside the stores that every bot has: a PostgreSQL server's only."""

from __future__ import annotations

from collections.abc import Sequence

from bot.storage.archives import ArchiveStore
from bot.storage.batches import Batches
from bot.storage.leases import LeaseStore
from bot.storage.line import Line
from bot.storage.postgresql import PostgresDatabase
from bot.storage.shared_inbox import SharedInboxStore


class SharedStores:
    """The stores, and lines to hear on."""

    def __init__(self, database: PostgresDatabase, batches: Batches) -> None:
        self._database = database
        self.inbox = SharedInboxStore(database, batches)
        self.leases = LeaseStore(database)
        self.archives = ArchiveStore(database)

    def line(self, channels: Sequence[str]) -> Line:
        """A connection of its own that listens; whoever gets it closes it."""
        return Line(self._database.connections, channels)
