"""Web addresses that admins send: fetched from a real server, and never from the network that the bot runs in."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver
from intake_files import PAGE, REPORT, TITLE, pdf

from bot.intake.addresses import AddressPolicy, is_public, web_address
from bot.intake.drafts import draft_of
from bot.intake.errors import (
    BadAddressError,
    CredentialsError,
    ForbiddenAddressError,
    PageStatusError,
    PageTimeoutError,
    PageTypeError,
    RedirectsError,
    TooBigError,
    UnreachableError,
)
from bot.intake.fetching import MAX_REDIRECTS, Fetcher
from bot.intake.parsing import Parser
from bot.intake.shelf import Shelf
from index.answer import Found
from index.archive import Archive

PUBLIC, INSIDE = "127.0.0.1", "127.0.0.2"  # in these tests the first stands for the internet, the second is private


class OneHost(AddressPolicy):
    """The tests' own server counts as public, on whatever port it got; all else is as in production."""

    def __init__(self, port: int) -> None:
        super().__init__(ports=frozenset({port}))

    def allows(self, address) -> bool:
        return str(address) == PUBLIC or super().allows(address)


class Names(AbstractResolver):
    """A name server: each look-up of a name takes the next of its answers, the last one for ever."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = answers
        self.asked: Counter[str] = Counter()

    async def resolve(self, host, port=0, family=socket.AF_INET):
        answers = self.answers[host.partition(".")[0]]
        found = answers[min(self.asked[host], len(answers) - 1)]
        self.asked[host] += 1
        return [
            {"hostname": host, "host": each, "port": port, "proto": 0, "flags": 0,
             "family": socket.AF_INET6 if ":" in each else socket.AF_INET}
            for each in found
        ]  # fmt: skip

    async def close(self) -> None:
        pass


class Site:
    """A web server on every loopback address, that counts who was let through to it."""

    def __init__(self) -> None:
        self.port = 0
        self.hits: Counter[str] = Counter()
        self.headers: list[dict[str, str]] = []
        self.sent = 0

    def url(self, path: str, host: str = PUBLIC) -> str:
        return f"http://{host}:{self.port}{path}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.hits[request.transport.get_extra_info("sockname")[0]] += 1
        self.headers.append(dict(request.headers))
        return await getattr(self, request.match_info["what"])(request)

    async def article(self, request):
        return web.Response(text=PAGE, content_type="text/html", headers={"Set-Cookie": "who=you"})

    async def report(self, request):
        return web.Response(body=pdf([[REPORT[0][:80]]]), content_type="application/octet-stream")

    async def to(self, request):
        return web.Response(status=302, headers={"Location": request.query["where"]})

    async def around(self, request):
        return web.Response(status=301, headers={"Location": f"/around?{int(request.query_string or 0) + 1}"})

    async def hops(self, request):
        left = int(request.query["left"])
        return web.Response(status=307, headers={"Location": f"/hops?left={left - 1}" if left > 1 else "article"})

    async def missing(self, request):
        return web.Response(status=404, text="tidak ada")

    async def picture(self, request):
        return web.Response(body=b"\x89PNG", content_type="image/png")

    async def packed(self, request):
        return web.Response(body=gzip.compress(PAGE.encode()), headers=GZIPPED)

    async def packed_in_two(self, request):
        page = PAGE.encode()
        return web.Response(body=gzip.compress(page[:500]) + gzip.compress(page[500:]), headers=GZIPPED)

    async def cut(self, request):
        return web.Response(body=gzip.compress(PAGE.encode())[:-20], headers=GZIPPED)

    async def bomb(self, request):
        return web.Response(body=BOMB, headers=GZIPPED)

    async def strange(self, request):
        return web.Response(body=b"?", headers={**GZIPPED, "Content-Encoding": "br"})

    async def endless(self, request):
        """50 MB without saying so beforehand."""
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        for _ in range(50):
            await response.write(bytes(1_000_000))
            self.sent += 1
        return response

    async def announced(self, request):
        return web.Response(body=bytes(50_000_000), content_type="text/html")

    async def silent(self, request):
        await asyncio.sleep(60)

    async def drips(self, request):
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        while True:
            await response.write(b"<p>")
            await asyncio.sleep(0.02)


GZIPPED = {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip"}
BOMB = gzip.compress(bytes(60_000_000), 9)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    application = web.Application()
    application.router.add_get("/{what}", site.answer)
    runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=0)
    await runner.setup()
    listening = web.TCPSite(runner, "0.0.0.0", 0)
    await listening.start()
    site.port = runner.addresses[0][1]
    yield site
    await runner.cleanup()


@pytest.fixture
def fetcher(site: Site) -> Fetcher:
    return Fetcher(OneHost(site.port), seconds=10)


async def test_a_page_is_fetched_and_read(site: Site, fetcher: Fetcher) -> None:
    got = await fetcher.fetch(site.url("/article#komentar"))
    assert (got.mime, got.charset, got.url, got.name) == ("text/html", "utf-8", site.url("/article"), "article")
    page = await Parser().read(got.data, name=got.name, mime=got.mime, charset=got.charset, url=got.url)
    assert (page.title, REPORT[1] in page.text) == (TITLE, True)


async def test_from_an_address_to_an_answer(site: Site, fetcher: Fetcher, tmp_path: Path) -> None:
    """Fetched, read, previewed, put on the shelf; after the next reading it answers, word for word."""
    got = await fetcher.fetch(site.url("/article"))
    page = await Parser().read(got.data, name=got.name, mime=got.mime, charset=got.charset, url=got.url)
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "lain.txt").write_text(f"Rakor Pilar Sosial\n\nMALANG – {REPORT[2]}", encoding="utf-8")
    entry = Shelf(tmp_path / "articles", seeds).add(draft_of(page), who=7)
    answer = Archive.open(seeds, added=tmp_path / "articles").ask("berapa lansia yang menerima bantuan di Pacitan?")
    assert isinstance(answer, Found)
    (snippet, *_) = answer.snippets
    assert (snippet.article, snippet.citation.url) == (entry.article, got.url)
    assert snippet.text in got.data.decode()


async def test_a_document_sent_as_bytes_is_taken(site: Site, fetcher: Fetcher) -> None:
    assert (await fetcher.fetch(site.url("/report"))).data.startswith(b"%PDF")


async def test_no_cookie_is_sent_back_and_the_user_agent_is_plain(site: Site, fetcher: Fetcher) -> None:
    await fetcher.fetch(site.url("/to?where=/article"))
    await fetcher.fetch(site.url("/article"))
    assert site.hits[PUBLIC] == 3
    assert not any(
        "Cookie" in headers or "Authorization" in headers or "Referer" in headers for headers in site.headers
    )
    assert {headers["User-Agent"] for headers in site.headers} == {"ArsipSosialBot/1.0"}


async def test_redirects_are_followed_five_times(site: Site, fetcher: Fetcher) -> None:
    assert (await fetcher.fetch(site.url(f"/hops?left={MAX_REDIRECTS}"))).url == site.url("/article")
    with pytest.raises(RedirectsError):
        await fetcher.fetch(site.url(f"/hops?left={MAX_REDIRECTS + 1}"))
    site.hits.clear()
    with pytest.raises(RedirectsError):
        await fetcher.fetch(site.url("/around"))
    assert site.hits[PUBLIC] == MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("http://{inside}:{port}/article", ForbiddenAddressError),
        ("//{inside}:{port}/article", ForbiddenAddressError),
        ("http://[::ffff:7f00:2]:{port}/article", ForbiddenAddressError),
        ("http://2130706434:{port}/article", BadAddressError),
        ("http://127.2:{port}/article", BadAddressError),
        ("http://169.254.169.254:{port}/latest/meta-data", ForbiddenAddressError),
        ("http://127.0.0.1:22/", ForbiddenAddressError),
        ("ftp://127.0.0.1:{port}/article", BadAddressError),
        ("file:///etc/passwd", BadAddressError),
        ("javascript:alert(1)", BadAddressError),
        ("http://a:b@127.0.0.1:{port}/article", CredentialsError),
        ("http://[", BadAddressError),
        ("http://127.0.0.1:99999/", BadAddressError),
    ],
)
async def test_a_redirect_leads_to_no_forbidden_place(site: Site, fetcher: Fetcher, where: str, reason: type) -> None:
    from urllib.parse import quote

    with pytest.raises(reason):
        await fetcher.fetch(site.url(f"/to?where={quote(where.format(inside=INSIDE, port=site.port))}"))
    assert site.hits == {PUBLIC: 1}


async def test_a_name_that_turns_private_after_it_was_checked_is_refused_unconnected(site: Site) -> None:
    """DNS rebinding: the first look-up is public, the one for the redirect is not."""
    names = Names(berita=[[PUBLIC], [INSIDE]])
    fetcher = Fetcher(OneHost(site.port), resolver=names)
    with pytest.raises(ForbiddenAddressError):
        await fetcher.fetch(site.url("/to?where=/article", "berita.example"))
    assert site.hits == {PUBLIC: 1}
    assert names.asked["berita.example"] == 2


async def test_a_name_is_looked_up_once_for_check_and_connection(site: Site) -> None:
    names = Names(berita=[[PUBLIC], [INSIDE]])
    await Fetcher(OneHost(site.port), resolver=names).fetch(site.url("/article", "berita.example"))
    assert (names.asked["berita.example"], site.hits) == (1, {PUBLIC: 1})


@pytest.mark.parametrize(
    "addresses",
    [
        [INSIDE],
        [PUBLIC, INSIDE],
        ["::1"],
        ["::ffff:127.0.0.2"],
        ["10.0.0.1"],
        ["fe80::1%eth0"],
        ["0.0.0.0"],
        ["sesuatu"],
    ],
)
async def test_a_name_with_a_forbidden_address_is_refused(site: Site, addresses: list[str]) -> None:
    fetcher = Fetcher(OneHost(site.port), resolver=Names(berita=[addresses]))
    with pytest.raises(ForbiddenAddressError):
        await fetcher.fetch(site.url("/article", "berita.example"))
    assert not site.hits


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.0.0.1.", "localhost", "localhost.", "LOCALHOST", "127.1", "2130706433", "0x7f000001",
        "0x7f.1", "017700000001", "0177.0.0.1", "0.0.0.0", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "①②⑦.⓪.⓪.①",
        "127。0。0。1", "ⓛocalhost",
        "[fe80::1%25eth0]",
    ],
)  # fmt: skip
async def test_production_reaches_this_machine_under_no_name(site: Site, host: str) -> None:
    """The policy of production, but for the server's own port; names are looked up by the system."""
    with pytest.raises((ForbiddenAddressError, BadAddressError, UnreachableError)):
        await Fetcher(AddressPolicy(ports=frozenset({site.port}))).fetch(f"http://{host}:{site.port}/article")
    assert not site.hits


async def test_a_resolver_that_passes_an_address_unseen_opens_no_socket(site: Site, monkeypatch) -> None:
    """The second line: were the resolver's check gone, the socket's would still hold."""
    monkeypatch.setattr("bot.intake.fetching._CheckedResolver", lambda inner, _: inner)
    with pytest.raises(ForbiddenAddressError):
        await Fetcher(OneHost(site.port), resolver=Names(berita=[[INSIDE]])).fetch(
            site.url("/article", "berita.example")
        )
    assert not site.hits


async def test_production_opens_usual_ports_only(site: Site) -> None:
    with pytest.raises(ForbiddenAddressError):
        await Fetcher(resolver=Names()).fetch("http://berita.example:6379/")


@pytest.mark.parametrize(
    "address",
    """0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 192.0.0.8 192.0.2.1 192.88.99.1
    192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 168.63.129.16
    :: ::1 ::7f00:1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::a00:1 64:ff9b:1::1 100::1 2001::1 2001:db8::1
    2002:a00:1::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1""".split(),
)
def test_an_address_that_is_not_on_the_public_internet_is_known(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", "1.1.1.1 36.66.0.1 103.10.0.1 2606:4700::1 2001:448a::1 ::ffff:1.1.1.1 64:ff9b::101:101".split()
)
def test_an_address_on_the_public_internet_is_known(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("path", ["/endless", "/announced", "/bomb"])
async def test_a_body_of_fifty_megabytes_is_not_taken_in_however_it_is_packed(
    site: Site, fetcher: Fetcher, path: str
) -> None:
    assert len(BOMB) < 100_000
    with pytest.raises(TooBigError) as caught:
        await fetcher.fetch(site.url(path))
    assert caught.value.fields == {"megabytes": 20}
    assert site.sent < 40


@pytest.mark.parametrize("path", ["/packed", "/packed_in_two"])
async def test_a_packed_page_is_unpacked(site: Site, fetcher: Fetcher, path: str) -> None:
    assert (await fetcher.fetch(site.url(path))).data == PAGE.encode()


@pytest.mark.parametrize("path", ["/silent", "/drips"])
async def test_a_site_that_never_ends_is_left(site: Site, path: str) -> None:
    began = time.monotonic()
    with pytest.raises(PageTimeoutError):
        await Fetcher(OneHost(site.port), seconds=0.3).fetch(site.url(path))
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/missing", PageStatusError),
        ("/picture", PageTypeError),
        ("/strange", PageTypeError),
        ("/cut", UnreachableError),
    ],
)
async def test_an_answer_without_a_page_is_said_to_be_one(
    site: Site, fetcher: Fetcher, path: str, reason: type
) -> None:
    with pytest.raises(reason):
        await fetcher.fetch(site.url(path))


async def test_a_site_that_is_not_there_is_unreachable() -> None:
    with socket.socket() as free:
        free.bind((PUBLIC, 0))
        port = free.getsockname()[1]
    with pytest.raises(UnreachableError):
        await Fetcher(OneHost(port)).fetch(f"http://{PUBLIC}:{port}/")


@pytest.mark.parametrize(
    "written",
    ["", "   ", "bukan alamat", "ftp://berita.example/x", "file:///etc/passwd", "mailto:a@b.example", "http://", "https:///x",
     "http://berita.example:0/", "http://berita.example:abc/", "http://[::1", "http://a\\@b.example/", "https://a.example/\nx",
     "x" * 3000, "http://" + "a" * 300 + ".example/"],
)  # fmt: skip
async def test_what_is_no_web_address_is_said_to_be_none(written: str) -> None:
    with pytest.raises(BadAddressError):
        await Fetcher().fetch(written)


@pytest.mark.parametrize(
    "written",
    ["http://admin@a.example/", "http://admin:rahasia@a.example/", "http://@a.example/", "http://:@a.example/"],
)
def test_an_address_with_a_password_is_refused(written: str) -> None:
    with pytest.raises(CredentialsError):
        web_address(written)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("kabar.example/berita/1", "https://kabar.example/berita/1"),
        (" https://kabar.example/a?b=c#d ", "https://kabar.example/a?b=c"),
        ("HTTP://Kabar.Example/", "http://kabar.example/"),
        ("kabar.example:8080/x", "https://kabar.example:8080/x"),
        ("https://kafé.example/beritä", "https://xn--kaf-dma.example/berit%C3%A4"),
    ],
)
def test_an_address_is_read_as_people_write_it(written: str, url: str) -> None:
    assert str(web_address(written)) == url
