"""A message to check -> what the archive holds that is nearest, what they share in bold, and never a verdict."""

from __future__ import annotations

import asyncio
from datetime import date

from bot import chains
from bot.library import Library
from bot.rendering import Frame, quoting
from bot.richtext import Reply, paragraph
from bot.services import Services
from index.answer import Snippet
from index.texts import Texts


async def check(services: Services, message: str, frame: Frame) -> Reply:
    """Hold a message against the archive."""
    library = services.library
    # In a thread: other chats need not wait for a long message.
    nearest = await asyncio.to_thread(library.archive.nearest, chains.told_by(message))
    warned = chains.asks_for_secrets(message)
    return render(nearest, library, services.texts, services.today(), frame, warned=warned)


def render(
    nearest: Snippet | None, library: Library, texts: Texts, today: date, frame: Frame, *, warned: bool
) -> Reply:
    """The reply to a message to check; ``warned`` puts the warning about scams before all else."""
    head = [paragraph(part) for part in texts("check.scam").split("\n\n")] if warned else []
    if nearest is None:
        head += [paragraph(part) for part in texts("check.nothing").split("\n\n")]
        return Reply(tuple(head))
    head.append(paragraph(texts("check.nearest")))
    return quoting(head, (nearest,), library, texts, today, frame)
