"""Connections to a PostgreSQL server: a few that are taken in turn, none of which is waited for without an end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import select
import socket
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import psycopg

from bot.database_url import Server
from bot.errors import StorageError, UnreachableError

Connection = psycopg.AsyncConnection[tuple[Any, ...]]

# Of one process; small servers take twenty in all, and replicas share them.
MOST_CONNECTIONS = 5
# What shows in the server's list of who is connected.
APPLICATION = "arsip-sosial-bot"
# How long a statement may take, the wait for others' locks included; and how long once one has taken longer, until
# another succeeds: many that wait one after the other would keep people waiting, and the program from ending.
PATIENT_SECONDS, IMPATIENT_SECONDS = 5.0, 0.5
# After a server has turned somebody away, nobody knocks for so long.
PAUSE_SECONDS = 1.0
# A dead machine says nothing: noticed after some 10 s. PostgreSQL's library reads these; what the URL says goes first.
_DEFAULTS = {
    "connect_timeout": "3", "keepalives_idle": "5", "keepalives_interval": "2", "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}  # fmt: skip
# What a server says that lets nobody in now and may soon: https://www.postgresql.org/docs/current/errcodes-appendix.html
# 57P03 and 53300, whose codes its library does not hand on.
_LATER = re.compile("starting up|shutting down|in recovery|not yet accepting|too many|connection slots", re.IGNORECASE)


class Connections:
    """At most ``MOST_CONNECTIONS``, made when they are wanted and kept."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._idle: list[Connection] = []
        self._made = 0  # or being made
        self._returned = asyncio.Condition()
        self._closed = False
        self._again, self._why = 0.0, ""
        self._patient = True

    async def dial(self) -> Connection:
        """One more, which is the caller's to close; every statement is a transaction of its own.

        Raises:
            UnreachableError: the server does not answer now, or takes nobody more.
            StorageError: it turns this user away.
        """
        given = parameters(self.server)
        try:
            # Nothing is prepared, and nothing set for a whole session: poolers in between (PgBouncer) hand each
            # transaction to another.
            return await psycopg.AsyncConnection.connect(
                **{**given, "application_name": APPLICATION}, autocommit=True, prepare_threshold=None
            )
        except psycopg.Error as error:
            told = f"{self.server}: {without_secrets(self.server, first_line(error))}"
            if "FATAL" in told and not _LATER.search(told):
                raise StorageError(told) from None
            raise UnreachableError(told) from None

    @contextlib.asynccontextmanager
    async def taken(self) -> AsyncIterator[Connection]:
        """One for a while; thrown away when anything failed meanwhile."""
        connection, failed = await self._take(), False
        try:
            yield connection
        except BaseException:
            # It may be in the middle of something that was cancelled, or lead to a server that only reads since a
            # failover.
            failed = True
            raise
        finally:
            if failed or self._closed:
                self._made -= 1
                await connection.close()
            else:
                self._idle.append(connection)
            async with self._returned:
                self._returned.notify()

    @contextlib.contextmanager
    def deadline(self, connection: Connection) -> Iterator[None]:
        """Hang up on a server that does not answer in time; whoever waits is told that the connection was lost."""
        late = False

        def hang_up() -> None:
            nonlocal late
            late = True
            # Not closed, which is the library's to do while it waits: it reads the end.
            with (
                contextlib.suppress(OSError, psycopg.Error),
                socket.socket(fileno=os.dup(connection.fileno())) as line,
            ):
                line.shutdown(socket.SHUT_RDWR)

        timer = asyncio.get_running_loop().call_later(self.patience_seconds + 1, hang_up)
        try:
            yield
        finally:
            timer.cancel()
            self._patient = not late

    @property
    def patience_seconds(self) -> float:
        """How long a statement may take now."""
        return PATIENT_SECONDS if self._patient else IMPATIENT_SECONDS

    async def close(self) -> None:
        """Close those that are idle, and the others when they come back."""
        self._closed = True
        while self._idle:
            self._made -= 1
            await self._idle.pop().close()
        async with self._returned:
            self._returned.notify_all()

    async def _take(self) -> Connection:
        try:
            async with asyncio.timeout(PATIENT_SECONDS):
                while True:
                    if self._closed:
                        raise StorageError(f"{self.server}: the connections are closed")
                    while self._idle:
                        connection = self._idle.pop()
                        if not was_ended(connection):
                            return connection
                        self._made -= 1
                        await connection.close()
                    if self._made < MOST_CONNECTIONS:
                        try:
                            return await self._make()
                        except UnreachableError:
                            if not self._made:
                                raise
                    # One of ours that is in use comes back; and if that one is lost, another can be made.
                    async with self._returned:
                        await self._returned.wait()
        except TimeoutError:
            raise UnreachableError(self._why or f"{self.server}: no connection is free") from None

    async def _make(self) -> Connection:
        if time.monotonic() < self._again:
            raise UnreachableError(self._why)
        self._made += 1
        try:
            connection = await self.dial()
        except BaseException as error:
            self._made -= 1
            if isinstance(error, StorageError):
                self._again, self._why = time.monotonic() + PAUSE_SECONDS, str(error)
            raise
        self._why = ""
        return connection


def parameters(server: Server) -> dict[str, Any]:
    """What PostgreSQL's library connects with.

    Raises:
        StorageError: the URL has an option that it does not know.
    """
    try:
        given = psycopg.conninfo.conninfo_to_dict(server.url)
    except psycopg.Error as error:
        raise StorageError(f"DATABASE_URL: {server}: {without_secrets(server, first_line(error))}") from None
    return {**_DEFAULTS, **given, "client_encoding": "utf8"}


def first_line(error: psycopg.Error) -> str:
    """What went wrong, without the values that the server quotes beneath: they may be a person's."""
    told = error.diag.message_primary or str(error).partition("\n")[0]
    return " ".join(re.sub(r"^connection (?:failed|is bad): ", "", told).split())


def without_secrets(server: Server, told: str) -> str:
    """A message in which no password shows."""
    for secret in server.secrets:
        told = told.replace(secret, "***")
    return told


def was_ended(connection: psycopg.AsyncConnection[Any] | psycopg.Connection[Any]) -> bool:
    """Whether the server has hung up: on an idle connection there is nothing else to be read."""
    if connection.closed:
        return True
    line = select.poll()  # select.select knows no number above 1,023
    line.register(connection.fileno(), select.POLLIN)
    return bool(line.poll(0))
