"""Lines that editors add to the word lists: as they are read, refused, tried, kept, judged and taken back."""

from __future__ import annotations

import html
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import ADMIN, CITIZEN
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import wordlists, wordtrial
from bot.library import Library
from bot.services import open_archive
from bot.staff import Role
from bot.storage.queries import QueryRow
from bot.wordlists import Entry, Kind, WordsError, check, parse
from index.answer import Found
from index.archive import Archive
from index.lexicon import Lexicon, load_lexicon

SEEDS = Path(__file__).parents[2] / "seeds"
EDITOR = 21
NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
# Not in the lists, and said of something that seeds/ tells.
LINE, QUESTION = "gerobak bensin, motor roda tiga", "ada berapa gerobak bensin di Pacitan"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


# -- reading and refusing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("SPX = Sahabat Pendamping Xenia", Kind.ABBREVIATION, "SPX\tSahabat Pendamping Xenia\tother"),
        ("PKX = Program Keluarga Xenia", Kind.ABBREVIATION, "PKX\tProgram Keluarga Xenia\tprogramme"),
        ("dkx = Dinas Kesehatan Xenia", Kind.ABBREVIATION, "dkx\tDinas Kesehatan Xenia\tagency"),
        ("gmna sih = bagaimana", Kind.SPELLING, "gmna sih\tbagaimana"),
        ("Kruk,  tongkat ketiak , ~alat bantu", Kind.SYNONYM, "kruk, tongkat ketiak, ~alat bantu"),
    ],
)
def test_a_line_is_read_for_its_list_and_the_list_reads_it(
    text: str, kind: Kind, line: str, lexicon: Lexicon, tmp_path: Path
) -> None:
    entry = parse(text)
    assert (entry.kind, entry.line) == (kind, line)
    assert parse(entry.typed) == entry  # as the button of its preview reads it
    check(entry, lexicon)
    wordlists.add(tmp_path, entry)
    assert load_lexicon(tmp_path) != lexicon


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("kruk", "not_a_line"),
        ("=SUM(A1), kruk", "not_a_term"),
        ("12 = 34", "not_a_term"),
        ("kruk, a b c d e f", "too_many_words"),
        ("~kruk, ~tongkat", "only_loose"),
        ("PKH = Program Keluarga Harapan", "already"),
        ("tunadaksa, disabilitas fisik", "already"),
        ("PKH = Pusat Kesehatan Hewan", "means"),
        ("gimana = siapa", "means"),
        ("bagaimana = gimana", "loop"),  # which the lists read as "bagaimana"
        ("kruk = kruk", "loop"),
        ("KRUK = Kumpulan KRUK Rakyat", "loop"),
        ("kruk, kruk", "loop"),
        ("kruk, kruk ketiak", "contained"),
        ("pkh, bpnt", "different"),
        ("bupati, kepala daerah kabupaten", "office"),
        ("yang, kruk", "function_word"),
        ("pacitan, kota pantai", "place"),
        ("ortu, kruk", "misspelt"),
        ("SAPA = Sahabat Pendamping Anak", "misspelt"),  # read as "siapa"
    ],
)
def test_what_conflicts_loops_or_is_no_line_is_refused(text: str, key: str, lexicon: Lexicon) -> None:
    with pytest.raises(WordsError) as refused:
        check(parse(text), lexicon)
    assert refused.value.key == key


def test_two_lines_of_editors_that_lead_to_each_other_are_a_loop(tmp_path: Path) -> None:
    wordlists.add(tmp_path, parse("sepeda tua = kumbang besi"))
    with pytest.raises(WordsError) as refused:
        check(parse("kumbang besi = sepeda tua"), load_lexicon(tmp_path))
    assert refused.value.key == "loop"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_refused_or_is_a_line_that_the_lists_can_read(text: str) -> None:
    try:
        entry = parse(text)
        check(entry, load_lexicon())
    except WordsError:
        return
    with wordlists.tried(Path("nowhere"), entry) as folder:
        load_lexicon(folder)


def test_adding_and_removing_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    wordlists.add(tmp_path, parse("kruk, tongkat ketiak"))
    before = (tmp_path / Kind.SYNONYM).read_bytes()
    entry = parse(LINE)
    wordlists.add(tmp_path, entry)
    assert wordlists.remove(tmp_path, entry)
    assert not wordlists.remove(tmp_path, entry)
    assert (tmp_path / Kind.SYNONYM).read_bytes() == before


def test_trying_a_line_writes_nothing(tmp_path: Path) -> None:
    with wordlists.tried(tmp_path, parse(LINE)) as folder:
        assert folder != tmp_path
    assert list(tmp_path.iterdir()) == []


def test_an_archive_reads_a_new_line_without_reading_its_articles_again(archive: Archive, tmp_path: Path) -> None:
    own = Archive(archive.articles, extra_words=(tmp_path,))
    entry = parse(LINE)
    with wordlists.tried(tmp_path, entry) as folder:
        after = own.reworded((tmp_path, folder))
    changes = wordtrial.compare(own, after, [QUESTION, "apa itu PKH"])
    assert [change.question for change in changes] == [QUESTION]
    assert not isinstance(changes[0].before, Found)
    assert isinstance(changes[0].after, Found)
    assert isinstance(after.ask("apa itu PKH"), type(own.ask("apa itu PKH")))


# -- in the chat -----------------------------------------------------------------------------------------------------


@pytest.fixture
async def office(stage):
    """The stage on a copy of seeds/, which it can rebuild, with an editor and a question that found nothing."""
    services = stage.services
    shutil.copytree(SEEDS, services.settings.seeds_dir)
    services.library = Library(open_archive(services.settings))
    services.now = lambda: NOW
    await services.staff.grant(EDITOR, Role.EDITOR, ADMIN)
    row = QueryRow(NOW - timedelta(days=1), "chat1", "private", QUESTION, "related", (), 5)
    await services.storage.queries.add(row)
    return stage


def plain(call):
    return html.unescape(re.sub(r"<[^>]*>", "", call["text"]))


async def replies(office, line, *, sender=EDITOR):
    """Open the group, ask for a line, and reply with ``line``."""
    await office.says("/belum_terjawab", chat=sender, sender=sender)
    await office.taps_on(office.sent[-1], "Tangani 1", tapper=sender)
    await office.taps_on(office.edited[-1], "Tambah sinonim atau singkatan", tapper=sender)
    request = office.sent[-1]
    assert request["reply_markup"]["force_reply"] is True
    await answers(office, request, line, sender=sender)


async def answers(office, request, line, *, sender=EDITOR):
    asked = office.message(plain(request), chat=sender, message_id=700)
    asked["from"] = office.bot
    await office.says(line, chat=sender, sender=sender, reply_to_message=asked)


async def taps(office, call, label):
    await office.taps_on(call, label, tapper=EDITOR, text=plain(call))


async def test_a_line_shows_what_it_changes_before_it_is_kept(office):
    await replies(office, LINE)
    text = plain(office.sent[-1])
    assert text.splitlines()[0] == LINE
    assert "Dicoba pada 1 pertanyaan lama: 1 jawabannya berubah." in text
    assert "Sebelum: hanya yang terdekat" in text or "Sebelum: tidak ada di arsip" in text
    assert "Sesudah: terjawab: “" in text
    assert not office.services.settings.words_dir.exists()


async def test_kept_it_is_used_and_removed_it_is_not(office):
    await replies(office, LINE)
    await taps(office, office.sent[-1], "Simpan")
    await office.services.reindexing.finished()
    assert "Disimpan dan sudah dipakai." in plain(office.edited[-1])
    assert isinstance(office.archive.ask(QUESTION), Found)
    await office.says(QUESTION)
    assert "motor roda tiga" in plain(office.sent[-1])
    await taps(office, office.edited[-1], "Hapus lagi")
    await office.services.reindexing.finished()
    assert "sudah dihapus" in plain(office.edited[-1])
    assert not isinstance(office.archive.ask(QUESTION), Found)
    assert [row["action"] for row in office.rows("audit")][-2:] == ["words", "words_removed"]


async def test_a_line_that_spoils_a_golden_question_is_not_used_and_does_not_stay(office):
    case = (
        '{"id": "x", "question": "' + QUESTION + '", "kind": "chat", "answerable": false,'
        ' "gold_articles": [], "must_contain_any": []}'
    )
    await office.services.storage.staff.add_golden("x", case, ADMIN, NOW)
    await replies(office, LINE)
    await taps(office, office.sent[-1], "Simpan")
    await office.services.reindexing.finished()
    assert "Tidak dipakai dan dihapus lagi" in plain(office.edited[-1])
    assert "gerobak bensin" in plain(office.edited[-1]).split("menjadi salah:")[1]
    assert wordlists.parse(LINE).line not in (office.services.settings.words_dir / Kind.SYNONYM).read_text()
    assert not isinstance(office.archive.ask(QUESTION), Found)


async def test_a_wrong_line_is_refused_and_may_be_sent_again(office):
    await replies(office, "PKH = Pusat Kesehatan Hewan")
    assert "“PKH” sudah berarti “Program Keluarga Harapan”." in plain(office.sent[-1])
    assert "Balas pesan ini" in plain(office.sent[-1])
    await answers(office, office.sent[-2], LINE)
    assert plain(office.sent[-1]).splitlines()[0] == LINE


async def test_cancelled_nothing_is_kept(office):
    await replies(office, LINE)
    await taps(office, office.sent[-1], "Batal")
    assert "Tidak ada yang disimpan" in plain(office.edited[-1])
    assert not office.services.settings.words_dir.exists()


async def test_tapping_twice_adds_it_once(office):
    await replies(office, LINE)
    preview = office.sent[-1]
    await taps(office, preview, "Simpan")
    await taps(office, preview, "Simpan")
    await office.services.reindexing.finished()
    assert "sudah dipakai" in plain(office.edited[-1])
    assert (office.services.settings.words_dir / Kind.SYNONYM).read_text().count("gerobak") == 1
    assert [row["action"] for row in office.rows("audit")].count("words") == 1
    await taps(office, preview, "Batal")
    assert "sudah dipakai" in plain(office.edited[-1])


async def test_a_line_can_be_taken_out_though_the_bot_ended_before_the_rebuild_did(office):
    await replies(office, LINE)
    preview = office.sent[-1]
    wordlists.add(office.services.settings.words_dir, parse(LINE))  # and killed before anything was said
    await taps(office, preview, "Simpan")
    working = next(call for call in reversed(office.edited) if "sedang dibaca ulang" in plain(call))
    await office.services.reindexing.finished()
    await taps(office, working, "Hapus lagi")
    await office.services.reindexing.finished()
    assert "tidak dipakai lagi" in plain(office.edited[-1])
    assert not (office.services.settings.words_dir / Kind.SYNONYM).read_text()


def test_a_line_that_no_longer_fits_what_others_added_is_not_kept(tmp_path: Path) -> None:
    wordlists.add(tmp_path, parse("sepeda tua = kumbang besi"))
    with pytest.raises(WordsError):
        wordlists.admit((tmp_path,), parse("kumbang besi = sepeda tua"))


async def test_what_a_citizen_replies_to_such_a_message_is_a_question(office):
    await office.says("/belum_terjawab", chat=EDITOR, sender=EDITOR)
    await office.taps_on(office.sent[-1], "Tangani 1", tapper=EDITOR)
    await office.taps_on(office.edited[-1], "Tambah sinonim atau singkatan", tapper=EDITOR)
    await answers(office, office.sent[-1], LINE, sender=CITIZEN)
    assert "Dicoba pada" not in plain(office.sent[-1])
    await office.taps("!q:simpan", text=LINE)
    assert not office.services.settings.words_dir.exists()


def test_only_the_last_line_of_a_message_holds_its_code():
    entry = Entry(Kind.SYNONYM, "a b, c d", "a b, c d", ("a b", "c d"))
    assert wordtrial.code_in("Balas\n\nKode: K-0123456789ab") == "0123456789ab"
    assert wordtrial.code_in("Kode: K-0123456789ab\nlain") is None
    assert wordtrial.line_in(f"{entry.typed}\nDibaca sebagai sinonim.") == entry.typed
