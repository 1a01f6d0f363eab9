"""By which names and addresses this machine is reached, and the one to tell to others."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress

ELSEWHERE = ("192.0.2.1", "2001:db8::1")
"""Addresses set aside for documentation (RFC 5737 and 3849): nothing is ever sent there."""
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
HOME = ("", ".local", ".lan", ".home", ".home.arpa", ".localdomain", ".internal", ".fritz.box")
"""What a router or the machines themselves add to a machine's name."""


def is_loopback(host: str) -> bool:
    """Tell whether an address is reached from this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def is_anywhere(host: str) -> bool:
    """Tell whether an address stands for all addresses of the machine, as 0.0.0.0 does."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_unspecified
    except ValueError:
        return host == ""


def bracketed(address: str) -> str:
    """Write an address as it stands in a URL: without its zone, and in brackets if it is IPv6."""
    plain = address.strip("[]").partition("%")[0].lower()
    try:
        known = ipaddress.ip_address(plain)
    except ValueError:
        return plain
    mapped = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
    return str(mapped or known) if mapped or known.version == 4 else f"[{known}]"


def own_names() -> frozenset[str]:
    """Return the names by which others reach this machine, in small letters."""
    names = {socket.gethostname().lower()}
    with suppress(OSError, UnicodeError):
        names.add(socket.getfqdn().lower())
    short = {name.partition(".")[0] for name in names} - {"", "localhost"}
    return frozenset(names - {""}) | {name + end for name in short for end in HOME}


def own_addresses() -> list[str]:
    """Return the addresses of this machine, the one that leads outward first; the loopback is left out."""
    found = [_source_of(place) for place in ELSEWHERE]
    with suppress(OSError, UnicodeError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None)]
    named = [bracketed(address) for address in found if address is not None]
    return list(dict.fromkeys(name for name in named if not is_loopback(name)))


def address_for_others(host: str) -> str:
    """Return the name, as it stands in a URL, by which another machine reaches a server.

    Parameters
    ----------
    host : str
        What the server is bound to. Where it stands for all addresses, the one by which this machine reaches
        others is taken; the machine's own name if it reaches none.
    """
    if not is_anywhere(host):
        return bracketed(host)
    wide = ":" in host
    first = [name for name in own_addresses() if wide or not name.startswith("[")]
    return first[0] if first else socket.gethostname()


def _source_of(place: str) -> str | None:
    """Return the own address from which something would be sent to a place; nothing is sent."""
    family = socket.AF_INET6 if ":" in place else socket.AF_INET
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asked:
        asked.connect((place, 9))
        return str(asked.getsockname()[0])
    return None
