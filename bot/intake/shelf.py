"""The folder of articles that admins fill from the chat: added, edited, hidden, restored, rolled back.

    <folder>/x.txt, x.toml           what the archive reads; over an article of the same name in ``SEEDS_DIR``
    <folder>/x.hidden                hides x, be it of this folder or of ``SEEDS_DIR``, which is never written to
    <folder>/versions/x/0001/        every version of x that was ever in place, oldest first
    <folder>/versions/x/0002.pending one on its way: ``recover`` finishes it

Nothing is deleted. Each change is one step that either happened or not, also when the power goes in between.
Everything here blocks on the disk: call it in a thread.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from bot.intake.atomic_files import STAGED, put, settle, stage
from bot.intake.drafts import Draft, Files
from bot.intake.errors import CannotWriteError, UnknownArticleError
from bot.intake.naming import article_name
from bot.intake.publishing import Publish, unpublished
from index.sources import HIDDEN

_TEXT, _SIDECAR, _PENDING, _NEW = "article.txt", "article.toml", ".pending", ".new-"
_VERSION = re.compile(r"\d{4,}")


class Action(StrEnum):
    """What was done to an article."""

    ADDED = "added"
    EDITED = "edited"
    HIDDEN = "hidden"
    RESTORED = "restored"
    ROLLED_BACK = "rolled_back"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit trail, for a store to keep: ``who`` (a Telegram user's id) did what, when (UTC).

    ``version`` is the one that is in place since; hiding and restoring make none. ``came_from`` is the version that
    was rolled back to.
    """

    who: int
    when: datetime
    action: Action
    article: str
    version: int | None = None
    came_from: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A version that can be rolled back to; ``since`` is when it was written (UTC)."""

    number: int
    since: datetime


class Shelf:
    """The articles of one folder. Only one process may have it open; its threads take turns."""

    def __init__(
        self,
        folder: Path,
        seeds: Path,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        publish: Publish = unpublished,
    ) -> None:
        self._folder = folder
        self._seeds = seeds
        self._now = now
        self._publish = publish
        self._turn = threading.Lock()

    def recover(self) -> tuple[str, ...]:
        """Finish what a crash interrupted, and clear away what it left; returns the articles that were finished.

        For the start, before the archive is read.

        Raises:
            CannotWriteError: the folder cannot be written.
        """
        finished = []
        with self._changing():
            for pending in sorted(self._folder.glob(f"versions/*/*{_PENDING}")):
                self._install(pending)
                finished.append(pending.parent.name)
            for left in self._folder.glob(f"versions/*/{_NEW}*"):
                shutil.rmtree(left)
            for left in self._folder.glob(f".*{STAGED}"):
                left.unlink()
        return tuple(finished)

    def add(self, draft: Draft, who: int) -> Entry:
        """Put a new article on the shelf, under a name of its own.

        Raises:
            CannotWriteError: and nothing was stored, here and below.
        """
        with self._changing():
            article = article_name(draft.article, self._is_taken)
            return self._entry(who, Action.ADDED, article, version=self._write(article, draft.files()))

    def edit(self, article: str, draft: Draft, who: int) -> Entry | None:
        """Put a corrected version in place; ``None`` when nothing differs from the one that is.

        Raises:
            UnknownArticleError, CannotWriteError: as they say.
        """
        files = draft.files()
        with self._changing():
            if self._current(article) == files:
                return None
            return self._entry(who, Action.EDITED, article, version=self._write(article, files))

    def roll_back(self, article: str, version: int, who: int) -> Entry | None:
        """Put an earlier version in place again, as a new one; ``None`` when nothing differs.

        Raises:
            UnknownArticleError, CannotWriteError: no such article or version, or as it says.
        """
        with self._changing():
            now = self._current(article)
            files = _files_in(self._versions_of(article) / f"{version:04}")
            if files == now:
                return None
            number = self._write(article, files)
            return self._entry(who, Action.ROLLED_BACK, article, version=number, came_from=version)

    def hide(self, article: str, who: int) -> Entry | None:
        """Leave an article out of the archive from the next reading on; ``None`` when it is hidden already.

        Raises:
            UnknownArticleError, CannotWriteError: as they say.
        """
        with self._changing():
            self._current(article)
            marker = self._folder / f"{article}{HIDDEN}"
            if marker.exists():
                return None
            self._publish({marker.name: b""}, {})
            put(stage(marker, b""), marker)
            return self._entry(who, Action.HIDDEN, article)

    def restore(self, article: str, who: int) -> Entry | None:
        """Let a hidden article back into the archive; ``None`` when it is not hidden.

        Raises:
            UnknownArticleError, CannotWriteError: as they say.
        """
        with self._changing():
            self._current(article)
            marker = self._folder / f"{article}{HIDDEN}"
            if not marker.exists():
                return None
            self._publish({marker.name: None}, {})
            marker.unlink()
            settle(self._folder)
            return self._entry(who, Action.RESTORED, article)

    def files(self, article: str) -> Files:
        """An article's files as they are now, hidden or not, for ``drafts.draft_again``.

        Raises:
            UnknownArticleError: there is none of that name.
        """
        with self._turn:  # or one file could be of the version before
            return self._current(article)

    def holding(self, files: Files) -> str | None:
        """The article of this folder with exactly these files: what is asked for once more was done already."""
        with self._turn:
            for text in sorted(self._folder.glob("*.txt")):
                if text.stat().st_size == len(files.text) and self._current(text.stem) == files:
                    return text.stem
        return None

    def stored(self) -> tuple[str, ...]:
        """The names of the articles of this folder, sorted; hidden ones, and any that the archive lacks, too."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.txt")))

    def hidden(self) -> tuple[str, ...]:
        """The hidden articles' names, sorted."""
        return tuple(sorted(path.name.removesuffix(HIDDEN) for path in self._folder.glob(f"*{HIDDEN}")))

    def versions(self, article: str) -> tuple[Version, ...]:
        """An article's versions, oldest first; none for one of ``SEEDS_DIR`` that was never edited."""
        self._current(article)
        folder = self._versions_of(article)
        found = [path for path in folder.iterdir() if _VERSION.fullmatch(path.name)] if folder.is_dir() else []
        stamps = ((int(path.name), path.stat().st_mtime) for path in found)
        return tuple(Version(number, datetime.fromtimestamp(at, UTC)) for number, at in sorted(stamps))

    def _entry(
        self, who: int, action: Action, article: str, *, version: int | None = None, came_from: int | None = None
    ) -> Entry:
        return Entry(who, self._now(), action, article, version, came_from)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._turn:
            try:
                (self._folder / "versions").mkdir(parents=True, exist_ok=True)
                yield
            except OSError as error:
                raise CannotWriteError from error

    def _versions_of(self, article: str) -> Path:
        return self._folder / "versions" / article

    def _is_taken(self, name: str) -> bool:
        # A forgotten marker would hide a new article of that name.
        return self._is_there(name) or self._versions_of(name).exists() or (self._folder / f"{name}{HIDDEN}").exists()

    def _is_there(self, name: str) -> bool:
        return any((folder / f"{name}.txt").is_file() for folder in (self._folder, self._seeds))

    def _current(self, article: str) -> Files:
        """What the archive reads of an article. The name is of a button or a message, and may be anything."""
        if not article or article.startswith(".") or re.search(r"[/\\:\0]", article):
            raise UnknownArticleError
        for folder in (self._folder, self._seeds):
            text = folder / f"{article}.txt"
            try:
                if text.is_file():
                    sidecar = text.with_suffix(".toml")
                    return Files(text.read_bytes(), sidecar.read_bytes() if sidecar.is_file() else b"")
            except (OSError, ValueError) as error:  # a name too long for a file, or one that cannot be written as bytes
                raise UnknownArticleError from error
        raise UnknownArticleError

    def _write(self, article: str, files: Files) -> int:
        """Make ``files`` the article's newest version and put it in place; returns its number."""
        versions = self._versions_of(article)
        versions.mkdir(exist_ok=True)
        try:
            return self._write_to(versions, article, files)
        except BaseException:
            with suppress(OSError):  # not empty: an article that was there before
                versions.rmdir()
            raise

    def _write_to(self, versions: Path, article: str, files: Files) -> int:
        for interrupted in sorted(versions.glob(f"*{_PENDING}")):
            self._install(interrupted)
        if self._is_there(article):
            before, last = self._current(article), self._next(versions) - 1
            if not last or _files_in(versions / f"{last:04}") != before:
                # Of ``SEEDS_DIR``, or put here by hand: no version of it is kept yet.
                self._publish_version(versions, before, {})
                _finish(self._commit(versions, before))
        self._publish_version(versions, files, {f"{article}.txt": files.text, f"{article}.toml": files.sidecar})
        pending = self._commit(versions, files)
        return self._install(pending)

    def _publish_version(self, versions: Path, files: Files, installed: Mapping[str, bytes]) -> None:
        place = (versions / f"{self._next(versions):04}").relative_to(self._folder).as_posix()
        kept = {f"{place}/{_TEXT}": files.text, f"{place}/{_SIDECAR}": files.sidecar}
        self._publish({**kept, **installed}, dict.fromkeys(kept))  # a version of that number is nobody else's

    def _commit(self, versions: Path, files: Files) -> Path:
        """Write a version beside the others; from the rename on, it is one that will be put in place."""
        new = Path(tempfile.mkdtemp(dir=versions, prefix=_NEW))
        try:
            for name, data in ((_TEXT, files.text), (_SIDECAR, files.sidecar)):
                put(stage(new / name, data), new / name)
            pending = new.rename(versions / f"{self._next(versions):04}{_PENDING}")
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        settle(versions)
        return pending

    def _next(self, versions: Path) -> int:
        numbers = [int(found[0]) for path in versions.iterdir() if (found := _VERSION.match(path.name))]
        return max(numbers, default=0) + 1

    def _install(self, pending: Path) -> int:
        """Put a version's files where the archive reads them; done twice, it is done once."""
        files, article = _files_in(pending), pending.parent.name
        text, sidecar = self._folder / f"{article}.txt", self._folder / f"{article}.toml"
        staged: list[tuple[Path, Path]] = []
        try:
            for path, data in ((sidecar, files.sidecar), (text, files.text)):
                staged.append((stage(path, data), path))
        except BaseException:  # a full disk: nothing was touched, so this version never was
            for temporary, _ in staged:
                temporary.unlink(missing_ok=True)
            shutil.rmtree(pending, ignore_errors=True)
            raise
        # The sidecar first: a new article exists from the moment when its text does.
        for temporary, path in staged:
            put(temporary, path)
        return _finish(pending)


def _finish(pending: Path) -> int:
    """Make a version one of those that were in place; returns its number."""
    done = pending.rename(pending.with_name(pending.name.removesuffix(_PENDING)))
    settle(done.parent)
    return int(done.name)


def _files_in(version: Path) -> Files:
    try:
        return Files((version / _TEXT).read_bytes(), (version / _SIDECAR).read_bytes())
    except FileNotFoundError as error:
        raise UnknownArticleError from error
