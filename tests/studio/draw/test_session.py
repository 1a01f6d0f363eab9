"""A session: what it draws is what the model draws, whoever draws beside it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from limner.errors import LimnerError
from limner.models.batch import pad_batch
from limner.models.mixture import Mixture
from limner.models.protocol import SketchModel
from limner.models.state import State
from limner.sampling.complete import prime
from limner.sampling.config import SamplingConfig
from limner.sampling.generate import generate
from limner.sampling.model import Model, load_model
from limner.studio.draw.messages import points_frame
from limner.studio.draw.scheduler import Scheduler, _group, _step
from limner.studio.draw.session import Dot, DrawingSession, Reason, TurnTask

NOTHING = np.zeros((0, 3), np.float32)
INK = np.array([[3, 0, 0], [2, 2, 0], [-1, 3, 1]], np.float32)


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model("doodles")


class Heard:
    """What a session delivers."""

    def __init__(self) -> None:
        self.dots: list[Dot] = []
        self.end: Reason | None = None

    def __call__(self, dots: list[Dot], end: Reason | None) -> None:
        assert self.end is None
        self.dots += dots
        self.end = end or self.end

    def places(self, future: int) -> NDArray[np.float64]:
        return np.array([(d.x, d.y) for d in self.dots if d.future == future and d.pen < 2])


def task(model: Model, **changes: object) -> TurnTask:
    z = torch.zeros(2, model.card.config.latent_size)
    values = {
        "rows": NOTHING,
        "z": z,
        "labels": None,
        "futures": 2,
        "seed": 5,
        "sampling_config": SamplingConfig(0.3),
        "pace": 1e6,
        "new_points": 60,
        "seconds": 60.0,
        "origin": (100.0, -50.0),
        "unit": 2.0,
    }
    return TurnTask(**{**values, **changes})  # type: ignore[arg-type]


def drawn(*sessions: DrawingSession, until: Callable[[], bool] | None = None) -> None:
    """Step sessions without a thread until all are over."""
    with torch.inference_mode():
        for _ in range(2000):
            now = time.monotonic()
            for group in _group([session for session in sessions if session.prepare(now)]):
                _step(group, now)
            if all(session.end_reason for session in sessions) or (until and until()):
                return
    raise AssertionError("it never ends")


def test_it_draws_what_the_sampler_draws(model: Model) -> None:
    """Point for point, moved to the page."""
    received = Heard()
    z = torch.randn(2, model.card.config.latent_size, generator=torch.Generator().manual_seed(1))
    drawn(DrawingSession(model.network, task(model, z=z), received))
    rows = generate(
        model.network,
        2,
        z=z,
        sampling_config=SamplingConfig(0.3),
        generator=torch.Generator().manual_seed(5),
        max_points=60,
    )
    for k, row in enumerate(rows):
        wanted = np.cumsum(row[:, :2].astype(float), axis=0) * 2.0 + [100, -50]
        np.testing.assert_allclose(received.places(k), wanted, atol=1e-3)
        pens = [d.pen for d in received.dots if d.future == k]
        assert pens == [*row[:, 2].astype(int).tolist(), *([2] if len(row) < 60 else [])]
    assert received.end in ("ended", "cut")


def test_company_changes_nothing(model: Model) -> None:
    """A session draws the same alone and among others that join and leave."""
    alone, among = Heard(), Heard()
    drawn(DrawingSession(model.network, task(model, rows=INK), alone))
    others = [
        DrawingSession(model.network, task(model, seed=k, new_points=10 + k), Heard()) for k in range(4)
    ]
    drawn(DrawingSession(model.network, task(model, rows=INK), among), *others)
    for k in range(2):
        np.testing.assert_allclose(among.places(k), alone.places(k), atol=1e-2)
    assert len(alone.dots) == len(among.dots) > 4


def test_the_limit_of_points_cuts(model: Model) -> None:
    received = Heard()
    drawn(DrawingSession(model.network, task(model, new_points=3), received))
    assert received.end == "cut"
    assert len(received.dots) == 6


def test_the_limit_of_time_ends(model: Model) -> None:
    received = Heard()
    drawn(DrawingSession(model.network, task(model, seconds=-1.0), received))
    assert (received.end, received.dots) == ("time", [])


def test_the_pace_is_kept(model: Model) -> None:
    """The next point is due when its time has come, not before."""
    received = Heard()
    session = DrawingSession(model.network, task(model, pace=1.0), received)
    drawn(session, until=lambda: bool(received.dots))
    assert len(received.dots) == 2
    assert 0.5 < session.due - time.monotonic() <= 1.0
    session.steer(pace=1000.0)
    session.prepare(time.monotonic())
    assert session.due <= time.monotonic()


def test_one_future_is_taken(model: Model) -> None:
    whole, received = Heard(), Heard()
    drawn(DrawingSession(model.network, task(model, rows=INK), whole))
    session = DrawingSession(model.network, task(model, rows=INK), received)
    drawn(session, until=lambda: len(received.places(1)) == 3)
    before = len([d for d in received.dots if d.future == 0])
    session.keep_only(7)  # there is no such
    session.keep_only(1)
    drawn(session)
    assert len([d for d in received.dots if d.future == 0]) == before
    assert len(received.places(1)) > 3
    np.testing.assert_allclose(received.places(1)[:3], whole.places(1)[:3], atol=1e-3)
    assert len(session) == 1


def test_a_future_that_has_ended_is_taken(model: Model) -> None:
    received = Heard()
    session = DrawingSession(model.network, task(model, rows=INK), received)
    with torch.inference_mode():
        session.prepare(0)
        session._ended_rows = torch.tensor([True, False])
        session.keep_only(0)
        assert not session.prepare(0)
    assert received.end == "ended"


def test_another_latent_is_read_from_the_beginning(model: Model) -> None:
    """After a change of mind the state is that of a drawing that was meant so from the start."""
    chance = torch.Generator().manual_seed(3)
    z, other = torch.randn(2, 2, model.card.config.latent_size, generator=chance)
    received = Heard()
    session = DrawingSession(model.network, task(model, rows=INK, z=z), received)
    drawn(session, until=lambda: len(received.places(0)) == 4)
    session.read_again(other, None)
    session.prepare(0)
    history = list(session._history)
    with torch.inference_mode():
        while session._unread:
            _step([session], 0.0)
        state = model.network.begin(2, other)
        for point in history[:-1]:
            _, state = model.network.step(point, state)
    for name, value in state.items():
        torch.testing.assert_close(session.state[name], value)
    assert torch.equal(session.point, history[-1])
    assert len(received.places(0)) == 4


def test_a_wild_model_stays_within_reach(model: Model) -> None:
    """Offsets that no float32 holds would end the page's connection."""
    received = Heard()
    drawn(DrawingSession(model.network, task(model, unit=1e38, new_points=5), received))
    assert np.abs(received.places(0)).max() == 1e6
    points_frame(1, received.dots)


def test_temperature_is_steered(model: Model) -> None:
    session = DrawingSession(model.network, task(model), Heard())
    session.steer(temperature=1.2)
    session.prepare(0)
    assert session.sampling_config.temperature == 1.2


def test_trouble_stays_with_its_hand(model: Model, caplog: pytest.LogCaptureFixture) -> None:
    good, bad = Heard(), Heard()
    broken = DrawingSession(model.network, task(model), bad)
    broken.steer(temperature=1.0)
    broken._dots = None  # type: ignore[assignment,method-assign]
    drawn(DrawingSession(model.network, task(model), good), broken)
    assert bad.end == "failed"
    assert good.end in ("ended", "cut")
    assert "could not be chosen" in caplog.text


def test_the_scheduler_draws_by_itself(model: Model) -> None:
    scheduler = Scheduler(rows=5)
    received = [Heard(), Heard()]
    for one in received:
        scheduler.add(DrawingSession(model.network, task(model), one))
    with pytest.raises(LimnerError, match="Too many"):
        scheduler.add(DrawingSession(model.network, task(model), Heard()))
    deadline = time.monotonic() + 20
    while any(one.end is None for one in received) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [one.end in ("ended", "cut") for one in received] == [True, True]
    np.testing.assert_allclose(received[0].places(1), received[1].places(1), atol=1e-2)
    waiting = Heard()
    session = DrawingSession(model.network, task(model, pace=1.0, futures=2), waiting)
    scheduler.add(session)
    scheduler.close()
    assert waiting.end == "stopped"


def test_a_future_does_not_end_before_it_shows_something(model: Model) -> None:
    """The ink of a finished drawing: alone the model ends at once, here it goes on."""
    finished = np.array([[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 1]], np.float32)
    z = model.network.encode(pad_batch([finished], scale_factor=1.0)).mu.expand(2, -1)
    network: Any = _Ending(model.network)
    at_once, patient = Heard(), Heard()
    said: list[float] = []
    drawn(DrawingSession(network, task(model, rows=finished, z=z), at_once))
    assert at_once.end == "ended"
    assert {dot.pen for dot in at_once.dots} == {2}
    session = DrawingSession(
        network, task(model, rows=finished, z=z, least_ink=0.5, new_points=200), patient, said.append
    )
    drawn(session)
    assert bool((session._ink >= 0.5).all())
    assert min(len(patient.places(k)) for k in range(2)) >= 2
    assert said == [pytest.approx(1.0, abs=1e-3)]


class _Ending(torch.nn.Module):
    """A network that is sure to end, whatever it has read."""

    def __init__(self, network: SketchModel) -> None:
        super().__init__()
        self.network, self.config = network, network.config

    def begin(self, *arguments: Any) -> State:
        return self.network.begin(*arguments)

    def step(self, point: torch.Tensor, state: State) -> tuple[Mixture, State]:
        mixture, after = self.network.step(point, state)
        return mixture._replace(pen_logits=mixture.pen_logits + torch.tensor([0.0, 0.0, 50.0])), after


def test_a_beginning_that_was_read_goes_on_alike(model: Model) -> None:
    z = torch.zeros(1, model.card.config.latent_size)
    read, taken = Heard(), Heard()
    drawn(DrawingSession(model.network, task(model, rows=INK), read))
    primed = prime(model.network, INK, z, SamplingConfig(0.3))
    drawn(DrawingSession(model.network, task(model, rows=INK, primed=primed), taken))
    assert len(read.dots) == len(taken.dots)
    for k in range(2):
        np.testing.assert_allclose(taken.places(k), read.places(k), atol=1e-2)
