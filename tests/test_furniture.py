"""What of a page is not its article."""

from __future__ import annotations

import pytest

from index import furniture

FURNITURE = """\
Baca juga: Warga Lombok Timur Terima Bantuan Bibit
BACA JUGA : Cara Cek Bansos
Baca Juga
Lihat juga video 'Bansos Cair':
Simak video pilihan berikut ini:
Berita Terkait
ARTIKEL TERKAIT
Tag: bansos, lansia
Tags
Topik
Share
Bagikan:
Bagikan ke
Facebook Twitter WhatsApp
A A A
Ikuti kami di Google News
Ikuti Berita Lainnya di WhatsApp Channel
Follow us
Copyright © 2023 Harian Contoh
© 2024 All Rights Reserved
Editor: Siti
Editor : Siti Aminah
Penulis: Joko
Reporter : Andi
Pewarta: Kornelis
Oleh: Bambang Pur
Komentar
Advertisement
Iklan
SCROLL TO CONTINUE WITH CONTENT
Halaman: 1 2 3
Loading...
Cek Berita dan Artikel yang lain di Google News
https://contoh.id/berita/1
Home > Berita > Sosial
Beranda / Daerah
Dapatkan update berita pilihan setiap hari. Gabung di grup Telegram kami
Artikel ini telah tayang di Contoh.com dengan judul Bansos Cair
(ris/mar)
***
120 views
3 menit baca
""".splitlines()

CONTENT = """\
Baca tulis Alquran diajarkan kepada 40 anak panti di Kabupaten Gowa setiap sore.
Bantuan
Syarat Penerima
Bagikan bantuan itu tepat sasaran, pinta Bupati kepada para camat, Senin.
Lihat bantuan itu sebagai modal awal, kata Wali Kota Tegal.
Editor buku difabel itu menerima penghargaan dari Dinas Sosial.
Sumber dana bantuan itu berasal dari APBD Kabupaten Bone tahun 2024.
Warga mengikuti pelatihan menjahit yang digelar Dinas Sosial di Instagram dan tatap muka.
1. Fotokopi KTP
Komentar warga beragam atas penyaluran bantuan beras di Kabupaten Sikka tersebut.
Simak syaratnya berikut ini.
""".splitlines()


@pytest.mark.parametrize("line", FURNITURE)
def test_a_line_of_the_page_is_furniture(line: str) -> None:
    assert furniture.is_furniture(line)


@pytest.mark.parametrize("line", CONTENT)
def test_a_line_of_the_article_is_not_furniture(line: str) -> None:
    assert not furniture.is_furniture(line)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Bantuan diberikan kepada disabilitas.(Bambang Pur)", "Bantuan diberikan kepada disabilitas."),
        ("Bantuan untuk Lansia. (why)", "Bantuan untuk Lansia."),
        ('"Terima kasih," kata Ali. (ris/mar)', '"Terima kasih," kata Ali.'),
        ("Indonesia sejahtera.*", "Indonesia sejahtera."),
        ("Indonesia sejahtera. (*)", "Indonesia sejahtera."),
        ("Warga sudah menerima bantuan. (Humas)***", "Warga sudah menerima bantuan."),
        ("Bantuan untuk orang dengan gangguan jiwa (ODGJ).", "Bantuan untuk orang dengan gangguan jiwa (ODGJ)."),
        ("Karena berkat peran panjenengan (kalian)", "Karena berkat peran panjenengan (kalian)"),
        ("Digelar pada Senin (23/9/24)", "Digelar pada Senin (23/9/24)"),
        ("Bantuan tunai (ris/mar)", "Bantuan tunai"),
    ],
)
def test_a_byline_after_the_last_sentence_is_cut_off(text: str, content: str) -> None:
    assert text[: furniture.content_length(text)] == content


def test_a_link_inside_a_paragraph_is_cut_out() -> None:
    text = "Bantuan sudah cair. Baca juga: Cara Cek Bansos"
    ((start, end),) = furniture.inline_links(text)
    assert text[start:end].strip() == "Baca juga: Cara Cek Bansos"


@pytest.mark.parametrize(
    ("line", "caption"),
    [
        (
            "Bupati menyerahkan kursi roda kepada warga. Foto: ANDI/HARIAN CONTOH",
            "Bupati menyerahkan kursi roda kepada warga.",
        ),
        ("Foto: Warga antre beras di balai desa. (Dok. Pemkab)", "Warga antre beras di balai desa."),
        ("Lansia menerima sembako, Senin (1/7/2024). (CONTOH.com/ANDI)", "Lansia menerima sembako, Senin (1/7/2024)."),
        ("Ilustrasi bantuan (Foto: Getty Images)", "bantuan"),
    ],
)
def test_a_caption_is_told_from_its_credit(line: str, caption: str) -> None:
    span = furniture.caption_span(line)
    assert span
    assert line[slice(*span)] == caption


def test_a_clock_line_holds_the_time_only() -> None:
    assert furniture.is_clock("Senin, 12 Februari 2024 | 10:30 WIB")
    assert furniture.is_clock("Diperbarui: 12/02/2024, 10.30 WITA")
    assert not furniture.is_clock("Senin, 3 Maret 2025: Kantor Camat Alak")
    assert not furniture.is_clock("10:30 WIB")
