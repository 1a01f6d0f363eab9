"""A studio in a process of its own: it answers as soon as it says where, and goes quietly."""

from __future__ import annotations

import io
import json
import signal
import socket
import sys
import urllib.request
from pathlib import Path

import pytest
from tests.studio.conftest import PATIENT_SECONDS as PATIENT
from tests.studio.conftest import Server

from limner.errors import LimnerError
from limner.studio.serve import StudioSettings, address_of, announcement, listening_socket, open_context
from limner.studio.server import INTERRUPTED


@pytest.mark.slow
def test_it_answers_as_soon_as_it_says_where(tmp_path: Path) -> None:
    server = Server(tmp_path / "kept")
    with urllib.request.urlopen(server.address + "api/studio", timeout=PATIENT) as answer:
        facts = json.load(answer)
    assert [model["id"] for model in facts["models"]] == ["doodles"]
    assert facts["corpus"] == "doodles"
    with urllib.request.urlopen(server.address, timeout=PATIENT) as answer:
        assert b"limner studio" in answer.read()
    assert server.stop() == ""
    assert server.process.returncode == 0
    assert not (tmp_path / "kept").exists()  # nothing was kept


def test_addresses() -> None:
    assert address_of("127.0.0.1", 8700, None) == "http://127.0.0.1:8700/"
    assert address_of("::1", 8700, "abc") == "http://[::1]:8700/?token=abc"
    assert address_of("10.0.0.1", 8700, "abc") == "http://10.0.0.1:8700/?token=abc"
    assert "0.0.0.0" not in address_of("0.0.0.0", 8700, "abc")


def test_others_are_told_the_address_as_a_code_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the terminal can show it."""
    address = "http://192.168.0.7:8700/?token=abcdefghijklmnopqrstuvwxyz012345"
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "utf-8"))
    opened, warning, code = announcement(address, local=False)
    assert address in opened
    assert "not encrypted" in warning
    assert len({len(line) for line in code.splitlines()}) == 1
    assert set(code) == set("\n ▀▄█")
    assert len(announcement(address, local=True)) == 1
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "ascii"))
    assert len(announcement(address, local=False)) == 2


@pytest.mark.slow
def test_two_interrupts_end_it_always(tmp_path: Path) -> None:
    """Even while something is worked at and a picture is on its way, and though a script began it."""
    server = Server(tmp_path / "kept", ignoring=True)
    with socket.create_connection(("127.0.0.1", server.port)) as sending:
        sending.sendall(b"POST /api/scan HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc")
        server.process.send_signal(signal.SIGINT)
        server.process.send_signal(signal.SIGINT)
        assert server.process.communicate(timeout=PATIENT)[1] in ("", "limner: interrupted.\n")
    assert server.process.returncode in (0, INTERRUPTED)


@pytest.mark.slow
def test_one_interrupt_ends_it_in_order(tmp_path: Path) -> None:
    """Though a script began it, with the interrupt ignored; what is cut off is not in the log."""
    server = Server(tmp_path / "kept", ignoring=True)
    with socket.create_connection(("127.0.0.1", server.port)) as sending:
        sending.sendall(b"POST /api/scan HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc")
        assert server.stop() == ""
    assert server.process.returncode == 0


def test_ports_are_taken_once() -> None:
    with listening_socket("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(LimnerError, match=f"Cannot serve at 127.0.0.1:{port}"):
            listening_socket("127.0.0.1", port)


def test_models_of_one_name_are_told_apart(tmp_path: Path) -> None:
    settings = StudioSettings(("doodles", "doodles"), None, None, tmp_path / "kept", "127.0.0.1", 0)
    context = open_context(settings)
    assert [loaded.id for loaded in context.library] == ["doodles", "doodles 2"]
    context.close()


def test_folders_are_settled_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no later change of the working folder leads elsewhere."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    context = open_context(StudioSettings(("doodles",), None, Path("runs"), Path("kept"), "127.0.0.1", 0))
    assert (context.folders.kept, context.folders.runs) == (tmp_path / "kept", tmp_path / "runs")
    context.close()
