"""The wheel and the sdist as they would be published: what is inside, and how large they are."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def checks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_wheel", ROOT / "scripts" / "check_wheel.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_what_is_published(checks: ModuleType, tmp_path: Path) -> None:
    pytest.importorskip("build", reason="build is missing: pip install 'limner[test]'")
    command = [sys.executable, "-m", "build", "--outdir", str(tmp_path), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if "No matching distribution" in done.stdout + done.stderr:
        pytest.skip("hatchling cannot be fetched here")
    assert done.returncode == 0, done.stderr[-2000:]
    packages = sorted(tmp_path.iterdir())
    assert [path.suffix for path in packages] == [".whl", ".gz"]
    there = {path.stem for path in (ROOT / "src/limner/models/shipped").glob("*.safetensors")}
    for package in packages:
        names = checks.names_in(package)
        assert {f"limner/models/shipped/{name}.safetensors" for name in there} <= set(names)
        lacking = [fault for fault in checks.faults(package) if "sketches.safetensors" not in fault]
        assert lacking == []
    metadata = _metadata(packages[0])
    assert "License-Expression: Apache-2.0" in metadata
    assert "Provides-Extra: hub" in metadata
    assert "Project-URL" not in metadata


def _metadata(wheel: Path) -> str:
    with zipfile.ZipFile(wheel) as file:
        name = next(name for name in file.namelist() if name.endswith("/METADATA"))
        return file.read(name).decode()


def test_what_a_package_lacks(checks: ModuleType, tmp_path: Path) -> None:
    wheel = tmp_path / "limner-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        for name in (*checks.INSIDE[1:], "limner/__pycache__/x.pyc"):
            file.writestr(name, "")
    assert list(checks.faults(wheel)) == [
        f"{wheel.name} lacks limner/__init__.py.",
        f"{wheel.name} holds limner/__pycache__/x.pyc.",
    ]
