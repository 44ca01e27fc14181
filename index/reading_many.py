"""Many articles' files -> ``Article``s in their order, read by several processes at once when there are enough of them.

The readers are this program again, started by name and fed through pipes: ``multiprocessing`` would import the caller's
main module once more in each of them, which costs a bot a second each and runs an unguarded script twice. They work in
any thread; where none can be started, or one ends early, its articles are read here.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from index.article import Article
from index.errors import ArticleError
from index.reading import read_article

# Starting readers takes as long as reading about 400 articles.
FEW = 1_000
_MOST_READERS = 8
_BATCH = 50  # articles a message; a reader is this many ahead of who reads, and what its pipe holds
_ROOT = Path(__file__).parents[1]
_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "VIRTUAL_ENV")  # none of the caller's secrets


def read_articles(paths: Sequence[Path], *, readers: int | None = None) -> Iterator[Article | ArticleError]:
    """Read each of ``paths``, in order: as ``read_article`` returns it, or the error that it raises.

    ``readers`` is how many processes to read with, 1 for none but this one; by default as many as there are processors
    when there are ``FEW`` paths or more. Ending the iteration early ends them.
    """
    if readers is None:
        readers = min(_processors(), _MOST_READERS) if len(paths) >= FEW else 1
    if readers <= 1:
        yield from map(_read, paths)
        return
    batches = [paths[at : at + _BATCH] for at in range(0, len(paths), _BATCH)]
    started = [_start(batches[number::readers]) for number in range(readers)]
    try:
        for number, batch in enumerate(batches):
            reader = started[number % readers]
            read = _received(reader) if reader else None
            if reader and read is None:
                _end(reader)
                started[number % readers] = None
            if read is None:
                yield from map(_read, batch)
            else:
                yield from read
    finally:
        for reader in filter(None, started):
            _end(reader)


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _read(path: Path) -> Article | ArticleError:
    try:
        return read_article(path)
    except ArticleError as error:
        return error


def _start(batches: Sequence[Sequence[Path]]) -> subprocess.Popen[bytes] | None:
    """Start a reader and tell it what to read; ``None`` when that cannot be done."""
    environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    try:
        reader = subprocess.Popen(
            [sys.executable, "-m", "index.reading_many"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment, "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
        )
    except (OSError, ValueError):
        return None
    try:
        # It reads all of this before it writes anything, so neither waits for the other.
        with reader.stdin as told:  # type: ignore[union-attr]
            pickle.dump(batches, told)
    except OSError:
        _end(reader)
        return None
    return reader


def _end(reader: subprocess.Popen[bytes]) -> None:
    reader.kill()
    if reader.stdout:
        reader.stdout.close()
    reader.wait()


def _received(reader: subprocess.Popen[bytes]) -> list[Article | ArticleError] | None:
    """Return a reader's next batch; ``None`` when it has ended before its time."""
    try:
        batch = pickle.load(reader.stdout)  # type: ignore[arg-type]  # noqa: S301 - what this program itself writes
    except (EOFError, OSError, pickle.UnpicklingError):
        return None
    return [each if isinstance(each, Article) else ArticleError(each[0], each[1], line=each[2]) for each in batch]


def serve(told: BinaryIO, answer: BinaryIO) -> None:
    """Be a reader: take batches of paths, and write each batch of what is read as soon as it is."""
    for batch in pickle.load(told):  # noqa: S301 - what this program itself writes
        # An error is sent by its parts: it cannot be put together from its message.
        read = [
            each if isinstance(each, Article) else (each.path, each.problem, each.line) for each in map(_read, batch)
        ]
        pickle.dump(read, answer, pickle.HIGHEST_PROTOCOL)
        answer.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
