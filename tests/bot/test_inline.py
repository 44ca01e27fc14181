"""Whole updates: "@bot pacitan" in any chat lists quotations to share, within the Bot API's limits."""

from __future__ import annotations

import html
import re

import pytest
from conftest import CITIZEN
from shelf import ScriptedArchive, article

from bot.app import ALLOWED_UPDATES
from bot.inline import RESULTS
from bot.library import Library, key_of

LINK = re.compile(r"https://t\.me/ArsipBot\?start=([A-Za-z0-9_-]{1,64})")


@pytest.fixture
def typing(stage, archive):
    stage.services.library = Library(archive)

    async def types(query, offset=""):
        sender = {"id": CITIZEN, "is_bot": False, "first_name": "Siti Rahayu"}
        await stage.update(inline_query={"id": "9", "from": sender, "query": query, "offset": offset})
        return stage.request.named("answerInlineQuery")[-1].data

    return types


async def test_what_is_typed_lists_quotations_with_citation_and_link(stage, typing, archive):
    answer = await typing("lansia pacitan")
    first = answer["results"][0]
    assert first["type"] == "article"
    assert "23 September 2024" in first["description"]
    content = first["input_message_content"]
    (quote,) = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", content["message_text"], re.DOTALL)
    source = archive.article("pacitan-rakor-pilar-sosial-2024")
    assert html.unescape(re.sub("</?b>", "", quote)) in source.body
    assert "Kabupaten Pacitan, Jawa Timur · 23 September 2024" in content["message_text"]
    assert content["parse_mode"] == "HTML"
    (button,) = first["reply_markup"]["inline_keyboard"][0]
    assert LINK.fullmatch(button["url"])[1] in content["message_text"]
    await stage.says(f"/start {LINK.fullmatch(button['url'])[1]}")
    assert "Bagian yang dikutip:" in stage.sent[0]["text"]


@pytest.mark.parametrize("word", ["bantuan", "pkh", "jawa timur", "2023"])
async def test_a_word_lists_every_article_of_it_also_one_that_is_no_question(typing, archive, word):
    answer = await typing(word)
    held = {key_of(snippet.article) for snippet in archive.find(word, (), lambda article: True).snippets}
    assert held
    assert {result["id"].split("-")[0] for result in answer["results"]} >= held
    assert not answer.get("button")


async def test_it_is_paged_and_every_result_is_listed_once(stage, typing):
    stage.services.library = Library(ScriptedArchive([article(number) for number in range(1, 26)]))
    ids, offset, pages = [], "", 0
    while True:
        answer = await typing("", offset)
        ids += [result["id"] for result in answer["results"]]
        pages += 1
        offset = answer.get("next_offset")
        assert len(answer["results"]) <= RESULTS
        if not offset:
            break
    assert pages == 3
    assert len(set(ids)) == len(ids) == 25


async def test_the_answer_may_be_kept_and_is_the_same_for_everybody(typing):
    answer = await typing("pkh")
    assert answer["cache_time"] == 300
    assert not answer.get("is_personal")


async def test_an_empty_query_shows_the_newest_articles_and_how_to_ask(stage, typing):
    answer = await typing("")
    assert answer["button"]["text"] == "Tulis nama daerah atau program, misalnya: pacitan"
    assert "2024" in answer["results"][0]["description"]
    await stage.says(f"/start {answer['button']['start_parameter']}")
    assert "Setiap jawaban adalah kutipan asli" in stage.sent[0]["text"]


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("harga saham teknologi", "Tidak ada di arsip kami. Ketuk untuk bertanya"),
        ("halo", "Tulis nama daerah atau program, misalnya: pacitan"),
    ],
)
async def test_what_is_not_there_is_said_above_an_empty_list(typing, query, hint):
    answer = await typing(query)
    assert answer["results"] == []
    assert answer["button"]["text"] == hint


async def test_what_is_only_near_is_said_to_be(typing):
    answer = await typing("berapa lansia yang dapat bantuan di Surabaya")
    assert answer["results"]
    assert answer["button"]["text"].startswith("Tidak persis ada di arsip.")


@pytest.mark.parametrize("offset", ["x", "-1", "99999999999", "9000", "٣"])
async def test_an_offset_that_is_not_ours_does_no_harm(typing, offset):
    assert isinstance((await typing("pacitan", offset))["results"], list)


async def test_results_keep_to_the_limits_of_the_bot_api(stage, typing):
    long = [article(number, title="Judul & <b> yang panjang " * 40) for number in range(1, 4)]
    stage.services.library = Library(ScriptedArchive(long))
    for query in ("", "bantuan banyak"):
        answer = await typing(query)
        assert len(answer["results"]) <= 50
        for result in answer["results"]:
            assert 1 <= len(result["id"].encode()) <= 64
            text = re.sub(r"<[^>]*>", "", result["input_message_content"]["message_text"])
            assert len(html.unescape(text)) <= 4096
            assert len(result["title"]) <= 100
        assert len(answer.get("next_offset", "").encode()) <= 64


async def test_nothing_that_is_typed_is_stored(stage, typing):
    for query in ("p", "pa", "pacitan", "3501234567890001"):
        await typing(query)
    assert stage.rows("queries") == stage.rows("shown") == []
    assert all(row["payload"] is None for row in stage.rows("inbox"))


async def test_an_answer_that_comes_too_late_is_no_failure(stage, typing):
    stage.request.refuse("answerInlineQuery", 400, "Bad Request: query is too old and response timeout expired")
    await typing("pacitan")
    assert len(stage.request.named("answerInlineQuery")) == 1
    assert stage.sent == []


def test_inline_queries_are_asked_of_telegram():
    assert "inline_query" in ALLOWED_UPDATES
