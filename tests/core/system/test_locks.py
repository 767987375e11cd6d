"""Only one process works on a run, and none waits for one that has died."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from run_fakes import make_run

from deepzoo.errors import ResumeError
from deepzoo.run import Run
from deepzoo.runs import store
from deepzoo.system import locks


def test_a_locked_run_is_running_and_refuses_a_second(home):
    run = make_run(status="running")
    with run.locked():
        assert Run.open(run.path).status == "running"
        other = Run.open(run.path)
        with (
            pytest.raises(ResumeError, match=f"in use by process {os.getpid()} on"),
            other.locked(),
        ):
            pass
        with pytest.raises(ResumeError):
            store.remove(other)
    assert Run.open(run.path).status == "interrupted"
    with other.locked():
        pass


CHILD_THAT_TRAINS = """
import sys, time
from deepzoo.run import Run
run = Run.open(sys.argv[1])
with run.locked():
    run.update(status="running")
    print("locked", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_killed_run_is_interrupted_and_can_be_taken_at_once(home):
    run = make_run(status="interrupted")
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD_THAT_TRAINS, str(run.path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout.readline() == "locked\n"
    assert run.reload().status == "running"
    with pytest.raises(ResumeError, match=f"process {child.pid} on"), run.locked():
        pass
    (run.path / ".history.json.77-00aa.tmp").write_text("half")
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert run.status == "interrupted"
    assert "without notice" in run.describe_error()
    with run.locked():
        assert not list(run.path.glob(".*.tmp"))


def test_looking_at_a_lock_neither_creates_nor_keeps_it(tmp_path):
    path = tmp_path / "lock"
    assert not locks.held(path)
    assert not path.exists()
    with locks.locked(path, ResumeError("busy")):
        assert locks.held(path)
    assert not locks.held(path)
    with locks.locked(path, ResumeError("busy")):
        pass
