"""``DrawingEncoder``: drawings to latents, embeddings, classes and neighbours.

Letters: ``B`` drawings, ``Z`` latent, ``C`` classes, ``G`` drawings of a gallery.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import normalize

from limner.errors import LimnerError
from limner.models.batch import pad_batch
from limner.models.protocol import SketchModel
from limner.models.weights import Card
from limner.sampling.page_frame import Frame, fit_frame, to_model_rows
from limner.strokes.drawing import Drawing

ENCODE_BATCH = 100
"""Drawings that are encoded in one batch."""
UNITS = (1e-15, 1e15)
"""Least and largest unit: float32 holds products of offsets with any between them."""


class DrawingEncoder:
    """The encoding half of a model: takes drawings in any units, and scales them as its card says.

    Parameters
    ----------
    network : SketchModel
    card : Card
    """

    def __init__(self, network: SketchModel, card: Card) -> None:
        self.network = network
        self.card = card

    @property
    def conditional(self) -> bool:
        """Whether the model can encode drawings."""
        return self.network.conditional

    @property
    def device(self) -> torch.device:
        """Device of the network's weights."""
        return next(self.network.parameters()).device

    def frame(self, drawing: Drawing, unit: float | None = None, share: float = 1.0) -> Frame:
        """Return the frame of a drawing; see :func:`limner.sampling.page_frame.fit_frame`.

        Raises
        ------
        LimnerError
            If the drawing has no strokes, or the unit is not above 0.
        """
        if not drawing.n_points:
            raise LimnerError("A drawing without strokes cannot be encoded or completed.")
        if unit is not None and not UNITS[0] <= unit <= UNITS[1]:
            raise LimnerError(
                f"The unit of a drawing must be above 0, from {UNITS[0]:g} to {UNITS[1]:g}, not {unit}."
            )
        return fit_frame(drawing, self.card, unit, share)

    @torch.no_grad()
    def encode(self, drawings: Sequence[Drawing], *, unit: float | None = None) -> Tensor:
        """Return z = mu of each drawing, ``(B, Z)``.

        Parameters
        ----------
        drawings : sequence of Drawing
            In any units, and simplified here as the corpus is.
        unit : float, optional
            Units of the page that make one unit of the corpus, 1 for drawings of the corpus itself; found
            for each drawing by its size unless given, see :func:`limner.sampling.page_frame.fit_frame`.

        Raises
        ------
        LimnerError
            If the model is a decoder alone.
        """
        self.need_encoder("encode drawings")
        rows = [to_model_rows(d, self.frame(d, unit)) for d in drawings]
        parts = [rows[k : k + ENCODE_BATCH] for k in range(0, len(rows), ENCODE_BATCH)]
        batches = (pad_batch(part, scale_factor=1.0).to(self.device) for part in parts)
        latents = [self.network.encode(batch).mu for batch in batches]
        return torch.cat(latents) if latents else torch.zeros(0, self.card.config.latent_size)

    def embed(self, drawings: Sequence[Drawing], *, unit: float | None = None) -> Tensor:
        """Return latents of norm 1, ``(B, Z)``: inner products of two are cosines of their angles."""
        return normalize(self.encode(drawings, unit=unit), dim=1)

    @torch.no_grad()
    def classify(self, drawings: Sequence[Drawing], *, unit: float | None = None) -> Tensor:
        """Return the probability of each of the card's classes, ``(B, C)``; options as in :meth:`encode`.

        Raises
        ------
        LimnerError
            If the model recognizes no classes.
        """
        if not self.network.num_classes_recognized:
            raise LimnerError(
                "This model tells no classes apart; train one of --model.kind sketchformer on a corpus whose "
                "drawings have classes."
            )
        return self.network.class_logits(self.encode(drawings, unit=unit)).softmax(-1)

    def retrieve(
        self,
        drawings: Sequence[Drawing],
        gallery: Sequence[Drawing],
        n: int = 1,
        *,
        unit: float | None = None,
    ) -> Tensor:
        """Return the ``n`` drawings of a gallery that are most similar to each, the most similar first.

        Returns
        -------
        int64 Tensor of shape ``(B, n)``
            Indices into the gallery, by cosine similarity; all of it if it has fewer drawings.
        """
        similarity = self.embed(drawings, unit=unit) @ self.embed(gallery, unit=unit).T  # (B, G)
        return similarity.argsort(dim=1, descending=True, stable=True)[:, :n]

    def need_encoder(self, purpose: str) -> None:
        """Raise a LimnerError where the model is a decoder alone; ``purpose`` ends its sentence."""
        if not self.conditional:
            raise LimnerError(f"This model is a decoder alone and cannot {purpose}; train a conditional one.")
