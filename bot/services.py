"""What every handler may use, built in one place from the settings."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from bot.conversations import Conversations
from bot.errors import StorageError
from bot.library import Library
from bot.privacy import ChatHasher, open_hasher
from bot.querylog import QueryLog
from bot.reindexing import Reindexing
from bot.settings import Settings
from bot.storage import Storage
from index import texts as catalogue
from index.texts import Texts

if TYPE_CHECKING:
    from index.archive import Archive

logger = logging.getLogger(__name__)

# "2 tahun lalu" is reckoned where most readers are: Western Indonesian Time.
WIB = timezone(timedelta(hours=7), "WIB")


@dataclass(slots=True)
class Services:
    """The parts that conversations are made of.

    ``library`` is the one reference to the archive: read it once per question, and replace it in one assignment.
    """

    settings: Settings
    library: Library
    log: QueryLog
    texts: Texts = field(default_factory=catalogue.load)
    conversations: Conversations = field(default_factory=Conversations)
    reindexing: Reindexing = field(init=False)

    def __post_init__(self) -> None:
        self.reindexing = Reindexing(self._build, lambda: self.library, self._install)

    def today(self) -> date:
        """Today's date in Western Indonesia."""
        return datetime.now(UTC).astimezone(WIB).date()

    def _build(self, progress: Callable[[int, int], None]) -> Archive:
        return open_archive(self.settings, progress)

    def _install(self, library: Library) -> None:
        self.library = library


def open_archive(settings: Settings, progress: Callable[[int, int], None] | None = None) -> Archive:
    """The archive of the articles in ``SEEDS_DIR``.

    Raises:
        ArchiveError: the folder cannot be used.
    """
    # Here and not above: `python -m bot --help` need not wait for it.
    from index.archive import Archive

    archive = Archive.open(settings.seeds_dir, cache=settings.data_dir, progress=progress)
    for error in archive.refused:
        logger.warning("article refused: %s", error)
    return archive


async def open_services(settings: Settings, *, without_log: Callable[[StorageError], None] | None = None) -> Services:
    """Everything ready to answer.

    Args:
        settings: the operator's.
        without_log: when given, a database that cannot be opened is told to it and the chat goes on unlogged.

    Raises:
        ArchiveError: the articles cannot be used.
        StorageError: the database or the hash key cannot be used, and ``without_log`` is not given.
    """
    library = Library(open_archive(settings))
    storage: Storage | None = None
    try:
        hasher = open_hasher(settings)
        storage = await Storage.open(settings.database)
    except StorageError as error:
        if without_log is None:
            raise
        without_log(error)
        hasher = ChatHasher(b"nothing is written with this key")
    return Services(settings, library, QueryLog(storage, hasher, settings.retention_days))
