"""Raw pages of any newsroom -> articles."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.archive import Archive
from index.article import Article, ArticleDate, BlockKind
from index.errors import ArticleError, FolderError
from index.reading import MAX_BYTES, parse_article, read_article

SEEDS = Path(__file__).parent.parent / "seeds"

SHA256 = {
    "balangan-hksn-2021": "289ab6b07916fd4c9af04e333b3e54c94c0a7363277f67fac9b64a14b1378ce0",
    "banten-hksn-2022": "32338edfdcf97a3c362c3e5985b1b4feceaa4f243e197746f6d0426335c6e547",
    "mojokerto-hksn-2023": "f023f695050307d66c9359dcacef9c6d43c5cf05b0c95e1838b3f67a007c1d5b",
    "balangan-jambore-psks-2023": "848473185d80b59426e5d99ab412354f41c68cbd283b859f649d8cdead046517",
    "pacitan-rakor-pilar-sosial-2024": "4f8da124e01367be8fe732aab9727228fb183c41676b3afa2d128225f3366b7b",
}
FACTS = {
    "balangan-hksn-2021": (None, "Kabupaten Balangan, Kalimantan Selatan", ArticleDate(2021, 12, 27)),
    "banten-hksn-2022": ("ANTARA", "Serang, Banten", ArticleDate(2022, weekday="Rabu")),
    "mojokerto-hksn-2023": ("BANGSAONLINE", "Kota Mojokerto, Jawa Timur", ArticleDate(2023, 12, 14)),
    "balangan-jambore-psks-2023": (None, "Kabupaten Balangan, Kalimantan Selatan", ArticleDate(2023, 3, 1)),
    "pacitan-rakor-pilar-sosial-2024": ("SUARABARU.ID", "Kabupaten Pacitan, Jawa Timur", ArticleDate(2024, 9, 23)),
}


def texts(article: Article, *kinds: BlockKind) -> list[str]:
    return [article.body[b.start : b.end] for b in article.blocks if b.kind in kinds]


def quoted(article: Article) -> list[str]:
    return texts(article, BlockKind.PARAGRAPH, BlockKind.ROW)


def shown(article: Article) -> str | None:
    return article.locality.shown if article.locality else None


@pytest.mark.parametrize("name", FACTS)
def test_a_seeds_body_is_the_newsrooms_to_the_letter(name: str) -> None:
    assert hashlib.sha256((SEEDS / f"{name}.txt").read_bytes()).hexdigest() == SHA256[name]


@pytest.mark.parametrize("name", FACTS)
@pytest.mark.parametrize("with_sidecar", [False, True])
def test_a_seeds_citation_agrees_with_the_facts_with_and_without_its_sidecar(name: str, with_sidecar: bool) -> None:
    path = SEEDS / f"{name}.txt"
    article = read_article(path) if with_sidecar else parse_article(name, path.read_bytes().decode())
    assert (article.outlet, shown(article), article.date) == FACTS[name]


KULON_PROGO = """\
Home > Regional > Sosial
Ratusan Lansia di Kulon Progo Terima Bantuan Sembako
Kontan.co.id - 13/02/2024, 10:30 WIB
Reporter: Andi Saputra
Editor: Maria
A A A
Share Facebook Twitter WhatsApp
Petugas menyerahkan paket sembako kepada lansia di Kulon Progo, Senin (12/2/2024). (KONTAN.co.id/ANDI SAPUTRA)

KULON PROGO, KONTAN.co.id – Sebanyak 350 warga lanjut usia di Kabupaten Kulon Progo menerima bantuan sembako dari \
Dinas Sosial setempat, Senin (12/2/2024).

Baca juga: Cara Cek Bansos lewat HP

ADVERTISEMENT

SCROLL TO CONTINUE WITH CONTENT

"Semoga bermanfaat," katanya. Baca juga: Daftar Penerima PKH Tahap Dua

Syarat Penerima

1. Berusia di atas 60 tahun.
2. Tidak menerima bantuan lain

Tag: bansos, lansia
Berita Terkait
Warga Bantul Terima BLT
Terpopuler
Gempa Guncang Cianjur
Copyright 2008 - 2024. All Rights Reserved.
"""


def test_a_page_of_a_big_portal_gives_its_article_and_none_of_its_furniture() -> None:
    article = parse_article("x", KULON_PROGO)
    assert article.title == "Ratusan Lansia di Kulon Progo Terima Bantuan Sembako"
    assert article.outlet == "KONTAN.co.id"
    assert shown(article) == "Kabupaten Kulon Progo, Daerah Istimewa Yogyakarta"
    assert article.date == ArticleDate(2024, 2, 13)
    assert texts(article, BlockKind.HEADING) == ["Syarat Penerima"]
    assert texts(article, BlockKind.ROW) == ["1. Berusia di atas 60 tahun.", "2. Tidak menerima bantuan lain"]
    assert texts(article, BlockKind.CAPTION) == [
        "Petugas menyerahkan paket sembako kepada lansia di Kulon Progo, Senin (12/2/2024)."
    ]
    lead, quote = texts(article, BlockKind.PARAGRAPH)
    assert lead.startswith("Sebanyak 350 warga")
    assert quote == '"Semoga bermanfaat," katanya.'


def test_hard_wrapped_lines_are_one_paragraph_with_its_line_breaks_kept() -> None:
    article = parse_article(
        "x",
        "SINGARAJA, Senin (4/3/24) - Dinas Sosial Kabupaten Buleleng menyalurkan bantuan\n"
        "kursi roda kepada 25 penyandang disabilitas. Bantuan itu diserahkan oleh Kepala\n"
        "Dinas di halaman kantor dan disaksikan para camat.\n"
        "Program ini berlangsung setiap tahun. Penerima diusulkan oleh pemerintah desa,\n"
        "kemudian diverifikasi petugas.\n\n(Humas Kab. Buleleng)\n",
    )
    first, second = quoted(article)
    assert first.endswith("Kepala\nDinas di halaman kantor dan disaksikan para camat.")
    assert second.startswith("Program ini")
    assert second.endswith("desa,\nkemudian diverifikasi petugas.")
    assert shown(article) == "Kabupaten Buleleng, Bali"
    assert article.date == ArticleDate(2024, 3, 4)


def test_link_texts_on_lines_of_their_own_do_not_tear_a_sentence_apart() -> None:
    article = parse_article(
        "x",
        "MOJOKERTO - Pemkab\nMojokerto\nmenyalurkan bantuan sembako kepada warga kurang mampu di Trawas, kata\n"
        "Bupati Mojokerto\ndalam sambutannya, Senin (6/1/2025).\n",
    )
    assert len(quoted(article)) == 1
    assert shown(article) == "Kabupaten Mojokerto, Jawa Timur"


def test_questions_head_their_answers() -> None:
    article = parse_article(
        "x",
        "Tanya Jawab Seputar Program Keluarga Harapan\nSenin, 12 Februari 2024 | 10:30 WIB\nApa itu PKH?\n"
        "PKH adalah program bantuan sosial bersyarat kepada keluarga miskin yang ditetapkan sebagai penerima manfaat.\n"
        "T: Siapa yang berhak menerimanya?\nJ: Keluarga miskin yang terdaftar dalam data terpadu.\n"
        "Pertanyaan: Berapa besar bantuannya? Jawaban: Ibu hamil memperoleh Rp3 juta setahun.\n"
        "Sumber: Dinas Sosial Kota Padang\n",
    )
    assert texts(article, BlockKind.HEADING) == [
        "Apa itu PKH?", "Siapa yang berhak menerimanya?", "Berapa besar bantuannya?",
    ]  # fmt: skip
    assert quoted(article)[1:] == [
        "Keluarga miskin yang terdaftar dalam data terpadu.", "Ibu hamil memperoleh Rp3 juta setahun.",
    ]  # fmt: skip
    assert shown(article) == "Kota Padang, Sumatera Barat"


def test_a_schedule_is_rows_and_its_days_are_not_the_articles_date() -> None:
    article = parse_article(
        "x",
        "Jadwal Penyaluran Bansos di Kota Kupang\n\nKUPANG (ANTARA) - Dinas Sosial Kota Kupang mengumumkan jadwal "
        "penyaluran bansos tahun 2025 di enam kecamatan.\n\nKecamatan | Tanggal | Tempat\n"
        "Alak | 3 Maret 2025 | Kantor Camat\nMaulafa\t5 Maret 2025\tBalai Kelurahan\nSenin, 10 Maret 2025: Oebobo\n"
        "Waktu : 08.00 WITA\n\nWarga diminta membawa KTP asli.\nPewarta: Kornelis\nCopyright © ANTARA 2025\n",
    )
    assert len(texts(article, BlockKind.ROW)) == 5
    assert article.date == ArticleDate(2025)
    assert (article.outlet, shown(article)) == ("ANTARA", "Kota Kupang, Nusa Tenggara Timur")


def test_byte_order_mark_line_ends_entities_and_zero_width_stay_in_the_body_and_fool_no_rule(tmp_path: Path) -> None:
    raw = (
        "\ufeffPemprov NTB Gelar Pasar Murah\u200b di Mataram\r\n\r\nMATARAM \u2013 Pemerintah&nbsp;Provinsi Nusa "
        "Tenggara Barat menggelar pasar murah di Sangkareang, Jumat (22/3/2024).\r\n\r\nGubernur menyebut ada 5.000 "
        "paket &quot;sembako&quot; yang dijual.\r\n\r\nBaca ju\u200bga: Harga Cabai\r\n\r\n"
        "Paket itu dijual Rp50.000. (ant)\r\n"
    )
    path = tmp_path / "ntb.txt"
    path.write_bytes(raw.encode())
    article = read_article(path)
    assert article.body == raw[1:]
    assert article.title == "Pemprov NTB Gelar Pasar Murah di Mataram"
    assert quoted(article) == [
        "Pemerintah&nbsp;Provinsi Nusa Tenggara Barat menggelar pasar murah di Sangkareang, Jumat (22/3/2024).",
        "Gubernur menyebut ada 5.000 paket &quot;sembako&quot; yang dijual.",
        "Paket itu dijual Rp50.000.",
    ]


def test_a_subhead_that_lost_its_line_break_is_not_part_of_the_paragraph() -> None:
    lead = "PEMERINTAH Kota Tegal melalui Dinas Sosial menyalurkan bantuan pangan kepada lansia, Rabu (5/6/2024).\n"
    article = parse_article(
        "x", lead + "SYARAT Penerima harus memiliki KTP dan kartu keluarga.\nBUPATI Tegal hadir pula.\n"
    )
    assert quoted(article) == [
        lead.strip(), "Penerima harus memiliki KTP dan kartu keluarga.", "BUPATI Tegal hadir pula.",
    ]  # fmt: skip
    assert texts(article, BlockKind.HEADING) == ["SYARAT"]


def test_repeated_title_and_paragraph_are_quoted_once() -> None:
    title = "Bupati Sleman Serahkan Bantuan Difabel"
    lead = "Sleman – Bupati Sleman menyerahkan alat bantu kepada 75 difabel, Selasa (14/3). Bantuan tahun 2023."
    more = "Bantuan itu meliputi kursi roda, kruk, dan alat bantu dengar bagi warga dari 17 kapanewon."
    page = f"Judul: {title}\n\n{title} Bupati berfoto bersama penerima. Foto: HUMAS/SLEMAN\n{lead}\n{more}\n{more}\n"
    article = parse_article("x", page)
    assert article.title == title
    assert texts(article, BlockKind.CAPTION) == ["Bupati berfoto bersama penerima."]
    assert quoted(article) == [lead.removeprefix("Sleman – "), more]
    assert article.date == ArticleDate(2023, 3, 14)  # a Tuesday, as the lead says


@pytest.mark.parametrize(
    ("lead", "start", "outlet", "place"),
    [
        ("TRIBUNNEWS.COM, SOLO - Pemkot", "Pemkot", "TRIBUNNEWS.COM", "Kota Surakarta, Jawa Tengah"),
        ("Liputan6.com, Jakarta - Menteri", "Menteri", "Liputan6.com", "DKI Jakarta"),
        ("SEMARANG | Radar - Pemerintah Kota Semarang", "Pemerintah", "Radar", "Kota Semarang, Jawa Tengah"),
        ("RRI.CO.ID - Ambon : Warga", "Warga", "RRI.CO.ID", "Kota Ambon, Maluku"),
        ("Bandarlampung (Lampost.co) -- Warga", "Warga", "Lampost.co", "Kota Bandar Lampung, Lampung"),
        ("CIBINONG–Bupati Bogor", "Bupati", None, "Kabupaten Bogor, Jawa Barat"),
        ("REPUBLIKA.CO.ID, GARUT -- Warga", "Warga", "REPUBLIKA.CO.ID", "Kabupaten Garut, Jawa Barat"),
        ("InfoPublik, Palu – Warga", "Warga", "InfoPublik", "Kota Palu, Sulawesi Tengah"),
        ("Kab. Malang, Memox.co.id - Warga", "Warga", "Memox.co.id", "Kabupaten Malang, Jawa Timur"),
        ("Cirebon, Jawa Barat – Warga", "Warga", None, "Cirebon, Jawa Barat"),
        ("JAYAPURA (Cenderawasih Pos) - Warga", "Warga", "Cenderawasih Pos", "Jayapura, Papua"),
        ("SURABAYA, 3 Desember 2024 – Warga", "Warga", None, "Kota Surabaya, Jawa Timur"),
        ("NTB – Gubernur NTB", "Gubernur", None, "Nusa Tenggara Barat"),
        ("KBRN, Sintang : Warga", "Warga", "KBRN", "Kabupaten Sintang, Kalimantan Barat"),
        ("Lamongan | beritajatim – Warga", "Warga", "beritajatim", "Kabupaten Lamongan, Jawa Timur"),
        ("NGADIROJO - Warga", "Warga", None, None),
        ("Al-Quran", "Al-Quran", None, None),
        ("H. Ahmad dan warga", "H. Ahmad", None, None),
        ("Pontianak Post - Warga", "Warga", "Pontianak Post", None),
        ("Program ini – kata dia – Warga", "Program", None, None),
    ],
)
def test_datelines_of_every_style(lead: str, start: str, outlet: str | None, place: str | None) -> None:
    article = parse_article("x", f"{lead} menyalurkan bantuan pangan kepada puluhan keluarga yang membutuhkan.\n")
    assert quoted(article)[0].startswith(start)
    assert article.outlet == outlet
    assert shown(article) == place


def test_an_abbreviation_spelt_out_is_no_dateline() -> None:
    lead = "PKH – Program Keluarga Harapan – adalah bantuan bersyarat bagi keluarga miskin."
    assert quoted(parse_article("x", lead)) == [lead]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Bantuan dibagikan Senin (27/12). Bantuan tahun 2021 itu berupa beras.", ArticleDate(2021, 12, 27)),
        ("Bantuan dibagikan Senin (27/12). Bantuan tahun 2022 itu berupa beras.", ArticleDate(None, 12, 27)),
        ("Bantuan tahun 2022 dibagikan di aula, Rabu.", ArticleDate(2022, weekday="Rabu")),
        ("Bantuan dibagikan di aula, Rabu.", None),
        ("Bantuan yang sudah ada sejak 2010 dibagikan di aula, Rabu.", None),
        ("Pendaftaran dibuka hingga 31 Januari 2025. Hal itu disampaikan Rabu (8/1/2025).", ArticleDate(2025, 1, 8)),
        ("Bantuan dibagikan 31/02/2024 kepada warga.", None),
        ("Menurut UU Nomor 13 Tahun 2011, fakir miskin berhak atas bantuan.", None),
        ("Bantuan disalurkan sepanjang Desember 2022 kepada warga.", ArticleDate(2022, 12)),
    ],
)
def test_a_date_is_never_more_precise_than_the_page(text: str, date: ArticleDate | None) -> None:
    assert parse_article("x", f"Dinas Sosial Kabupaten Bone menyalurkan bantuan. {text}\n").date == date


def test_an_article_filed_from_the_provincial_capital_is_about_the_regency_that_it_dwells_on() -> None:
    article = parse_article(
        "x",
        "KUPANG – Pemkab Timor Tengah Selatan menyalurkan air bersih kepada warga. Bupati Timor Tengah Selatan "
        "mengatakan ada 12 desa.\nDinas Sosial Kabupaten Timor Tengah Selatan menyiapkan tangki, Senin (9/9/2024).\n",
    )
    assert shown(article) == "Kabupaten Timor Tengah Selatan, Nusa Tenggara Timur"


def test_a_derived_title_ends_where_a_clause_ends() -> None:
    lead = (
        "Wakil Bupati Ende meminta para pendamping desa memperbarui data penerima bantuan sosial secara berkala agar "
        "bantuan "
        "pemerintah pusat dan daerah yang disalurkan tepat sasaran."
    )
    title = parse_article("x", lead).title
    assert (
        title
        == "Wakil Bupati Ende meminta para pendamping desa memperbarui data penerima bantuan sosial secara berkala"
    )


def test_comments_and_share_lines_at_the_end_are_not_quoted() -> None:
    article = parse_article(
        "x",
        "SURABAYA – Pemerintah Kota Surabaya membagikan 100 kursi roda dalam peringatan hari disabilitas.\n\nShare:\n"
        "Facebook\nTelegram\n\nKomentar\n"
        "Budi: mantap pak, semoga bantuan sampai ke warga yang sangat membutuhkan semuanya ya.\n",
    )
    assert len(quoted(article)) == 1


@pytest.mark.parametrize(
    ("data", "line", "found"),
    [
        (b"", None, "empty"),
        (b" \r\n\t\n", None, "empty"),
        ("\u200b\u00a0\n".encode(), None, "white space"),
        (b"Bantuan\ncair\n\xe9\n", 3, "0xe9"),
        (b"Bantuan\x00cair", 1, "NUL"),
        (b"Baca juga: Bansos\n***\n", None, "no paragraph"),
        (b"x" * (MAX_BYTES + 1), None, "bytes"),
    ],
    ids=["empty", "blank", "invisible", "cp1252", "binary", "furniture", "huge"],
)
def test_an_unusable_file_is_a_located_error(tmp_path: Path, data: bytes, line: int | None, found: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(data)
    with pytest.raises(ArticleError, match=found) as caught:
        read_article(path)
    assert caught.value.path == str(path)
    assert caught.value.line == line
    assert "expected" in str(caught.value)


GOOD = "SLEMAN – Dinas Sosial Kabupaten Sleman menyalurkan bantuan kepada warga, Selasa (14/3/2023)."


def test_a_sidecar_goes_before_what_the_text_says(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "x.toml").write_text(
        'title = "Judul"\noutlet = "Media"\nplace = "Serang, Banten"\ndate = 2022\nweekday = "rabu"\nurl = "https://x.id"\n',
        encoding="utf-8",
    )
    article = read_article(tmp_path / "x.txt")
    assert (article.title, article.outlet, article.url) == ("Judul", "Media", "https://x.id")
    assert article.date == ArticleDate(2022, weekday="Rabu")
    assert article.locality
    assert article.locality.shown == "Serang, Banten"
    assert len(article.locality.places) == 2


@pytest.mark.parametrize(
    ("sidecar", "line"),
    [
        ('title = "a"\ndate = "2024-02-31"\n', 2),
        ('title = "a"\n\noutlet = \n', 3),
        ('judul = "a"\n', 1),
        ("title = 3\n", 1),
        ('weekday = "Funday"\n', 1),
        ('title = ""\n', 1),
        ("date = 2024-02-31\n", 1),
    ],
)
def test_a_malformed_sidecar_is_a_located_error(tmp_path: Path, sidecar: str, line: int) -> None:
    (tmp_path / "x.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "x.toml").write_text(sidecar, encoding="utf-8")
    with pytest.raises(ArticleError) as caught:
        read_article(tmp_path / "x.txt")
    assert caught.value.path.endswith("x.toml")
    assert caught.value.line == line


def test_one_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    for name, data in {
        "b.txt": GOOD.encode(),
        "a.txt": b"\xff",
        "c.TXT": GOOD.encode(),
        "README.txt": b"x",
        "d.md": b"x",
    }.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder.txt").mkdir()
    steps: list[tuple[int, int]] = []
    folder = Archive.open(tmp_path, progress=lambda done, total: steps.append((done, total)))
    assert [article.id for article in folder.articles] == ["b", "c"]
    assert [Path(error.path).name for error in folder.refused] == ["a.txt", "folder.txt"]
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_folder_without_articles_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="no usable article"):
        Archive.open(tmp_path)
    with pytest.raises(FolderError, match="nothing there"):
        Archive.open(tmp_path / "missing")
    (tmp_path / "x.txt").write_bytes(b"")
    with pytest.raises(FolderError, match="a file"):
        Archive.open(tmp_path / "x.txt")
    with pytest.raises(FolderError, match="empty"):
        Archive.open(tmp_path)


# Fragments that rules look for, in any order: what a hostile or a broken page could hold.
_FRAGMENTS = st.sampled_from(
    [
        "SLEMAN – ", "Senin (23/9/24)", "Baca juga: ", "\n", "\r\n", "\n\n", "&nbsp;", "&amp;", "\u200b", "\ufeff",
        "<b>", "</p>", "(ris/mar)", "Foto: A/B", "Berita Terkait", "JAMBORE Acara ini ", "1. ", " | ", "\t", "?", ". ",
        "“", '"', "T: ", "J: ", "Judul: ", "Pemkab Bone menyalurkan bantuan kepada warga. ", "Kabupaten ", "***",
        "\u2028", "\x85", "&#10;", "&zwnj;", "©", "tahun 2021", "-",
    ]
)  # fmt: skip


@given(st.lists(_FRAGMENTS | st.text(max_size=20), max_size=40).map("".join))
def test_any_text_gives_ordered_trimmed_blocks_or_an_article_error(text: str) -> None:
    try:
        article = parse_article("x", text)
    except ArticleError:
        return
    end = 0
    for block in article.blocks:
        assert end <= block.start < block.end <= len(text)
        end = block.end
        assert text[block.start : block.end] == text[block.start : block.end].strip()
    assert article.title
    assert "\n" not in article.title
