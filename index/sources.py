"""The files that an archive is made of: which there are, which go before others, and whether one is as it was."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
class Sources:
    """The files of an archive's folders, in the order of its articles.

    ``groups`` has for each id the files that may be it, those of ``added`` first; hidden ones are left out.
    """

    seeds: Path
    added: Path | None
    groups: Mapping[str, tuple[Source, ...]]
    hidden: frozenset[str]

    def __iter__(self) -> Iterator[Source]:
        return (source for group in self.groups.values() for source in group)

    @property
    def state(self) -> str:
        """Changes exactly when a file does, comes or goes."""
        every = "\n".join([f"{each.folder}\0{each.name}\0{each.stamp}{each.sidecar}" for each in self])
        return hashlib.sha256(every.encode(errors="surrogateescape")).hexdigest()


def list_sources(seeds: Path, added: Path | None) -> Sources:
    """Look at the files of two folders; ``added`` may be missing.

    Raises:
        FolderError: ``seeds`` is missing, no folder, unreadable, or has no file that may be an article.
    """
    own, _ = _files(seeds)
    if not own:
        raise FolderError(f"{seeds}: found no usable article, expected at least one .txt file with text")
    if added is None:
        return Sources(seeds, None, _grouped(own, frozenset()), frozenset())
    try:
        over, hidden = _files(added)
    except FolderError:
        over, hidden = [], frozenset()
    by_id = sorted([*over, *own], key=lambda source: source.id)
    return Sources(seeds, added, _grouped(by_id, hidden), hidden)


def _grouped(sources: list[Source], hidden: frozenset[str]) -> dict[str, tuple[Source, ...]]:
    groups: dict[str, tuple[Source, ...]] = {}
    for source in sources:
        name = source.id
        if name not in hidden:
            groups[name] = (*groups.get(name, ()), source)
    return groups


def _files(folder: Path) -> tuple[list[Source], frozenset[str]]:
    """The files that may be articles, sorted by name, and the ids that are hidden."""
    try:
        with os.scandir(folder) as entries:
            found = {entry.name: entry for entry in entries}
    except FileNotFoundError as error:
        raise FolderError(f"{folder}: found nothing there, expected a folder of .txt articles") from error
    except NotADirectoryError as error:
        raise FolderError(f"{folder}: found a file, expected a folder of .txt articles") from error
    except OSError as error:
        raise FolderError(f"{folder}: cannot be read ({error.strerror}), expected a folder of .txt articles") from error
    sources, where = [], str(folder)
    for name in sorted(filter(is_named_as_article, found)):
        sidecar = found.get(f"{name[:-4]}.toml")
        sources.append(Source(where, name, _stamp(found[name]), _stamp(sidecar) if sidecar else NO_FILE))
    return sources, frozenset(name.removesuffix(HIDDEN) for name in found if name.endswith(HIDDEN))


def _stamp(entry: os.DirEntry[str]) -> Stamp:
    try:
        state = entry.stat()
    except OSError:  # gone meanwhile, or a link to nothing: reading it says what is wrong
        return NO_FILE
    return state.st_size, state.st_mtime_ns
