"""The gazetteer: which places there are, what people call them, and where a text names them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import WordListError
from index.places import Gazetteer, Level, describe, load_gazetteer, read_ambiguous, read_places


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def full_names(gazetteer: Gazetteer, name: str) -> set[str]:
    return {place.full_name for place in gazetteer.resolve(name)}


def found(text: str, *, towns: bool = False) -> list[str]:
    return [text[m.start : m.end] for m in load_gazetteer().mentions(text, towns=towns)]


def test_all_places_are_there_once(gazetteer: Gazetteer) -> None:
    assert Counter(place.level for place in gazetteer.places) == {
        Level.PROVINCE: 38, Level.REGENCY: 416, Level.CITY: 98,
    }  # fmt: skip
    assert len({place.code for place in gazetteer.places}) == 552
    assert len({place.full_name for place in gazetteer.places}) == 552


def test_codes_say_province_and_tier(gazetteer: Gazetteer) -> None:
    for place in gazetteer.places:
        assert gazetteer.by_code(place.code) is place
        assert gazetteer.province_of(place).name == place.province
        assert gazetteer.province_of(place).covers(place)
        if place.level is not Level.PROVINCE:
            assert (int(place.code.split(".")[1]) >= 71) is (place.level is Level.CITY)


def test_every_place_is_found_by_its_own_name(gazetteer: Gazetteer) -> None:
    for place in gazetteer.places:
        prefix = "Provinsi " if place.level is Level.PROVINCE else ""
        for written in (prefix + place.full_name, (prefix + place.full_name).lower()):
            assert gazetteer.resolve(written) == (place,)
            (mention,) = gazetteer.mentions(written)
            assert (mention.places, mention.explicit) == ((place,), True)
            assert (mention.start, mention.end) == (0, len(written))
        assert place in gazetteer.resolve(place.name.upper())


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Pacitan", {"Kabupaten Pacitan"}),
        ("kab. pacitan", {"Kabupaten Pacitan"}),
        ("Pemkab Balangan", {"Kabupaten Balangan"}),
        ("Mojokerto", {"Kabupaten Mojokerto", "Kota Mojokerto"}),
        ("Pemkot Mojokerto", {"Kota Mojokerto"}),
        ("Wali Kota Mojokerto", {"Kota Mojokerto"}),
        ("Banjar", {"Kabupaten Banjar", "Kota Banjar"}),
        ("Bengkulu", {"Bengkulu", "Kota Bengkulu"}),
        ("Jatim", {"Jawa Timur"}),
        ("provinsi Banten", {"Banten"}),
        ("DKI", {"DKI Jakarta"}),
        ("Yogyakarta", {"Daerah Istimewa Yogyakarta", "Kota Yogyakarta"}),
        ("DIY", {"Daerah Istimewa Yogyakarta"}),
        ("OKU Selatan", {"Kabupaten Ogan Komering Ulu Selatan"}),
        ("Kota Baru", {"Kabupaten Kotabaru"}),
        ("kabupaten kota baru", {"Kabupaten Kotabaru"}),
        ("Kota Waringin Timur", {"Kabupaten Kotawaringin Timur"}),
        ("Pare Pare", {"Kota Parepare"}),
        ("Toli-Toli", {"Kabupaten Tolitoli"}),
        ("Kep. Riau", {"Kepulauan Riau"}),
        ("Kota Jakarta", {"DKI Jakarta"}),
        ("Paringin", set()),
        ("kabupaten", set()),
        ("Atlantis", set()),
        ("", set()),
    ],
)
def test_a_written_name_is_resolved(gazetteer: Gazetteer, written: str, expected: set[str]) -> None:
    assert full_names(gazetteer, written) == expected


def test_a_capital_stands_for_its_kabupaten_only_when_asked(gazetteer: Gazetteer) -> None:
    assert [p.full_name for p in gazetteer.resolve_town("PARINGIN")] == ["Kabupaten Balangan"]
    assert [p.full_name for p in gazetteer.resolve_town("Sofifi")] == ["Maluku Utara"]
    assert gazetteer.resolve_town("Pacitan") == gazetteer.resolve("Pacitan")
    assert gazetteer.resolve_town("Atlantis") == ()
    assert found("Rapat di Paringin hari ini") == []
    assert found("Rapat di Paringin hari ini", towns=True) == ["Paringin"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ibu kota Provinsi Jawa Timur", ["Provinsi Jawa Timur"]),
        ("ibu kota Jawa Timur", ["Jawa Timur"]),
        ("Papua Barat Daya, Papua Barat, Papua", ["Papua Barat Daya", "Papua Barat", "Papua"]),
        ("dari Nusa Tenggara Barat ke Nusa Tenggara Timur", ["Nusa Tenggara Barat", "Nusa Tenggara Timur"]),
        ("Kabupaten/Kota Bogor", ["Kabupaten/Kota Bogor"]),
        ("Wali Kota Bogor dan Bupati Bogor", ["Bogor", "Bogor"]),
        ("Kota Jakarta Pusat, Kota Jakarta", ["Kota Jakarta Pusat", "Jakarta"]),
        ("Kotabaru dan Kotamobagu", ["Kotabaru", "Kotamobagu"]),
        ("banjir di Banjarnegara, Banjarmasin, Banjar", ["Banjarnegara", "Banjarmasin", "Banjar"]),
        ("Warga Banjar baru menerima bantuan dari Banjar Baru", ["Banjar", "Banjar Baru"]),
        ("bertolak dari DI Yogyakarta", ["DI Yogyakarta"]),
        ("bertolak di Yogyakarta", ["Yogyakarta"]),
        ("BANSOS DI YOGYAKARTA CAIR", ["YOGYAKARTA"]),
        ("Kabupaten Lima Puluh Kota Padang", ["Kabupaten Lima Puluh Kota", "Padang"]),
        ("pacitankab.go.id", []),
    ],
)
def test_mentions_take_the_longest_name(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_a_tier_word_decides_between_twins(gazetteer: Gazetteer) -> None:
    both, city, regency = gazetteer.mentions("Mojokerto, Kota Mojokerto, Sekdakab Mojokerto")
    assert (len(both.places), both.explicit, both.via) == (2, False, "name")
    assert ([p.level for p in city.places], city.explicit) == ([Level.CITY], True)
    assert ([p.level for p in regency.places], regency.explicit) == ([Level.REGENCY], True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # capitals say which it is
        ("Mereka memecah batu di tepi sungai bersama Budi.", []),
        ("Petugas Budi datang. Batu besar menutup jalan.", []),
        ("Malang, nasibnya buruk ketika Ani pergi.", []),
        ("Korban dirawat di Malang bersama Ani.", ["Malang"]),
        ("Malang - Warga menerima bantuan dari Ani.", ["Malang"]),
        ("Batu, Jawa Timur, hujan sejak pagi.", ["Batu", "Jawa Timur"]),
        ("Budi dari Kota Batu. Batu dikenal sejuk.", ["Kota Batu", "Batu"]),
        ("Polisi ke Batu Ampar bersama Ani.", []),
        ("Siaran Metro TV ditonton Ani.", []),
        ("harga batu bara dan lahan tanah datar milik desa", []),
        ("Perusahaan Mitra Sehat hadir pada KTT di Bali.", ["Bali"]),
        # a typed question has none
        ("bantuan di batu?", ["batu"]),
        ("siapa bupati pati", ["pati"]),
        ("dinas sosial malang bantu apa", ["malang"]),
        ("bansos serang kapan cair", ["serang"]),
        ("apakah orang malang itu dibantu", []),
        ("siapa yang serang petugas", []),
        ("padang", ["padang"]),
        ("kota batu", ["kota batu"]),
        ("batu-batu di jalan", []),
    ],
)
def test_an_ordinary_word_is_a_place_only_when_written_as_one(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_every_ambiguous_word_names_a_place(gazetteer: Gazetteer) -> None:
    path = Path(__file__).parent.parent / "index" / "words" / "ambiguous_places.txt"
    for word in read_ambiguous(path):
        assert gazetteer.resolve_town(word), word


_PIECES = st.one_of(
    st.sampled_from(sorted({place.name for place in load_gazetteer().places})),
    st.sampled_from(["Kabupaten", "kab.", "Kota", "wali kota", "ibu kota", "dan", "di", "DI", *"/,.-\n"]),
    st.text(max_size=8),
)


@given(st.lists(_PIECES, max_size=25).map(" ".join) | st.lists(_PIECES, max_size=9).map("".join), st.booleans())
def test_mentions_are_in_order_in_bounds_and_apart(text: str, towns: bool) -> None:
    end = 0
    for mention in load_gazetteer().mentions(text, towns=towns):
        assert end <= mention.start < mention.end <= len(text)
        assert mention.places
        assert mention.via in {"name", "alias", "town"}
        end = mention.end


def test_words_of_names_are_known_for_the_stemmer(gazetteer: Gazetteer) -> None:
    assert {"balangan", "pacitan", "bekasi", "jatim", "paringin"} <= gazetteer.words
    assert "kepulauan" not in gazetteer.words
    assert all(word == word.lower() and " " not in word for word in gazetteer.words)


def test_a_citation_names_places(gazetteer: Gazetteer) -> None:
    assert describe(gazetteer.resolve("Pacitan")) == "Kabupaten Pacitan, Jawa Timur"
    assert describe(gazetteer.resolve("Jatim")) == "Jawa Timur"
    assert describe(gazetteer.resolve("Mojokerto")) == "Mojokerto, Jawa Timur"
    assert describe(gazetteer.resolve("Bengkulu")) == "Bengkulu"
    assert describe(gazetteer.resolve("Banjar")) == "Kota Banjar, Jawa Barat atau Kabupaten Banjar, Kalimantan Selatan"
    assert describe(()) == ""


@pytest.mark.parametrize(
    "line",
    ["11\tprovinsi\tAceh", "11\tdesa\tAceh\t\t", "11\tprovinsi\t\t\t", "12.01\tkabupaten\tNias\t\t",
     "11\tkota\tAceh\t\t"],
)  # fmt: skip
def test_a_malformed_line_is_a_located_error(tmp_path: Path, line: str) -> None:
    path = tmp_path / "places.tsv"
    path.write_text(f"# comment\n{line}\n", encoding="utf-8")
    with pytest.raises(WordListError, match=r"places\.tsv: line 2: "):
        read_places(path)


def test_a_malformed_ambiguous_word_is_a_located_error(tmp_path: Path) -> None:
    path = tmp_path / "ambiguous.txt"
    path.write_text("batu\nmitra\talways\n", encoding="utf-8")
    with pytest.raises(WordListError, match=r"ambiguous\.txt: line 2: found 'always'"):
        read_ambiguous(path)
