"""How a typed clause is put into standard words, beyond what the lists and rules do alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.archive import Archive


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    seeds: Path = tmp_path_factory.mktemp("seeds")
    (seeds / "blitar.txt").write_text("Dinas Sosial Kota Blitar menyalurkan bantuan PKH kepada warga.", "utf-8")
    return Archive.open(seeds)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("bantuan dr pemerintah", "bantuan dari pemerintah"),
        ("bantuan dr Blitar", "bantuan dari blitar"),
        ("bantuan dr PKH", "bantuan dari pkh"),
        ("bantuan dr Pak Camat", "bantuan dari pak camat"),
        ("siapa dr Budi Santoso", "siapa dr budi santoso"),
        ("siapa dr. Budi Santoso", "siapa dr budi santoso"),
        ("siapa Dr Budi", "siapa dr budi"),
    ],
)
def test_dr_is_from_unless_a_name_follows(archive: Archive, text: str, read: str) -> None:
    assert archive.read(text).words == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("kta blitar", "kota blitar"),  # "kota" with a letter lost, where the place calls for it
        ("kta mau", "kita mau"),
        ("kenpa kota blitar", "mengapa kota blitar"),  # slang with a slip in it is slang still
        ("ttg PKH", "tentang pkh"),
    ],
)
def test_slang_and_slips_are_told_apart_by_what_stands_beside_them(archive: Archive, text: str, read: str) -> None:
    assert archive.read(text).words == read
