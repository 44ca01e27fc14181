"""``python -m bot doctor``: what keeps the bot from answering, or from keeping its word, and what to do about it.

Reads only, so that it works beside a running bot. No secret is in what it finds.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.claim import is_taken
from bot.database_url import Server
from bot.errors import StorageError
from bot.holdings import JOURNAL
from bot.settings import Settings
from bot.storage import copying
from index.errors import ArchiveError

LEAST_FREE_BYTES = 100_000_000
# Reading the seeds takes some 120 MB, a thousand articles 250; a document of an editor's as much again.
LEAST_MEMORY_BYTES = 300_000_000
# Of a server: a bot's own, and those of one that replaces it.
LEAST_CONNECTIONS = 6
_MEGABYTE = 1_000_000
# What this program leaves for the operator to look at, and to delete: retention does not reach it.
_LEFT = ("*.before-*", "*.damaged-*")


class Level(StrEnum):
    """How a finding is to be taken: only problems make the exit code 1."""

    GOOD = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, what was found, and what to do if anything."""

    level: Level
    what: str
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        """The line."""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return " ".join(f"{self.level:<8}{self.what}: {self.found}{remedy}".split("\n"))


def good(what: str, found: str) -> Finding:
    """All is well."""
    return Finding(Level.GOOD, what, found)


def note(what: str, found: str, remedy: str = "") -> Finding:
    """Worth knowing."""
    return Finding(Level.NOTE, what, found, remedy)


def problem(what: str, found: str, remedy: str) -> Finding:
    """To be put right."""
    return Finding(Level.PROBLEM, what, found, remedy)


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything on this machine, one finding after the other; the seeds last, which take longest."""
    yield from check_settings(settings)
    yield from check_folder(settings)
    yield from check_permissions(settings)
    yield from check_database(settings)
    yield check_disk(settings)
    yield check_memory()
    yield from check_seeds(settings)


def check_settings(settings: Settings) -> Iterator[Finding]:
    """What ``settings.read`` lets pass and is rarely meant."""
    if settings.bot_token is None:
        yield note("settings", "BOT_TOKEN is not set: the chat is in the terminal", "set it to answer on Telegram")
    elif not settings.admin_ids:
        yield note(
            "settings", "ADMIN_IDS is not set: nobody can use /reindex or is told of failures", "set your user id"
        )
    else:
        yield good("settings", f"read; {len(settings.admin_ids)} owner(s)")
    if settings.archive_url and settings.archive_in == "memory":
        yield note("settings", "ARCHIVE_URL is set and not used", "set ARCHIVE_IN=database, or leave both out")
    if settings.hash_key and settings.hash_key_file.exists():
        yield note(
            "settings", f"HASH_KEY is set, {settings.hash_key_file} is not used", "keep HASH_KEY with your backups"
        )


def check_folder(settings: Settings) -> Iterator[Finding]:
    """The data folder: there, and ours to write; what a restore or damage has left in it."""
    folder = settings.data_dir
    if not folder.is_dir():
        yield note("data", f"{folder} does not exist yet", "it is made at the first start")
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield problem(
            "data", f"{folder} cannot be written by this user", f"chown it to the user that runs the bot: {_user()}"
        )
    else:
        yield good(
            "data", f"{folder} can be written; {'a bot is running on it' if is_taken(folder) else 'no bot is running'}"
        )
    if (folder / JOURNAL).exists():
        yield problem("data", "a restore was interrupted", "start the bot, or restore again: either finishes it")
    places = {folder, *([settings.database.parent] if isinstance(settings.database, Path) else [])}
    for path in sorted({path for place in places for pattern in _LEFT for path in place.glob(pattern)}):
        yield note(
            "data", f"{path} is left from before", "delete it when nothing in it is needed: retention does not reach it"
        )


def check_permissions(settings: Settings) -> Iterator[Finding]:
    """The data folder and what is secret in it: nobody else's to read."""
    if os.name == "nt":
        return
    database = [] if isinstance(settings.database, Server) else [
        Path(f"{settings.database}{end}") for end in ("", *copying.BESIDE)
    ]  # fmt: skip
    secret = [settings.data_dir, *database, settings.hash_key_file]
    open_ = [path for path in secret if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    for path in open_:
        right = "700" if path.is_dir() else "600"
        yield problem("permissions", f"{path} is open to other users of this machine", f"chmod {right} {path}")
    unwritable = [path for path in secret[1:] if path.exists() and not os.access(path, os.R_OK | os.W_OK)]
    for path in unwritable:
        yield problem(
            "permissions",
            f"{path} cannot be written by this user",
            f"chown it to the user that runs the bot: {_user()}",
        )
    if not open_ and not unwritable:
        yield good("permissions", "the data is this user's alone")


def check_database(settings: Settings) -> Iterator[Finding]:
    """A file, read as a whole, or a server; its schema version."""
    if isinstance(settings.database, Server):
        yield from _check_server(settings.database)
    else:
        yield from _check_file(settings.database)


def _check_file(path: Path) -> Iterator[Finding]:
    if not path.exists():
        yield note("database", f"{path} does not exist yet", "it is made at the first start")
        return
    try:
        condition = copying.condition(path)
    except StorageError as error:
        yield problem("database", str(error), "restore a backup (python -m bot restore FILE), or move the file away")
        return
    if condition.problems:
        yield problem(
            "database",
            f"{path} is damaged ({condition.problems[0]})",
            "restore a backup (python -m bot restore FILE); started as it is, the bot keeps it aside and begins anew",
        )
    elif condition.version > condition.newest:
        yield problem(
            "database", f"{path} is of version {condition.version}, newer than this program", "run the newer program"
        )
    else:
        older = "" if condition.version == condition.newest else f", becomes {condition.newest} at the next start"
        yield good("database", f"{path}, whole, version {condition.version}{older}")


def _check_server(server: Server) -> Iterator[Finding]:
    from bot.storage import moving  # here and not above: nobody without a server need wait for its library

    try:
        found = moving.condition(server)
    except StorageError as error:
        yield problem("database", str(error), "start the server, or mend DATABASE_URL; meanwhile the bot waits for it")
        return
    if found.version > found.newest:
        yield problem(
            "database", f"{server} is of version {found.version}, newer than this program", "run the newer program"
        )
    elif found.version < found.newest:
        yield note("database", f"{server}, version {found.version}", f"becomes {found.newest} at the next start")
    else:
        yield good("database", f"{server}, PostgreSQL {found.software}, version {found.version}")
    for schema in found.left:
        remedy = f"DROP SCHEMA {schema} CASCADE when nothing in it is needed: retention does not reach it"
        yield note("database", f"the schema {schema} is left from before a restore", remedy)
    if found.read_only:
        yield problem("database", f"{server} can only be read now", "make it the primary, or name the one that is")
    if found.free_connections < LEAST_CONNECTIONS:
        remedy = f"raise max_connections or run fewer programs: each bot takes up to {LEAST_CONNECTIONS}"
        yield problem("database", f"{server} has room for {found.free_connections} more connections", remedy)


def check_disk(settings: Settings) -> Finding:
    """Room where the database file is, or what a server's bots keep beside it."""
    wanted = settings.database if isinstance(settings.database, Path) else settings.data_dir / "x"
    place = next(each for each in (wanted.absolute(), *wanted.absolute().parents) if each.is_dir())
    free = shutil.disk_usage(place).free
    found = f"{free // _MEGABYTE} MB free at {place}"
    if free < LEAST_FREE_BYTES:
        return problem("disk", found, f"make room: at least {LEAST_FREE_BYTES // _MEGABYTE} MB")
    return good("disk", found)


def check_memory() -> Finding:
    """What this machine, or the container, has left; Linux tells, others are not asked."""
    left = memory_left()
    if left is None:
        return note("memory", "this system does not tell")
    found = f"{left // _MEGABYTE} MB free"
    if left < LEAST_MEMORY_BYTES:
        remedy = f"{LEAST_MEMORY_BYTES // _MEGABYTE} MB are wanted to start and to read editors' files"
        return note("memory", found, remedy)
    return good("memory", found)


def memory_left(root: Path = Path("/")) -> int | None:
    """Bytes that can still be had: of the machine, or of the container if that allows less."""
    found = []
    try:
        lines = (root / "proc/meminfo").read_text(encoding="ascii").splitlines()
        found += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
        group = root / "sys/fs/cgroup"
        limit = (group / "memory.max").read_text(encoding="ascii").strip()
        if limit != "max":
            found.append(int(limit) - int((group / "memory.current").read_text(encoding="ascii")))
    except (OSError, ValueError, IndexError):
        pass
    return min(found, default=None)


def check_seeds(settings: Settings) -> Iterator[Finding]:
    """The articles, read as at a start."""
    # Here and not above: `--help` need not wait for it.
    from index.archive import Archive

    try:
        archive = Archive.open(settings.seeds_dir, added=settings.articles_dir, words=settings.words_dir)
    except ArchiveError as error:
        yield problem("articles", str(error), "set SEEDS_DIR to the folder of articles, or mend what is named")
        return
    for refused in archive.refused:
        yield problem("articles", f"refused: {refused}", "mend or remove it (python -m index check)")
    yield good("articles", f"{len(archive.articles)} can be used")


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "this one"
