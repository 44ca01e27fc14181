"""All that the bot keeps, and where each part belongs: gathered into a folder, put back from one, whole or not at all.

In such a folder the database is a file of SQLite's, whichever engine it came from or goes to.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from bot.claim import is_taken
from bot.database_url import Server
from bot.errors import BotError
from bot.golden import FILE as GOLDEN
from bot.intake.atomic_files import settle
from bot.settings import Settings
from bot.storage import copying, open_database

JOURNAL = "restoring.json"
DATABASE, KEY, ARTICLES, WORDS = "bot.sqlite3", "hash.key", "articles", "words"
PARTS = (DATABASE, KEY, ARTICLES, WORDS, GOLDEN)
# What a server keeps for all of its bots; the rest lies in a data folder in any case.
_WITH_DATABASE = (DATABASE, KEY, ARTICLES, WORDS)


class BackupError(BotError):
    """A backup cannot be made, read or put back, or nothing can be moved; nothing has changed then."""


def is_running(settings: Settings) -> bool:
    """Whether a bot runs on this data.

    Raises:
        StorageError: the server cannot be asked.
    """
    if isinstance(settings.database, Server):
        from bot.storage import moving  # here and not above: nobody without a server need wait for its library

        return is_taken(settings.data_dir) or moving.condition(settings.database).bots > 0
    return is_taken(settings.data_dir)


def gather(settings: Settings, folder: Path, *, waiting: bool) -> None:
    """Copy everything into ``folder`` as of one moment.

    Args:
        settings: where everything is.
        folder: where to.
        waiting: with the updates that wait for their answer.

    Raises:
        BackupError: there is nothing to copy.
        StorageError: the database cannot be read, or is damaged.
        OSError: something cannot be written.
    """
    places = {name: place for name, place in _places(settings).items() if name != DATABASE}
    if isinstance(settings.database, Server):
        from bot.storage import moving

        for name, data in moving.export(settings.database, folder / DATABASE, waiting=waiting).items():
            _write(folder, name, data)
        places = {name: place for name, place in places.items() if name not in _WITH_DATABASE}
    else:
        if not settings.database.exists():
            raise BackupError(
                f"{settings.database}: found no database; set DATA_DIR and DATABASE_URL as the bot has them"
            )
        copying.copy(settings.database, folder / DATABASE, waiting=waiting)
    for name, place in places.items():
        if place.is_file():
            _write(folder, name, place.read_bytes())
        elif place.is_dir():
            # A hidden file is one that is being written.
            found = sorted(path for path in place.rglob("*") if path.is_file() and not path.name.startswith("."))
            for path in found:
                _write(folder, f"{name}/{path.relative_to(place).as_posix()}", path.read_bytes())


def put_back(
    settings: Settings, folder: Path, *, replacing: bool = True, parts: Collection[str] = PARTS
) -> tuple[dict[str, int], list[str]]:
    """Put what was gathered where it belongs; how many rows of each table a server has now, and what was kept.

    For who holds the claim.

    Args:
        settings: where everything belongs.
        folder: what was gathered; it is used up.
        replacing: what is there is kept beside it. Otherwise a server must be empty.
        parts: which parts to put back.

    Raises:
        StorageError: a server does not take it; nothing has changed.
        BackupError: something cannot be moved; the next start tries again.
        OSError: something cannot be staged; nothing has changed.
    """
    rows: dict[str, int] = {}
    kept: list[str] = []
    server = settings.database
    if isinstance(server, Server):
        from bot.storage import moving

        asyncio.run(_upgrade(folder / DATABASE))
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for name in _WITH_DATABASE[1:]
            for path in (folder / name, *(folder / name).rglob("*"))
            if path.is_file()
        }
        rows, schema = moving.load(folder / DATABASE, files, server, replacing=replacing)
        kept = [f"the schema {schema} of {server}"] if schema else []
        parts = [name for name in parts if name not in _WITH_DATABASE]
    else:
        server.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    moves = _stage(settings, folder, parts)
    journal = settings.data_dir / JOURNAL
    unfinished = journal.with_suffix(".new")
    _write(unfinished.parent, unfinished.name, json.dumps(moves).encode())
    unfinished.replace(journal)  # from here on it is finished, now or by the next start
    settle(settings.data_dir)
    return rows, [*kept, *map(str, finish_restore(settings))]


def finish_restore(settings: Settings) -> list[Path]:
    """Carry out the moves of a restore that was begun, if any; returns what was kept of what was there.

    Every move can be repeated: what is still staged has not been put in place. For who holds the claim.

    Raises:
        BackupError: something cannot be moved; the next start tries again.
    """
    journal = settings.data_dir / JOURNAL
    if not journal.exists():
        _clear(settings)
        return []
    kept: list[Path] = []
    try:
        for staged, live, aside in (tuple(map(Path, move)) for move in json.loads(journal.read_bytes())):
            gone = not staged.name  # the backup has nothing in its place
            if live.exists() and not aside.exists() and (gone or staged.exists()):
                live.rename(aside)
            if not gone and staged.exists():
                staged.rename(live)
            settle(live.parent)
            kept += [aside] if aside.exists() else []
        journal.unlink()
        settle(settings.data_dir)
    except (OSError, ValueError) as error:
        raise BackupError(f"{journal}: a restore was begun and cannot be finished: {error}") from error
    return kept


def _places(settings: Settings) -> dict[str, Path]:
    """Where each part that is a file or folder belongs."""
    database = {} if isinstance(settings.database, Server) else {DATABASE: settings.database}
    return {
        **database,
        KEY: settings.hash_key_file,
        ARTICLES: settings.articles_dir,
        WORDS: settings.words_dir,
        GOLDEN: settings.data_dir / GOLDEN,
    }


async def _upgrade(database: Path) -> None:
    """Bring a gathered database to the newest schema version."""
    await (await open_database(database)).close()


def _stage(settings: Settings, folder: Path, parts: Collection[str]) -> list[tuple[str, str, str]]:
    """Put what was gathered beside where it belongs: (staged, or nothing; its place; where what is there goes)."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    moves = []
    for name, place in _places(settings).items():
        if name not in parts:
            continue
        live = place.absolute()
        staged = live.with_name(f".{live.name}.restoring-{stamp}")
        aside = live.with_name(f"{live.name}.before-{stamp}")
        if name == DATABASE:
            # First: beside the database that comes in they would be taken for its own.
            moves += [("", f"{live}{end}", f"{aside}{end}") for end in copying.BESIDE]
        if (folder / name).exists():
            shutil.move(folder / name, staged)
            moves.append((str(staged), str(live), str(aside)))
        else:
            moves.append(("", str(live), str(aside)))
    return moves


def _clear(settings: Settings) -> None:
    """Delete what a restore left that was cut short before anything was moved."""
    for folder in {place.parent for place in _places(settings).values()}:
        for path in (*folder.glob(".*.restoring-*"), *folder.glob(".restore-*")):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _write(folder: Path, name: str, data: bytes) -> None:
    """Write a file that only its owner may read, to the disk."""
    path = folder / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
