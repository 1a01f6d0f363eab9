"""What a page asks for becomes an order, or is refused in a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.studio.map.maps import order_of, write_toys

from limner.corpus.source import DOODLES
from limner.errors import LimnerError
from limner.models.build import build_model
from limner.models.config import DecoderConfig, ModelConfig
from limner.sampling.model import Model
from limner.studio.context import House
from limner.studio.map.order import Order, order_for
from limner.studio.map.shapes import Layout


def test_an_order_keeps_its_name_on_the_way() -> None:
    order = order_of(Path("toys.parquet"))
    assert Order.from_json(order.to_json()) == order
    assert Order.from_json(order.to_json()).id == order.id != order_of(Path("toys.parquet"), seed=1).id


def test_a_corpus_that_was_changed_is_laid_out_anew(house: House) -> None:
    path = write_toys(house.folders.kept / "corpora" / "toys.parquet", 12)
    before = order_for(Layout(corpus="toys.parquet"), house)
    assert (before.corpus, before.model, before.features) == (str(path), None, "shape")
    assert order_for(Layout(corpus="toys.parquet"), house).id == before.id
    os.utime(path, (1, 1))
    assert order_for(Layout(corpus="toys.parquet"), house).id != before.id


def test_latents_and_samples_need_a_model(house: House) -> None:
    latent = order_for(Layout(corpus=DOODLES, by="latent", model="doodles"), house)
    assert (latent.features, latent.sampled) == ("model:doodles", False)
    samples = order_for(Layout(model="doodles", n=500), house)
    assert samples.sampled
    assert Path(samples.corpus).parent == house.folders.kept / "corpora"
    assert samples.title == Path(samples.corpus).name
    for wrong in ({"by": "latent", "corpus": DOODLES}, {}):
        with pytest.raises(ValidationError, match="need a model"):
            Layout.model_validate(wrong)


def test_what_cannot_be_laid_out(house: House) -> None:
    config = ModelConfig(conditional=False, decoder=DecoderConfig(size=8, components=2))
    model = Model(build_model(config).eval(), house.shelf["doodles"].model.card)
    bare = house.shelf.add("bare", model).id
    wrong = [
        (Layout(corpus="../../etc/passwd"), "no such corpus"),
        (Layout(corpus=DOODLES, n=100_000), "50,000 drawings at most"),
        (Layout(model="doodles", n=20_000), "10,000 samples"),
        (Layout(corpus=DOODLES, model="nosuch"), "no model 'nosuch'"),
        (Layout(corpus=DOODLES, by="latent", model=bare), "decoder alone"),
        (Layout(model=bare), "in no file"),
    ]
    try:
        for wanted, why in wrong:
            with pytest.raises(LimnerError, match=why):
                order_for(wanted, house)
    finally:
        house.shelf.remove(bare)
