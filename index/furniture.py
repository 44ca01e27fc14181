"""What a newsroom's page puts around its article: links, share buttons, bylines, credits, dates of publication.

The wordings are those of Indonesian news sites and of the content systems they run on, whatever the outlet.
"""

from __future__ import annotations

import re

from index.dates import find_dates
from index.folding import fold, letter_runs

# Rules are tried on folded text, but for those that tell capitals from small letters.

_SEE_ALSO = (
    r"(?:baca|lihat|simak|tonton|klik)\s{0,3}(?:juga|pula|selengkapnya|selanjutnya)"
    r"|artikel\s+(?:ini\s+)?lainnya|baca\s+berita"
)
_LINK_LINE = re.compile(
    rf"[\W_]{{0,6}}(?:{_SEE_ALSO})\b(?=\s*(?:[:：;>»\-–—|]|$|[a-z'\"“‘0-9]|berita|artikel|video|selengkapnya|di\b))"
    r"|[\W_]{0,6}(?:simak|saksikan|tonton|lihat|cek|dapatkan|ikuti|baca|gabung|temukan)\b[^.!?]{0,80}\b(?:video|"
    r"berita|artikel|"
    r"update|channel|saluran|google\s+news|whatsapp|telegram|breaking\s+news|news\s+update)\b"
)
_LABEL_LINE = re.compile(
    r"[\W_]{0,4}(?:tags?|topik|kata\s+kunci|label|kategori|kanal|pilihan\s+(?:editor|redaksi)|editor|penulis|reporter|pewarta|wartawan|jurnalis|"
    r"kontributor|redaktur|penyunting|laporan|uploader|pengunggah|author|writer|sumber(?:\s+(?:berita|artikel|"
    r"foto))?|source|"
    r"copyright|hak\s+cipta|dibaca|dilihat|views?|pembaca|share|bagikan|sebarkan|halaman|page|posted|diposting|"
    r"diunggah|dipublikasikan|dipublikasi|diterbitkan|terbit|tayang|updated?|diperbarui|publish(?:ed)?|"
    r"last\s+updated?)"
    r"(?:\s+(?:by|oleh|on|ke|di|pada|artikel|berita|ini|terkait|populer))?(?:\s*[:：|]|\s*$)"
)
_BYLINE = re.compile(
    r"(?:oleh|by|ditulis\s+oleh|dilaporkan\s+oleh)\s*:?\s+[a-z][\w.'’]*(?:[\s,]+[a-z][\w.'’]*){0,4}[\s,]*(?:[-|"
    r"/].{0,60})?$"
)
# "Diposting oleh Admin Desa di 09.12", without the colon of a label
_POSTED_BY = re.compile(
    r"(?:diposting|diposkan|posted|ditulis|diunggah|dipublikasikan|diterbitkan)\s+(?:oleh|by)\s[^.!?]{1,50}"
    r"(?:\d[.:]\d\d[^.!?]{0,20})?$"
)
_PAGE_NUMBER = re.compile(
    r"(?:halaman|page|laman)\s+(?:\d{1,2}(?:\s?/\s?|\s(?:of|dari)\s)?\d{0,2}|"
    r"selanjutnya|berikutnya|sebelumnya)[\W_]*$"
)
_PHRASE = re.compile(
    r"(?:share|shares|bagikan|sebarkan|salin\s+tautan|copy\s+link|cetak|print|e-?mail|facebook|twitter|"
    r"whats\s?app|telegram|line|x|"
    r"instagram|tiktok|youtube|pinterest|linkedin|threads|messenger|tweet|pin|like|suka|komentar|comments?|reply|"
    r"balas|"
    r"home|beranda|menu|search|cari|login|masuk|daftar|advertisement(?:\s+by\s+\w+)?|iklan|adv|advertorial|"
    r"scroll\s+to\s+(?:continue|resume)"
    r"(?:\s+(?:with\s+)?(?:content|reading))?|scroll\s+untuk\s+(?:melanjutkan|lanjut)(?:\s+membaca)?|"
    r"lanjutkan\s+membaca|"
    r"loading|memuat|next|prev(?:ious)?|selanjutnya|sebelumnya|berikutnya|selengkapnya|lihat\s+semua|"
    r"a-?|a\+|dengarkan(?:\s+artikel)?|simpan|bookmark|ukuran\s+(?:font|huruf)|font\s+size|kecil|besar|sedang|"
    r"default|"
    r"skip\s+to\s+content|tutup|close|back\s+to\s+top|kembali\s+ke\s+atas|all\s+rights\s+reserved|redaksi|"
    r"pedoman\s+media\s+siber|"
    r"follow(?:\s+us)?|ikuti(?:\s+kami)?|subscribe|berlangganan|google\s+news|news|video|foto|kirim|wa|fb|ig|via|"
    r"di|ke|dan|on|"
    r"\d{1,6}(?:\s*(?:views?|shares?|komentar|comments?|kali(?:\s+dibaca)?|dibaca|menit(?:\s+baca)?|min\s+read))?)"
)
_FOLLOW = re.compile(
    r"(?:ikuti|follow|dapatkan|gabung|bergabung|subscribe|berlangganan|download|"
    r"unduh)\b.{0,160}\b(?:google\s*news|whats\s?app|telegram|"
    r"instagram|facebook|twitter|youtube|tiktok|aplikasi|channel|saluran|kami\s+di|grup)\b"
    r"|(?:jangan\s+lupa|klik)\b.{0,60}\b(?:subscribe|di\s*sini|link|follow)\b"
    r"|(?:©|\(c\)|copyright|hak\s+cipta)\s{0,2}(?:©|\(c\))?.{0,120}$"
    r"|(?:dilarang\s+keras|seluruh\s+hak\s+cipta|artikel\s+ini\s+telah\s+(?:tayang|terbit)|"
    r"berita\s+ini\s+telah\s+tayang|"
    r"konten\s+ini\s+(?:adalah|merupakan)|simak\s+berita|update\s+berita|dapatkan\s+(?:update|berita)|"
    r"temukan\s+berita|"
    r"cek\s+berita|baca\s+berita|tinggalkan\s+(?:balasan|komentar)|tulis\s+komentar|leave\s+a\s+(?:reply|comment)|"
    r"alamat\s+e-?mail\s+anda|your\s+email|belum\s+ada\s+komentar|jadilah\s+yang\s+pertama|silakan\s+(?:login|"
    r"masuk))\b"
)
# What opens a list of other articles' headlines, or the readers' comments; nothing of this article follows the latter.
_OPENS_LINKS = re.compile(
    r"[\W_]{0,4}(?:(?:berita|artikel|baca|konten|video|pos|post|tulisan)\s+(?:terkait|lainnya|lain|terpopuler|"
    r"populer|terbaru|terkini|"
    r"pilihan|rekomendasi|utama|sebelumnya|selanjutnya)|terkait|terpopuler|terbaru|terkini|"
    r"rekomendasi(?:\s+untuk\s+anda)?|"
    r"related\s+(?:posts?|articles?|news)|you\s+(?:may|might)\s+(?:also\s+)?like|trending|populer|most\s+popular|"
    r"pilihan\s+(?:editor|redaksi|untuk\s+anda)|recommended(?:\s+articles?)?|rekomendasi\s+(?:berita|artikel)|"
    r"baca\s+juga|lihat\s+juga|\w{2,20}\s+video|news\s+update|headline)\s*[:：]?[\W_]{0,3}(?:#.{0,40})?$"
)
_CLOSES_PAGE = re.compile(
    r"[\W_]{0,4}(?:(?:komentar|comments?)(?:\s(?:anda|pembaca|facebook))?(?=\s*(?:[\d(:：]|$))|(?:tidak|belum)\s+ada\s+komentar|posting\s+komentar|kirimkan\s+ini\s+lewat|"
    r"tinggalkan\s+(?:balasan|komentar)|tulis\s+komentar|leave\s+a\s+(?:reply|"
    r"comment)|©|copyright\b)"
    r".{0,80}$"
)
_URL_LINE = re.compile(r"\S{0,3}(?:https?://|www\.)\S+$")
_BREADCRUMB = re.compile(r"(?:home|beranda|depan|index)\s*(?:[>/»›|\\→]|::).{0,200}$")
_CRUMBS = re.compile(r"[\w&. ]{2,30}(?:\s*[>»›]\s*[\w&.,' -]{2,120}){1,6}$")
_CLOCK = re.compile(
    r"\b\d{1,2}[.:]\d{2}(?:[.:]\d{2})?\b|\b(?:wib|wita|wit|am|pm|gmt|pukul|jam|hari|tanggal|diperbarui|"
    r"dipublikasikan|dipublikasi|diterbitkan|"
    r"terbit|tayang|update[d]?|last|publish(?:ed)?|posted|on|pada|lalu|menit|ago|editor|admin|redaksi|views?|"
    r"dibaca|kali|dilihat|"
    r"comments?|komentar|share)\b|\d+\s*x\b|\d+"
)
# "... selesai. Baca juga: Judul lain": from here on a link; without a stop before it, it has a capital and a colon.
_INLINE_LINK = re.compile(
    r"(?<=[.!?”\"’)\]*])\s{0,3}[\[(]?\s?(?i:baca|lihat|simak)\s{1,3}(?i:juga|pula)\s{0,2}[:：;]?\s"
    r"|(?P<amid>(?<=[\w,])\s{1,3}(?:Baca|BACA|Lihat|LIHAT|Simak|SIMAK)\s{1,3}(?i:juga|pula)\s{0,2}[:：]\s)"
)
_SEE = re.compile(r"(?:baca|lihat|simak)\s{1,3}(?:juga|pula)")
# What somebody says begins a sentence of its own; a headline's quotation marks hold no comma before a verb of saying.
_STATEMENT = re.compile(
    r"\s(?=[\"“][A-Z][^\"“”]{15,400},[\"”]\s(?:kata|ujar|tutur|ucap|jelas|terang|ungkap|imbuh|tambah|papar|sebut|beber|"
    r"tegas|demikian)\w*\b)"
)
# A headline in title case: its first word that is neither capital nor one of the small ones is the sentence's again.
_HEADLINE = re.compile(
    r"\s*(?:(?:[A-Z0-9'\"‘“(][^\s]*|dan|di|ke|dari|untuk|bagi|yang|pada|dengan|dalam|oleh|saat|atau|serta|agar|soal|usai|"
    r"hingga|jadi|tak)[\s]+){4,}?(?=[a-z])(?!(?:dan|di|ke|dari|untuk|bagi|yang|pada|dengan|dalam|oleh|saat|atau|serta|"
    r"agar|soal|usai|hingga|jadi|tak)\s)"
)
_STOP_INSIDE = re.compile(r"[.!?](?=\s)")
# Only after a sentence has ended: "... Lansia (ODGJ)." is content, "... Lansia. (why)" a reporter's mark.
_END_BYLINE = re.compile(
    r"(?<=[.!?…\"'”“’*])\s*(?:[\[(][^()\[\]\n]{1,40}[\])]|"
    r"[/—–-]{1,2}\s?[a-z]{2,5}(?:[/-][a-z]{2,5}){0,3})\s*[.*■▪#]{0,4}$"
)
_INITIALS = re.compile(r"\s*[\[(](?:[a-zA-Z]{2,6}(?:\s?[/-]\s?[a-zA-Z]{2,10}){1,3}|\*{1,3})[\])]\s*[.*]{0,3}$")
_END_MARKS = re.compile(r"(?:\s*[*■▪•#_])+$")
_MARKS = tuple("*■▪•#_")
# What the end of a paragraph with a byline or initials looks like from behind: most end otherwise.
_CLOSING_BACKWARDS = re.compile(r"[.*■▪#]{0,4}\s*(?:[\])]|[a-z]{2,5}\s?[/—–-])")
_LONE_MARK = re.compile(r"[\W_]*$|[\[(][^()\[\]]{1,40}[\])][\s.*]*$|[a-z]{2,5}/[a-z]{2,5}(?:/[a-z]{2,5})?$")
_CREDIT = re.compile(
    r"[\s(\[|/–-]*(?i:\b(?:foto|photo|image|gambar|kredit|dok|dokumentasi|ilustrasi|"
    r"sumber\s+foto))\s?(?:oleh\s?)?[:：./(]\s?[^.!?]{1,90}[.)\]]*$"
    r"|\s*[(\[]\s?(?i:foto|photo|dok|dokumentasi|ist|istimewa|ilustrasi|antara)\b[^()\[\]]{0,80}[)\]][\s.]*$"
    r"|\s*[(\[][^()\[\]]{2,60}\bFOR [A-Z][A-Za-z. ]{3,30}[)\]][\s.]*$"
    r"|\s*[(\[]?\bANTARA(?: FOTO)?/[\w./ -]{3,60}[)\]]?[\s.]*$"
    r"|\s*[(\[]?\b[A-Za-z]\w+\.(?:com|id|co\.id|net)/[A-Z][^.()!?]{1,60}[)\]]?\s*$"
)
# What each of these credits holds before its last character; "foto" and "oleh" may be written as one.
_CREDIT_SIGN = re.compile(r"[:：./(\[]")
_CREDIT_WORDS = frozenset(
    word.encode()
    for label in "foto photo image gambar kredit dok dokumentasi ilustrasi".split()
    for word in (label, f"{label}oleh")
) | frozenset(b"ist istimewa antara for com id net".split())
_AUTHOR_AND_SITE = re.compile(
    r"(?:[a-z][\w.'’]+ ){1,4}[-–|] (?:detik|tribun|kompas|antara|suara|radar|\w+(?:\.com|\.id|"
    r"news)\b)\w*$"
)
_CAPTION_LABEL = re.compile(
    r"[\W_]{0,3}(?:(?:ket(?:erangan)?\.?\s*)?(?:foto|gambar)|caption|photo|teks\s+foto|foto\s+bersama)\s*[:：]\s*"
    r"|[\W_]{0,3}(?:foto\s+)?ilustrasi\b[\s:.]*|[\W_]{0,3}ket(?:erangan)?\.?\s*[:：]\s*"
)
_WORD, _DIGIT, _STOP = re.compile(r"\w"), re.compile(r"\d"), re.compile(r"[.!?](?:\s|$)")
_BESIDE_LABELS = re.compile(r"[^\w\s+-]")
_BLANKED = {code: " " for code in range(128) if _BESIDE_LABELS.match(chr(code))}
_LONGEST = 400  # characters; longer lines are the article's
# What a whole line may be, and how long; and all of it at once, which tells of most lines that they are none of it.
_WHOLE_LINES = (
    (_LINK_LINE, _LONGEST), (_LABEL_LINE, 200), (_FOLLOW, 300), (_OPENS_LINKS, 60), (_URL_LINE, _LONGEST),
    (_BREADCRUMB, _LONGEST), (_BYLINE, 80), (_POSTED_BY, 80), (_PAGE_NUMBER, 80),
)  # fmt: skip
_OF_A_KIND = re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in _WHOLE_LINES))


def is_furniture(line: str) -> bool:
    """Whether a whole line is the page's and not the article's."""
    text = line.strip()
    if not text or len(text) > _LONGEST:
        return not text
    folded = fold(text)
    if _OF_A_KIND.match(folded) and any(
        len(text) <= longest and pattern.match(folded) for pattern, longest in _WHOLE_LINES
    ):
        return True
    return bool(
        ((">" in text or "»" in text or "›" in text) and _CRUMBS.match(text) and not text.endswith("."))
        or _LONE_MARK.match(text)
        or _is_buttons(folded)
    )


def opens_links(line: str) -> bool:
    """Whether other articles' headlines follow this line ("Berita Terkait")."""
    return len(line) <= 60 and bool(_OPENS_LINKS.match(fold(line)))


def closes_page(line: str) -> bool:
    """Whether nothing of the article follows this line (comments, copyright)."""
    return len(line) <= 120 and bool(_CLOSES_PAGE.match(fold(line)))


def is_clock(line: str) -> bool:
    """Whether a line holds the time of publication and nothing else ("Senin, 12 Februari 2024 | 10:30 WIB")."""
    if len(line) > 120 or not _DIGIT.search(line):
        return False
    dates = find_dates(line)
    if not any(mention.date.day for mention in dates):
        return False
    rest = fold(line)
    for mention in reversed(dates):
        rest = rest[: mention.start] + rest[mention.end :]
    return not _WORD.search(_CLOCK.sub("", rest))


def is_credit_of_author(line: str) -> bool:
    """Whether a line above the article names its author and time: "Admin Dinsos - 12 Februari 2024"."""
    if len(line) > 100 or _STOP.search(line):
        return False
    if _AUTHOR_AND_SITE.match(fold(line)):
        return True
    return bool(_DIGIT.search(line)) and any(mention.date.day and mention.date.year for mention in find_dates(line))


def content_length(text: str) -> int:
    """Return how much of a paragraph is the article's: without bylines, end marks and a closing "(Baca juga: ...)"."""
    end = len(text)
    while True:
        tail_from = max(0, end - 200)
        tail = text[tail_from:end].rstrip()
        before = len(tail)
        if tail.endswith(_MARKS):
            tail = _cut(tail, _END_MARKS, tail_from)
        if _CLOSING_BACKWARDS.match(tail[::-1]):
            tail = _cut(_cut(tail, _END_BYLINE, tail_from), _INITIALS, tail_from)
        end = tail_from + len(tail)
        if len(tail) == before:
            return end


def _cut(tail: str, pattern: re.Pattern[str], tail_from: int) -> str:
    """Return a tail without what a pattern finds at its end, unless nothing would be left of the whole."""
    found = pattern.search(tail)
    return tail[: found.start()].rstrip() if found and (tail_from or found.start()) else tail


def inline_links(text: str) -> list[tuple[int, int]]:
    """Return the stretches of a paragraph that only point to another article, each to where its headline ends."""
    folded = fold(text)
    if "juga" not in folded and "pula" not in folded:
        return []
    spans: list[tuple[int, int]] = []
    see = _SEE.search(folded)
    while see:
        at = see.end()
        # The words first: five characters before them at most and four after them belong to the link.
        found = _INLINE_LINK.search(text, max(spans[-1][1] if spans else 0, see.start() - 5), at + 4)
        if found:
            at = _headline_end(text, found)
            spans.append((found.start(), at))
        see = _SEE.search(folded, at)
    return spans


def _headline_end(text: str, link: re.Match[str]) -> int:
    """Return where the headline after an inline "Baca juga:" ends: in doubt with the sentence, or the paragraph."""
    at = link.end()
    statement = _STATEMENT.search(text, at, at + 600)
    stop = _STOP_INSIDE.search(text, at, at + 400)
    if statement and statement.start() <= min(at + 200, stop.start() if stop else len(text)):
        return statement.end()
    amid = _HEADLINE.match(text, at, at + 200) if link["amid"] else None
    if amid and not (stop and stop.end() <= amid.end()):
        return amid.end()
    if stop and content_length(text[stop.end() : stop.end() + 2000].lstrip()) > 25:
        return stop.end()
    return len(text) if len(text) - link.start() <= 400 else link.start() + 200


def caption_span(text: str) -> tuple[int, int] | None:
    """Return the caption within a photo's line, without its label and credit; ``None`` when it is no photo's line."""
    if len(text) > 500:
        return None
    folded = fold(text)
    label = _CAPTION_LABEL.match(folded)
    credit, tail = None, max(0, len(text) - 160)
    if _CREDIT_SIGN.search(text, tail, len(text) - 1) and not _CREDIT_WORDS.isdisjoint(letter_runs(folded[tail:])):
        credit = _CREDIT.search(text, tail)
    if label is None and credit is None:
        return None
    start = label.end() if label else 0
    end = credit.start() if credit and credit.start() >= start else len(text)
    return start, max(start, len(text[:end].rstrip()))


def _is_buttons(text: str) -> bool:
    """Whether a short line consists of button labels only ("Facebook Twitter WhatsApp", "A A A")."""
    if len(text) > 100:
        return False
    rest = (text.translate(_BLANKED) if text.isascii() else _BESIDE_LABELS.sub(" ", text)).strip()
    at = 0
    while at < len(rest):
        found = _PHRASE.match(rest, at)
        if not found or found.end() == at or (found.end() < len(rest) and not rest[found.end()].isspace()):
            return False
        at = found.end()
        while at < len(rest) and rest[at].isspace():
            at += 1
    return True
