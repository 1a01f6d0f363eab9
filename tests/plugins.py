"""Packages of strangers for tests: folders that look installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch, group: str, **entries: str) -> None:
    """Put ``folder`` on the path as the distribution ``stranger``, with entry points of one group."""
    metadata = folder / "stranger-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n")
    lines = [f"{name} = {value}" for name, value in entries.items()]
    (metadata / "entry_points.txt").write_text("\n".join([f"[{group}]", *lines, ""]))
    monkeypatch.syspath_prepend(folder)
    for module in folder.glob("*.py"):
        monkeypatch.delitem(sys.modules, module.stem, raising=False)
