"""Which programmes an article tells of."""

from __future__ import annotations

import pytest

from index.archive import Archive
from index.article import Article, Block, BlockKind
from index.lexicon import load_lexicon
from index.programmes import programmes, programmes_of


def told(text: str, *, kind: BlockKind = BlockKind.PARAGRAPH) -> list[str]:
    article = Article("a", text, "Berita", blocks=(Block(kind, 0, len(text)),))
    return [programme.short for programme in programmes_of(article, load_lexicon())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pendamping PKH hadir.", ["PKH"]),
        ("Penerima program keluarga harapan hadir.", ["PKH"]),
        ("Program PENA dan KUBE", ["PENA", "KUBE"]),
        ("Sebuah pena dan tas", []),  # as written: a pen
        ("PKHX, PKH-lah, xPKH", []),
        ("Hari Kesetiakawanan Sosial Nasional", ["HKSN"]),
        ("Hari Ulang Tahun kabupaten dan Pemilu", []),  # no programmes
    ],
)
def test_a_programme_is_known_by_its_short_and_its_long_name(text: str, expected: list[str]) -> None:
    assert sorted(told(text)) == sorted(expected)


def test_what_is_not_quoted_is_not_told() -> None:
    assert told("Baca juga: Pencairan PKH", kind=BlockKind.FURNITURE) == []


def test_names_fit_a_button_and_each_stands_once() -> None:
    shorts = [programme.short for programme in programmes(load_lexicon())]
    assert len(shorts) > 50
    assert all(":" not in short and len(short.encode()) <= 40 for short in shorts)
    longs = [programme.long.lower() for programme in programmes(load_lexicon())]
    assert len(set(longs)) == len(longs)


def test_the_articles_of_seeds(archive: Archive) -> None:
    found = {
        article.id: {each.short for each in programmes_of(article, load_lexicon())} for article in archive.articles
    }
    assert "PKH" in found["pacitan-rakor-pilar-sosial-2024"]
    assert "HKSN" in found["mojokerto-hksn-2023"]
