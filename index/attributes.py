"""Kinds of things that questions ask for, and whether a sentence holds such a thing.

A near miss (right topic, the asked-for number, person or day missing) is told apart by no retrieval score; it needs
this check. Every rule is about how Indonesian asks and how news Indonesian answers.
"""

from __future__ import annotations

import re
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

NUMBER_WORD = (
    r"(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|belasan|puluhan|ratusan|ribuan|jutaan|"
    r"seratus|seribu|sejuta|seorang|sebanyak|sebuah|seekor|setiap|kedua|ketiga|keempat|kelima)"
)
NO_LETTER = r"(?<![^\W\d_])"  # before a number that is one, and no slip of the typist's in a word ("ke0ada")
MONTH = (
    r"(?:januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|nopember|desember|"
    r"jan|feb|mar|apr|jun|jul|agt|ags|sept?|okt|nov|des)"
)
WEEKDAY = r"(?:senin|selasa|rabu|kamis|jum[’'`]?at|sabtu|minggu|ahad)"

WHO = re.compile(
    # a capitalised word within a sentence that is no day, no month, and neither a place nor what one begins with
    # (its capital is looked for first: most letters are none, and are done with)
    rf"(?=(?-i:[A-Z]))(?<=[\w,:\"”“] )(?<!\bKota )(?<!\bKabupaten )(?<!\bProvinsi )(?<!\bDesa )(?<!\bKecamatan )"
    rf"(?<!\bKelurahan )(?<!\bdi )(?<!\bke )(?<!\bdari )"
    rf"(?!(?:{WEEKDAY[3:-1]}|{MONTH[3:-1]}|kota|kabupaten|provinsi|desa|kecamatan|"
    r"kelurahan|jalan|gedung|balai|aula|indonesia)\b)(?-i:[A-Z][a-z’']+)",
    re.IGNORECASE,
)
_PATTERNS: dict[Kind, re.Pattern[str]] = {
    Kind.COUNT: re.compile(
        # not the numbers of a date, a clock or a year, nor an age after a name
        rf"(?=\d)(?!(?<=\()\d{{1,3}}\))(?<![\d/.,-])(?:(?<=\brp)|{NO_LETTER})(?!(?:19|20)\d\d\b)\d[\d.,]*(?![\d/])(?!\s*[/-]\s*\d)(?!\s+{MONTH}\b)|\b{NUMBER_WORD}\b",
        re.IGNORECASE,
    ),
    Kind.PERCENT: re.compile(rf"(?:\d|\b{NUMBER_WORD})\s*(?:%|persen)|\bpersen\b.{{0,20}}\d", re.IGNORECASE),
    Kind.MONEY: re.compile(
        rf"\brp\.?\s*\d|(?:\d|\b{NUMBER_WORD}(?: belas| puluh| ratus)?)\s*"
        r"(?:ribu|juta|miliar|milyar|triliun|rupiah)\b",
        re.IGNORECASE,
    ),
    Kind.ORDINAL: re.compile(r"\bke-?\s*\d|\bke-?[ivxl]+\b|\bpertama\b|\bke(?:dua|tiga|empat|lima)\b", re.IGNORECASE),
    Kind.WHEN: re.compile(
        rf"\b(?:(?:{WEEKDAY}|{MONTH}|(?:19|20)\d\d|pukul)\b|jam\s+\d|tanggal \d)|\d{{1,2}}[/-]\d{{1,2}}",
        re.IGNORECASE,
    ),
    Kind.WHERE: re.compile(
        r"\bdi\s+(?:\w+\s+){0,2}(?-i:[A-Z])|\|\s*(?-i:[A-Z])|"
        r"\b(?:ke|menempati|menumpang)\s+(?:\w+\s+){0,2}(?-i:[A-Z])|"
        r"\b(?:balai|aula|gedung|dermaga|pelabuhan|lapangan|pendopo|masjid|puskesmas|jalan|jl\.?|kantor|desa|dusun|"
        r"kelurahan|kecamatan|kampung|nagari|gampong|distrik|pekon)\s+(?-i:[A-Z])|"
        r"\b(?:bertempat|berlokasi|berada|terletak|bertolak|menuju)\b|"
        r"\bdi\s+(?:kantor|balai|aula|gedung|halaman|lapangan|pendopo|alun|desa|dusun|kelurahan|kecamatan|kabupaten|kota"
        r"|rumah|posko|puskesmas|sekolah|masjid|taman|pasar|jalan|belakang|depan|samping|sekitar|pelataran|tempat)\b",
        re.IGNORECASE,
    ),
    Kind.WHO: WHO,
    Kind.AID: re.compile(
        r"\b(?:santunan|sembako|beasiswa|hibah|zakat)\b|\b(?:bantuan|bansos|insentif|modal|paket)\b[^.]{0,70}\b(?:kepada|untuk|bagi|"
        r"berupa|senilai|sebesar|sebanyak|dari|tunai|pangan)\b|\b(?:me|di)(?:nyerah|serah|nyalur|salur|mberi|beri|mbagi|bagi|"
        r"ngucur|kucur|ngirim|kirim)\w*|\b(?:penyerahan|pemberian|penyaluran|pembagian|pencairan|menerima|diterima|mendapat\w*|"
        r"memperoleh|(?:me)?nyumbang\w*|sumbangan|disumbang\w*|donasi|membantu|dibantu|(?:me)?nyediakan|disediakan|"
        r"(?:me)?nyiapkan|disiapkan|dibekali)\b",
        re.IGNORECASE,
    ),
    Kind.WHY: re.compile(
        r"\b(?:karena|sebab|penyebab\w*|akibat|disebabkan|dipicu|lantaran|guna|agar|supaya|tujuan\w*|bertujuan|"
        r"dalam rangka|demi|alasan\w*|manfaat\w*|dimaksudkan|mengingat|pasalnya)\b",
        re.IGNORECASE,
    ),
    Kind.HOW: re.compile(
        r"\b(?:melalui|lewat|cara\w*|langkah\w*|tahap\w*|mendaftar\w*|daftar|didaftarkan|pendaftaran|mengajukan|"
        r"diajukan|dikirim|diantar|dilampir\w+|meminta|datang|membawa|mengisi|menghubungi|unduh|klik|prosedur|mekanisme|"
        r"mengunjungi|melapor\w*|lapor|isi|bawa|siapkan|menyiapkan|berkirim|bersurat|mengirim\w*|cukup|menunjukkan|"
        r"memasukkan|dititipkan|hubungi|menelepon|telepon(?! (?:genggam|seluler|pintar))|usulkan|mengusulkan|diusulkan|"
        r"ikuti|ajukan|syarat\w*)\b",
        re.IGNORECASE,
    ),
    Kind.REQUIREMENT: re.compile(
        r"\b(?:syarat\w*|persyaratan|ketentuan|harus|wajib|memiliki|terdaftar|berusia|usia|minimal|maksimal|fotokopi|"
        r"foto kopi|surat|ktp|kartu|kriteria|dokumen|berdomisili|melampirkan|membawa|bagi yang|khusus|"
        r"mensyaratkan)\b",
        re.IGNORECASE,
    ),
}


# What may also answer, but says less: "setiap hari" is a time as a date is, "warga" a person as a name is.
_LOOSELY: dict[Kind, re.Pattern[str]] = {
    Kind.WHEN: re.compile(
        r"\b(?:hari ini|besok|kemarin|lusa|pekan|minggu (?:ini|depan|lalu)|bulan (?:ini|depan|lalu)|tahun (?:ini|depan|"
        r"lalu)|setiap (?:hari|bulan|tahun|tanggal)|tanggal|selama|hingga|sejak|mulai|akhir tahun|awal tahun)\b|"
        rf"\b(?:\d+|{NUMBER_WORD}) (?:jam|hari|minggu|pekan|bulan|tahun)\b",
        re.IGNORECASE,
    ),
    Kind.WHO: re.compile(
        r"(?<=[\w,:\"”“] )(?-i:[A-Z][a-z’']+)|\b(?:kepada|bagi|untuk|oleh|penerima|para|warga|anggota|peserta|"
        r"kewenangan|tugas|pemerintah|pemkab|pemkot|pemprov|pemda|kementerian|dinas|instansi|keluarga|anak|lansia|"
        r"orang|pelajar|siswa|murid|santri|mahasiswa|pemuda|remaja|guru|dokter|bidan|perawat|nelayan|petani|buruh|"
        r"pekerja|pedagang|pelaku usaha|sopir|ibu|bapak|janda|yatim|korban|pengungsi|penyintas|penyandang|difabel|"
        r"relawan|kader|petugas|panitia|tim|kelompok|komunitas|yayasan|perusahaan|bank|polisi|polres|tni|kodim|penghuni|pemilik|"
        r"pendamping|pengurus|perangkat|tokoh|donatur|dermawan|pendaftar|pelamar|calon)\b",
        re.IGNORECASE,
    ),
    Kind.HOW: re.compile(
        r"\b(?:dengan|secara|kemudian|setelah|memanfaatkan|menggunakan|menyerahkan|buka|pilih|minta|diminta|jika|apabila|"
        r"harus|perlu|harap)\b",
        re.IGNORECASE,
    ),
    Kind.WHY: re.compile(
        r"\b(?:untuk|sehingga|sebagai|diharapkan|harapan\w*|upaya|dengan)\b",
        re.IGNORECASE,
    ),
}


# Without regard to case, letters are compared at half the speed: patterns that no capital matters to are held against
# a text in lower case instead. (But for "\u0131" and "\u017f", which would pass for an i and an s, that is the same.)
_IN_LOWER_CASE = {
    pattern.pattern: re.compile(pattern.pattern)  # by its text: a compiled pattern is hashed anew each time
    for pattern in (*_PATTERNS.values(), *_LOOSELY.values())
    if "(?-i:" not in pattern.pattern
}


def _found(pattern: re.Pattern[str], text: str) -> tuple[int, ...]:
    """Where a pattern matches, as offsets."""
    in_lower_case, lower = _IN_LOWER_CASE.get(pattern.pattern), text.lower()
    # A capital that becomes two letters ("\u0130") would put out the offsets after it.
    if in_lower_case is not None and len(lower) == len(text):
        pattern, text = in_lower_case, lower
    return tuple([match.start() for match in pattern.finditer(text)])


_CONDITIONS = re.compile(r"\W*(?:adapun )?(?:syarat|persyaratan|kriteria|ketentuan)(?:nya)?\b", re.IGNORECASE)


# A small archive's sentences are held against the same dozen patterns by every question.
@lru_cache(maxsize=8192)
def spots(kind: Kind, sentence: str) -> tuple[int, ...] | None:
    """Where a sentence holds the kind of thing asked for, as offsets; ``None`` for kinds that any may answer."""
    pattern = _PATTERNS.get(kind)
    if kind is Kind.AID and _CONDITIONS.match(sentence):
        return ()  # what one has to have to be given it
    return None if pattern is None else _found(pattern, sentence)


@lru_cache(maxsize=8192)
def loose_spots(kind: Kind, sentence: str) -> tuple[int, ...]:
    """Where a sentence holds what may pass for the kind of thing asked for."""
    pattern = _LOOSELY.get(kind)
    return () if pattern is None else _found(pattern, sentence)


_BETWEEN_ITEMS = re.compile(r",\s|;\s|\b(?:dan|serta|atau|maupun)\b")
_FIGURE = re.compile(r"(?<![\d.,])\d[\d.,]*")
_ANNOUNCES_LIST = re.compile(
    r"\b(?:terdiri|meliputi|di ?antaranya|antara lain|berupa|seperti|mencakup)\b|"
    r"\b(?:yakni|yaitu) (?!dalam rangka|untuk|agar|supaya|dengan)",
    re.IGNORECASE,
)


def enumerates(sentence: str) -> int:
    """How many items a sentence lists, roughly: commas and "dan" between them."""
    return len(_BETWEEN_ITEMS.findall(sentence))


def announces_list(sentence: str) -> bool:
    """Whether a sentence says that a list follows: "di antaranya", "seperti"."""
    return _ANNOUNCES_LIST.search(sentence) is not None


def figures(sentence: str) -> int:
    """How many numbers a sentence gives: what was really given is told with sums and counts."""
    return len(_FIGURE.findall(sentence))
