"""By what this machine is reached."""

from __future__ import annotations

import socket

import pytest

from limner.studio import addresses
from limner.studio.addresses import address_for_others, bracketed, is_loopback, is_wildcard, own_names


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("192.168.0.7", "192.168.0.7"),
        ("fe80::1%eth0", "[fe80::1]"),
        ("::ffff:10.0.0.3", "10.0.0.3"),
        ("[::1]", "[::1]"),
        ("Studio.local", "studio.local"),
    ],
)
def test_addresses_in_urls(address: str, written: str) -> None:
    assert bracketed(address) == written


def test_which_addresses_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that others can open: never the one that stands for all."""
    monkeypatch.setattr(addresses, "own_addresses", lambda: ["[fd00::2]", "192.168.0.7"])
    assert address_for_others("0.0.0.0") == "192.168.0.7"
    assert address_for_others("::") == "[fd00::2]"
    assert address_for_others("10.0.0.1") == "10.0.0.1"
    monkeypatch.setattr(addresses, "own_addresses", list)
    assert address_for_others("0.0.0.0") == socket.gethostname()


def test_own_addresses_are_no_loopback() -> None:
    assert not [name for name in addresses.own_addresses() if is_loopback(name) or is_wildcard(name)]


def test_own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Studio")
    monkeypatch.setattr(socket, "getfqdn", lambda: "studio.example.org")
    assert {"studio", "studio.local", "studio.lan", "studio.example.org"} <= own_names()
    assert "example.org" not in own_names()
