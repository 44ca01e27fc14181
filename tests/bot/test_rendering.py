"""Whatever an article or a person wrote: valid HTML, within Telegram's limits, and quotations left as they are."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st
from shelf import ScriptedArchive, article, citation, snippet

from bot import about, callbacks, pages
from bot.deeplinks import Links
from bot.library import Library, key_of
from bot.rendering import Frame, cited, continuation, render, share
from bot.richtext import (
    CALLBACK_BYTES,
    MESSAGE_UNITS,
    Reply,
    Span,
    clip,
    emphasised,
    length,
    pieces,
    to_html,
    to_plain,
    units,
    window,
)
from bot.settings import Settings
from index import texts as catalogue
from index.answer import Citation, Clarify, Found, Gap, NotFound, Related, Snippet, Understanding
from index.article import Article, ArticleDate, Block, BlockKind

TEXTS = catalogue.load()
TODAY = date(2025, 6, 1)
# Letters, markup, entities, white space, characters of two UTF-16 units, lone surrogates, control characters.
NASTY = st.text(
    st.one_of(
        st.sampled_from([*"<>&\"'/;b \n\r\t.!?…“”", "😀", "\u200d", "\ud83d", "\x00", "\x1b", "\u202e"]),
        st.characters(),
    )
)
LONG = st.builds(
    lambda text, times: text * times, st.text(st.sampled_from("kata <&>. 😀\n"), min_size=1), st.integers(1, 400)
)
WORDS = st.one_of(NASTY, LONG)
MARKS = st.lists(st.tuples(st.integers(-5, 4000), st.integers(-5, 4000)), max_size=200).map(tuple)
CITATIONS = st.builds(
    Citation,
    title=WORDS,
    outlet=st.none() | WORDS,
    place=st.none() | WORDS,
    date=st.none() | st.just(ArticleDate(2020, 2, 3)),
    url=st.none() | NASTY,
)
SNIPPETS = st.builds(
    Snippet,
    article=NASTY,
    start=st.just(0),
    end=st.just(0),
    text=WORDS,
    highlights=MARKS,
    citation=CITATIONS,
    also_in=st.lists(CITATIONS, max_size=3).map(tuple),
    older=st.booleans(),
)
READINGS = st.builds(
    Understanding, topic=st.lists(WORDS, max_size=3).map(tuple), place=st.none() | WORDS, follows=st.none() | WORDS
)
ANSWERS = st.one_of(
    st.builds(Found, READINGS, st.lists(SNIPPETS, min_size=1, max_size=4).map(tuple)),
    st.builds(
        Related,
        READINGS,
        st.sampled_from([Gap.PLACE, Gap.TOPIC]),
        WORDS,
        st.lists(SNIPPETS, min_size=1, max_size=3).map(tuple),
    ),
    st.builds(NotFound, READINGS, st.lists(CITATIONS, max_size=5).map(tuple)),
    st.builds(Clarify, READINGS, st.lists(WORDS, max_size=8).map(tuple)),
)
EMPTY = Library(ScriptedArchive())


class Telegram(HTMLParser):
    """Reads HTML as strictly as Telegram: known tags only, all closed in order."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attributes):
        assert tag in {"b", "i", "blockquote", "a"}, tag
        assert tag != "a" or dict(attributes)["href"].startswith("https://t.me/ArsipBot?start=k")
        assert not (tag == "blockquote" and "blockquote" in self.open)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def parsed(reply: Reply) -> str:
    """The message's text as Telegram will count it; fails on anything it would refuse."""
    source = to_html(reply.blocks)
    source.encode()  # sendable
    assert len(source.encode()) < 35_000  # beyond that Telegram cuts before it parses
    reader = Telegram()
    reader.feed(source)
    reader.close()
    assert reader.open == []
    assert units(reader.text) <= MESSAGE_UNITS
    for row in reply.rows:
        for button in row:
            assert button.label
            if button.url is None:
                assert 1 <= len(button.data.encode()) <= CALLBACK_BYTES
                assert callbacks.decode(button.data) is not None
            assert units(button.label) <= 64
    return reader.text


@settings(max_examples=150, deadline=None)
@given(ANSWERS)
def test_every_answer_is_a_message_that_telegram_takes(answer):
    assert parsed(render(answer, EMPTY, TEXTS, TODAY)).strip()


@settings(max_examples=80, deadline=None)
@given(ANSWERS, st.integers(0, 9))
def test_so_is_every_answer_with_its_links_and_all_its_buttons(answer, page):
    known = replace(answer, snippets=tuple(replace(each, article="berita-1") for each in answer.snippets)) if (
        isinstance(answer, Found | Related)
    ) else answer  # fmt: skip
    frame = Frame(Links("ArsipBot"), "A" * 12, page, 9, private_chat=True)
    parsed(render(known, Library(ScriptedArchive()), TEXTS, TODAY, frame))
    if isinstance(known, Found):
        turned = continuation(
            known, known.snippets * 10, Library(ScriptedArchive()), TEXTS, TODAY, replace(frame, page=1)
        )
        assert "halaman 1 dari 9" in parsed(turned)


def test_the_link_is_on_the_title_and_nowhere_else():
    titled = replace(citation(article(1)), title='Judul "satu"\n & <dua>')
    block = cited(2, titled, "https://t.me/ArsipBot?start=k", TEXTS, TODAY)
    assert [span.text for span in block.spans if span.link] == ['Judul "satu" & <dua>']
    assert block.text.startswith('[2] Judul "satu" & <dua> · Kabar Desa')


@settings(max_examples=100, deadline=None)
@given(st.lists(SNIPPETS, min_size=1, max_size=3).map(tuple))
def test_what_stands_in_a_quotation_is_the_articles_to_the_letter(snippets):
    reply = render(Found(Understanding(), snippets), EMPTY, TEXTS, TODAY)
    quotes = [block.text for block in reply.blocks if block.quote]
    assert quotes
    for quote, shown in zip(quotes, snippets, strict=False):
        assert quote in shown.text


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS, st.lists(st.tuples(st.sampled_from(BlockKind), WORDS), max_size=8), st.integers(-3, 50))
def test_every_page_of_every_article_is_a_message_that_telegram_takes(title, url, parts, page):
    body, blocks = "", []
    for kind, text in parts:
        blocks.append(Block(kind, len(body), len(body) + len(text)))
        body += text
    made = Article("id", body, title, url=url, blocks=tuple(blocks))
    parsed(pages.article_page(made, page, TEXTS, TODAY))
    parsed(pages.source_list(Library(ScriptedArchive([made] * 9)), page, TEXTS, TODAY))
    for block in range(len(blocks) + 1):
        tap = callbacks.ReadQuoted(key_of("id"), block, max(0, page), "A" * 12, 9)
        parsed(pages.quoted_page(made, tap, TEXTS, TODAY))


def test_all_pages_of_an_article_together_hold_all_of_it():
    long = article(3, paragraphs=40)
    shown, page = "", 1
    while True:
        reply = pages.article_page(long, page, TEXTS, TODAY)
        shown += parsed(reply)
        page += 1
        if not reply.rows or "Berikutnya" not in reply.rows[0][-1].label:
            break
    assert page > 3
    for block in long.blocks:
        if block.kind is BlockKind.PARAGRAPH:
            assert long.body[block.start : block.end] in shown


def test_what_the_bot_says_about_itself_fits():
    for reply in (about.greeting(TEXTS, 10**6), about.help_text(TEXTS), about.privacy(TEXTS, Settings())):
        parsed(reply)


def test_a_short_quotation_is_not_folded_and_a_long_one_is():
    short, long = (article(1), article(2))
    reply = render(Found(Understanding(), (snippet(short), snippet(long))), EMPTY, TEXTS, TODAY)
    assert [block.expandable for block in reply.blocks if block.quote] == [False, False]
    wordy = Snippet("a", 0, 0, "Satu kalimat lagi. " * 60, (), snippet(short).citation)
    source = to_html(render(Found(Understanding(), (wordy,)), EMPTY, TEXTS, TODAY).blocks)
    assert "<blockquote expandable>" in source


def test_a_long_quotation_is_cut_after_a_sentence_with_the_ellipsis_outside():
    wordy = Snippet("a", 0, 0, "Ini kalimat yang utuh. " * 400, (), snippet(article(1)).citation)
    blocks = render(Found(Understanding(), (wordy,)), EMPTY, TEXTS, TODAY).blocks
    assert blocks[0].text.endswith("utuh.")
    assert blocks[1].text == "…"
    assert blocks[2].text.startswith("[1] ")


def test_a_cut_quotation_shows_the_matched_words_wherever_they_stand():
    text = "Ini kalimat biasa saja. " * 300 + "Santunan cair hari ini. " + "Dan ini sisanya. " * 300
    start = text.index("Santunan")
    far = Snippet("a", 0, 0, text, ((start, start + 8),), snippet(article(1)).citation)
    blocks = render(Found(Understanding(), (far,)), EMPTY, TEXTS, TODAY).blocks
    assert blocks[0].text == "…"
    assert Span("Santunan", bold=True) in blocks[1].spans
    assert blocks[1].text.startswith("Santunan")


def test_three_long_quotations_share_the_room():
    wordy = [
        Snippet(str(n), 0, 0, f"Kalimat nomor {n} di sini. " * 200, (), snippet(article(n)).citation) for n in range(3)
    ]
    reply = render(Found(Understanding(), tuple(wordy)), EMPTY, TEXTS, TODAY)
    quotes = [block for block in reply.blocks if block.quote]
    assert len(quotes) == 3
    assert all(units(quote.text) > 900 for quote in quotes)
    assert length(reply.blocks) <= MESSAGE_UNITS


@given(st.integers(0, 5000), st.lists(st.integers(0, 5000), min_size=1, max_size=4))
def test_shares_are_never_more_than_there_is_or_than_is_wanted(spare, wanted):
    shares = share(spare, wanted)
    assert sum(shares) <= spare
    assert all(0 <= got <= want for got, want in zip(shares, wanted, strict=True))


@given(WORDS, MARKS)
def test_emphasis_changes_no_letter(text, marks):
    assert "".join(span.text for span in emphasised(text, marks)) == text


@given(WORDS, st.integers(20, 500), st.integers(0, 3000))
def test_a_window_is_within_its_limit_and_text(text, limit, around):
    start, end = window(text, limit, min(around, len(text)))
    assert 0 <= start <= end <= len(text)
    assert units(text[start:end]) <= limit


@given(WORDS, st.integers(2, 500))
def test_pieces_lose_nothing_but_white_space(text, limit):
    found = pieces(text, limit)
    assert all(units(piece) <= limit for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())


@given(WORDS, st.integers(5, 300))
def test_a_clipped_line_is_one_line_within_its_limit(text, limit):
    clipped = clip(text, limit)
    assert units(clipped) <= limit
    assert "\n" not in clipped


@given(WORDS)
def test_no_escape_sequence_of_a_text_reaches_the_terminal(text):
    shown = to_plain(render(NotFound(Understanding(topic=(text,))), EMPTY, TEXTS, TODAY).blocks)
    assert "\x1b" not in shown
    assert "\r" not in shown


def test_bold_is_shown_in_the_terminal_only_when_asked():
    blocks = render(Found(Understanding(), (snippet(article(1)),)), EMPTY, TEXTS, TODAY).blocks
    assert "\x1b[1mBantuan\x1b[22m" in to_plain(blocks, ansi=True)
    assert "\x1b" not in to_plain(blocks)


@given(st.text())
def test_an_articles_key_is_short_whatever_its_id(name):
    data = callbacks.encode(callbacks.OpenArticle(key_of(name.encode("utf-8", "replace").decode()), 99999, turn=True))
    assert len(data.encode()) <= CALLBACK_BYTES


@given(st.text())
def test_any_callback_data_can_be_read(data):
    callbacks.decode(data)


def test_html_is_escaped_once():
    reply = render(NotFound(Understanding(topic=("&lt;b&gt;",))), EMPTY, TEXTS, TODAY)
    assert "&amp;lt;b&amp;gt;" in to_html(reply.blocks)
    assert html.unescape("&amp;lt;") == "&lt;"


def test_who_is_asked_back_gets_a_button_a_question_and_no_list_of_none():
    asked = render(Clarify(Understanding(), ("apa itu PKH?", "bantuan apa di Gowa?")), EMPTY, TEXTS, TODAY)
    assert [button.label for (button,) in asked.rows] == ["1. apa itu PKH?", "2. bantuan apa di Gowa?"]
    bare = render(Clarify(Understanding()), EMPTY, TEXTS, TODAY)
    assert bare.rows == ()
    assert parsed(bare).strip() == TEXTS("answer.clarify_alone")


def test_what_a_line_of_our_own_repeats_of_the_question_is_masked():
    library, number = Library(ScriptedArchive()), "3501234567890001"
    read = Understanding(topic=("NIK", number), follows="\u202ehubungi 081234567890")
    for answer in (
        Found(read, (snippet(article(1)),)),
        Related(read, Gap.TOPIC, number, (snippet(article(1)),)),
        NotFound(read),
    ):
        shown = to_html(render(answer, library, TEXTS, TODAY).blocks)
        assert number not in shown
        assert "081234567890" not in shown
        assert "[nomor identitas]" in shown
        assert "\u202e" not in shown.partition("<blockquote>")[0]
