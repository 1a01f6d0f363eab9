"""What travels between the Runs room's page and the server."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from limner.studio.shapes import Name, Seed, Shape

State = Literal["running", "stopping", "elsewhere", "finished", "stopped", "failed", "ended"]
"""``elsewhere``: going on, but not begun by a studio; ``ended``: nobody knows how."""
Steps = Annotated[int, Field(ge=1, le=10_000_000)]
Size = Annotated[int, Field(ge=1, le=4_096)]
RUN_NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"


class RunFacts(Shape):
    """How a run stands."""

    name: str
    """Its folder, ``run`` or ``group/run``."""
    state: State
    note: str
    """Why it failed, if it did."""
    step: int
    """The last one that the metrics tell of."""
    max_steps: int
    """0 if nobody knows."""
    corpus: list[str]
    kind: str
    changed: int
    """Milliseconds since 1970."""
    size: int
    """Of its metrics, in bytes: grows when there is something new."""
    sheets: int
    has_model: bool
    can_stop: bool
    can_resume: bool


class RunList(Shape):
    """The runs, the newest first."""

    runs: list[RunFacts]
    trainings: int
    """How many go on that studios have begun."""
    most_trainings: int


class Metrics(Shape):
    """Lines of a run's metrics."""

    columns: list[str]
    """The first one is the step."""
    rows: list[list[float | None]]
    fresh: bool
    """Whether these lines are to stand for all that came before."""
    next: int
    mark: int
    more: bool
    """Whether there is more to ask for at once."""


class Setting(Shape):
    """A setting of a run."""

    name: str
    value: str


class Settings(Shape):
    """All settings of a run."""

    settings: list[Setting]


class Sheets(Shape):
    """The steps at which sample sheets were drawn."""

    steps: list[int]


class Log(Shape):
    """The end of what a training has said."""

    text: str


class Choices(Shape):
    """The main settings, as a preset has them or a plan wants them; null: as in the preset."""

    conditional: bool | None = None
    latent_size: Size | None = None
    encoder_size: Size | None = None
    decoder_size: Size | None = None
    batch_size: Annotated[int, Field(ge=1, le=10_000)] | None = None
    learning_rate: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] | None = None
    validate_every: Steps | None = None
    log_every: Steps | None = None


class Preset(Choices):
    """Named settings to start from."""

    name: str
    about: str
    kind: str
    max_steps: int


class CorpusChoice(Shape):
    """A corpus that can be learnt from."""

    name: str
    drawings: int | None
    """Where that is quickly known."""


class Plans(Shape):
    """What a training can be begun with."""

    corpora: list[CorpusChoice]
    presets: list[Preset]
    starts: list[str]
    """Models to begin with."""


class Plan(Choices):
    """A training to be begun."""

    name: Annotated[str, Field(pattern=RUN_NAME)]
    corpus: Name
    """One of those in :class:`Plans`."""
    preset: Name = "small-corpus"
    start: Name | None = None
    """The model to begin with: one of those in :class:`Plans`; weights by chance unless given."""
    max_steps: Steps | None = None
    seed: Seed = 0


class RunName(Shape):
    """Which run is meant."""

    run: Name


class Stop(RunName):
    """A training to be stopped."""

    now: bool = False
    """At once: what came after the last checkpoint is lost."""


class Resume(RunName):
    """A run to go on with."""

    max_steps: Steps | None = None
    """Steps to train, those before included; as before unless given."""


class Begun(Shape):
    """A training has begun."""

    run: str
    command: str
    """What a person would type."""


class Shelved(Shape):
    """The model of a run can be drawn with."""

    model: str
