"""One archive for all replicas: one of them builds, the others get ready, and then all of them swap at once."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from weakref import WeakKeyDictionary

from bot.archivefiles import ArchiveFiles, IncompleteError, fetch, send
from bot.errors import StorageError
from bot.library import Library
from bot.replicas import Replica
from bot.storage.archives import ArchiveStore, SharedArchive
from bot.storage.leases import LeaseStore
from bot.turns import AlreadyRunningError
from index.errors import ArchiveError

logger = logging.getLogger(__name__)

DUTY = "reindex"
# How often it is looked whether another replica has finished building.
TURN_SECONDS = 1.0
# The others get ready in the time that building took, or some more; after that those who are ready do not wait.
LEAST_PATIENCE_SECONDS, PATIENCE = 30.0, 3.0
# After getting ready failed.
AGAIN_SECONDS = 30.0


class SharedArchives:
    """Keeps the other replicas from building, and all of them on the same archive.

    Args:
        store: where archives are announced.
        leases: who has the turn.
        replica: this one.
        current: the live library.
        before: the one before it, which may be put back.
        rebuild: makes one of the articles as they are now, without a word about it.
        adopt: puts one in place that another replica built.
        catch_up: takes over the articles and word lists that others changed.
        words: folders of word lists, which may be missing.
        files: how archives are saved, so that the others fetch what one has built; without it each builds its own.
        folder: where a file that is fetched is put.
    """

    def __init__(
        self,
        store: ArchiveStore,
        leases: LeaseStore,
        replica: Replica,
        *,
        current: Callable[[], Library],
        before: Callable[[], Library | None],
        rebuild: Callable[[], Awaitable[Library]],
        adopt: Callable[[Library], Awaitable[None]],
        catch_up: Callable[[], Awaitable[object]],
        words: Iterable[Path] = (),
        files: ArchiveFiles | None = None,
        folder: Path = Path(),
    ) -> None:
        self._store = store
        self._leases = leases
        self._replica = replica
        self._current, self._before = current, before
        self._rebuild, self._adopt, self._catch_up = rebuild, adopt, catch_up
        self._words = tuple(words)
        self._files, self._folder = files, folder
        self._holdings: WeakKeyDictionary[Library, str] = WeakKeyDictionary()
        self._busy = False
        self._begun_at = 0.0
        self._placed = -1  # the number of the live archive; -1 before the first look
        self._ready: tuple[int, Library] | None = None
        self._getting: asyncio.Task[None] | None = None
        self._again = 0.0
        self._held_by_others = asyncio.Event()
        replica.watch("archive_holders", self._hear_of_holders)
        replica.each_look(self.look)

    # -- building ---------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def turn(self, who: int, *, waits: bool) -> AsyncIterator[None]:
        """See ``bot.turns.Others``."""
        if self._busy:
            raise AlreadyRunningError
        self._busy = True
        try:
            while True:
                duty = await self._leases.take_duty(self._replica.id, DUTY, str(who))
                if duty is not None and duty.replica == self._replica.id:
                    break
                if not waits:
                    raise AlreadyRunningError(int(duty.note or 0) if duty else None)
                await asyncio.sleep(TURN_SECONDS)
            try:
                self._begun_at = time.monotonic()
                await self._catch_up()
                yield
            finally:
                with suppress(StorageError):  # a lease ends by itself
                    await self._leases.leave_duty(self._replica.id, DUTY)
        finally:
            self._busy = False

    async def share(self, library: Library) -> None:
        """See ``bot.turns.Others``."""
        patience = max(LEAST_PATIENCE_SECONDS, (time.monotonic() - self._begun_at) * PATIENCE)
        replica, number = self._replica.id, await self._store.begin()
        holding = await self._holding(library)
        self._ready = (number, library)
        form, digest = await self._sent(number, library)
        await self._store.announce(SharedArchive(number, replica, form, digest, holding, placed=False))
        await self._store.hold(number, replica)
        deadline = time.monotonic() + patience
        while awaited := await self._store.awaited(number):
            if time.monotonic() > deadline:
                logger.warning("archive %d: %s are not ready, and swap later", number, ", ".join(awaited))
                break
            self._held_by_others.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._held_by_others.wait(), TURN_SECONDS)
        duty = await self._leases.take_duty(self._replica.id, DUTY)
        if duty is None or duty.replica != replica:
            raise StorageError("the others have given this replica up meanwhile, and may be building themselves")
        await self._store.place(number)
        self._placed = number
        logger.info("archive %d: in place, as in the other replicas", number)

    async def _sent(self, number: int, library: Library) -> tuple[str, str]:
        """Put an archive's file on the server, where it has one: its form and digest."""
        if self._files is None:
            return "", ""
        try:
            path = await asyncio.to_thread(self._files.saved, library)
            try:
                return self._files.form, await send(self._store, number, path)
            finally:
                await asyncio.to_thread(path.unlink)
        except OSError as error:
            logger.error("archive %d: cannot be saved (%s); the others build their own", number, error.strerror)
            return "", ""

    # -- following --------------------------------------------------------------------------------------------

    async def look(self) -> None:
        """Get ready for what was announced, and swap when all are to."""
        newest = await self._store.newest()
        if self._placed < 0:
            self._placed = await self._placed_at_start(newest)
        if newest is None or newest.number <= self._placed:
            return
        if self._ready is not None and self._ready[0] == newest.number:
            if newest.placed and not (self._busy and newest.builder == self._replica.id):
                self._placed = newest.number
                await self._adopt(self._ready[1])
                logger.info("archive %d: in place, as in the other replicas", newest.number)
        elif self._getting is None and time.monotonic() >= self._again:
            self._getting = asyncio.create_task(self._get_ready(newest), name="archive")

    async def stop(self) -> None:
        """Get ready for nothing more."""
        if self._getting is not None:
            self._getting.cancel()
            await asyncio.gather(self._getting, return_exceptions=True)

    async def _placed_at_start(self, newest: SharedArchive | None) -> int:
        if newest is None:
            return 0
        same = newest.holding == await self._holding(self._current())
        return newest.number if newest.placed and same else newest.number - 1

    async def _get_ready(self, archive: SharedArchive) -> None:
        try:
            library = await self._obtained(archive)
            self._holdings[library] = archive.holding
            self._ready, self._again = (archive.number, library), 0.0
            await self._store.hold(archive.number, self._replica.id)
        except Exception as error:  # noqa: BLE001 - the archive in place answers on
            self._again = time.monotonic() + AGAIN_SECONDS
            logger.error("archive %d: cannot get it (%s: %s); trying again in %.0f s", archive.number,
                         type(error).__name__, error, AGAIN_SECONDS)  # fmt: skip
        finally:
            self._getting = None
        self._replica.look_soon()

    async def _obtained(self, archive: SharedArchive) -> Library:
        before = self._before()
        if before is not None and await self._holding(before) == archive.holding:
            return before
        begun = time.monotonic()
        await self._catch_up()  # the word lists, too, with which a file is opened
        if self._files is not None and archive.digest and archive.form == self._files.form:
            try:
                library = await self._fetched(self._files, archive)
            except (ArchiveError, IncompleteError, OSError) as error:
                logger.error("archive %d: its file cannot be used (%s); building it here", archive.number, error)
            else:
                logger.info("archive %d: fetched in %.1f s", archive.number, time.monotonic() - begun)
                return library
        elif archive.digest:
            logger.warning("archive %d: saved by another version of the program; building it here", archive.number)
        library = await self._rebuild()
        logger.info("archive %d: built in %.1f s", archive.number, time.monotonic() - begun)
        if await self._holding(library) != archive.holding:
            logger.warning(
                "archive %d: built here, other articles or word lists come of it than in replica %s: SEEDS_DIR or the "
                "program differs", archive.number, archive.builder,
            )  # fmt: skip
        return library

    async def _fetched(self, files: ArchiveFiles, archive: SharedArchive) -> Library:
        path = self._folder / f"archive-{archive.number}.shared"
        await fetch(self._store, archive.number, archive.digest, path)
        library = await asyncio.to_thread(files.opened, path)
        # What is mapped stays there until nobody uses it; those before are of no further use to anybody.
        await asyncio.to_thread(_tidy, self._folder, path)
        return library

    async def _hear_of_holders(self) -> None:
        self._held_by_others.set()

    async def _holding(self, library: Library) -> str:
        """A code of a library's articles and word lists; those of the moment, for one not seen before."""
        known = self._holdings.get(library)
        if known is None:
            known = self._holdings[library] = await asyncio.to_thread(_code, library, self._words)
        return known


def _code(library: Library, folders: Iterable[Path]) -> str:
    code = hashlib.sha256()
    for name, fingerprint in sorted(library.archive.fingerprints.items()):
        code.update(f"{name}\0{fingerprint}\0".encode(errors="surrogatepass"))
    for folder in folders:
        for path in sorted(folder.glob("*")):
            if path.is_file():
                code.update(path.name.encode(errors="surrogateescape") + b"\0" + path.read_bytes())
    return code.hexdigest()


def _tidy(folder: Path, kept: Path) -> None:
    for path in folder.glob("archive-*.shared"):
        if path != kept:
            with suppress(OSError):  # in use, on Windows
                path.unlink()
