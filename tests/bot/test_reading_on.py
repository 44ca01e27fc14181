"""Whole updates: an answer continued in place, read in its article and come back to, and links to one paragraph."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from conftest import CITIZEN, GROUP
from hypothesis import given
from hypothesis import strategies as st
from shelf import ScriptedArchive, article

from bot import deeplinks
from bot.app import build, open_inbox
from bot.callbacks import RateBecause, ReadQuoted, Reason, ShowMore, decode, encode
from bot.deeplinks import Links, Since
from bot.library import Library, key_of
from bot.richtext import CALLBACK_BYTES
from bot.services import Services

NEIGHBOUR = 7654321
IN_TOPIC = {"message_thread_id": 77, "is_topic_message": True}


def labels(call):
    return [button["text"] for button in call.buttons]


def links(call):
    return re.findall(r'<a href="https://t\.me/ArsipBot\?start=([A-Za-z0-9_-]{1,64})">', call["text"])


# -- more ------------------------------------------------------------------------------------------------------------


async def test_lainnya_pages_through_further_quotations_in_place_and_back(stage):
    await stage.says("bantuan banyak")
    answer = stage.sent[0]
    assert "Lainnya »" in labels(answer)
    await stage.taps_on(answer, "Lainnya »")
    second = stage.edited[0]
    assert "Kutipan lain yang cocok, halaman 1 dari 3:" in second["text"]
    assert [number in second["text"] for number in ("nomor 2.4", "nomor 2.5", "nomor 2.6", "nomor 2.7")] == [
        True, True, True, False
    ]  # fmt: skip
    await stage.taps_on(second, "Lainnya »")
    await stage.taps_on(stage.edited[1], "Lainnya »")
    last = stage.edited[2]
    assert "nomor 2.11" in last["text"]
    assert "Lainnya »" not in labels(last)
    for _ in range(3):
        await stage.taps_on(stage.edited[-1], "« Sebelumnya")
    assert stage.edited[-1]["text"] == answer["text"]
    assert stage.edited[-1].buttons == answer.buttons
    assert len(stage.sent) == 1


async def test_what_continues_near_material_says_that_it_is_no_answer_either(stage):
    await stage.says("bantuan banyak di surabaya")
    await stage.taps_on(stage.sent[0], "Lainnya »")
    assert stage.edited[0]["text"].startswith("<i>Kutipan lain yang dekat, bukan jawaban persisnya, halaman 1 dari 3:")


async def test_an_answer_with_nothing_further_has_no_such_button(stage):
    await stage.says("bantuan")
    assert "Lainnya »" not in labels(stage.sent[0])


async def test_a_tap_on_an_old_answer_works_after_a_restart(stage):
    await stage.says("bantuan banyak")
    before = stage.services
    stage.services = Services(before.settings, Library(ScriptedArchive()), before.log, before.storage)
    stage.application = build(stage.services, stage.request)
    await stage.application.initialize()
    await stage.inbox.stop(0)
    stage.inbox = open_inbox(stage.application, first_pause=0)
    await stage.inbox.start()
    await stage.taps_on(stage.sent[0], "Lainnya »")
    assert "nomor 2.4" in stage.edited[0]["text"]
    await stage.inbox.stop(0)


async def test_a_follow_up_is_continued_as_the_follow_up_that_it_was(stage):
    await stage.says("bantuan")
    await stage.says("kalau yang lain banyak?")
    await stage.taps_on(stage.sent[1], "Lainnya »")
    await stage.taps_on(stage.edited[0], "« Sebelumnya")
    assert stage.archive.asked[-1] == ("kalau yang lain banyak?", "bantuan")
    assert stage.edited[1]["text"] == stage.sent[1]["text"]


async def test_an_answer_that_is_forgotten_says_so(stage):
    await stage.says("bantuan banyak")
    await stage.services.storage.feedback.delete_chat(stage.rows("shown")[0]["chat_hash"])
    await stage.taps_on(stage.sent[0], "Lainnya »")
    assert stage.told["text"] == "Jawaban ini sudah tidak tersimpan. Silakan tanya lagi."
    assert stage.edited == []


async def test_an_id_from_another_chat_is_unknown_here(stage):
    await stage.says("bantuan banyak")
    data = next(b["callback_data"] for b in stage.sent[0].buttons if b["text"] == "Lainnya »")
    await stage.taps(data, chat=GROUP)
    assert "tidak tersimpan" in stage.told["text"]
    assert stage.edited == []


async def test_in_a_groups_topic_it_works_for_who_asked_and_tells_others_so(stage):
    await stage.in_group("/tanya bantuan banyak", **IN_TOPIC)
    await stage.taps_on(stage.sent[0], "Lainnya »", tapper=NEIGHBOUR, **IN_TOPIC)
    assert stage.told["text"].startswith("Jawaban ini milik penanya lain.")
    assert stage.told["show_alert"] is True
    assert stage.edited == []
    await stage.taps_on(stage.sent[0], "Lainnya »", **IN_TOPIC)
    assert "nomor 2.4" in stage.edited[0]["text"]
    assert stage.edited[0]["chat_id"] == GROUP


async def test_what_an_anonymous_admin_asked_is_continued_by_anyone(stage):
    await stage.in_group("/tanya bantuan banyak", sender=1087968824, sender_chat={"id": GROUP, "type": "supergroup"})
    await stage.taps_on(stage.sent[0], "Lainnya »", tapper=NEIGHBOUR)
    assert "nomor 2.4" in stage.edited[0]["text"]


# -- reading ---------------------------------------------------------------------------------------------------------


async def test_baca_artikel_opens_at_the_quotation_in_place_pages_and_comes_back(stage):
    stage.services.library = Library(ScriptedArchive([article(1), article(2, paragraphs=40)]))
    await stage.says("bantuan banyak")
    await stage.taps_on(stage.sent[0], "Lainnya »")
    await stage.taps_on(stage.edited[-1], "Lainnya »")
    answer = stage.edited[-1]
    await stage.taps_on(answer, "Baca artikel 1")
    opened = stage.edited[-1]
    assert "<b>Dinas Sosial &amp; warga &lt;desa 2&gt;</b>" in opened["text"]
    (quote,) = re.findall(r"Bagian yang dikutip:</i>\n<blockquote>(.*?)</blockquote>", opened["text"])
    assert quote.startswith("Bantuan nomor 2.7 ")
    first = int(re.search(r"Halaman (\d+) dari", opened["text"])[1])
    await stage.taps_on(opened, "Berikutnya »")
    assert f"Halaman {first + 1} dari" in stage.edited[-1]["text"]
    assert "<blockquote>" not in stage.edited[-1]["text"]
    await stage.taps_on(stage.edited[-1], "Ke bagian yang dikutip")
    assert stage.edited[-1]["text"] == opened["text"]
    await stage.taps_on(opened, "« Kembali ke jawaban")
    assert stage.edited[-1]["text"] == answer["text"]
    assert len(stage.sent) == 1


async def test_every_page_of_the_article_can_be_reached_from_the_quotation(stage):
    await stage.says("bantuan")
    await stage.taps_on(stage.sent[0], "Baca artikel 2")
    pages = {stage.edited[-1]["text"]}
    for label in ("« Sebelumnya", "Berikutnya »"):
        while label in labels(stage.edited[-1]):
            await stage.taps_on(stage.edited[-1], label)
            pages.add(stage.edited[-1]["text"])
    everything = html.unescape("".join(pages))
    assert all(f"Bantuan nomor 2.{number} " in everything for number in range(1, 21))


async def test_who_did_not_ask_reads_in_a_chat_of_their_own(stage):
    await stage.in_group("/tanya bantuan", **IN_TOPIC)
    await stage.taps_on(stage.sent[0], "Baca artikel 1", tapper=NEIGHBOUR, **IN_TOPIC)
    assert stage.told["url"] == f"https://t.me/ArsipBot?start={links(stage.sent[0])[0]}"
    assert stage.edited == []


# -- links -----------------------------------------------------------------------------------------------------------


async def test_every_citation_links_to_its_paragraph_and_the_link_opens_exactly_that(stage):
    await stage.says("bantuan")
    payloads = links(stage.sent[0])
    assert len(payloads) == 3
    for payload, number in zip(payloads, ("1.1", "2.2", "1.2"), strict=True):
        await stage.says(f"/start {payload}")
        quotes = re.findall(r"<blockquote>(.*?)</blockquote>", stage.sent[-1]["text"])
        assert [quote.split(" diserahkan")[0] for quote in quotes] == [f"Bantuan nomor {number}"]
        assert "berubah" not in stage.sent[-1]["text"]


async def test_a_linked_article_is_leafed_through_in_place(stage):
    await stage.says("bantuan")
    await stage.says(f"/start {links(stage.sent[0])[1]}")
    opened = stage.sent[1]
    await stage.taps_on(opened, "Berikutnya »")
    await stage.taps_on(stage.edited[-1], "Ke bagian yang dikutip")
    assert stage.edited[-1]["text"] == opened["text"]
    assert "« Kembali ke jawaban" not in labels(opened)
    assert len(stage.sent) == 2


async def test_a_group_gets_a_button_that_opens_the_private_chat_there(stage):
    await stage.in_group("/tanya bantuan", **IN_TOPIC)
    (button,) = [each for each in stage.sent[0].buttons if each["text"] == "Buka di chat pribadi"]
    assert button["url"] == f"https://t.me/ArsipBot?start={links(stage.sent[0])[0]}"
    await stage.says("bantuan")
    assert "Buka di chat pribadi" not in labels(stage.sent[1])


async def test_a_link_says_that_its_article_is_gone(stage):
    await stage.says("bantuan")
    stage.services.library = Library(ScriptedArchive([article(8)]))
    await stage.says(f"/start {links(stage.sent[0])[0]}")
    assert stage.sent[-1]["text"] == "Artikel yang dituju tautan ini sudah tidak ada di arsip."


async def test_a_link_says_that_its_article_has_changed(stage):
    await stage.says("bantuan")
    one, two = stage.archive.articles
    payload = links(stage.sent[0])[0]
    elsewhere = replace(one, body=one.body.replace("nomor 1.3 ", "nomor 1.9 "))
    stage.services.library = Library(ScriptedArchive([elsewhere, two]))
    await stage.says(f"/start {payload}")
    assert "berubah sejak tautannya dibuat, tetapi bagian yang dikutip masih sama" in stage.sent[-1]["text"]
    assert "<blockquote>Bantuan nomor 1.1 " in stage.sent[-1]["text"]
    there = replace(one, body=one.body.replace("nomor 1.1 ", "nomor 1.9 "))
    stage.services.library = Library(ScriptedArchive([there, two]))
    await stage.says(f"/start {payload}")
    assert "Bagian yang dikutip tidak ada lagi seperti semula" in stage.sent[-1]["text"]
    assert "<blockquote>" not in stage.sent[-1]["text"]


def test_a_paragraph_that_moved_is_found_where_it_is_now():
    before = article(2)
    payload = deeplinks.payload(before, 3)
    recounted = replace(before, blocks=before.blocks[:1] + before.blocks[2:])
    longer = replace(recounted, body=before.body + "Tambahan.")
    for moved, since in ((recounted, Since.SAME), (longer, Since.ELSEWHERE)):
        found = deeplinks.follow(Library(ScriptedArchive([moved])), payload)
        assert found is not None
        assert (found.block, found.since) == (2, since)
        assert moved.blocks[2] == before.blocks[3]


@pytest.mark.parametrize("payload", ["", "x", "mulai", "k123", "k" + "0" * 16 + "-1-" + "0" * 13, "K" + "0" * 40])
async def test_start_with_anything_else_is_a_plain_start(stage, payload):
    await stage.says(f"/start {payload}")
    assert "2 artikel" in stage.sent[0]["text"]


async def test_a_link_into_an_unknown_article_says_so(stage):
    await stage.says("/start k" + "0" * 16 + "-1-" + "0" * 14)
    assert "tidak ada di arsip" in stage.sent[0]["text"]


@given(st.text(), st.integers(0, 10**6))
def test_a_link_fits_what_telegram_passes_on(name, offset):
    made = replace(article(1), id=name.encode("utf-8", "replace").decode())
    start = Links("ArsipBot").to(made, offset).partition("?start=")[2]
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", start)
    assert deeplinks.is_link(start)
    found = deeplinks.follow(Library(ScriptedArchive([made])), start)
    assert found is not None
    assert (found.since, found.article) == (Since.SAME, made)
    block = made.blocks[found.block]
    assert block.start <= offset or found.block == 0


def test_every_code_fits_a_button_and_is_read_as_it_was_written():
    answer = "A" * 12
    taps = [
        ReadQuoted(key_of("x"), 99999, 99999, answer, 99),
        ReadQuoted(key_of("x"), 0),
        ShowMore(answer, 99),
        *(RateBecause(answer, reason) for reason in Reason),
    ]
    for tap in taps:
        assert len(encode(tap).encode()) <= CALLBACK_BYTES
        assert decode(encode(tap)) == tap


@pytest.mark.parametrize(
    "data",
    [
        "m:AAAAAAAAAAAA:1",
        "u:AAAAAAAAAAAA",
        "w:AAAAAAAAAAAA:old",
        "w:AAAAAAAAAAAA:nothing",
        "m:kurang:1",
        "r:AAAAAAAAAAAA:0:0123456789abcdef:1:1",
    ],
)
async def test_a_forged_tap_is_answered_politely_and_changes_nothing(stage, data):
    await stage.taps(data, chat=CITIZEN)
    assert re.search("tidak tersimpan|tidak berlaku|tidak ada di arsip", stage.told["text"])
    assert stage.rows("ratings") == []
    assert stage.edited == []
