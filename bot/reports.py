"""What is told about a rebuild: its progress, what it changed, what the golden questions said. Pure."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import tzinfo

from bot.choices import Verb, encode
from bot.errors import StorageError
from bot.golden import Verdict
from bot.library import key_of
from bot.reindexing import Ending, Outcome, Step, StoppedError
from bot.richtext import Button, Reply, Rows, clip, paragraph, sentence
from bot.storage.staff import Rebuild
from bot.turns import AlreadyRunningError
from index.archive import Changes
from index.errors import ArchiveError
from index.texts import Texts

logger = logging.getLogger(__name__)

# With the longest names and reasons still well within one message.
NAMES_SHOWN = 6
REFUSALS_SHOWN = 4
QUESTIONS_SHOWN = 6
_NAME, _REASON, _QUESTION, _PROBLEM = 90, 260, 110, 500
_BUTTON = 40


def progress(step: Step, texts: Texts) -> Reply:
    """How far a rebuild is, and how long it will take."""
    told = texts("reindex.progress", done=step.done, total=step.total)
    left = step.seconds_left
    if left is not None and left >= 1:
        minutes = round(left / 60)
        told += " " + (
            texts("reindex.minutes_left", minutes=minutes)
            if left >= 90
            else texts("reindex.seconds_left", seconds=round(left))
        )
    return sentence(told)


def running(error: AlreadyRunningError, texts: Texts) -> str:
    """That a rebuild is under way, and who ordered it where that is another replica's."""
    return texts("reindex.running") if error.who is None else texts("reindex.running_elsewhere", who=error.who)


def ending(result: Outcome | Exception, texts: Texts, *, owner: bool = False) -> Reply:
    """How a rebuild ended; an owner gets a button to put in place what the golden questions refused."""
    if isinstance(result, Outcome):
        rows: Rows = ()
        if result.held and owner:
            rows = ((Button(texts("reindex.install_anyway"), encode(Verb.REBUILD, "install", result.held)),),)
        return Reply(sentence("\n".join(_summary(result, texts))).blocks, rows)
    if isinstance(result, AlreadyRunningError):
        return sentence(running(result, texts))
    if isinstance(result, StoppedError):
        return sentence(texts("reindex.stopped"))
    if isinstance(result, ArchiveError):
        return sentence(texts("reindex.failed", reason=clip(str(result), _PROBLEM)))
    if isinstance(result, StorageError):
        logger.error("reindex: the archive is not put in place (%s)", result)
        return sentence(texts("reindex.others_unreachable"))
    # Without the error's own words in the chat: they are for the log.
    logger.error("reindex failed; the old archive goes on answering", exc_info=result)
    return sentence(texts("reindex.failed", reason=type(result).__name__))


def of_article(
    name: str, result: Outcome | Exception, texts: Texts, *, hidden: bool = False, owner: bool = False
) -> Reply:
    """What a rebuild came to for one article that an editor stored, or has hidden."""
    if not isinstance(result, Outcome) or result.ending is Ending.REFUSED:
        told = ending(result, texts, owner=owner)
        note = paragraph(texts("reindex.hidden_but_searchable" if hidden else "reindex.stored_only", name=name))
        return Reply((note, *told.blocks), (*told.rows, *_taking_back(name, result, texts, hidden=hidden)))
    article = result.library.article(key_of(name))
    if hidden and article is None:
        return sentence(texts("reindex.gone", name=name, count=result.articles))
    if article is None:
        reason = next((str(error) for error in result.refused if name in str(error.path)), "")
        return sentence(texts("reindex.left_out", name=name, reason=clip(reason, _REASON)).strip())
    return sentence(texts("reindex.searchable", title=clip(article.title, _QUESTION), count=result.articles))


def _taking_back(name: str, result: Outcome | Exception, texts: Texts, *, hidden: bool) -> Rows:
    """A button that undoes it, where that is one step: left so, it would be read at the next start all the same."""
    shown = clip(name, _BUTTON)
    if hidden:
        return ((Button(texts("article.undo_restore", name=shown), encode(Verb.ARTICLE, "show", key_of(name))),),)
    if isinstance(result, Outcome) and name in result.changes.added:
        return ((Button(texts("article.undo_hide", name=shown), encode(Verb.ARTICLE, "hide", key_of(name))),),)
    return ()


def history(rebuilds: Sequence[Rebuild], texts: Texts, zone: tzinfo) -> Reply:
    """The last rebuilds: when, who, how many articles, what changed, what the golden questions said."""
    if not rebuilds:
        return sentence(texts("reindex.no_history"))
    lines = [
        texts(
            "reindex.history_line",
            when=f"{each.at.astimezone(zone):%d/%m/%Y %H.%M}",
            who=each.who or texts("reindex.terminal"),
            ending=texts(f"reindex.ending.{each.verdict}"),
            articles=each.articles,
            added=each.added,
            changed=each.changed,
            removed=each.removed,
        )
        + (texts("reindex.history_golden", lost=each.lost, asked=each.asked) if each.asked else "")
        for each in rebuilds
    ]
    blocks = (paragraph(texts("reindex.history"), bold=True), *(paragraph(line, spaced=False) for line in lines))
    return Reply(blocks)


def changes_lines(changes: Changes, texts: Texts) -> list[str]:
    """What was added, changed and removed, a line each."""
    lines = []
    for key, names in (("added", changes.added), ("changed", changes.changed), ("removed", changes.removed)):
        if names:
            shown = ", ".join(clip(name, _NAME) for name in names[:NAMES_SHOWN])
            if len(names) > NAMES_SHOWN:
                shown += texts("reindex.more", count=len(names) - NAMES_SHOWN)
            lines.append(texts(f"reindex.{key}", count=len(names), names=shown))
    return lines or [texts("reindex.unchanged")]


def _summary(outcome: Outcome, texts: Texts) -> list[str]:
    lines = [texts(f"reindex.done.{outcome.ending}", count=outcome.articles)]
    lines += changes_lines(outcome.changes, texts)
    if outcome.refused:
        lines.append(texts("reindex.refused", count=len(outcome.refused)))
    lines += [f"• {clip(str(error), _REASON)}" for error in outcome.refused[:REFUSALS_SHOWN]]
    if len(outcome.refused) > REFUSALS_SHOWN:
        lines.append(texts("reindex.more", count=len(outcome.refused) - REFUSALS_SHOWN).strip(" ,"))
    return lines + _verdict(outcome.verdict, texts)


def _verdict(verdict: Verdict, texts: Texts) -> list[str]:
    if verdict.problem is not None:
        return [texts("reindex.no_golden", problem=clip(verdict.problem, _PROBLEM))]
    if not verdict.asked:
        return []
    lines = [texts("reindex.golden", right=verdict.right, asked=verdict.asked)]
    if verdict.lost:
        lines.append(texts("reindex.lost", count=len(verdict.lost)))
        lines += [f"• {clip(question, _QUESTION)}" for question in verdict.lost[:QUESTIONS_SHOWN]]
        if len(verdict.lost) > QUESTIONS_SHOWN:
            lines.append(texts("reindex.more", count=len(verdict.lost) - QUESTIONS_SHOWN).strip(" ,"))
    return lines
