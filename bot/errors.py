"""The errors of this package that an operator is told about: one root, shown on the console with exit code 2."""

from __future__ import annotations


class BotError(Exception):
    """Root of everything this package raises on purpose; ``str(error)`` is a sentence for the operator."""


class SettingsError(BotError):
    """An environment variable is malformed: which, what was found (never for a secret), what was expected."""

    def __init__(self, variable: str, found: str, expected: str) -> None:
        super().__init__(f"{variable}: found {found}, expected {expected}")


class StorageError(BotError):
    """The database cannot be opened, read or written, or a newer version of this program wrote it."""


class DamagedError(StorageError):
    """The database is one, and damaged: by a failing disk, a power cut, or somebody's copying over it."""


class UnreachableError(StorageError):
    """The database's server does not answer now, or takes nobody more; it may in a moment."""


class ServerDownError(UnreachableError):
    """The database's server does not run at this moment, for anybody: nobody listens, or it is starting or stopping."""


class RefusedByTelegramError(BotError):
    """Telegram answered, and does not accept the token or the webhook's address."""
