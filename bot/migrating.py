"""``python -m bot migrate-storage``: everything that is kept, from one database to another, whole or not at all."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from bot import database_url
from bot.claim import Claim
from bot.database_url import Server
from bot.errors import SettingsError
from bot.golden import FILE as GOLDEN
from bot.holdings import DATABASE, PARTS, BackupError, finish_restore, gather, put_back
from bot.settings import Settings
from bot.storage import copying


def places(settings: Settings, source: str | None, target: str | None) -> tuple[Path | Server, Path | Server]:
    """From where, and where to; the one left out is ``DATABASE_URL``, whose password no list of processes shows.

    Raises:
        SettingsError: one is no database, or both are the same.
    """
    found = []
    for option, url in (("--from", source), ("--to", target)):
        place = settings.database if url is None else database_url.parse(url)
        if place is None:
            raise SettingsError(option, database_url.unfit(url or ""), database_url.EXPECTED)
        found.append(place)
    if found[0] == found[1]:
        raise SettingsError("--from and --to", "the same database twice", "two different ones; DATABASE_URL is either")
    return found[0], found[1]


def migrate(settings: Settings, source: Path | Server, target: Path | Server) -> tuple[dict[str, int], list[str]]:
    """Copy everything; how many rows of each table there are now, counted on both sides, and what was kept.

    The source stays as it is. Beside a database file articles, word lists and the hash key are files of ``DATA_DIR``;
    a server has them in a table.

    Raises:
        TakenError: a bot is running on this data.
        BackupError: a database file is missing, in use, or there already.
        StorageError: a server cannot be read or written, is not empty, or a bot is connected to it.
    """
    with Claim(settings.data_dir):
        finish_restore(settings)
        if isinstance(target, Path) and target.exists():
            raise BackupError(f"{target}: exists already, expected the name of a new file")
        if isinstance(source, Path) and copying.is_open_elsewhere(source):
            raise BackupError(f"{source}: another process has it open; close it first")
        if isinstance(source, Server):
            from bot.storage import moving  # here and not above: nobody without a server need wait for its library

            moving.expect_no_bots(source)
        try:
            with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as name:
                folder = Path(name)
                gather(replace(settings, database=source), folder, waiting=True)
                counted = copying.count(folder / DATABASE)
                # Golden questions lie in the data folder either way.
                parts = [part for part in PARTS if part != GOLDEN]
                put, kept = put_back(replace(settings, database=target), folder, replacing=False, parts=parts)
                if isinstance(target, Path):
                    put = copying.count(target)
        except OSError as error:
            raise BackupError(f"{settings.data_dir}: cannot be written: {error.strerror or error}") from error
    if any(put[table] != rows for table, rows in counted.items()):
        raise BackupError(f"found {put}, expected {counted}")
    return put, kept
