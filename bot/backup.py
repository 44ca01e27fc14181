"""All that the bot keeps in one file, made while it runs; and back again, whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from bot.claim import Claim, is_taken
from bot.errors import BotError
from bot.golden import FILE as GOLDEN
from bot.intake.atomic_files import settle
from bot.settings import Settings
from bot.storage import copying

MANIFEST = "manifest.json"
JOURNAL = "restoring.json"
_FORMAT = 1
_DATABASE, _KEY, _ARTICLES, _WORDS = "bot.sqlite3", "hash.key", "articles", "words"


class BackupError(BotError):
    """A backup cannot be made, read or put back; nothing has changed then."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds: when it was made, of which schema version, and each file's SHA-256 by its name."""

    made_at: str
    version: int
    files: dict[str, str]

    @property
    def summary(self) -> str:
        """One line for the operator."""
        articles = sum(name.startswith(f"{_ARTICLES}/") and name.endswith(".txt") for name in self.files)
        key = "with" if _KEY in self.files else "without"
        database = f"database (version {self.version})"
        return f"{len(self.files)} files of {self.made_at}: {database}, {key} hash key, {articles} articles"


def back_up(settings: Settings, target: Path) -> Contents:
    """Write everything into a new ``.tar.gz`` that only its owner may read, and read it back.

    While the bot runs, the updates that wait for an answer are left out: it is answering them. Without, they go along.

    Raises:
        BackupError: the file exists or cannot be written, or there is nothing to back up.
        StorageError: the database cannot be read, or is damaged.
    """
    if target.exists():
        raise BackupError(f"{target}: exists already, expected the name of a new file")
    if not settings.database.exists():
        raise BackupError(f"{settings.database}: found no database; set DATA_DIR and DATABASE_URL as the bot has them")
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # the name is ours from here on
        try:
            with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
                database, unfinished = Path(folder) / _DATABASE, Path(folder) / "backup.tar.gz"
                copying.copy(settings.database, database, waiting=not is_taken(settings.data_dir))
                contents = _write(unfinished, settings, database)
                _read(unfinished, Path(folder) / "again")
                unfinished.replace(target)
            settle(target.parent)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BackupError(f"{target}: cannot be written: {error.strerror or error}") from error
    return contents


def restore(settings: Settings, source: Path) -> tuple[Contents, list[Path]]:
    """Put a backup in the place of what is there, which is kept beside it; what it holds, and what was kept.

    Raises:
        TakenError: the bot is running on this data.
        BackupError: the file is no whole backup, or something else has the database open.
        StorageError: the database in it is damaged.
    """
    with Claim(settings.data_dir):
        finish_restore(settings)
        if copying.is_open_elsewhere(settings.database):
            raise BackupError(f"{settings.database}: another process has it open; close it first")
        try:
            settings.database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as folder:
                contents = _read(source, Path(folder))
                moves = _stage(settings, Path(folder))
        except OSError as error:
            raise BackupError(f"{source}: cannot be restored: {error.strerror or error}") from error
        journal = settings.data_dir / JOURNAL
        unfinished = journal.with_suffix(".new")
        _put(unfinished, json.dumps(moves).encode())
        unfinished.replace(journal)  # from here on it is finished, now or by the next start
        settle(settings.data_dir)
        return contents, finish_restore(settings)


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
    """Where each part of a backup belongs."""
    return {
        _DATABASE: settings.database,
        _KEY: settings.hash_key_file,
        _ARTICLES: settings.articles_dir,
        _WORDS: settings.words_dir,
        GOLDEN: settings.data_dir / GOLDEN,
    }


def _write(target: Path, settings: Settings, database: Path) -> Contents:
    files: dict[str, bytes | Path] = {_DATABASE: database}
    for name, place in _places(settings).items():
        if name != _DATABASE and place.is_file():
            files[name] = place
        elif place.is_dir():
            # A hidden file is one that is being written.
            found = sorted(path for path in place.rglob("*") if path.is_file() and not path.name.startswith("."))
            files |= {f"{name}/{path.relative_to(place).as_posix()}": path for path in found}
    read = {name: path.read_bytes() for name, path in files.items() if isinstance(path, Path) and name != _DATABASE}
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in read.items()}
    with database.open("rb") as file:
        hashes[_DATABASE] = hashlib.file_digest(file, "sha256").hexdigest()
    version = copying.condition(database).version
    contents = Contents(datetime.now(UTC).isoformat(timespec="seconds"), version, hashes)
    told = {"format": _FORMAT, "made_at": contents.made_at, "version": version, "files": hashes}
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz") as archive:
            _add(archive, MANIFEST, json.dumps(told, indent=1).encode())
            archive.add(database, _DATABASE, filter=_anonymous)
            for name, data in read.items():
                _add(archive, name, data)
        file.flush()
        os.fsync(file.fileno())
    return contents


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(_anonymous(entry), io.BytesIO(data))


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names of who made it."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


def _read(source: Path, folder: Path) -> Contents:
    """Unpack a backup into ``folder``, each file checked against the manifest and the database examined.

    Raises:
        BackupError: it is no backup, not a whole one, or of a newer version of this program.
        StorageError: its database cannot be read.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        with tarfile.open(source, "r:gz") as archive:
            manifest = archive.extractfile(MANIFEST)
            told = json.loads(manifest.read()) if manifest else {}
            if told.get("format") != _FORMAT:
                raise BackupError(f"{source}: found format {told.get('format')!r}, expected {_FORMAT}")
            contents = Contents(str(told["made_at"]), int(told["version"]), dict(told["files"]))
            for entry in archive:
                if entry.name != MANIFEST:
                    _unpack(archive, entry, folder, contents, source)
    except KeyError as error:
        raise BackupError(f"{source}: found no {MANIFEST}, expected a file that `backup` wrote") from error
    except FileNotFoundError as error:
        raise BackupError(f"{source}: found nothing there, expected a file that `backup` wrote") from error
    except (OSError, EOFError, tarfile.TarError, ValueError, TypeError, AttributeError) as error:
        raise BackupError(f"{source}: not a whole backup: {error}") from error
    missing = [name for name in (*contents.files, _DATABASE) if not (folder / name).is_file()]
    if missing:
        raise BackupError(f"{source}: not a whole backup: {missing[0]} is missing")
    found = copying.condition(folder / _DATABASE)
    if found.problems:
        raise BackupError(f"{source}: its database is damaged: {found.problems[0]}")
    if found.version > found.newest:
        raise BackupError(
            f"{source}: found a database of version {found.version}, expected {found.newest} at most: "
            "a newer version of this program wrote it"
        )
    return contents


def _unpack(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path, contents: Contents, source: Path) -> None:
    """Write one file, if it is one that a backup may hold, and as the manifest says."""
    parts = PurePosixPath(entry.name).parts
    known = parts and (
        (len(parts) == 1 and parts[0] in {_DATABASE, _KEY, GOLDEN})
        or (len(parts) > 1 and parts[0] in {_ARTICLES, _WORDS})
    )
    unsafe = ".." in parts or "\\" in entry.name or ":" in entry.name or "\0" in entry.name
    opened = archive.extractfile(entry) if entry.isreg() and known and not unsafe else None
    if opened is None or entry.name not in contents.files:
        raise BackupError(f"{source}: found {entry.name!r} in it, which `backup` does not write")
    path = folder / entry.name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while block := opened.read(1 << 20):
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != contents.files[entry.name]:
        raise BackupError(f"{source}: not a whole backup: {entry.name} is not as it was written")


def _stage(settings: Settings, folder: Path) -> list[tuple[str, str, str]]:
    """Put what was unpacked beside where it belongs: (staged, or nothing; its place; where what is there goes)."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    moves = []
    for name, place in _places(settings).items():
        live = place.absolute()
        staged = live.with_name(f".{live.name}.restoring-{stamp}")
        aside = live.with_name(f"{live.name}.before-{stamp}")
        if name == _DATABASE:
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
    for folder in {settings.data_dir, settings.database.parent}:
        for path in (*folder.glob(".*.restoring-*"), *folder.glob(".restore-*")):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _put(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
