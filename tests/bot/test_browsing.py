"""Whole updates: commands about the bot, the list of sources, and the articles page by page."""

from __future__ import annotations

import html
import re

import pytest
from conftest import CITIZEN
from shelf import ScriptedArchive, article

from bot.inbox import FAILURES
from bot.library import Library


@pytest.mark.parametrize("command", ["/mulai", "/start", "/start payload"])
async def test_the_greeting_offers_questions_to_tap(stage, command):
    await stage.says(command)
    assert "2 artikel" in stage.sent[0]["text"]
    assert [button["callback_data"] for button in stage.sent[0].buttons] == ["c:1", "c:2", "c:3"]


@pytest.mark.parametrize("command", ["/tolong", "/help"])
async def test_help_says_how_to_ask(stage, command):
    await stage.says(command)
    assert "/tanya" in stage.sent[0]["text"]


async def test_commands_written_to_the_bot_by_name_work_in_a_group(stage):
    # What Telegram's own menu sends there.
    await stage.in_group("/sumber@ArsipBot")
    assert "2 artikel" in stage.sent[0]["text"]


async def test_an_unknown_command_is_said_to_be_one_in_private_and_ignored_in_a_group(stage):
    await stage.says("/cuaca")
    await stage.in_group("/cuaca@ArsipBot")
    assert len(stage.sent) == 1
    assert "tidak dikenal" in stage.sent[0]["text"]


async def test_sumber_lists_the_articles_a_page_at_a_time_with_a_button_each(stage):
    stage.services.library = Library(ScriptedArchive([article(number) for number in range(1, 15)]))
    await stage.says("/sumber")
    first = stage.sent[0]
    assert "Halaman 1 dari 3" in first["text"]
    assert [button["text"] for button in first.buttons] == [f"Baca artikel {n}" for n in range(1, 7)] + ["Berikutnya »"]
    await stage.taps(first.buttons[-1]["callback_data"])
    second = stage.edited[0]
    assert "Halaman 2 dari 3" in second["text"]
    assert {"« Sebelumnya", "Berikutnya »"} <= {button["text"] for button in second.buttons}
    titles = [re.findall(r"desa (\d+)", call["text"]) for call in (first, second)]
    assert len(set(titles[0]) | set(titles[1])) == 12


async def test_a_listed_article_opens_below_the_list_and_its_pages_turn_in_place(stage):
    await stage.says("/sumber")
    await stage.taps_on(stage.sent[0], "Baca artikel 1")
    page = stage.sent[1]
    assert "<b>Dinas Sosial &amp; warga &lt;desa 2&gt;</b>" in page["text"]
    assert "Kabar Desa · Kabupaten Contoh, Jawa Timur" in page["text"]
    last = int(re.search(r"Halaman 1 dari (\d+)", page["text"])[1])
    shown = [page["text"]]
    buttons = page.buttons
    for _ in range(last - 1):
        await stage.taps(buttons[-1]["callback_data"])
        shown.append(stage.edited[-1]["text"])
        buttons = stage.edited[-1].buttons
    assert [button["text"] for button in buttons] == ["« Sebelumnya"]
    everything = html.unescape("".join(shown))
    assert all(f"Bantuan nomor 2.{number} " in everything for number in range(1, 21))
    assert "Baca juga" not in everything
    assert len(stage.sent) == 2


async def test_the_last_page_names_the_original(stage):
    stage.services.library = Library(ScriptedArchive([article(1, url="https://kabar.example/1?a=b&c"), article(2)]))
    await stage.says("bantuan")
    await stage.taps(stage.sent[0].buttons[0]["callback_data"])
    assert "Halaman asli: https://kabar.example/1?a=b&amp;c" in stage.edited[0]["text"]


async def test_a_button_whose_article_is_gone_says_so(stage):
    await stage.says("bantuan")
    stage.services.library = Library(ScriptedArchive([article(8), article(9)]))
    await stage.taps(stage.sent[0].buttons[0]["callback_data"])
    answer = stage.request.named("answerCallbackQuery")[0]
    assert answer["text"] == "Artikel itu sudah tidak ada di arsip."
    assert answer["show_alert"] is True


@pytest.mark.parametrize("data", ["", "o:zz:1", "a:12345678:1", "c:9", "s:" + "9" * 30, "lama"])
async def test_every_tap_is_answered_also_one_of_another_version(stage, data):
    await stage.taps(data)
    assert "tidak berlaku" in stage.request.named("answerCallbackQuery")[0]["text"]


@pytest.mark.parametrize(("data", "notice"), [("s:1", None), ("c:1", "Tombol ini sudah tidak berlaku")])
async def test_a_tap_on_a_message_whose_text_telegram_withholds_does_what_it_can(stage, data, notice):
    # https://core.telegram.org/bots/api#inaccessiblemessage
    old = {"message_id": 1, "date": 0, "chat": {"id": CITIZEN, "type": "private"}}
    sender = {"id": CITIZEN, "is_bot": False, "first_name": "S"}
    await stage.update(callback_query={"id": "1", "from": sender, "chat_instance": "x", "data": data, "message": old})
    answer = stage.request.named("answerCallbackQuery")[0]
    assert answer.data.get("text", "").startswith(notice or "")
    assert len(stage.edited) == (0 if notice else 1)


async def test_a_failing_tap_is_answered_and_apologised_for(stage):
    await stage.taps("c:1", text="1. rusak")
    assert len(stage.request.named("answerCallbackQuery")) == FAILURES
    assert "gangguan" in stage.sent[0]["text"]


async def test_an_article_opens_in_its_topic(stage):
    await stage.in_group("/sumber@ArsipBot", message_thread_id=77, is_topic_message=True)
    await stage.taps_on(stage.sent[0], "Baca artikel 1", message_thread_id=77, is_topic_message=True)
    assert stage.sent[1]["message_thread_id"] == 77


async def test_privasi_gives_the_figures_that_the_code_deletes_by(stage):
    await stage.says("/privasi")
    text = stage.sent[0]["text"]
    assert "dihapus setelah 90 hari" in text
    assert "3 hari" in text
    assert "15 menit" in text
