"""What only some may do: commands that others cannot even find, and buttons whose codes are never believed."""

from __future__ import annotations

import itertools
import logging
import random
import sqlite3

import pytest
from conftest import ADMIN, CITIZEN, GROUP

from bot import callbacks, choices
from bot.choices import Verb
from bot.handlers.choosing import _FOR_ADMINS, _FOR_ALL, _FOR_STAFF
from bot.handlers.routing import NamedCommandHandler
from bot.staff import Role

EDITOR, VIEWER, STRANGER = 21, 22, 23
NOBODY = "Maaf, perintah itu tidak dikenal."
# Commands that only a role may use, as they are registered; the test below sees to it that none is missing.
GUARDED = {
    "reindex": Role.EDITOR, "kembalikan": Role.EDITOR, "tambah": Role.EDITOR,
    "artikel": Role.VIEWER, "jejak": Role.VIEWER, "statistik": Role.VIEWER, "belum_terjawab": Role.VIEWER,
    "peran": Role.OWNER, "siaran": Role.OWNER,
}  # fmt: skip
HELD = {STRANGER: None, VIEWER: Role.VIEWER, EDITOR: Role.EDITOR, ADMIN: Role.OWNER}


@pytest.fixture
async def office(stage):
    await stage.services.staff.grant(EDITOR, Role.EDITOR, ADMIN)
    await stage.services.staff.grant(VIEWER, Role.VIEWER, ADMIN)
    return stage


def handlers(stage):
    return [each for group in stage.application.handlers.values() for each in group]


def test_every_guarded_command_is_in_the_table(stage):
    guarded = [each for each in handlers(stage) if isinstance(each, NamedCommandHandler) and each._admins is not None]
    assert {name: each._admins.role for each in guarded for name in each._names} == GUARDED


@pytest.mark.parametrize(
    ("person", "command"),
    [
        (person, command)
        for person, command in itertools.product(HELD, GUARDED)
        if HELD[person] is None or HELD[person] < GUARDED[command]
    ],
)
async def test_to_whoever_may_not_use_it_a_command_is_as_unknown_as_any_other(office, person, command):
    before = office.rows("audit")
    for text in (f"/{command}", f"/{command} {CITIZEN}", f"/{command}@ArsipBot x", f"/{command.upper()}"):
        await office.says(text, chat=person, sender=person)
    await office.says("/tidakada", chat=person, sender=person)
    told = [call.data | {"reply_parameters": None} for call in office.sent]
    assert len(told) == 5
    assert all(each == told[-1] for each in told)
    assert NOBODY in told[0]["text"]
    # In a group a command may be anyone's: silence, as for any other that is unknown.
    await office.in_group(f"/{command}@ArsipBot", sender=person)
    await office.in_group("/tidakada@ArsipBot", sender=person)
    assert len(office.sent) == 5
    assert office.rows("audit") == before


async def test_nobody_becomes_an_owner_by_writing_as_a_group_or_channel(office):
    for chat in (GROUP, ADMIN):
        behind = {"id": ADMIN, "type": "channel", "title": "x"}
        await office.says("/peran", chat=chat, sender=1087968824, sender_chat=behind)
    assert not any("/peran" in call["text"] or "ADMIN_IDS" in call["text"] for call in office.sent)


# -- forged codes --------------------------------------------------------------------------------------------------

VERBS = [*_FOR_ALL, *_FOR_ADMINS, *_FOR_STAFF]
HOSTILE = (
    "", "-", "0", "-1", "1", "99999", "9" * 20, "9" * 40, "٣", "²", "yes", "no", "ya", "all", "leave", "revoke",
    "trail", "list", "open", "hide", "delete", "keep", "remove", "golden", "../../etc/passwd", "' OR 1=1 --",
    "{0.__class__}", "%s%s%n", "\x00", "\u202e", "a" * 40, str(ADMIN), str(CITIZEN), "region", "mentions", "program",
    "WIB", "UTC",
)  # fmt: skip


def test_every_verb_has_one_door():
    assert sorted(VERBS) == sorted(Verb)
    assert len(VERBS) == len(set(VERBS))


@pytest.fixture
def kept(stage):
    """All that the database holds beside the inbox, to be compared."""

    def read():
        with sqlite3.connect(stage.services.settings.database) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names if name != "inbox"}

    return read


@pytest.mark.parametrize("verb", sorted(_FOR_STAFF))
async def test_a_forged_button_of_the_staff_does_nothing_for_anybody_else(office, kept, verb):
    before, calls = kept(), len(office.request.calls)
    role = _FOR_STAFF[verb][0]
    people = [person for person, held in HELD.items() if held is None or held < role]
    for person, value in itertools.product(people, ("1", "yes", "list", "keep", str(STRANGER))):
        await office.taps(choices.encode(verb, value, value, value), chat=person, tapper=person)
    answers = {call.method for call in office.request.calls[calls:]}
    assert answers == {"answerCallbackQuery"}
    assert "tidak" in office.told["text"].lower()
    assert kept() == before


@pytest.mark.parametrize("verb", sorted(_FOR_ADMINS))
async def test_a_forged_button_of_a_groups_admins_does_nothing_for_its_members(office, kept, verb):
    before, calls = kept(), len(office.request.calls)
    for value in HOSTILE:
        await office.taps(choices.encode(verb, value[:40], value[:40]), chat=GROUP, tapper=STRANGER)
    assert {call.method for call in office.request.calls[calls:]} == {"answerCallbackQuery", "getChatMember"}
    assert kept() == before


@pytest.mark.parametrize("verb", sorted(VERBS))
async def test_hostile_arguments_never_fail_whoever_sends_them(office, verb, caplog):
    """The codes that no version ever wrote, from the one who may do most."""
    dice = random.Random(verb)
    combinations = [*((value,) for value in HOSTILE), *(tuple(dice.choices(HOSTILE, k=3)) for _ in range(40)), ()]
    for arguments in combinations:
        await office.taps(choices.encode(verb, *arguments), chat=ADMIN, tapper=ADMIN, text="1. bantuan")
    await office.services.reindexing.finished()
    assert [row["outcome"] for row in office.rows("inbox") if row["outcome"] != "done"] == []
    assert len(office.request.named("answerCallbackQuery")) == len(combinations)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_hostile_codes_under_an_answer_never_fail(office, caplog):
    key, identity = "0" * 16, "A" * 12
    codes = [
        f"o:{key}:1", f"p:{key}:99999", f"o:{key}:0", "s:0", "s:99999", "c:0", "c:1", "c:99", f"r:-:0:{key}:0:0",
        f"r:{identity}:99:{key}:99999:99999", f"m:{identity}:99", f"u:{identity}", f"d:{identity}", f"w:{identity}:old",
        f"w:{identity}:fake", "o:", "", ":::", "x" * 64, "c:٣", "s:٣", "m:'; DROP TABLE shown;--:1",
        "!", "!z", "!r:::::",
    ]  # fmt: skip
    for code, chat in itertools.product(codes, (CITIZEN, GROUP)):
        await office.taps(code, chat=chat, text="1. bantuan\n2. apa itu PKH?")
    assert [row["outcome"] for row in office.rows("inbox") if row["outcome"] != "done"] == []
    assert len(office.request.named("answerCallbackQuery")) == len(codes) * 2
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_an_answers_code_is_worth_nothing_in_another_chat(stage):
    await stage.says("bantuan")
    codes = [button["callback_data"] for button in stage.sent[-1].buttons if "callback_data" in button]
    own = [code for code in codes if isinstance(callbacks.decode(code), callbacks.Rate | callbacks.ShowMore)]
    assert len(own) >= 2
    for code in own:
        await stage.taps(code, chat=999, tapper=999)
        assert "sudah tidak tersimpan" in stage.told["text"]
    assert (stage.rows("ratings"), stage.edited) == ([], [])
    await stage.taps(own[-1], tapper=CITIZEN)
    assert len(stage.rows("ratings")) == 1
