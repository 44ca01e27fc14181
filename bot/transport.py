"""HTTP to Telegram on aiohttp: what python-telegram-bot asks of a transport, at a quarter of its own one's cost.

Semantics are those of python-telegram-bot's ``HTTPXRequest`` (four time-outs, proxies and certificates from the
environment, no redirects), with one addition: the address of a request holds the token, so it is in no error.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
import time
import urllib.request
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlencode, urlsplit

import aiohttp
import certifi
from aiohttp.abc import AbstractStreamWriter
from aiohttp.payload import Payload
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.errors import SettingsError

# (method as Telegram names it, or DOWNLOAD; one of the outcomes below or an HTTP status as text; seconds)
Observe = Callable[[str, str, float], None]
OK, POOL, TIMEOUT, NETWORK, CANCELLED = "ok", "pool", "timeout", "network", "cancelled"
DOWNLOAD = "file"
KEEP_ALIVE_SECONDS = 30.0
CHUNK_BYTES = 64 * 1024
# With its headers less than aiohttp takes before it waits for room.
UNHINDERED_BYTES = CHUNK_BYTES // 2
_POOL_TIMEOUT = "Pool timeout: every connection is in use. The request was *not* sent to Telegram."


class AiohttpRequest(BaseRequest):
    """Requests to the Bot API over a pool of kept connections.

    Args:
        connection_pool_size: how many requests may be under way; more wait for ``pool_timeout``.
        read_timeout: seconds without a byte of the response; ``None`` waits for ever, here and below.
        write_timeout: seconds in which 64 KiB of the request must find room.
        connect_timeout: seconds for DNS, TCP and TLS together.
        pool_timeout: seconds to wait for another request to end.
        media_write_timeout: ``write_timeout`` of requests that carry files.
        observe: told of each request when it has ended.
    """

    def __init__(
        self,
        connection_pool_size: int = 256,
        *,
        read_timeout: float | None = 5.0,
        write_timeout: float | None = 5.0,
        connect_timeout: float | None = 5.0,
        pool_timeout: float | None = 1.0,
        media_write_timeout: float | None = 20.0,
        observe: Observe | None = None,
    ) -> None:
        self._read_timeout = read_timeout
        self._write_timeout = write_timeout
        self._connect_timeout = connect_timeout
        self._pool_timeout = pool_timeout
        self._media_write_timeout = media_write_timeout
        self._observe = observe
        self._pool_size = connection_pool_size
        self._pool = asyncio.Semaphore(connection_pool_size)
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str | None] = {}

    @property
    def read_timeout(self) -> float | None:
        """The read time-out that applies when a request names none."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Make the pool, which opens no connection yet; also after ``shutdown``.

        Raises:
            SettingsError: the environment names certificates that cannot be read.
        """
        if self._session is None:
            self._proxies = {}
            # Not aiohttp's own limit: with that one a wait for the pool looks like a slow connection.
            self._pool = asyncio.Semaphore(self._pool_size)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS, ssl=tls()),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close every connection; requests under way end with a ``NetworkError``."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request; the status and the whole body of its response, whatever the status.

        Raises:
            TimedOut: one of the four time-outs has passed.
            NetworkError: no whole response came.
            RuntimeError: ``initialize`` was not called, or ``shutdown`` was.
        """
        if self._session is None:
            raise RuntimeError("This AiohttpRequest is not initialized!")
        files = request_data is not None and request_data.contains_files
        default_write = self._media_write_timeout if files else self._write_timeout
        limits = aiohttp.ClientTimeout(
            connect=_given(connect_timeout, self._connect_timeout), sock_read=_given(read_timeout, self._read_timeout)
        )
        started, outcome = time.perf_counter(), CANCELLED
        failure: NetworkError
        try:
            body = await _body(request_data, _given(write_timeout, default_write)) if request_data else None
            async with _place(self._pool, _given(pool_timeout, self._pool_timeout)):
                status, payload = await self._exchange(method, url, body, limits)
            outcome = OK if 200 <= status <= 299 else str(status)
            return status, payload
        except _PoolTimeoutError:
            outcome, failure = POOL, TimedOut(_POOL_TIMEOUT)
        except TimeoutError:  # aiohttp's are all subclasses
            outcome, failure = TIMEOUT, TimedOut()
        except NetworkError as error:
            outcome, failure = NETWORK, error
        except Exception as error:  # noqa: BLE001 - one that got through would be quoted, address and token included
            outcome, failure = NETWORK, NetworkError(_described(error))
        finally:
            if self._observe is not None:
                name = url.rpartition("/")[2] if method == "POST" else DOWNLOAD
                self._observe(name, outcome, time.perf_counter() - started)
        # Out here, so that it has no __context__: a traceback would print that error, too.
        raise failure

    async def _exchange(
        self, method: str, url: str, body: Payload | None, limits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise aiohttp.ClientConnectionError  # shut down while this one waited for the pool
        async with self._session.request(
            method, url, data=body, timeout=limits, proxy=self._proxy(url), allow_redirects=False
        ) as response:
            return response.status, await response.read()

    def _proxy(self, url: str) -> str | None:
        """The environment's proxy for an address.

        aiohttp's own ``trust_env`` looks it up anew for each request, in two threads.

        Raises:
            NetworkError: it is a SOCKS proxy, which aiohttp does not know.
        """
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        if host not in self._proxies:
            proxies = urllib.request.getproxies()
            proxy = proxies.get(parts.scheme) or proxies.get("all")
            if proxy is not None and "://" not in proxy:
                proxy = f"http://{proxy}"
            passed_by = proxy is not None and urllib.request.proxy_bypass(host)
            if proxy is not None and not passed_by and not proxy.startswith(("http://", "https://")):
                kind = proxy.partition("://")[0]
                raise NetworkError(f"the environment's proxy is of the kind {kind!r}, expected http or https")
            self._proxies[host] = None if passed_by else proxy
        return self._proxies[host]


class _PoolTimeoutError(TimeoutError):
    """No other request ended in time."""


@contextlib.asynccontextmanager
async def _place(pool: asyncio.Semaphore, seconds: float | None) -> AsyncIterator[None]:
    if pool.locked():
        try:
            async with asyncio.timeout(seconds):
                await pool.acquire()
        except TimeoutError:
            raise _PoolTimeoutError from None
    else:
        await pool.acquire()  # at once: no clock need be set
    try:
        yield
    finally:
        pool.release()


class _Body(Payload):
    """Bytes to send, each chunk of which must find room in time: aiohttp has no write time-out."""

    def __init__(self, value: bytes, content_type: str, seconds: float | None) -> None:
        super().__init__(value, content_type=content_type)
        self._size = len(value)
        self._seconds = seconds

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """The body as text."""
        return bytes(self._value).decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Write it all.

        Raises:
            TimeoutError: a chunk found no room in time.
        """
        if len(self._value) <= UNHINDERED_BYTES:
            await writer.write(self._value)  # waits for nothing: no clock need be set
            return
        whole = memoryview(self._value)
        for start in range(0, len(whole), CHUNK_BYTES):
            async with asyncio.timeout(self._seconds):
                await writer.write(bytes(whole[start : start + CHUNK_BYTES]))


async def _body(data: RequestData, seconds: float | None) -> Payload:
    """A form, urlencoded or with files; those are read into memory, as Telegram takes 50 MB at most."""
    if not data.contains_files:
        return _Body(urlencode(data.json_parameters).encode(), "application/x-www-form-urlencoded", seconds)
    form = aiohttp.FormData(quote_fields=False)  # Telegram shows a percent-encoded file name as it is
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime_type)
    parts = form()
    return _Body(await parts.as_bytes(), parts.content_type, seconds)


def _given(timeout: object, default: float | None) -> float | None:
    """``DEFAULT_NONE``, the only one that is neither, means that none was given; ``None`` means for ever."""
    return timeout if timeout is None or isinstance(timeout, int | float) else default


def tls() -> ssl.SSLContext:
    """The operator's certificates when the environment names some, Mozilla's otherwise: as httpx chooses."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    try:
        if file or folder:
            return ssl.create_default_context(cafile=file or None, capath=folder or None)
    except OSError as error:  # an SSLError is one, too
        raise SettingsError(
            "SSL_CERT_FILE or SSL_CERT_DIR", f"{file or folder!r} ({error.strerror})", "certificates in PEM files"
        ) from error
    return ssl.create_default_context(cafile=certifi.where())


def _described(error: Exception) -> str:
    """What went wrong, in words that cannot hold the address: not the error's own."""
    detail = ""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        detail = getattr(error.certificate_error, "verify_message", "")
    elif isinstance(error, aiohttp.ClientResponseError):
        detail = str(error.status)  # a proxy's refusal
    elif isinstance(error, aiohttp.ClientConnectorError):
        detail = error.os_error.strerror or ""  # the socket's, which knows an IP address at most
    elif isinstance(error, OSError) and error.errno:
        detail = os.strerror(error.errno)  # its own words name the address
    return f"{type(error).__name__}: {detail}" if detail else type(error).__name__
