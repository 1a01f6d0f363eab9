"""``limner models``: list, get and info, from a mirror, without a network."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.interchange.conftest import make_document  # noqa: F401 (a fixture)

from limner.models import published
from limner.models.published import find_published, published_models
from limner.models.weights import shipped_names

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache of this test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("LIMNER_DATA", raising=False)
    return tmp_path / "cache"


@pytest.fixture
def mirror(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_document: Callable[..., list[Any]],  # noqa: F811
) -> Path:
    """Return a folder that holds the file of a published decoder, whose hash is not known."""
    entry = replace(find_published("magenta/cat"), sha256=None, size=None)
    monkeypatch.setitem(published_models(), "magenta/cat", entry)
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / "cat.gen.json").write_text(json.dumps(make_document()))
    return folder


def test_list(limner: Limner) -> None:
    found = limner("models", "list", "--json").json
    assert set(shipped_names()) < set(found)
    assert found["doodles"] == {
        "is": "shipped", "licence": "CC0 1.0", "about": "sixteen kinds of toy doodles; learnt in minutes",
    }  # fmt: skip
    assert found["magenta/octopus"]["is"] == "published"
    assert re.fullmatch("[0-9a-f]{64}", found["magenta/octopus"]["sha256"])
    assert found["magenta/the_mona_lisa"]["url"].endswith("/models/the_mona_lisa.gen.json")
    assert "magenta/everything-vae" not in found
    assert len([name for name in found if name.startswith("magenta/")]) == 114 + 113
    said = limner("models", "list", "owl")
    assert [line.split()[0] for line in said.out.splitlines()[1:]] == [
        "magenta/owl", "magenta/owl-vae", "sketch-rnn/owl/lstm",
    ]  # fmt: skip


def test_what_is_not_here_yet(limner: Limner, refused: Refused) -> None:
    assert limner("models", "info", "magenta/cat", "--json").json["get"] == "limner models get magenta/cat"
    refused("sample", "magenta/cat", "--out", "x.svg", names="limner models get magenta/cat fetches it")
    refused("sample", "octopus", "--out", "x.svg", names="did you mean magenta/octopus? limner models get")
    refused("models", "get", "magenta/octopuss", names="did you mean magenta/octopus?")
    refused("models", "info", "no-such-model", names="There is no model no-such-model")


@pytest.mark.slow
def test_get(limner: Limner, mirror: Path, cache: Path) -> None:
    """From the mirror, converted, and found by its name from then on."""
    said = limner("models", "get", "magenta/cat", "--mirror", mirror)
    path = cache / "limner/models/magenta/cat.safetensors"
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[0] == str(path)
    assert path.is_file()
    assert limner("sample", "magenta/cat", "--out", "x.svg", "--max-points", 5).code == 0
    facts = limner("models", "info", "magenta/cat", "--json").json
    assert (facts["is"], facts["classes"], facts["kind"]) == ("fetched", ["cat"], "sketch_rnn")
    assert facts["licence"].startswith("Apache-2.0 (data: Quick, Draw!, CC BY 4.0). Google Magenta;")
    (mirror / "cat.gen.json").unlink()
    assert limner("models", "get", "magenta/cat", "--json").json["file"] == str(path)


def test_another_file_under_that_name(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "ant.gen.json").write_text("[]")
    refused("models", "get", "magenta/ant", "--mirror", tmp_path, names="is not the model magenta/ant")


@pytest.mark.slow
def test_info_of_what_ships(limner: Limner) -> None:
    said = limner("models", "info", "doodles")
    assert re.search(r"^classes +.*cat", said.out, re.MULTILINE)
    assert limner("models", "info", "doodles", "--json").json["parameters"] > 100_000


def test_names_and_places_of_published_models() -> None:
    for name, entry in published.published_models().items():
        assert entry.name == name
        assert entry.noun == "model"
        assert entry.url.startswith("http")
        assert "CC BY" in entry.licence
