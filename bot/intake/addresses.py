"""Which web addresses an admin may have opened: pure rules; ``fetching.py`` holds every connection to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from yarl import URL

from bot.intake.errors import BadAddressError, CredentialsError, ForbiddenAddressError

MAX_LENGTH = 2_000
_CONTROL = re.compile(r"[\x00-\x20\x7f\\]")
_USER = re.compile(r"[^/]*/*[^/?#]*@")  # an empty one, too, which a parser drops
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:(?!\d)")  # "situs.id:8080/berita" has a port, not a scheme

# Networks that Python's tables call global or leave out in some versions.
_NOT_PUBLIC = tuple(
    ip_network(each)
    for each in (
        "168.63.129.16/32",  # a cloud's own services, at a public address
        "192.0.0.0/24",  # protocols' own
        "192.88.99.0/24",  # 6to4 relays
        "64:ff9b:1::/48",  # translation of local use (RFC 8215)
        "fec0::/10",  # site-local
        "100:0:0:1::/64",
        "5f00::/16",  # segment routing
    )
)
_TRANSLATED = IPv6Network("64:ff9b::/96")  # NAT64: the last 32 bits are an IPv4 address


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is a host's on the public internet, also once what is wrapped in it is unwrapped."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address in _TRANSLATED:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address.sixtofour or address.teredo or address.is_site_local:
            return False  # tunnels, long out of use: nothing that is worth unwrapping
    return (
        address.is_global
        and not (address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback)
        and not any(address in network for network in _NOT_PUBLIC if network.version == address.version)
    )


@dataclass(frozen=True)
class AddressPolicy:
    """Where fetching may connect to. Tests pass another one; there is no setting that weakens this one."""

    ports: frozenset[int] = frozenset({80, 443, 8080, 8443})

    def allows(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether a connection may be made to ``address``."""
        return is_public(address)

    def check(self, host: str) -> None:
        """Let an address pass that is about to be connected to.

        Raises:
            ForbiddenAddressError: it is not public, or no address at all.
        """
        try:
            address = ip_address(host)
        except ValueError as error:
            raise ForbiddenAddressError from error
        if not self.allows(address):
            raise ForbiddenAddressError


def web_address(written: str) -> URL:
    """An address as an admin wrote it, or as a site redirects to; without a scheme it is of https.

    Raises:
        BadAddressError: none of http(s), or malformed.
        CredentialsError: with a user name or password.
    """
    written = written.strip()
    if not written or len(written) > MAX_LENGTH or _CONTROL.search(written):
        raise BadAddressError
    if not _SCHEME.match(written):
        written = f"https://{written.lstrip('/')}"
    try:
        url = URL(written)
        port, host = url.port, url.host
    except ValueError as error:
        raise BadAddressError from error
    if url.scheme not in {"http", "https"} or not host or not port:
        raise BadAddressError
    if url.raw_user is not None or url.raw_password is not None or _USER.match(written):
        raise CredentialsError
    return url.with_fragment(None)
