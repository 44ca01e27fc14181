"""One bot on a data folder at a time: held while it runs, let go of by the system however it ends."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self

from bot.errors import BotError
from index.filelock import locked

FILE = "bot.lock"


class TakenError(BotError):
    """Another process holds the data folder."""


class Claim:
    """The claim to a data folder, which is made when it is missing; a context that holds it.

    A file system without locks gives it to everybody: then it is the operator who sees to it.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take it.

        Raises:
            TakenError: another process has it.
            BotError: the folder cannot be written.
        """
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise BotError(
                f"{self._path}: cannot be opened ({error.strerror}), expected a folder of the bot's own"
            ) from error
        if not locked(descriptor):
            os.close(descriptor)
            raise TakenError(f"{self._path.parent}: a bot is running on this data; stop it first")
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go."""
        if self._descriptor is not None:
            os.close(self._descriptor)  # which ends the lock
            self._descriptor = None

    def __enter__(self) -> Self:
        """Take it, as ``take`` does."""
        self.take()
        return self

    def __exit__(self, *_: object) -> None:
        """Let go."""
        self.release()


def is_taken(folder: Path) -> bool:
    """Whether a bot is running on the folder's data; a folder that is not there is nobody's."""
    if not (folder / FILE).exists():
        return False
    try:
        with Claim(folder):
            return False
    except TakenError:
        return True
