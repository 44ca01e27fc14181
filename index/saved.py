"""The index of folders of articles, kept in a file between runs: only what changed is read, and processes share it.

The file is replaced as a whole, by one process at a time, and anything wrong with it costs a rebuild and no more: what
is in it can always be made again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.article import Article
from index.building import built
from index.errors import ArticleError, FolderError, SavedIndexError
from index.filelock import locked
from index.forward import Forward, ForwardWriter
from index.passages import passages
from index.reading import read_article
from index.rules import mark
from index.sections import Sections, read, write
from index.sources import Source, Sources, Stamp, list_sources
from index.stemming import Stemmer, rules_mark
from index.vocabulary import Vocabulary

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with (articles done, articles in all) from the calling thread."""

_LOOK_EVERY = 0.2  # seconds, while another process builds
_Refusal = tuple[str, str, int | None]  # an error's path, problem and line


@dataclass(frozen=True, slots=True)
class Opened:
    """An index and the files that could not be used."""

    sections: Sections
    refused: tuple[ArticleError, ...]


def open_index(
    seeds: Path, added: Path | None, folder: Path | None, stemmer: Stemmer, progress: Progress | None
) -> Opened:
    """The index of the articles in ``seeds`` and ``added``, as ``Archive.open`` has them.

    Args:
        seeds: a folder of articles.
        added: the folder that lies over it.
        folder: where indexes are kept; ``None`` keeps none.
        stemmer: stems new words, and then knows those of the index.
        progress: told of each article.

    Raises:
        FolderError: ``seeds`` is missing, or holds no article that can be used, or all are hidden.
    """
    tell = progress or (lambda done, total: None)
    if folder is None:
        return _opened(_made(list_sources(seeds, added), None, stemmer, tell))
    path = folder / f"{_key(seeds, added)}.idx"
    with ThreadPoolExecutor(1) as beside:  # each half of a start: the index is checked while the files are looked at
        reading = beside.submit(_read, path)
        sources = list_sources(seeds, added)
        found = reading.result()
    if found is None or not _is_of(found, sources):
        stemmer.rely_on(_stems(found or _read(path, any_rules=True)))
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _alone(path.with_suffix(".lock"), lambda: tell(0, len(sources))):
                found = _read(path)  # another process may have made it meanwhile
                if found is None or not _is_of(found, sources):
                    found = _replaced(path, sources, found, stemmer, tell)
        except OSError as error:
            logger.warning("%s: no index can be kept there (%s)", path, error.strerror)
            found = _made(sources, found, stemmer, tell)
    else:
        tell(len(sources), len(sources))
    stemmer.rely_on(_stems(found))
    return _opened(found)


def _key(seeds: Path, added: Path | None) -> str:
    folders = [str(folder.absolute()) for folder in (seeds, added) if folder is not None]
    return hashlib.sha256("\0".join(folders).encode(errors="surrogateescape")).hexdigest()[:16]


def _stems(sections: Sections | None) -> Callable[[str], str | None]:
    """The stems that an index has, if they were made as they would be now; the word lists may have changed since."""
    by = sections.get("stemmed_by") if sections else None
    if sections is None or by is None or bytes(by).decode() != rules_mark():
        return lambda word: None
    words, stems = Vocabulary(sections, "words"), sections["stems"].data
    return lambda word: words[stems[number]] if (number := words.find(word)) >= 0 else None


def _read(path: Path, *, any_rules: bool = False) -> Sections | None:
    try:
        return read(path, None if any_rules else mark())
    except FileNotFoundError:
        return None
    except SavedIndexError as error:
        logger.warning("%s; the articles are read again", error)
        return None


def _is_of(sections: Sections, sources: Sources) -> bool:
    return bytes(sections["files_state"]).decode() == sources.state


def _opened(sections: Sections) -> Opened:
    refused: list[_Refusal] = json.loads(bytes(sections["files_refused"]))
    return Opened(sections, tuple(ArticleError(path, problem, line=line) for path, problem, line in refused))


def _replaced(path: Path, sources: Sources, before: Sections | None, stemmer: Stemmer, tell: Progress) -> Sections:
    """Make the index anew and put it in the place of the one before; the one in memory when it cannot be kept."""
    for left in path.parent.glob(f"{path.name}.*"):  # of a process that was killed while it wrote
        left.unlink(missing_ok=True)
    made = _made(sources, before, stemmer, tell)
    try:
        write(path, made, mark())
        return read(path, mark())
    except (OSError, SavedIndexError) as error:
        logger.warning("%s: cannot be kept (%s); it is made again at the next start", path, error)
        return made


# -- making it --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Known:
    """What came of a file: its article's number in the index before, its article, or why there is none."""

    stamp: Stamp
    sidecar: Stamp
    digest: str
    number: int | None = None
    article: Article | None = None
    refusal: _Refusal | None = None


def _made(sources: Sources, before: Sections | None, stemmer: Stemmer, tell: Progress) -> Sections:
    now, total, done = time.time_ns(), len(sources), 0
    known = _known(before)
    words = Vocabulary(before, "words") if before else ()
    writer = ForwardWriter(passages, words, Forward(before) if before else None)
    kept: list[tuple[Any, ...]] = []
    refused: dict[str, list[_Refusal]] = {}
    numbers: list[int | None] = []
    try:
        for group in sources.groups.values():
            taken: str | None = None  # the folder whose file is the article
            for source in group:
                if taken is None:
                    outcome = _outcome(source, known.get((source.folder, source.name)), now)
                elif taken == source.folder:
                    problem = f"found a second article named {source.id!r}, expected each name once"
                    outcome = _Known(source.stamp, source.sidecar, "", refusal=(str(source.path), problem, None))
                else:
                    outcome = _Known(source.stamp, source.sidecar, "")  # one of ``added`` goes before it
                number = None
                if outcome.refusal is not None:
                    refused.setdefault(source.folder, []).append(outcome.refusal)
                elif outcome.number is not None or outcome.article is not None:
                    if outcome.article is not None:
                        writer.add(outcome.article)
                    elif outcome.number is not None:
                        writer.copy(outcome.number)
                    taken, number = source.folder, len(numbers)
                    numbers.append(outcome.number)  # in the index before
                if outcome.digest:
                    stamps = (*outcome.stamp, *outcome.sidecar)
                    kept.append((source.folder, source.name, *stamps, outcome.digest, number, outcome.refusal))
                done += 1
                tell(done, total)
        if not numbers:
            raise _nothing_usable(sources, refused)
        rows = before
        if rows is None or numbers != list(range(len(rows["first"]) - 1)):
            rows = built(writer.sections(), list(writer.words), stemmer.stem)
    except BaseException:
        stemmer.save()  # what was learnt is not lost with the rest
        raise
    refusals = [*refused.get(str(sources.seeds), ()), *refused.get(str(sources.added), ())]
    return {
        **rows,
        # Where a change might leave no trace, the next start looks closer.
        "files_state": _text(sources.state if all(source.settled(now) for source in sources) else ""),
        "files": _text(json.dumps(kept)),
        "files_refused": _text(json.dumps(refusals)),
    }


def _outcome(source: Source, before: _Known | None, now: int) -> _Known:
    if before is not None and (before.stamp, before.sidecar) == (source.stamp, source.sidecar):
        return before
    # What may change again without a trace in its stamps is compared by its content next time.
    stamps = (source.stamp, source.sidecar) if source.settled(now) else ((-2, -2), (-2, -2))
    digest = source.digest()
    if before is not None and digest and digest == before.digest:
        return _Known(*stamps, digest, before.number, None, before.refusal)
    try:
        return _Known(*stamps, digest, article=read_article(source.path))
    except ArticleError as error:
        return _Known(*stamps, digest, refusal=(error.path, error.problem, error.line))


def _known(before: Sections | None) -> dict[tuple[str, str], _Known]:
    rows = json.loads(bytes(before["files"])) if before else []
    return {
        (folder, name): _Known((size, at), (beside, beside_at), digest, number, None, refusal and tuple(refusal))
        for folder, name, size, at, beside, beside_at, digest, number, refusal in rows
    }


def _nothing_usable(sources: Sources, refused: dict[str, list[_Refusal]]) -> FolderError:
    every = [each for refusals in refused.values() for each in refusals]
    if not every and sources.hidden:
        return FolderError(f"{sources.added}: found every article hidden, expected at least one that is not")
    why = ""
    if every:
        path, problem, line = every[0]
        why = f"; the first of {len(every)} refused: {ArticleError(path, problem, line=line)}"
    return FolderError(f"{sources.seeds}: found no usable article, expected at least one .txt file with text{why}")


def _text(text: str) -> np.ndarray[Any, Any]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


# -- one process at a time --------------------------------------------------------------------------------------------


@contextmanager
def _alone(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold a lock that the system lets go of however the process ends; ``waiting`` is called while another has it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not locked(descriptor):
            waiting()
            time.sleep(_LOOK_EVERY)
        yield
    finally:
        os.close(descriptor)
