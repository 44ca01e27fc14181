"""All that the bot keeps in one file, made while it runs; and back again, whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from bot.claim import Claim
from bot.golden import FILE as GOLDEN
from bot.holdings import ARTICLES, DATABASE, KEY, WORDS, BackupError, finish_restore, gather, is_running, put_back
from bot.intake.atomic_files import settle
from bot.settings import Settings
from bot.storage import copying

MANIFEST = "manifest.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds: when it was made, of which schema version, and each file's SHA-256 by its name."""

    made_at: str
    version: int
    files: dict[str, str]

    @property
    def summary(self) -> str:
        """One line for the operator."""
        articles = sum(name.startswith(f"{ARTICLES}/") and name.endswith(".txt") for name in self.files)
        key = "with" if KEY in self.files else "without"
        database = f"database (version {self.version})"
        return f"{len(self.files)} files of {self.made_at}: {database}, {key} hash key, {articles} articles"


def back_up(settings: Settings, target: Path) -> Contents:
    """Write everything into a new ``.tar.gz`` that only its owner may read, and read it back.

    While a bot runs, the updates that wait for an answer are left out: it is answering them. Without, they go along.

    Raises:
        BackupError: the file exists or cannot be written, or there is nothing to back up.
        StorageError: the database cannot be read, or is damaged.
    """
    if target.exists():
        raise BackupError(f"{target}: exists already, expected the name of a new file")
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # the name is ours from here on
        try:
            with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as name:
                folder, unfinished = Path(name) / "all", Path(name) / "backup.tar.gz"
                folder.mkdir()
                gather(settings, folder, waiting=not is_running(settings))
                contents = _write(unfinished, folder)
                _read(unfinished, Path(name) / "again")
                unfinished.replace(target)
            settle(target.parent)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BackupError(f"{target}: cannot be written: {error.strerror or error}") from error
    return contents


def restore(settings: Settings, source: Path) -> tuple[Contents, list[str]]:
    """Put a backup in the place of what is there, which is kept beside it; what it holds, and what was kept.

    Raises:
        TakenError: the bot is running on this data.
        BackupError: the file is no whole backup, or something else has the database open.
        StorageError: the database in it is damaged, or the server does not take it.
    """
    with Claim(settings.data_dir):
        finish_restore(settings)
        if isinstance(settings.database, Path) and copying.is_open_elsewhere(settings.database):
            raise BackupError(f"{settings.database}: another process has it open; close it first")
        try:
            with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as folder:
                contents = _read(source, Path(folder))
                _, kept = put_back(settings, Path(folder))
        except OSError as error:
            raise BackupError(f"{source}: cannot be restored: {error.strerror or error}") from error
    return contents, kept


def _write(target: Path, folder: Path) -> Contents:
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    hashes = {}
    for name in names:
        with (folder / name).open("rb") as file:
            hashes[name] = hashlib.file_digest(file, "sha256").hexdigest()
    version = copying.condition(folder / DATABASE).version
    contents = Contents(datetime.now(UTC).isoformat(timespec="seconds"), version, hashes)
    told = {"format": _FORMAT, "made_at": contents.made_at, "version": version, "files": hashes}
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz") as archive:
            manifest = tarfile.TarInfo(MANIFEST)
            listed = json.dumps(told, indent=1).encode()
            manifest.size = len(listed)
            archive.addfile(_anonymous(manifest), io.BytesIO(listed))
            for name in names:
                archive.add(folder / name, name, filter=_anonymous)
        file.flush()
        os.fsync(file.fileno())
    return contents


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
    missing = [name for name in (*contents.files, DATABASE) if not (folder / name).is_file()]
    if missing:
        raise BackupError(f"{source}: not a whole backup: {missing[0]} is missing")
    found = copying.condition(folder / DATABASE)
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
        (len(parts) == 1 and parts[0] in {DATABASE, KEY, GOLDEN}) or (len(parts) > 1 and parts[0] in {ARTICLES, WORDS})
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
