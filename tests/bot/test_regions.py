"""/daerah and /cakupan, and the region that a question without a place prefers; over the archive of seeds/."""

from __future__ import annotations

import io
import sqlite3
from datetime import date

import pytest
from conftest import ADMIN, CITIZEN, GROUP
from PIL import Image

from bot import regions
from bot.coverage import survey
from bot.coveragepicture import CAPTION_UNITS, REGIONS_SHOWN, draw, words
from bot.library import Library
from bot.richtext import length, to_plain
from bot.terminal import Talk
from index.article import Article, ArticleDate, Block, BlockKind, Locality
from index.lexicon import load_lexicon
from index.places import describe, load_gazetteer
from index.texts import load


@pytest.fixture
def stage(stage, archive):
    stage.services.library = Library(archive)
    return stage


def labels(call):
    return [button["text"] for button in call.buttons]


async def test_daerah_lists_provinces_then_their_kabupaten_with_count_and_newest_date(stage):
    await stage.says("/daerah")
    assert "Arsip memuat 5 artikel dari 3 provinsi." in stage.sent[0]["text"]
    assert "• Jawa Timur: 2 artikel, terbaru 23 September 2024" in stage.sent[0]["text"]
    await stage.taps_on(stage.sent[0], "Jawa Timur (2 artikel)")
    page = stage.edited[0]
    assert "• Kota Mojokerto: 1 artikel, terbaru 14 Desember 2023" in page["text"]
    assert labels(page) == [
        "Pilih Kota Mojokerto",
        "Pilih Kabupaten Pacitan",
        "Pilih seluruh Jawa Timur",
        "« Semua provinsi",
    ]
    await stage.taps_on(page, "« Semua provinsi")
    assert stage.edited[1]["text"] == stage.sent[0]["text"]


async def test_a_saved_region_is_preferred_said_to_be_and_left_with_one_tap(stage):
    await stage.says("siapa yang menyerahkan bantuan?")
    assert "daerah pilihan" not in stage.sent[0]["text"]
    await stage.says("/daerah Pacitan")
    assert "Daerah pilihan: Kabupaten Pacitan, Jawa Timur. Dari sana arsip memuat 1 artikel" in stage.sent[1]["text"]
    await stage.says("bantuan apa untuk lansia?")
    preferred = stage.sent[2]
    assert "di Kabupaten Pacitan, Jawa Timur (daerah pilihan" in preferred["text"]
    assert preferred["text"].count("[1]") == preferred["text"].count("Kabupaten Pacitan, Jawa Timur ·") >= 1
    await stage.taps_on(preferred, "Cari di seluruh Indonesia")
    everywhere = stage.sent[3]
    assert "daerah pilihan" not in everywhere["text"]
    assert everywhere["reply_parameters"]["message_id"]
    assert "Cari di seluruh Indonesia" not in labels(everywhere)
    # The button has done what it can; tapping it again would only repeat the answer.
    assert "Cari di seluruh Indonesia" not in labels(stage.request.named("editMessageReplyMarkup")[0])


async def test_what_the_region_does_not_answer_is_answered_from_everywhere_and_said_so(stage):
    await stage.says("/daerah Pacitan")
    await stage.says("siapa penjabat gubernur yang menekankan kesetiakawanan sosial?")
    assert "di seluruh Indonesia, karena di daerah pilihan tidak ada" in stage.sent[1]["text"]
    assert "Al Muktabar" in stage.sent[1]["text"]


async def test_a_place_that_is_named_goes_before_the_saved_one_and_definitions_have_none(stage):
    await stage.says("/daerah Pacitan")
    for question in ("bantuan apa saja di Balangan?", "apa itu HKSN?"):
        await stage.says(question)
        assert "daerah pilihan" not in stage.sent[-1]["text"], question


async def test_a_follow_up_does_not_take_the_preferred_region_for_one_that_was_asked_about(stage):
    await stage.says("/daerah Pacitan")
    await stage.says("bantuan apa untuk lansia?")
    await stage.says("kalau di Balangan?")
    assert "Balangan" in stage.sent[2]["text"].split("\n")[0]
    assert "Pacitan" not in stage.sent[2]["text"].split("\n")[0]


async def test_a_region_is_chosen_and_unchosen_by_tap_and_lasts_past_a_restart(stage):
    await stage.says("/daerah")
    await stage.taps_on(stage.sent[0], "Banten (1 artikel)")
    await stage.taps_on(stage.edited[0], "Pilih seluruh Banten")
    assert "Daerah pilihan: Banten." in stage.edited[1]["text"]
    stage.services.chats.drop(CITIZEN)  # as after a restart
    await stage.says("/daerah")
    assert "Daerah pilihan sekarang: Banten" in stage.sent[1]["text"]
    await stage.taps_on(stage.sent[1], "Jangan dahulukan daerah mana pun")
    assert "Tidak ada lagi daerah yang didahulukan" in stage.edited[2]["text"]
    assert stage.rows("chats")[0]["region"] is None
    assert str(CITIZEN) not in str(stage.rows("chats"))


async def test_a_typed_name_that_means_several_places_or_none_is_asked_back(stage):
    await stage.says("/daerah Serang")
    assert labels(stage.sent[0]) == ["Kabupaten Serang, Banten", "Kota Serang, Banten"]
    await stage.taps_on(stage.sent[0], "Kota Serang, Banten")
    assert stage.rows("chats")[0]["region"] == "36.73"
    await stage.says("/daerah Wakanda")
    assert "Daerah “Wakanda” tidak saya kenal" in stage.sent[1]["text"]
    await stage.says("/daerah Papua Selatan")
    assert "arsip belum memuat berita dari sana" in stage.sent[2]["text"]


async def test_in_a_group_only_admins_choose_its_region_and_everyone_may_look(stage):
    stage.request.members[GROUP, ADMIN] = "administrator"
    await stage.in_group("/daerah@ArsipBot")
    await stage.taps_on(stage.sent[0], "Banten (1 artikel)")
    page = stage.edited[0]
    await stage.taps_on(page, "Pilih seluruh Banten")
    assert "Hanya admin grup" in stage.told["text"]
    assert stage.rows("chats") == []
    await stage.taps_on(page, "Pilih seluruh Banten", tapper=ADMIN)
    assert stage.rows("chats")[0]["region"] == "36"
    await stage.in_group("/daerah@ArsipBot Pacitan")
    assert "hanya admin grup" in stage.sent[-1]["text"]


async def test_a_code_that_nobody_was_shown_changes_nothing(stage):
    await stage.taps("!s:99.99")
    assert "tidak berlaku" in stage.told["text"]
    await stage.taps("!q:1")
    await stage.taps("!r:-:x")
    assert stage.rows("chats") == []


async def test_while_the_database_fails_questions_are_answered_and_choices_are_refused_in_words(stage):
    with sqlite3.connect(stage.services.settings.database) as connection:
        connection.execute("ALTER TABLE chats RENAME TO gone")
    await stage.says("apa itu HKSN?")
    assert "Hari Kesetiakawanan" in stage.sent[0]["text"]
    await stage.taps("!s:36")
    assert "belum bisa disimpan" in stage.told["text"]


async def test_cakupan_is_a_picture_with_the_same_in_words(stage):
    await stage.in_group("/cakupan@ArsipBot", message_thread_id=9, is_topic_message=True)
    (sent,) = stage.request.named("sendPhoto")
    assert sent["message_thread_id"] == 9
    with Image.open(io.BytesIO(sent["photo"])) as picture:
        assert (picture.format, picture.width) == ("PNG", 1080)
    assert "Cakupan arsip: 5 artikel dari 5 daerah." in sent["caption"]
    assert "Kabupaten Pacitan, Jawa Timur: 1 artikel, terbaru 23 September 2024. Program: PKH" in sent["caption"]
    await stage.says("/cakupan")
    assert stage.request.named("sendPhoto")[1]["photo"] is sent["photo"]  # drawn once


def test_the_newest_regions_are_drawn_and_told_in_words_and_the_others_are_counted():
    places = [place for place in load_gazetteer().places if "." in place.code][:60]
    body = "PKH untuk lansia"
    articles = [
        Article(
            str(number),
            body,
            body,
            None,
            Locality(describe((place,)), (place,)),
            ArticleDate(2000 + number % 26),
            blocks=(Block(BlockKind.PARAGRAPH, 0, len(body)),),
        )
        for number, place in enumerate(places)
    ]
    coverage = survey(articles, load_lexicon())
    with Image.open(io.BytesIO(draw(coverage, load(), date(2026, 1, 1)))) as picture:
        assert picture.height < 2 * picture.width  # Telegram refuses a ratio of more than 20; a phone, of more than 2
    caption, rest = words(coverage, load())
    assert length(caption.blocks) <= CAPTION_UNITS
    told = "".join(to_plain(reply.blocks) for reply in (caption, *rest))
    assert all(describe((region.place,)) in told for region in coverage.local[:REGIONS_SHOWN])
    assert "dan 48 daerah lainnya: /daerah" in told
    assert len(rest) <= 2  # nobody, and no group, is flooded


def test_an_article_of_no_region_is_counted_apart_and_pages_stay_in_range():
    places = [place for place in load_gazetteer().places if "." not in place.code]
    articles = [Article(place.code, "x", "x", locality=Locality(place.name, (place,))) for place in places]
    coverage = survey([*articles, Article("n", "x", "x")], load_lexicon())
    page = regions.overview(coverage, None, 99, None, load())
    text = to_plain(page.blocks)
    assert "Halaman 5 dari 5" in text
    assert "1 artikel lainnya tidak menyebut daerah" in text
    assert "1 artikel, tanpa tanggal" in text
    assert max(len(button.data.encode()) for row in page.rows for button in row) <= 64


@pytest.mark.parametrize("name", ["daerah", "cakupan", "langganan", "berhenti", "hapus_data", "atur"])
async def test_in_the_terminal_it_is_said_that_these_are_telegrams(stage, name):
    assert await Talk(stage.services).turn(f"/{name}") == "Perintah ini hanya ada di Telegram."
