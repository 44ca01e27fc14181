"""Documents made for the tests of intake, good and hostile ones, all small."""

from __future__ import annotations

import io
import zipfile
import zlib

import docx

REPORT = (
    "Dinas Sosial Kabupaten Pacitan menyalurkan bantuan kepada 120 lansia di Kecamatan Ngadirojo, Senin (23/9/2024). "
    "Bantuan berupa paket sembako dan alat bantu jalan.",
    "Kepala Dinas Sosial Sumorohadi mengatakan bantuan itu diberikan kepada lansia yang hidup sendiri. “Mereka yang "
    "tidak punya keluarga kami dahulukan,” katanya.",
    "Penyaluran berlangsung sampai akhir bulan di seluruh kecamatan, dengan pendampingan TKSK dan pilar sosial "
    "setempat.",
)
TITLE = "Dinsos Salurkan Bantuan Lansia di Pacitan"
PAGE = f"""<!DOCTYPE html><html lang="id"><head><title>{TITLE} - Kabar Kita</title>
<meta property="og:site_name" content="Kabar Kita">
<meta property="article:published_time" content="2024-09-24T10:00:00+07:00">
<link rel="canonical" href="https://kabarkita.example/berita/dinsos"></head><body>
<nav><a href="/">Beranda</a> <a href="/politik">Politik</a> <a href="/olahraga">Olahraga</a></nav>
<article><h1>{TITLE}</h1><p>PACITAN – {REPORT[0]}</p>
<p><strong>Baca juga:</strong> <a href="/lain">Bupati Lantik Pejabat Baru</a></p><p>{REPORT[1]}</p>
<table><tr><th>Desa</th><th>Penerima</th></tr><tr><td>Hadiwarno</td><td>40 lansia</td></tr></table>
<p>{REPORT[2]}</p></article>
<aside><h3>Terpopuler</h3><a href="/a">Harga Cabai Naik Lagi</a></aside>
<footer>© 2024 Kabar Kita</footer><script>var iklan = 1;</script></body></html>"""
SCRIPT_PAGE = """<!DOCTYPE html><html><head><title>Berita</title><script src="/app.js"></script></head>
<body><div id="root"></div><noscript>Aktifkan JavaScript untuk membuka halaman ini.</noscript>
<script>window.__DATA__ = {"berita": "bantuan"};</script></body></html>"""


def pdf(pages: list[list[str]], *, picture: bool = False, filler: int = 0) -> bytes:
    """A PDF with these lines on its pages, each where a typewriter would put it, and so many blanks before them."""
    objects: list[bytes] = []

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    def stream(body: bytes, more: bytes = b"") -> bytes:
        return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), more, body)

    catalog, tree = add(b"<< /Type /Catalog /Pages 2 0 R >>"), add(b"")
    font = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    resources = b"/Font << /F1 %d 0 R >>" % font
    if picture:
        kind = b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
        resources += b" /XObject << /Im1 %d 0 R >>" % add(stream(b"\xff", kind))
    kids = []
    for lines in pages:
        shown = b" " * filler + b"\n"
        shown += b"q 500 0 0 700 40 40 cm /Im1 Do Q\n" if picture else b""
        for number, line in enumerate(lines):
            text = line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            shown += b"BT /F1 11 Tf 50 %d Td (%s) Tj ET\n" % (780 - 16 * number, text)
        content = add(stream(zlib.compress(shown, 9), b"/Filter /FlateDecode"))
        kids.append(
            add(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << %s >> /Contents %d 0 R >>"
                % (resources, content)
            )
        )
    objects[tree - 1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(b"%d 0 R" % k for k in kids), len(kids))
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(
        b"%010d 00000 n \n" % at for at in offsets
    )
    ends = (len(objects) + 1, catalog, start)
    return out + b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % ends


def wrapped(text: str, width: int = 85) -> list[str]:
    """Lines as a word processor breaks them."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def word_file() -> bytes:
    """A Word file with a title, paragraphs, a list, a table, and a head that is no part of the article."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "PEMERINTAH KABUPATEN PACITAN"
    document.add_heading(TITLE, 0)
    document.add_paragraph(f"PACITAN – {REPORT[0]}")
    document.add_paragraph(REPORT[1])
    document.add_paragraph("Syarat yang harus dibawa oleh penerima bantuan adalah:")
    document.add_paragraph("Fotokopi KTP dan KK", style="List Bullet")
    document.add_paragraph("Surat keterangan dari desa", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("Desa", "Penerima", "Hadiwarno", "40"), strict=True
    ):
        cell.text = text
    document.add_paragraph(REPORT[2])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def rezipped(data: bytes, replaced: dict[str, bytes]) -> bytes:
    """A Word file with parts of it replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *replaced}:
            new.writestr(name, replaced[name] if name in replaced else old.read(name))
    return out.getvalue()
