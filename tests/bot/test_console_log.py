"""A console log that cannot leak."""

from __future__ import annotations

import io
import logging

from bot.logs import RedactingFormatter


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
