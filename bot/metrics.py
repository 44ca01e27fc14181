"""What the bot counts, for Prometheus: no identity, no text, no token; every label is one of a few known words."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client.exposition import generate_latest

from bot.library import Library

__all__ = ["CONTENT_TYPE", "Metrics"]

_QUESTION_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
_REQUEST_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
# HTTP statuses that Telegram refuses with: https://core.telegram.org/bots/api#making-requests
_REFUSALS = {
    "400": "bad_request",
    "401": "token",
    "403": "forbidden",
    "404": "not_found",
    "409": "conflict",
    "413": "too_large",
    "429": "flood",
}
_NOT_TELEGRAMS_FAULT = {"ok", "cancelled"}


class WatchedInbox(Protocol):
    """What is shown of ``bot.inbox.Inbox``."""

    @property
    def waiting(self) -> int:
        """Updates not yet dealt with."""

    @property
    def oldest_seconds(self) -> float:
        """Since the oldest of them arrived; 0 when there is none."""

    set_aside: int
    unkept: int


class Metrics:
    """Counters of one process, from its start on. ``last_poll`` and ``last_update`` are ``time.monotonic`` moments."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.last_poll: float | None = None
        self.last_update: float | None = None
        self._clock = clock
        self._registry = registry = CollectorRegistry()
        self._questions = Counter("arsip_questions", "Questions answered, by outcome.", ["status"], registry=registry)
        self._question_seconds = Histogram(
            "arsip_question_seconds",
            "Working out an answer, without Telegram.",
            buckets=_QUESTION_SECONDS,
            registry=registry,
        )
        self._telegram_seconds = Histogram(
            "arsip_telegram_request_seconds",
            "Requests to Telegram, the wait for a free connection included.",
            ["method", "outcome"],
            buckets=_REQUEST_SECONDS,
            registry=registry,
        )
        self._telegram_errors = Counter(
            "arsip_telegram_errors", "Requests to Telegram that failed, by kind.", ["kind"], registry=registry
        )
        self._refused = Counter(
            "arsip_refused",
            "Updates that were not answered because too much was asked for, by what was too much.",
            ["reason"],
            registry=registry,
        )
        self._updates = Counter("arsip_updates", "Updates taken in from Telegram.", registry=registry)

    def question(self, status: str, seconds: float) -> None:
        """A question was answered."""
        self._questions.labels(status).inc()
        self._question_seconds.observe(seconds)

    def telegram_request(self, method: str, outcome: str, seconds: float) -> None:
        """A request to Telegram has ended: ``bot.transport.Observe``."""
        kind = _REFUSALS.get(outcome, outcome)
        if kind.isdigit():
            kind = "server" if kind.startswith("5") else "other"
        self._telegram_seconds.labels(method, kind).observe(seconds)
        if kind not in _NOT_TELEGRAMS_FAULT:
            self._telegram_errors.labels(kind).inc()
        elif method == "getUpdates" and kind == "ok":
            self.last_poll = self._clock()

    def refused(self, reason: str) -> None:
        """An update was turned away: ``bot.limits.Verdict`` in small letters."""
        self._refused.labels(reason).inc()

    def update_received(self) -> None:
        """An update was taken in."""
        self._updates.inc()
        self.last_update = self._clock()

    def watch_archive(self, library: Callable[[], Library], today: Callable[[], date]) -> None:
        """Show the live archive's figures."""
        self._gauge("arsip_archive_articles", "Articles in the archive.", lambda: len(library().shelf))
        self._gauge(
            "arsip_archive_age_seconds",
            "Time since the archive was last read, at the start or by /reindex.",
            lambda: self._clock() - library().opened,
        )
        self._gauge(
            "arsip_archive_newest_article_days",
            "Age of the newest article; NaN when none is dated.",
            lambda: _newest_age(library(), today()),
        )

    def watch_log(self, failures: Callable[[], float]) -> None:
        """Show how much of the query log was not written."""
        self._gauge("arsip_unlogged_writes", "Writes to the query log that failed, since the start.", failures)

    def watch_inbox(self, inbox: WatchedInbox) -> None:
        """Show what waits to be dealt with."""
        self._gauge("arsip_inbox_updates", "Updates taken in and not yet dealt with.", lambda: inbox.waiting)
        self._gauge(
            "arsip_inbox_oldest_seconds",
            "How long the oldest of them has waited; 0 when there is none.",
            lambda: inbox.oldest_seconds,
        )
        self._gauge("arsip_inbox_set_aside", "Updates given up, since the start.", lambda: inbox.set_aside)
        self._gauge("arsip_inbox_unkept", "Updates kept in memory only, as the database failed.", lambda: inbox.unkept)

    def exposition(self) -> bytes:
        """Everything, in Prometheus' text format (``CONTENT_TYPE``)."""
        return generate_latest(self._registry)

    def _gauge(self, name: str, documentation: str, value: Callable[[], float]) -> None:
        Gauge(name, documentation, registry=self._registry).set_function(value)


def _newest_age(library: Library, today: date) -> float:
    year, month, day = library.newest
    # No more precise than the article says: a month counts from its first day.
    return (today - date(year, month or 1, day or 1)).days if year else float("nan")
