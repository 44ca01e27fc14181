"""Whole updates: what people write to the bot, and what they get."""

from __future__ import annotations

import html
import json
import re

import pytest
from conftest import ADMIN, CITIZEN, GROUP
from recording import BOT


async def test_any_private_text_is_a_question(stage):
    await stage.says("bantuan untuk lansia")
    assert stage.archive.asked == [("bantuan untuk lansia", None)]
    assert len(stage.sent) == 1
    assert stage.sent[0]["parse_mode"] == "HTML"


async def test_an_answer_has_the_reading_the_quotations_their_citations_and_a_button_an_article(stage):
    await stage.says("bantuan untuk lansia")
    text = stage.sent[0]["text"]
    assert text.startswith("<i>Saya cari: bantuan untuk lansia</i>")
    quotes = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", text, re.DOTALL)
    assert len(quotes) == 3
    for quote, source in zip(quotes, [0, 1, 0], strict=True):
        assert html.unescape(re.sub("</?b>", "", quote)) in stage.archive.articles[source].body
        assert "<b>Bantuan</b>" in quote
    shown = re.sub("</?a[^>]*>", "", text)
    assert shown.count("[1] Dinas Sosial &amp; warga &lt;desa 1&gt; · Kabar Desa · Kabupaten Contoh, Jawa Timur") == 2
    assert [button["text"] for button in stage.sent[0].buttons][:2] == ["Baca artikel 1", "Baca artikel 2"]
    assert stage.sent[0]["link_preview_options"] == {"is_disabled": True}


async def test_the_chat_shows_typing_before_the_answer_arrives(stage):
    await stage.says("bantuan")
    methods = [call.method for call in stage.request.calls]
    assert methods == ["sendChatAction", "sendMessage"]
    assert stage.request.calls[0]["action"] == "typing"


async def test_a_refused_typing_action_costs_nobody_the_answer(stage):
    stage.request.refuse("sendChatAction", 500, "Internal Server Error")
    await stage.says("bantuan")
    assert len(stage.sent) == 1


async def test_not_knowing_is_said_with_what_is_near_and_a_button_to_it(stage):
    await stage.says("jadwal ke bulan")
    assert "Maaf, hal ini tidak ada di arsip kami." in stage.sent[0]["text"]
    assert "Dinas Sosial &amp; warga &lt;desa 1&gt;" in stage.sent[0]["text"]
    assert [button["text"] for button in stage.sent[0].buttons] == ["Baca artikel 1", "Beri tahu saya bila ada"]


async def test_related_material_is_said_to_be_only_that(stage):
    await stage.says("bantuan surabaya")
    assert "Arsip kami tidak memuat jawaban tentang Surabaya" in stage.sent[0]["text"]


async def test_the_answer_is_a_reply_to_the_asking_message_even_if_that_is_deleted(stage):
    asked = await stage.says("bantuan")
    parameters = stage.sent[0]["reply_parameters"]
    assert parameters == {"message_id": asked, "allow_sending_without_reply": True}


@pytest.mark.parametrize(
    "text",
    [
        "selamat pagi semua",
        "ada bantuan apa ya",
        "@LainBot apa itu PKH",
        "/mulai",
        "/start",
        "/sumber",
        "/asing",
        "https://t.me/ArsipBot",
    ],
)
async def test_a_group_message_that_does_not_address_the_bot_gets_no_reply_and_is_not_stored(stage, mention, text):
    entities = [mention(text, "@LainBot")] if "@LainBot" in text else []
    await stage.in_group(text, entities=entities)
    assert stage.request.calls == []
    assert stage.archive.asked == []
    assert stage.rows() == stage.rows("answers") == []


async def test_a_photo_or_sticker_in_a_group_gets_no_reply(stage):
    await stage.in_group(
        sticker={
            "file_id": "a",
            "file_unique_id": "b",
            "type": "regular",
            "width": 1,
            "height": 1,
            "is_animated": False,
            "is_video": False,
        }
    )
    await stage.in_group(new_chat_members=[BOT])
    assert stage.request.calls == []


@pytest.mark.parametrize("command", ["/tanya", "/tanya@ArsipBot", "/TANYA@arsipbot"])
async def test_tanya_asks_in_a_group(stage, command):
    asked = await stage.in_group(f"{command} bantuan lansia")
    assert stage.archive.asked == [("bantuan lansia", None)]
    assert stage.sent[0]["chat_id"] == GROUP
    assert stage.sent[0]["reply_parameters"]["message_id"] == asked


async def test_a_command_of_another_bot_is_not_ours(stage):
    await stage.in_group("/tanya@LainBot bantuan lansia")
    await stage.says("/tanya@LainBot bantuan lansia")
    await stage.in_group("/tanya@LainBot bantuan", reply_to_message=stage.message("halo", chat=GROUP) | {"from": BOT})
    assert stage.request.calls == []


@pytest.mark.parametrize(
    "text", ["@ArsipBot bantuan lansia", "👵🏽👴 @ArsipBot: bantuan lansia", "bantuan lansia @arsipbot"]
)
async def test_a_mention_asks_in_a_group_and_is_not_part_of_the_question(stage, mention, text):
    name = re.search("@arsipbot", text, re.IGNORECASE)[0]
    await stage.in_group(text, entities=[mention(text, name)])
    assert stage.archive.asked[0][0].replace("👵🏽👴", "").strip(" :") == "bantuan lansia"


async def test_a_mention_in_a_caption_asks(stage, mention):
    caption = "@ArsipBot bantuan lansia"
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
    await stage.in_group(caption=caption, caption_entities=[mention(caption)], photo=photo)
    assert stage.archive.asked == [("bantuan lansia", None)]


async def test_a_reply_to_the_bot_asks_in_a_group(stage):
    ours = stage.message("jawaban", chat=GROUP) | {"from": BOT}
    await stage.in_group("bantuan lansia", reply_to_message=ours)
    assert stage.archive.asked == [("bantuan lansia", None)]


async def test_a_reply_to_someone_else_does_not(stage):
    await stage.in_group("bantuan lansia", reply_to_message=stage.message("halo", chat=GROUP))
    assert stage.request.calls == []


async def test_a_bare_tanya_in_reply_to_a_message_asks_that_message(stage):
    await stage.in_group("/tanya", reply_to_message=stage.message("bantuan lansia", chat=GROUP, sender=99))
    assert stage.archive.asked == [("bantuan lansia", None)]


@pytest.mark.parametrize("chat", [CITIZEN, GROUP])
async def test_a_bare_tanya_says_how_to_ask(stage, chat):
    await stage.says("/tanya", chat=chat)
    assert "misalnya: /tanya" in stage.sent[0]["text"]
    assert stage.archive.asked == []


async def test_a_reply_stays_in_its_topic(stage):
    opener = stage.message(chat=GROUP, forum_topic_created={"name": "Bansos", "icon_color": 1}) | {"from": BOT}
    await stage.in_group("/tanya bantuan", message_thread_id=77, is_topic_message=True, reply_to_message=opener)
    assert stage.sent[0]["message_thread_id"] == 77
    assert stage.request.calls[0]["message_thread_id"] == 77


async def test_being_in_a_topic_that_the_bot_opened_is_not_a_reply_to_the_bot(stage):
    opener = stage.message(chat=GROUP, forum_topic_created={"name": "Bansos", "icon_color": 1}) | {"from": BOT}
    await stage.in_group("apa kabar", message_thread_id=77, is_topic_message=True, reply_to_message=opener)
    assert stage.request.calls == []


async def test_a_chain_of_replies_is_not_a_topic(stage):
    await stage.in_group("/tanya bantuan", message_thread_id=77)
    assert "message_thread_id" not in stage.sent[0].data


async def test_an_edited_question_edits_its_answer(stage):
    asked = await stage.says("bantuan")
    await stage.edits(asked, "jadwal ke bulan")
    assert len(stage.sent) == 1
    assert stage.edited[0]["message_id"] == stage.request.next_message
    assert "tidak ada di arsip" in stage.edited[0]["text"]
    assert [row["edited"] for row in stage.rows()] == [0, 1]


async def test_an_edit_is_known_after_a_restart_without_any_text_stored(stage):
    asked = await stage.says("bantuan")
    stage.services.log._answers.clear()  # what a restart forgets
    await stage.edits(asked, "jadwal ke bulan")
    assert len(stage.edited) == 1
    assert set(stage.rows("answers")[0]) == {"chat_hash", "question_message", "answer_message", "answered_at"}


async def test_an_edit_whose_answer_was_deleted_is_answered_anew(stage):
    asked = await stage.says("bantuan")
    stage.request.refuse("editMessageText", 400, "Bad Request: message to edit not found")
    await stage.edits(asked, "jadwal ke bulan")
    assert len(stage.sent) == 2


async def test_an_edit_that_changes_nothing_is_not_answered_twice(stage):
    asked = await stage.says("bantuan")
    stage.request.refuse("editMessageText", 400, "Bad Request: message is not modified: specified new message ...")
    await stage.edits(asked, "bantuan")
    assert len(stage.sent) == 1


async def test_a_group_message_edited_to_address_the_bot_is_answered(stage):
    said = await stage.in_group("bantuan lansia")
    await stage.edits(said, "/tanya bantuan lansia", chat=GROUP)
    assert len(stage.sent) == 1


async def test_an_edited_command_is_not_run_again(stage):
    said = await stage.says("/sumber")
    await stage.edits(said, "/mulai")
    assert len(stage.sent) == 1


async def test_a_follow_up_hears_the_question_before_it(stage):
    await stage.says("bantuan lansia")
    await stage.says("makasih")
    await stage.says("kalau di kota lain?")
    await stage.says("kapan?")
    before = [previous for _, previous in stage.archive.asked]
    assert before == [None, "bantuan lansia", "bantuan lansia", "bantuan Kota Lain"]


async def test_an_edited_question_does_not_follow_up_on_itself(stage):
    await stage.says("bantuan lansia")
    second = await stage.says("program anak")
    await stage.edits(second, "program ibu")
    assert stage.archive.asked[-1] == ("program ibu", "bantuan lansia")


async def test_in_a_group_each_asker_follows_up_on_their_own_question(stage):
    await stage.in_group("/tanya bantuan lansia", sender=1)
    await stage.in_group("/tanya kapan?", sender=2)
    assert stage.archive.asked[-1] == ("kapan?", None)


async def test_the_previous_question_is_forgotten_after_a_quarter_of_an_hour(stage):
    now = [0.0]
    stage.services.conversations._clock = lambda: now[0]
    await stage.says("bantuan lansia")
    now[0] = 15 * 60 + 1
    await stage.says("kapan?")
    assert stage.archive.asked[-1] == ("kapan?", None)


async def test_a_fragment_offers_questions_to_tap_and_a_tap_asks_one(stage):
    await stage.says("yang itu")
    shown = html.unescape(re.sub("<[^>]+>", "", stage.sent[0]["text"]))
    assert "1. Apa itu PKH & BPNT?" in shown
    assert [button["text"] for button in stage.sent[0].buttons][1] == "2. Siapa penerima bantuan?"
    await stage.taps(stage.sent[0].buttons[0]["callback_data"], text=shown)
    assert stage.archive.asked[-1][0] == "Apa itu PKH & BPNT?"
    assert len(stage.sent) == 2
    assert len(stage.request.named("answerCallbackQuery")) == 1


BAD_INPUT = {
    "no text": {
        "sticker": {
            "file_id": "a",
            "file_unique_id": "b",
            "type": "regular",
            "width": 1,
            "height": 1,
            "is_animated": False,
            "is_video": False,
        }
    },
    "photo without caption": {"photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]},
    "white space": {"text": " \n "},
}


@pytest.mark.parametrize("content", BAD_INPUT.values(), ids=BAD_INPUT)
async def test_a_private_message_without_words_gets_a_clear_sentence(stage, content):
    await stage.says(**content)
    assert stage.sent[0]["text"] == "Maaf, saya hanya bisa membaca teks. Silakan tulis pertanyaan Anda."


@pytest.mark.parametrize(
    "text",
    [
        "x" * 4096,
        "😀" * 2048,
        "\u0001\u0002",
        "<b>tebal</b> &amp; </blockquote>",
        "https://contoh.id/?a=1&b=<2>",
        "\ud83d rusak sebelah",
    ],
    ids=["4096 characters", "emoji", "control characters", "html", "url", "lone surrogate"],
)
async def test_odd_questions_get_one_reply_in_valid_html(stage, text):
    await stage.says(text.replace("rusak", "separuh"))
    assert len(stage.sent) == 1
    assert (
        re.sub('</?(?:b|i|a|a href="[^"<>]*"|blockquote|blockquote expandable)>', "", stage.sent[0]["text"]).count("<")
        == 0
    )
    stage.sent[0]["text"].encode()


async def test_a_failure_inside_is_apologised_for_and_not_shown(stage, caplog):
    await stage.says("rusak")
    told = {chat: [call["text"] for call in stage.sent if call["chat_id"] == chat] for chat in (CITIZEN, ADMIN)}
    assert told[CITIZEN] == ["Maaf, ada gangguan. Silakan coba sebentar lagi."]
    assert "3 kali dan disisihkan (RuntimeError)" in "".join(told[ADMIN])
    # Where and what kind, for the operator; the error's own words may quote the question.
    assert "a handler failed: RuntimeError" in caplog.text
    assert "shelf.py" in caplog.text
    assert "rusak" not in caplog.text


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # raised by its own constructor
async def test_telegram_asking_to_wait_is_obeyed_and_the_answer_sent(stage):
    stage.request.refuse("sendMessage", 429, "Too Many Requests: retry after 1", retry_after=0.01)
    await stage.says("bantuan")
    assert len(stage.sent) == 2


async def test_a_telegram_that_fails_once_is_tried_again(stage, monkeypatch):
    monkeypatch.setattr("bot.handlers.sending.RETRY_SECONDS", 0)
    stage.request.refuse("sendMessage", 502, "Bad Gateway")
    await stage.says("bantuan")
    assert len(stage.sent) == 2


async def test_a_notice_of_telegrams_own_gets_no_reply(stage):
    await stage.says(pinned_message=stage.message("penting"))
    await stage.says(write_access_allowed={"from_request": True})
    assert stage.request.calls == []


async def test_html_that_telegram_refuses_is_sent_plain(stage):
    stage.request.refuse("sendMessage", 400, "Bad Request: can't parse entities: unsupported start tag")
    await stage.says("bantuan")
    assert "parse_mode" not in stage.sent[1].data
    assert "<b>" not in stage.sent[1]["text"]


async def test_a_group_that_became_a_supergroup_leaves_no_id_in_the_log(stage, caplog):
    stage.request.refuse("sendMessage", 400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100123456789)
    await stage.in_group("/tanya bantuan")
    assert "Telegram failed (ChatMigrated" in caplog.text
    assert "123456789" not in caplog.text


async def test_being_blocked_is_no_error(stage, caplog):
    stage.request.refuse("sendMessage", 403, "Forbidden: bot was blocked by the user")
    await stage.says("bantuan")
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_an_anonymous_admin_of_a_group_can_ask(stage):
    anonymous = stage.message("/tanya bantuan", chat=GROUP)
    anonymous["from"] = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    anonymous["sender_chat"] = anonymous["chat"]
    await stage.update(message=json.loads(json.dumps(anonymous)))
    assert len(stage.sent) == 1
