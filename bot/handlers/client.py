"""The Bot API's client, which keeps the token to itself."""

from __future__ import annotations

from telegram.error import InvalidToken
from telegram.ext import ExtBot


class Client(ExtBot[None]):
    """python-telegram-bot's own puts the token into its ``repr`` and into the error about a refused one."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}[{self._bot_user.name if self._bot_user else 'not connected'}]"

    async def initialize(self) -> None:
        """Ask Telegram who this bot is.

        Raises:
            InvalidToken: Telegram does not accept the token.
            TelegramError: it cannot be reached.
        """
        refused = False
        try:
            await super().initialize()
        except InvalidToken:
            refused = True
        # Out here, so that it has no __context__: a traceback would print that error, too.
        if refused:
            raise InvalidToken("Telegram does not accept the token")
