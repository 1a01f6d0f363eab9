"""What models on the library can be asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from limner.errors import LimnerError
from limner.sampling.model import Model, load_model
from limner.studio.model_library import CorpusSource, ModelLibrary


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
