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
from limner.studio.context import StudioContext
from limner.studio.map.map_request import resolve_map_spec
from limner.studio.map.map_spec import MapSpec
from limner.studio.map.schemas import MapRequest


def test_an_order_keeps_its_name_on_the_way() -> None:
    order = order_of(Path("toys.parquet"))
    assert MapSpec.from_json(order.to_json()) == order
    assert MapSpec.from_json(order.to_json()).id == order.id != order_of(Path("toys.parquet"), seed=1).id


def test_a_corpus_that_was_changed_is_laid_out_anew(context: StudioContext) -> None:
    path = write_toys(context.folders.kept / "corpora" / "toys.parquet", 12)
    before = resolve_map_spec(MapRequest(corpus="toys.parquet"), context)
    assert (before.corpus, before.model, before.features) == (str(path), None, "shape")
    assert resolve_map_spec(MapRequest(corpus="toys.parquet"), context).id == before.id
    os.utime(path, (1, 1))
    assert resolve_map_spec(MapRequest(corpus="toys.parquet"), context).id != before.id


def test_latents_and_samples_need_a_model(context: StudioContext) -> None:
    latent = resolve_map_spec(MapRequest(corpus=DOODLES, by="latent", model="doodles"), context)
    assert (latent.features, latent.sampled) == ("model:doodles", False)
    samples = resolve_map_spec(MapRequest(model="doodles", n=500), context)
    assert samples.sampled
    assert Path(samples.corpus).parent == context.folders.kept / "corpora"
    assert samples.title == Path(samples.corpus).name
    for wrong in ({"by": "latent", "corpus": DOODLES}, {}):
        with pytest.raises(ValidationError, match="need a model"):
            MapRequest.model_validate(wrong)


def test_what_cannot_be_laid_out(context: StudioContext) -> None:
    config = ModelConfig(conditional=False, decoder=DecoderConfig(size=8, components=2))
    model = Model(build_model(config).eval(), context.library["doodles"].model.card)
    bare = context.library.add("bare", model).id
    wrong = [
        (MapRequest(corpus="../../etc/passwd"), "no such corpus"),
        (MapRequest(corpus=DOODLES, n=100_000), "50,000 drawings at most"),
        (MapRequest(model="doodles", n=20_000), "10,000 samples"),
        (MapRequest(corpus=DOODLES, model="nosuch"), "no model 'nosuch'"),
        (MapRequest(corpus=DOODLES, by="latent", model=bare), "decoder alone"),
        (MapRequest(model=bare), "in no file"),
    ]
    try:
        for wanted, why in wrong:
            with pytest.raises(LimnerError, match=why):
                resolve_map_spec(wanted, context)
    finally:
        context.library.remove(bare)
