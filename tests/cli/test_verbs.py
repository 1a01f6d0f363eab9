"""The table of verbs, and the page that says how to add one."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.docs import python_blocks
from tests.plugins import installed, read_again

from limner.cli.verbs import VERBS, Verb

if TYPE_CHECKING:
    from tests.cli.conftest import Limner

BUILT_IN = dict(VERBS.built_in())


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_verb_is_there(name: str) -> None:
    """Each names a function that takes arguments, and says in a few words what it does."""
    verb = BUILT_IN[name]
    assert isinstance(verb.run, str)
    module, _, function = verb.run.partition(":")
    assert callable(getattr(import_module(module), function))
    assert verb.summary[0].islower()
    assert not verb.summary.endswith(".")


def test_exit_status() -> None:
    assert Verb("do nothing", lambda _: None)([]) == 0
    assert Verb("count", len)(["a", "b"]) == 2


@pytest.mark.slow
def test_a_verb_of_another_package(limner: Limner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of the page, installed as a package of its own."""
    (tmp_path / "ink_of_others.py").write_text(*python_blocks("docs/adding/verb.md"))
    installed(tmp_path, monkeypatch, "limner.verbs", ink="ink_of_others:VERB")
    read_again(monkeypatch, VERBS)
    said = limner("ink", "doodles", "--split", "valid")
    assert (said.code, said.err) == (0, "")
    assert "drawings, " in said.out
    assert "ink          measure the ink of drawings" in limner("--help").out
    assert "usage: limner ink" in limner("ink", "--help").out
    assert limner("ikn").err.endswith("did you mean 'ink'?\n")
