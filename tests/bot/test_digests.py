"""What is sent unasked: an answer that was waited for, and digests; each once, and never to who left."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from conftest import ADMIN, CITIZEN, GROUP
from shelf import ScriptedArchive, article

from bot.deeplinks import Links
from bot.digests import Digests
from bot.handlers.unasked import looker
from bot.library import Library
from bot.running import _upkeep
from index.article import ArticleDate, Locality
from index.places import load_gazetteer
from index.reading import parse_article

# 06.30 in Jakarta, 07.30 in Makassar, 08.30 in Jayapura.
START = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
WAIT = "Beri tahu saya bila ada"


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def passes(self, **time):
        self.now += timedelta(**time)


@pytest.fixture
def clock(stage):
    stage.services.now = Clock()
    return stage.services.now


@pytest.fixture
async def digests(stage, clock):
    """The digests, having seen the archive as it was at the start."""
    made = restarted(stage)
    await made.look()
    clock.passes(minutes=1)
    return made


def restarted(stage):
    return looker(stage.application)


def arrives(stage, *texts):
    """A rebuild with more articles than before, over a real archive."""
    from index.archive import Archive

    old = [each for each in stage.archive.articles if each.id.startswith("baru")]
    new = [parse_article(f"baru-{len(old) + number}", text) for number, text in enumerate(texts)]
    stage.services.library = Library(Archive([*old, *new]))


MOON = """\
Dinas Sosial Pacitan Salurkan Kursi Roda

PACITAN, WartaContoh.id - Dinas Sosial Kabupaten Pacitan menyalurkan bantuan 35 kursi roda kepada penyandang \
disabilitas di Pendopo Pacitan, Kamis (8/6/2023).

Kursi roda itu dibeli dari zakat pegawai. Penerima dipilih oleh pendamping PKH.
"""
BATIK = """\
Perempuan Sleman Belajar Membatik

SLEMAN, WartaContoh.id - Sebanyak 25 perempuan kepala keluarga mengikuti pelatihan membatik di Kapanewon Turi, Rabu \
(21/2/2024). Pelatihan berlangsung selama lima hari.
"""
QUESTION = "berapa kursi roda untuk penyandang disabilitas di Pacitan?"


async def waits(stage, question=QUESTION, **more):
    """Ask what the archive cannot answer, and tap."""
    arrives(stage, BATIK)
    await stage.says(question, **more)
    await stage.taps_on(stage.sent[-1], WAIT, **{k: v for k, v in more.items() if k != "chat"})


async def test_who_waits_is_told_once_with_the_citation_when_an_article_answers(stage, clock):
    arrives(stage, BATIK)
    digests = restarted(stage)
    await digests.look()
    clock.passes(minutes=1)
    await waits(stage)
    assert f"Bila dalam 90 hari ada berita baru yang menjawab “{QUESTION}”" in stage.sent[-1]["text"]
    assert stage.rows("waiting")[0]["chat"] == CITIZEN
    before = len(stage.sent)
    clock.passes(hours=1)
    await digests.look()
    assert len(stage.sent) == before  # nothing new yet
    arrives(stage, MOON)
    await digests.look()
    told = stage.sent[-1]
    assert told["chat_id"] == CITIZEN
    assert f"Ada berita baru yang menjawab pertanyaan Anda: “{QUESTION}”" in told["text"]
    assert "35 <b>kursi roda" in told["text"].lower() or "kursi" in told["text"]
    assert "WartaContoh" in told["text"]
    assert 'href="https://t.me/ArsipBot?start=k' in told["text"]
    assert stage.rows("waiting") == []  # and with it the chat's number
    arrives(stage, MOON.replace("35", "36"))
    await digests.look()
    await restarted(stage).look()
    assert len(stage.sent) == before + 1


async def test_an_article_that_was_hidden_and_is_shown_again_is_news_to_who_waited_meanwhile(stage, clock):
    arrives(stage, BATIK, MOON)
    digests, full = restarted(stage), stage.services.library
    await digests.look()
    stage.services.library = Library(ScriptedArchive([]))
    await digests.look()
    await waits(stage)
    clock.passes(minutes=1)
    stage.services.library = full
    await digests.look()
    assert "Ada berita baru" in stage.sent[-1]["text"]


async def test_another_answer_from_articles_that_stayed_as_they_were_is_no_news(stage, digests, clock):
    await stage.says("jadwal ke bulan")
    await stage.taps_on(stage.sent[-1], WAIT)

    class Cleverer(ScriptedArchive):
        def ask(self, question, previous=None, home=None):
            return super().ask("bantuan")

    clock.passes(minutes=1)
    stage.services.library = Library(Cleverer(stage.archive.articles))
    sent = len(stage.sent)
    await digests.look()
    assert len(stage.sent) == sent
    assert len(stage.rows("waiting")) == 1


async def test_the_same_question_waits_once_and_only_so_many_of_a_chat(stage, digests):
    await waits(stage)
    await stage.says(QUESTION)
    await stage.taps_on(stage.sent[-1], WAIT)
    assert "sudah saya catat" in stage.told["text"]
    for number in range(10):
        await stage.says(f"siapa nama lurah desa Contoh{number} di Papua?")
        await stage.taps_on(stage.sent[-1], WAIT)
    assert "Sudah ada 10 pertanyaan" in stage.told["text"]
    assert len(stage.rows("waiting")) == 10


async def test_a_wait_ends_after_90_days(stage, digests, clock):
    await waits(stage)
    clock.passes(days=91)
    arrives(stage, MOON)
    sent = len(stage.sent)
    await stage.services.purge()
    await digests.look()
    assert stage.rows("waiting") == []
    assert len(stage.sent) == sent


async def test_numbers_in_a_question_that_waits_are_masked(stage, digests):
    await waits(stage, "berapa kursi roda dari siti@contoh.id untuk penyandang disabilitas di Pacitan?")
    assert "kursi roda dari [surel]" in stage.rows("waiting")[0]["question"]


async def test_a_wait_in_a_topic_is_answered_in_that_topic(stage, digests):
    topic = {"message_thread_id": 7, "is_topic_message": True}
    arrives(stage, BATIK)
    await stage.in_group(f"/tanya {QUESTION}", **topic)
    await stage.taps_on(stage.sent[-1], WAIT, **topic)
    arrives(stage, MOON)
    await digests.look()
    assert (stage.sent[-1]["chat_id"], stage.sent[-1]["message_thread_id"]) == (GROUP, 7)
    assert "Ada berita baru" in stage.sent[-1]["text"]


async def test_what_telegram_cannot_take_now_is_sent_later_and_who_blocked_the_bot_is_forgotten(stage, digests, clock):
    await waits(stage)
    clock.passes(minutes=1)
    arrives(stage, MOON)
    stage.request.refuse("sendMessage", 429, "Too Many Requests: retry after 60", retry_after=60)
    await digests.look()
    assert len(stage.rows("waiting")) == 1
    stage.request.refuse("sendMessage", 403, "Forbidden: bot was blocked by the user")
    asked = len(stage.sent)
    await digests.look()
    assert len(stage.sent) == asked  # not at every look
    clock.passes(minutes=6)
    await digests.look()
    assert stage.rows("waiting") == []
    sent = len(stage.sent)
    clock.passes(minutes=6)
    await digests.look()
    assert len(stage.sent) == sent == asked + 1


# -- digests -----------------------------------------------------------------------------------------------------------


def labels(call):
    return [button["text"] for button in call.buttons]


def news(number, code, **more):
    place = load_gazetteer().by_code(code)
    found = article(number, **more)
    return type(found)(
        id=found.id,
        body=found.body,
        title=f"Berita {number}",
        outlet="Kabar",
        blocks=found.blocks,
        locality=Locality(place.full_name, (place,)),
        date=ArticleDate(2026, 3, number),
    )


def comes(stage, *articles):
    stage.services.library = Library(ScriptedArchive([*stage.archive.articles, *articles]))


async def test_new_articles_of_a_region_come_once_at_the_hour_chosen_also_past_a_restart(stage, digests, clock):
    await stage.says("/langganan Jawa Timur")
    assert "• Jawa Timur\n" in stage.sent[0]["text"]
    assert "sekitar pukul 07.00 WIB" in stage.sent[0]["text"]
    comes(stage, news(11, "35.01"), news(12, "36"))
    clock.passes(minutes=20)  # 06.51
    await digests.look()
    assert len(stage.sent) == 1
    clock.passes(minutes=20)  # 07.11
    await digests.look()
    assert stage.sent[1]["chat_id"] == CITIZEN
    assert "Berita baru dalam arsip: 1" in stage.sent[1]["text"]
    assert "[1] Berita 11 · Kabar · Kabupaten Pacitan" in stage.sent[1]["text"]
    assert labels(stage.sent[1]) == ["Baca artikel 1"]
    for _ in range(3):
        clock.passes(hours=12)
        await restarted(stage).look()
    assert len(stage.sent) == 2


async def test_nothing_is_sent_without_news_and_old_articles_are_none(stage, digests, clock):
    await stage.says("/langganan semua")
    for _ in range(4):
        clock.passes(hours=8)
        await digests.look()
    assert len(stage.sent) == 1


async def test_everything_is_chosen_by_tap_and_shown_in_words(stage, digests, clock):
    await stage.says("/langganan")
    assert "Belum ada langganan" in stage.sent[0]["text"]
    await stage.taps_on(stage.sent[0], "Semua berita baru")
    assert "• Semua berita baru" in stage.edited[-1]["text"]
    await stage.taps_on(stage.edited[-1], "Jam kirim")
    assert "07.00 (dipilih)" in labels(stage.edited[-1])
    await stage.taps_on(stage.edited[-1], "19.00")
    await stage.taps_on(stage.edited[-1], "Zona waktu")
    await stage.taps_on(stage.edited[-1], "WIT")
    assert "sekitar pukul 19.00 WIT" in stage.edited[-1]["text"]
    await stage.taps_on(stage.edited[-1], "Program")
    assert "Bisa" not in stage.edited[-1]["text"]
    await stage.taps_on(stage.edited[-1], "« Kembali")
    comes(stage, news(11, "91.03"))
    clock.passes(hours=9)  # 17.31 in Jayapura
    await digests.look()
    assert len(stage.sent) == 1
    clock.passes(hours=2)
    await digests.look()
    assert "Berita 11" in stage.sent[1]["text"]


async def test_a_choice_tapped_twice_is_still_chosen(stage, digests, clock):
    comes(stage, news(1, "35.01"))
    await stage.says("/langganan")
    await stage.taps_on(stage.sent[-1], "Daerah")
    page = stage.edited[-1]
    for _ in range(2):
        await stage.taps_on(page, "Kabupaten Pacitan, Jawa Timur")
    assert "Kabupaten Pacitan, Jawa Timur (dipilih)" in labels(stage.edited[-1])
    page = stage.edited[-1]
    for _ in range(2):
        await stage.taps_on(page, "Kabupaten Pacitan, Jawa Timur (dipilih)")
        assert stage.rows("subscriptions") == []


async def test_news_of_a_region_comes_by_its_own_clock(stage, digests, clock):
    await stage.says("/langganan Kota Jayapura")
    assert "07.00 WIT," in stage.sent[-1]["text"]


async def test_stopping_twice_leaves_what_was_stopped_to_be_read(stage, digests, clock):
    await stage.says("/langganan semua")
    for _ in range(2):
        await stage.taps_on(stage.sent[0], "Berhenti dari semuanya")
    (edited,) = stage.edited
    assert "langganan (1)" in edited["text"]
    assert "Tidak ada langganan" in stage.told["text"]


async def test_in_a_group_berhenti_needs_no_name_where_something_is_sent_and_is_silent_where_nothing_is(stage, digests):
    stage.request.members[GROUP, ADMIN] = "creator"
    await stage.in_group("/berhenti", sender=ADMIN)  # may be meant for another bot
    assert stage.sent == []
    await stage.in_group("/langganan semua", sender=ADMIN)
    await stage.in_group("/berhenti")
    assert "hanya admin grup" in stage.sent[-1]["text"]
    await stage.in_group("/berhenti", sender=ADMIN)
    assert "Tidak ada lagi yang akan dikirim" in stage.sent[-1]["text"]
    assert stage.rows("digests") == []


async def test_a_programme_is_chosen_by_name_and_its_news_only(stage, digests, clock):
    await stage.says("/langganan program keluarga harapan")
    assert "• PKH" in stage.sent[0]["text"]
    await stage.says("/langganan Wakanda")
    assert "bukan daerah atau program" in stage.sent[1]["text"]
    plain, about = news(11, "35.01"), news(12, "36")
    body = about.body + "Pendamping PKH hadir."
    block = about.blocks[1]
    told = type(about)(id="pkh", body=body, title="Pendamping PKH hadir", date=about.date, blocks=(block,))
    comes(stage, plain, told)
    clock.passes(hours=1)
    await digests.look()
    assert "Pendamping PKH hadir" in stage.sent[2]["text"]
    assert "Berita 11" not in stage.sent[2]["text"]


async def test_berhenti_stops_all_at_once_and_forgets_the_number(stage, digests, clock):
    await waits(stage)
    await stage.says("/langganan semua")
    await stage.says("/langganan Pacitan")
    await stage.says("/berhenti")
    assert "langganan (2), pertanyaan yang menunggu (1)" in stage.sent[-1]["text"]
    assert stage.rows("digests") == stage.rows("subscriptions") == stage.rows("waiting") == []
    arrives(stage, MOON)
    clock.passes(days=1)
    sent = len(stage.sent)
    await digests.look()
    assert len(stage.sent) == sent
    await stage.says("/berhenti")
    assert "Tidak ada langganan" in stage.sent[-1]["text"]


async def test_a_digest_that_telegram_refuses_for_now_comes_later_and_to_who_blocked_the_bot_never(
    stage, digests, clock
):
    await stage.says("/langganan semua")
    comes(stage, news(11, "35.01"))
    clock.passes(hours=1)
    stage.request.refuse("sendMessage", 429, "Too Many Requests: retry after 60", retry_after=60)
    await digests.look()
    clock.passes(minutes=6)
    stage.request.refuse("sendMessage", 403, "Forbidden: bot was blocked by the user")
    await digests.look()
    assert [call["text"][:14] for call in stage.sent[1:]] == ["<b>Berita baru"] * 2
    assert stage.rows("digests") == []


async def test_who_blocks_the_bot_is_forgotten_at_once(stage, digests):
    await stage.says("/langganan semua")
    person = {"id": CITIZEN, "is_bot": False, "first_name": "Siti"}
    bot = {"user": stage.bot}
    await stage.update(
        my_chat_member={
            "chat": {"id": CITIZEN, "type": "private"},
            "from": person,
            "date": 1700000000,
            "old_chat_member": {**bot, "status": "member"},
            "new_chat_member": {**bot, "status": "kicked", "until_date": 0},
        }
    )
    assert stage.rows("digests") == []
    assert len(stage.sent) == 1


async def test_in_a_group_admins_subscribe_into_its_topic_and_news_waits_for_the_end_of_the_quiet_hours(
    stage, digests, clock
):
    stage.request.members[GROUP, ADMIN] = "administrator"
    topic = {"message_thread_id": 7, "is_topic_message": True}
    await stage.in_group("/langganan@ArsipBot semua", **topic)
    assert "hanya admin grup" in stage.sent[0]["text"]
    await stage.in_group("/langganan@ArsipBot semua", sender=ADMIN, **topic)
    await stage.in_group("/atur tenang 6-9 WIB", sender=ADMIN, **topic)
    comes(stage, news(11, "35.01"))
    clock.passes(hours=1)  # 07.31
    await digests.look()
    assert len(stage.sent) == 3
    clock.passes(hours=2)
    await digests.look()
    assert (stage.sent[3]["chat_id"], stage.sent[3]["message_thread_id"]) == (GROUP, 7)


async def test_more_news_than_fits_is_counted(stage, digests, clock):
    await stage.says("/langganan semua")
    comes(stage, *(news(number, "35.01") for number in range(10, 22)))
    clock.passes(hours=1)
    await digests.look()
    assert "dan 4 lainnya. Daftar lengkap: /sumber" in stage.sent[1]["text"]


async def test_a_crash_while_sending_repeats_nothing(stage, digests, clock):
    await stage.says("/langganan semua")
    comes(stage, news(11, "35.01"))
    clock.passes(hours=1)

    async def crash(*_):
        raise RuntimeError("as if the process had ended here")

    await Digests(stage.services, crash, Links("ArsipBot")).look()
    await restarted(stage).look()
    assert len(stage.sent) == 1
    comes(stage, news(12, "35.01"))  # what comes later is sent as ever
    clock.passes(days=1)
    await restarted(stage).look()
    assert "Berita baru dalam arsip: 1" in stage.sent[1]["text"]


async def test_the_bots_upkeep_looks(stage, clock):
    await stage.says("/langganan semua")
    clock.passes(minutes=1)
    comes(stage, news(11, "35.01"))
    clock.passes(hours=1)
    upkeep = asyncio.create_task(_upkeep(stage.application, stage.inbox, asyncio.Event()))
    async with asyncio.timeout(5):
        while len(stage.sent) < 2:  # noqa: ASYNC110 - nothing tells when a message was sent
            await asyncio.sleep(0.01)
    upkeep.cancel()
    assert "Berita 11" in stage.sent[1]["text"]
