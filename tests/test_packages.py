"""The wheel and the sdist as they would be published: what is inside, and how large they are."""

from __future__ import annotations

import importlib.util
import os
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


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Build a wheel and an sdist as ``make wheel`` does."""
    pytest.importorskip("build", reason="build is missing: pip install 'limner[test]'")
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if "No matching distribution" in done.stdout + done.stderr:
        pytest.skip("hatchling cannot be fetched here")
    assert done.returncode == 0, done.stderr[-2000:]
    return sorted(folder.iterdir())


@pytest.mark.slow
def test_what_is_published(checks: ModuleType, packages: list[Path]) -> None:
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


@pytest.mark.slow
def test_the_wheel_alone_draws(packages: list[Path], tmp_path: Path) -> None:
    """Installed into an empty folder, away from the sources: it draws, makes a page, and completes itself."""
    place, work = tmp_path / "site", tmp_path / "work"
    work.mkdir()
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(place)]
    subprocess.run([*pip, str(packages[0])], check=True, timeout=300)
    environment = os.environ | {"PYTHONPATH": str(place), "XDG_CACHE_HOME": str(tmp_path / "cache")}

    def limner(*arguments: str) -> str:
        command = [sys.executable, "-m", "limner", *arguments]
        done = subprocess.run(
            command, cwd=work, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    where = "import limner; print(limner.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", where], cwd=work, env=environment, capture_output=True, text=True
    )
    assert Path(found.stdout.strip()).is_relative_to(place)
    limner("sample", "doodles", "-n", "4", "--out", "sheet.svg")
    limner("export", "doodles", "--to", "web", "--out", "page")
    limner("data", "info", "doodles")
    assert "complete -o filenames" in limner("completion", "bash")
    assert "engine" in limner("doctor")
    assert (work / "sheet.svg").stat().st_size > 500
    assert (work / "page" / "index.html").stat().st_size > 1e6


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
