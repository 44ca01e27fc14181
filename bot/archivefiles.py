"""A saved archive on its way from the replica that built it to the others: in pieces, by way of the server."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO, Protocol

from bot.errors import BotError
from bot.library import Library
from bot.storage.archives import PIECE_BYTES, ArchiveStore


class IncompleteError(BotError):
    """A file did not come as it was sent."""


class ArchiveFiles(Protocol):
    """How archives are saved."""

    @property
    def form(self) -> str:
        """Which programs can read what this one saves: another one than this program's it need not fetch."""

    def saved(self, library: Library) -> Path:
        """A file of an archive, which is the caller's to delete.

        Raises:
            OSError: it cannot be written.
        """

    def opened(self, path: Path) -> Library:
        """The archive of a file that another replica saved, with this one's word lists.

        Raises:
            ArchiveError: it cannot be read.
        """


async def send(store: ArchiveStore, number: int, path: Path) -> str:
    """Put a file's pieces on the server; its digest.

    Raises:
        StorageError: the server does not take them.
        OSError: the file cannot be read.
    """
    digest, piece = hashlib.sha256(), 0
    with path.open("rb") as file:
        while content := await asyncio.to_thread(file.read, PIECE_BYTES):
            digest.update(content)
            await store.add_piece(number, piece, content)
            piece += 1
    return digest.hexdigest()


async def fetch(store: ArchiveStore, number: int, digest: str, path: Path) -> None:
    """Get a file from the server, in the place of one that is there.

    Raises:
        StorageError: the server does not answer; what was there is as it was, as below.
        IncompleteError: the server has it no more, or not whole.
        OSError: the folder cannot be written, or the disk is full.
    """
    found, piece = hashlib.sha256(), 0
    file = await asyncio.to_thread(_begun, path)
    try:
        with file:
            while (content := await store.piece(number, piece)) is not None:
                found.update(content)
                await asyncio.to_thread(file.write, content)
                piece += 1
            if found.hexdigest() != digest:
                raise IncompleteError(f"found {piece} pieces that do not make its file")
            await asyncio.to_thread(_put, file, path)
    finally:
        await asyncio.to_thread(Path(file.name).unlink, missing_ok=True)


def _begun(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    return tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False)


def _put(file: IO[bytes], path: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    Path(file.name).replace(path)
