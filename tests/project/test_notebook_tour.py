"""The notebook of the tour: its cells run one after the other, on sample data."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

NOTEBOOK = Path(__file__).parents[2] / "examples" / "tour.ipynb"
SHORTER = "MINUTES = 0.05"
NOWHERE = "http://127.0.0.1:9"


def test_the_notebook_runs_from_the_first_cell_to_the_last(tmp_path):
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert notebook["nbformat"] == 4
    code = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    magic, *rest = code
    assert magic.startswith("%pip install -q ..")
    program = "\n".join(rest)
    assert program.count("MINUTES = 2") == 1
    done = subprocess.run(
        [sys.executable, "-c", program.replace("MINUTES = 2", SHORTER)],
        capture_output=True,
        text=True,
        env={
            **{key: value for key, value in os.environ.items() if key != "DEEPZOO_DATA"},
            "DEEPZOO_HOME": str(tmp_path),
            **dict.fromkeys(("http_proxy", "https_proxy"), NOWHERE),
        },
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.startswith("Today I will")
    assert "\nI believe" in done.stdout
    resumed = re.search(r"([\d,]+) steps became ([\d,]+)", done.stdout)
    assert resumed
    before, after = (int(number.replace(",", "")) for number in resumed.groups())
    assert after > before > 0


def test_the_notebook_is_stored_without_outputs():
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
