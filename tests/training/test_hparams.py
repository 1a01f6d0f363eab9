"""The string of 2017 becomes settings of today."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from limner.errors import DataError
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.training.config import RunConfig, TrainConfig
from limner.training.hparams import HParams
from limner.training.presets import PRESETS

MAGENTA = PRESETS["magenta"]

DEFAULTS = (
    "data_set=[aaron_sheep.npz],num_steps=100000,save_every=500,max_seq_len=250,dec_rnn_size=512,"
    "dec_model=lstm,enc_rnn_size=256,enc_model=lstm,z_size=128,kl_weight=0.5,kl_weight_start=0.01,"
    "kl_tolerance=0.2,batch_size=100,grad_clip=1.0,num_mixture=20,learning_rate=0.001,decay_rate=0.9999,"
    "kl_decay_rate=0.99995,min_learning_rate=0.00001,use_recurrent_dropout=True,recurrent_dropout_prob=0.90,"
    "use_input_dropout=False,input_dropout_prob=0.90,use_output_dropout=False,output_dropout_prob=0.90,"
    "random_scale_factor=0.15,augment_stroke_prob=0.10,conditional=True,is_training=True"
)
"""All 29 keys as the original has them; of the steps, the preset's."""


def _over(text: str, base: RunConfig = MAGENTA) -> RunConfig:
    return HParams.read(text).over(base)


def test_the_defaults_of_2017_are_the_preset_magenta() -> None:
    assert len(HParams.read(DEFAULTS).values) == 29
    assert _over(DEFAULTS) == MAGENTA
    assert _over(DEFAULTS, PRESETS["fast"]).model == MAGENTA.model


def test_every_key_sets_what_it_says() -> None:
    text = (
        "data_set=[a.npz,b.npz],num_steps=7,save_every=11,max_seq_len=13,dec_rnn_size=17,dec_model=hyper,"
        "enc_rnn_size=19,enc_model=layer_norm,z_size=23,kl_weight=0.29,kl_weight_start=0.031,"
        "kl_tolerance=0.37,batch_size=41,grad_clip=0.43,num_mixture=47,learning_rate=0.0053,decay_rate=0.59,"
        "kl_decay_rate=0.61,min_learning_rate=6.7e-6,use_recurrent_dropout=1,recurrent_dropout_prob=0.71,"
        "use_input_dropout=true,input_dropout_prob=0.73,use_output_dropout=True,output_dropout_prob=0.79,"
        "random_scale_factor=0.083,augment_stroke_prob=0.089,conditional=0,is_training=1"
    )
    hparams = HParams.read(text)
    assert len(hparams.values) == 29
    assert hparams.data_set == ("a.npz", "b.npz")
    decoder = DecoderConfig(
        cell="hyper", size=17, components=47, recurrent_keep=0.71, input_keep=0.73, output_keep=0.79
    )
    encoder = EncoderConfig(cell="layer_norm", size=19, recurrent_keep=0.71)
    assert hparams.over(MAGENTA) == RunConfig(
        model=ModelConfig(conditional=False, latent_size=23, encoder=encoder, decoder=decoder),
        train=TrainConfig(
            batch_size=41, learning_rate=0.0053, learning_rate_min=6.7e-6, learning_rate_decay=0.59,
            kl_weight=0.29, kl_weight_start=0.031, kl_weight_decay=0.61, kl_floor=0.37, grad_clip=0.43,
            scale_augment=0.083, drop_augment=0.089, validate_every=11,
        ),
        max_steps=7,
    )  # fmt: skip


def test_nothing_changes_nothing() -> None:
    for text in ("", "  "):
        assert _over(text) == MAGENTA
        assert HParams.read(text).data_set == ()


def test_settings_that_have_no_word_stay() -> None:
    base = replace(MAGENTA, seed=9, train=replace(MAGENTA.train, convention="end-once", sorted_batches=4))
    found = _over("batch_size=3", base)
    assert found == replace(base, train=replace(base.train, batch_size=3))


def _keeps(config: RunConfig) -> tuple[float, ...]:
    model = config.model
    decoder = model.decoder
    return (model.encoder.recurrent_keep, decoder.recurrent_keep, decoder.input_keep, decoder.output_keep)


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        ("use_recurrent_dropout=0", (1, 1, 1, 1)),
        ("use_recurrent_dropout=0,recurrent_dropout_prob=0.5", (1, 1, 1, 1)),
        ("recurrent_dropout_prob=0.8", (0.8, 0.8, 1, 1)),
        ("use_input_dropout=1", (0.9, 0.9, 0.9, 1)),
        ("input_dropout_prob=0.7", (0.9, 0.9, 1, 1)),  # is not used, so says nothing
        ("output_dropout_prob=0.7,use_output_dropout=1", (0.9, 0.9, 1, 0.7)),
        ("recurrent_dropout_prob=1", (1, 1, 1, 1)),
    ],
)
def test_dropouts_are_probabilities_to_keep(text: str, keeps: tuple[float, ...]) -> None:
    assert _keeps(_over(text)) == keeps


def test_each_cell_keeps_its_own_probability() -> None:
    """Unless the string has one."""
    model = replace(MAGENTA.model, encoder=replace(MAGENTA.model.encoder, recurrent_keep=0.6))
    base = replace(MAGENTA, model=model)
    assert _keeps(_over("z_size=3,use_recurrent_dropout=1", base))[:2] == (0.6, 0.9)
    assert _keeps(_over("recurrent_dropout_prob=0.7", base))[:2] == (0.7, 0.7)
    assert _keeps(_over("use_recurrent_dropout=1", PRESETS["fast"]))[:2] == (0.9, 0.9)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("data_set=[a.npz, b.npz],", ("a.npz", "b.npz")),
        ("data_set=[a.npz]", ("a.npz",)),
        ("data_set=a.npz", ("a.npz",)),
        ("data_set=['a.npz','cat dog.npz'] , z_size=3", ("a.npz", "cat dog.npz")),
        ("z_size=3,data_set=[sub/a.npz]", ("sub/a.npz",)),
        ("data_set=[]", ()),
    ],
)
def test_lists(text: str, found: tuple[str, ...]) -> None:
    assert HParams.read(text).data_set == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("enc_size=3", "there is no key 'enc_size'; did you mean 'enc_rnn_size'?"),
        ("batchsize=3", "did you mean 'batch_size'?"),
        ("zzz=3", "known are augment_stroke_prob, "),
        ("batch_size=3,batch_size=4", "batch_size is given twice"),
        ("batch_size=3.5", "batch_size is '3.5'; a whole number is wanted"),
        ("batch_size=", "batch_size is ''; a whole number is wanted"),
        ("batch_size=[3]", "batch_size is a list; a whole number is wanted"),
        ("batch_size=0", "batch_size: train.batch_size must be at least 1"),
        ("max_seq_len=long", "max_seq_len is 'long'"),
        ("learning_rate=fast", "learning_rate is 'fast'; a number is wanted"),
        ("learning_rate=nan", "learning_rate: train.learning_rate must be above 0"),
        ("conditional=yes", "conditional is 'yes'; true or false is wanted"),
        ("dec_model=gru", "dec_model: cell is 'gru'; 'lstm' or 'layer_norm' or 'hyper' is wanted"),
        ("recurrent_dropout_prob=0", "recurrent_dropout_prob: model.encoder.recurrent_keep must be above 0"),
        ("is_training=0", "is_training is false"),
        ("batch_size", "cannot be understood at 'batch_size'"),
        ("batch_size=3,,z_size=4", "cannot be understood at ',z_size=4'"),
        ("data_set=[a.npz,z_size=4", "cannot be understood at 'data_set=[a.npz,z_size=4'"),
        ("=3", "cannot be understood at '=3'"),
    ],
)
def test_refused_with_a_sentence(text: str, words: str) -> None:
    with pytest.raises(DataError) as refusal:
        _over(text)
    sentence = str(refusal.value)
    assert sentence.startswith("--hparams")
    assert words in sentence
    assert "\n" not in sentence


def test_max_seq_len_sets_nothing() -> None:
    """As in the original, which takes the longest drawing of the corpus."""
    found: Any = _over("max_seq_len=17")
    assert found == MAGENTA
