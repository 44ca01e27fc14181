"""Console logging that cannot leak the bot's token or what people write."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterable
from types import TracebackType

# httpx logs every URL at INFO, and a Bot API URL contains the token; python-telegram-bot logs whole updates, with
# names and messages, at DEBUG, aiosqlite every row, and psycopg what a server says of one. None of it belongs in a log
# at any LOG_LEVEL.
_QUIET = {
    "aiosqlite": logging.INFO,
    "asyncio": logging.WARNING,
    "httpcore": logging.WARNING,
    "httpx": logging.WARNING,
    "psycopg": logging.ERROR,
    "telegram": logging.INFO,
}
# Marks a record that the owners are not told of because they hear of the matter otherwise.
TOLD_ELSEWHERE = "told_elsewhere"
# It reports failures with a traceback; this program reports them in one line.
_SILENT = frozenset({"telegram.ext", "telegram.ext.Updater"})


def without_updates(record: logging.LogRecord) -> bool:
    """Cut what python-telegram-bot says of what it cannot read: it quotes all of it, names included."""
    # In the first, a sentence before the one that quotes says "Received data was *not* processed!".
    for quoting in ("Received data was", 'Can not load invalid JSON data: "%s"'):
        said, separator, _ = str(record.msg).partition(quoting)
        if record.name.startswith("telegram") and separator:
            said = said or "A response of Telegram's cannot be read. "
            record.msg, record.args, record.exc_info = f"{said}The data is left out", (), None
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


def _hook_failures(formatter: logging.Formatter | None) -> None:
    """Have what ends the program, or a thread of it, written like the rest: Python itself would redact nothing."""
    failures = logging.Logger("bot")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    failures.addHandler(handler)

    def program(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        failures.critical("the program failed", exc_info=(kind, error, trace))

    def thread(failed: threading.ExceptHookArgs) -> None:
        error = failed.exc_value or failed.exc_type()
        failures.error("a thread failed", exc_info=(failed.exc_type, error, failed.exc_traceback))

    def unraisable(failed: sys.UnraisableHookArgs) -> None:
        error = failed.exc_value or failed.exc_type()
        failures.error("a failure that nobody sees", exc_info=(failed.exc_type, error, failed.exc_traceback))

    sys.excepthook, threading.excepthook, sys.unraisablehook = program, thread, unraisable


def set_up(level: str, *, token: str | None = None, secrets: Iterable[str | None] = ()) -> None:
    """Log to standard error from ``level`` on; the token's secret half and ``secrets`` never show."""
    hidden = [secret_half(token)] if token else []
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter([*hidden, *(secret for secret in secrets if secret)]))
    handler.addFilter(lambda record: record.name not in _SILENT or record.levelno >= logging.CRITICAL)
    handler.addFilter(without_updates)
    _hook_failures(handler.formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, floor in _QUIET.items():
        logging.getLogger(name).setLevel(max(floor, root.level))
