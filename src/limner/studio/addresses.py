"""Names and addresses of this machine: those a request may name, and the one that is shown to others."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress

DOCUMENTATION_ADDRESSES = ("192.0.2.1", "2001:db8::1")
"""Addresses reserved for documentation (RFC 5737 and 3849); nothing is sent to them."""
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
LOCAL_DOMAINS = ("", ".local", ".lan", ".home", ".home.arpa", ".localdomain", ".internal", ".fritz.box")
"""Domains that routers and mDNS append to a machine's name."""


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def is_wildcard(host: str) -> bool:
    """Return whether an address is the wildcard of all interfaces, such as 0.0.0.0."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_unspecified
    except ValueError:
        return host == ""


def bracketed(address: str) -> str:
    """Return an address as written in a URL: without zone, and in brackets if it is IPv6."""
    plain = address.strip("[]").partition("%")[0].lower()
    try:
        known = ipaddress.ip_address(plain)
    except ValueError:
        return plain
    mapped = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
    return str(mapped or known) if mapped or known.version == 4 else f"[{known}]"


def own_names() -> frozenset[str]:
    """Return the host names of this machine, in lower case."""
    names = {socket.gethostname().lower()}
    with suppress(OSError, UnicodeError):
        names.add(socket.getfqdn().lower())
    short = {name.partition(".")[0] for name in names} - {"", "localhost"}
    return frozenset(names - {""}) | {name + domain for name in short for domain in LOCAL_DOMAINS}


def own_addresses() -> list[str]:
    """Return the addresses of this machine without loopback; that of the default route comes first."""
    addresses = [_source_address(target) for target in DOCUMENTATION_ADDRESSES]
    with suppress(OSError, UnicodeError):
        addresses += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None)]
    hosts = [bracketed(address) for address in addresses if address is not None]
    return list(dict.fromkeys(name for name in hosts if not is_loopback(name)))


def address_for_others(host: str) -> str:
    """Return the host part of the URL by which another machine reaches a server.

    Parameters
    ----------
    host : str
        Address that the server is bound to. For a wildcard the address of the default route is returned, or
        the machine's name if there is no route.
    """
    if not is_wildcard(host):
        return bracketed(host)
    ipv6 = ":" in host
    names = [name for name in own_addresses() if ipv6 or not name.startswith("[")]
    return names[0] if names else socket.gethostname()


def _source_address(target: str) -> str | None:
    """Return the source address of packets to ``target``; nothing is sent."""
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((target, 9))
        return str(probe.getsockname()[0])
    return None
