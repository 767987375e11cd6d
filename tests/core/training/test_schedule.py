"""Learning-rate schedules and the clock they run on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepzoo.interfaces.model import Model
from deepzoo.training.schedule import TrainingClock, learning_rate

SHARES = st.floats(0, 1)
NAMES = st.sampled_from(["constant", "linear", "cosine"])


@given(NAMES, st.floats(0, 0.9), SHARES)
def test_rates_lie_between_zero_and_the_peak(schedule, warmup, done):
    assert 0 <= learning_rate(2.0, schedule, warmup, done) <= 2.0


@given(NAMES, st.floats(0.1, 0.9), SHARES, SHARES)
def test_rates_rise_in_the_warm_up_and_never_after(schedule, warmup, a, b):
    low, high = sorted((a, b))
    rise = [learning_rate(1.0, schedule, warmup, share * warmup * 0.999) for share in (low, high)]
    fall = [
        learning_rate(1.0, schedule, warmup, warmup + share * (1 - warmup)) for share in (low, high)
    ]
    assert rise[0] <= rise[1]
    assert fall[0] >= fall[1] - 1e-12


@pytest.mark.parametrize(
    ("schedule", "middle", "end"),
    [("constant", 1.0, 1.0), ("linear", 0.5, 0.0), ("cosine", 0.51, 0.02)],
)
def test_the_published_curves(schedule, middle, end):
    assert learning_rate(1.0, schedule, 0.0, 0.0) == pytest.approx(1.0)
    assert learning_rate(1.0, schedule, 0.0, 0.5) == pytest.approx(middle)
    assert learning_rate(1.0, schedule, 0.0, 1.0) == pytest.approx(end)
    assert learning_rate(1.0, schedule, 0.0, 7.0) == pytest.approx(end)


def test_half_the_warm_up_is_half_the_peak():
    assert learning_rate(3.0, "cosine", 0.2, 0.1) == pytest.approx(1.5)


class Scheduled(Model):
    """A model with a schedule."""

    name = "scheduled"
    task = "none"


def test_no_step_of_a_warm_up_stands_still():
    """Step 0 trains at the rate of step 1: a rate of zero would waste it."""
    clock = TrainingClock(steps=10, max_seconds=None)
    model = Scheduled(learning_rate=1.0, schedule="linear", warmup=0.2)
    assert clock.rate(model, 0) == pytest.approx(0.5)
    assert clock.rate(model, 1) == pytest.approx(1.0)


def test_a_budget_drives_the_schedule_when_it_ends_first():
    clock = TrainingClock(steps=1000, max_seconds=10.0, seconds=5.0)
    assert clock.done(1) == 0.5
    assert TrainingClock(steps=2, max_seconds=10.0, seconds=5.0).done(2) == 1.0
    assert TrainingClock(steps=4, max_seconds=None, seconds=5.0).done(1) == 0.25


def test_the_step_that_compiles_is_no_training_time(monkeypatch):
    from deepzoo.training import schedule as module

    now = [0.0]
    monkeypatch.setattr(module.time, "perf_counter", lambda: now[0])
    clock = TrainingClock(steps=10, max_seconds=3.0)
    for seconds in (100.0, 1.0, 2.0):
        clock.batch_begin()
        now[0] += seconds
        clock.batch_end()
    assert (clock.seconds, clock.timed_steps) == (3.0, 2)
    assert clock.out_of_time()
    assert clock.seconds_left(3, 1.5) == 0.0
