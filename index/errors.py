"""The errors of this package: one root, each message saying which file, what was found and what was expected."""

from __future__ import annotations

from pathlib import Path


class ArchiveError(Exception):
    """Root of everything this package raises on purpose."""


class ArticleError(ArchiveError):
    """One article file cannot be used; the others still can.

    ``str(error)`` is located: ``seeds/x.txt: line 3: found ..., expected ...``.
    """

    def __init__(self, path: Path | str, problem: str, *, line: int | None = None) -> None:
        self.path = str(path)
        self.line = line
        self.problem = problem
        where = self.path if line is None else f"{self.path}: line {line}"
        super().__init__(f"{where}: {problem}")


class FolderError(ArchiveError):
    """The folder of articles is missing, unreadable, or holds no article that can be used."""


class WordListError(ArchiveError):
    """A line of a word list (gazetteer, synonyms, slang, ...) is malformed; located like ``ArticleError``."""

    def __init__(self, path: Path | str, line: int, problem: str) -> None:
        super().__init__(f"{path}: line {line}: {problem}")


class QuestionFileError(ArchiveError):
    """A line of a question file (evaluation, JSONL input) cannot be read."""


class SavedIndexError(ArchiveError):
    """A saved index cannot be used, and has to be made again: of another version, cut short, or damaged."""

    def __init__(self, path: Path | str, problem: str) -> None:
        super().__init__(f"{path}: {problem}, expected an index saved by this version of the program")
