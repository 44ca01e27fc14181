"""The word lists load, are consistent, and a bad line in them is a located error."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import stems
from index.errors import WordListError
from index.lexicon import CATEGORIES, WORDS, load_lexicon
from index.places import load_gazetteer
from index.stemming import Stemmer

LEXICON = load_lexicon()
STEMMER = Stemmer()


def test_every_list_has_its_size():
    assert len(LEXICON.slang) >= 7000
    assert sum(map(len, LEXICON.abbreviations.values())) >= 350
    assert len(LEXICON.synonyms) >= 1000
    assert len(LEXICON.function_words) >= 150
    assert len(LEXICON.offices) >= 150
    assert len(LEXICON.smalltalk) >= 10
    assert sum(map(len, LEXICON.smalltalk.values())) >= 80


def test_keys_are_lower_case_and_trimmed():
    keys = [*LEXICON.slang, *LEXICON.abbreviations, *LEXICON.function_words, *(n for o in LEXICON.offices for n in o)]
    assert [key for key in keys if key != " ".join(key.lower().split())] == []


def test_slang_is_not_an_abbreviation_too():
    """Spelling is mended first: an abbreviation that is slang as well would never be expanded."""
    assert sorted(set(LEXICON.slang) & set(LEXICON.abbreviations)) == []


def test_no_place_is_slang():
    """Apart from those that chat uses for another thing far more often, which the archive's own pairs protect."""
    seldom = {"baa", "bara", "bilang", "klu", "poso"}
    slang = {typed for typed, standard in LEXICON.slang.items() if typed != standard}
    assert slang & load_gazetteer().words == seldom


def test_no_usual_name_or_word_of_the_domain_is_slang():
    names = """
        agus budi siti dewi sri tri dwi eka putri ayu rina rini dian yuni wati ratna sinta santi indah nur ahmad hasan
        ali yusuf andi joko slamet hendra edi yanto wahyu bayu dimas indra ketut made wayan nyoman komang gede putu
        asep ujang dadang roni rudi toni dedi dede ade ari arif arya bagas bagus candra desi dina dini dino elis erna
        fitri hani ida ika iin ita jaka kartika lia lina linda lisa maya meri mega mira nana nani nina novi puji rahma
        ria rika rio risa rosa sari tika tina tuti vera wulan yani yati yoga yudi yulia zahra niki raka rama reza bima
        """.split()
    words = """
        bumi nu sing oleh kuda api air pm hp dr kk km sd tk karo tulak tunas baris luas siaga besaran satuan muka budak
        marga bahari griya program bantuan syarat warga tara duka desa banjar bali sekolah rakyat kasi kas hasil dinas
        """.split()
    allowed = {"tulak", "sing"}  # Banjar "berangkat", Javanese "yang": no words of news
    assert {word for word in (*names, *words) if LEXICON.slang.get(word, word) != word} <= allowed


def test_synonym_members_are_not_slang():
    """Questions are mended before synonyms are looked up."""
    members = {m.lower() for group in LEXICON.synonyms for m in group.members}
    assert sorted(m for m in members if LEXICON.slang.get(m, m) != m) == []


def _stems(member: str) -> tuple[str, ...]:
    return tuple(stems(member, STEMMER))


def test_every_synonym_group_says_something_that_stemming_does_not():
    groups = [{_stems(member) for member in (*group.members, *group.loose)} for group in LEXICON.synonyms]
    assert [group for group in groups if len(group) < 2] == []


def test_no_synonym_is_a_clause():
    """The reader takes no phrase with one of these at its edge, so such a member would be dead weight."""
    edges = {"dapat", "bisa", "yang", "untuk", "dan", "di", "ke", "dari", "ada", "akan", "sudah", "oleh", "dengan"}
    members = {member for group in LEXICON.synonyms for member in (*group.members, *group.loose) if " " in member}
    assert sorted(m for m in members if {m.split()[0], m.split()[-1]} & edges) == []


def test_no_synonym_stems_to_a_word_of_every_sentence():
    members = {member for group in LEXICON.synonyms for member in (*group.members, *group.loose)}
    everywhere = {"ada", "akan", "atas", "belum", "dalam", "jadi", "kini", "laku", "oleh", "serta", "soal", "terus"}
    assert sorted(m for m in members if len(_stems(m)) == 1 and _stems(m)[0] in everywhere) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("menerima", "memberikan"),
        ("menerima", "menyalurkan"),
        ("menerima", "menyerahkan"),
        ("dibuka", "ditutup"),
        ("mulai", "berakhir"),
        ("tewas", "luka"),
        ("luka berat", "luka ringan"),
        ("biaya", "bantuan"),
        ("usulan", "penolakan"),
        ("kabupaten", "kota"),
        ("pemkab", "pemkot"),
        ("desa", "kelurahan"),
        ("desa", "kecamatan"),
        ("bupati", "wali kota"),
        ("tksk", "tagana"),
        ("tksk", "karang taruna"),
        ("bantuan langsung tunai", "bantuan sosial tunai"),
        ("dana desa", "alokasi dana desa"),
        ("zakat", "beasiswa"),
        ("zakat", "kurban"),
        ("haji", "umrah"),
        ("ayah", "ibu"),
        ("kakek", "nenek"),
        ("siswa", "guru"),
        ("naik", "turun"),
        ("murah", "mahal"),
        ("gratis", "berbayar"),
        ("menang", "kalah"),
        ("kaki palsu", "tangan palsu"),
        ("ratusan", "ribuan"),
        ("setiap bulan", "setiap tahun"),
        ("polsek", "polres"),
        ("pelaku", "korban"),
        ("wafat", "berdomisili"),
    ],
)
def test_words_that_would_answer_wrongly_for_each_other_share_no_group(one: str, other: str):
    apart = {_stems(one), _stems(other)}
    groups = [{_stems(member) for member in (*group.members, *group.loose)} for group in LEXICON.synonyms]
    assert len(apart) == 2
    assert [group for group in groups if apart <= group] == []


def test_an_office_name_names_one_office_and_a_smalltalk_pattern_one_topic():
    names = Counter(name for office in LEXICON.offices for name in office)
    patterns = Counter(pattern for topic in LEXICON.smalltalk.values() for pattern in topic)
    assert [name for name, count in (names + patterns).items() if count > 1] == []


def test_every_category_is_used():
    assert {e.category for longs in LEXICON.abbreviations.values() for e in longs} == CATEGORIES


@given(
    st.lists(st.sampled_from(sorted({w for k, v in LEXICON.slang.items() for w in f"{k} {v}".split()})), max_size=12)
)
def test_mending_twice_is_mending_once(words: list[str]):
    mended = LEXICON.mend(words)
    assert LEXICON.mend(mended) == mended


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("brp jml org yg dpt bantuan", "berapa jumlah orang yang dapat bantuan"),
        ("sopo sing oleh bantuan", "siapa yang mendapat bantuan"),
        ("disalurkan oleh dinas sosial", "disalurkan oleh dinas sosial"),
        ("simbah sing urip dhewekan entuk opo", "simbah yang hidup sendiri mendapat apa"),
        ("pinten artone kangge ndandosi griyane", "berapa uang untuk memperbaiki rumah"),
        ("saha nu meunang bantosan", "siapa yang mendapat bantuan"),
        ("sabaraha imah nu diomean", "berapa rumah yang diperbaiki"),
        ("barapa ikung nang tulak", "berapa orang yang berangkat"),
        ("baa caronyo mandaftar", "bagaimana cara mendaftar"),
        ("cak mano dapet bantuan", "bagaimana dapat bantuan"),
        ("pegimane caranye", "bagaimana cara"),
        ("sa pu rumah tra dapat", "rumah saya tidak dapat"),
        ("berempa oreng mesken", "berapa orang miskin"),
        ("what documents do i need", "apa dokumen do i butuh"),
        ("is there any fee to register", "apakah ada biaya mendaftar"),
        ("how do i apply for house repair", "bagaimana cara mendaftar for perbaikan rumah"),
        ("gedean mana bantuannya", "lebih besar mana bantuan"),
        ("warga nu di jombang", "warga nu di jombang"),
        ("planet bumi dan hari bumi", "planet bumi dan hari bumi"),
        ("terima kasih", "terima kasih"),
        ("how much", "berapa"),
        ("harga batu bara", "harga batu bara"),
        ("bara urang", "berapa orang"),
    ],
)
def test_slang_is_mended_longest_phrase_first_and_protected_phrases_stay(typed: str, read: str):
    assert " ".join(LEXICON.mend(typed.split())) == read


def test_loading_is_cached():
    assert load_lexicon() is LEXICON


def test_an_extra_folder_adds_lines_and_its_slang_wins(tmp_path: Path):
    (tmp_path / "slang.tsv").write_text("# ours\nzzqx\tpanti asuhan\ngmn\tdi mana\n", encoding="utf-8")
    (tmp_path / "abbreviations.tsv").write_text("ZQX\tZakat Qurban Xyz\tprogramme\n", encoding="utf-8")
    lexicon = load_lexicon(tmp_path)
    assert lexicon.slang["zzqx"] == "panti asuhan"
    assert lexicon.slang["gmn"] == "di mana"
    assert [e.long for e in lexicon.abbreviations["zqx"]] == ["Zakat Qurban Xyz"]
    assert lexicon.synonyms == LEXICON.synonyms


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("slang.tsv", "# a\nzzq\n", 2),
        ("slang.tsv", "zzq\tsatu\nzzq\tdua\n", 2),
        ("slang.tsv", "zzq\tzzx\nzzx\tzzq\n", 1),
        ("slang.tsv", "zzq\tzzq\n", 1),
        ("slang.tsv", "zzq\tzzq zzq\n", 1),
        ("slang.tsv", "a b c d e f\tx\n", 1),
        ("abbreviations.tsv", "PKH\tProgram Keluarga Harapan\n", 1),
        ("abbreviations.tsv", "PKH\tProgram Keluarga Harapan\tprogram\n", 1),
        ("abbreviations.tsv", "A\tB C\tother\na\tb c\tother\n", 2),
        ("synonyms.txt", "satu\n", 1),
        ("synonyms.txt", "\nsatu,,dua\n", 2),
        ("synonyms.txt", "satu, ~satu\n", 1),
        ("synonyms.txt", "~satu, ~dua\n", 1),
        ("function_words.txt", "di mana\n", 1),
        ("function_words.txt", "apa\napa\n", 2),
        ("offices.txt", "camat\nlurah, camat\n", 2),
        ("smalltalk.toml", "greeting = [\n", 2),
        ("smalltalk.toml", 'a = ["x"]\ngreeting = "halo"\n', 2),
        ("smalltalk.toml", 'a = ["x"]\nb = ["x"]\n', 2),
    ],
)
def test_a_malformed_line_is_a_located_error(tmp_path: Path, name: str, content: str, line: int):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(WordListError) as error:
        load_lexicon(tmp_path)
    assert str(error.value).startswith(f"{tmp_path / name}: line {line}: found ") or name == "smalltalk.toml"
    assert f"{name}: line {line}: " in str(error.value)


def test_every_list_says_what_it_is_about():
    for path in WORDS.glob("*.t*"):
        assert path.read_text(encoding="utf-8").startswith("# "), path.name
