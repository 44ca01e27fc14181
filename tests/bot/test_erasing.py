"""/hapus_data: everything that is tied to the chat goes, nothing of others, and the bot says what went."""

from __future__ import annotations

from conftest import ADMIN, CITIZEN, GROUP

OTHER = 7654321
TABLES = ("queries", "answers", "shown", "ratings", "waiting", "chats", "digests", "subscriptions")


async def uses_everything(stage, chat, **more):
    """Leave something in every table."""
    await stage.says("/tanya bantuan lansia", chat=chat, **more)
    await stage.taps_on(stage.sent[-1], next(b["text"] for b in stage.sent[-1].buttons if "👍" in b["text"]))
    await stage.says("/tanya jadwal ke bulan", chat=chat, **more)
    await stage.taps_on(stage.sent[-1], "Beri tahu saya bila ada")
    await stage.says("/daerah@ArsipBot Pacitan", chat=chat, **more)
    await stage.says("/langganan@ArsipBot semua", chat=chat, **more)


def count(stage):
    return {table: len(stage.rows(table)) for table in TABLES}


async def test_all_that_is_tied_to_the_chat_goes_and_nothing_of_another(stage):
    await uses_everything(stage, OTHER, sender=OTHER)
    others = count(stage)
    assert all(others.values())
    await uses_everything(stage, CITIZEN)
    await stage.says("/hapus_data")
    asked = stage.sent[-1]
    assert "Ini tidak bisa dibatalkan" in asked["text"]
    assert count(stage) != others
    await stage.taps_on(asked, "Ya, hapus semuanya")
    told = stage.edited[-1]["text"]
    for line in (
        "2 catatan pertanyaan",
        "2 catatan pesan mana",
        "2 catatan jawaban",
        "1 pertanyaan yang menunggu",
        "1 pilihan langganan",
        "pengaturan obrolan ini",
        "1 percakapan",
    ):
        assert line in told, told
    assert count(stage) == others
    # Nothing is left in the file either, the write-ahead log included.
    folder = stage.services.settings.data_dir
    code = stage.services.log.hasher(CITIZEN).encode()
    assert not [path for path in folder.glob("bot.sqlite3*") if code in path.read_bytes()]
    assert str(CITIZEN) not in str([stage.rows(table) for table in TABLES])


async def test_what_follows_is_a_new_beginning(stage):
    await stage.says("bantuan lansia")
    await stage.says("/hapus_data")
    await stage.taps_on(stage.sent[-1], "Ya, hapus semuanya")
    await stage.says("yang lain")
    assert stage.archive.asked[-1] == ("yang lain", None)  # it follows up on nothing


async def test_a_second_tap_leaves_the_report_of_the_first_to_be_read(stage):
    await stage.says("bantuan lansia")
    await stage.says("/hapus_data")
    for _ in range(2):
        await stage.taps_on(stage.sent[1], "Ya, hapus semuanya")
    (edited,) = stage.edited
    assert "1 catatan pertanyaan" in edited["text"]
    assert stage.told["text"] == "Tidak ada data obrolan ini yang tersimpan."


async def test_nothing_goes_without_the_second_tap(stage):
    await stage.says("bantuan lansia")
    await stage.says("/hapus_data")
    await stage.taps_on(stage.sent[-1], "Batal")
    assert "Tidak ada yang dihapus" in stage.edited[-1]["text"]
    assert len(stage.rows()) == 1


async def test_in_a_group_only_its_admins_delete(stage):
    stage.request.members[GROUP, ADMIN] = "creator"
    await stage.in_group("/tanya bantuan lansia")
    await stage.in_group("/hapus_data@ArsipBot ya")
    assert "hanya admin grup" in stage.sent[-1]["text"]
    await stage.in_group("/hapus_data@ArsipBot", sender=ADMIN)
    await stage.taps_on(stage.sent[-1], "Ya, hapus semuanya")
    assert len(stage.rows()) == 1
    await stage.taps_on(stage.sent[-1], "Ya, hapus semuanya", tapper=ADMIN)
    assert stage.rows() == []
    await stage.in_group("/tanya bantuan lansia")
    anonymous = {"sender": 1087968824, "sender_chat": {"id": GROUP, "type": "supergroup", "title": "RT 05"}}
    await stage.in_group("/hapus_data ya", **anonymous)  # as the bot tells them to write
    assert "Sudah dihapus" in stage.sent[-1]["text"]
    assert stage.rows() == []
