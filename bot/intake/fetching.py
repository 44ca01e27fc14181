"""A web address -> the bytes behind it, without ever reaching into the network that the bot runs in.

The address that is checked is the one that is connected to. Names are resolved by a resolver that refuses, and its
answer goes to the socket, so that a name which means something else a moment later changes nothing; and no socket is
made but for an address that is allowed, however it was written.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import aiohttp
from aiohttp import AddrInfoType
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from bot.intake.addresses import AddressPolicy, web_address
from bot.intake.documents import MAX_BYTES
from bot.intake.errors import (
    BadAddressError,
    ForbiddenAddressError,
    PageStatusError,
    PageTimeoutError,
    PageTypeError,
    RedirectsError,
    TooBigError,
    UnreachableError,
)

MAX_REDIRECTS = 5
SECONDS = 30.0
USER_AGENT = "ArsipSosialBot/1.0"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Servers that know no better send documents as application/octet-stream; what is in them decides.
_TYPES = (
    "text/html", "text/plain", "application/xhtml+xml", "application/pdf", "application/x-pdf",
    "application/octet-stream", "binary/octet-stream",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)  # fmt: skip
_HEADERS = {"User-Agent": USER_AGENT, "Accept": "text/html, application/pdf, text/plain, */*;q=0.1",
            "Accept-Language": "id", "Accept-Encoding": "gzip"}  # fmt: skip
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response's body; ``url`` is where the redirects ended. The fields are what ``parsing.Parser.read`` takes."""

    data: bytes
    url: str
    mime: str
    charset: str
    name: str


class Fetcher:
    """Opens web addresses, each in a session of its own: no cookie or connection outlives it.

    Args:
        policy: where connections may go.
        resolver: looks names up; the system's when ``None``.
        tls: how certificates are checked; by the system's own when ``None``.
        seconds: for everything, redirects included.
        most: bytes of a body, as sent and as unpacked.
    """

    def __init__(
        self,
        policy: AddressPolicy | None = None,
        *,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
        most: int = MAX_BYTES,
    ) -> None:
        self._policy = policy or AddressPolicy()
        self._resolver = resolver
        self._tls = tls
        self._seconds = seconds
        self._most = most

    async def fetch(self, address: str) -> Fetched:
        """Fetch what an address leads to, over five redirects at most.

        Raises:
            BadAddressError, CredentialsError, ForbiddenAddressError: it is not to be opened, or a redirect's is not.
            RedirectsError, PageStatusError, PageTypeError, TooBigError: the site's answer is of no use.
            UnreachableError, PageTimeoutError: there is no answer.
        """
        url = web_address(address)
        connector = aiohttp.TCPConnector(
            resolver=_CheckedResolver(self._resolver or ThreadedResolver(), self._policy),
            socket_factory=self._socket,
            ssl=self._tls or True,
            use_dns_cache=False,
            force_close=True,
        )
        try:
            async with (
                asyncio.timeout(self._seconds),
                aiohttp.ClientSession(
                    connector=connector,
                    cookie_jar=aiohttp.DummyCookieJar(),
                    headers=_HEADERS,
                    timeout=aiohttp.ClientTimeout(total=None),  # the one above holds for all
                    auto_decompress=False,  # it unpacks whole chunks, however large they become
                    trust_env=False,  # a proxy would connect in our place, unchecked
                ) as session,
            ):
                return await self._follow(session, url)
        except TimeoutError as error:
            raise PageTimeoutError(seconds=int(self._seconds)) from error
        except aiohttp.InvalidURL as error:  # before its parent: an address and not the network is wrong
            raise BadAddressError from error
        except (aiohttp.ClientError, OSError, zlib.error, EOFError) as error:
            raise UnreachableError from error

    async def _follow(self, session: aiohttp.ClientSession, url: URL) -> Fetched:
        for _ in range(MAX_REDIRECTS + 1):
            if url.port not in self._policy.ports:
                raise ForbiddenAddressError
            async with session.get(url, allow_redirects=False) as response:
                if response.status not in _REDIRECTS or "Location" not in response.headers:
                    return await self._take(response, url)
                url = _redirected(url, response.headers["Location"])
        raise RedirectsError

    def _socket(self, address: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, where = address
        self._policy.check(str(where[0]))
        return socket.socket(family, kind, protocol)

    async def _take(self, response: aiohttp.ClientResponse, url: URL) -> Fetched:
        if response.status != 200:
            raise PageStatusError(status=response.status)
        # Without a header aiohttp takes it for application/octet-stream.
        if response.content_type not in _TYPES:
            raise PageTypeError
        # Told beforehand or not, no more is read: a length may be a lie.
        if (response.content_length or 0) > self._most:
            raise self._too_big()
        body = bytearray()
        received = 0
        unpacking = _Unpacking(response.headers.get("Content-Encoding", ""))
        async for chunk in response.content.iter_chunked(_CHUNK):
            received += len(chunk)
            for part in unpacking.feed(chunk):
                body += part
                if len(body) > self._most:
                    raise self._too_big()
            if received > self._most:
                raise self._too_big()
        unpacking.close()
        return Fetched(bytes(body), str(url), response.content_type, response.charset or "", url.name)

    def _too_big(self) -> TooBigError:
        return TooBigError(megabytes=self._most // 1_000_000)


class _CheckedResolver(AbstractResolver):
    """A resolver that lets no name through which has a forbidden address, be it one of several."""

    def __init__(self, inner: AbstractResolver, policy: AddressPolicy) -> None:
        self._inner = inner
        self._policy = policy

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        try:
            found = await self._inner.resolve(host, port, family)
        except UnicodeError as error:  # a name that is too long to be one
            raise BadAddressError from error
        for each in found:
            self._policy.check(each["host"])
        return found

    async def close(self) -> None:
        await self._inner.close()


class _Unpacking:
    """A body's packing undone in small pieces, so that a bomb is noticed before it has burst.

    Raises:
        PageTypeError: a packing that was not asked for.
    """

    def __init__(self, encoding: str) -> None:
        encoding = encoding.strip().lower()
        if encoding not in {"", "identity", "gzip", "x-gzip"}:
            raise PageTypeError
        self._gzip = _gzip() if "gzip" in encoding else None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what ``data`` brings, in pieces of 64 KiB at most."""
        if self._gzip is None:
            yield data
            return
        while data:
            if self._gzip.eof:  # one gzip file after another is a gzip file
                self._gzip = _gzip()
            yield self._gzip.decompress(data, _CHUNK)
            data = self._gzip.unused_data if self._gzip.eof else self._gzip.unconsumed_tail

    def close(self) -> None:
        """Say that all was fed; ``EOFError`` when the end is missing."""
        if self._gzip is not None and not self._gzip.eof:
            raise EOFError


def _gzip() -> zlib._Decompress:
    return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)


def _redirected(url: URL, location: str) -> URL:
    try:
        return web_address(str(url.join(URL(location.strip()))))
    except ValueError as error:
        raise BadAddressError from error
