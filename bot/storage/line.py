"""A connection of a process's own: on it others' announcements are heard, and no one else's statement is waited for."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Sequence

import psycopg

from bot.errors import ServerDownError, StorageError, UnreachableError
from bot.storage.connections import Connection, Connections, first_line
from bot.storage.database import Row, Value

# What is said, by the system and by a server, where nobody at all is let in.
_DOWN = re.compile("refused|no such file|starting up|shutting down|in recovery|not yet accepting", re.IGNORECASE)


class Line:
    """Made when it is first used, and again after whatever broke it; ``channels`` are those it listens on.

    A pooler in between (PgBouncer) may carry no announcement: nobody may rely on hearing one.
    """

    def __init__(self, connections: Connections, channels: Sequence[str]) -> None:
        self._connections = connections
        self._channels = channels
        self._connection: Connection | None = None

    async def execute(self, statement: str, *values: Value) -> list[Row]:
        """One statement in a transaction of its own; its rows.

        Raises:
            ServerDownError: there is no server at this moment.
            StorageError: it fails; the line is dropped, and made anew by the next one.
        """
        try:
            connection = self._connection or await self._dialled()
            with self._connections.deadline(connection):
                cursor = await connection.execute(statement.replace("?", "%s").encode(), values or None)
                return await cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            await self.close()
            raise StorageError(first_line(error)) from None
        except BaseException:
            await self.close()  # in the middle of something
            raise

    async def hear(self, seconds: float) -> list[tuple[str, str]]:
        """Wait for announcements, (channel, text) each: those that came together, [] after so many seconds.

        Raises:
            UnreachableError: the line was cut.
        """
        if self._connection is None:
            await asyncio.sleep(seconds)
            return []
        heard = []
        try:
            async for notify in self._connection.notifies(timeout=seconds, stop_after=1):
                heard.append((notify.channel, notify.payload))  # noqa: PERF401 - what came before a cut counts, too
        except psycopg.Error as error:
            await self.close()
            raise UnreachableError(first_line(error)) from None
        return heard

    async def close(self) -> None:
        """Hang up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(psycopg.Error):
                await connection.close()

    async def _dialled(self) -> Connection:
        try:
            self._connection = await self._connections.dial()
        except UnreachableError as error:
            raise (ServerDownError if _DOWN.search(str(error)) else UnreachableError)(str(error)) from None
        for channel in self._channels:
            with self._connections.deadline(self._connection):
                await self._connection.execute(f'LISTEN "{channel}"'.encode())
        return self._connection
