"""The program itself, with an article from the chat: a real download, and killed at the worst moments."""

from __future__ import annotations

import json
import os
import signal
import sys

from intake_files import PAGE
from telegram_double import BOT, TelegramDouble, message
from test_end_to_end import articles, environment, started

__all__ = ["articles", "environment"]
OWNER = 7


def file_from(owner, file_id, *, update_id, message_id):
    document = {"file_id": file_id, "file_unique_id": "x", "file_name": "../../berita.html", "file_size": len(PAGE)}
    sent = message("", message_id, owner, document=document)
    del sent["text"]
    return {"update_id": update_id, "message": sent}


def tap(owner, data, *, update_id):
    shown = {"message_id": 1, "date": 1700000000, "chat": {"id": owner, "type": "private"}, "from": BOT, "text": "x"}
    person = {"id": owner, "is_bot": False, "first_name": "Siti"}
    query = {"id": str(update_id), "from": person, "chat_instance": "x", "data": data, "message": shown}
    return {"update_id": update_id, "callback_query": query}


def button(call, label):
    rows = json.loads(call["reply_markup"])["inline_keyboard"]
    return next(each["callback_data"] for row in rows for each in row if each["text"] == label)


def killed(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_an_article_is_downloaded_previewed_approved_and_found_though_the_program_is_killed_twice(
    environment, tmp_path
):
    program = [sys.executable, "-m", "bot"]
    with TelegramDouble() as telegram:
        telegram.files["berkas"] = PAGE.encode()
        settings = {
            **environment, "BOT_TOKEN": telegram.token, "BOT_API_URL": telegram.url, "ADMIN_IDS": str(OWNER),
        }  # fmt: skip
        telegram.delivers(file_from(OWNER, "berkas", update_id=1, message_id=5))
        with started(program, settings) as process:
            (preview,) = telegram.wait_for("editMessageText")
            killed(process)  # before it is approved
        assert not list((tmp_path / "data" / "articles").glob("*.txt"))
        telegram.delivers(tap(OWNER, button(preview, "Setujui dan simpan"), update_id=2))
        with started(program, settings) as process:
            telegram.wait_for("answerCallbackQuery")
            killed(process)  # before, during or after the archive is read again
        (stored,) = (tmp_path / "data" / "articles").glob("*.txt")
        assert stored.parent == tmp_path / "data" / "articles"
        told = len(telegram.named("sendMessage"))
        with started(program, settings) as process:
            telegram.says("siapa kepala dinas sosial pacitan?", update_id=3, message_id=6)
            answer = telegram.wait_for("sendMessage", told + 1)[-1]
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=20)
    assert "Sumorohadi" in answer["text"]
    assert "Traceback" not in output
