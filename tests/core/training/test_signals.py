"""Signals in a training: the first asks, the second insists, none disturbs a save."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from deepzoo.errors import Interrupted
from deepzoo.training.signals import interrupt_on_signals, stop_on_signals

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_is_remembered(number):
    with stop_on_signals() as stop:
        assert not stop
        signal.raise_signal(number)
        assert stop
        assert stop.signal_number == number


def test_a_second_ctrl_c_stops_at_once():
    with stop_on_signals() as stop:
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert stop.signal_number == signal.SIGINT


def test_a_second_sigterm_waits_for_the_first():
    with stop_on_signals() as stop:
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
        assert stop.signal_number == signal.SIGTERM


def test_a_save_is_never_disturbed():
    with stop_on_signals() as stop:
        signal.raise_signal(signal.SIGINT)
        with stop.deferred():
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_handlers_come_back():
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with interrupt_on_signals("again"), stop_on_signals():
        assert signal.getsignal(signal.SIGTERM) != before[signal.SIGTERM]
    assert {number: signal.getsignal(number) for number in before} == before


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_outside_the_steps_a_signal_stops_at_once(number, code):
    with pytest.raises(Interrupted) as caught, interrupt_on_signals("deepzoo resume a/b"):
        signal.raise_signal(number)
    assert caught.value.exit_code == code
    assert caught.value.hint == "deepzoo resume a/b"


def test_other_threads_train_without_handlers():
    before, seen = signal.getsignal(signal.SIGINT), []

    def work():
        with interrupt_on_signals(""), stop_on_signals() as stop:
            seen.append((bool(stop), signal.getsignal(signal.SIGINT)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [(False, before)]


@pytest.mark.parametrize("phase", ["build", "score"])
def test_a_signal_while_building_or_scoring_leaves_a_run_that_resumes(phase, fake, monkeypatch):
    from training_cases import SMALL, digest

    from deepzoo import api
    from deepzoo.training import execute as training_run

    whole = api.train("clusters", model="point-perceptron", **SMALL)
    with monkeypatch.context() as patched:

        def signalled(*arguments, **options):
            signal.raise_signal(signal.SIGTERM)

        if phase == "build":
            patched.setattr(fake.models.PointPerceptron, "build", signalled)
        else:
            patched.setattr(training_run, "score", signalled)
        with pytest.raises(Interrupted) as caught:
            api.train("clusters", model="point-perceptron", name="cut", **SMALL)
    assert caught.value.hint == "Resume it with: deepzoo resume clusters/cut"
    run = api.load("clusters/cut")
    assert run.status == "interrupted"
    assert digest(api.resume(run)) == digest(whole)
    assert run.metrics == whole.metrics
