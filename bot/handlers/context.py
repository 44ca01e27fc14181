"""The application and the context that every handler gets, with the services typed instead of in a bag."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Any

from telegram.ext import Application, CallbackContext, ExtBot

from bot.asking import Command, Question, Request
from bot.broadcasting import Broadcasts
from bot.handlers.pacing import Pacing
from bot.handlers.permissions import GroupAdmins
from bot.services import Services
from bot.storage import Storage

if TYPE_CHECKING:
    from bot.handlers.submissions import Submission
    from bot.together import Together

logger = logging.getLogger(__name__)

NoData = dict[Any, Any]


class BotApplication(Application[ExtBot[None], "Context", NoData, NoData, NoData, None]):
    """The application, carrying the services it was built with."""

    def __init__(self, *, services: Services, **parts: Any) -> None:
        super().__init__(**parts)
        self.services = services
        self.admins = GroupAdmins()
        self.broadcasts: Broadcasts  # app.py makes both: the first sends through the application
        self.pacing: Pacing
        self.together: Together | None  # with a database file there are no other replicas

    async def process_error(
        self,
        update: object | None,
        error: Exception,
        job: Any = None,
        coroutine: Any = None,
    ) -> bool:
        """Let a handler's failure out of ``process_update``: ``handlers.delivery`` knows what it means."""
        if coroutine is None:
            raise error
        # A background task's; without the error's own words, which may quote the question.
        frames = "".join(traceback.format_tb(error.__traceback__))
        logger.error("a task failed: %s\n%s", type(error).__name__, frames)
        return False


class Context(CallbackContext[ExtBot[None], NoData, NoData, NoData]):
    """What a handler is called with: ``services``, and what the message asked for."""

    request: Request | None = None
    submission: Submission | None = None

    @property
    def _ours(self) -> BotApplication:
        application = self.application
        assert isinstance(application, BotApplication)  # app.py builds no other
        return application

    @property
    def services(self) -> Services:
        """The bot's services."""
        return self._ours.services

    @property
    def storage(self) -> Storage:
        """The database, for a handler that has nothing to do without: only the terminal chat goes on so."""
        storage = self.services.storage
        assert storage is not None
        return storage

    @property
    def admins(self) -> GroupAdmins:
        """Who may choose for which group."""
        return self._ours.admins

    @property
    def broadcasts(self) -> Broadcasts:
        """What is sent to all subscribers."""
        return self._ours.broadcasts

    @property
    def arguments(self) -> str:
        """What follows the command, for a handler that is only called with one."""
        assert isinstance(self.request, Command)
        return self.request.arguments

    @property
    def addressed(self) -> bool:
        """Whether the command cannot have been meant for another bot, for a handler that is only called with one."""
        assert isinstance(self.request, Command)
        return self.request.addressed

    @property
    def question(self) -> str:
        """The question, for a handler that is only called with one."""
        assert isinstance(self.request, Question)
        return self.request.text
