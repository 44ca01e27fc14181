"""Whole updates: what the golden questions refuse, what would change, what was, and how it is taken back."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from conftest import ADMIN, CITIZEN
from shelf import ScriptedArchive, article

from bot.staff import Role

EDITOR = 8
# The scripted archive answers from berita-1, and anything about "surabaya" it declines.
RIGHT = {
    "id": "g1", "question": "bantuan untuk lansia?", "kind": "fact", "answerable": True,
    "gold_articles": ["berita-1"], "must_contain_any": ["Bantuan nomor 1.1"],
}  # fmt: skip
DECLINED = {
    "id": "g2", "question": "bantuan di surabaya?", "kind": "near-miss", "answerable": False,
    "gold_articles": [], "must_contain_any": [],
}  # fmt: skip


class Forgetful(ScriptedArchive):
    """Answers from other articles than before."""

    def __init__(self):
        super().__init__([article(7), article(8, paragraphs=20)])


@pytest.fixture
async def gate(stage):
    stage.services.staff._now = lambda: datetime(2025, 2, 1, 3, 30, tzinfo=UTC)
    await stage.services.staff.grant(EDITOR, Role.EDITOR, ADMIN)
    (stage.services.settings.data_dir / "golden.jsonl").write_text(f"{json.dumps(RIGHT)}\n{json.dumps(DECLINED)}\n")
    return stage


async def reindexes(stage, new, command="/reindex", who=EDITOR):
    stage.services.reindexing._build = lambda progress: new
    await stage.says(command, chat=who, sender=who)
    await stage.services.reindexing.finished()
    return stage.edited[-1]


async def test_an_archive_that_still_answers_is_swapped_in(gate):
    new = ScriptedArchive([article(1), article(2, paragraphs=20), article(3)])
    told = await reindexes(gate, new)
    assert gate.archive is new
    assert "Soal uji yang benar: 2 dari 2." in told["text"]


async def test_one_that_lost_an_answer_is_refused_with_the_question_named(gate):
    old = gate.archive
    told = await reindexes(gate, Forgetful())
    assert gate.archive is old
    assert "tidak dipasang" in told["text"]
    assert "• bantuan untuk lansia?" in told["text"]
    assert "surabaya" not in told["text"]
    assert told.buttons == []  # an editor cannot overrule it


async def test_an_owner_can_put_it_in_place_all_the_same_once(gate):
    new = Forgetful()
    told = await reindexes(gate, new, who=ADMIN)
    data = told.buttons[0]["callback_data"]
    await gate.taps(data, chat=EDITOR, tapper=EDITOR)
    assert "Hanya pemilik" in gate.told["text"]
    await gate.taps_on(told, "Tetap pasang", tapper=ADMIN)
    assert gate.archive is new
    assert "atas keputusan Anda" in gate.edited[-1]["text"]
    await gate.taps(data, chat=ADMIN, tapper=ADMIN)
    assert "sudah dipasang, atau tidak ada lagi" in gate.told["text"]


async def test_a_dry_run_says_what_would_change_and_changes_nothing(gate):
    old = gate.archive
    told = await reindexes(gate, Forgetful(), "/reindex coba")
    assert gate.archive is old
    for line in ("Percobaan saja", "Ditambah (2): berita-7, berita-8", "Dihapus (2)", "• bantuan untuk lansia?"):
        assert line in told["text"]
    assert gate.rows("rebuilds") == []


async def test_golden_questions_that_cannot_be_read_let_nothing_through(gate):
    old = gate.archive
    (gate.services.settings.data_dir / "golden.jsonl").write_text("bukan JSON\n")
    told = await reindexes(gate, ScriptedArchive([article(1)]))
    assert gate.archive is old
    assert "golden.jsonl: line 1" in told["text"]


async def test_questions_chosen_in_the_chat_count_too(gate):
    (gate.services.settings.data_dir / "golden.jsonl").unlink()
    assert await gate.services.storage.staff.add_golden("g1", json.dumps(RIGHT), EDITOR, datetime.now(UTC))
    old = gate.archive
    await reindexes(gate, Forgetful())
    assert gate.archive is old


async def test_without_golden_questions_nothing_is_said_of_them(gate):
    (gate.services.settings.data_dir / "golden.jsonl").unlink()
    new = Forgetful()
    assert "Soal uji" not in (await reindexes(gate, new))["text"]
    assert gate.archive is new


async def test_the_archive_before_comes_back_and_goes_again(gate):
    old, new = gate.archive, ScriptedArchive([article(1), article(3)])
    await reindexes(gate, new)
    await gate.says("/kembalikan", chat=EDITOR, sender=EDITOR)
    assert "Ditambah (1): berita-2" in gate.sent[-1]["text"]
    assert "Dihapus (1): berita-3" in gate.sent[-1]["text"]
    for told in (None, "Sudah dipasang"):  # an impatient thumb
        await gate.taps_on(gate.sent[-1], "Pasang arsip sebelumnya", tapper=EDITOR)
        assert gate.archive is old
        assert (gate.told.get("text") or "").startswith(told or "")
    await gate.taps_on(gate.edited[-1], "Pasang lagi arsip yang baru", tapper=EDITOR)
    assert gate.archive is new


async def test_after_a_rebuild_without_changes_there_is_still_something_to_go_back_to(gate):
    old = gate.archive
    await reindexes(gate, ScriptedArchive([article(1), article(3)]))
    await reindexes(gate, ScriptedArchive([article(1), article(3)]))
    await gate.says("/kembalikan", chat=EDITOR, sender=EDITOR)
    await gate.taps_on(gate.sent[-1], "Pasang arsip sebelumnya", tapper=EDITOR)
    assert gate.archive is old


async def test_after_a_restart_it_says_that_only_the_articles_can_be_taken_back(gate):
    await gate.says("/kembalikan", chat=EDITOR, sender=EDITOR)
    assert "tidak ada di memori" in gate.sent[-1]["text"]
    assert "Tidak ada perubahan artikel" in gate.sent[-1]["text"]
    await gate.services.staff.note(EDITOR, "added", "berita-1", "1")
    await gate.services.staff.note(EDITOR, "edited", "berita-2", "3")
    await gate.says("/kembalikan", chat=EDITOR, sender=EDITOR)
    assert [button["text"] for button in gate.sent[-1].buttons] == ["berita-2: pakai versi 2", "Sembunyikan berita-1"]


async def test_the_history_tells_when_who_and_what_came_of_it(gate):
    gate.services.now = lambda: datetime(2025, 2, 1, 3, 30, tzinfo=UTC)
    await reindexes(gate, ScriptedArchive([article(1), article(3)]))
    await reindexes(gate, Forgetful())
    await gate.says("/reindex riwayat", chat=EDITOR, sender=EDITOR)
    lines = gate.sent[-1]["text"].split("\n")
    assert "01/02/2025 10.30 oleh 8: ditolak soal uji" in lines[-2]
    assert "Soal uji: 1 dari 2 turun." in lines[-2]
    assert "dipasang. 2 artikel: 1 ditambah, 0 diubah, 1 dihapus." in lines[-1]


async def test_a_word_that_reindex_does_not_know_starts_nothing(gate):
    old = gate.archive
    await gate.says("/reindex cob", chat=EDITOR, sender=EDITOR)
    assert "/reindex coba" in gate.sent[-1]["text"]
    await gate.services.reindexing.finished()
    assert gate.archive is old


async def test_to_others_these_are_unknown_commands(gate):
    for command in ("/kembalikan", "/artikel", "/tambah", "/jejak", "/peran", "/siaran halo"):
        await gate.says(command)
        assert "tidak dikenal" in gate.sent[-1]["text"], command
    for command in ("/peran", "/siaran halo"):  # nor may an editor
        await gate.says(command, chat=EDITOR, sender=EDITOR)
        assert "tidak dikenal" in gate.sent[-1]["text"], command
    await gate.taps("!i:back", tapper=CITIZEN)
    assert "tidak berlaku untuk Anda" in gate.told["text"]
