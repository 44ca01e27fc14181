"""What the bot keeps, opened: a server that is away is waited for, a damaged file is kept aside."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import DamagedError, StorageError, UnreachableError
from bot.holdings import KEY
from bot.mirror import Mirror
from bot.privacy import ChatHasher, open_hasher
from bot.settings import Settings
from bot.storage import Storage
from bot.storage.copying import set_aside
from bot.storage.files import ChangedMeanwhileError, FileStore

logger = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0


@dataclass(frozen=True, slots=True)
class Kept:
    """What was opened.

    ``storage`` is ``None`` when the terminal chat goes on without; ``mirror`` beside a database file. ``damaged`` is
    where a database file that was found damaged is kept now.
    """

    storage: Storage | None
    hasher: ChatHasher
    mirror: Mirror | None = None
    damaged: Path | None = None


async def open_kept(settings: Settings, without_log: Callable[[StorageError], None] | None) -> Kept:
    """The database, the key to the codes of chats, and the files that belong with them.

    Args:
        settings: the operator's.
        without_log: when given, what cannot be opened is told to it and the chat goes on without, at once.

    Raises:
        StorageError: something cannot be used, waiting would not help, and ``without_log`` is not given.
    """
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            return await _open(settings, bot=without_log is None)
        except UnreachableError as error:
            if without_log is None:
                # However long it takes: the server may be starting, too, and Telegram keeps what people ask.
                logger.warning("the database cannot be reached (%s); trying again in %.0f s", error, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                continue
            without_log(error)
        except StorageError as error:
            if without_log is None:
                raise
            without_log(error)
        return Kept(None, ChatHasher(b"nothing is written with this key"))


async def _open(settings: Settings, *, bot: bool) -> Kept:
    damaged: Path | None = None
    try:
        storage = await Storage.open(settings.database)
    except DamagedError:
        # What is wrong with it is the bot's to deal with, not a terminal chat's beside it.
        if not bot or not isinstance(settings.database, Path):
            raise
        # People are answered, and nothing is deleted.
        damaged = set_aside(settings.database)
        storage = await Storage.open(settings.database)
    try:
        if storage.files is None:
            return Kept(storage, open_hasher(settings), damaged=damaged)
        mirror = Mirror(storage.files, settings.data_dir)
        await mirror.begin(adopting=bot)
        return Kept(storage, await _shared_hasher(settings, storage.files), mirror)
    except BaseException:
        await storage.close()
        raise


async def _shared_hasher(settings: Settings, files: FileStore) -> ChatHasher:
    """One key for all bots of a server: ``HASH_KEY``, or what the first of them put there."""
    if settings.hash_key:
        return open_hasher(settings)
    key = await files.find(KEY)
    if key is None:
        # One that was used before this data came to a server goes on to be.
        own = open_hasher(settings).key if settings.hash_key_file.exists() else secrets.token_hex(32).encode()
        try:
            await files.write({KEY: own}, datetime.now(UTC), {KEY: None})
            key = own
        except ChangedMeanwhileError:  # two that started at once
            key = await files.find(KEY) or own
    return ChatHasher(key.strip())
