"""Is this message for us, and what does it ask? (The same promises run as whole updates in test_questions.)"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asking import ChatKind, Command, Empty, Entity, IncomingMessage, NotText, Question, read


def group(text, *entities, **more):
    return IncomingMessage(ChatKind.GROUP, text, "ArsipBot", 42, tuple(entities), **more)


def private(text, *entities, **more):
    return IncomingMessage(ChatKind.PRIVATE, text, "ArsipBot", 42, tuple(entities), **more)


@pytest.mark.parametrize(
    ("message", "request_"),
    [
        (private("apa itu PKH"), Question("apa itu PKH")),
        (private("/tanya apa itu PKH"), Question("apa itu PKH")),
        (private("/tanya, apa itu PKH"), Question("apa itu PKH")),
        (private("/tanya\napa itu PKH"), Question("apa itu PKH")),
        (private("/tanya"), Empty()),
        (private("/tanya   "), Empty()),
        (private("/tanyakan apa itu PKH"), Command("tanyakan", "apa itu PKH")),
        (private("/Sumber 2"), Command("sumber", "2")),
        (private("/sumber@ArsipBot"), Command("sumber")),
        (private("/sumber@LainBot"), None),
        (private("/ apa"), Question("/ apa")),
        (private("1/2 bagian"), Question("1/2 bagian")),
        (private(None, media=True), NotText()),
        (private(None), None),  # "pinned a message"
        (private("   "), NotText()),
        (group(None), None),
        (group(None, media=True, replies_to_bot=True), None),
        (group("apa itu PKH"), None),
        (group("apa itu PKH", replies_to_bot=True), Question("apa itu PKH")),
        (group("/tanya", replied_text="apa itu PKH"), Question("apa itu PKH")),
        (group("/tanya"), Empty()),
        (group("/mulai"), None),
        (group("/berhenti"), Command("berhenti")),
        (group("/hapus_data ya"), Command("hapus_data", "ya")),
        (group("/privasi@LainBot"), None),
        (group("/mulai", replies_to_bot=True), Command("mulai")),
        (group("/mulai@arsipbot"), Command("mulai")),
        (group("@ArsipBot", Entity("mention", 0, 9)), Empty()),
        (group("@ArsipBot", Entity("mention", 0, 9), replied_text="apa itu PKH"), Question("apa itu PKH")),
        (group("@ArsipBot /sumber", Entity("mention", 0, 9)), Command("sumber")),
        (group("@ArsipBot /tanya@LainBot x", Entity("mention", 0, 9)), None),
        (group("@ArsipBotLain apa", Entity("mention", 0, 13)), None),
        (group("surel a@ArsipBot apa"), None),  # Telegram marks no mention in an e-mail address
        (group("Arsip apa itu PKH", Entity("text_mention", 0, 5, user_id=42)), Question("apa itu PKH")),
        (group("Arsip apa itu PKH", Entity("text_mention", 0, 5, user_id=43)), None),
        (
            group("halo @ArsipBot apa @ArsipBot itu", Entity("mention", 5, 9), Entity("mention", 19, 9)),
            Question("halo apa itu"),
        ),
    ],
)
def test_a_message_is_read_as(message, request_):
    assert read(message) == request_


@given(st.text(), st.text())
def test_a_mention_is_found_by_utf16_offsets_after_any_text(before, after):
    offset = len(before.encode("utf-16-le", "surrogatepass")) // 2
    message = group(f"{before}@ArsipBot {after}", Entity("mention", offset, 9))
    found = read(message)
    assert found is not None or before.lstrip().startswith("/")
    if isinstance(found, Question) and "@ArsipBot" not in before + after:
        assert "@ArsipBot" not in found.text


@given(
    st.text(), st.lists(st.builds(Entity, st.sampled_from(["mention", "bold"]), st.integers(0, 50), st.integers(0, 50)))
)
def test_no_message_is_too_odd_to_read(text, entities):
    read(group(text, *entities))
    read(private(text, *entities))
