"""What an admin reads about a rebuild."""

from __future__ import annotations

import logging

from bot.reindexing import Outcome, StoppedError
from bot.richtext import Reply, clip, sentence
from index.errors import ArchiveError
from index.texts import Texts

logger = logging.getLogger(__name__)

# With the longest names and reasons still well within one message.
NAMES_SHOWN = 6
REFUSALS_SHOWN = 5
_NAME, _REASON = 90, 280


def progress(done: int, total: int, texts: Texts) -> Reply:
    """How far a rebuild is."""
    return sentence(texts("reindex.progress", done=done, total=total))


def summary(outcome: Outcome, texts: Texts) -> Reply:
    """What a rebuild changed: added, changed, removed, refused and why."""
    changes = outcome.changes
    lines = [texts("reindex.done", count=outcome.articles)]
    if not (changes.added or changes.changed or changes.removed):
        lines.append(texts("reindex.unchanged"))
    for key, names in (("added", changes.added), ("changed", changes.changed), ("removed", changes.removed)):
        if names:
            shown = ", ".join(clip(name, _NAME) for name in names[:NAMES_SHOWN])
            if len(names) > NAMES_SHOWN:
                shown += texts("reindex.more", count=len(names) - NAMES_SHOWN)
            lines.append(texts(f"reindex.{key}", count=len(names), names=shown))
    if outcome.refused:
        lines.append(texts("reindex.refused", count=len(outcome.refused)))
    lines += [f"• {clip(str(error), _REASON)}" for error in outcome.refused[:REFUSALS_SHOWN]]
    if len(outcome.refused) > REFUSALS_SHOWN:
        lines.append(texts("reindex.more", count=len(outcome.refused) - REFUSALS_SHOWN).strip(" ,"))
    return sentence("\n".join(lines))


def ending(result: Outcome | Exception, texts: Texts) -> Reply:
    """How a rebuild ended; the reason for a failure is shown when it is the articles'."""
    if isinstance(result, Outcome):
        return summary(result, texts)
    if isinstance(result, StoppedError):
        return sentence(texts("reindex.stopped"))
    if isinstance(result, ArchiveError):
        return sentence(texts("reindex.failed", reason=clip(str(result), 500)))
    logger.error("reindex failed; the old archive goes on answering", exc_info=result)
    return sentence(texts("reindex.failed", reason=type(result).__name__))
