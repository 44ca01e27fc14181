"""An archive's index as a file for the other replicas, and the archive of a file that came from another."""

from __future__ import annotations

from pathlib import Path

from bot.library import Library
from bot.settings import Settings
from index.archive import Archive
from index.parts import of_sections
from index.rules import mark
from index.sections import read, write
from index.stemming import Stemmer


class IndexFiles:
    """See ``bot.archivefiles.ArchiveFiles``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def form(self) -> str:
        """Another one when articles are read, stemmed or indexed otherwise."""
        return mark()

    def saved(self, library: Library) -> Path:
        """A file of its own, which is the caller's to delete.

        Raises:
            OSError: the folder cannot be written, or the disk is full.
        """
        path = self._settings.data_dir / "index" / "outgoing.shared"
        write(path, library.archive.sections, mark())
        return path

    def opened(self, path: Path) -> Library:
        """The archive of a file, with the word lists of this replica.

        Raises:
            SavedIndexError: the file is not whole, or of other rules.
            WordListError: a line of a word list is malformed.
        """
        stemmer = Stemmer(self._settings.data_dir / "stems.json")
        lists = (self._settings.seeds_dir / "words", self._settings.words_dir)
        index = of_sections(read(path, mark()), stemmer)
        return Library(Archive(index, stemmer=stemmer, extra_words=lists))
