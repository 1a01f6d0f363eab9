"""Addresses of a hub; nothing is asked of a network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from limner.errors import LimnerError, MissingExtraError
from limner.models.hub_address import fetch_from_hub, is_hub_address, read_hub_address
from limner.models.weights import SHIPPED, find_weights


@pytest.mark.parametrize(
    ("name", "repository", "revision"),
    [
        ("hf://user/cats", "user/cats", None),
        (Path("hf://user/cats"), "user/cats", None),
        ("hf://user/cats@v1.2", "user/cats", "v1.2"),
        ("hf://some-one/my.model_2/", "some-one/my.model_2", None),
    ],
)
def test_addresses(name: str | Path, repository: str, revision: str | None) -> None:
    assert is_hub_address(name)
    assert read_hub_address(name) == (repository, revision)


@pytest.mark.parametrize("name", ["hf://", "hf://user", "hf://user/a/b", "hf://user/a b", "hf:///x"])
def test_what_is_no_address(name: str) -> None:
    with pytest.raises(LimnerError, match="is no address of the hub; write hf://user/name"):
        read_hub_address(name)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'limner\[hub\]'"):
        find_weights("hf://user/cats")


def test_what_the_hub_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = pytest.importorskip("huggingface_hub")
    asked: list[Any] = []

    def download(repository: str, file: str, *, revision: str | None) -> str:
        asked.append((repository, file, revision))
        return str(SHIPPED / "doodles.safetensors")

    monkeypatch.setattr(hub, "hf_hub_download", download)
    assert find_weights("hf://user/cats@v1") == SHIPPED / "doodles.safetensors"
    assert asked == [("user/cats", "model.safetensors", "v1")]


def test_a_hub_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = pytest.importorskip("huggingface_hub")
    errors = pytest.importorskip("huggingface_hub.errors")

    def download(*_: object, **__: object) -> str:
        raise errors.LocalEntryNotFoundError("no connection")

    monkeypatch.setattr(hub, "hf_hub_download", download)
    with pytest.raises(LimnerError, match=r"Cannot fetch hf://user/cats: the hub does not answer"):
        fetch_from_hub("hf://user/cats", "model.safetensors")
