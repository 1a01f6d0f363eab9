"""Packages of strangers for tests: folders that look installed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from limner.registry import Registry

Groups = Mapping[str, Mapping[str, str]]
"""Entry points by group, and by name."""


def read_again(monkeypatch: pytest.MonkeyPatch, *tables: Registry[Any]) -> None:
    """Let tables look for entry points again, as a new process does, until the end of the test."""
    for table in tables:
        monkeypatch.setattr(table, "_points", None)
        monkeypatch.setattr(table, "_loaded", dict(table._loaded))


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch, group: str, **entries: str) -> None:
    """Put ``folder`` on the path as the distribution ``stranger``, with entry points of one group."""
    install(folder, monkeypatch, {group: entries})


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, groups: Groups) -> None:
    """Put ``folder`` on the path as the distribution ``stranger``."""
    metadata = folder / "stranger-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n")
    lines = []
    for group, entries in groups.items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())]
    (metadata / "entry_points.txt").write_text("\n".join([*lines, ""]))
    monkeypatch.syspath_prepend(folder)
    for path in folder.iterdir():
        for module in [name for name in sys.modules if name.partition(".")[0] == path.stem]:
            monkeypatch.delitem(sys.modules, module)
