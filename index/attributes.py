"""What kind of thing a question asks for, and whether a sentence holds such a thing.

A near miss (right topic, the asked-for number, person or day missing) is told apart by no retrieval score; it needs
this check. Every rule is about how Indonesian asks and how news Indonesian answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache


class Kind(StrEnum):
    """What is asked for."""

    DEFINITION = "definition"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    COUNT = "count"
    PERCENT = "percent"
    MONEY = "money"
    ORDINAL = "ordinal"
    WHY = "why"
    HOW = "how"
    REQUIREMENT = "requirement"
    LIST = "list"
    AID = "aid"
    OPEN = "open"  # a question of another sort
    KEYWORDS = "keywords"  # no question at all: words to look up


# Kinds that a whole list answers.
LIST_KINDS = frozenset({Kind.LIST, Kind.AID, Kind.REQUIREMENT, Kind.HOW})

# Kinds whose answers often go without a word that marks them: a reason may stand as a plain sentence.
SOFT_KINDS = frozenset({Kind.WHY})
# Kinds that a number beside the matter answers; a number elsewhere in the sentence is another matter's.
NUMERIC_KINDS = frozenset({Kind.COUNT, Kind.PERCENT, Kind.MONEY, Kind.ORDINAL})

_NUMBER_WORD = (
    r"(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|belasan|puluhan|ratusan|ribuan|jutaan|"
    r"seratus|seribu|sejuta|seorang|sebanyak|sebuah|seekor|setiap|kedua|ketiga|keempat|kelima)"
)
_MONTH = (
    r"(?:januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|nopember|desember|"
    r"jan|feb|mar|apr|jun|jul|agt|ags|sept?|okt|nov|des)"
)
_WEEKDAY = r"(?:senin|selasa|rabu|kamis|jum[’'`]?at|sabtu|minggu|ahad)"

_PATTERNS: dict[Kind, re.Pattern[str]] = {
    Kind.COUNT: re.compile(
        # not the numbers of a date, a clock or a year
        rf"(?<![\d/.,-])(?!(?:19|20)\d\d\b)\d[\d.,]*(?![\d/])(?!\s*[/-]\s*\d)(?!\s+{_MONTH}\b)|\b{_NUMBER_WORD}\b",
        re.IGNORECASE,
    ),
    Kind.PERCENT: re.compile(r"\d\s*(?:%|persen)|\bpersen\b.{0,20}\d", re.IGNORECASE),
    Kind.MONEY: re.compile(r"\brp\.?\s*\d|\d\s*(?:ribu|juta|miliar|milyar|triliun|rupiah)\b", re.IGNORECASE),
    Kind.ORDINAL: re.compile(r"\bke-?\s*\d|\bke-?[ivxl]+\b|\bpertama\b|\bke(?:dua|tiga|empat|lima)\b", re.IGNORECASE),
    Kind.WHEN: re.compile(
        rf"\b{_WEEKDAY}\b|\b{_MONTH}\b|\b(?:19|20)\d\d\b|\d{{1,2}}[/-]\d{{1,2}}|\bpukul\b|\bjam\s+\d|"
        r"\b(?:hari ini|besok|kemarin|lusa|pekan|minggu (?:ini|depan|lalu)|bulan (?:ini|depan|lalu)|tahun (?:ini|depan|"
        r"lalu)|setiap (?:hari|bulan|tahun|tanggal)|tanggal|selama|hingga|sejak|mulai|akhir tahun|awal tahun)\b",
        re.IGNORECASE,
    ),
    Kind.WHERE: re.compile(
        r"\bdi\s+(?:\w+\s+){0,2}(?-i:[A-Z])|\b(?:bertempat|berlokasi|berada|terletak|bertolak|menuju)\b|"
        r"\bdi\s+(?:kantor|balai|aula|gedung|halaman|lapangan|pendopo|alun|desa|dusun|kelurahan|kecamatan|kabupaten|kota"
        r"|rumah|posko|puskesmas|sekolah|masjid|taman|pasar|jalan|belakang|depan|samping|sekitar|pelataran|tempat)\b",
        re.IGNORECASE,
    ),
    Kind.WHO: re.compile(
        r"(?<=[\w,\"”“] )(?-i:[A-Z][a-z’']+)|\b(?:kepada|bagi|untuk|oleh|penerima|para|warga|anggota|peserta)\b",
        re.IGNORECASE,
    ),
    Kind.AID: re.compile(
        r"\b(?:santunan|sembako|beasiswa|hibah|zakat)\b|\b(?:bantuan|bansos|insentif|modal|paket)\b[^.]{0,70}\b(?:kepada|untuk|bagi|"
        r"berupa|senilai|sebesar|sebanyak|dari|tunai|pangan)\b|\b(?:me|di)(?:nyerah|serah|nyalur|salur|mberi|beri|mbagi|bagi|"
        r"ngucur|kucur|ngirim|kirim)\w*|\b(?:penyerahan|pemberian|penyaluran|pembagian|pencairan|menerima|diterima|mendapat\w*|"
        r"memperoleh)\b",
        re.IGNORECASE,
    ),
    Kind.WHY: re.compile(
        r"\b(?:karena|sebab|akibat|disebabkan|lantaran|guna|untuk|agar|supaya|tujuan\w*|bertujuan|dalam rangka|demi|"
        r"sehingga|sebagai|diharapkan|harapan\w*|alasan\w*|manfaat\w*|upaya|dimaksudkan|mengingat|dengan|pasalnya)\b",
        re.IGNORECASE,
    ),
    Kind.HOW: re.compile(
        r"\b(?:dengan|melalui|lewat|cara\w*|caranya|langkah\w*|tahap\w*|mendaftar\w*|daftar\w*|mengajukan|diajukan|"
        r"datang|membawa|mengisi|menghubungi|menyerahkan|unduh|klik|buka|pilih|secara|kemudian|prosedur|mekanisme|"
        r"setelah|memanfaatkan|menggunakan|mengunjungi|melapor\w*|lapor|isi|bawa|siapkan|menyiapkan|hubungi|menelepon|"
        r"telepon|usulkan|mengusulkan|diusulkan|minta|ikuti|ajukan|syarat\w*)\b",
        re.IGNORECASE,
    ),
    Kind.REQUIREMENT: re.compile(
        r"\b(?:syarat\w*|persyaratan|ketentuan|harus|wajib|memiliki|terdaftar|berusia|usia|minimal|maksimal|fotokopi|"
        r"foto kopi|surat|ktp|kartu|kriteria|dokumen|berdomisili|warga|melampirkan|membawa|bagi yang|khusus|"
        r"mensyaratkan)\b",
        re.IGNORECASE,
    ),
}


# A small archive's sentences are held against the same dozen patterns by every question.
@lru_cache(maxsize=8192)
def spots(kind: Kind, sentence: str) -> tuple[int, ...] | None:
    """Where a sentence holds the kind of thing asked for, as offsets; ``None`` for kinds that any may answer."""
    pattern = _PATTERNS.get(kind)
    return None if pattern is None else tuple(match.start() for match in pattern.finditer(sentence))


# Things asked for by name that a sentence shows in a shape of their own: what asks -> what shows.
_NAMED: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asks), re.compile(shows, re.IGNORECASE))
    for asks, shows in (
        (
            r"\b(?:nomor|no|nomer) (?:telepon|telpon|telp|hp|wa|whatsapp|kontak)\b|"
            r"\bkontak(?:nya)?\b|\bhotline\b|\bcall cent",
            r"(?<![\d.,])(?:\(?0\d{2,3}\)?|\+?62)[-. ]?\d{3,}|\b(?:hotline|call cent\w+|narahubung|telepon|kontak)\b",
        ),
        (
            r"\b(?:link|tautan|website|situs|laman|url)(?:nya)?\b",
            r"https?://|www\.|\w\.(?:id|com|org|net)\b|\b(?:situs|laman|tautan|aplikasi)\b",
        ),
        (r"\balamat(?:nya)?\b", r"\b(?:jalan|jl|gang|kompleks?|alamat|beralamat|rt|blok)\b"),
        (r"\b(?:umur|usia)(?:nya)?\b", r"usia|umur|\d tahun|\(\d{1,3}\)"),
        (r"\bdari mana\b|\basal(?:nya)?\b", r"\bdari\b|\basal"),
        (r"\bke ?mana\b", r"\b(?:ke|kepada|menuju|di)\b"),
        (
            r"\b(?:jam|pukul) berapa\b",
            r"\b(?:pukul|jam)\s+(?:\d|[a-z]+ (?:pagi|siang|sore|malam))|\b\d{1,2}[.:]\d{2}\b",
        ),
        (
            r"\btanggal berapa\b",
            rf"\b\d{{1,2}}(?:\s+{_MONTH}\b|[/-]\d)|\btanggal \d|\b\d{{1,2}} (?:sampai|hingga|-) \d",
        ),
        (r"\bhari apa\b", rf"\b{_WEEKDAY}\b|\bsetiap hari\b|\bhari kerja\b"),
        (r"\blahir(?:nya)?\b", r"lahir"),
        (r"\bmere?k(?:nya)?\b", r"\bmere?k"),
        (r"\bwarna(?:nya)?\b", r"\b(?:warna|merah|putih|biru|hijau|kuning|hitam|cokelat|ungu|oranye)"),
        (r"\b(?:ukuran|luas)(?:nya)?\b", r"\b(?:ukuran|luas|seluas)|\d\s*(?:x|cm|meter|m2|hektare?)\b"),
        (r"\b(?:lowongan|loker|rekrutmen)\b", r"\b(?:lowongan|loker|rekrut|formasi|seleksi)"),
        (r"\b(?:gaji|honor|upah)(?:nya)?\b", r"\b(?:gaji|honor|upah|insentif|tali asih|rp)"),
    )
)


def shown_by(words: str) -> tuple[re.Pattern[str], ...]:
    """What a sentence must show to answer a question (mended, lower case) that asks for such things by name."""
    return tuple(shows for asks, shows in _NAMED if asks.search(words))


_ANNOUNCES_LIST = re.compile(
    r"\b(?:terdiri|meliputi|di ?antaranya|antara lain|yakni|yaitu|berupa|seperti|mencakup)\b", re.IGNORECASE
)


def enumerates(sentence: str) -> int:
    """How many items a sentence lists, roughly: commas and "dan" between them, and a word that announces a list."""
    items = len(re.findall(r",\s|;\s|\b(?:dan|serta|atau|maupun)\b", sentence))
    return items + 2 * (_ANNOUNCES_LIST.search(sentence) is not None)


# -- what the question asks for ------------------------------------------------------------------------------------

_ASKS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        # Order matters: the more particular wording first ("tahun berapa" is a when, not a count).
        (Kind.DEFINITION, r"\b(?:kepanjangan(?:nya)?|singkatan(?:nya)?|akronim|pengertian|definisi(?:nya)?)\b"),
        (
            Kind.DEFINITION,
            r"\bapa (?:yang )?(?:di)?maksud(?:nya)?\b|\bmaksud(?:nya)? (?:dari )?\S+ apa\b|\bmaksudnya apa\b",
        ),
        (
            Kind.DEFINITION,
            r"\b(?:apa|apakah) (?:sih )?itu\b|^\W*apa(?:kah)? sebenarnya\b|\bapa (?:sih )?artinya\b|\barti(?:nya)?\b",
        ),
        (
            Kind.DEFINITION,
            r"\b(?:itu|adalah|tuh|ialah) (?:sebenarnya )?(?:apa|apaan)(?: (?:sih|ya|itu|toh|to|kah))*\W*$",
        ),
        (Kind.DEFINITION, r"^(?:\S+ ){1,3}(?:itu|adalah|ialah) \S+ apa(?: (?:sih|ya))*\W*$"),
        (
            Kind.WHEN,
            r"\b(?:kapan(?:kah)?|(?:tanggal|hari|jam|pukul|tahun|bulan) (?:ke )?(?:berapa|apa))\b|\b(?:berapa lama)\b",
        ),
        (
            Kind.WHEN,
            r"\bjadwal(?:nya)?\b|\bwaktu(?:nya)? (?:pelaksanaan|kapan)\b|\bdeadline\b|\bbatas (?:akhir|waktu)\b",
        ),
        (Kind.ORDINAL, r"\bke[- ]?berapa\b"),
        (Kind.PERCENT, r"\bberapa (?:persen|%)|\bpersen(?:tase|nya)?\b|\bprosentase"),
        (Kind.MONEY, r"\bberapa (?:rupiah|duit|uang|juta|ribu|dana|anggaran|biaya|harga|nominal|nilai|rp)\b"),
        (
            Kind.MONEY,
            r"\b(?:besar(?:an|nya)?|nominal(?:nya)?|nilai(?:nya)?|harga(?:nya)?|anggaran(?:nya)?|dana(?:nya)?|"
            r"biaya(?:nya)?|duit(?:nya)?|uang(?:nya)?|rupiah)\b.*\bberapa\b",
        ),
        (Kind.MONEY, r"^(?:harga|biaya|tarif|nominal|besaran|anggaran|ongkos)(?:nya)?\b|\bharga(?:nya)?\b"),
        (Kind.COUNT, r"\bberapa(?:kah)?\b|\bjumlah(?:nya)?\b"),
        (Kind.WHERE, r"\bdi ?mana(?:kah)?\b|\blokasi(?:nya)?\b|\btempat(?:nya)? (?:di )?mana\b|\balamat"),
        (Kind.REQUIREMENT, r"\b(?:syarat\w*|persyaratan\w*|ketentuan\w*|kriteria\w*|dokumen apa|berkas apa)\b"),
        (Kind.HOW, r"\b(?:bagaimana(?:kah)?(?: cara)?|cara(?:nya)?|langkah\w*|prosedur\w*|mekanisme\w*)\b"),
        (
            Kind.AID,
            r"\b(?:bantuan|bansos|santunan|sumbangan|hibah)(?:nya)?\b.*\b(?:apa|mana|ngapain)\b|"
            r"\bdapat apa\b|\bdapat bantuan\b",
        ),
        (Kind.AID, r"\bapa\b.*\b(?:bantuan|bansos|santunan|sumbangan|hibah)\b"),
        (Kind.LIST, r"\b(?:apa|siapa) ?(?:saja|aja)\b|\bsebutkan\b|\bdaftar (?:nama|penerima|anggota|peserta)"),
        (
            Kind.WHO,
            r"\bsiapa(?:kah)?\b|\bnama (?:bupati|wali|ketua|kepala|gubernur|pejabat|camat|lurah|sekda|menteri)\b",
        ),
        (
            Kind.WHY,
            r"\b(?:kenapa|mengapa|alasan\w*|sebab\w*|tujuan\w*|manfaat\w*|gunanya|fungsi\w*|untuk apa|buat apa)\b",
        ),
        (Kind.OPEN, r"\b(?:apa|apakah|mana|yang mana|ngapain|adakah)\b|\?"),
    )
)


def asked_kind(words: str) -> Kind:
    """What a question asks for; ``words`` is its mended lower-case text."""
    for kind, pattern in _ASKS:
        if pattern.search(words):
            return kind
    return Kind.KEYWORDS


_SEVERAL = re.compile(
    r"\b(?:daerah|kabupaten|kota|wilayah|provinsi|tempat|artikel|berita|kegiatan|kab|instansi|dinas|pemda)(?:nya)?"
    r" ?(?:/ ?kota )?(?:apa|mana|yang mana)? ?(?:saja|aja)\b|\bdi ?mana (?:saja|aja)\b|\bmana (?:saja|aja)\b|"
    r"\b(?:artikel|berita) (?:yang )?mana\b|\b(?:daerah|kabupaten|provinsi|kota) mana\b|"
    r"\b(?:mem)?banding\w*|\bperbedaan\b|\bbeda(?:nya)?\b"
)


def asks_for_several(words: str) -> bool:
    """Whether a question wants several articles ("daerah mana saja ...") and not one fact."""
    return _SEVERAL.search(words) is not None


def defines(term: str, *long_forms: str) -> Callable[[str], float]:
    """A judge of how well a sentence defines ``term``: 1 for an expansion or "adalah", else 0."""
    name = r"\s+".join(re.escape(part) for part in term.split())
    expansions = [re.compile(rf"\w[^()]{{3,}}\(\s*{name}\s*\)|\b{name}\s*\([^()]{{6,}}\)", re.IGNORECASE)]
    for form in long_forms:
        words = r"[\s-]+".join(re.escape(part) for part in form.split())
        expansions.append(re.compile(rf"{words}\s*\(|\b{name}\s*\(\s*{words}", re.IGNORECASE))
    copula = re.compile(
        rf"\b{name}\b(?:\s*\([^)]*\))?[^.;:]{{0,30}}?\b(?:adalah|ialah|merupakan|yaitu|yakni|artinya|berarti)\b|"
        rf"\b(?:disebut|dinamakan|singkatan|kepanjangan|istilah|bernama|dikenal)\b[^.;]{{0,40}}\b{name}\b",
        re.IGNORECASE,
    )

    def judge(sentence: str) -> float:
        if any(pattern.search(sentence) for pattern in expansions):
            return 1.0
        return 1.0 if copula.search(sentence) else 0.0

    return judge
