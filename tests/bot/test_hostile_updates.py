"""Updates with fields missing, exchanged or unheard of, through the whole application: the next person is answered."""

from __future__ import annotations

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "fuzz"))
import hostile

from bot.library import Library

UPDATES = 250


async def test_after_any_update_the_next_question_is_answered(stage, archive):
    stage.services.library = Library(archive)
    chance = random.Random(1)
    for _ in range(UPDATES):
        made = hostile.update(chance, 0)
        del made["update_id"]
        made.pop("damaged", None)
        await stage.processes(**made)
    await stage.services.log.written()
    stage.request.calls.clear()
    number = await stage.says("siapa penerima bantuan?", chat=5555, sender=5555)
    assert [call["reply_parameters"]["message_id"] for call in stage.sent] == [number]
    assert stage.inbox.waiting == 0


async def test_what_telegram_may_send_is_never_set_aside(stage, archive):
    stage.services.library = Library(archive)
    chance = random.Random(2)
    for _ in range(UPDATES):
        made = hostile.update(chance, 0)
        del made["update_id"]
        if not made.pop("damaged", False):
            await stage.processes(**made)
    assert stage.inbox.set_aside == 0


async def test_ten_thousand_entities_cost_nobody_an_answer(stage):
    mentions = [{"type": "mention", "offset": 0, "length": 9}] * 10_000
    await stage.in_group("@ArsipBot siapa penerima bantuan?", entities=mentions)
    assert len(stage.sent) == 1
