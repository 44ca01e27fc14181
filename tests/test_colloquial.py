"""Colloquial forms: which root each is read as, and above all which words are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.colloquial import standard_form
from index.places import load_gazetteer
from index.running_words import RunningWords
from index.spelling import Speller
from index.stemming import Stemmer, root_words

PLACES = load_gazetteer().words
ROOTS = root_words() | PLACES
SPELLER = Speller(RunningWords.of({}), PLACES, Stemmer().stem)


def is_root(word: str) -> bool:
    return word in ROOTS


def read(pairs: str) -> list[tuple[str, str]]:
    """ "ngurus>urus nulis>tulis" as pairs."""
    return [(typed, root) for typed, _, root in (pair.partition(">") for pair in pairs.split())]


SUFFIXES = read(
    """usulin>usul aktifin>aktif bersihin>bersih bantuin>bantu dapetin>dapat cairin>cair daftarin>daftar urusin>urus
    laporin>lapor siapin>siap lunasin>lunas masukin>masuk naikin>naik nilaiin>nilai isiin>isi adain>ada beresin>beres
    daftarnya>daftar daftarinnya>daftar benernya>benar deketan>dekat pinteran>pintar cepetan>cepat sampein>sampai"""
)
NASALS = read(
    """ngurus>urus ngurusnya>urus ngusulin>usul ngusulinnya>usul nyalurin>salur nyalurkan>salur nerima>terima
    nulis>tulis mukul>pukul milih>pilih ngecek>cek ngasih>kasih ngirim>kirim ngumpulin>kumpul nyebut>sebut nyari>cari
    nyoba>coba nyuci>cuci nyatet>catat nolak>tolak minjem>pinjam ngajuin>aju ngajukan>aju ngaku>aku nguji>uji
    ngundang>undang ngeluh>keluh ngejar>kejar ngerjain>kerja ngeluarin>keluar ngenalin>kenal ngelola>kelola
    ngebantu>bantu ngebantuin>bantu ngelaporin>lapor ngejelasin>jelas nyampein>sampai nyalin>salin nanyain>tanya
    ngungsi>ungsi mbantu>bantu ndaftarin>daftar njelasin>jelas nglamar>lamar nggarap>garap ngabantu>bantu
    mendapetin>dapat menerbitin>terbit"""
)
NASAL_ROOTS = read("menangin>menang marahin>marah mainin>main mandiin>mandi nyalain>nyala nikahin>nikah")
PASSIVES = read(
    """didaftarin>daftar dibenerin>benar dikasihin>kasih dipakein>pakai dicekin>cek dibagiin>bagi diadain>ada
    kebantu>bantu keterima>terima kepilih>pilih ketipu>tipu ketangkep>tangkap kedengeran>dengar kedaftar>daftar"""
)
REGIONAL = read(
    """dibenerkeun>benar didaftarkeun>daftar nyerahkeun>serah dijelaskeun>jelas dibagikeun>bagi
    dibantokake>bantu diserahake>serah diumumake>umum didaftarno>daftar nulisno>tulis"""
)
SOUNDS = read(
    """dapet>dapat dateng>datang cepet>cepat pinter>pintar seneng>senang tanem>tanam deket>dekat
    ngilangin>hilang ngabisin>habis ngadepin>hadap ngitung>hitung diitung>hitung bantuuuu>bantu dapettt>dapat
    maaaaf>maaf"""
)
REGIONAL_NYA = read(
    """jadwale>jadwal kepalane>kepala kantore>kantor syaratna>syarat jadwalna>jadwal suratnyo>surat rumahnye>rumah
    keluargane>keluarga syaratnyo>syarat suratipun>surat"""
)
VOWELS_DROPPED = read("msyrkt>masyarakat klurga>keluarga")
GROUPS = [REGIONAL_NYA, VOWELS_DROPPED, SUFFIXES, NASALS, NASAL_ROOTS, PASSIVES, REGIONAL, SOUNDS]
ALL = [pair for group in GROUPS for pair in group]


def test_the_examples_are_many_and_different() -> None:
    assert len(dict(ALL)) == len(ALL) >= 100
    assert all(GROUPS)


@pytest.mark.parametrize(("typed", "root"), ALL)
def test_a_colloquial_form_is_read_as_its_root(typed: str, root: str) -> None:
    assert standard_form(typed, is_root) == root


@pytest.mark.parametrize(
    ("typed", "root"),
    read(
        """ngusulin>usul ngusulinnya>usul aktifin>aktif bersihin>bersih cairin>cair daftarin>daftar urusin>urus
        nyalurin>salur didaftarin>daftar dibenerin>benar dibenerkeun>benar dibantokake>bantu tanem>tanam
        dapettt>dapat nebusin>tebus ngungsiin>ungsi uploadin>upload diuploadin>upload"""
    ),
)
def test_forms_that_the_speller_does_not_know_are_read_too(typed: str, root: str) -> None:
    """The Speller vouches for much slang of wordfreq's list; the rest has to get past its lenient "known"."""
    assert standard_form(typed, SPELLER.knows) == root


@pytest.mark.parametrize("word", ["minta", "mesin", "yakin", "surabaya", "keluar", "capek", "nilai", "kabar"])
def test_a_word_is_left_alone(word: str) -> None:
    assert is_root(word)
    assert standard_form(word, is_root) is None


@pytest.mark.parametrize(
    "name",
    [
        *("maria", "nani", "nabila", "nadia", "marino", "meri", "nasir", "mila"),
        *("nurul", "stefan", "johann", "jewell", "basill", "weng", "sieh", "darwin"),
        *("martin", "putin", "stalin", "turin", "benin", "franklin", "kevin", "merlin"),
        *("husain", "bahrain", "made", "sonya", "abdullah", "nyoman", "kemal"),
        *("dieng", "train", "anyer"),
        *("regina", "setiana", "kristina", "martina", "sukmana", "marine", "pauline", "daniele", "lande"),
        *("krisna", "trisno", "sntso", "hndra", "prstyo", "ningsh"),
    ],
)
def test_a_name_is_not_taken_for_a_colloquial_form(name: str) -> None:
    assert standard_form(name, is_root) is None


@pytest.mark.parametrize(
    "word",
    ["", "in", "nya", "ng", "nge", "nilai2", "ngurus2", "NGURUS", "ngürus", "x" * 500, "nge" * 20],
)
def test_what_is_no_plain_word_is_left_alone(word: str) -> None:
    assert standard_form(word, is_root) is None


def test_a_form_that_is_vouched_for_is_left_alone_whatever_it_looks_like() -> None:
    assert standard_form("ngurus", lambda _: True) is None


def test_without_any_word_nothing_is_read() -> None:
    assert standard_form("ngurus", lambda _: False) is None


@pytest.mark.parametrize("short", ["smpn", "bmkg", "dprd", "tksk", "ppdb", "ptsl", "lmdh", "kpm"])
def test_an_abbreviation_that_nobody_has_listed_is_no_word_without_vowels(short: str) -> None:
    assert standard_form(short, SPELLER.is_standard) is None


def test_an_e_that_is_the_roots_own_stays() -> None:
    assert standard_form("modelin", is_root) == "model"
    assert standard_form("maketin", is_root) == "paket"


PIECES = st.sampled_from(["nge", "ng", "ny", "n", "m", "di", "ke", "me", "in", "nya", "keun", "ake", "no", "an", "kan"])
FORMS = st.lists(
    st.one_of(PIECES, st.sampled_from(sorted(root_words())), st.text("aeioukstnghlr", max_size=4)), max_size=4
).map("".join)


@given(st.one_of(FORMS, st.text(max_size=40)), st.sampled_from([is_root, SPELLER.knows]))
@settings(deadline=None, max_examples=300)
def test_a_reading_is_always_another_word_and_final(typed: str, is_word: object) -> None:
    assert callable(is_word)
    root = standard_form(typed, is_word)
    if root is not None:
        assert root != typed
        assert is_word(root)
        assert not is_word(typed)
        assert standard_form(root, is_word) is None
