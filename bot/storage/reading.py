"""Connections for threads that read from a PostgreSQL server: taken in turn, kept, never waited for without an end."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from bot.database_url import Server
from bot.errors import StorageError, UnreachableError
from bot.storage.connections import (
    APPLICATION,
    PATIENT_SECONDS,
    PAUSE_SECONDS,
    first_line,
    parameters,
    was_ended,
    without_secrets,
)
from bot.storage.postgresql import told

Connection = psycopg.Connection[tuple[Any, ...]]

# Of one archive; as many questions read at once, and others wait for their turn.
MOST_READERS = 8


class Reading:
    """At most ``MOST_READERS`` connections; the server may be one that only follows another (a hot standby)."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._idle: list[Connection] = []
        self._turns = threading.BoundedSemaphore(MOST_READERS)
        self._again, self._why = 0.0, ""
        # An archive is let go of without a word when the last question to it is answered.
        weakref.finalize(self, _close, self._idle)

    def read(self, statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """Every row; values of PostgreSQL's own marks (``%s``).

        Raises:
            UnreachableError: the server does not answer now, or takes nobody more.
            StorageError: anything else.
        """
        with self._taken() as connection, told(f"{self.server}: "), _deadline(connection):
            # Bytes as they are, and not as twice as many digits.
            return connection.cursor(binary=True).execute(statement.encode(), values).fetchall()

    def close(self) -> None:
        """Close the connections that nobody uses now."""
        _close(self._idle)

    @contextlib.contextmanager
    def _taken(self) -> Iterator[Connection]:
        if not self._turns.acquire(timeout=PATIENT_SECONDS):
            raise UnreachableError(f"{self.server}: no connection is free")
        try:
            connection = self._kept() or self._made()
            try:
                yield connection
            except BaseException:
                connection.close()  # it may be lost, or lead to a server that has become another
                raise
            self._idle.append(connection)
        finally:
            self._turns.release()

    def _kept(self) -> Connection | None:
        while self._idle:
            with contextlib.suppress(IndexError):  # another thread's
                connection = self._idle.pop()
                if not was_ended(connection):
                    return connection
                connection.close()
        return None

    def _made(self) -> Connection:
        if time.monotonic() < self._again:
            raise UnreachableError(self._why)
        try:
            return dialled(self.server)
        except UnreachableError as error:
            self._again, self._why = time.monotonic() + PAUSE_SECONDS, str(error)
            raise


def dialled(server: Server) -> Connection:
    """A connection for one thread; every statement is a transaction of its own.

    Raises:
        UnreachableError: the server does not answer now, takes nobody more, or turns this user away.
        StorageError: the URL has an option that PostgreSQL's library does not know.
    """
    given = {**parameters(server), "application_name": APPLICATION}
    try:
        # As for the stores: nothing is prepared, and nothing set for a whole session.
        return psycopg.connect(**given, autocommit=True, prepare_threshold=None)
    except psycopg.Error as error:
        raise UnreachableError(f"{server}: {without_secrets(server, first_line(error))}") from None


@contextlib.contextmanager
def _deadline(connection: Connection) -> Iterator[None]:
    """Hang up on a server that does not answer in time; whoever waits is told that the connection was lost."""

    def hang_up() -> None:
        # Not closed, which is the library's to do while it waits: it reads the end.
        with contextlib.suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as line:
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(PATIENT_SECONDS + 1, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _close(idle: list[Connection]) -> None:
    while idle:
        with contextlib.suppress(IndexError, StorageError, psycopg.Error):
            idle.pop().close()
