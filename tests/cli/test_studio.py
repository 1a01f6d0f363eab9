"""``limner studio``: what cannot be opened is refused before anything listens."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from limner.cli import studio

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused

QUIET = ("--no-open", "--port", "0")


def test_what_is_not_there(refused: Refused, tmp_path: Path, svg: Path) -> None:
    refused("studio", "nosuch", *QUIET, names="There is no model nosuch")
    refused("studio", *QUIET, "--corpus", "nosuch.npz", names="nosuch.npz does not exist")
    refused("studio", *QUIET, "--runs", tmp_path / "nosuch", names="is no folder")
    refused("studio", *QUIET, "--keep", svg, names="is a file")
    refused("studio", "--port", "70000", code=2, names="70000")


def test_a_port_that_is_taken(refused: Refused) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused("studio", "--no-open", "--port", port, names=f"Cannot serve at 127.0.0.1:{port}: ")


def test_arguments_reach_the_studio(limner: Limner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without any: what ships with limner, on the loopback, with a browser."""
    seen = []
    monkeypatch.setattr(
        "limner.studio.serve.serve", lambda settings, **options: seen.append((settings, options))
    )
    assert limner("studio").code == 0
    options = (
        "--corpus",
        "c.npz",
        "--runs",
        tmp_path,
        "--keep",
        "k",
        "--port",
        9,
        "--no-open",
        "--host",
        "::1",
    )
    assert limner("studio", "a", "b", *options).code == 0
    (first, opened), (second, closed) = seen
    assert (first.models, first.corpus, first.runs, first.kept) == ((), None, None, Path("kept"))
    assert (first.host, first.port, opened["open_page"]) == ("127.0.0.1", 8700, True)
    assert (second.models, second.corpus, second.runs, second.kept) == (
        ("a", "b"),
        "c.npz",
        tmp_path,
        Path("k"),
    )
    assert (second.host, second.port, closed["open_page"]) == ("::1", 9, False)
    assert studio.VERB == "studio"
