"""Things asked for by name that a sentence shows in a shape of their own: a telephone number, a link, a bank's name."""

from __future__ import annotations

import re
from functools import lru_cache

from index.attributes import MONTH, NO_LETTER, NUMBER_WORD, WEEKDAY, WHO

AGE = re.compile(
    rf"\b(?:\d{{1,3}}|{NUMBER_WORD}(?: belas| puluh)?(?: \w+)?) tahun\b(?! \d)|"
    r"\b(?:ber|se)?(?:usia|umur)\w*\s+(?:\w+\s+){0,3}\d|\(\d{1,3}\)",
    re.IGNORECASE,
)
CONTACT = re.compile(r"(?<![\d.,])(?:\(?0\d{2,3}\)?|\+?62)[-. ]?\d{3,}", re.IGNORECASE)  # a telephone number
# What is counted in units of its own: a number of anything else is no answer. Units asked for -> units that answer.
_MEASURES = (
    ("hari", "hari|pekan|minggu|bulan"),
    ("minggu|pekan", "hari|pekan|minggu|bulan"),
    ("bulan", "hari|pekan|minggu|bulan|tahun"),
    ("kali", "kali"),
    ("kilo|kilogram|kg", "kilo|kilogram|kg|gram|ton|kuintal"),
    ("ton", "kilo|kilogram|kg|ton|kuintal"),
    ("liter", "liter|mililiter|ml|kubik"),
    ("meter|kilometer|km|hektare?", r"m|cm|meter|kilometer|km|hektare?|ha"),
    ("menit", "menit|jam|detik"),
    ("pk|watt|volt|cc|gt", "pk|hp|watt|volt|cc|gt|tenaga kuda"),
)
_COUNTED = (
    "unit|buah|biji|ekor|orang|anak|keluarga|kk|rumah|siswa|murid|peserta|warga|relawan|kelompok|desa|kecamatan|"
    "kabupaten|titik|paket|pasang|lembar|kepala|jiwa|pasien|lansia|penerima|tempat"
)
# What has a name after its kind: "bank apa" is answered by "Bank Kalbar", and not by "sebuah bank".
_NAMED_AFTER = (
    ("bank", "bank|BPR|BPD|BRI|BNI|BSI|BTN"),
    ("perusahaan|pt", "perusahaan|PT|CV|UD"),
    ("universitas|kampus|perguruan tinggi", "universitas|institut|politeknik|sekolah tinggi|kampus|UIN|STIKES"),
    ("sekolah", "sekolah|SD|SDN|SMP|SMPN|SMA|SMAN|SMK|SMKN|SLB|MI|MTs|MA|TK|PAUD"),
    ("rumah sakit(?: jiwa)?", "rumah sakit|RS|RSU|RSUD|RSJ"),
    ("puskesmas", "puskesmas"),
    ("hotel", "hotel"),
    ("masjid", "masjid|musala"),
    ("yayasan", "yayasan"),
    ("panti", "panti"),
    ("partai", "partai"),
    ("jalan|jl", "jalan|jl"),
)
# What tells of contents: a list announced, a word for "holds", or things counted.
_HOLDS = r"\b(?:isi|berisi\w*|terdiri|berupa|meliputi|mencakup|antara|yakni|yaitu|seperti|memuat|mengatur)\b|\d"
# What asks -> what shows.
_NAMED: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asks), re.compile(shows, re.IGNORECASE))
    for asks, shows in (
        (
            r"\b(?:nomor|no|nomer) (?:telepon|telpon|telp|hp|wa|whatsapp|kontak|pengaduan|darurat|siaga)\b",
            CONTACT.pattern,
        ),
        (r"\b(?:lapor|adu|mengadu|hubungi|telepon|wa|kontak)\b.*\b(?:nomor|no|nomer) berapa\b", CONTACT.pattern),
        (
            r"\bkontak(?:nya)?\b|\bhotline\b|\bcall cent",
            rf"{CONTACT.pattern}|\b(?:hotline|call cent\w+|narahubung|telepon|kontak)\b",
        ),
        (
            r"\b(?:link|tautan|website|situs|laman|url)(?:nya)?\b",
            r"https?://|www\.|\w\.(?:id|com|org|net)\b|\b(?:situs|laman|tautan|aplikasi)\b",
        ),
        (r"\balamat(?:nya)?\b", r"\b(?:jalan|jl|gang|kompleks?|alamat|beralamat|rt|blok)\b"),
        (
            # not a group of people by its age: "lanjut usia", "anak usia dini"
            r"(?<!lanjut )(?<!anak )(?<!bawah )\b(?:umur|usia)(?:nya)?\b"
            r"(?! (?:\d|lanjut|dini|sekolah|produktif|subur|emas|muda|tua))",
            AGE.pattern,
        ),
        (r"\bdari mana\b|\basal(?:nya)?\b", r"\bdari\b|\basal"),
        (r"\bke ?mana\b", r"\b(?:ke|kepada|menuju|di)\b"),
        (
            r"\b(?:lewat|melalui) (?:mana|apa|siapa)\b",
            r"\b(?:lewat|melalui|via|ke|kepada|situs|laman|aplikasi|kantor)\b",
        ),
        (
            r"\b(?:jam|pukul) berapa\b",
            r"\b(?:pukul|jam)\s+(?:\d|[a-z]+ (?:pagi|siang|sore|malam))|\b\d{1,2}[.:]\d{2}\b",
        ),
        (
            r"\btanggal (?:(?:dan|bulan|hari) ){0,2}berapa\b",
            rf"\b\d{{1,2}}(?:\s+{MONTH}\b|[/-]\d)|\btanggal \d|\b\d{{1,2}} (?:sampai|hingga|-) \d",
        ),
        # a number of things, and no sum of money
        (
            rf"\bberapa (?:banyak )?(?:{_COUNTED})\b",
            rf"(?<![\d.,]){NO_LETTER}(?<!rp )(?<!rp\.)(?<!rp\. )\d|\b{NUMBER_WORD}\b",
        ),
        *((rf"\bberapa (?:{asks})\b", rf"(?:\d|{NUMBER_WORD})\s*(?:{shows})\b") for asks, shows in _MEASURES),
        (
            r"\bjabatan(?:nya)? (?:\w+ ){0,3}apa\b|\bapa jabatan|\bmenjabat (?:sebagai )?apa\b",
            r"\b(?:kepala|ketua|wakil|bupati|wali ?kota|gubernur|sek(?:da|retaris)\w*|camat|lurah|menteri|direktur|"
            r"asisten|koordinator|kabid|kasi|kadis\w*|kadinsos\w*|penjabat|pj|plt|pimpinan|komandan|anggota|staf|bendahara|"
            r"pendamping|pembina|juru bicara|manajer|rektor|kapolres|dandim)\b",
        ),
        (r"\bhari apa\b", rf"\b{WEEKDAY}\b|\bsetiap hari\b|\bhari kerja\b"),
        (r"\blahir(?:nya)?\b", r"lahir"),
        (r"\bmere?k(?:nya)?\b", r"\bmere?k\b"),
        *(
            (
                rf"\b(?:{asks}) apa\b(?! (?:saja|aja|itu|tidak|enggak|belum|sudah|bukan))|\bnama(?:nya)? (?:{asks})\b",
                rf"\b(?:{shows})\b\.? (?-i:[A-Z\d])",
            )
            for asks, shows in _NAMED_AFTER
        ),
        (r"\bnama nama\b|\bnama(?:nya)?\b.*\bsiapa\b|\bsiapa\b.*\bnama(?:nya)?\b", WHO.pattern),
        (r"\bwarna(?:nya)?\b", r"\b(?:warna|merah|putih|biru|hijau|kuning|hitam|cokelat|ungu|oranye)"),
        (
            r"\b(?:ukuran|luas)(?:nya)?\b(?!.*\b(?:kapan|siapa)\b)",
            r"\b(?:ukuran|luas|seluas)|\d\s*(?:x|cm|meter|m2|hektare?)\b",
        ),
        (r"\b(?:lowongan|loker|rekrutmen)\b", r"\b(?:lowongan|loker|rekrut|formasi|seleksi)"),
        (
            r"\b(?:gaji|honor|upah)(?:nya)?\b",
            r"\b(?:\w*gaji|honor|upah|insentif|tali asih|dibayar|bayaran|imbalan|tunjangan)",
        ),
        (
            r"\b(?:nomor|no|nomer)(?:nya)? (?:dinsos\w*|dinas|posko|pengaduan|kantor|call|puskesmas|ambulans|admin|"
            r"petugas|pendamping|tagana|bpbd|camat|lurah|kader|bank|rumah sakit|rs\w*|polsek|polres|layanan)\b"
            r".*\bberapa\b",
            CONTACT.pattern,
        ),
        (r"\b(?:nomor|no|nomer) rekening\b|\brekening (?:donasi|sumbangan|bantuan)\b", r"\d[\d .-]{6,}\d"),
        (r"\btarget(?:nya)?\b.*\bberapa\b|\bberapa target", r"\b(?:\w*target\w*|menargetkan|sasaran|menyasar)\b"),
        (
            r"(?<!mau )(?<!untuk )(?<!bisa )(?<!cara )\bisi(?:nya)? (?!data|formulir)(?:.*\b)?apa\b(?! (?:saja|aja))|"
            r"\bberupa apa\b",
            _HOLDS,
        ),
        # how a plan ended: what was planned or hoped says nothing of it
        (
            r"\b(?:akhirnya|jadinya|jadi (?:dapat|mendapat\w*|di\w+|ter\w+)|berhasil|sukses|tercapai|terwujud|pecah)\b"
            r".*\b(?:tidak|belum|enggak)\W*$",
            r"\b(?:berhasil|sukses|meraih|tercapai|terwujud|gagal|batal|tercatat|belum|sudah|telah|pecah)\b",
        ),
    )
)


# "Nama pompong yang tenggelam": the kind of thing, with a name of its own after it.
_NAME_OF = re.compile(
    r"^nama (?!nama|lengkap|lain|baru|lama|resmi|asli|siapa|apa|penerima|anggota|peserta|orang|yang|pak|bu|ibu|bapak)"
    r"([a-z]{3,}?)(?:nya)?\b"
)


def shown_by(words: str) -> tuple[re.Pattern[str], ...]:
    """What a sentence must show to answer a question (mended, lower case) that asks for such things by name."""
    shown = tuple(shows for asks, shows in _NAMED if asks.search(words))
    named = None if shown else _NAME_OF.search(words)
    return (_named(named[1]),) if named else shown


@lru_cache(maxsize=256)
def _named(noun: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b{noun}\b(?:\s+(?!(?:di|ke|dari|oleh)\b)(?-i:[a-z]+)){{0,2}}[\s,:(]+(?:[\"“'‘]|(?-i:[A-Z]))|"
        r"\b(?:bernama|dinamai|dinamakan|diberi nama|berinisial)\b",
        re.IGNORECASE,
    )
