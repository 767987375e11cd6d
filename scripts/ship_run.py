"""Puts a finished run into a plugin, so that it works right after installing.

Usage: python scripts/ship_run.py dataset/run plugins/deepzoo_text_generation

Weights become float16; process, host and checkpoints are left out. The scores are measured
again with the float16 weights, and the hash of each file is written into the plugin's
`shipped.py`.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path

import numpy as np

import deepzoo
from deepzoo.evaluation.score import score
from deepzoo.networks.weights import to_bytes
from deepzoo.system.files import write_json

LEFT_OUT = ("pid", "host")
FILES = ("run.json", "preprocessor.json", "history.json", "metrics.json", "weights.safetensors")
HEADER = '''"""The trained runs that come with this plugin, with the hash of each of their files.

Written by `scripts/ship_run.py`; the command that trained a run is in its `run.json`.
"""

from __future__ import annotations

from deepzoo import Shipped

SHIPPED: dict[str, Shipped] = {
'''


def ship(run: deepzoo.Run, plugin: Path) -> None:
    """Copies a run into `plugin/trained/<dataset>` and records its hashes."""
    folder = plugin / "trained" / run.dataset
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    half = {
        key: array.astype(np.float16) if array.dtype == np.float32 else array
        for key, array in run.arrays().items()
    }
    (folder / "weights.safetensors").write_bytes(to_bytes(half))
    record = {key: value for key, value in run.record.items() if key not in LEFT_OUT}
    write_json(folder / "run.json", {**record, "run": f"{run.dataset}@shipped"})
    write_json(folder / "preprocessor.json", run.preprocessor)
    write_json(folder / "history.json", run.history)
    copy = deepzoo.Run.open(folder, id=f"{run.dataset}@shipped")
    network = copy.numpy_network or copy.network
    write_json(folder / "metrics.json", score(run.workload(), copy, network))
    (folder / "scores.npz").unlink(missing_ok=True)


def write_hashes(plugin: Path) -> None:
    """Writes `shipped.py` from the folders in `plugin/trained`."""
    lines = [HEADER]
    for folder in sorted((plugin / "trained").iterdir()):
        lines.append(
            f'    "{folder.name}": Shipped(\n        "trained/{folder.name}",\n        {{\n'
        )
        for name in FILES:
            digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
            lines.append(f'            "{name}": "{digest}",\n')
        lines.append("        },\n    ),\n")
    (plugin / "shipped.py").write_text("".join([*lines, "}\n"]), encoding="utf-8")


if __name__ == "__main__":
    reference, target = sys.argv[1], Path(sys.argv[2])
    ship(deepzoo.load(reference), target)
    write_hashes(target)
    for path in sorted((target / "trained").rglob("*.*")):
        print(f"{path.stat().st_size:>10,}  {path}")
    shipped = target / "trained" / deepzoo.load(reference).dataset
    print(json.loads((shipped / "metrics.json").read_text(encoding="utf-8"))["metrics"])
