"""Whole updates: /cari, its pages, and the text to forward."""

from __future__ import annotations

import pytest
from conftest import CITIZEN, GROUP

from bot.library import Library

USUAL = "/cari disabilitas di:Pacitan sejak:2023"


@pytest.fixture
def real(stage, archive):
    """The stage with the articles of seeds/."""
    stage.services.library = Library(archive)
    return stage


def plain(call):
    import html
    import re

    return html.unescape(re.sub(r"<[^>]*>", "", call["text"]))


async def test_a_search_with_filters_lists_articles_with_their_telling_sentence(real):
    await real.says(USUAL)
    text = plain(real.sent[0])
    assert text.splitlines()[0] == USUAL
    assert "1 artikel" in text
    assert "Kabupaten Pacitan, Jawa Timur · 23 September 2024" in text
    assert "<b>disabilitas</b>" in real.sent[0]["text"]


async def test_the_article_opens_where_it_is_quoted(real):
    await real.says(USUAL)
    await real.taps_on(real.sent[0], "Baca 1")
    assert "Bagian yang dikutip:" in plain(real.sent[1])
    assert "motor roda tiga bagi disabilitas" in plain(real.sent[1])


async def test_the_list_is_paged_in_place_and_needs_nothing_but_its_own_first_line(real, monkeypatch):
    monkeypatch.setattr("bot.searchboard.RESULTS_A_PAGE", 2)
    await real.says("/cari sosial")
    assert "Halaman 1 dari" in plain(real.sent[0])
    # As Telegram hands the message back with the tap; nothing is remembered here, so a restart changes nothing.
    await real.taps_on(real.sent[0], "Berikutnya »", text=plain(real.sent[0]))
    assert "Halaman 2 dari" in plain(real.edited[0])
    assert plain(real.edited[0]).splitlines()[0] == "/cari sosial"
    await real.taps_on(real.edited[0], "« Sebelumnya", text=plain(real.edited[0]))
    assert plain(real.edited[1]) == plain(real.sent[0])
    assert len(real.sent) == 1


async def test_a_tap_on_a_message_that_is_no_list_says_so(real):
    await real.taps("!f:2", text="lain")
    assert real.told["text"] == "Pencarian ini tidak terbaca lagi. Tulis /cari sekali lagi."


async def test_the_export_is_one_text_with_every_quotation_its_source_and_a_link(real):
    await real.says("/cari pilar sosial sejak:2022")
    await real.taps_on(real.sent[0], "Jadikan berkas untuk diteruskan", text=plain(real.sent[0]))
    (sent,) = real.request.named("sendDocument")
    document = next(value for value in sent.data.values() if isinstance(value, bytes)).decode()
    found = real.archive.find("pilar sosial", (), lambda article: (article.date.year or 0) >= 2022).snippets
    assert found
    for snippet in found:
        assert f"“{' '.join(snippet.text.split())}”" in document
        assert snippet.citation.title in document
    assert document.count("https://t.me/ArsipBot?start=k") == len(found)
    assert f"{len(found)} artikel, lengkap dengan sumbernya" in sent["caption"]


async def test_a_link_of_the_export_opens_that_paragraph(real):
    await real.says(USUAL)
    await real.taps_on(real.sent[0], "Jadikan berkas untuk diteruskan", text=plain(real.sent[0]))
    document = next(v for v in real.request.named("sendDocument")[0].data.values() if isinstance(v, bytes)).decode()
    start = document.partition("?start=")[2].split()[0]
    await real.says(f"/start {start}")
    assert "motor roda tiga bagi disabilitas" in plain(real.sent[-1])


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("/cari x sejak:31/02/2023", "“31/02/2023” pada “sejak:” bukan tanggal yang ada"),
        ("/cari x di:Atlantis", "Daerah “Atlantis” tidak saya kenal"),
        ("/cari x warna:biru", "Penyaring “warna:” tidak saya kenal. Yang ada: di:"),
    ],
)
async def test_a_wrong_filter_is_told_with_an_example_of_a_right_one(real, command, told):
    await real.says(command)
    assert told in plain(real.sent[0])
    assert USUAL in plain(real.sent[0])


async def test_without_words_it_says_how(real):
    await real.says("/cari")
    assert USUAL in plain(real.sent[0])
    assert "tahun:2021-2023" in plain(real.sent[0])


async def test_nothing_found_is_said(real):
    await real.says("/cari helikopter")
    assert "Tidak ada artikel yang cocok." in plain(real.sent[0])
    assert real.sent[0].buttons == []


async def test_in_a_topic_the_list_stays_there_and_anyone_may_page(real, monkeypatch):
    monkeypatch.setattr("bot.searchboard.RESULTS_A_PAGE", 2)
    topic = {"message_thread_id": 7, "is_topic_message": True}
    await real.in_group("/cari sosial", **topic)
    assert real.sent[0]["message_thread_id"] == 7
    text = plain(real.sent[0])
    await real.taps_on(real.sent[0], "Berikutnya »", text=text, tapper=CITIZEN + 1, **topic)
    assert "Halaman 2 dari" in plain(real.edited[0])
    assert real.edited[0]["chat_id"] == GROUP


async def test_numbers_of_people_are_not_repeated(real):
    await real.says("/cari 3501010101010001 bansos")
    assert "3501010101010001" not in real.sent[0]["text"]
    assert "[nomor identitas]" in plain(real.sent[0])
