"""What every handler may use, built in one place from the settings."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.chatbook import ChatBook
from bot.companion import WAITED_FOR
from bot.conversations import Conversations
from bot.coverage import Surveys
from bot.coveragepicture import CoveragePictures
from bot.errors import StorageError
from bot.golden import read_golden
from bot.holdings import WORDS
from bot.hours import ZONES
from bot.intake.errors import CannotWriteError
from bot.intake.publishing import Publish, unpublished
from bot.intake.shelf import Shelf
from bot.library import Library
from bot.metrics import Metrics
from bot.mirror import Mirror
from bot.newsroom import Newsroom
from bot.opening import open_kept
from bot.querylog import QueryLog
from bot.readings import Readings
from bot.reindexing import Ending, Outcome, Reindexing
from bot.settings import Settings
from bot.shown import ShownAnswers
from bot.staff import Staff
from bot.storage import Storage
from bot.storage.broadcasts import UNCONFIRMED_KEPT
from bot.storage.staff import Rebuild
from index import texts as catalogue
from index.texts import Texts

if TYPE_CHECKING:
    from index.archive import Archive
    from index.evaluation import Case

logger = logging.getLogger(__name__)

# "2 tahun lalu" is reckoned where most readers are: Western Indonesian Time.
WIB = ZONES["WIB"]


@dataclass(slots=True)
class Services:
    """The parts that conversations are made of.

    ``library`` is the one reference to the archive: read it once per question, and replace it in one assignment.
    """

    settings: Settings
    library: Library
    log: QueryLog
    # ``None``: the database could not be opened, and the terminal chat goes on without it.
    storage: Storage | None = None
    # Where a database that was found damaged at the start is kept now.
    damaged: Path | None = None
    # The files that a server keeps for all of its bots; ``None`` beside a database file.
    mirror: Mirror | None = None
    texts: Texts = field(init=False)
    conversations: Conversations = field(default_factory=Conversations)
    readings: Readings = field(default_factory=Readings)
    metrics: Metrics = field(default_factory=Metrics)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    shown: ShownAnswers = field(init=False)
    chats: ChatBook = field(init=False)
    surveys: Surveys = field(init=False)
    pictures: CoveragePictures = field(default_factory=CoveragePictures)
    reindexing: Reindexing = field(init=False)
    staff: Staff = field(init=False)
    newsroom: Newsroom = field(init=False)

    def __post_init__(self) -> None:
        self.texts = catalogue.load(self.settings.bot_language)
        feedback = self.storage.feedback if self.storage else None
        self.shown = ShownAnswers(feedback, self.log, self.settings.retention_days)
        self.chats = ChatBook(self.storage.chats if self.storage else None, self.log.hasher)
        self.surveys = Surveys(self.settings.seeds_dir / "words", self.settings.words_dir)
        self.reindexing = Reindexing(self._build, lambda: self.library, self._install, self._golden, self._note_rebuild)
        self.staff = Staff(self.settings.admin_ids, self.storage.staff if self.storage else None, self._clock)
        drafts = self.storage.drafts if self.storage else None
        self.newsroom = Newsroom(self.settings, self.staff, drafts, self._clock, self.mirror)
        self.metrics.watch_archive(lambda: self.library, self.today)
        self.metrics.watch_log(lambda: self.log.failures)

    async def catch_up(self) -> bool:
        """Take over the articles and word lists that other bots changed; whether there were any.

        Raises:
            StorageError: the server does not answer.
        """
        return await self.mirror.refresh() if self.mirror else False

    @property
    def publish_words(self) -> Publish:
        """What comes before a change of the word lists in ``DATA_DIR``."""
        return self.mirror.publisher(WORDS) if self.mirror else unpublished

    async def purge(self) -> None:
        """Delete what is past the time that /privasi names."""
        await self.shown.purge()
        if self.storage is not None:
            past = self.now() - timedelta(days=self.settings.retention_days)
            await self.log.guarded(self.storage.insight.purge(past))
            await self.log.guarded(self.storage.waiting.purge(self.now() - WAITED_FOR))
            await self.log.guarded(self.storage.broadcasts.purge(self.now() - UNCONFIRMED_KEPT))
            await self.log.guarded(self.newsroom.desk.purge())
            await self.log.guarded(self.staff.purge())
        await self.log.purge()  # last: it also takes what was deleted out of the write-ahead log

    async def close(self) -> None:
        """Write what is still to be written, and close the database."""
        await self.log.close()
        if self.storage is not None:
            await self.storage.close()

    def today(self) -> date:
        """Today's date in Western Indonesia."""
        return self.now().astimezone(WIB).date()

    def build_archive(self) -> Archive:
        """An archive of the articles as they are now; takes its time."""
        return open_archive(self.settings)

    def _build(self, progress: Callable[[int, int], None]) -> Archive:
        return open_archive(self.settings, progress)

    def _install(self, library: Library) -> None:
        self.library = library

    def _clock(self) -> datetime:
        return self.now()  # read at each call: tests set the clock

    async def _golden(self) -> list[Case]:
        chosen = await self.storage.staff.golden() if self.storage else []
        return await asyncio.to_thread(read_golden, self.settings, chosen)

    async def _note_rebuild(self, who: int, ending: Ending, outcome: Outcome | None) -> None:
        if self.storage is None:
            return
        rebuild = Rebuild(self.now(), who, ending)
        if outcome is not None:
            changes, verdict = outcome.changes, outcome.verdict
            numbers = (len(changes.added), len(changes.changed), len(changes.removed))
            rebuild = Rebuild(self.now(), who, ending, outcome.articles, *numbers, verdict.asked, len(verdict.lost))
        try:
            await self.storage.staff.add_rebuild(rebuild)
        except StorageError as error:
            logger.error("the history of rebuilds lacks one (%s)", error)


def open_archive(settings: Settings, progress: Callable[[int, int], None] | None = None) -> Archive:
    """The archive of the articles in ``SEEDS_DIR``, and of those that admins added.

    Raises:
        ArchiveError: the folder cannot be used.
        StorageError: the archive is to be read from a server, which cannot be used.
    """
    # Here and not above: `python -m bot --help` need not wait for it.
    from bot.apart import apart
    from index.archive import Archive

    archive = Archive.open(
        settings.seeds_dir,
        added=settings.articles_dir,
        words=settings.words_dir,
        cache=settings.data_dir,
        progress=progress,
    )
    for error in archive.refused:
        logger.warning("article refused: %s", error)
    return apart(settings, archive) if settings.archive_in == "database" else archive


async def open_services(settings: Settings, *, without_log: Callable[[StorageError], None] | None = None) -> Services:
    """Everything ready to answer.

    Args:
        settings: the operator's.
        without_log: when given, a database that cannot be opened is told to it and the chat goes on unlogged.

    Raises:
        ArchiveError: the articles cannot be used.
        StorageError: the database or the hash key cannot be used, and ``without_log`` is not given.
    """
    if without_log is None:
        # Not for a terminal chat beside the running bot, which may be in the middle of a change.
        _recover(settings)
    with contextlib.suppress(OSError):  # who writes there says what is wrong
        # Before anything else makes it, which would leave it open to other users of the machine.
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = await open_kept(settings, without_log)
    try:
        library = Library(open_archive(settings))  # after the files that a server keeps are there
        log = QueryLog(kept.storage.queries if kept.storage else None, kept.hasher, settings.retention_days)
        services = Services(settings, library, log, kept.storage, kept.damaged, kept.mirror)
        if without_log is None:
            await services.staff.load()
            await services.newsroom.desk.load()
    except BaseException:
        if kept.storage is not None:
            await kept.storage.close()
        raise
    return services


def _recover(settings: Settings) -> None:
    """Finish what a crash interrupted among the articles that editors added."""
    try:
        finished = Shelf(settings.articles_dir, settings.seeds_dir).recover()
    except CannotWriteError:
        logger.error("%s cannot be written: articles sent in the chat will be refused", settings.articles_dir)
    else:
        if finished:
            logger.info("%d articles whose storing was interrupted are stored now", len(finished))
