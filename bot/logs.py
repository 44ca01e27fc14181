"""Console logging that cannot leak the bot's token or what people write."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable

# httpx logs every URL at INFO, and a Bot API URL contains the token; python-telegram-bot logs whole updates, with
# names and messages, at DEBUG. Neither belongs in a log at any LOG_LEVEL.
_QUIET = {"httpx": logging.WARNING, "httpcore": logging.WARNING, "telegram": logging.INFO, "asyncio": logging.WARNING}
# It reports each failed poll with a traceback; bot.running reports them in one line instead.
_SILENT = frozenset({"telegram.ext", "telegram.ext.Updater"})


class RedactingFormatter(logging.Formatter):
    """Formats a record, traceback included, with every secret replaced by ``***``."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """The record's line or lines."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def set_up(level: str, *, token: str | None = None, secrets: Iterable[str | None] = ()) -> None:
    """Log to standard error from ``level`` on; the token's secret half and ``secrets`` never show."""
    # Only the half after the colon is secret, and a URL may write the colon as %3A.
    hidden = [token.partition(":")[2]] if token else []
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter([*hidden, *(secret for secret in secrets if secret)]))
    handler.addFilter(lambda record: record.name not in _SILENT or record.levelno >= logging.CRITICAL)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, floor in _QUIET.items():
        logging.getLogger(name).setLevel(max(floor, root.level))
