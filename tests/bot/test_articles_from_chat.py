"""Whole updates: articles that editors send, correct, approve, edit, hide, roll back; and what is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from conftest import ADMIN, CITIZEN, GROUP
from intake_files import PAGE, REPORT, SCRIPT_PAGE, TITLE, pdf, rezipped, word_file, wrapped
from test_intake_fetching import PUBLIC, OneHost, site

from bot.errors import StorageError
from bot.intake.fetching import Fetcher
from bot.library import Library, key_of
from bot.services import Services, open_archive
from bot.staff import Role
from bot.storage.broadcasts import Broadcast

__all__ = ["site"]
EDITOR = 8
OLD = "Santunan Desa Lama\n\nPACITAN - Kepala Desa Lama memberi santunan kepada yatim piatu, Senin (4/3/2024).\n"


@pytest.fixture
async def desk(stage):
    """A stage with a real archive of one article, an editor, and a clock of today."""
    seeds = stage.services.settings.seeds_dir
    seeds.mkdir()
    (seeds / "santunan-desa-lama.txt").write_text(OLD)
    stage.services.library = Library(open_archive(stage.services.settings))
    stage.services.now = lambda: datetime(2025, 2, 1, tzinfo=UTC)
    await stage.services.staff.grant(EDITOR, Role.EDITOR, ADMIN)
    return stage


def shown(stage):
    """The preview as it is now."""
    return next(
        call for call in reversed(stage.request.calls)
        if call.method in {"sendMessage", "editMessageText"} and "Pratinjau" in call["text"]
    )  # fmt: skip


async def sends(stage, data, name, *, who=EDITOR, size=None, **more):
    stage.request.files["berkas"] = data
    document = {"file_id": "berkas", "file_unique_id": "x", "file_name": name, "file_size": size or len(data)}
    await stage.says(chat=who, sender=who, document=document, **more)


async def editor_says(stage, text, **more):
    await stage.says(text, chat=EDITOR, sender=EDITOR, **more)


async def taps(stage, label, *, tapper=EDITOR, call=None):
    await stage.taps_on(call or shown(stage), label, tapper=tapper)


async def corrects(stage, field, value):
    """Tap a field's button and reply to what is asked then."""
    await taps(stage, f"Ubah {field}")
    question = stage.sent[-1]
    assert question["reply_markup"]["force_reply"]
    asked = stage.message(question["text"], chat=EDITOR, message_id=stage.request.next_message)
    await editor_says(stage, value, reply_to_message={**asked, "from": stage.bot})


def last(stage):
    return [call for call in stage.request.calls if call.method in {"sendMessage", "editMessageText"}][-1]["text"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("berita.html", PAGE.encode()),
        ("berita.docx", word_file()),
        ("berita.txt", "\n\n".join((TITLE, f"PACITAN – {REPORT[0]}", *REPORT[1:])).encode()),
        ("berita.pdf", pdf([[TITLE, "", *(line for each in REPORT for line in wrapped(each))]])),
    ],
)
async def test_a_file_is_previewed_approved_and_answers_questions(desk, name, data):
    data = data.replace("“".encode(), b'"') if name.endswith("pdf") else data
    await sends(desk, data, name)
    preview = shown(desk)
    for told in (TITLE, "Pacitan", "23 September 2024", "Belum disimpan"):
        assert told in preview["text"]
    assert not list(desk.services.settings.articles_dir.glob("*.txt"))  # nothing before it is approved
    await taps(desk, "Setujui dan simpan")
    await desk.services.reindexing.finished()
    assert "kini dapat dicari" in last(desk)
    await desk.says("siapa kepala dinas sosial pacitan?")
    assert "Sumorohadi" in desk.sent[-1]["text"]
    deeds, _ = await desk.services.staff.deeds(5)
    assert (deeds[0].who, deeds[0].action) == (EDITOR, "added")


async def test_what_would_be_dropped_is_shown_and_what_is_wrong_can_be_corrected(desk):
    await sends(desk, PAGE.encode(), "berita.html")
    assert "Baca juga: Bupati Lantik Pejabat Baru" in shown(desk)["text"]
    await corrects(desk, "judul", "Judul yang Betul")
    await corrects(desk, "media", "Kabar Betul")
    await corrects(desk, "tempat", "Kota Serang, Banten")
    await corrects(desk, "tanggal", "22/9/2024")
    await corrects(desk, "alamat", "https://betul.example/berita")
    text = shown(desk)["text"]
    for told in (
        "Judul yang Betul (dari editor)",
        "Kabar Betul",
        "Kota Serang, Banten",
        "22 September 2024",
        "betul.exam",
    ):
        assert told in text
    await corrects(desk, "judul", "-")
    assert TITLE in shown(desk)["text"]
    await taps(desk, "Lihat isi, buang bagian …")
    parts = desk.edited[-1]
    drop = next(line for line in parts["text"].split("\n") if "tidak punya keluarga" in line).partition(".")[0]
    await taps(desk, f"Buang {drop}", call=parts)
    assert "tidak punya keluarga" not in desk.edited[-1]["text"]
    await taps(desk, "« Kembali ke pratinjau", call=desk.edited[-1])
    await taps(desk, "Setujui dan simpan", call=desk.edited[-1])
    await desk.services.reindexing.finished()
    article = next(each for each in desk.archive.articles if each.id != "santunan-desa-lama")
    assert (article.outlet, str(article.date), article.url) == (
        "Kabar Betul", "22 September 2024", "https://betul.example/berita",
    )  # fmt: skip
    assert "tidak punya keluarga" not in article.body


async def test_a_date_that_no_calendar_has_is_refused_and_can_be_replied_again(desk):
    await sends(desk, PAGE.encode(), "berita.html")
    await corrects(desk, "tanggal", "31/02/2024")
    assert "tidak ada di kalender" in desk.sent[-1]["text"]
    assert "Balas pesan ini" in desk.sent[-1]["text"]
    # What says so is what is replied to.
    asked = desk.message(desk.sent[-1]["text"], chat=EDITOR, message_id=desk.request.next_message)
    await editor_says(desk, "22/9/2024", reply_to_message={**asked, "from": desk.bot})
    assert "22 September 2024 (dari editor)" in shown(desk)["text"]


async def test_a_whole_text_may_be_replied_as_a_file(desk):
    await sends(desk, PAGE.encode(), "berita.html")
    await taps(desk, "Ubah teks")
    asked = desk.message(desk.sent[-1]["text"], chat=EDITOR, message_id=desk.request.next_message)
    text = f"{TITLE}\n\nPACITAN - Bupati menyerahkan kursi roda kepada 30 warga, Senin (23/9/2024).\n".encode()
    await sends(desk, text, "betul.txt", reply_to_message={**asked, "from": desk.bot})
    assert "kursi roda" in shown(desk)["text"]


async def test_the_same_article_and_a_near_one_are_named(desk):
    await sends(desk, PAGE.encode(), "a.html")
    await taps(desk, "Setujui dan simpan")
    await desk.services.reindexing.finished()
    await sends(desk, PAGE.encode(), "b.html")
    assert "sudah ada di arsip" in shown(desk)["text"]
    assert "Tetap simpan, walau sudah ada" in [button["text"] for button in shown(desk).buttons]


async def test_an_address_is_fetched_and_one_inside_the_network_is_not(desk, site):
    desk.services.newsroom.fetcher = Fetcher(OneHost(site.port))
    await editor_says(desk, site.url("/article"))
    assert TITLE in shown(desk)["text"]
    await editor_says(desk, site.url("/article", "127.0.0.2"))
    assert "bukan halaman di internet umum" in last(desk)
    assert site.hits.keys() == {PUBLIC}


async def test_an_address_that_never_answers_is_given_up(desk, site):
    async def silent(request):
        import asyncio

        await asyncio.sleep(30)

    site.silent = silent
    desk.services.newsroom.fetcher = Fetcher(OneHost(site.port), seconds=0.2)
    await editor_says(desk, site.url("/silent"))
    assert "tidak selesai menjawab" in last(desk)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("rusak.pdf", b"%PDF-1.4\nrusak", "rusak"),
        ("pindai.pdf", pdf([[]], picture=True), "hasil pindai"),
        ("skrip.html", SCRIPT_PAGE.encode(), "baru muncul di peramban"),
        ("kosong.txt", b"", "kosong"),
        ("gambar.xyz", bytes(range(256)) * 8, "tidak bisa dibaca"),
    ],
)
async def test_a_file_that_cannot_be_an_article_is_refused_in_a_sentence(desk, name, data, told):
    await sends(desk, data, name, size=1)
    assert told in last(desk)
    assert desk.rows("drafts") == []


async def test_a_zip_bomb_is_refused(desk):
    bomb = rezipped(word_file(), {"word/document.xml": b"0" * 60_000_000})
    assert len(bomb) < 200_000
    await sends(desk, bomb, "bom.docx")
    assert "mengembang" in last(desk)


async def test_fifty_megabytes_are_not_even_downloaded(desk):
    await sends(desk, b"x", "besar.pdf", size=50_000_000)
    assert "Batasnya 20 MB" in last(desk)
    assert desk.request.named("getFile") == []


async def test_only_editors_are_heard_and_to_others_a_file_is_what_it_was(desk):
    await sends(desk, PAGE.encode(), "berita.html", who=CITIZEN)
    assert "hanya bisa membaca teks" in desk.sent[-1]["text"]
    await desk.says("/tambah https://kabarkita.example/berita")
    assert "tidak dikenal" in desk.sent[-1]["text"]
    assert desk.rows("drafts") == []


async def test_a_revoked_editor_and_a_stranger_tap_in_vain(desk):
    await sends(desk, PAGE.encode(), "berita.html")
    other = 9
    await desk.services.staff.grant(other, Role.EDITOR, ADMIN)
    await taps(desk, "Setujui dan simpan", tapper=other)
    assert "milik orang lain" in desk.told["text"]
    await taps(desk, "Setujui dan simpan", tapper=CITIZEN)
    assert "tidak berlaku untuk Anda" in desk.told["text"]
    preview = shown(desk)
    await desk.services.staff.revoke(EDITOR, ADMIN)
    await taps(desk, "Setujui dan simpan", call=preview)
    assert "sudah dicabut" in desk.told["text"]
    assert not list(desk.services.settings.articles_dir.glob("*.txt"))


async def test_tapping_twice_stores_once_also_after_a_crash_in_between(desk, monkeypatch):
    await sends(desk, PAGE.encode(), "berita.html")
    preview = shown(desk)
    close = desk.services.newsroom.desk.close

    async def crash(number):
        raise OSError("the power went")

    monkeypatch.setattr(desk.services.newsroom.desk, "close", crash)
    with pytest.raises(OSError, match="power"):
        await desk.services.newsroom.approve(await desk.services.newsroom.desk.find(desk.rows("drafts")[0]["id"]))
    monkeypatch.setattr(desk.services.newsroom.desk, "close", close)
    await taps(desk, "Setujui dan simpan", call=preview)
    await taps(desk, "Setujui dan simpan", call=preview)
    assert "sudah selesai atau dibatalkan" in desk.told["text"]
    await desk.services.reindexing.finished()
    assert len(list(desk.services.settings.articles_dir.glob("*.txt"))) == 1
    assert [row["action"] for row in desk.rows("audit")] == ["granted", "added"]


async def test_a_draft_and_what_was_asked_outlive_a_restart(desk):
    await sends(desk, PAGE.encode(), "berita.html")
    await taps(desk, "Ubah judul")
    asked = desk.request.next_message
    services = desk.services
    again = Services(services.settings, services.library, services.log, services.storage)
    await again.newsroom.desk.load()
    prompt = again.newsroom.desk.asked(EDITOR, asked)
    assert prompt.field == "title"
    assert (await again.newsroom.desk.find(prompt.draft)).draft.article.title == TITLE


async def test_given_up_it_leaves_nothing(desk):
    await sends(desk, PAGE.encode(), "berita.html")
    await taps(desk, "Batalkan")
    assert "Tidak ada yang disimpan" in desk.edited[-1]["text"]
    assert desk.rows("drafts") == []
    assert not list(desk.services.settings.articles_dir.glob("*"))


async def test_the_shelf_lists_edits_hides_restores_and_rolls_back(desk):
    await editor_says(desk, "/artikel")
    assert "1. Santunan Desa Lama" in last(desk)
    await taps(desk, "Buka 1", call=desk.sent[-1])
    card = desk.edited[-1]
    assert "Keadaan: dapat dicari" in card["text"]
    await sends(desk, PAGE.encode(), "berita.html")  # or the archive would be empty without the other
    await taps(desk, "Setujui dan simpan")
    await desk.services.reindexing.finished()

    await taps(desk, "Sembunyikan", call=card)
    await desk.services.reindexing.finished()
    assert "tidak lagi dapat dicari" in last(desk)
    assert "santunan-desa-lama" not in [article.id for article in desk.archive.articles]
    await taps(desk, "Tampilkan lagi", call=desk.edited[-1])
    await desk.services.reindexing.finished()
    assert "kini dapat dicari" in last(desk)

    await taps(desk, "Sunting", call=card)
    assert "suntingan artikel santunan-desa-lama" in shown(desk)["text"]
    assert "dari editor" not in shown(desk)["text"]  # who has corrected nothing yet
    await corrects(desk, "judul", "Santunan yang Disunting")
    await taps(desk, "Simpan suntingan")
    await desk.services.reindexing.finished()
    assert desk.archive.article("santunan-desa-lama").title == "Santunan yang Disunting"

    await taps(desk, "« Kembali ke artikel", call=await past(desk, card))
    await taps(desk, "Pakai lagi versi 1", call=await past(desk, card))
    await desk.services.reindexing.finished()
    assert desk.archive.article("santunan-desa-lama").title == "Santunan Desa Lama"
    await editor_says(desk, "/jejak")
    for told in ("menambah", "menyembunyikan", "menampilkan lagi", "menyunting", "mengembalikan versi", "Budi (8)"):
        assert told in last(desk)


async def past(stage, card):
    await stage.taps(card.buttons[0]["callback_data"].replace("edit", "past"), chat=EDITOR, tapper=EDITOR)
    return stage.edited[-1]


async def test_a_viewer_looks_and_changes_nothing(desk):
    viewer = 10
    await desk.services.staff.grant(viewer, Role.VIEWER, ADMIN)
    await desk.says("/artikel santunan", chat=viewer, sender=viewer)
    await taps(desk, "Buka 1", call=desk.sent[-1], tapper=viewer)
    assert "Sembunyikan" not in [button["text"] for button in desk.edited[-1].buttons]
    key = desk.sent[-1].buttons[0]["callback_data"].rpartition(":")[2]
    await desk.taps(f"!k:hide:{key}", chat=viewer, tapper=viewer)
    assert "tidak berlaku" in desk.told["text"]
    assert desk.services.newsroom.shelf.hidden() == ()


async def test_an_article_of_a_pasted_text_and_of_a_replied_file(desk):
    text = "\n\n".join((TITLE, f"PACITAN – {REPORT[0]}", *REPORT[1:]))
    pasted = desk.message(text, chat=EDITOR, sender=EDITOR)
    await editor_says(desk, "/tambah", reply_to_message=pasted)
    assert TITLE in shown(desk)["text"]
    await editor_says(desk, "/tambah")
    assert "Kirim berkas" in last(desk)


async def test_a_full_disk_is_told_and_the_draft_stays(desk):
    folder = desk.services.settings.articles_dir
    folder.mkdir()
    (folder / "versions").write_text("no folder")
    await sends(desk, PAGE.encode(), "berita.html")
    await taps(desk, "Setujui dan simpan")
    assert "tidak dapat disimpan" in desk.told["text"]
    (folder / "versions").unlink()
    await taps(desk, "Setujui dan simpan")
    await desk.services.reindexing.finished()
    assert "kini dapat dicari" in last(desk)


async def test_a_change_that_could_not_be_noted_is_noted_when_it_is_asked_for_again(desk):
    newsroom, database = desk.services.newsroom, desk.services.storage.database
    await sends(desk, PAGE.encode(), "berita.html")
    await taps(desk, "Setujui dan simpan")
    await desk.services.reindexing.finished()
    pending = await newsroom.correct("santunan-desa-lama", EDITOR)
    pending = pending.with_draft(pending.draft.with_title("Judul Lain"))
    for change in (lambda: newsroom.hide("santunan-desa-lama", EDITOR), lambda: newsroom.approve(pending)):
        await database.write("ALTER TABLE audit RENAME TO away")
        with pytest.raises(StorageError):
            await change()
        await database.write("ALTER TABLE away RENAME TO audit")
        assert await change()
    trail = [(row["action"], row["detail"]) for row in desk.rows("audit")]
    assert trail[-2:] == [("hidden", None), ("edited", "2")]
    assert not await newsroom.hide("santunan-desa-lama", EDITOR)
    assert len(desk.rows("audit")) == len(trail)


async def test_an_editor_who_is_revoked_while_a_page_is_read_gets_no_preview(desk, monkeypatch):
    read = desk.services.newsroom.read_file

    async def slowly(*arguments):
        await desk.services.staff.revoke(EDITOR, ADMIN)
        return await read(*arguments)

    monkeypatch.setattr(desk.services.newsroom, "read_file", slowly)
    await sends(desk, PAGE.encode(), "berita.html")
    assert "sudah dicabut" in last(desk)
    assert desk.rows("drafts") == []


async def test_what_is_promised_to_be_forgotten_is_forgotten(desk):
    await sends(desk, PAGE.encode(), "berita.html")
    services = desk.services
    await services.storage.broadcasts.add(Broadcast("b", ADMIN, "halo"), services.now())
    await services.purge()
    assert [len(desk.rows(table)) for table in ("drafts", "broadcasts", "audit")] == [1, 1, 1]
    services.now = lambda: datetime(2025, 2, 8, 1, tzinfo=UTC)
    await services.purge()
    assert [len(desk.rows(table)) for table in ("drafts", "broadcasts", "audit")] == [0, 0, 1]
    services.now = lambda: datetime(2026, 2, 2, tzinfo=UTC)
    await services.purge()
    assert desk.rows("audit") == []


async def test_an_article_that_the_golden_questions_refuse_can_be_opened_and_taken_back(desk):
    case = {"id": "x", "question": "siapa kepala dinas sosial pacitan?", "kind": "chat", "answerable": False,
            "gold_articles": [], "must_contain_any": []}  # fmt: skip
    await desk.services.storage.staff.add_golden("x", json.dumps(case), EDITOR, desk.services.now())
    await sends(desk, PAGE.encode(), "berita.html")
    await taps(desk, "Setujui dan simpan")
    await desk.services.reindexing.finished()
    refusal = next(call for call in reversed(desk.request.calls) if "belum tampak" in call.data.get("text", ""))
    assert "siapa kepala dinas sosial pacitan?" in refusal["text"]
    name = "dinsos-salurkan-bantuan-lansia-pacitan-2024"
    await editor_says(desk, "/artikel")
    assert f"1. {name} (belum dapat dicari)" in desk.sent[-1]["text"]
    await taps(desk, "Buka 1", call=desk.sent[-1])
    assert "Keadaan: belum dapat dicari" in desk.edited[-1]["text"]
    await desk.taps(refusal.buttons[-1]["callback_data"], chat=EDITOR, tapper=EDITOR)
    await desk.services.reindexing.finished()
    assert desk.services.newsroom.shelf.hidden() == (name,)
    assert [article.id for article in desk.archive.articles] == ["santunan-desa-lama"]


async def test_in_a_group_an_article_is_hidden_but_not_edited(desk):
    await desk.in_group("/kembalikan@ArsipBot", sender=EDITOR)
    key = key_of("santunan-desa-lama")
    await desk.taps(f"!k:edit:{key}", chat=GROUP, tapper=EDITOR)
    assert "chat pribadi" in desk.told["text"]
    assert desk.rows("drafts") == []
    await desk.taps(f"!k:hide:{key}", chat=GROUP, tapper=EDITOR)
    assert desk.services.newsroom.shelf.hidden() == ("santunan-desa-lama",)
    await desk.services.reindexing.finished()
