"""Recipes without networks, and finished runs of them, for the tests of the runs folder."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated

import numpy as np
from annotated_types import Ge

from deepzoo import Dataset, Model, Task
from deepzoo.interfaces.kinds import Text
from deepzoo.interfaces.recipe import setting
from deepzoo.interfaces.scores import Metric
from deepzoo.interfaces.shipped import Shipped
from deepzoo.networks.weights import to_bytes
from deepzoo.run import Run
from deepzoo.runs import store


class Poems(Dataset):
    name = "poems"
    kind = Text
    lines: Annotated[int, Ge(1)] = setting(4, "lines of a poem")


class Rhyme(Task):
    name = "rhyme"
    kinds = (Text,)
    default_model = "table"
    prompt_default = "poems"
    metrics = {"bits": Metric("lower", "bits per line"), "wit": Metric("higher", "laughs")}
    noise: float = setting(0.0, "share of wrong lines")

    def generate(self, run, prompt="", *, n=1):
        """Continues a poem."""
        state = (run.numpy_network or run.network).start(n)
        return [f"{prompt} {run.preprocessor['end']} {self.noise} {state}"] * n

    def count(self, run, text):
        """Counts words."""
        return len(text.split())


class Censor(Task):
    name = "censor"
    kinds = (Text,)
    default_model = "censor-table"

    def judge(self, run, text):
        """Says no."""
        return False

    def generate(self, run, prompt=""):
        """Says nothing."""
        return ""


class TableNetwork:
    """A network of one array; counts how often one was built."""

    built = 0

    def __init__(self, size):
        type(self).built += 1
        self.table = np.zeros(size)

    def predict(self, inputs):
        return self.table[inputs]

    def arrays(self):
        return {"table": self.table}

    def load_arrays(self, arrays):
        self.table = arrays["table"]

    def start(self, n):
        return f"network {self.table.sum():.0f}"


class Twin:
    def __init__(self, arrays):
        self.arrays = arrays

    def start(self, n):
        return f"twin {self.arrays['table'].sum():.0f}"


class Table(Model):
    name = "table"
    task = "rhyme"
    framework = "numpy"
    units: int = setting(3, "size of the table")
    fast: bool = setting(False, "whether it has a twin")

    def build(self, spec):
        return TableNetwork(spec["size"])

    def from_arrays(self, spec, arrays):
        return Twin(arrays) if self.fast else None


class CensorTable(Model):
    name = "censor-table"
    task = "censor"


CLASSES = {
    "register_datasets": [Poems],
    "register_tasks": [Rhyme, Censor],
    "register_models": [Table, CensorTable],
}


def hooks(**changed):
    """Returns hook functions for the `plugin` fixture."""
    return {name: lambda classes=classes: classes for name, classes in (CLASSES | changed).items()}


def make_run(name=None, *, dataset="poems", model="table", loss=None, status="finished", **fields):
    """Makes the folder of a run as the trainer leaves it."""
    run = Run.open(store.create(dataset, model, name))
    number = len(store.list_runs())
    record = {
        "task": "rhyme",
        "plugins": {},
        "settings": {"dataset.lines": 4, "task.noise": 0.5, "model.units": 3},
        "data": "local",
        "fingerprint": "f1",
        "spec": {"size": 3},
        "finished": f"2026-01-01T00:{number // 60:02}:{number % 60:02}",
    }
    run.update(**{**record, **fields}, status=status)
    if status == "finished":
        run.save(
            "metrics", {"metrics": {"bits": 2.5}, "validation": {"loss": loss} if loss else {}}
        )
        run.save("preprocessor", {"end": "."})
        run.save_weights({"table": np.array([1.0, 2.0, 3.0])})
    return run


def ship(folder, task, name="poems"):
    """Makes a shipped run of `task` below `folder`, as `runs ship` does."""
    folder = folder / name
    folder.mkdir(parents=True)
    record = {"format": 1, "run": "poems/best", "dataset": name, "model": "table", "data": "full"}
    record |= {"task": task.name, "status": "finished", "settings": {}, "spec": {"size": 3}}
    (folder / "run.json").write_text(json.dumps(record))
    (folder / "preprocessor.json").write_text('{"end": "!"}')
    (folder / "weights.safetensors").write_bytes(to_bytes({"table": np.ones(3, "float16")}))
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    return Shipped(folder, task.name, "deepzoo generate O", hashes)
