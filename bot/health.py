"""A port that answers "ok", for hosts that give a process a PORT and stop it unless something listens there."""

from __future__ import annotations

import asyncio
import logging

logger = logging.getLogger(__name__)

_RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n"
LONGEST_WAIT_SECONDS = 5


async def listen(port: int) -> asyncio.Server | None:
    """Answer every request on ``port`` with "ok"; ``None`` when the port is taken, as polling works without it."""
    try:
        # All interfaces: the host's router is outside the container.
        server = await asyncio.start_server(_answer, "0.0.0.0", port)  # noqa: S104
    except OSError as error:
        logger.warning("PORT %d: cannot listen (%s); polling goes on without", port, error.strerror)
        return None
    logger.info("health check on port %d", port)
    return server


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), LONGEST_WAIT_SECONDS)
        writer.write(_RESPONSE)
        await writer.drain()
    except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        pass  # not a health check, or gone
    finally:
        writer.close()
