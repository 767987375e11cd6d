"""A training that is slow enough to be killed, as a program of its own.

Usage: python kill_cases.py train|resume NAME

It prints a line once everything is imported, so that kills hit the work and not the imports.
"""

from __future__ import annotations

import dataclasses
import sys
import time

SECONDS_PER_STEP = 0.004
OPTIONS = {"model": "point-perceptron", "points": 60, "batch_size": 12, "epochs": 25}


def slow_down() -> None:
    """Makes steps take a while and checkpoints come often."""
    import deepzoo_fake.networks as networks

    from deepzoo.training.trainer import Trainer

    step, init = networks.Perceptron.train_step, Trainer.__init__

    def train_step(self, *arguments):
        time.sleep(SECONDS_PER_STEP)
        return step(self, *arguments)

    def frequent(self, run, network, prepared, model, task, plan, *rest):
        plan = dataclasses.replace(plan, checkpoint_seconds=0.0)
        init(self, run, network, prepared, model, task, plan, *rest)

    networks.Perceptron.train_step = train_step
    Trainer.__init__ = frequent


def main(command: str, name: str) -> None:
    """Trains or resumes the run `clusters/NAME`."""
    import deepzoo
    from deepzoo.plugins import loader as plugins

    plugins.load_plugins()
    slow_down()
    print("ready", flush=True)
    if command == "train":
        deepzoo.train("clusters", name=name, **OPTIONS)
    else:
        deepzoo.resume(f"clusters/{name}")


if __name__ == "__main__":
    main(*sys.argv[1:])
