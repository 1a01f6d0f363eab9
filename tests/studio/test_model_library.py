"""What models on the library can be asked for."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from limner.errors import LimnerError
from limner.models.weights import find_weights
from limner.sampling.config import SamplingConfig
from limner.sampling.model import Model, load_model
from limner.studio import model_library
from limner.studio.model_library import CorpusSource, ModelLibrary, opened_by_default


def _asked_of(corpus_source: str | None, classes: tuple[str, ...] | None = None) -> ModelLibrary:
    """Put the shipped model on a library, as if it had learnt these classes."""
    model = load_model("doodles")
    library = ModelLibrary([], CorpusSource(corpus_source))
    card = model.card if classes is None else replace(model.card, classes=classes)
    library.add("mine", Model(model.network, card))
    return library


def test_a_model_is_asked_for_the_classes_that_it_has_learnt() -> None:
    assert "cat" in _asked_of("doodles")["mine"].labels()


@pytest.mark.parametrize("classes", [(), ("sheep",), ("cat", "whale")])
def test_not_for_those_of_a_corpus_that_it_has_not(classes: tuple[str, ...]) -> None:
    """A model of one's own beside the shipped one is not offered the toys."""
    library = _asked_of("doodles", classes)
    assert library["mine"].labels() == ()
    with pytest.raises(LimnerError, match="can be asked for none"):
        library["mine"].conditioning_for("cat", 1, None)  # type: ignore[arg-type]


def test_nor_for_any_without_a_corpus_to_remember_by() -> None:
    assert _asked_of(None)["mine"].labels() == ()


def test_what_is_opened_where_no_model_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The base first, so that Draw begins with it; what did not ship is left out."""
    monkeypatch.setattr(model_library, "shipped_names", lambda: ["doodles", "sketches", "sketches-latent"])
    assert opened_by_default() == ("sketches", "doodles", "sketches-latent")
    monkeypatch.setattr(model_library, "shipped_names", lambda: ["doodles"])
    assert opened_by_default() == ("doodles",)


def test_a_model_draws_as_its_card_says() -> None:
    model = load_model("doodles")
    steady = replace(model.card, sampling={"convention": "steady", "temperature": 0.3})
    entry = ModelLibrary([], CorpusSource(None)).add("steady", Model(model.network, steady))
    assert entry.sampling_config() == SamplingConfig(0.3, convention="steady")
    assert entry.sampling_config(0.7) == SamplingConfig(0.7, convention="steady")
    assert entry.network is model.network


def test_a_hand_is_called_by_its_folder(tmp_path: Path) -> None:
    run = tmp_path / "mine/run"
    run.mkdir(parents=True)
    shutil.copyfile(find_weights("doodles"), run / "model.safetensors")
    assert [entry.id for entry in ModelLibrary([str(run)], CorpusSource(None))] == ["run"]
    (tmp_path / "mine/learn.json").write_text("{}")
    assert [entry.id for entry in ModelLibrary([str(run)], CorpusSource(None))] == ["mine"]
