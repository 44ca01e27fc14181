"""Small talk is told by its words in any order; a question is not, however politely it is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.answer import Smalltalk
from index.archive import Archive
from index.lexicon import load_lexicon
from index.smalltalk import SmalltalkReader

ARTICLE = """Judul: Bantuan Program Keluarga Harapan di Kota Blitar
Sumber: contoh.id

Dinas Sosial Kota Blitar menyalurkan bantuan Program Keluarga Harapan (PKH) kepada 120 ibu hamil pada Senin. Syaratnya
membawa KTP ke kantor kelurahan.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    seeds = tmp_path_factory.mktemp("seeds")
    (seeds / "blitar.txt").write_text(ARTICLE, encoding="utf-8")
    return seeds


@pytest.fixture(scope="module")
def archive(folder: Path) -> Archive:
    return Archive.open(folder)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("tengkyu min, oke sip", "thanks"),
        ("makasih ya kak infonya", "thanks"),
        ("terima kasih banyak atas bantuannya min, sehat selalu", "thanks"),
        ("siap pak terima kasih sudah dibantu", "thanks"),
        ("makasiiiih banyaaak yaaa kak", "thanks"),
        ("hatur nuhun pisan kang", "thanks"),
        ("haha oke makasih", "thanks"),
        ("wkwkwkwkwk iya deh", "laughter"),
        ("hahahahahaha", "laughter"),
        ("mantap banget min", "ok"),
        ("keren banget botnya", "ok"),
        ("pinter juga kamu", "ok"),
        ("sore semuanya, salam kenal", "greeting"),
        ("min kak", "greeting"),
        ("sampai jumpa lagi ya kak", "goodbye"),
        ("halo min apa kabar", "wellbeing"),
        ("dasar bot bodoh banget", "insult"),
        ("anda ini manusia atau mesin sih", "identity"),
    ],
)
def test_what_is_made_of_small_talk_is_small_talk(archive: Archive, text: str, topic: str) -> None:
    assert archive.ask(text) == Smalltalk(topic)


@pytest.mark.parametrize(
    "text",
    [
        "makasih, terus syaratnya apa?",
        "makasih min, syarat PKH",
        "makasih min, jadwal",
        "halo min, bantuan apa di kota blitar",
        "pagi pak mau tanya syarat PKH",
        "oke min, syaratnya apa",
        "bantuan buat ibu",
        "bantuan buat saya",
        "ibu hamil",
        "sip, kalau PKH?",
    ],
)
def test_a_question_among_polite_words_stays_a_question(archive: Archive, text: str) -> None:
    assert not isinstance(archive.ask(text), Smalltalk)


def test_an_editors_own_small_talk_is_heard_alone_and_among_other_words(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "smalltalk.toml").write_text('thanks = ["kamsia bos"]\n', encoding="utf-8")
    (tmp_path / "blitar.txt").write_text(ARTICLE, encoding="utf-8")
    own = Archive.open(tmp_path)
    assert own.ask("kamsia bos") == Smalltalk("thanks")
    assert own.ask("oke min kamsia bos") == Smalltalk("thanks")
    assert Archive.open(folder).ask("kamsia bos") != Smalltalk("thanks")


def test_no_utterance_of_the_lists_is_read_as_another_topic(archive: Archive) -> None:
    reader, lexicon = SmalltalkReader(load_lexicon()), load_lexicon()
    for topic, patterns in lexicon.smalltalk.items():
        for pattern in patterns:
            assert reader.read(pattern, archive.read(pattern)) == Smalltalk(topic), pattern


def test_a_long_text_of_small_talk_words_is_looked_at_in_no_time(archive: Archive) -> None:
    archive.ask("oke sip " * 2000)
