"""``limner doctor``: what it says of a machine, and what it advises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from limner.interchange import machine_facts

if TYPE_CHECKING:
    from tests.cli.conftest import Limner

pytestmark = pytest.mark.slow


def test_facts(limner: Limner) -> None:
    facts = limner("doctor", "--json").json
    assert set(facts) == {"versions", "machine", "compute", "data", "caches", "extras", "advice"}
    assert facts["versions"]["python"].startswith("3.")
    assert facts["machine"]["cores"] >= 1
    assert set(facts["extras"]) == set(machine_facts.EXTRAS)
    assert all(one["mb"] >= 0 for one in facts["caches"].values())


def test_for_people(limner: Limner) -> None:
    said = limner("doctor")
    assert (said.code, said.err) == (0, "")
    assert "  limner " in said.out
    assert "MB in " in said.out


def test_advice(limner: Limner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMNER_DATA", "/no/such/folder")
    monkeypatch.setitem(machine_facts.EXTRAS, "cluster", (("no_such_module",), "limner build --engine ray"))
    advice = limner("doctor", "--json").json["advice"]
    assert "limner build --engine ray needs  pip install 'limner[cluster]'" in advice
    assert any(line.startswith("LIMNER_DATA names no folder") for line in advice)
