"""A console log that cannot leak."""

from __future__ import annotations

import io
import logging

import pytest

from bot import __main__
from bot.logs import RedactingFormatter, set_up


def test_a_secret_shows_neither_in_messages_nor_in_tracebacks():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter(["AAEhBOweik6ad9r"]))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    try:
        raise ValueError("https://api.telegram.org/bot123:AAEhBOweik6ad9r/getMe")
    except ValueError:
        logger.exception("failed at %s", "bot123%3AAAEhBOweik6ad9r")
    assert "AAEhBOweik6ad9r" not in stream.getvalue()
    assert "bot123%3A***" in stream.getvalue()
    assert "bot123:***/getMe" in stream.getvalue()


@pytest.fixture
def untouched():
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    yield
    root.handlers[:], root.level = before


@pytest.mark.usefixtures("untouched")
def test_neither_rows_nor_updates_are_logged_at_any_level(capsys):
    set_up("DEBUG")
    logging.getLogger("aiosqlite").debug("executing INSERT ... %s", "apa itu PKH")
    logging.getLogger("telegram.ext.ExtBot").debug("Siti Rahayu")
    # python-telegram-bot's own words for a webhook's and a poll's update that it cannot read.
    for logger, words in (
        ("telegram.ext.Updater", "Something went wrong. Received data was *not* processed! Received data was: %r"),
        ("telegram.Bot", "Error while parsing updates! Received data was %r"),
        ("telegram.request.BaseRequest", 'Can not load invalid JSON data: "%s"'),
    ):
        try:
            raise KeyError("Siti Rahayu")
        except KeyError as error:
            logging.getLogger(logger).critical(words, {"first_name": "Siti Rahayu"}, exc_info=error)
    shown = capsys.readouterr().err
    assert "Error while parsing updates! The data is left out" in shown
    assert "Something went wrong. The data is left out" in shown
    assert "Siti" not in shown
    assert "PKH" not in shown


def test_an_error_on_the_console_never_shows_the_token(monkeypatch, capsys):
    token = "42:" + "x" * 35
    monkeypatch.setenv("BOT_TOKEN", token)
    monkeypatch.setenv("WEBHOOK_URL", f"http://bot.example.org/{token}")  # http is refused, and the value is shown
    assert __main__.main([]) == 2
    shown = capsys.readouterr().err
    assert "WEBHOOK_URL: found 'http://bot.example.org/42:***'" in shown
