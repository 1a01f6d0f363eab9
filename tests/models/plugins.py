"""Packages of others, as tests install them: a module and its entry point in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def install(folder: Path, group: str, entry: str, source: str) -> None:
    """Write a distribution ``example`` with the module ``example`` and one entry point.

    Parameters
    ----------
    folder : Path
        Made importable by :func:`run_with`.
    group : str
        Such as ``limner.cells``.
    entry : str
        ``name = example:ATTRIBUTE``
    source : str
        Of the module.
    """
    about = folder / "example-1.0.dist-info"
    about.mkdir(parents=True)
    (folder / "example.py").write_text(source, "utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: example\nVersion: 1.0\n", "utf-8")
    (about / "entry_points.txt").write_text(f"[{group}]\n{entry}\n", "utf-8")


def run_with(folder: Path, code: str) -> str:
    """Run python code in a process that finds the distribution, and return what it prints.

    Raises
    ------
    AssertionError
        If it fails, with what it said.
    """
    paths = [str(folder), str(ROOT / "src"), str(ROOT)]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
