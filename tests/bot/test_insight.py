"""Whole updates: /statistik, /belum_terjawab, their taps, and the table for owners."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from conftest import ADMIN, CITIZEN, GROUP
from PIL import Image

from bot import exporting, statistics, unansweredboard
from bot.digests import Told
from bot.library import Library
from bot.readings import Reading, read
from bot.services import WIB
from bot.staff import Role
from bot.statistics import count
from bot.storage.feedback import Rating, Shown
from bot.storage.insight import Asked, LoggedRow, Opinions, Tally
from bot.storage.queries import QueryRow
from bot.storage.waiting import Awaited
from bot.unanswered import Order, View, grouped
from index.evaluation import read_cases

EDITOR, VIEWER = 21, 22
NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)


@pytest.fixture
async def office(stage, archive):
    """The stage with the articles of seeds/, a fixed clock, an editor and a viewer."""
    stage.services.library = Library(archive)
    stage.services.now = lambda: NOW
    await stage.services.staff.grant(EDITOR, Role.EDITOR, ADMIN)
    await stage.services.staff.grant(VIEWER, Role.VIEWER, ADMIN)
    return stage


async def asked(stage, question, *, chats=1, status="not_found", days=1, times=1, start=0):
    for chat in range(start, start + chats):
        for _ in range(times):
            row = QueryRow(NOW - timedelta(days=days), f"chat{chat}", "private", question, status, (), 5)
            await stage.services.storage.queries.add(row)


def plain(call, field="text"):
    return html.unescape(re.sub(r"<[^>]*>", "", call[field]))


def labels(call):
    return [button["text"] for button in call.buttons]


def attached(call):
    return next(value for value in call.data.values() if isinstance(value, bytes))


# -- /statistik ------------------------------------------------------------------------------------------------------


async def test_the_figures_come_as_a_picture_and_the_same_in_words(office):
    await asked(office, "bantuan PKH di Pacitan", chats=6, status="answered")
    await asked(office, "apa itu PKH", chats=3, status="not_found", start=3)
    await office.says("/statistik", chat=VIEWER, sender=VIEWER)
    (sent,) = office.request.named("sendPhoto")
    caption = plain(sent, "caption")
    assert "9 pertanyaan dari 6 obrolan" in caption
    assert "Terjawab: 6 (67%)" in caption
    assert "Kabupaten Pacitan, Jawa Timur (6)" in caption
    assert "PKH (6)" in caption
    assert len(caption) <= 1024
    picture = Image.open(io.BytesIO(attached(sent)))
    assert picture.format == "PNG"
    assert picture.width == 1080  # a phone's width in pixels


async def test_another_period_is_shown_in_place(office):
    await asked(office, "apa itu PKH", chats=5, status="answered", days=20)
    await office.says("/statistik", chat=VIEWER, sender=VIEWER)
    sent = office.request.named("sendPhoto")[0]
    assert "30 hari (dipilih)" in labels(sent)
    await office.taps_on(sent, "7 hari", tapper=VIEWER)
    (edited,) = office.request.named("editMessageMedia")
    assert "Belum cukup data" in edited["media"]["caption"]
    assert len(office.request.named("sendPhoto")) == 1


async def test_a_citizen_has_no_such_command_and_no_such_tap(office):
    await office.says("/statistik")
    assert "perintah itu tidak dikenal" in plain(office.sent[0])
    await office.taps("!v:30")
    assert office.request.named("editMessageMedia") == []
    assert office.told["show_alert"] is True


async def test_figures_stay_out_of_groups(office):
    await office.in_group("/statistik@ArsipBot", sender=ADMIN)
    assert "chat pribadi" in plain(office.sent[0])
    assert office.request.named("sendPhoto") == []


def tallies(*, chats, day=date(2026, 11, 22), status="answered", start=0):
    hour = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    return [Tally(hour, f"c{chat}", status, 1) for chat in range(start, start + chats)]


TODAY = date(2026, 11, 22)


def counted(all_tallies, opinions=(), questions=(), days=7, most=1000):
    readings = {question: Reading({(question,): question}, frozenset()) for question, _ in questions}
    return count(days, TODAY, WIB, all_tallies, list(opinions), list(questions), readings, most)


def test_nothing_is_told_of_fewer_than_five_chats():
    assert counted(tallies(chats=4)).totals is None
    assert counted(tallies(chats=5)).totals == {"answered": 5, "related": 0, "not_found": 0}
    topics = [("langka", f"c{n}") for n in range(4)] + [("sering", f"c{n}") for n in range(5)]
    assert counted(tallies(chats=9), questions=topics).topics == (("sering", 5),)
    few = [Opinions(f"c{n}", False, "old", 3) for n in range(4)]
    assert counted(tallies(chats=9), few).bad is None
    enough = [*few, Opinions("c9", False, None, 1)]
    assert counted(tallies(chats=9), enough).bad == 13
    assert counted(tallies(chats=9), enough).reasons == ()


def test_it_is_said_when_topics_are_of_the_newest_questions_only():
    topics = [("pkh", f"c{n}") for n in range(6)]
    assert counted(tallies(chats=9), questions=topics, most=6).newest == 6
    assert counted(tallies(chats=9), questions=topics, most=7).newest is None


def test_a_hidden_day_cannot_be_had_by_subtracting_the_others():
    days = [TODAY - timedelta(days=n) for n in range(4)]
    told = counted([t for day, chats in zip(days, (9, 8, 6, 2), strict=True) for t in tallies(chats=chats, day=day)])
    hidden = {bar.last for bar in told.bars if bar.counts is None}
    assert hidden == {days[3], days[2]}  # the small one, and the smallest of the others
    assert sum(told.totals.values()) == 25


def test_days_are_those_of_western_indonesia():
    late = [Tally(datetime(2026, 11, 21, 18, tzinfo=UTC), f"c{n}", "answered", 1) for n in range(5)]
    assert counted(late).bars[-1].total == 5


def test_ninety_days_are_counted_by_week_and_none_is_lost():
    every = [t for n in range(90) for t in tallies(chats=5, day=TODAY - timedelta(days=n))]
    told = counted(every, days=90)
    assert len(told.bars) == 13
    assert sum(bar.total for bar in told.bars) == 450 == sum(told.totals.values())
    assert told.bars[0].first == TODAY - timedelta(days=89)


# -- the table -------------------------------------------------------------------------------------------------------


async def test_the_owner_gets_the_log_as_a_table_and_nobody_else(office):
    await asked(office, '=HYPERLINK("http://x")', chats=2)
    await office.says("/statistik", chat=VIEWER, sender=VIEWER)
    assert "Unduh catatan 30 hari (CSV)" not in labels(office.request.named("sendPhoto")[0])
    await office.taps("!c:30", tapper=EDITOR, chat=EDITOR)
    assert office.request.named("sendDocument") == []
    await office.says("/statistik", chat=ADMIN, sender=ADMIN)
    await office.taps_on(office.request.named("sendPhoto")[1], "Unduh catatan 30 hari (CSV)", tapper=ADMIN)
    (sent,) = office.request.named("sendDocument")
    table = attached(sent)
    assert table.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    assert rows[0] == list(exporting.COLUMNS)
    assert [row[3] for row in rows[1:]] == ['\'=HYPERLINK("http://x")'] * 2
    assert not {row[1] for row in rows[1:]} & {"chat0", "chat1"}
    assert len({row[1] for row in rows[1:]}) == 2
    assert [(row["action"], row["who"]) for row in office.rows("audit")][-1] == ("export", ADMIN)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "\n=", "＝", "＠"])
def test_no_cell_begins_as_a_formula(start):
    assert exporting.harmless(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"
    assert exporting.harmless("apa itu PKH? = bantuan") == "apa itu PKH? = bantuan"


@pytest.mark.parametrize("mark", [";", "; ", '";"', "|", "\t"])
def test_nor_does_one_that_another_separator_makes_of_it(mark):
    assert "'" in exporting.harmless(f"bansos{mark}=1+1").partition("=")[0]
    assert exporting.harmless(f"bansos{mark}beras = 1") == f"bansos{mark}beras = 1"


def test_two_tables_cannot_be_joined_by_their_chats():
    row = LoggedRow(NOW, "chat1", "private", 'apa, "itu"\nPKH', "answered", "[]", 3, edited=False)
    first, second = (
        next(csv.DictReader(io.StringIO(exporting.as_csv([row], WIB).decode("utf-8-sig")))) for _ in range(2)
    )
    assert first["obrolan"] != second["obrolan"]
    assert first["pertanyaan"] == 'apa, "itu" PKH'
    assert first["waktu"] == "2026-11-22 12:00"


# -- /belum_terjawab -------------------------------------------------------------------------------------------------


def test_questions_are_grouped_by_what_they_are_about(archive):
    texts = [
        "apa syarat PKH", "syarat program keluarga harapan apa", "bantuan kursi roda di Pacitan",
        "kursi roda pacitan", "kursi roda di Banten", "jadwal pasar malam",
    ]  # fmt: skip
    questions = [Asked(text, NOW - timedelta(hours=n), f"c{n}", "not_found") for n, text in enumerate(texts)]
    groups = grouped(questions, {text: read(archive, text) for text in texts}, Order.NEWEST)
    assert [[each.question for each in group.asked] for group in groups] == [
        texts[0:2], texts[2:4], texts[4:5], texts[5:6],
    ]  # fmt: skip


def test_a_view_fits_a_button_and_nonsense_is_the_first_page():
    assert View.read(str(View(90, Order.NEWEST, 12))) == View(90, Order.NEWEST, 12)
    for nonsense in ("", "31b1", "30", "b", "30b99999", "30b²"):
        assert View.read(nonsense) == View()


async def test_the_list_groups_counts_and_hides_small_counts(office):
    await asked(office, "syarat kursi roda", chats=6)
    await asked(office, "kursi roda syaratnya apa", chats=2, start=6)
    await asked(office, "jadwal pasar malam", chats=1, days=0)
    await asked(office, "apa itu PKH", chats=9, status="answered")
    await office.says("/belum_terjawab", chat=VIEWER, sender=VIEWER)
    text = plain(office.sent[0])
    assert "30 hari terakhir: 2 kelompok" in text
    assert text.index("“syarat kursi roda”") < text.index("“jadwal pasar malam”")
    assert "8 obrolan, terakhir 21 November 2026; tidak ada di arsip" in text
    assert "kurang dari 5 obrolan, terakhir 22 November 2026" in text
    assert "PKH" not in text
    await office.taps_on(office.sent[0], "Terbaru dulu", tapper=VIEWER)
    text = plain(office.edited[0])
    assert text.index("“jadwal pasar malam”") < text.index("“syarat kursi roda”")


async def test_it_is_paged_in_place(office, monkeypatch):
    monkeypatch.setattr("bot.unansweredboard.GROUPS_A_PAGE", 1)
    await asked(office, "syarat kursi roda", chats=2)
    await asked(office, "jadwal pasar malam")
    await office.says("/belum_terjawab", chat=VIEWER, sender=VIEWER)
    await office.taps_on(office.sent[0], "Berikutnya »", tapper=VIEWER)
    assert "2. “jadwal pasar malam”" in plain(office.edited[0])
    assert len(office.sent) == 1


async def test_a_disliked_answer_is_listed_too(office):
    feedback = office.services.storage.feedback
    await feedback.add(
        Shown("abc", "chat1", "who1", question="bantuan apa di Pacitan", asked_on=NOW.date(), status="answered"), NOW
    )
    await feedback.rate(Rating("abc", "who1", good=False, reason="old"), "chat1", NOW - timedelta(hours=1))
    await office.says("/belum_terjawab", chat=VIEWER, sender=VIEWER)
    text = plain(office.sent[0])
    assert "“bantuan apa di Pacitan”" in text
    assert "dinilai 👎" in text
    assert "Sekarang sudah terjawab." in text


async def opened(office, question="syarat kursi roda", *, by=EDITOR):
    """The group's own page, as the one who opens it sees it."""
    await asked(office, question, chats=6)
    await office.says("/belum_terjawab", chat=by, sender=by)
    await office.taps_on(office.sent[0], "Tangani 1", tapper=by)
    return office.edited[-1]


async def test_a_viewer_may_look_but_not_act(office):
    page = await opened(office, by=VIEWER)
    assert labels(page) == ["« Kembali ke daftar"]
    data = office.sent[0].buttons[0]["callback_data"].replace("!j:", "!m:beres:")
    await office.taps(data, tapper=VIEWER, chat=VIEWER)
    assert office.rows("handled") == []


async def test_a_revoked_editor_can_do_nothing_with_old_buttons(office):
    page = await opened(office)
    await office.services.staff.revoke(EDITOR, ADMIN)
    await office.taps_on(page, "Tandai selesai", tapper=EDITOR)
    assert office.rows("handled") == []
    assert office.told["show_alert"] is True


async def test_done_is_off_the_list_until_it_is_asked_again(office):
    page = await opened(office)
    for _ in range(2):  # nothing is lost by tapping twice
        await office.taps_on(page, "Tandai selesai", tapper=EDITOR)
        assert "Ditandai selesai" in plain(office.edited[-1])
    await office.says("/belum_terjawab", chat=EDITOR, sender=EDITOR)
    assert "Tidak ada pertanyaan" in plain(office.sent[-1])
    await asked(office, "Syarat  kursi roda", days=-0.01)
    await office.says("/belum_terjawab", chat=EDITOR, sender=EDITOR)
    assert "kursi roda" in plain(office.sent[-1])


async def test_done_can_be_taken_back(office):
    await office.taps_on(await opened(office), "Tandai selesai", tapper=EDITOR)
    await office.taps_on(office.edited[-1], "Belum selesai", tapper=EDITOR)
    assert "Tandai selesai" in labels(office.edited[-1])
    assert office.rows("handled") == []


async def test_add_an_article_says_how(office):
    await office.taps_on(await opened(office), "Tambah artikel", tapper=EDITOR)
    assert "Kirim berkas .txt, .html, .pdf, atau .docx" in plain(office.sent[-1])
    assert "“syarat kursi roda”" in plain(office.sent[-1])


async def test_what_is_rightly_unanswered_becomes_a_golden_question(office, tmp_path):
    await office.taps_on(await opened(office), "Jadikan soal uji", tapper=EDITOR)
    assert "harus tetap mengatakan tidak tahu" in plain(office.sent[-1])
    for told in ("Disimpan sebagai soal uji", "sudah menjadi soal uji"):
        await office.taps_on(office.sent[-1], "Jadikan soal uji", tapper=EDITOR)
        assert told in office.told["text"]
    (line,) = await office.services.storage.staff.golden()
    path = tmp_path / "golden.jsonl"
    path.write_text(line, encoding="utf-8")
    (case,) = read_cases(path)
    assert (case.question, case.answerable) == ("syarat kursi roda", False)


async def test_a_golden_question_can_be_taken_back_or_no_article_could_ever_answer_it(office):
    page = await opened(office)
    await office.taps_on(page, "Jadikan soal uji", tapper=EDITOR)
    assert "artikel baru yang menjawabnya akan ditolak" in plain(office.sent[-1])
    await office.taps_on(office.sent[-1], "Jadikan soal uji", tapper=EDITOR)
    page = await opened(office)
    for _ in range(2):
        await office.taps_on(page, "Hapus dari soal uji", tapper=EDITOR)
        assert "Dihapus dari soal uji" in office.told["text"]
    assert await office.services.storage.staff.golden() == []
    assert "Jadikan soal uji" in labels(office.edited[-1])


async def test_how_many_waited_is_told_from_five_on(office):
    said = unansweredboard.told(Told(3, 1, 1), office.services.texts)
    assert said == "Sudah dikabari: 3. Belum terjawab: 1. Dikirim nanti: 1."
    assert not re.search(r"\d", unansweredboard.told(Told(2, 1, 1), office.services.texts))


async def test_an_answer_that_is_right_becomes_what_every_archive_must_give(office):
    question = "berapa motor roda tiga bagi disabilitas di Pacitan"
    await office.taps_on(await opened(office, question), "Jadikan soal uji", tapper=EDITOR)
    assert "Jawaban arsip sekarang" in plain(office.sent[-1])
    await office.taps_on(office.sent[-1], "Benar: jadikan soal uji", tapper=EDITOR)
    case = json.loads((await office.services.storage.staff.golden())[0])
    assert case["answerable"] is True
    assert case["gold_articles"] == ["pacitan-rakor-pilar-sosial-2024"]
    article = office.archive.article(case["gold_articles"][0])
    assert case["must_contain_any"][0] in article.body


async def test_those_who_asked_to_be_told_are_told_once_and_only_if_it_is_answered(office):
    question = "berapa motor roda tiga bagi disabilitas di Pacitan"
    waiting = office.services.storage.waiting
    code = office.services.log.hasher(CITIZEN)
    await waiting.add(Awaited("w1", code, question, None, None, CITIZEN, None, NOW), 10)
    await waiting.add(Awaited("w2", code, "jadwal pasar malam", None, None, CITIZEN, None, NOW), 10)
    page = await opened(office, question)
    before = len(office.sent)
    for told in ("Yang menunggu jawaban sudah dikabari.", "Tidak ada lagi yang menunggu."):
        await office.taps_on(page, "Kabari yang menunggu", tapper=EDITOR)
        assert told in office.told["text"]
    (sent,) = [call for call in office.sent[before:] if call["chat_id"] == CITIZEN]
    assert "motor roda tiga" in plain(sent)
    assert [row["id"] for row in office.rows("waiting")] == ["w2"]


async def test_a_group_in_its_quiet_hours_is_told_later_and_keeps_nobody_else_waiting(office):
    question = "berapa motor roda tiga bagi disabilitas di Pacitan"
    services = office.services
    await services.chats.save(GROUP, replace(await services.chats.of(GROUP), quiet=(11, 14)))  # it is noon in Jakarta
    for number, chat in enumerate((GROUP, CITIZEN)):
        asked_at = NOW - timedelta(days=2 - number)
        waits = Awaited(f"w{number}", services.log.hasher(chat), question, None, None, chat, None, asked_at)
        await services.storage.waiting.add(waits, 10)
    await office.taps_on(await opened(office, question), "Kabari yang menunggu", tapper=EDITOR)
    assert office.told["text"].startswith("Yang menunggu jawaban sudah dikabari. Sebagian dikabari nanti")
    assert [row["chat"] for row in office.rows("waiting")] == [GROUP]


async def test_the_list_stays_out_of_groups(office):
    await office.in_group("/belum_terjawab@ArsipBot", sender=ADMIN)
    assert "chat pribadi" in plain(office.sent[0])
    assert office.sent[0]["chat_id"] == GROUP


def test_the_fewest_chats_is_five():
    assert statistics.FEWEST_CHATS == 5
