"""Shapes that newsrooms' pages really leave when they are copied: what is the article's, and what is the page's."""

from __future__ import annotations

import pytest

from index import furniture
from index.article import Article, ArticleDate, BlockKind
from index.datelines import Dateline, find_dateline, find_lone_dateline
from index.reading import parse_article

LEAD = "Dinas Sosial Kabupaten Tegal menyalurkan bantuan pangan kepada 300 keluarga, Senin (3/6/2024)."
NEXT = "Setiap keluarga menerima beras sepuluh kilogram dan minyak goreng, kata kepala dinas kepada wartawan."


def texts(article: Article, *kinds: BlockKind) -> list[str]:
    return [article.body[b.start : b.end] for b in article.blocks if b.kind in kinds]


def quoted(page: str) -> list[str]:
    return texts(parse_article("x", page), BlockKind.PARAGRAPH, BlockKind.ROW)


# -- links in the middle -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line", ["Warga yang belum terdata dapat melapor ke desa.", '"Kami menyalurkan lagi bulan depan," kata dia. (*)']
)
def test_a_short_sentence_ends_the_links_before_it(line: str) -> None:
    page = f"{LEAD}\n\nBaca juga:\nCara Cek Penerima Bansos\nWarga Brebes Antre ...\n{line}\n\n{NEXT}\n"
    assert quoted(page) == [LEAD, line.removesuffix(" (*)"), NEXT]


def test_a_label_of_links_with_a_hash_tag_and_an_editors_pick_are_no_content() -> None:
    page = f"{LEAD}\n\nPilihan Redaksi\nCara Daftar DTKS\nSyarat PKH 2024\n\n{NEXT}\nPilihan Editor: Harga Beras Naik\n"
    assert quoted(f"{page}Berita Terkait :#Berita Tegal\nWarga Tegal Demo\n") == [LEAD, NEXT]


@pytest.mark.parametrize(
    ("paragraph", "link"),
    [
        ("Bantuan cair. Baca juga: Cara Cek Bansos", " Baca juga: Cara Cek Bansos"),
        (
            'Bantuan cair. Baca juga: Kisah Difabel "Si Ulet" Membuka Bengkel "Kami serahkan bulan ini," kata dia.',
            ' Baca juga: Kisah Difabel "Si Ulet" Membuka Bengkel ',
        ),
        (
            "Menurut dia Baca juga: Guru Ngaji Tuntut Insentif Naik pencairan dilakukan lewat bank.",
            " Baca juga: Guru Ngaji Tuntut Insentif Naik ",
        ),
        (
            "Menurut dia BACA JUGA: Mensos tinjau pengungsi banjir pencairan dilakukan lewat bank.",
            " BACA JUGA: Mensos tinjau pengungsi banjir pencairan dilakukan lewat bank.",  # in doubt with the sentence
        ),
        ("Warga diminta baca juga syaratnya di balai desa.", ""),
    ],
)
def test_an_inline_link_is_cut_out_to_where_its_headline_ends(paragraph: str, link: str) -> None:
    assert [paragraph[start:end] for start, end in furniture.inline_links(paragraph)] == ([link] if link else [])


def test_a_link_makes_no_field_or_list_item_quotable() -> None:
    page = f"{LEAD}\n\nKata dia Baca juga: Warga Desa Antre Beras Murah pembagian digelar bertahap. (bil/daf)\n"
    assert quoted(page) == [LEAD, "Kata dia", "pembagian digelar bertahap."]
    assert quoted(f"{LEAD}\n\n1. Membawa KTP asli. Baca juga: Cara Mengurus KTP\n2. Membawa KK\n") == [
        LEAD, "1. Membawa KTP asli.", "2. Membawa KK",
    ]  # fmt: skip


# -- the head of a page --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("TEGAL I RADAR TEGAL - Pemkab", Dateline(22, "TEGAL", "RADAR TEGAL")),
        ("TAHAP I BANTUAN PANGAN - Pemkab", None),
        ("[TEGAL] Dinas Sosial", Dateline(8, "TEGAL", None)),
        ("[TEGAL, KABAR.ID] Dinas Sosial", Dateline(18, "TEGAL", "KABAR.ID")),
        ("[FOTO] Dinas Sosial", None),
        ("Kabar6.com, Jakarta Kementerian Sosial", Dateline(20, "Jakarta", "Kabar6.com")),
        ("Kabar6.com, Jakarta Pusat Dinas Sosial", Dateline(26, "Jakarta Pusat", "Kabar6.com")),
        ("Kabar6.com, Kementerian Sosial", None),
        ("Tegal, 20 Juni 2023. Dinas Sosial", Dateline(21, "Tegal", None)),
        ("Tegal (20/6/2023). Dinas Sosial", Dateline(19, "Tegal", None)),
        ("Tegal, kota bahari. Dinas Sosial", None),
        ("Tegal (2/12) - Menteri", Dateline(15, "Tegal", None)),
    ],
)
def test_a_dateline_in_its_less_usual_forms(text: str, dateline: Dateline | None) -> None:
    assert find_dateline(text) == dateline


@pytest.mark.parametrize("line", ["Jombang, NU Online", "Jakarta, CNN Indonesia --", "JAKARTA, KOMPAS.com -"])
def test_a_dateline_on_a_line_of_its_own_is_no_title(line: str) -> None:
    assert find_lone_dateline(line)
    article = parse_article("x", f"{line}\n{LEAD}\n")
    assert article.title.startswith("Dinas Sosial")
    assert article.outlet in line


def test_a_caption_without_a_label_above_the_dateline_does_not_hide_it() -> None:
    caption = "Bupati menyerahkan bantuan pangan kepada warga di halaman kantor Kecamatan Slawi, Senin (3/6/2024)."
    article = parse_article("x", f"Pemkab Tegal Bagi Beras\nDok Pemkab\n{caption}\nKABARTEGAL.COM, TEGAL - {LEAD}\n")
    assert (article.title, article.outlet) == ("Pemkab Tegal Bagi Beras", "KABARTEGAL.COM")
    assert LEAD in texts(article, BlockKind.PARAGRAPH)


@pytest.mark.parametrize("credit", ["(PROKOPIM TEGAL FOR RADAR TEGAL)", "ANTARA/HO-Dinsos Tegal", "(ANTARA FOTO/Andi)"])
def test_a_photographers_credit_is_not_quoted(credit: str) -> None:
    line = "SIMBOLIS: Bupati menyerahkan bantuan pangan kepada warga di halaman kantor kecamatan, Senin (3/6/2024)."
    article = parse_article("x", f"Pemkab Tegal Bagi Beras\n{line} {credit}\nTEGAL – {LEAD}\n")
    assert texts(article, BlockKind.CAPTION) == [line]
    assert quoted(article.body) == [LEAD]
    assert article.outlet in {"RADAR TEGAL", None}


def test_section_author_and_letterhead_above_the_report_are_neither_title_nor_subhead() -> None:
    page = f"Dinas Sosial Kabupaten Tegal\nPemkab Tegal Bagi Beras Murah\nAndi Saputra\nLihat Foto\n\n{LEAD}\n"
    article = parse_article("x", page)
    assert article.title == "Pemkab Tegal Bagi Beras Murah"
    assert "Andi Saputra" not in texts(article, BlockKind.HEADING)


def test_a_photographer_is_not_the_outlet() -> None:
    page = f"Pemkab Tegal Bagi Beras\nWarga menerima beras. (Foto: Kabar Kita/Andi)\n{LEAD}\n"
    assert parse_article("x", page).outlet is None


def test_the_press_offices_mark_is_its_name_without_initials_or_year() -> None:
    assert parse_article("x", f"{LEAD}\n\n(MC Kota Tegal/fad/toeb)\n").outlet == "MC Kota Tegal"
    assert parse_article("x", f"{LEAD}\n\n{NEXT} (Prokopim/2023)\n").outlet == "Prokopim"


def test_a_derived_title_keeps_the_day_that_a_deadline_needs() -> None:
    lead = "Dinas Sosial Kabupaten Tegal membuka pendaftaran bantuan usaha hingga 30 Juni 2023."
    assert parse_article("x", lead).title == lead.rstrip(".")


def test_of_a_pages_source_only_what_a_reader_sees_counts() -> None:
    code = "<script>var a = 1;</script>\n<style>p { color: red; }</style>"
    assert quoted(f"<h1>Pemkab Tegal Bagi Beras</h1>\n{code}<p>{LEAD}</p>\n") == [LEAD]
    assert parse_article("x", f"# Pemkab Tegal Bagi Beras\n\n{LEAD}\n").title == "Pemkab Tegal Bagi Beras"


# -- posts and lists -----------------------------------------------------------------------------------------------


def test_a_blogs_frame_is_not_quoted_and_gives_no_title() -> None:
    article = parse_article(
        "x",
        "Diposting oleh Admin Desa di 09.12\nKamis, 09 Mei 2019\nPENYALURAN BLT DANA DESA TAHAP I\n"
        f"{LEAD}\nKirimkan Ini lewat Email BlogThis! Berbagi ke X\nTidak ada komentar:\nPosting Komentar\n"
        "Langganan: Posting Komentar (Atom)\n",
    )
    assert article.title == "PENYALURAN BLT DANA DESA TAHAP I"
    assert article.date == ArticleDate(2019, 5, 9)
    assert quoted(article.body) == [LEAD]


def test_a_subhead_about_comments_does_not_end_the_article() -> None:
    assert quoted(f"{LEAD}\n\nKomentar Warga\n\n{NEXT}\n\nKomentar (2)\nBudi: mantap sekali.\n") == [LEAD, NEXT]


def test_signs_of_messenger_posts_mark_list_items_also_above_the_first_sentence() -> None:
    rows = ["✅ Pengambilan BPNT: Sabtu, 11 November 2023", "✅ Membawa KTP dan KKS"]
    page = "Pemerintah Desa Karangrejo, Kab. Blitar\n" + "\n".join(rows) + "\nHubungi kantor desa pada jam kerja.\n"
    assert quoted(page) == [*rows, "Hubungi kantor desa pada jam kerja."]


@pytest.mark.parametrize("sign", ["/", "–", "|"])
def test_lines_with_cells_parted_alike_are_a_tables_rows(sign: str) -> None:
    rows = [
        f"Kelurahan {sign} Tanggal {sign} Tempat",
        f"Slawi {sign} 8 Juni {sign} Balai",
        f"Adiwerna {sign} 9 Juni {sign} SD",
    ]
    assert quoted(f"{LEAD}\n\n" + "\n".join(rows) + f"\n\n{NEXT}\n") == [LEAD, *rows, NEXT]
    assert quoted(f"{LEAD}\n\nPenulis / Penyunting / Fotografer\n\n{NEXT}\n") == [LEAD, NEXT]
    headlines = "Bansos 2024 - Cara Cek - Syarat\nJakarta - Warta - Bupati Lantik Camat"
    assert quoted(f"{LEAD}\n\n{headlines}\n\n{NEXT}\n") == [LEAD, NEXT]


def test_a_list_that_lost_its_numbers_is_rows_but_headlines_in_a_row_are_not() -> None:
    steps = ["Buka laman resmi kementerian", "Pilih provinsi dan kabupaten", "Masukkan nama sesuai KTP"]
    page = f"{LEAD}\n\nCara cek penerima\n" + "\n".join(steps) + f"\n\n{NEXT}\n"
    assert quoted(page) == [LEAD, *steps, NEXT]
    headlines = "Warga Slawi Demo\nHarga Beras Naik Lagi\nBupati Lantik Pejabat Baru\nCuaca Tegal Hari Ini\n"
    assert quoted(f"{LEAD}\n\n{headlines}\n{NEXT}\n") == [LEAD, NEXT]


@pytest.mark.parametrize(
    "hostile",
    [
        "Baca juga: " + "Aa " * 20_000 + "a",
        'x Baca juga: "Aaaa ' * 5_000,
        "TEGAL I " * 10_000,
        "[TEGAL, " * 10_000,
        "Tegal, 20 Juni 2023" * 5_000,
        "Diposting oleh " + "a " * 30_000,
        "Dinas a, " * 10_000 + "kota\n" + LEAD,
        "(A FOR " * 10_000,
        "ANTARA/" * 10_000,
    ],
    ids=lambda text: text[:12],
)
def test_text_that_rules_almost_match_is_read_in_a_moment(hostile: str) -> None:
    # Every repetition in a rule is bounded; without that one of these would take minutes.
    assert LEAD in quoted(f"{hostile}\n\n{LEAD}\n")
