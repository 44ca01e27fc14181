"""What kind of thing a question asks for, by how Indonesian asks."""

from __future__ import annotations

import re

from index.attributes import Kind

_SPEAKERS = (
    r"beliau|bupati|wabup|wali ?kota|gubernur|sek(?:da|retaris)\w*|kepala|kadis\w*|kadinsos|ketua|camat|lurah|menteri|"
    r"pejabat|pj|pem(?:kab|kot|prov|da)|dinas|dinsos\w*"
)
# What one goes somewhere for.
_STEPS = (
    r"(?:men)?daftar|(?:me)?lapor|(?:meng)?urus|(?:meng)?aju|(?:meng)?usul|cek|mengecek|(?:meng)?ambil|cairkan|mencairkan|"
    r"(?:men)?dapat|membuat|hilang"
)
_ASKS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        # Order matters: the more particular wording first ("tahun berapa" is a when, not a count).
        (Kind.WHY, r"^(?:min |kak |pak |bu )?(?:kenapa|mengapa)\b"),
        (Kind.OPEN, r"\bjabatan(?:nya)?\b(?=.*\bapa\b)|\b(?:menjabat|jadi|sebagai) apa\b"),
        (Kind.DEFINITION, r"\b(?:kepanjangan(?:nya)?|singkatan(?:nya)?|akronim|pengertian|definisi(?:nya)?)\b"),
        (
            Kind.DEFINITION,
            r"\bapa (?:yang )?(?:di)?maksud(?:nya)?\b|\bmaksud(?:nya)? (?:dari )?\S+ apa\b|"
            r"\b(?:maksud|arti)nya (?:apa|bagaimana|siapa)\b|\b(?:itu|tuh) yang (?:bagaimana|seperti apa)\b|"
            r"^\S+ (?:itu|tuh) (?:\S+ ){0,2}(?:yang )?seperti apa\b",
        ),
        (
            Kind.DEFINITION,
            r"\b(?:apa|apakah) (?:sih )?itu\b|^\W*apa(?:kah)? sebenarnya\b|\bapa (?:sih )?artinya\b|\barti(?:nya)?\b",
        ),
        (
            Kind.DEFINITION,
            r"\b(?:itu|adalah|tuh|ialah) (?:sebenarnya )?(?:apa|apaan)(?: (?:sih|ya|itu|toh|to|kah))*\W*$",
        ),
        (
            Kind.DEFINITION,
            r"^(?:\S+ ){1,3}(?:itu|adalah|ialah) (?!(?:gara|karena|sebab|akibat|untuk|buat|jalan) )\S+ apa"
            r"(?: (?:sih|ya))*\W*$",
        ),
        (Kind.DEFINITION, r"^apa(?:kah)? (?:sih )?(?!saja|aja)(?:\S+ ){1,3}itu\W*$"),
        (
            Kind.DEFINITION,
            r"\b(?:itu|tuh|adalah) (?:penyakit|surat|program|lembaga|organisasi|istilah|kartu|aplikasi|bantuan) apa\b",
        ),
        (Kind.ORDINAL, r"(?<!\bberapa )\bke[- ]?berapa\b"),  # "dari berapa ke berapa" is how many
        (
            Kind.WHEN,
            r"\b(?:kapan(?:kah)?|(?:tanggal|hari|jam|pukul|tahun|bulan) (?:berapa|apa))\b|\b(?:berapa lama)\b",
        ),
        (
            Kind.WHEN,
            r"\bjadwal(?:nya)?\b|\bwaktu(?:nya)? (?:pelaksanaan|kapan)\b|\bdeadline\b|\bbatas (?:akhir|waktu)\b",
        ),
        (Kind.PERCENT, r"\bberapa (?:persen|%)|\bpersen(?:tase|nya)?\b|\bprosentase"),
        (Kind.MONEY, r"\bberapa (?:rupiah|duit|uang|juta|ribu|dana|anggaran|biaya|harga|nominal|nilai|rp)\b"),
        (
            Kind.MONEY,
            r"\b(?:besar(?:an|nya)?|nominal(?:nya)?|nilai(?:nya)?|harga(?:nya)?|anggaran(?:nya)?|dana(?:nya)?|"
            r"biaya(?:nya)?|duit(?:nya)?|uang(?:nya)?|rupiah)\b.*\bberapa\b",
        ),
        (
            Kind.MONEY,
            r"^(?!.*\bsiapa\b)(?:(?:harga|biaya|tarif|nominal|besaran|anggaran|ongkos)(?:nya)?\b|.*\bharga(?:nya)?\b)",
        ),
        (
            Kind.MONEY,
            r"\b(?:dibayar|digaji|diupah|dihargai|dijual|bayar(?:nya)?|gaji(?:nya)?|iuran(?:nya)?) berapa\b"
            r"(?! (?:kali|hari|minggu|bulan|tahun|ekor|unit|buah|orang|kilo\w*|kg|ton|liter)\b)",
        ),
        (Kind.COUNT, r"\bberapa(?:kah)?\b|\bjumlah(?:nya)?\b"),
        (
            Kind.WHERE,
            r"\b(?:di|ke|dari) (?:sebelah |kota |kabupaten |kab |kecamatan |desa |kelurahan |provinsi |gedung |aula |"
            r"balai |lapangan |kantor |tempat |rumah sakit |sekolah |pasar |posko |taman |daerah )"
            r"(?:mana|apa)\b(?! (?:saja|aja))|"
            r"\b(?:sebelah|tempat(?:nya)?) mana\b(?! (?:saja|aja))",
        ),
        (
            Kind.WHO,
            r"\b(?:instansi|dinas|pihak|lembaga|badan|bagian|perusahaan|yayasan|organisasi|opd|kementerian|komunitas) "
            r"(?:mana|apa)\b(?! (?:saja|aja))",
        ),
        (Kind.WHERE, r"\bdi ?mana(?:kah)?\b|\blokasi(?:nya)?\b|\btempat(?:nya)? (?:di )?mana\b|\balamat"),
        (
            Kind.REQUIREMENT,
            r"\b(?:syarat\w*|persyaratan\w*|ketentuan\w*|kriteria\w*|dokumen apa|berkas apa)\b|"
            r"\b(?:berkas|dokumen)(?:nya)? .*\bapa\b|\b(?:mem)?bawa (?:surat |berkas )?apa\b|"
            r"\b(?:siapkan|menyiapkan|lampirkan|melampirkan) apa\b",
        ),
        (
            Kind.OPEN,  # "kalimat lengkapnya bagaimana": what was said, not how
            r"\b(?:kalimat|kutipan|bunyi|isi|pernyataan|ucapan|kata)(?:nya)?\b.*\bbagaimana\b",
        ),
        (
            # what somebody thinks should be done, and what there is to say of a case: no steps for the asker to take
            Kind.OPEN,
            rf"^(?!.*\b(?:{_STEPS})).*(?:\bmenurut (?:pak |bu |bapak |ibu )?(?:{_SPEAKERS})\b"
            r".*\b(?:bagaimana|cara(?:nya)?)\b|"
            rf"\b(?:bagaimana|cara(?:nya)?)\b.*\b(?:menurut|kata|ujar) (?:pak |bu |bapak |ibu )?(?:{_SPEAKERS})\b)|"
            rf"^kalau\b(?!.*\b(?:{_STEPS})).*\bbagaimana\W*$",
        ),
        (Kind.HOW, r"\b(?:bagaimana(?:kah)?(?: cara)?|cara(?:nya)?|langkah\w*|prosedur\w*|mekanisme\w*)\b"),
        (
            Kind.AID,
            r"\b(?:bantuan|bansos|santunan|sumbangan|hibah)(?:nya)?\b"
            r".*\b(?:apa|(?<!ke )(?<!di )(?<!lewat )mana|ngapain)\b|"
            r"\b(?:dapat|mendapat|mendapatkan|menerima|memperoleh|diberi|diberikan|dibantu) apa\b|"
            r"^(?!.*\b(?:siapa|mana|kapan|bagaimana|kenapa|mengapa)\b).*\bdapat bantuan\b|"
            # who types no more than this asks what there is
            r"^(?!.*\b(?:siapa|kapan|mana|berapa|belum|sudah|tidak|atau|cair|kok|di[a-z]{4,})\b)"
            r"(?:info |ada )?(?:bantuan|bansos) (?:sosial )?di (?:(?:kota|kabupaten|kab|provinsi|kecamatan|desa) )?"
            r"(?:\S+ )?\S+\W*$",
        ),
        (Kind.WHY, r"^(?:maksud(?:nya)? (?:\S+ ){2,}apa|(?:melakukan apa|ngapain) (?!saja|aja))\b"),
        (Kind.AID, r"\bapa\b.*\b(?:bantuan|bansos|santunan|sumbangan|hibah)\b"),
        (
            Kind.LIST,
            r"\b(?:apa|siapa|(?<!di )mana) ?(?:saja|aja)\b|\bsebutkan\b|\bdaftar (?:nama|penerima|anggota|peserta)",
        ),
        (
            Kind.WHO,
            r"\bsiapa(?:kah)?\b|\bnama (?:bupati|wali|ketua|kepala|gubernur|pejabat|camat|lurah|sekda|menteri)\b",
        ),
        (
            Kind.WHY,
            r"\b(?:kenapa|mengapa|alasan\w*|sebab\w*|tujuan\w*|manfaat\w*|untungnya|gunanya|fungsi\w*|"
            r"untuk apa|buat apa|(?:karena|sebab|akibat|gara) apa)\b|"
            r"^(?:min |kak |pak |bu )?kok\b|\bkok (?:tidak|belum|bisa|malah|masih|cuma|hanya|sampai)\b",
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


def question_asked(text: str) -> Kind | None:
    """What a heading or sentence of an article asks for, when it is a question."""
    text = text.strip()
    return asked_kind(" ".join(re.findall(r"\w+", text.lower())) + " ?") if text.endswith("?") else None


_SEVERAL = re.compile(
    r"\b(?:daerah|kabupaten|kota|wilayah|provinsi|tempat|artikel|berita|kegiatan|kab|instansi|dinas|pemda)(?:nya)?"
    r" ?(?:/ ?kota )?(?:apa|mana|yang mana) ?(?:saja|aja)\b|\bdi ?mana (?:saja|aja)\b|"
    r"\b(?:artikel|berita) (?:yang )?mana\b|\bdi daerah mana\b|"
    # "di kota mana" is where one thing was
    r"(?<!\bdi )(?<!\bke )(?<!\bdari )\b(?:daerah|kabupaten|provinsi|kota) mana\b|"
    r"\b(?:mem)?banding\w*|\bperbedaan\b|\bbeda(?:nya)?\b"
)


def asks_for_several(words: str) -> bool:
    """Whether a question wants several articles ("daerah mana saja ...") and not one fact."""
    return _SEVERAL.search(words) is not None
