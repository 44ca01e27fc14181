"""What was just asked where: bounded, and gone after a quarter of an hour (see test_questions.py for whole updates)."""

from __future__ import annotations

from bot.conversations import REMEMBERED_CONVERSATIONS, REMEMBERED_SECONDS, Asked, Conversation, Conversations

HERE = Conversation(1)
FIRST, SECOND, THIRD = (Asked(text, text) for text in ("satu", "dua", "tiga"))


def test_only_so_many_conversations_are_remembered():
    conversations = Conversations()
    for chat in range(REMEMBERED_CONVERSATIONS + 5):
        conversations.remember(Conversation(chat), Asked("x", "x"), 1)
    assert conversations.previous(Conversation(4)) is None
    assert conversations.previous(Conversation(5)) is not None


def test_a_question_is_forgotten_in_time():
    now = [0.0]
    conversations = Conversations(lambda: now[0])
    conversations.remember(HERE, FIRST)
    now[0] = REMEMBERED_SECONDS
    assert conversations.previous(HERE) == FIRST
    now[0] += 1
    assert conversations.previous(HERE) is None


def test_what_is_past_its_time_is_dropped_even_when_nobody_asks():
    now = [0.0]
    conversations = Conversations(lambda: now[0])
    conversations.remember(HERE, FIRST)
    now[0] = 10.0
    conversations.remember(Conversation(2), SECOND)
    now[0] = REMEMBERED_SECONDS + 1.0
    conversations.forget()
    assert list(conversations._turns) == [Conversation(2)]


def test_an_edit_follows_up_on_what_came_before_the_message():
    conversations = Conversations()
    conversations.remember(HERE, FIRST, 1)
    conversations.remember(HERE, SECOND, 2)
    assert conversations.previous(HERE, 2) == FIRST
    conversations.remember(HERE, THIRD, 2)
    assert conversations.previous(HERE, 2) == FIRST
    assert conversations.previous(HERE, 3) == THIRD


def test_an_edit_of_an_older_message_leaves_the_conversation_where_it_is():
    conversations = Conversations()
    conversations.remember(HERE, FIRST, 1)
    conversations.remember(HERE, SECOND, 2)
    conversations.remember(HERE, THIRD, 1)
    assert conversations.previous(HERE, 3) == SECOND
    assert conversations.previous(HERE, 1) is None


def test_topics_and_askers_have_conversations_of_their_own():
    conversations = Conversations()
    conversations.remember(Conversation(1, thread=7, asker=1), FIRST)
    assert conversations.previous(Conversation(1, thread=8, asker=1)) is None
    assert conversations.previous(Conversation(1, thread=7, asker=2)) is None
