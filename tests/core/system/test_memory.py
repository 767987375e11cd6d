"""Free memory: what is left on the machine, in the container and to the process."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import psutil
import pytest

from deepzoo.errors import ResourceError
from deepzoo.system import memory


@pytest.fixture
def free(monkeypatch):
    """Leaves the machine 1,000 bytes, and no other limit."""
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=1000))
    monkeypatch.setattr(memory, "_container", list)
    monkeypatch.setattr(memory, "_process", list)


def test_more_than_is_free_is_refused_with_both_numbers(free):
    memory.require(1000, "It", "Take less.")
    with pytest.raises(ResourceError, match=r"It needs about 1\.0 KB of memory, 1\.0 KB free"):
        memory.require(1001, "It", "Take less.")


@pytest.mark.parametrize("limit", ["_container", "_process"])
def test_the_tightest_limit_counts(free, monkeypatch, limit):
    monkeypatch.setattr(memory, limit, lambda: [300])
    assert memory.available() == 300
    monkeypatch.setattr(memory, limit, lambda: [-5])
    assert memory.available() == 0


def test_a_system_without_limits_of_processes_still_knows_its_memory(free, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(psutil, "Process", lambda: SimpleNamespace())  # macOS and Windows
    assert memory._process() == []
    assert memory.available() > 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a limit on memory")
def test_the_limit_of_a_process_counts():
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30));"
        "from deepzoo.system import memory; print(memory.available())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 0 < int(done.stdout) < 2**30
