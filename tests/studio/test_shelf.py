"""What models on the shelf can be asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from limner.errors import LimnerError
from limner.sampling.model import Model, load_model
from limner.studio.shelf import Books, Shelf


def _asked_of(books: str | None, classes: tuple[str, ...] | None = None) -> Shelf:
    """Put the shipped model on a shelf, as if it had learnt these classes."""
    model = load_model("doodles")
    shelf = Shelf([], Books(books))
    card = model.card if classes is None else replace(model.card, classes=classes)
    shelf.add("mine", Model(model.network, card))
    return shelf


def test_a_model_is_asked_for_the_classes_that_it_has_learnt() -> None:
    assert "cat" in _asked_of("doodles")["mine"].labels()


@pytest.mark.parametrize("classes", [(), ("sheep",), ("cat", "whale")])
def test_not_for_those_of_a_corpus_that_it_has_not(classes: tuple[str, ...]) -> None:
    """A model of one's own beside the shipped one is not offered the toys."""
    shelf = _asked_of("doodles", classes)
    assert shelf["mine"].labels() == ()
    with pytest.raises(LimnerError, match="can be asked for none"):
        shelf["mine"].given_for("cat", 1, None)  # type: ignore[arg-type]


def test_nor_for_any_without_a_corpus_to_remember_by() -> None:
    assert _asked_of(None)["mine"].labels() == ()
