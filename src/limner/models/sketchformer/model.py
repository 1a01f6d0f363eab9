"""The network of ``kind = sketchformer`` (Ribeiro et al. 2020, "Sketchformer").

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
from limner.models.sketchformer.encoder import Encoder
from limner.models.sketchformer.memory import MemoryProjection
from limner.models.sketchformer.point_codec import Heard, WordSpeech, speech_of
from limner.models.sketchformer.prior import Prior
from limner.models.sketchformer.tokenizer.fit import fit_tokenizer
from limner.models.sketchformer.tokenizer.tokenizer import Tokenizer
from limner.models.state import State
from limner.models.transformer.block import Stack
from limner.models.transformer.model import Points, stack_shape


class Sketchformer(SketchModel):
    """A transformer autoencoder, which also tells classes apart where it has learnt to.

    Parameters
    ----------
    config : ModelConfig
        With ``conditional`` unset there is no encoder and no z.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        own, looks = config.sketchformer, config.conditional or config.classes > 0
        self.speech = speech_of(own)
        self.points = Points(own, self.speech.embedding())
        self.stack = Stack(replace(stack_shape(own), looks=looks), own.layers)
        self.memory = MemoryProjection(config) if looks else None
        self.encoder = Encoder(config, self.speech.embedding()) if config.conditional else None
        self.embeddings = Prior(config.latent_size) if config.conditional and not own.variational else None
        self.classifier = self._classifier() if config.conditional and own.num_classes_recognized else None

    @property
    def num_classes_recognized(self) -> int:
        """How many classes of drawings the network tells apart; 0 where it cannot."""
        return 0 if self.classifier is None else self.config.sketchformer.num_classes_recognized

    def prepare(self, drawings: Sequence[NDArray[np.float32]]) -> None:
        """Make the words of a tokenised network from drawings in model units."""
        if isinstance(self.speech, WordSpeech):
            self.take_words(fit_tokenizer(drawings, self.speech.vocabulary.settings, 1.0), 1.0)

    def take_words(self, tokenizer: Tokenizer, scale_factor: float) -> None:
        """Take the words of a tokenizer.

        Parameters
        ----------
        tokenizer : Tokenizer
            Of the same scheme and sizes as the network.
        scale_factor : float
            Units of the corpus in one model unit.

        Raises
        ------
        ValueError
            If the network reads no words, or others.
        """
        if not isinstance(self.speech, WordSpeech):
            raise ValueError("This model reads numbers, not words.")
        vocabulary = self.speech.vocabulary
        wanted, given = vocabulary.settings, tokenizer.settings
        if (wanted.scheme, wanted.words) != (given.scheme, given.words):
            raise ValueError(
                f"This model has {wanted.words} words ({wanted.scheme}), the tokenizer {given.words} "
                f"({given.scheme})."
            )
        vocabulary.fill(tokenizer, scale_factor)

    def prior(self, noise: Tensor) -> Tensor:
        """Turn standard normal numbers ``(B, Z)`` into latents such as drawings have, ``(B, Z)``."""
        found: Tensor = noise if self.embeddings is None else self.embeddings(noise)
        return found

    def recognise(self, z: Tensor) -> Tensor:
        """Give the logits of all classes for latents ``(B, Z)``, ``(B, classes)``."""
        if self.classifier is None:
            return super().recognise(z)
        logits: Tensor = self.classifier(z)
        return logits

    def encode(self, batch: Batch) -> Latent:
        """Give z of each drawing.

        Raises
        ------
        ValueError
            If the network is a decoder alone.
        """
        return self._encoded(self.speech.hear(batch), batch.lengths)

    def forward(self, batch: Batch, noise: Tensor | None = None) -> Prediction:
        """Predict every row of a batch from the rows before it (teacher forcing), and its classes."""
        heard = self.speech.hear(batch)
        latent = self._encoded(heard, batch.lengths) if self.conditional else None
        latent, z, labels = self.given_in(batch, noise, latent)
        memory = None if self.memory is None else self.memory(z, labels)
        h = self.stack(self.points(heard.inputs), memory=memory)
        mixture, costs = self.speech.say(h, heard)
        classes = None if self.classifier is None or latent is None else self.recognise(latent.mu)
        return Prediction(mixture, latent, classes, costs)

    def begin(self, batch_size: int = 1, z: Tensor | None = None, labels: Tensor | None = None) -> State:
        """Give the state before the first point; z is zeros unless given, and the class the first one.

        Raises
        ------
        ValueError
            If ``z`` or ``labels`` are given to a network that takes none, or are of a wrong shape.
        """
        size, z, labels = self.given_first(batch_size, z, labels)
        memory = None if self.memory is None else self.memory(z, labels)
        return {**self.stack.begin(size, memory), **self.speech.begin(size)}

    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point, give the mixture of the next and the new state."""
        heard, remembered = self.speech.hear_point(point, state)
        x = self.points(heard.unsqueeze(1), state["keys_0"].shape[2])
        h, after = self.stack.step(x.squeeze(1), state)
        after = {**after, **remembered}
        return self.speech.say_point(h, after), after

    def _encoded(self, heard: Heard, lengths: Tensor) -> Latent:
        if self.encoder is None:
            raise ValueError("This model is a decoder alone and cannot encode drawings.")
        latent: Latent = self.encoder(heard.targets, lengths)
        if self.embeddings is not None and self.training:
            self.embeddings.follow(latent.mu)
        return latent

    def _classifier(self) -> nn.Module:
        own = self.config.sketchformer
        return nn.Sequential(
            nn.Dropout(own.class_dropout), nn.Linear(self.config.latent_size, own.num_classes_recognized)
        )
