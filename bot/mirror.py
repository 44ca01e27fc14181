"""What a server keeps in files, as files of the data folder, where everything reads them; and changes the other way.

The server goes first: a change is there, on its disk, before it is made in the folder, so that a folder which is lost
(hosts with a Procfile empty it at each start) or behind can be made again, and two bots cannot both have their way.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import StorageError
from bot.holdings import ARTICLES, WORDS
from bot.intake.atomic_files import put, stage
from bot.intake.publishing import Publish
from bot.storage.files import ChangedMeanwhileError, FileStore, StoredFile

logger = logging.getLogger(__name__)

# Names of what the folder has from the server: what is not among them was put there by hand.
LISTING = "mirrored.json"


class Mirror:
    """The folders of articles and word lists in ``folder``, kept as the server has them."""

    def __init__(self, store: FileStore, folder: Path) -> None:
        self._store, self._folder = store, folder
        self._loop = asyncio.get_running_loop()
        self._seen = 0
        self._names: set[str] = set()
        self._turn = asyncio.Lock()

    async def begin(self, *, adopting: bool) -> None:
        """Make the folders what the server has. For the start, before they are read.

        Args:
            adopting: what was put into them by hand goes to the server.

        Raises:
            StorageError: the server does not answer, or the folder cannot be written.
        """
        async with self._turn:
            while not await self._begun(adopting=adopting):
                pass  # another bot has given the server the same files meanwhile

    async def _begun(self, *, adopting: bool) -> bool:
        # First: whoever else writes to this folder has on the server what it lists there.
        before = await asyncio.to_thread(self._read_names)
        self._seen = await self._store.newest()
        listing = {name: digest for name, digest in (await self._store.listing()).items() if _is_ours(name)}
        there = await asyncio.to_thread(self._digests)
        self._names = before & listing.keys()
        changed = [name for name, digest in listing.items() if there.get(name) != digest]
        # Of a database that was replaced by a backup: the server has them no more.
        gone = [StoredFile(name, None, datetime.now(UTC)) for name in before - listing.keys()]
        await self._apply([*gone, *await self._store.some(changed)])
        by_hand = sorted(there.keys() - listing.keys() - before)
        if not adopting or not by_hand:
            return True
        contents = await asyncio.to_thread(lambda: {name: (self._folder / name).read_bytes() for name in by_hand})
        try:
            await self._store.write(contents, datetime.now(UTC), dict.fromkeys(by_hand))
        except ChangedMeanwhileError:
            return False
        self._names |= contents.keys()
        await self._note()
        logger.info("%d files that were put into %s are on the server now", len(by_hand), self._folder)
        return True

    async def refresh(self) -> bool:
        """Take over what others have changed; whether there was anything.

        Raises:
            StorageError: the server does not answer, or the folder cannot be written.
        """
        async with self._turn:
            newest = await self._store.newest()
            names = [name for name in await self._store.changed_since(self._seen) if _is_ours(name)]
            changed = await self._apply(await self._store.some(names))
            self._seen = max(self._seen, newest)
        return changed

    def publisher(self, part: str) -> Publish:
        """For a folder (``articles``, ``words``): its names without the folder's."""

        def publish(changes: Mapping[str, bytes | None], based_on: Mapping[str, bytes | None]) -> None:
            given, expected = _below(part, changes), _below(part, based_on)
            asyncio.run_coroutine_threadsafe(self._publish(given, expected), self._loop).result()

        return publish

    async def _publish(self, changes: Mapping[str, bytes | None], based_on: Mapping[str, bytes | None]) -> None:
        async with self._turn:
            await self._store.write(changes, datetime.now(UTC), based_on)
            # Before they are in the folder: should the program end in between, the next start finds them on the server.
            self._names |= {name for name, content in changes.items() if content is not None}
            await self._note()

    async def _apply(self, files: Iterable[StoredFile]) -> bool:
        """Write files to the folder; whether that changed anything there."""
        files = list(files)
        try:
            changed = await asyncio.to_thread(lambda: [self._put(file) for file in files])
            if files:
                self._names |= {file.name for file in files if file.content is not None}
                self._names -= {file.name for file in files if file.content is None}
                await self._note()
        except OSError as error:
            raise StorageError(f"{self._folder}: the server's files cannot be written: {error.strerror}") from error
        return any(changed)

    def _put(self, file: StoredFile) -> bool:
        path = self._folder / file.name
        if file.content is None:
            there = path.exists()
            path.unlink(missing_ok=True)
            return there
        if path.is_file() and path.read_bytes() == file.content:
            return False
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        put(stage(path, file.content), path)
        if path.parent.parent.parent.name == "versions":  # whose moment tells since when a version is there
            moment = file.changed_at.timestamp()
            os.utime(path.parent, (moment, moment))
        return True

    def _digests(self) -> dict[str, str]:
        found = {}
        for part in (ARTICLES, WORDS):
            for path in (self._folder / part).rglob("*"):
                name = path.relative_to(self._folder).as_posix()
                if _is_ours(name) and path.is_file():
                    found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found

    def _read_names(self) -> set[str]:
        try:
            return set(json.loads((self._folder / LISTING).read_bytes()))
        except (OSError, ValueError, TypeError):
            return set()

    async def _note(self) -> None:
        listing = json.dumps(sorted(self._names)).encode()
        try:
            await asyncio.to_thread(self._put, StoredFile(LISTING, listing, datetime.now(UTC)))
        except OSError as error:
            raise StorageError(f"{self._folder / LISTING}: cannot be written: {error.strerror}") from error


def _below(part: str, files: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
    return {f"{part}/{name}": content for name, content in files.items()}


def _is_ours(name: str) -> bool:
    """Whether a name is one of a file that belongs into the folders, and of none that is being written."""
    parts = name.split("/")
    return (
        len(parts) > 1
        and parts[0] in {ARTICLES, WORDS}
        and not any(not part or part.startswith(".") or part.endswith(".pending") or "\\" in part for part in parts)
    )
