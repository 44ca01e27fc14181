"""An archive larger than memory: its bulk goes to the database's server and is read from there, question by question.

Whoever finds the archive of these articles on the server already takes it as it is. So of several processes one loads
it, and all number words and articles alike.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.database_url import Server
from bot.errors import StorageError
from bot.library import Library
from bot.settings import Settings
from bot.storage.archive_tables import ArchiveTables, Stored, StoredArchive
from bot.storage.reading import Reading
from index.archive import Archive
from index.bulk import FORM, ROWS, articles, blocks, light
from index.errors import SavedIndexError
from index.parts import of_sections
from index.replacing import replacing
from index.rules import mark
from index.sections import Sections, read, write
from index.stemming import Stemmer

logger = logging.getLogger(__name__)

_ENDING = ".light"


def apart(settings: Settings, archive: Archive) -> Archive:
    """The same archive, with all that grows with its text on the server.

    Args:
        settings: with a server as ``database``.
        archive: with all of its sections, in memory or mapped from a file.

    Raises:
        StorageError: the server does not answer, refuses, or is full; or there is no room for the rest in ``DATA_DIR``.
    """
    tables, code = _tables(settings), _code(archive)
    with _writing(settings) as folder:
        stored = tables.find(code) or _loaded(tables, archive, code, folder)
    return archive.apart(*_parts(settings, stored, code))


class StoredFiles:
    """Tells other replicas which archive to take from the server; see ``bot.archivefiles.ArchiveFiles``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def form(self) -> str:
        """Another one when articles are read, indexed or kept otherwise."""
        return f"stored {FORM} {mark()}"

    def saved(self, library: Library) -> Path:
        """A file with the archive's code, which is the caller's to delete.

        Raises:
            OSError: the folder cannot be written.
        """
        path = self._settings.data_dir / "index" / "outgoing.shared"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(_code(library.archive), encoding="ascii")
        return path

    def opened(self, path: Path) -> Library:
        """The archive of that code, with the word lists of this replica; no article is read.

        Raises:
            StorageError: the server has it no more, or does not answer.
            WordListError: a line of a word list is malformed.
        """
        settings, code = self._settings, path.read_text(encoding="ascii")
        stored = _tables(settings).find(code)
        if stored is None:
            raise StorageError("the server has the archive no more")
        stemmer = Stemmer(settings.data_dir / "stems.json")
        sections, bulk = _parts(settings, stored, code)
        lists = (settings.seeds_dir / "words", settings.words_dir)
        return Library(Archive(of_sections(sections, stemmer, bulk=bulk), stemmer=stemmer, extra_words=lists))


def _parts(settings: Settings, stored: Stored, code: str) -> tuple[Sections, StoredArchive]:
    """What an archive on the server is put together from."""
    tables = _tables(settings)
    with _writing(settings) as folder:
        sections = _rest(tables, stored, code, folder)
    bulk = StoredArchive(Reading(settings.archive_url or tables.server), stored, ROWS)
    bulk.wait()
    return sections, bulk


def _tables(settings: Settings) -> ArchiveTables:
    assert isinstance(settings.database, Server)
    return ArchiveTables(settings.database)


@contextmanager
def _writing(settings: Settings) -> Iterator[Path]:
    folder = settings.data_dir / "index"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield folder
    except OSError as error:
        raise StorageError(f"{folder}: cannot be written ({error.strerror})") from error


def _code(archive: Archive) -> str:
    """Changes when the articles do, or how they are indexed and kept."""
    code = hashlib.sha256(f"{FORM} {mark()}".encode())
    for name, fingerprint in archive.fingerprints.items():
        code.update(f"\0{name}\0{fingerprint}".encode(errors="surrogatepass"))
    return code.hexdigest()


def _loaded(tables: ArchiveTables, archive: Archive, code: str, folder: Path) -> Stored:
    started, sections = time.monotonic(), archive.sections
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        path = Path(temporary, "rest")
        write(path, light(sections), code)
        stored = tables.load(code, path.read_bytes(), ROWS, articles(sections), blocks(sections))
    logger.info("archive %d is on the server, after %.1f s", stored.number, time.monotonic() - started)
    return stored


def _rest(tables: ArchiveTables, stored: Stored, code: str, folder: Path) -> Sections:
    """The sections that are not asked of the server, mapped from a file that this machine's processes share."""
    path = folder / f"{stored.digest}{_ENDING}"
    try:
        return read(path, code)
    except FileNotFoundError:
        pass
    except SavedIndexError as error:
        logger.warning("%s; it is fetched again", error)
    _keep(path, tables.rest(stored))
    for other in folder.glob(f"*{_ENDING}"):
        if other != path:
            other.unlink(missing_ok=True)  # whoever has it mapped goes on with it
    try:
        return read(path, code)
    except SavedIndexError as error:
        raise StorageError(f"archive {stored.number} came otherwise than it was stored ({error})") from None


def _keep(path: Path, pieces: Iterable[bytes]) -> None:
    with replacing(path) as file:
        file.writelines(pieces)
