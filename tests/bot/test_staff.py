"""Whole updates: roles given, taken and listed; and errors that reach the owners, without what they are of."""

from __future__ import annotations

import asyncio
import logging

import pytest
from conftest import ADMIN, CITIZEN, GROUP

from bot.handlers.errors import REPORT_EVERY_SECONDS, ErrorReports, reported
from bot.services import Services
from bot.staff import Role
from bot.staffboard import appointment

PERSON = 555


async def owner_says(stage, text, **more):
    await stage.says(text, chat=ADMIN, sender=ADMIN, **more)


async def test_an_editor_is_appointed_told_listed_and_revoked_at_once(stage):
    await owner_says(stage, f"/peran {PERSON} editor")
    welcome, answer = stage.sent[-2:]
    assert (welcome["chat_id"], "diangkat menjadi editor" in welcome["text"]) == (PERSON, True)
    assert f"{PERSON} sekarang editor" in answer["text"]
    menu = stage.request.named("setMyCommands")[-1]
    assert menu["scope"]["chat_id"] == PERSON
    assert "tambah" in [command["command"] for command in menu["commands"]]

    await stage.says("/artikel", chat=PERSON, sender=PERSON)
    assert "Artikel di rak" in stage.sent[-1]["text"]
    await owner_says(stage, "/peran")
    assert f"Budi ({PERSON}): editor sejak" in stage.sent[-1]["text"]
    assert f"Budi ({ADMIN}): pemilik" in stage.sent[-1]["text"]

    await stage.taps_on(stage.sent[-1], f"Cabut Budi ({PERSON})", tapper=ADMIN)
    assert "dicabut" in stage.told["text"]
    assert "editor" not in stage.edited[-1]["text"].split("Angkat:")[0]
    assert stage.request.named("deleteMyCommands")[-1]["scope"]["chat_id"] == PERSON
    await stage.says("/artikel", chat=PERSON, sender=PERSON)
    assert "tidak dikenal" in stage.sent[-1]["text"]
    assert [row["action"] for row in stage.rows("audit")] == ["granted", "revoked"]


async def test_a_person_whose_message_was_forwarded_is_meant(stage):
    origin = {"type": "user", "date": 1, "sender_user": {"id": PERSON, "is_bot": False, "first_name": "Budi"}}
    forwarded = stage.message("halo", chat=ADMIN, sender=ADMIN, forward_origin=origin)
    await owner_says(stage, "/peran pengamat", reply_to_message=forwarded)
    assert stage.services.staff.role_of(PERSON) is Role.VIEWER
    hidden = {"type": "hidden_user", "date": 1, "sender_user_name": "Budi"}
    forwarded = stage.message("halo", chat=ADMIN, sender=ADMIN, forward_origin=hidden)
    await owner_says(stage, "/peran pengamat", reply_to_message=forwarded)
    assert "menyembunyikannya" in stage.sent[-1]["text"]


async def test_somebody_who_never_wrote_to_the_bot_is_appointed_all_the_same(stage):
    stage.request.refuse("setMyCommands", 400, "Bad Request: chat not found")
    stage.request.refuse("sendMessage", 403, "Forbidden: bot can't initiate conversation with a user")
    await owner_says(stage, f"/peran {PERSON} pengamat")
    assert "minta dia menulis /mulai" in stage.sent[-1]["text"]
    assert stage.services.staff.role_of(PERSON) is Role.VIEWER


async def test_roles_outlive_a_restart_and_an_owner_is_nobodys_to_revoke(stage):
    await owner_says(stage, f"/peran editor {PERSON}")
    services = stage.services
    again = Services(services.settings, services.library, services.log, services.storage)
    await again.staff.load()
    assert again.staff.role_of(PERSON) is Role.EDITOR
    await owner_says(stage, f"/peran {ADMIN} cabut")
    assert "tidak bisa dicabut" in stage.sent[-1]["text"]
    await owner_says(stage, f"/peran {CITIZEN} cabut")
    assert "tidak punya peran" in stage.sent[-1]["text"]
    await owner_says(stage, f"/peran {PERSON} editor")
    assert "sudah editor" in stage.sent[-1]["text"]


async def test_the_thirty_first_is_refused_and_the_list_fits_a_message(stage):
    for person in range(1000, 1030):
        await stage.services.staff.grant(person, Role.EDITOR, ADMIN)
    await owner_says(stage, f"/peran {PERSON} editor")
    assert "Paling banyak 30" in stage.sent[-1]["text"]
    assert stage.services.staff.role_of(PERSON) is None
    await owner_says(stage, "/peran")
    assert len(stage.sent[-1].buttons) == 30
    assert len(stage.sent[-1]["text"]) < 4096


@pytest.mark.parametrize("words", ["", "12 editor pengamat", "12", "editor 12 13", "-5 editor", "raja 12"])
def test_words_that_are_no_appointment_are_none(words):
    assert appointment(words) is None


async def test_in_a_group_neither_roles_nor_the_trail_are_shown(stage):
    for command in ("/peran", "/jejak", "/artikel"):
        await stage.says(f"{command}@ArsipBot", chat=GROUP, sender=ADMIN)
        assert "hanya di chat pribadi" in stage.sent[-1]["text"]


async def test_a_database_that_fails_takes_a_role_all_the_same_and_says_so(stage, monkeypatch):
    await owner_says(stage, f"/peran {PERSON} editor")
    await owner_says(stage, "/peran")
    board = stage.sent[-1]
    await stage.services.storage.database.write("ALTER TABLE staff RENAME TO gone")
    await stage.taps_on(board, f"Cabut Budi ({PERSON})", tapper=ADMIN)
    assert "belum bisa disimpan" in stage.told["text"]
    assert stage.services.staff.role_of(PERSON) is None


async def test_an_error_reaches_the_owners_once_per_kind_and_hour_without_whom_it_is_of(stage):
    now = [0.0]
    handler = ErrorReports(stage.application, clock=lambda: now[0])
    logger = logging.getLogger("bot.digests")
    logger.addHandler(handler)
    try:
        for _ in range(3):
            logger.error("cannot send to %s (%d)", "Siti Rahayu", 1234567)
        logger.error("another matter")
        await asyncio.sleep(0.05)
        assert [call["chat_id"] for call in stage.sent] == [ADMIN, ADMIN]
        assert "bot.digests: cannot send to … (…)" in stage.sent[0]["text"]
        assert not any("Siti" in call["text"] or "1234567" in call["text"] for call in stage.sent)
        now[0] = REPORT_EVERY_SECONDS
        logger.error("cannot send to %s (%d)", "Siti Rahayu", 1234567)
        await asyncio.sleep(0.05)
        assert "Sudah 4 kali" in stage.sent[-1]["text"]
    finally:
        logger.removeHandler(handler)


async def test_a_handler_that_fails_is_told_of_once_and_not_at_each_attempt(stage):
    with reported(stage.application):
        await stage.says("bantuan rusak")
        await asyncio.sleep(0.05)
    told = [call["text"] for call in stage.sent if call["chat_id"] == ADMIN]
    assert sum("RuntimeError" in text for text in told) == 1
    assert not any("rusak" in text or "a handler failed" in text for text in told)
