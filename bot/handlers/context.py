"""The application and the context that every handler gets, with the services typed instead of in a bag."""

from __future__ import annotations

from typing import Any

from telegram.ext import Application, CallbackContext, ExtBot

from bot.asking import Question, Request
from bot.services import Services

NoData = dict[Any, Any]


class BotApplication(Application[ExtBot[None], "Context", NoData, NoData, NoData, None]):
    """The application, carrying the services it was built with."""

    def __init__(self, *, services: Services, **parts: Any) -> None:
        super().__init__(**parts)
        self.services = services


class Context(CallbackContext[ExtBot[None], NoData, NoData, NoData]):
    """What a handler is called with: ``services``, and what the message asked for."""

    request: Request | None = None

    @property
    def services(self) -> Services:
        """The bot's services."""
        application = self.application
        assert isinstance(application, BotApplication)  # app.py builds no other
        return application.services

    @property
    def question(self) -> str:
        """The question, for a handler that is only called with one."""
        assert isinstance(self.request, Question)
        return self.request.text
