"""The files that an archive is made of: which there are, which go before others, and whether one is as it was."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from index.errors import FolderError
from index.reading import is_named_as_article

HIDDEN = ".hidden"  # what ends the name of the file that hides an article
# A file changed so shortly before it was looked at may be changed again within the same tick of its clock.
_SETTLED_AFTER = 2_000_000_000  # nanoseconds
Stamp = tuple[int, int]
"""A file's size in bytes and its time of change in nanoseconds."""
NO_FILE: Stamp = (-1, -1)


class Source(NamedTuple):
    """An article's file, and what lies beside it, as they are on the disk."""

    folder: str
    name: str
    stamp: Stamp
    sidecar: Stamp

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.folder, self.name)

    @property
    def id(self) -> str:
        """The article's id."""
        return self.name[: -len(".txt")]

    def digest(self) -> str:
        """A hash of the content of both files; empty when they cannot be read."""
        found = hashlib.sha256()
        files = [self.path, *([self.path.with_suffix(".toml")] if self.sidecar != NO_FILE else [])]
        try:
            for file in files:
                if not file.is_file():  # a folder named so, or a pipe, which reading would wait for
                    return ""
                found.update(b"\0" + file.read_bytes())
        except OSError:
            return ""
        return found.hexdigest()

    def settled(self, now: int) -> bool:
        """Whether a change after ``now`` (in nanoseconds) would show in the stamps."""
        return max(self.stamp[1], self.sidecar[1]) < now - _SETTLED_AFTER


@dataclass(frozen=True, slots=True)
class _Folder:
    """What a look at a folder found: lists, as a start needs no more than to compare them.

    Args:
        names: the files that may be articles, in order, and beside them their ``stamps``.
        sidecars: the stamps of those that there are, by the names of their articles.
        hidden: ids.
    """

    path: str
    names: list[str]
    stamps: list[Stamp]
    sidecars: dict[str, Stamp]
    hidden: frozenset[str]

    def __iter__(self) -> Iterator[Source]:
        for name, stamp in zip(self.names, self.stamps, strict=True):
            yield Source(self.path, name, stamp, self.sidecars.get(name, NO_FILE))


class Sources:
    """The files of an archive's folders, in the order of its articles; hidden ones are left out.

    ``state`` changes whenever a file does, comes, goes, is hidden or shown again.
    """

    def __init__(self, seeds: Path, added: Path | None, own: _Folder, over: _Folder | None) -> None:
        self.seeds, self.added = seeds, added
        self._own, self._over = own, over
        self.hidden = over.hidden if over else frozenset[str]()
        found = hashlib.sha256(repr(sorted(self.hidden)).encode())
        for each in (own, over):
            found.update(repr(each and (each.path, each.names, each.stamps, each.sidecars)).encode())
        self.state = found.hexdigest()

    def __len__(self) -> int:
        names = chain(self._own.names, self._over.names if self._over else ())
        return sum(name[: -len(".txt")] not in self.hidden for name in names)

    def __iter__(self) -> Iterator[Source]:
        return (source for group in self.groups.values() for source in group)

    @cached_property
    def groups(self) -> Mapping[str, tuple[Source, ...]]:
        """For each id the files that may be it, those of ``added`` first."""
        every = list(self._own)
        if self.added is not None:
            every = sorted([*(self._over or ()), *every], key=lambda source: source.id)
        groups: dict[str, tuple[Source, ...]] = {}
        for source in every:
            name = source.id
            if name not in self.hidden:
                groups[name] = (*groups.get(name, ()), source)
        return groups


def list_sources(seeds: Path, added: Path | None) -> Sources:
    """Look at the files of two folders; ``added`` may be missing.

    Raises:
        FolderError: ``seeds`` is missing, no folder, unreadable, or has no file that may be an article.
    """
    own = _look_at(seeds)
    if not own.names:
        raise FolderError(f"{seeds}: found no usable article, expected at least one .txt file with text")
    over = None
    if added is not None:
        with suppress(FolderError):
            over = _look_at(added)
    return Sources(seeds, added, own, over)


def _look_at(folder: Path) -> _Folder:
    stamps: dict[str, Stamp] = {}
    try:
        with _opened(folder) as where, os.scandir(where) as entries:
            for entry in entries:
                try:
                    state = entry.stat()
                except OSError:  # gone meanwhile, or a link to nothing: reading it says what is wrong
                    stamps[entry.name] = NO_FILE
                else:
                    stamps[entry.name] = state.st_size, state.st_mtime_ns
    except FileNotFoundError as error:
        raise FolderError(f"{folder}: found nothing there, expected a folder of .txt articles") from error
    except NotADirectoryError as error:
        raise FolderError(f"{folder}: found a file, expected a folder of .txt articles") from error
    except OSError as error:
        raise FolderError(f"{folder}: cannot be read ({error.strerror}), expected a folder of .txt articles") from error
    names = sorted(filter(is_named_as_article, stamps))
    return _Folder(
        str(folder),
        names,
        [stamps[name] for name in names],
        {name: stamps[beside] for name in names if (beside := f"{name[:-4]}.toml") in stamps},
        frozenset(name.removesuffix(HIDDEN) for name in stamps if name.endswith(HIDDEN)),
    )


@contextmanager
def _opened(folder: Path) -> Iterator[int | Path]:
    """A folder to list: opened, where the system can, as its files are looked at sooner than by their whole paths."""
    if os.scandir not in os.supports_fd:
        yield folder
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
