"""Console logging that cannot leak the bot's token or what people write."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable

# httpx logs every URL at INFO, and a Bot API URL contains the token; python-telegram-bot logs whole updates, with
# names and messages, at DEBUG, and aiosqlite every row. None of it belongs in a log at any LOG_LEVEL.
_QUIET = {
    "aiosqlite": logging.INFO,
    "asyncio": logging.WARNING,
    "httpcore": logging.WARNING,
    "httpx": logging.WARNING,
    "telegram": logging.INFO,
}
# It reports each failed poll with a traceback; bot.running reports them in one line instead.
_SILENT = frozenset({"telegram.ext", "telegram.ext.Updater"})


def without_updates(record: logging.LogRecord) -> bool:
    """Cut what python-telegram-bot says of an update that it cannot read: it quotes all of it, names included."""
    said, separator, _ = str(record.msg).partition("Received data was")
    # The last sentence quotes; one before it says "Received data was *not* processed!".
    if record.name.startswith("telegram") and separator:
        record.msg, record.args, record.exc_info = f"{said}The update is left out", (), None
    return True


def redacted(text: str, secrets: Iterable[str]) -> str:
    """``text`` with every secret replaced by ``***``."""
    for secret in secrets:
        text = text.replace(secret, "***")
    return text


def secret_half(token: str) -> str:
    """Only the half after the colon is secret, and a URL may write the colon as %3A."""
    return token.partition(":")[2]


class RedactingFormatter(logging.Formatter):
    """Formats a record, traceback included, with every secret replaced by ``***``."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """The record's line or lines."""
        return redacted(super().format(record), self._secrets)


def set_up(level: str, *, token: str | None = None, secrets: Iterable[str | None] = ()) -> None:
    """Log to standard error from ``level`` on; the token's secret half and ``secrets`` never show."""
    hidden = [secret_half(token)] if token else []
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter([*hidden, *(secret for secret in secrets if secret)]))
    handler.addFilter(lambda record: record.name not in _SILENT or record.levelno >= logging.CRITICAL)
    handler.addFilter(without_updates)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, floor in _QUIET.items():
        logging.getLogger(name).setLevel(max(floor, root.level))
