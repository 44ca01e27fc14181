"""Whole updates: messages passed on are held against the archive, what asks for secrets is warned of, numbers too."""

from __future__ import annotations

import html
import re

import pytest
from conftest import CITIZEN, GROUP

from bot.chains import asks_for_secrets, is_chain
from bot.library import Library
from bot.privacy import discloses, mask

FORWARDED = {"forward_origin": {"type": "hidden_user", "date": 1700000000, "sender_user_name": "Tetangga"}}
NEAR = (
    "Dapat info dari grup: Bupati Pacitan menyerahkan bantuan kebutuhan dasar untuk 10 lansia dan motor roda tiga bagi "
    "disabilitas di rakor pilar sosial. Bagikan ya!"
)
FAR = (
    "Minum air kelapa campur garam setiap pagi bisa membersihkan paru-paru dalam tiga hari, dokter sudah membuktikan. "
    "Sebarkan ke semua grup keluarga!"
)
SCAM = (
    "INFO BANSOS!!! Pemerintah membagikan BLT 600 ribu untuk setiap keluarga. Daftar di https://bit.example/blt dengan "
    "mengisi NIK dan nomor KK, lalu balas dengan kode OTP. Sebarkan!"
)


@pytest.fixture
def asked(stage, archive):
    """The bot over the articles of seeds/."""
    stage.services.library = Library(archive)
    return stage


def quoted(text):
    return re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", text, re.DOTALL)


@pytest.mark.parametrize("how", [FORWARDED, {}], ids=["forwarded", "pasted"])
async def test_a_chain_message_gets_the_nearest_article_with_the_shared_words_in_bold(asked, archive, how):
    await asked.says(NEAR, **how)
    (call,) = asked.sent
    (quote,) = quoted(call["text"])
    source = archive.article("pacitan-rakor-pilar-sosial-2024")
    assert html.unescape(re.sub("</?b>", "", quote)) in source.body
    bold = {word.lower() for word in re.findall("<b>(.*?)</b>", quote)}
    assert {"bupati", "lansia", "disabilitas", "motor", "roda"} <= bold
    assert not bold & {"bagikan", "dan", "untuk"}
    assert "tidak menilai benar atau salahnya" in call["text"]
    assert not re.search("hoaks|palsu|terbukti", call["text"], re.IGNORECASE)
    assert "Saya cari" not in call["text"]
    assert [button["text"] for button in call.buttons] == ["Baca artikel 1"]


@pytest.mark.parametrize("text", [FAR, "BLT cair besok!", "https://contoh.example/kabar", "/reindex"])
async def test_what_the_archive_does_not_hold_is_said_to_be_unknown_not_untrue(asked, text):
    await asked.says(text, **FORWARDED)
    (call,) = asked.sent
    assert call["text"].startswith("Isi pesan ini tidak ada di arsip kami.")
    assert "tidak berarti pesannya benar atau salah" in call["text"]
    assert quoted(call["text"]) == []


@pytest.mark.parametrize("how", [FORWARDED, {}], ids=["forwarded", "pasted"])
async def test_what_asks_for_secrets_or_leads_to_a_registration_gets_the_warning(asked, how):
    await asked.says(SCAM, **how)
    (call,) = asked.sent
    assert call["text"].startswith("Hati-hati. Pesan ini meminta data pribadi")
    assert "Jangan berikan NIK" in call["text"]
    assert "bit.example" not in call["text"]


async def test_a_forwarded_photo_is_checked_by_its_caption(asked):
    await asked.says(
        caption=SCAM, photo=[{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}], **FORWARDED
    )
    assert asked.sent[0]["text"].startswith("Hati-hati.")


async def test_the_article_of_a_checked_message_can_be_read_and_left_as_it_is(asked):
    await asked.says(NEAR, **FORWARDED)
    await asked.taps_on(asked.sent[0], "Baca artikel 1")
    assert "Bagian yang dikutip:" in asked.sent[1]["text"]
    assert asked.edited == []


async def test_nothing_of_a_checked_message_is_stored(asked):
    await asked.says(NEAR, **FORWARDED)
    await asked.says(SCAM)
    assert asked.rows("queries") == asked.rows("shown") == asked.rows("answers") == []
    assert all(row["payload"] is None for row in asked.rows("inbox"))


async def test_in_a_group_what_people_pass_on_is_theirs_until_the_bot_is_asked_to_check_it(asked, mention):
    await asked.in_group(SCAM, **FORWARDED)
    assert asked.sent == []
    neighbour = {"id": 5, "is_bot": False, "first_name": "Budi"}
    passed_on = {"message_id": 3, "date": 1700000000, "chat": {"id": GROUP, "type": "supergroup"}, "from": neighbour}
    topic = {"message_thread_id": 9, "is_topic_message": True}
    await asked.in_group("/tanya", reply_to_message={**passed_on, "text": SCAM}, message_id=77, **topic)
    (call,) = asked.sent
    assert call["text"].startswith("Hati-hati.")
    assert (call["message_thread_id"], call["reply_parameters"]["message_id"]) == (9, 77)
    text = f"@ArsipBot {NEAR}"
    await asked.in_group(text, entities=[mention(text)])
    assert "tidak menilai benar atau salahnya" in asked.sent[1]["text"]
    assert [button["text"] for button in asked.sent[1].buttons] == ["Baca artikel 1", "Buka di chat pribadi"]
    assert asked.rows("queries") == asked.rows("shown") == []


async def test_a_group_that_wants_only_tanya_gets_a_check_only_so(asked, mention):
    asked.request.members[GROUP, CITIZEN] = "administrator"
    await asked.in_group("/atur tanya")
    text = f"@ArsipBot {SCAM}"
    await asked.in_group(text, entities=[mention(text)])
    assert len(asked.sent) == 1
    await asked.in_group(f"/tanya {SCAM}")
    assert asked.sent[1]["text"].startswith("Hati-hati.")


async def test_who_pastes_a_form_with_a_number_in_it_is_told_to_delete_it(asked):
    await asked.says(f"{SCAM} NIK: 3501234567890123")
    checked, told = asked.sent
    assert checked["text"].startswith("Hati-hati.")
    assert "Sebaiknya hapus pesan itu sekarang" in told["text"]


async def test_what_was_sent_by_inline_mode_is_no_question(asked, mention):
    bot = {"id": 42, "is_bot": True, "first_name": "Arsip", "username": "ArsipBot"}
    await asked.says("Bupati menyerahkan bantuan", via_bot=bot)
    await asked.in_group("kata @ArsipBot", entities=[mention("kata @ArsipBot")], via_bot=bot)
    assert asked.sent == []


@pytest.mark.parametrize(
    "text",
    [
        "kapan bantuan beras dibagikan kepada warga lansia di kabupaten Pacitan tahun 2024 ini?",
        "siapa yang membagikan sembako?",
        "apakah benar pemerintah akan bagikan beras 10 kg kepada semua warga lansia di Pacitan bulan ini?",
        "daftar PKH pakai KTP dan KK",
        "https://kabar.example/pendaftaran",
        "tolong bagikan info PKH",
        "apakah cekbansos.kemensos.go.id benar alamat untuk melihat penerima PKH tahun 2024 di Pacitan?",
        "apa itu PKH " + "dan apa syaratnya bagi warga " * 20 + "?",
    ],
)
def test_questions_are_not_taken_for_chain_messages(text):
    assert not is_chain(text)


@pytest.mark.parametrize(
    "text", [NEAR, FAR, SCAM, "Klik https://bit.ly/blt untuk daftar", "kabar baik untuk warga desa " * 20]
)
def test_chain_messages_are_known_by_length_link_or_call_to_share(text):
    assert is_chain(text)


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("Kirim foto KTP dan nomor KK ke nomor ini", True),
        ("masukkan PIN ATM Anda", True),
        ("kode OTP harap disebutkan kepada petugas", True),
        ("NIK dan nama ibu kandung mohon dikirim", True),
        ("Klik www.bantuan.example/daftar sekarang", True),
        ("cekbansos-gratis.xyz isi formulirnya", True),
        ("Baca beritanya di https://kabar.example/1", False),
        ("Penerima PKH di Pacitan bertambah 200 keluarga", False),
        ("Masyarakat diminta menjaga kebersihan", False),
        ("pinjaman dan pinggir jalan masih diisi air", False),
    ],
)
def test_who_asks_for_secrets(text, warned):
    assert asks_for_secrets(text) is warned


# -- numbers of one's own --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["3501234567890001", "kode OTP saya 123456", "482913", "3501 2345 6789 0001"])
@pytest.mark.parametrize("chat", [CITIZEN, GROUP])
async def test_who_sends_a_number_is_answered_and_told_to_delete_it_and_it_is_not_logged(stage, caplog, number, chat):
    await stage.says(f"/tanya {number} apa saya dapat bantuan?" if chat == GROUP else number, chat=chat)
    bare = chat == GROUP and number == "482913"  # six digits among other words may be anything
    assert len(stage.sent) == (1 if bare else 2)
    if not bare:
        assert "Sebaiknya hapus pesan itu sekarang" in stage.sent[1]["text"]
        digits = re.search(r"[\d ]{6,}", number)[0].strip()
        stored = "".join(str(stage.rows(table)) for table in ("queries", "answers", "shown"))
        assert digits not in stored + caplog.text
        assert all(row["payload"] is None for row in stage.rows("inbox"))
        assert all(digits not in call["text"] for call in stage.sent)


@pytest.mark.parametrize(
    "text",
    [
        "bantuan 2023",
        "kode pos 63511",
        "Rp 1.250.000",
        "PIN saya apa?",
        "kode wilayah 35.01",
        "OTP tidak masuk sejak 2023",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert not discloses(text)
    assert mask(text) == text
