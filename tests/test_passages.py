"""Articles are cut into passages and sentences whose offsets are exact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import INVENTED

from index.article import BlockKind
from index.passages import passages, sentences
from index.reading import parse_article


def cut(text: str) -> list[str]:
    return [text[each.start : each.end] for each in sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Satu dua. Tiga empat! Lima?", ["Satu dua.", "Tiga empat!", "Lima?"]),
        ("Wali Kota, Drs. H. Moh. Ali hadir. Ia senang.", ["Wali Kota, Drs. H. Moh. Ali hadir.", "Ia senang."]),
        ("Bantuan Rp. 5 juta per orang. Cair.", ["Bantuan Rp. 5 juta per orang.", "Cair."]),
        ("Dibuka pukul 10.30 WIB. Selesai.", ["Dibuka pukul 10.30 WIB.", "Selesai."]),
        ('"Terima kasih." Ia pergi.', ['"Terima kasih."', "Ia pergi."]),
        ("\u201cKami hadir!\u201d ujar Siti. Lalu pulang.", ["\u201cKami hadir!\u201d ujar Siti.", "Lalu pulang."]),
        ("  tanpa titik  ", ["tanpa titik"]),
        ("... !? \u2014", []),
        ("", []),
    ],
)
def test_sentences_of_a_text(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@given(st.text(alphabet=st.sampled_from('aB1.!?\u2026"\u201d) \n\u00a0,'), max_size=80))
def test_sentences_are_trimmed_in_order_and_lose_no_letter(text: str) -> None:
    last = 0
    kept = ""
    for each in sentences(text, 0, len(text)):
        assert last <= each.start < each.end <= len(text)
        assert not text[last : each.start].strip() or not any(map(str.isalnum, text[last : each.start]))
        assert text[each.start : each.end].strip() == text[each.start : each.end]
        kept += text[each.start : each.end]
        last = each.end
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


@pytest.mark.parametrize("name", INVENTED)
def test_no_passage_touches_page_furniture(name: str) -> None:
    article = parse_article(name, INVENTED[name])
    furniture = [block for block in article.blocks if block.kind is BlockKind.FURNITURE]
    for passage in passages(article):
        assert passage.start <= passage.sentences[0].start
        assert passage.sentences[-1].end <= passage.end
        assert all(passage.end <= block.start or block.end <= passage.start for block in furniture)


LIST = """\
Dinas Membuka Bantuan Modal

Pendaftaran dibuka bagi warga Kabupaten Sleman mulai Senin (6/1/2025) di balai desa masing-masing.

Syarat yang harus dibawa:
1. Fotokopi KTP
2. Fotokopi kartu keluarga
3. Surat keterangan usaha

Pendaftaran ditutup pada akhir bulan dan hasilnya diumumkan di kantor kecamatan.
"""


def test_the_rows_of_a_list_are_one_passage_under_what_announces_them() -> None:
    article = parse_article("daftar", LIST)
    (rows,) = [passage for passage in passages(article) if passage.kind is BlockKind.ROW]
    announced = article.body[slice(*rows.heading)] if rows.heading else article.body[rows.start : rows.end]
    assert announced.startswith("Syarat yang harus dibawa:")
    assert article.body[rows.start : rows.end].endswith("3. Surat keterangan usaha")
    assert len(rows.sentences) in (3, 4)
