"""/atur: whose choices count, what they change, and the bot as a member of the group."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from conftest import ADMIN, CITIZEN, GROUP

NIGHT = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)  # 23.00 in Jakarta, 01.00 in Jayapura
REPLY = {
    "reply_to_message": {
        "message_id": 5,
        "date": 1700000000,
        "chat": {"id": GROUP, "type": "supergroup"},
        "from": {"id": 42, "is_bot": True, "first_name": "Arsip"},
        "text": "jawaban",
    }
}
# https://core.telegram.org/bots/api#message: how an anonymous admin writes.
ANONYMOUS = {"sender": 1087968824, "sender_chat": {"id": GROUP, "type": "supergroup", "title": "RT 05"}}


@pytest.fixture
def stage(stage):
    stage.request.members[GROUP, ADMIN] = "administrator"
    return stage


def labels(call):
    return [button["text"] for button in call.buttons]


async def board(stage, **more):
    await stage.in_group("/atur", sender=ADMIN, **more)
    return stage.sent[-1]


async def test_the_board_says_in_words_what_holds_and_marks_it(stage):
    shown = await board(stage)
    for line in (
        "Daerah yang didahulukan: tidak ada",
        "/tanya, sebutan nama saya, dan balasan",
        "Jam tenang: tidak ada",
        "Zona waktu: WIB",
        "Jawaban: singkat",
    ):
        assert line in shown["text"]
    assert [label for label in labels(shown) if "dipilih" in label] == [
        "Sebutan dan /tanya (dipilih)",
        "Jawaban singkat (dipilih)",
        "Tanpa jam tenang (dipilih)",
        "WIB (dipilih)",
    ]


async def test_in_the_topic_as_a_reply(stage):
    shown = await board(stage, message_thread_id=9, is_topic_message=True, message_id=77)
    assert (shown["message_thread_id"], shown["reply_parameters"]["message_id"]) == (9, 77)


async def test_only_tanya_is_answered_once_an_admin_says_so(stage, mention):
    await stage.taps_on(await board(stage), "Hanya /tanya", tapper=ADMIN)
    assert "Saya menjawab: hanya /tanya" in stage.edited[0]["text"]
    assert "Hanya /tanya (dipilih)" in labels(stage.edited[0])
    text = "@ArsipBot bantuan lansia"
    await stage.in_group(text, entities=[mention(text)])
    await stage.in_group("bantuan lansia", **REPLY)
    await stage.in_group("@ArsipBot", entities=[mention("@ArsipBot")])
    assert len(stage.sent) == 1
    assert stage.rows() == []
    await stage.in_group("/tanya bantuan lansia")
    assert len(stage.sent) == 2


async def test_quiet_hours_leave_tanya_without_a_sound_and_nothing_else(stage, mention):
    stage.services.now = lambda: NIGHT
    await stage.in_group("/atur tenang 22-5 WIB", sender=ADMIN)
    assert "Jam tenang: 22.00–05.00 WIB" in stage.sent[0]["text"]
    text = "@ArsipBot bantuan lansia"
    await stage.in_group(text, entities=[mention(text)])
    assert len(stage.sent) == 1
    await stage.in_group("/tanya bantuan lansia")
    assert stage.sent[1]["disable_notification"] is True
    stage.services.now = lambda: NIGHT.replace(hour=23)  # 06.00
    await stage.in_group(text, entities=[mention(text)])
    assert len(stage.sent) == 3
    assert "disable_notification" not in stage.sent[2].data


async def test_the_zone_decides_when_it_is_quiet(stage, mention):
    stage.services.now = lambda: NIGHT
    await stage.in_group("/atur tenang 2-5 WIT", sender=ADMIN)
    await stage.in_group("/tanya bantuan")
    assert "disable_notification" not in stage.sent[1].data
    stage.services.now = lambda: NIGHT.replace(hour=17)  # 02.00 in Jayapura
    await stage.in_group("/tanya bantuan")
    assert stage.sent[2]["disable_notification"] is True


async def test_answers_in_a_group_are_short_until_its_admins_want_them_full(stage):
    await stage.in_group("/tanya bantuan lansia")
    assert stage.sent[0]["text"].count("<blockquote") == 1
    await stage.taps_on(await board(stage), "Jawaban lengkap", tapper=ADMIN)
    await stage.in_group("/tanya bantuan lansia")
    assert stage.sent[2]["text"].count("<blockquote") == 3
    await stage.says("bantuan lansia")  # where nobody else reads along, always
    assert stage.sent[3]["text"].count("<blockquote") == 3


async def test_the_taps_and_words_of_others_change_nothing(stage):
    shown = await board(stage)
    await stage.taps_on(shown, "Hanya /tanya")
    assert "Hanya admin grup" in stage.told["text"]
    assert len(stage.told["text"]) <= 200
    assert stage.edited == []
    await stage.in_group("/atur singkat")
    assert "hanya admin grup" in stage.sent[-1]["text"]
    channel = {"sender": 136817688, "sender_chat": {"id": -100777, "type": "channel", "title": "Kanal"}}
    await stage.in_group("/atur singkat", **channel)
    assert "hanya admin grup" in stage.sent[-1]["text"]
    assert stage.rows("chats") == []


async def test_telegram_is_asked_once_in_a_while_and_when_it_does_not_say_nobody_is_an_admin(stage):
    shown = await board(stage)
    await stage.taps_on(shown, "Hanya /tanya", tapper=ADMIN)
    await stage.taps_on(shown, "Jawaban lengkap", tapper=ADMIN)
    assert len(stage.request.named("getChatMember")) == 1
    stage.application.admins.forget(GROUP)
    stage.request.refuse("getChatMember", 400, "Bad Request: CHAT_ADMIN_REQUIRED")
    await stage.taps_on(shown, "22.00–05.00", tapper=ADMIN)
    assert "Hanya admin grup" in stage.told["text"]


async def test_an_anonymous_admin_chooses_by_words(stage):
    for words in ("daerah Pacitan", "tanya", "sebutan", "tenang 22.00 sampai 5.00 wita", "singkat"):
        await stage.in_group(f"/atur {words}", **ANONYMOUS)
    text = stage.sent[-1]["text"]
    assert "Kabupaten Pacitan" in text
    assert "22.00–05.00 WITA" in text
    assert "singkat (satu kutipan)" in text
    for words in ("tenang 25-5", "tenang 5-5", "daerah Wakanda", "warna biru"):
        await stage.in_group(f"/atur {words}", **ANONYMOUS)
        assert "tidak saya kenal" in stage.sent[-1]["text"], words
    await stage.in_group("/atur daerah Serang", **ANONYMOUS)
    assert labels(stage.sent[-1]) == ["Kabupaten Serang, Banten", "Kota Serang, Banten"]
    await stage.in_group("/atur daerah Kota Serang", **ANONYMOUS)
    assert "didahulukan: Kota Serang, Banten" in stage.sent[-1]["text"]
    await stage.in_group("/atur tenang tidak", **ANONYMOUS)
    await stage.in_group("/atur lengkap", **ANONYMOUS)
    await stage.in_group("/atur daerah tidak", **ANONYMOUS)
    assert "Daerah yang didahulukan: tidak ada" in stage.sent[-1]["text"]
    assert stage.request.named("getChatMember") == []


async def test_the_groups_region_is_preferred_there_and_nowhere_else(stage, archive):
    from bot.library import Library

    stage.services.library = Library(archive)
    await stage.in_group("/atur daerah Pacitan", sender=ADMIN)
    await stage.in_group("/tanya bantuan apa untuk lansia?")
    assert "(daerah pilihan" in stage.sent[-1]["text"]
    await stage.says("bantuan apa untuk lansia?")
    assert "daerah pilihan" not in stage.sent[-1]["text"]


async def test_in_a_private_chat_atur_says_what_it_is_for(stage):
    await stage.says("/atur")
    assert "hanya untuk grup" in stage.sent[0]["text"]
    for forged in ("!g:leave:1", "!g:brief:1", "!b:leave"):
        await stage.taps(forged)
        assert "hanya untuk grup" in stage.told["text"]
    assert (len(stage.sent), stage.edited, stage.rows("chats")) == (1, [], [])


# -- joining and leaving -----------------------------------------------------------------------------------------------


async def member(stage, old, new, chat=GROUP):
    kind = {"type": "supergroup", "title": "RT 05"} if chat < 0 else {"type": "private"}
    until = {"until_date": 0}
    await stage.update(
        my_chat_member={
            "chat": {"id": chat, **kind},
            "date": 1700000000,
            "from": {"id": CITIZEN, "is_bot": False, "first_name": "Siti"},
            "old_chat_member": {"user": stage.bot, "status": old, **(until if old == "kicked" else {})},
            "new_chat_member": {"user": stage.bot, "status": new, **(until if new == "kicked" else {})},
        }
    )


async def test_one_greeting_on_joining_and_never_again(stage):
    await member(stage, "left", "member")
    assert "Saya diam sampai ditanya" in stage.sent[0]["text"]
    assert "/atur" in stage.sent[0]["text"]
    await member(stage, "member", "left")
    stage.services.chats.drop(GROUP)  # as after a restart
    await member(stage, "left", "member")
    await member(stage, "kicked", "member", chat=CITIZEN)  # a person who unblocks it is not greeted
    assert len(stage.sent) == 1


async def test_an_admin_sends_it_away_after_being_asked(stage):
    await stage.in_group("/langganan@ArsipBot semua", sender=ADMIN)
    await stage.taps_on(await board(stage), "Keluarkan bot dari grup …", tapper=ADMIN)
    assert "Yakin?" in stage.edited[0]["text"]
    await stage.taps_on(stage.edited[0], "Ya, keluar")
    assert stage.request.named("leaveChat") == []
    await stage.taps_on(stage.edited[0], "Ya, keluar", tapper=ADMIN)
    assert stage.request.named("leaveChat")[0]["chat_id"] == GROUP
    assert stage.rows("digests") == []


async def test_an_anonymous_admin_sends_it_away_by_words(stage):
    await stage.in_group("/atur keluar", **ANONYMOUS)
    assert "saya keluar" in stage.sent[0]["text"]
    assert len(stage.request.named("leaveChat")) == 1


async def test_a_group_that_becomes_a_supergroup_keeps_its_choices_and_wishes(stage):
    old, new = -555, -100999
    stage.request.members[old, ADMIN] = stage.request.members[new, ADMIN] = "creator"
    plain = {"chat": old, "sender": ADMIN}
    await stage.says("/atur lengkap", **plain)
    await stage.says("/langganan@ArsipBot Pacitan", **plain)
    await stage.says("/tanya jadwal ke bulan", **plain)
    await stage.taps_on(stage.sent[-1], "Beri tahu saya bila ada", tapper=ADMIN)
    for _ in range(2):  # both the old chat and the new one tell of it
        await stage.says(chat=old, migrate_to_chat_id=new)
        await stage.says(chat=new, migrate_from_chat_id=old)
    assert [(row["brief"], row["region"]) for row in stage.rows("chats")] == [(0, None)]
    assert [row["chat"] for row in stage.rows("digests")] == [new]
    assert [row["chat"] for row in stage.rows("waiting")] == [new]
    assert len(stage.rows("subscriptions")) == 1
    assert {row["chat_hash"] for row in (*stage.rows(), *stage.rows("shown"))} == {stage.services.log.hasher(new)}
    await stage.says("/atur", chat=new, sender=ADMIN)
    assert "Jawaban: lengkap" in stage.sent[-1]["text"]
