"""What the bot says about itself: greeting, help, privacy. Pure; the same in Telegram and the terminal."""

from __future__ import annotations

from bot.companion import WAITED_FOR
from bot.conversations import REMEMBERED_SECONDS
from bot.desk import KEPT
from bot.keeping import NUMBERS_KEPT
from bot.querylog import ANSWERS_KEPT
from bot.rendering import choosing
from bot.richtext import Reply, sentence
from bot.settings import Settings
from bot.staff import REMEMBERED
from index.texts import Texts


def greeting(texts: Texts, articles: int) -> Reply:
    """The first message: what this is, and questions to tap."""
    return choosing(sentence(texts("commands.greeting", count=articles)).blocks, _examples(texts))


def help_text(texts: Texts) -> Reply:
    """How to ask, with examples to tap, and the commands."""
    return choosing(sentence(texts("commands.help")).blocks, _examples(texts))


def privacy(texts: Texts, settings: Settings) -> Reply:
    """Exactly what is kept, and for how long: the figures are the ones that the code deletes by."""
    return sentence(
        texts(
            "privacy.notice",
            days=settings.retention_days,
            answer_days=ANSWERS_KEPT.days,
            minutes=REMEMBERED_SECONDS // 60,
            number_days=NUMBERS_KEPT.days,
            wait_days=WAITED_FOR.days,
            staff_days=REMEMBERED.days,
            draft_days=KEPT.days,
        )
    )


def _examples(texts: Texts) -> tuple[str, ...]:
    return tuple(texts("commands.examples").splitlines())
