"""The transport against real servers on loopback: every error that python-telegram-bot tells apart, and no token."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import shutil
import socket
import ssl
import struct
import subprocess
import time
import traceback

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.errors import SettingsError
from bot.transport import AiohttpRequest

TOKEN = "42:" + "SECRETsecret" * 3
HTML = "<html><body><h1>Bad Gateway</h1></body></html>"


@pytest.fixture
async def transport():
    async with AiohttpRequest(read_timeout=5, pool_timeout=5) as request:
        yield request


@contextlib.asynccontextmanager
async def serving(handler, tls=None):
    """A real server; yields the address of a Bot API method on it."""
    runner = web.ServerRunner(web.Server(handler, access_log=None), shutdown_timeout=0.01)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{runner.addresses[0][1]}/bot{TOKEN}/sendMessage"
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def speaking(conversation):
    """A server below HTTP: ``conversation(reader, writer)`` for each connection."""
    tasks = set()

    async def talk(reader, writer):
        tasks.add(asyncio.current_task())
        try:
            await conversation(reader, writer)
        except (asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot{TOKEN}/sendMessage"
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        server.close()


def answering(status, body, content_type="application/json"):
    async def handler(_):
        text = body if isinstance(body, str) else json.dumps(body)
        return web.Response(status=status, text=text, content_type=content_type)

    return handler


def data(**parameters):
    return RequestData([RequestParameter.from_input(name, value) for name, value in parameters.items()])


async def failing(transport, url, **options):
    """The error of a request, looked through for the token: its words, its traceback, and what it came from."""
    with pytest.raises(TelegramError) as raised:
        await transport.post(url, data(chat_id=1, text="halo"), **options)
    error = raised.value
    told = "".join(traceback.format_exception(error)) + repr(error)
    # The frames of this very file show the source line only, never the address.
    seen = error
    while seen is not None:
        told += repr(seen) + repr(seen.args)
        seen = seen.__cause__ or seen.__context__
    assert "SECRET" not in told
    return error


# -- what goes well ----------------------------------------------------------------------------------------------------


async def test_parameters_arrive_as_a_form(transport):
    seen = {}

    async def handler(request):
        seen.update(await request.post(), type=request.content_type, agent=request.headers["User-Agent"])
        return web.json_response({"ok": True, "result": {"message_id": 5}})

    async with serving(handler) as url:
        result = await transport.post(url, data(chat_id=-100, text="Apa itu HKSN? & ❝ya❞", flags=["a", 1]))
    assert result == {"message_id": 5}
    assert seen == {
        "chat_id": "-100",
        "text": "Apa itu HKSN? & ❝ya❞",
        "flags": '["a", 1]',
        "type": "application/x-www-form-urlencoded",
        "agent": transport.USER_AGENT,
    }


async def test_a_request_without_parameters_and_a_download(transport):
    async def handler(request):
        if request.method == "GET":
            return web.Response(body=b"\x00\x01" * 50_000)
        return web.json_response({"ok": True, "result": (await request.read()).decode()})

    async with serving(handler) as url:
        assert await transport.post(url) == ""
        assert await transport.retrieve(url) == b"\x00\x01" * 50_000


@pytest.mark.parametrize("as_handle", [False, True])
async def test_a_file_is_uploaded_whole_with_its_name_and_its_parameters(transport, as_handle):
    content, seen = bytes(range(256)) * 4096, {}

    async def handler(request):
        form = await request.post()
        file = form["document"]
        seen.update(name=file.filename, type=file.content_type, whole=file.file.read() == content)
        seen.update(caption=form["caption"], length=request.content_length)
        chat = {"id": 1, "type": "private"}
        return web.json_response({"ok": True, "result": {"message_id": 1, "date": 1, "chat": chat}})

    async with serving(_large(handler)) as url:
        bot = Bot(TOKEN, base_url=url.partition(TOKEN)[0], request=transport)
        document = InputFile(io.BytesIO(content), "laporan lansia é.txt", read_file_handle=not as_handle)
        await bot.send_document(1, document, caption="Isi & rincian")
    assert seen.pop("length") > len(content)
    assert seen == {"name": "laporan lansia é.txt", "type": "text/plain", "whole": True, "caption": "Isi & rincian"}


def _large(handler):
    async def wrapped(request):
        request._client_max_size = 0  # the server's own limit is 1 MiB, and not what is tested
        return await handler(request)

    return wrapped


async def test_connections_are_kept_and_no_more_than_the_pool_allows():
    ports = []

    async def handler(request):
        ports.append(request.transport.get_extra_info("peername")[1])
        await asyncio.sleep(0.01)
        return web.json_response({"ok": True, "result": True})

    async with AiohttpRequest(3, pool_timeout=5) as transport, serving(handler) as url:
        await asyncio.gather(*(transport.post(url) for _ in range(30)))
    assert len(ports) == 30
    assert len(set(ports)) == 3


async def test_redirects_are_not_followed(transport):
    async def handler(_):
        return web.Response(status=302, headers={"Location": "http://127.0.0.1:1/elsewhere"})

    async with serving(handler) as url:
        assert "302" in str(await failing(transport, url))


# -- what Telegram or a proxy before it answers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequest),
        (401, InvalidToken),
        (403, Forbidden),
        (404, InvalidToken),
        (409, Conflict),
        (413, NetworkError),
        (429, NetworkError),
        (500, NetworkError),
        (502, NetworkError),
        (599, NetworkError),
    ],
)
@pytest.mark.parametrize("html", [False, True])
async def test_every_status_is_the_error_that_it_means(transport, status, kind, html):
    answer = answering(status, HTML, "text/html") if html else answering(status, {"ok": False, "description": "Words"})
    async with serving(answer) as url:
        error = await failing(transport, url)
    assert type(error) is kind
    assert ("Bad Gateway" if html else "Words") in str(error)


async def test_what_telegram_adds_to_a_refusal_is_read(transport):
    for parameters, kind in (({"migrate_to_chat_id": -1005}, ChatMigrated), ({"retry_after": 7}, RetryAfter)):
        async with serving(answering(429, {"ok": False, "description": "x", "parameters": parameters})) as url:
            with pytest.raises(kind):
                await transport.post(url)


@pytest.mark.parametrize("body", ['{"ok": true, "resu', "", HTML, "\ufffd"])
async def test_a_200_that_is_no_json_is_an_error(transport, body):
    async with serving(answering(200, body)) as url:
        assert type(await failing(transport, url)) is TelegramError


# -- what the network does ---------------------------------------------------------------------------------------------


async def test_a_refused_connection(transport):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/bot{TOKEN}/sendMessage"
        assert type(await failing(transport, url)) is NetworkError


@pytest.mark.parametrize("url", ["http://no-such-host.invalid/bot{}/getMe", "http://[/bot{}/getMe", "ftp://h/bot{}/x"])
async def test_an_address_that_leads_nowhere(transport, url):
    assert type(await failing(transport, url.format(TOKEN))) is NetworkError


def _reset(writer):
    """Close with RST instead of FIN."""
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 20", HEAD, HEAD + b'{"ok": true', b"SSH-2.0-OpenSSH\r\n\r\n"])
@pytest.mark.parametrize("reset", [False, True])
async def test_a_connection_that_breaks_at_any_point(transport, said, reset):
    async def conversation(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        await writer.drain()
        if reset:
            await asyncio.sleep(0.01)
            _reset(writer)

    async with speaking(conversation) as url:
        assert type(await failing(transport, url)) is NetworkError


async def test_a_compressed_body_that_is_broken(transport):
    async def conversation(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd")
        await writer.drain()
        await asyncio.sleep(1)

    async with speaking(conversation) as url:
        assert type(await failing(transport, url)) is NetworkError


async def test_plain_http_where_tls_was_expected(transport):
    async with serving(answering(200, {})) as url:
        assert type(await failing(transport, url.replace("http://", "https://"))) is NetworkError


@pytest.fixture
def own_certificate(tmp_path):
    """A certificate that only its owner vouches for, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


async def test_a_certificate_that_nobody_vouches_for_is_refused_and_the_operators_own_is_not(
    own_certificate, monkeypatch
):
    certificate, key = own_certificate
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    async with serving(answering(200, {"ok": True, "result": True}), tls) as url:
        async with AiohttpRequest() as transport:
            error = await failing(transport, url)
            assert type(error) is NetworkError
            assert "self-signed certificate" in str(error)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        async with AiohttpRequest() as transport:
            assert await transport.post(url) is True


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_certificates_that_cannot_be_read_are_the_operators_to_put_right(tmp_path, monkeypatch, content):
    named = tmp_path / "named.pem"
    if content is not None:
        named.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(named))
    with pytest.raises(SettingsError, match=r"SSL_CERT_FILE.*named\.pem"):
        await AiohttpRequest().initialize()


# -- time-outs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-", HEAD, HEAD + b'{"ok"'])
async def test_silence_is_a_timeout_wherever_it_begins(transport, said):
    async def conversation(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        await writer.drain()
        await asyncio.sleep(5)

    async with speaking(conversation) as url:
        started = time.monotonic()
        assert type(await failing(transport, url, read_timeout=0.1)) is TimedOut
    assert time.monotonic() - started < 2


async def test_a_slow_body_is_waited_for_as_long_as_it_keeps_coming(transport):
    body = json.dumps({"ok": True, "result": "x" * 12}).encode()

    async def conversation(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
        for byte in body:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.02)

    async with speaking(conversation) as url:
        assert await transport.post(url, read_timeout=0.5) == "x" * 12


async def test_the_default_applies_when_no_read_timeout_is_given_and_none_waits():
    async def handler(_):
        await asyncio.sleep(0.3)
        return web.json_response({"ok": True, "result": True})

    async with AiohttpRequest(read_timeout=0.1) as transport, serving(handler) as url:
        assert transport.read_timeout == 0.1
        assert type(await failing(transport, url)) is TimedOut
        assert await transport.post(url, read_timeout=None) is True
        assert await transport.post(url, read_timeout=2) is True


async def _never_reads(reader, _):
    reader._transport.pause_reading()
    await asyncio.sleep(5)


def upload(size):
    return data(chat_id=1, document=InputFile(io.BytesIO(b"x" * size), "besar.bin"))


@pytest.mark.parametrize(
    ("defaults", "given"),
    [
        ({"write_timeout": 5, "media_write_timeout": 0.1}, {}),
        ({"write_timeout": 5, "media_write_timeout": 5}, {"write_timeout": 0.1}),
    ],
)
async def test_a_server_that_does_not_read_is_a_write_timeout(defaults, given):
    async with AiohttpRequest(read_timeout=9, **defaults) as transport, speaking(_never_reads) as url:
        started = time.monotonic()
        with pytest.raises(TimedOut):
            await transport.post(url, upload(30_000_000), **given)
        assert time.monotonic() - started < 3


async def test_text_keeps_to_the_ordinary_write_timeout():
    async with (
        AiohttpRequest(read_timeout=9, write_timeout=0.1, media_write_timeout=9) as transport,
        speaking(_never_reads) as url,
    ):
        started = time.monotonic()
        with pytest.raises(TimedOut):
            await transport.post(url, data(text="x" * 30_000_000))
        assert time.monotonic() - started < 3


async def test_a_server_that_accepts_no_connection_is_a_connect_timeout(transport):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        with contextlib.ExitStack() as waiting:
            for _ in range(4):  # fill the queue of those that nobody accepts
                client = waiting.enter_context(socket.socket())
                client.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    client.connect(address)
            url = f"http://127.0.0.1:{address[1]}/bot{TOKEN}/sendMessage"
            started = time.monotonic()
            assert type(await failing(transport, url, connect_timeout=0.1)) is TimedOut
    assert time.monotonic() - started < 2


async def test_an_exhausted_pool_is_a_timeout_that_says_so_and_the_pool_recovers():
    released = asyncio.Event()

    async def handler(_):
        await released.wait()
        return web.json_response({"ok": True, "result": True})

    async with AiohttpRequest(1, pool_timeout=0.05) as transport, serving(handler) as url:
        first = asyncio.create_task(transport.post(url))
        await asyncio.sleep(0.02)
        error = await failing(transport, url)
        assert type(error) is TimedOut
        assert "Pool timeout" in str(error)
        second = asyncio.create_task(transport.post(url, pool_timeout=None))
        await asyncio.sleep(0.1)
        released.set()
        assert await first is await second is True


async def test_a_cancelled_request_gives_its_place_back():
    async def handler(request):
        await asyncio.sleep(0 if await request.read() else 5)
        return web.json_response({"ok": True, "result": True})

    async with AiohttpRequest(1, pool_timeout=0.5) as transport, serving(handler) as url:
        first = asyncio.create_task(transport.post(url))
        await asyncio.sleep(0.05)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert await transport.post(url, data(text="x")) is True


# -- beginning and end -------------------------------------------------------------------------------------------------


async def test_shutdown_ends_what_is_in_flight_and_what_waits():
    async def handler(_):
        await asyncio.sleep(5)

    transport = AiohttpRequest(1, pool_timeout=5, read_timeout=5)
    await transport.initialize()
    async with serving(handler) as url:
        both = [asyncio.create_task(failing(transport, url)) for _ in range(2)]
        await asyncio.sleep(0.05)
        await transport.shutdown()
        async with asyncio.timeout(1):
            assert [type(error) for error in await asyncio.gather(*both)] == [NetworkError] * 2


async def test_it_works_again_after_shutdown_and_a_new_start_but_not_in_between():
    transport = AiohttpRequest()
    async with serving(answering(200, {"ok": True, "result": True})) as url:
        assert "not initialized" in str(await failing(transport, url))
        for _ in range(2):
            await transport.initialize()
            await transport.initialize()
            assert await transport.post(url) is True
            await transport.shutdown()
            await transport.shutdown()
            assert "not initialized" in str(await failing(transport, url))


# -- proxies -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def proxy_variables(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


async def test_the_environments_proxy_is_used_and_no_proxy_is_heeded(proxy_variables):
    asked = []

    async def proxy(request):
        asked.append((str(request.url), request.headers.get("Proxy-Authorization")))
        return web.json_response({"ok": True, "result": "by proxy"})

    async with serving(proxy) as address:
        proxy_variables.setenv("HTTP_PROXY", address.partition("/bot")[0].replace("://", "://user:pass@"))
        async with AiohttpRequest() as transport:
            url = f"http://telegram.invalid/bot{TOKEN}/getMe"
            assert await transport.post(url) == "by proxy"
        assert asked == [(url, "Basic dXNlcjpwYXNz")]
        proxy_variables.setenv("NO_PROXY", "127.0.0.1")
        async with AiohttpRequest() as transport, serving(answering(200, {"result": "direct"})) as direct:
            assert await transport.post(direct) == "direct"


async def test_a_socks_proxy_is_named_as_what_is_wrong_unless_it_is_passed_by(proxy_variables):
    proxy_variables.setenv("ALL_PROXY", "socks5://user:SECRET@127.0.0.1:1080")
    proxy_variables.setenv("NO_PROXY", "127.0.0.1")
    async with AiohttpRequest() as transport, serving(answering(200, {"result": "direct"})) as url:
        error = await failing(transport, f"https://telegram.invalid/bot{TOKEN}/getMe")
        assert type(error) is NetworkError
        assert "'socks5', expected http" in str(error)
        assert await transport.post(url) == "direct"


async def test_a_proxy_that_refuses_is_a_network_error(proxy_variables):
    async with serving(answering(407, HTML)) as address:
        proxy_variables.setenv("ALL_PROXY", address.partition("://")[2].partition("/bot")[0])
        async with AiohttpRequest() as transport:
            error = await failing(transport, f"https://telegram.invalid/bot{TOKEN}/getMe")
    assert type(error) is NetworkError
    assert "407" in str(error)


# -- what is counted ---------------------------------------------------------------------------------------------------


async def test_each_request_is_observed_once_with_its_method_and_outcome():
    seen = []
    observed = AiohttpRequest(
        1, read_timeout=0.4, pool_timeout=0, observe=lambda *each: seen.append((*each[:2], each[2] >= 0))
    )
    async with observed as transport:
        async with serving(answering(200, {"ok": True, "result": 1})) as url:
            await transport.post(url)
            await transport.retrieve(url)
        async with serving(answering(403, {"ok": False})) as url:
            await failing(transport, url)
        await failing(transport, url)  # nobody listens there any more
        async with speaking(_never_reads) as url:
            both = await asyncio.gather(failing(transport, url), failing(transport, url))
            assert [type(error) for error in both] == [TimedOut, TimedOut]
            running = asyncio.create_task(transport.post(url, read_timeout=None))
            await asyncio.sleep(0.02)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    outcomes = ["ok", "ok", "403", "network", "pool", "timeout", "cancelled"]
    methods = ["sendMessage", "file", *["sendMessage"] * 5]
    assert seen == [(method, outcome, True) for method, outcome in zip(methods, outcomes, strict=True)]
