"""Files that admins send: what is read out of good ones, and what is said of hostile ones."""

from __future__ import annotations

import io
import sys
import time
import zipfile
from pathlib import Path

import pytest
from intake_files import PAGE, REPORT, SCRIPT_PAGE, TITLE, pdf, rezipped, word_file, wrapped

from bot.intake.documents import MAX_BYTES, Kind, decode, read_document, recognise
from bot.intake.errors import (
    BombError,
    CorruptError,
    EmptyError,
    EncodingError,
    IntakeError,
    LockedError,
    NoArticleError,
    OldWordError,
    ScannedError,
    ScriptPageError,
    TooBigError,
    TooHeavyError,
    TooLongError,
    UnknownTypeError,
    error_of,
)
from bot.intake.parsing import Limits, Parser
from index.texts import load

TWO_PAGES = pdf(
    [
        ["BERITA DAERAH EDISI 7", *wrapped(f"PACITAN – {REPORT[0]}"), *wrapped(REPORT[1]), "Halaman 1 dari 2"],
        ["BERITA DAERAH EDISI 7", *wrapped(REPORT[2]), "Halaman 2 dari 2"],
    ]
)
WORD = word_file()


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a_page_gives_its_article_without_menus_adverts_and_foot_and_what_it_says_about_itself() -> None:
    page = read_document(PAGE.encode(), name="x.bin")
    assert page.kind is Kind.PAGE
    for paragraph in REPORT:
        assert paragraph in page.text
    assert "Hadiwarno | 40 lansia" in page.text.splitlines()
    assert not any(word in page.text for word in ("Politik", "Harga Cabai", "©", "iklan"))
    assert (page.title, page.outlet, page.date) == (TITLE, "Kabar Kita", "2024-09-24")
    assert page.url == "https://kabarkita.example/berita/dinsos"


def test_a_page_does_not_pass_itself_off_as_another_sites() -> None:
    page = read_document(PAGE.encode(), url="https://lain.example/salinan")
    assert page.url == "https://lain.example/salinan"


def test_a_page_without_a_day_gets_none_from_its_year() -> None:
    dated = '<meta property="article:published_time" content="2024-09-24T10:00:00+07:00">'
    html = PAGE.replace(dated, "").replace("Senin (23/9/2024)", "tahun 2024")
    assert dated not in html
    assert read_document(html.encode()).date is None


def test_a_page_keeps_the_encoding_that_it_declares() -> None:
    html = PAGE.replace("<head>", '<head><meta charset="windows-1252">')
    assert "“Mereka yang" in read_document(html.encode("cp1252")).text


def test_a_pdf_gives_its_paragraphs_without_running_head_page_numbers_and_line_breaks() -> None:
    document = read_document(TWO_PAGES, name="berita.txt", mime="text/plain")
    assert document.kind is Kind.PDF
    text = document.text
    for paragraph in REPORT:
        assert paragraph in text
    assert "BERITA DAERAH" not in text
    assert document.dropped == ("BERITA DAERAH EDISI 7", "Halaman 1 dari 2", "Halaman 2 dari 2")


def test_a_word_file_gives_its_paragraphs_list_and_table_in_order_without_its_head() -> None:
    lines = [line for line in read_document(WORD).text.splitlines() if line]
    assert lines == [
        TITLE, f"PACITAN – {REPORT[0]}", REPORT[1], "Syarat yang harus dibawa oleh penerima bantuan adalah:",
        "- Fotokopi KTP dan KK", "- Surat keterangan dari desa", "Desa | Penerima", "Hadiwarno | 40", REPORT[2],
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_is_read_to_the_letter_in_the_encodings_that_editors_save(encoding: str) -> None:
    text = "\r\n\r\n".join(REPORT) + "\r\n"
    document = read_document(text.encode(encoding), name="berita.txt")
    assert (document.kind, document.text) == (Kind.TEXT, text)


def test_what_a_file_is_called_does_not_make_it_so() -> None:
    assert recognise(WORD, name="berita.pdf", mime="application/pdf") is Kind.WORD
    assert recognise(REPORT[0].encode(), name="berita.html", mime="text/html") is Kind.TEXT
    assert recognise(b"<p>Halo</p>", name="berita.html") is Kind.PAGE


NAMESPACE = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HOSTILE: dict[str, tuple[bytes, type[IntakeError]]] = {
    "nothing": (b"", EmptyError),
    "white space": (b" \r\n\t ", EmptyError),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40), UnknownTypeError),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(60), UnknownTypeError),
    "a spreadsheet": (zipped(**{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}), UnknownTypeError),
    "rich text": (b"{\\rtf1\\ansi Bantuan sosial}", UnknownTypeError),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), OldWordError),
    "a Word file with a password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), LockedError,
    ),
    "a Word file cut short": (WORD[: len(WORD) // 2], CorruptError),
    "a Word file of rubbish": (rezipped(WORD, {"word/document.xml": b"<w:document"}), CorruptError),
    "a Word bomb": (rezipped(WORD, {"word/document.xml": bytes(12_000_000)}), BombError),
    "a Word bomb beside the text": (
        rezipped(WORD, {f"word/media/{n}.png": bytes(8_000_000) for n in range(8)}), BombError,
    ),
    "a Word file without text": (
        rezipped(WORD, {"word/document.xml": b"<w:document " + NAMESPACE + b"><w:body><w:p/></w:body></w:document>"}),
        EmptyError,
    ),
    "a PDF cut short": (TWO_PAGES[:300], CorruptError),
    "a PDF of rubbish": (b"%PDF-1.7\n" + b"rubbish " * 50, CorruptError),
    "a PDF bomb": (pdf([["halo"]], filler=80_000_000), BombError),
    "a scanned PDF": (pdf([[], []], picture=True), ScannedError),
    "a blank PDF": (pdf([[]]), EmptyError),
    "a PDF of too many pages": (pdf([["x"]] * 301), TooLongError),
    "a page of scripts": (SCRIPT_PAGE.encode(), ScriptPageError),
    "a page of nothing": (b"<!doctype html><html><body><p>Halo.</p></body></html>", NoArticleError),
    "a text without end": (b"Bantuan sosial. " * 20_000, TooLongError),
    "half a picture called text": (b"\xff\xd8\xff\xe0\x81\x8d" * 30, EncodingError),
    "too many bytes": (b"%PDF-1.4" + bytes(MAX_BYTES), TooBigError),
    "a page of too many bytes": (b"<html>" + b" a" * 2_600_000, TooBigError),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_own_reason(name: str) -> None:
    data, reason = HOSTILE[name]
    with pytest.raises(reason) as caught:
        read_document(data, name="berita.docx" if "Word" in name else "")
    assert type(caught.value) is reason
    assert load()(caught.value.key, **caught.value.fields)


def test_a_word_file_brings_in_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "rahasia").write_text("kata sandi", encoding="utf-8")
    entity = b'<!DOCTYPE x [<!ENTITY a SYSTEM "%s">]>' % (tmp_path / "rahasia").as_uri().encode()
    body = b"<w:body><w:p><w:r><w:t>Halo &a;</w:t></w:r></w:p></w:body>"
    document = read_document(
        rezipped(WORD, {"word/document.xml": entity + b"<w:document " + NAMESPACE + b">" + body + b"</w:document>"})
    )
    assert document.text == "Halo"


def test_an_encrypted_pdf_is_said_to_be_locked() -> None:
    from pypdf import PdfReader, PdfWriter

    def encrypted(user: str) -> bytes:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(TWO_PAGES)))
        writer.encrypt(user, "the owner's", algorithm="RC4-128")
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    with pytest.raises(LockedError):
        read_document(encrypted("rahasia"))
    # Printing forbidden, reading not: these are common, and open.
    assert REPORT[2] in read_document(encrypted("")).text


def test_every_error_of_intake_has_a_sentence_and_comes_back_from_its_key() -> None:
    kinds = IntakeError.__subclasses__()
    assert len(kinds) == len({kind.key for kind in kinds}) > 25
    for kind in kinds:
        assert load().sentences[kind.key]
        assert type(error_of(kind.key, {})) is kind


def test_a_text_with_a_byte_order_mark_comes_without_it() -> None:
    assert decode(b"\xef\xbb\xbfBantuan") == "Bantuan"


async def test_the_parser_reads_in_another_process_what_is_read_in_this_one() -> None:
    parser = Parser()
    for data in (PAGE.encode(), TWO_PAGES, WORD, REPORT[0].encode()):
        assert await parser.read(data, name="berita") == read_document(data)
    with pytest.raises(ScannedError):
        await parser.read(pdf([[]], picture=True))
    with pytest.raises(IntakeError):  # deeper than any library goes
        await parser.read(b"<html><body>" + b"<div>" * 300_000 + REPORT[0].encode())
    with pytest.raises(TooBigError) as caught:
        await parser.read(bytes(MAX_BYTES + 1))
    assert caught.value.fields == {"megabytes": 20}


async def test_a_parser_that_spins_is_ended_and_the_next_document_is_read() -> None:
    # 300 pages of 500 lines, each page a few hundred bytes: seconds of work.
    busy = pdf([["a b c d"] * 500] * 300)
    assert len(busy) < 2_000_000
    began = time.monotonic()
    with pytest.raises(TooHeavyError):
        await Parser(Limits(seconds=1.0)).read(busy)
    assert time.monotonic() - began < 5
    assert (await Parser().read(REPORT[0].encode())).text == REPORT[0]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems set no limit on a process's memory")
async def test_a_parser_gets_no_more_memory_than_it_may() -> None:
    with pytest.raises(TooHeavyError):
        await Parser(Limits(memory=90_000_000)).read(PAGE.replace("</article>", "<p>x</p>" * 400_000).encode())


async def test_the_parser_sees_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    import bot.intake.parsing as parsing

    monkeypatch.setenv("BOT_TOKEN", "42:secret")
    given: dict[str, str] = {}
    start = parsing.asyncio.create_subprocess_exec

    async def watched(*arguments, env, **more):
        given.update(env)
        return await start(*arguments, env=env, **more)

    monkeypatch.setattr(parsing.asyncio, "create_subprocess_exec", watched)
    await Parser().read(REPORT[0].encode())
    assert "PYTHONPATH" in given
    assert not {"BOT_TOKEN", "HASH_KEY", "DATABASE_URL"} & given.keys()
