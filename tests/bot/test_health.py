"""The port that hosts look at while the bot polls (see test_end_to_end.py for it answering)."""

from __future__ import annotations

import asyncio

from bot.health import listen


async def test_a_taken_port_only_costs_the_health_check(caplog):
    server = await asyncio.start_server(lambda reader, writer: None, "0.0.0.0", 0)
    assert await listen(server.sockets[0].getsockname()[1]) is None
    assert "polling goes on without" in caplog.text
    server.close()
