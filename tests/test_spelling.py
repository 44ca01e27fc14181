"""Mending of mistyped words: what is mended, and above all what is not."""

from __future__ import annotations

import re
import time
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from index.near_words import NearWords, is_one_slip_from, slip_cost
from index.readings import ASKING
from index.running_words import RunningWords
from index.spelling import Mended, Speller
from index.stemming import Stemmer

WORD = re.compile(r"\w+")
STEM = Stemmer().stem
# What a handful of articles about other matters than the seeds' might hold.
ARCHIVE = WORD.findall(
    """Bantuan sosial program pemerintah kabupaten bagi warga penyandang disabilitas dan lansia: bantuan sembako,
    pelatihan keterampilan menjahit. Peserta, kata bupati, menerima bantuan sosial. Bupati menyerahkan secara simbolis
    perahu nelayan, beasiswa, posyandu. Ikrar netral di Jawa Timur; Jawa Barat. Kerja sama ibu kota, dinas kecamatan,
    puskesmas. Kesetiakawanan, program keluarga harapan, korban banjir mengungsi, relawan tagana gotong royong.
    Kepala dinas Hardjosoekarto, Kabupaten Pacitan""".lower()
)
PLACES = frozenset(("pacitan", "surabaya", "banjar", "banjarnegara", "sleman", "lamongan", "sorong", "jayawijaya"))


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(RunningWords.of({word: ARCHIVE.count(word) for word in ARCHIVE}, STEM), PLACES, STEM)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ikrra", "ikrar"),
        ("nertal", "netral"),
        ("tmur", "timur"),
        ("bantuwan", "bantuan"),
        ("lansai", "lansia"),
        ("disabiltas", "disabilitas"),
        ("kesetiakwanan", "kesetiakawanan"),
        ("pemrintah", "pemerintah"),
        ("pelatihn", "pelatihan"),
        ("bantuaan", "bantuan"),
        ("ketermpiln", "keterampilan"),  # two slips
        ("menyerakhan", "menyerahkan"),
    ],
)
def test_a_slip_of_one_or_two_letters_is_read_as_the_archives_word(speller: Speller, typed: str, meant: str) -> None:
    assert speller.mend(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"), [("disbut", "disebut"), ("brapa", "berapa"), ("kpan", "kapan"), ("bagaiaman", "bagaimana")]
)
def test_general_and_question_words_are_mended_though_the_archive_lacks_them(
    speller: Speller, typed: str, meant: str
) -> None:
    assert speller.mend(typed) == meant


def test_a_rare_root_that_is_an_archive_word_cut_short_is_completed(speller: Speller) -> None:
    assert speller.mend("sembak") == "sembako"
    assert Speller(RunningWords.of({}), frozenset()).mend("sembak") is None


@pytest.mark.parametrize("typed", ["pacitn", "surabya", "lamonagn"])
def test_a_mistyped_place_is_found_even_when_no_article_names_it(speller: Speller, typed: str) -> None:
    assert speller.mend(typed) in PLACES


@pytest.mark.parametrize(
    "word",
    [
        *("banjir", "banjar", "surabaya"),  # a name and its neighbour
        *("prabowo", "jokowi", "merk", "brand", "honor", "kurs", "dollar"),
        *("horor", "deadline", "marketing"),  # loanwords
        *("dibagikan", "penyaluran", "pengungsian", "kelautan"),  # inflections
        *("nyebut", "ngirim", "bersihin", "dikasih"),  # spoken forms
        *("soekarno", "madjid", "moehammad"),  # names in the old spelling
        *("hardjosuwarno", "natawijaya", "koizumi", "sutrisno"),  # names beside names
        *("karena", "lama", "kita", "ikan", "apa", "mna", "utk"),
    ],
)
def test_a_real_word_or_a_name_is_left_alone(speller: Speller, word: str) -> None:
    assert speller.mend(word) is None


@pytest.mark.parametrize("word", ["nilai2", "p3k", "PKH", "BPNT", "TKSK", "kmpng", "gampông", "", "zzzzzzzzz", "😡"])
def test_codes_abbreviations_and_noise_are_left_alone(speller: Speller, word: str) -> None:
    assert speller.mend(word) is None


def test_two_words_about_as_likely_are_both_left(speller: Speller) -> None:
    """ "batuan" and "satuan" are one key away; neither is in the archive more than the other."""
    both = Speller(RunningWords.of({"perahu": 2, "perabu": 2}), frozenset())
    assert both.mend("peragu") is None
    assert Speller(RunningWords.of({"perahu": 2}), frozenset()).mend("peraahu") == "perahu"


def test_a_rare_word_is_no_target_but_keeps_its_neighbour_from_being_one(speller: Speller) -> None:
    """ "pencairan" (disbursing) is too rare a word to read into a typo; "pencarian" (searching) would be wrong."""
    assert speller.mend("pencairn") is None


def test_a_capital_amid_small_letters_is_taken_for_a_name(speller: Speller) -> None:
    assert speller.mend("ikrra") == "ikrar"
    read = speller.mend_all(["siapa", "Relawa", "itu"])
    assert [mended.changed for mended in read] == [False, False, False]


def read(speller: Speller, question: str) -> str:
    return " ".join(chain.from_iterable(mended.read for mended in speller.mend_all(question.split())))


@pytest.mark.parametrize(
    ("question", "as_read"),
    [
        ("pelatihan ke terampilan di mana", "pelatihan keterampilan di mana"),
        ("ibukota jawa tmur", "ibu kota jawa timur"),
        ("kerjasama dinas", "kerja sama dinas"),
        ("bantuansosial dipacitan", "bantuan sosial di pacitan"),
        ("bagaiaman pelatihan itu", "bagaimana pelatihan itu"),  # not "bagai aman"
        ("bantuan di bawah jembatan", "bantuan di bawah jembatan"),
        ("apa itu ibu kota", "apa itu ibu kota"),
        ("terimakasih min", "terimakasih min"),  # the archive does not write it apart either
        ("Bantuan Lansai Di Pacitn", "Bantuan lansia Di pacitan"),
    ],
)
def test_words_split_or_joined_by_mistake(speller: Speller, question: str, as_read: str) -> None:
    assert read(speller, question) == as_read


def test_the_archives_own_spelling_of_a_compound_wins() -> None:
    joined = Speller(RunningWords.of({"kerjasama": 3}), frozenset())
    assert read(joined, "kerjasama dinas") == "kerjasama dinas"
    assert read(joined, "kerja sama dinas") == "kerjasama dinas"


@given(st.lists(st.text(max_size=40), max_size=12))
@settings(deadline=None, max_examples=60)
def test_every_typed_word_is_read_exactly_once_in_order(words: list[str]) -> None:
    speller = Speller(RunningWords.of({"bantuan": 3, "sosial": 2}), PLACES)
    mended = speller.mend_all(words)
    assert list(chain.from_iterable(part.typed for part in mended)) == words
    assert all(part.read == part.typed or all(word.islower() for word in part.read) for part in mended)


@given(st.sampled_from(sorted(set(ARCHIVE) | PLACES)))
def test_a_word_of_the_archive_is_never_changed(word: str) -> None:
    speller = Speller(RunningWords.of(dict.fromkeys(ARCHIVE, 1), STEM), PLACES, STEM)
    assert speller.mend(word) is None


def test_an_empty_archive_and_no_words() -> None:
    assert Speller(RunningWords.of({}), frozenset()).mend_all([]) == []
    assert Speller(RunningWords.of({}), frozenset()).mend_all(["zzzzzq"]) == [Mended(("zzzzzq",), ("zzzzzq",))]


def test_four_thousand_letters_return_at_once(speller: Speller) -> None:
    speller.mend("bantaun")  # the lists are loaded
    start = time.perf_counter()
    assert speller.mend("a" * 4096) is None
    assert time.perf_counter() - start < 0.01
    nonsense = [f"q{a}e{b}r{a}u{b}"[:7] for a in "abcdefghijklmnopqrstuvw" for b in "abcdefghijklmnopqrstuvw"]
    start = time.perf_counter()
    speller.mend_all(nonsense)
    assert time.perf_counter() - start < 1.0


WORDS = st.text("abc", min_size=1, max_size=9)


@given(st.lists(WORDS, unique=True, max_size=30), WORDS, st.sampled_from([0, 1]))
def test_the_index_finds_exactly_the_words_within_one_slip(words: list[str], typed: str, slips: int) -> None:
    expected = {(word, OSA.distance(typed, word)) for word in words if OSA.distance(typed, word) <= slips}
    assert set(NearWords(words).near(typed, slips)) == expected


@given(
    st.lists(st.text("abc", min_size=5, max_size=9), unique=True, max_size=30), st.text("abc", min_size=7, max_size=9)
)
def test_the_index_finds_exactly_the_words_within_two_slips_of_a_long_word(words: list[str], typed: str) -> None:
    expected = {(word, OSA.distance(typed, word)) for word in words if OSA.distance(typed, word) <= 2}
    assert set(NearWords(words).near(typed, 2)) == expected


@given(st.text("aiknpsbe", min_size=1, max_size=8))
def test_a_question_word_is_a_slip_away_exactly_when_its_distance_is_one_at_most(typed: str) -> None:
    assert is_one_slip_from(typed, ASKING) == any(OSA.distance(typed, each) <= 1 for each in ASKING)


@given(WORDS, WORDS)
def test_a_slip_costs_at_most_one_and_nothing_when_there_is_none(typed: str, meant: str) -> None:
    cost = slip_cost(typed, meant)
    assert (cost == 0) == (typed == meant)
    assert cost <= OSA.distance(typed, meant) + 0.4 + 1e-9


CITY = "taman kota yang indah ada di kota mojokerto; teman sekolah datang".replace(";", "").split()


@pytest.fixture(scope="module")
def town() -> Speller:
    words = [*ARCHIVE, *CITY, *["saja"] * 3, "beras", "hksn", "pkh", "tujuan"]
    return Speller(
        RunningWords.of({word: words.count(word) for word in words}, STEM, [CITY, ["beras", "bantuan"], ARCHIVE]),
        PLACES | {"hksn", "hkn", "pkh", "psks", "ppks", "banua", "mojokerto"},
        STEM,
        frozenset({("kota", "mojokerto")}),
        abbreviations=frozenset({"hksn", "hkn", "pkh", "psks", "ppks"}),
    )


@pytest.mark.parametrize(
    ("question", "as_read"),
    [
        ("tman kota", "taman kota"),  # the words beside it tell
        ("tman sekolah", "teman sekolah"),
        ("di maa bantuan", "di mana bantuan"),
        ("itu dari man", "itu dari mana"),  # an English word in general, a question word here
        ("kot mojokerto", "kota mojokerto"),
        ("tujan hkns itu", "tujuan hksn itu"),
        ("bntuan bras pemrintah untuk wrga", "bantuan beras pemerintah untuk warga"),  # a hasty typist
        ("buptinya pengertan", "bupatinya pengertian"),
    ],
)
def test_the_words_beside_a_slip_and_haste_tell_what_is_meant(town: Speller, question: str, as_read: str) -> None:
    assert read(town, question) == as_read


@pytest.mark.parametrize(
    "question",
    [
        "bantuan koran untuk warga",  # "korban" is one letter away, and in the archive
        "harga bras untuk ibu",
        "apa itu RSJD",
        "bntuan wrga untk banjar",  # haste makes no flood of a place
        "bantuan Sutrisno dan Kareth",
        "pks",  # a letter less makes another abbreviation
        "hkn",
        "ppks",
    ],
)
def test_a_real_word_an_abbreviation_and_a_name_stay_whatever_stands_beside_them(town: Speller, question: str) -> None:
    kept = {"koran", "bras", "rsjd", "banjar", "sutrisno", "kareth", "pks", "hkn", "ppks"}
    as_read = set(read(town, question).lower().split())
    assert kept & set(question.lower().split()) <= as_read


@pytest.mark.parametrize("typed", ["hkns", "hhksn", "hskn"])
def test_an_abbreviation_of_the_archive_with_letters_swapped_or_doubled(town: Speller, typed: str) -> None:
    assert read(town, typed) == "hksn"


def test_an_abbreviation_that_the_archive_does_not_use_is_no_target(town: Speller) -> None:
    assert read(town, "pssks") == "pssks"
