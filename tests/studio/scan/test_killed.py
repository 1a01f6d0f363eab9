"""A studio that dies while a picture is on its way."""

from __future__ import annotations

import socket
from pathlib import Path

import httpx
import pytest
from tests.studio.conftest import PATIENT_SECONDS, Server
from tests.studio.scan.pictures import picture

PNG = {"Content-Type": "image/png"}


def _accepted(server: Server, key: str) -> int:
    """Send a picture, take its drawing into a corpus, and return how many this then has."""
    with httpx.Client(base_url=server.address, timeout=PATIENT_SECONDS) as client:
        scan = client.post("/api/scan", content=picture(), headers=PNG).json()
        answer = client.post("/api/scan/corpora/mine", json={"scan": scan["id"], "key": key})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["drawings"])


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_what_was_saved_stays_and_half_a_picture_leaves_nothing(tmp_path: Path) -> None:
    server = Server(tmp_path / "kept")
    assert _accepted(server, "a") == 1
    saved = _files(tmp_path / "kept")
    data = picture()
    head = f"POST /api/scan HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: image/png\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as sending:
        sending.sendall(f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data[: len(data) // 2])
        server.kill()
    assert _files(tmp_path / "kept") == saved
    again = Server(tmp_path / "kept")
    try:
        assert _accepted(again, "b") == 2
    finally:
        assert again.stop() == ""
