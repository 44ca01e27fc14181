"""Archives whose bulk is kept on a PostgreSQL server: loaded whole, each into tables of its own, and read by number.

Nothing in such a table is ever changed: a new archive is new tables, and one row more that names them. So whoever reads
the one before goes on with it, on the server itself or on one that follows it, until the tables are dropped.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from bot.database_url import Server
from bot.errors import StorageError
from bot.storage.postgresql import told
from bot.storage.reading import Connection, Reading, dialled

logger = logging.getLogger(__name__)

# Any number, the same for every process: who loads an archive holds the lock of that number.
_LOCK = 7_015_209_215
# The newest, those before it that replicas may still read, and one that another version of the program made.
KEPT = 3
_PARTITIONS = 8
_PIECE_BYTES = 1 << 20
# How far a server that follows another may be behind when an archive is put in place.
_FOLLOWED_SECONDS = 60.0
# Dropping old tables can wait: whoever reads them has this long to finish.
_DROP_PATIENCE = "2s"


Block = tuple[int, int, int, int, bytes, bytes]
"""Some of a term's postings: kind, term, number, first, gaps and counts; see ``index.bulk.Block``."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An archive on the server; ``digest`` is the SHA-256 of the file with the rest of its index."""

    number: int
    digest: str


class ArchiveTables:
    """The archives of a server. For threads: each call takes its time, and a connection of its own."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def find(self, code: str) -> Stored | None:
        """The newest archive of that code."""
        with _connected(self.server) as connection:
            return _find(connection, code)

    def load(
        self,
        code: str,
        rest: bytes,
        columns: Sequence[str],
        articles: Iterable[tuple[int, Sequence[bytes]]],
        blocks: Iterable[Block],
    ) -> Stored:
        """Store an archive, all of it or nothing, unless another process did so meanwhile.

        Args:
            code: of its articles and of the rules that they were indexed by.
            rest: the file with what is not asked of the server, in pieces to whoever wants it.
            columns: the names of an article's rows.
            articles: number and rows.
            blocks: the postings.

        Raises:
            StorageError: the server does not answer, refuses, or is full; nothing was stored.
        """
        with _connected(self.server) as connection:
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                found = _find(connection, code)
                if found is not None:
                    return found
                ((number,),) = connection.execute("SELECT coalesce(max(number), 0) + 1 FROM stored_archives").fetchall()
                stored = Stored(int(number), hashlib.sha256(rest).hexdigest())
                _fill(connection, stored.number, columns, articles, blocks)
                connection.execute(
                    "INSERT INTO stored_archives (number, code, digest) VALUES (%s, %s, %s)",
                    (stored.number, code, stored.digest),
                )
                for piece, at in enumerate(range(0, len(rest), _PIECE_BYTES)):
                    connection.execute(
                        "INSERT INTO stored_archive_pieces (archive, piece, content) VALUES (%s, %s, %s)",
                        (stored.number, piece, rest[at : at + _PIECE_BYTES]),
                    )
            # So that no reader, least of all on a server that only follows, has to find out what is visible.
            for table in _tables(stored.number):
                connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(table))
            _drop_old(connection)
            return stored

    def rest(self, stored: Stored) -> Iterator[bytes]:
        """The file that was stored with an archive, in pieces; fewer when the archive is dropped meanwhile."""
        with _connected(self.server) as connection:
            for piece in range(1 << 31):
                row = connection.execute(
                    "SELECT content FROM stored_archive_pieces WHERE archive = %s AND piece = %s",
                    (stored.number, piece),
                ).fetchone()
                if row is None:
                    return
                yield bytes(row[0])

    def drop(self, stored: Stored) -> None:
        """Drop an archive's tables; whoever reads it is told that it is gone."""
        with _connected(self.server) as connection:
            _drop(connection, stored.number)


class StoredArchive:
    """One archive's bulk, read from a server; what ``index.bulk.Bulk`` asks for.

    Args:
        reading: connections to the server, or to one that follows it.
        stored: the archive.
        columns: the names of an article's rows, as it was loaded.
    """

    def __init__(self, reading: Reading, stored: Stored, columns: Sequence[str]) -> None:
        self._reading, self._stored = reading, stored
        blocks, articles = (f"archive_{stored.number:d}_{part}" for part in ("blocks", "articles"))
        # The names are a number of ours and words of the program's.
        self._blocks = (
            f"SELECT term, first, gaps, counts FROM {blocks}"  # nosec B608 # noqa: S608
            " WHERE kind = %s AND term = ANY(%s) ORDER BY term, number"
        )
        self._articles = f"SELECT number, {', '.join(columns)} FROM {articles} WHERE number = ANY(%s)"  # nosec B608 # noqa: S608

    def wait(self, seconds: float = _FOLLOWED_SECONDS) -> None:
        """Wait until it can be read: a server that follows another is somewhat behind.

        Raises:
            StorageError: it cannot be by then.
        """
        deadline = time.monotonic() + seconds
        while not self._reading.read("SELECT 1 FROM stored_archives WHERE number = %s", (self._stored.number,)):
            if time.monotonic() > deadline:
                raise StorageError(f"{self._reading.server}: archive {self._stored.number} has not come in {seconds} s")
            time.sleep(0.1)

    def blocks(self, kind: int, terms: Sequence[int]) -> list[tuple[int, int, bytes, bytes]]:
        """(term, first, gaps, counts) of every block of the terms, each term's in order."""
        rows = self._reading.read(self._blocks, (kind, list(terms)))
        return [(term, first, gaps, counts) for term, first, gaps, counts in rows]

    def articles(self, numbers: Sequence[int]) -> list[tuple[int, tuple[bytes, ...]]]:
        """(number, rows) of each article."""
        rows = self._reading.read(self._articles, (list(numbers),))
        if len(rows) < len(numbers):
            raise StorageError(f"{self._reading.server}: archive {self._stored.number} lacks articles that it had")
        return [(number, found) for number, *found in rows]  # type: ignore[misc]


@contextmanager
def _connected(server: Server) -> Iterator[Connection]:
    with told(f"{server}: "), closing(dialled(server)) as connection:
        yield connection


def _find(connection: Connection, code: str) -> Stored | None:
    row = connection.execute(
        "SELECT number, digest FROM stored_archives WHERE code = %s ORDER BY number DESC LIMIT 1", (code,)
    ).fetchone()
    return Stored(*row) if row else None


def _tables(number: int) -> tuple[sql.Identifier, sql.Identifier]:
    return sql.Identifier(f"archive_{number:d}_blocks"), sql.Identifier(f"archive_{number:d}_articles")


def _fill(
    connection: Connection,
    number: int,
    columns: Sequence[str],
    articles: Iterable[tuple[int, Sequence[bytes]]],
    postings: Iterable[Block],
) -> None:
    blocks, rows = _tables(number)
    # After a backup was restored there may be tables of that number that nobody knows of.
    connection.execute(sql.SQL("DROP TABLE IF EXISTS {}, {}").format(blocks, rows))
    connection.execute(
        sql.SQL(
            "CREATE TABLE {} (kind SMALLINT NOT NULL, term INTEGER NOT NULL, number INTEGER NOT NULL,"
            " first INTEGER NOT NULL, gaps BYTEA NOT NULL, counts BYTEA NOT NULL) PARTITION BY HASH (term)"
        ).format(blocks)
    )
    for part in range(_PARTITIONS):
        name = sql.Identifier(f"archive_{number:d}_blocks_{part}")
        values = sql.SQL("CREATE TABLE {} PARTITION OF {} FOR VALUES WITH (MODULUS {}, REMAINDER {})")
        connection.execute(values.format(name, blocks, _PARTITIONS, part))
        # Numbers of a byte or two are hardly made smaller by compressing them, and are slower to get.
        stored = sql.SQL("ALTER TABLE {} ALTER gaps SET STORAGE EXTERNAL, ALTER counts SET STORAGE EXTERNAL")
        connection.execute(stored.format(name))
    connection.execute(
        sql.SQL("CREATE TABLE {} (number INTEGER NOT NULL, {})").format(
            rows, sql.SQL(", ").join(sql.SQL("{} BYTEA NOT NULL").format(sql.Identifier(each)) for each in columns)
        )
    )
    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(rows)) as copy:
        copy.set_types(["int4", *("bytea" for _ in columns)])
        for article, found in articles:
            copy.write_row((article, *found))
    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(blocks)) as copy:
        copy.set_types(["int2", "int4", "int4", "int4", "bytea", "bytea"])
        for block in postings:
            copy.write_row(block)
    # Afterwards, which is quicker.
    connection.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (number)").format(rows))
    connection.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (kind, term, number)").format(blocks))


def _drop_old(connection: Connection) -> None:
    old = connection.execute(
        # And those that nobody knows of any more, since a backup was restored.
        "(SELECT number FROM stored_archives ORDER BY number DESC OFFSET %s) UNION"
        " SELECT (regexp_match(relname, '^archive_([0-9]+)_articles$'))[1]::bigint FROM pg_class"
        " WHERE relnamespace = current_schema()::regnamespace AND relname ~ '^archive_[0-9]+_articles$'"
        " EXCEPT SELECT number FROM (SELECT number FROM stored_archives ORDER BY number DESC LIMIT %s) kept",
        (KEPT, KEPT),
    ).fetchall()
    for (number,) in old:
        try:
            _drop(connection, number)
        except psycopg.Error as error:
            logger.warning("archive %d: cannot be dropped yet (%s)", number, type(error).__name__)


def _drop(connection: Connection, number: int) -> None:
    with connection.transaction():
        connection.execute("SELECT set_config('lock_timeout', %s, true)", (_DROP_PATIENCE,))
        connection.execute("DELETE FROM stored_archives WHERE number = %s", (number,))
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}, {}").format(*_tables(number)))
