"""``/statistik`` in words: the caption under its picture, and its buttons. Pure."""

from __future__ import annotations

from bot.choices import Verb, encode
from bot.richtext import Button, Reply, Rows, clip, paragraph, sentence
from bot.statistics import FEWEST_CHATS, PERIODS, STATUSES, Statistics
from index.article import ArticleDate
from index.texts import Texts

_NAME = 60


def caption(statistics: Statistics, days: int, texts: Texts, *, export: bool) -> Reply:
    """All that the picture shows, within Telegram's limit for captions."""
    lines = [paragraph(heading(statistics, texts), bold=True)]
    if statistics.totals is None:
        lines.append(paragraph(texts("statistics.too_few", chats=FEWEST_CHATS), spaced=False))
        return Reply(tuple(lines), _rows(days, texts, export=export))
    told = [total_line(statistics, texts)]
    told += [
        texts("statistics.line", name=status_name(each, texts), count=share(statistics, each)) for each in STATUSES
    ]
    told.append(feedback_line(statistics, texts))
    if statistics.reasons:
        named = [texts("statistics.counted", name=reason_name(each, texts), count=n) for each, n in statistics.reasons]
        told.append(texts("statistics.reasons", reasons=", ".join(named)))
    for key, ranked in (("statistics.regions", statistics.regions), ("statistics.topics", statistics.topics)):
        named = [texts("statistics.counted", name=clip(name, _NAME), count=chats) for name, chats in ranked]
        told.append(texts(key, names=", ".join(named) or texts("statistics.none")))
    if statistics.newest:
        told.append(texts("statistics.newest", count=statistics.newest))
    if statistics.hidden:
        told.append(texts("statistics.hidden", chats=FEWEST_CHATS))
    lines += [paragraph(line, spaced=False) for line in told]
    return Reply(tuple(lines), _rows(days, texts, export=export))


def heading(statistics: Statistics, texts: Texts) -> str:
    """The period."""
    first, last = (ArticleDate(day.year, day.month, day.day) for day in (statistics.first, statistics.last))
    return texts("statistics.heading", first=first, last=last)


def total_line(statistics: Statistics, texts: Texts) -> str:
    """How much was asked, from how many chats."""
    return texts("statistics.total", count=sum((statistics.totals or {}).values()), chats=statistics.chats)


def share(statistics: Statistics, status: str) -> str:
    """How many questions ended so, and how many of a hundred."""
    totals = statistics.totals or {}
    count = totals.get(status, 0)
    return f"{count} ({round(100 * count / max(1, sum(totals.values())))}%)"


def status_name(status: str, texts: Texts) -> str:
    """An outcome in words."""
    names = {"answered": "statistics.answered", "related": "statistics.related", "not_found": "statistics.not_found"}
    return texts(names[status])


def reason_name(reason: str, texts: Texts) -> str:
    """Why an answer was disliked, as its button says."""
    return texts(f"feedback.{reason}")


def feedback_line(statistics: Statistics, texts: Texts) -> str:
    """What was said of answers."""
    few = texts("statistics.few", chats=FEWEST_CHATS)
    good, bad = (few if count is None else count for count in (statistics.good, statistics.bad))
    return texts("statistics.feedback", good=good, bad=bad)


def file_told(rows: int, days: int, texts: Texts) -> Reply:
    """Under the table."""
    return sentence(texts("statistics.file", count=rows, days=days))


def _rows(days: int, texts: Texts, *, export: bool) -> Rows:
    periods = tuple(
        Button(
            texts("board.chosen", choice=label) if each == days else label,
            encode(Verb.STATISTICS, each),
        )
        for each in PERIODS
        for label in [texts("statistics.days", days=each)]
    )
    file = (Button(texts("statistics.download", days=days), encode(Verb.STATISTICS_FILE, days)),)
    return (periods, file) if export else (periods,)
