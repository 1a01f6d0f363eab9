"""JSON schemas of the Runs room."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from limner.studio.schemas import Name, Schema, Seed

State = Literal["running", "stopping", "elsewhere", "finished", "stopped", "failed", "ended"]
"""``elsewhere``: running, but not started by a studio; ``ended``: for an unknown reason."""
Steps = Annotated[int, Field(ge=1, le=10_000_000)]
Size = Annotated[int, Field(ge=1, le=4_096)]
RUN_NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"


class RunFacts(Schema):
    """The state of a run."""

    name: str
    """Its folder, ``run`` or ``group/run``."""
    state: State
    note: str
    """Why it failed, if it did."""
    doing: str
    """What it does before its first step."""
    step: int
    """Last step in the metrics."""
    max_steps: int
    """0 if unknown."""
    corpus: list[str]
    kind: str
    changed: int
    """Milliseconds since 1970."""
    size: int
    """Size of its metrics in bytes; grows when there is something new."""
    sheets: int
    has_model: bool
    can_stop: bool
    can_resume: bool


class RunList(Schema):
    """The runs, the newest first."""

    runs: list[RunFacts]
    trainings: int
    """Number of running trainings that studios started."""
    most_trainings: int


class MetricsTail(Schema):
    """Lines of a run's metrics."""

    columns: list[str]
    """Names of the columns; the first one is the step."""
    rows: list[list[float | None]]
    fresh: bool
    """Whether these lines replace all that were sent before."""
    next: int
    mark: int
    more: bool
    """Whether there are further lines to request immediately."""


class RunSetting(Schema):
    """A setting of a run."""

    name: str
    value: str


class RunSettings(Schema):
    """All settings of a run."""

    settings: list[RunSetting]


class SheetSteps(Schema):
    """The steps at which sample sheets were drawn."""

    steps: list[int]


class TrainingLog(Schema):
    """The last lines of a training's output."""

    text: str


class TrainingChoices(Schema):
    """The main settings, of a preset or as a plan changes them; null: as in the preset."""

    conditional: bool | None = None
    latent_size: Size | None = None
    encoder_size: Size | None = None
    decoder_size: Size | None = None
    batch_size: Annotated[int, Field(ge=1, le=10_000)] | None = None
    learning_rate: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] | None = None
    validate_every: Steps | None = None
    log_every: Steps | None = None


class PresetChoice(TrainingChoices):
    """A preset with its main settings."""

    name: str
    about: str
    kind: str
    max_steps: int


class CorpusChoice(Schema):
    """A corpus that can be trained on."""

    name: str
    drawings: int | None
    """Number of drawings, if counting is quick."""


class PlanChoices(Schema):
    """What a training can be started with."""

    corpora: list[CorpusChoice]
    kept: int
    """Number of drawings in Keep."""
    presets: list[PresetChoice]
    starts: list[str]
    """Models from which weights can be initialised."""


class TrainingPlan(TrainingChoices):
    """A training to start."""

    name: Annotated[str, Field(pattern=RUN_NAME)]
    corpus: Name
    """One of those in :class:`PlanChoices`."""
    preset: Name = "small-corpus"
    start: Name | None = None
    """Model that initialises the weights, one of :class:`PlanChoices`; random weights by default."""
    max_steps: Steps | None = None
    seed: Seed = 0


Minutes = Annotated[float, Field(ge=0.1, le=1440, allow_inf_nan=False)]


class HandPlan(Schema):
    """A hand to learn."""

    name: Annotated[str, Field(pattern=RUN_NAME)]
    source: Literal["pictures", "keep", "corpus"]
    """The pictures that were uploaded for this name, all that is kept, or a corpus."""
    corpus: Name | None = None
    """One of those in :class:`PlanChoices`."""
    minutes: Minutes = 10.0


class HandPictures(Schema):
    """The pictures that a hand will be learned from, so far."""

    name: str
    """Of the picture that was added."""
    pictures: int


class HandAdvice(Schema):
    """Which preset suits so many drawings."""

    preset: str
    sentence: str


class RunReference(Schema):
    """The name of a run."""

    run: Name


class StopRequest(RunReference):
    """A training to stop."""

    now: bool = False
    """Immediately: progress since the last checkpoint is lost."""


class ResumeRequest(RunReference):
    """A run to resume."""

    max_steps: Steps | None = None
    """Total number of steps; as before by default."""


class TrainingBegun(Schema):
    """A training was started."""

    run: str
    command: str
    """The command line that does the same."""


class OpenedModel(Schema):
    """The model of a run was opened for drawing."""

    model: str
