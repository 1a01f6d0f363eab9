"""``Sketchformer``: the network of ``kind = sketchformer`` (Ribeiro et al. 2020, "Sketchformer").

Letters: ``B`` batch, ``T`` points, ``C`` width, ``Z`` latent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from limner.models.batch import Batch
from limner.models.config import ModelConfig
from limner.models.latent import Latent
from limner.models.mixture import Mixture
from limner.models.protocol import Prediction, SketchModel
from limner.models.sketchformer.embedding_prior import EmbeddingPrior
from limner.models.sketchformer.encoder import SketchformerEncoder
from limner.models.sketchformer.memory import MemoryProjection
from limner.models.sketchformer.point_codec import EncodedPoints, TokenCodec, build_codec
from limner.models.sketchformer.tokenizer.fit import fit_tokenizer
from limner.models.sketchformer.tokenizer.tokenizer import Tokenizer, TokenSettings
from limner.models.state import State
from limner.models.transformer.block import Stack
from limner.models.transformer.points import PointEmbedding, describe_layers, layer_shape


class Sketchformer(SketchModel):
    """A transformer autoencoder, which also recognizes classes where it has learned to.

    Parameters
    ----------
    config : ModelConfig
        With ``conditional`` unset there is no encoder and no z.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        own, cross_attends = config.sketchformer, config.conditional or config.classes > 0
        self.codec = build_codec(own)
        self.points = PointEmbedding(own, self.codec.embedding())
        self.stack = Stack(layer_shape(own, cross_attends=cross_attends), own.layers)
        self.memory = MemoryProjection(config) if cross_attends else None
        self.encoder = SketchformerEncoder(config, self.codec.embedding()) if config.conditional else None
        certain = config.conditional and not own.variational
        self.embedding_prior = EmbeddingPrior(config.latent_size) if certain else None
        self.classifier = self._classifier() if config.conditional and own.num_classes_recognized else None

    @classmethod
    def fit_config(cls, config: ModelConfig, num_classes: int) -> ModelConfig:
        """Return the settings with the number of classes to recognize; see :meth:`SketchModel.fit_config`."""
        count = num_classes if config.conditional else 0
        return replace(config, sketchformer=replace(config.sketchformer, num_classes_recognized=count))

    @classmethod
    def max_rows(cls, config: ModelConfig) -> int | None:
        """Return how many rows learned positions reach; see :meth:`SketchModel.max_rows`."""
        return config.sketchformer.longest if config.sketchformer.positions == "learned" else None

    @classmethod
    def with_vocabulary(cls, config: ModelConfig, settings: TokenSettings) -> ModelConfig:
        """Return the settings with those of a tokenizer; see :meth:`SketchModel.with_vocabulary`."""
        if settings.scheme == "grid":
            own = replace(config.sketchformer, tokens="grid", grid=settings.count)
        else:
            own = replace(
                config.sketchformer,
                tokens=settings.scheme,
                token_count=settings.tokens,
                lift_count=settings.lifts,
            )
        return replace(config, sketchformer=own)

    @classmethod
    def summary(cls, config: ModelConfig) -> dict[str, str]:
        """Return the sizes of the layers; see :meth:`SketchModel.summary`."""
        return describe_layers(config.sketchformer)

    @property
    def num_classes_recognized(self) -> int:
        """Number of classes that the network recognizes; 0 where it cannot."""
        return 0 if self.classifier is None else self.config.sketchformer.num_classes_recognized

    def prepare(self, drawings: Sequence[NDArray[np.float32]]) -> None:
        """Fit the vocabulary of a tokenized network to drawings; see :meth:`SketchModel.prepare`."""
        if isinstance(self.codec, TokenCodec):
            self.set_vocabulary(fit_tokenizer(drawings, self.codec.vocabulary.settings, 1.0), 1.0)

    def set_vocabulary(self, tokenizer: Tokenizer, scale_factor: float) -> None:
        """Take the tokens of a tokenizer; see :meth:`SketchModel.set_vocabulary`."""
        if not isinstance(self.codec, TokenCodec):
            return super().set_vocabulary(tokenizer, scale_factor)
        vocabulary = self.codec.vocabulary
        wanted, given = vocabulary.settings, tokenizer.settings
        if (wanted.scheme, wanted.tokens) != (given.scheme, given.tokens):
            raise ValueError(
                f"This model has {wanted.tokens} tokens ({wanted.scheme}), the tokenizer {given.tokens} "
                f"({given.scheme})."
            )
        vocabulary.load(tokenizer, scale_factor)
        return None

    def prior(self, noise: Tensor) -> Tensor:
        """Return latents such as drawings have, ``(B, Z)``, for standard normal noise ``(B, Z)``."""
        latents: Tensor = noise if self.embedding_prior is None else self.embedding_prior(noise)
        return latents

    def class_logits(self, z: Tensor) -> Tensor:
        """Return the logits of all classes for latents; see :meth:`SketchModel.class_logits`."""
        if self.classifier is None:
            return super().class_logits(z)
        logits: Tensor = self.classifier(z)
        return logits

    def encode(self, batch: Batch) -> Latent:
        """Return z of each drawing; see :meth:`SketchModel.encode`."""
        return self._encode(self.codec.encode(batch), batch.lengths)

    def forward(self, batch: Batch, noise: Tensor | None = None) -> Prediction:
        """Predict every row of a batch from the rows before it (teacher forcing), and its classes."""
        encoded = self.codec.encode(batch)
        latent = self._encode(encoded, batch.lengths) if self.conditional else None
        latent, conditioning = self.conditioning_of(batch, noise, latent)
        memory = None if self.memory is None else self.memory(*conditioning)
        h = self.stack(self.points(encoded.inputs), memory=memory)
        mixture, costs = self.codec.decode(h, encoded)
        classes = None if self.classifier is None or latent is None else self.class_logits(latent.mu)
        return Prediction(mixture, latent, classes, costs)

    def begin(self, batch_size: int = 1, z: Tensor | None = None, labels: Tensor | None = None) -> State:
        """Return the state before the first point; see :meth:`SketchModel.begin`."""
        size, conditioning = self.conditioning_for(batch_size, z, labels)
        memory = None if self.memory is None else self.memory(*conditioning)
        return {**self.stack.begin(size, memory), **self.codec.begin(size)}

    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point; see :meth:`SketchModel.step`."""
        encoded, remembered = self.codec.encode_point(point, state)
        x = self.points(encoded.unsqueeze(1), state["keys_0"].shape[2])
        h, after = self.stack.step(x.squeeze(1), state)
        after = {**after, **remembered}
        return self.codec.decode_point(h, after), after

    def _encode(self, encoded: EncodedPoints, lengths: Tensor) -> Latent:
        if self.encoder is None:
            raise ValueError("This model is a decoder alone and cannot encode drawings.")
        latent: Latent = self.encoder(encoded.targets, lengths)
        if self.embedding_prior is not None and self.training:
            self.embedding_prior.update(latent.mu)
        return latent

    def _classifier(self) -> nn.Module:
        own = self.config.sketchformer
        return nn.Sequential(
            nn.Dropout(own.class_dropout), nn.Linear(self.config.latent_size, own.num_classes_recognized)
        )
