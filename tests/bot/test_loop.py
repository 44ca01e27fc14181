"""The event loop that the bot on Telegram runs on."""

from __future__ import annotations

import sys
from types import SimpleNamespace

from bot.__main__ import _fast_loop


def test_uvloop_is_used_where_it_is_installed_and_not_missed_where_it_is_not(monkeypatch):
    installed = SimpleNamespace(new_event_loop=lambda: None)
    monkeypatch.setitem(sys.modules, "uvloop", installed)
    assert _fast_loop() is installed.new_event_loop
    monkeypatch.setitem(sys.modules, "uvloop", None)  # as if it could not be found
    assert _fast_loop() is None
