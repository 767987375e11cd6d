"""Kills at random moments: whatever was lost, the resumed run ends like one never killed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from kill_cases import OPTIONS
from training_cases import digest

import deepzoo
from deepzoo.system import paths
from deepzoo.training.checkpoints import checkpoint_names, load_checkpoint

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")

PROGRAM = Path(__file__).parents[2] / "support" / "kill_cases.py"
LONGEST = 1.2  # seconds after the imports; a whole training takes about as long


def work(command: str, name: str, seconds: float | None) -> bool:
    """Trains or resumes in a process of its own, killed after a while; says whether it was."""
    process = subprocess.Popen(
        [sys.executable, str(PROGRAM), command, name],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "ready\n", process.communicate()
    if seconds is not None:
        time.sleep(seconds)
        process.kill()
    _, errors = process.communicate(timeout=120)
    if process.returncode != -9:
        assert process.returncode == 0, errors
    return process.returncode == -9


def check_checkpoints(run) -> None:
    """Checks what a kill left: every checkpoint under its final name is whole."""
    folder = run.path / "checkpoints"
    for name in [*checkpoint_names(folder), *checkpoint_names(folder, "best-")]:
        load_checkpoint(folder / name)


def described(name: str) -> bool:
    """Says whether a run was killed late enough to be there at all."""
    path = paths.runs() / "clusters" / name / "run.json"
    return path.exists() and "settings" in json.loads(path.read_text())


def kill_and_resume(name: str, moments: random.Random, kills: int) -> int:
    """Kills a training up to `kills` times, resuming it each time; returns how often it did."""
    done, command = 0, "train"
    while done < kills and work(command, name, moments.uniform(0, LONGEST)):
        done += 1
        if not described(name):
            return done
        run = deepzoo.load(f"clusters/{name}")
        assert run.status in ("interrupted", "finished")
        check_checkpoints(run)
        command = "resume"
    work(command, name, None)
    return done


def kill(times: int, seed: int) -> None:
    """Spreads so many kills over as many runs as it takes, and compares each in the end."""
    aim = digest(deepzoo.train("clusters", name="whole", **OPTIONS))
    moments, done, number = random.Random(seed), 0, 0
    while done < times:
        number += 1
        done += kill_and_resume(f"cut-{number}", moments, times - done)
        if described(f"cut-{number}"):
            run = deepzoo.load(f"clusters/cut-{number}")
            assert (run.status, digest(run)) == ("finished", aim)
            assert run.metrics == deepzoo.load("clusters/whole").metrics
            leftovers = [path.name for path in run.path.rglob("*") if ".tmp" in path.name]
            assert leftovers == []
    assert done == times


def test_five_kills_change_nothing(fake):
    kill(5, seed=1)


@pytest.mark.slow
def test_fifty_kills_change_nothing(fake):
    kill(50, seed=2)
