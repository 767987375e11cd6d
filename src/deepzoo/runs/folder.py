"""RunFolder: the files of one training, read when they are needed and replaced whole."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ..errors import CheckpointError, ResumeError, UsageError
from ..interfaces.example import Example
from ..networks import weights
from ..system import locks, paths, processes
from ..system.files import (
    clean_temporaries,
    file_sha256,
    make_folder,
    read_json,
    write_bytes,
    write_json,
    write_text,
)
from .formats import (
    EVALUATIONS,
    LOCAL,
    PREPROCESSOR,
    RECORD,
    WEIGHTS,
    checked_record,
    load_scores,
    save_scores,
)

if TYPE_CHECKING:
    import numpy as np

    from ..interfaces.scores import Scores


class RunFolder:
    """What a run is without its network: record, results, history, lock.

    Args:
        path: The folder.
        record: What `run.json` holds.
        id: `dataset/name`; taken from the folder or the record where it is not given.
        shipped: Whether it came with a plugin and must not be changed.
    """

    def __init__(
        self, path: Path, record: dict[str, Any], id: str = "", shipped: bool = False
    ) -> None:
        self.path = Path(path)
        self.record = record
        self.shipped = shipped
        self._id = id
        self._kept: dict[str, Any] = {}

    @classmethod
    def open(cls, path: str | Path, *, id: str = "", shipped: bool = False) -> Self:
        """Opens the run in the folder `path`.

        Args:
            path: A folder with `run.json`.
            id: `dataset/name`, where the folder does not tell.
            shipped: Whether it came with a plugin.

        Raises:
            CheckpointError: It is no run, damaged, or of a newer deepzoo.
        """
        # Plain strings: of ten thousand runs, paths as objects would take most of the time.
        file = os.path.join(path, RECORD)
        if not os.path.isfile(file):
            raise CheckpointError(f"{path} is not a run: it has no {RECORD}.")
        return cls(Path(path), checked_record(read_json(file), file), id, shipped)

    def opened(self) -> tuple[Path, dict[str, Any], str, bool]:
        """Returns what this object was made from."""
        return self.path, self.record, self._id, self.shipped

    @property
    def id(self) -> str:
        """The name by which commands find it: `dataset/name`."""
        if self._id:
            return self._id
        if self.path.absolute().parent.parent == paths.runs():
            return f"{self.path.parent.name}/{self.path.name}"
        return str(self.record.get("run") or self.path.name)

    @property
    def dataset(self) -> str:
        """The name of the dataset."""
        return str(self.record.get("dataset", ""))

    @property
    def distribution(self) -> str:
        """The distribution that offers the dataset; empty where the record does not say."""
        owner = self.record.get("plugins", {}).get("dataset") or {}
        return str(owner.get("distribution", ""))

    @property
    def model(self) -> str:
        """The name of the model."""
        return str(self.record.get("model", ""))

    @property
    def task(self) -> str:
        """The name of the task."""
        return str(self.record.get("task", ""))

    @property
    def data(self) -> str:
        """Which data it learned from.

        `full` are the published files, `local` is the user's own or a changed file, `sample`
        is the stand-in.
        """
        return str(self.record.get("data", ""))

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of dataset, kind, task and model, qualified."""
        return self.record.get("settings", {})

    @property
    def spec(self) -> Any:
        """What the model was built from; an `Example` where its task declares one."""
        spec = self.record.get("spec", {})
        return Example(**spec) if {"inputs", "targets", "outputs"} <= spec.keys() else spec

    @property
    def status(self) -> str:
        """`running`, `interrupted`, `finished`, `failed` or `corrupt`."""
        status = str(self.record.get("status", "corrupt"))
        return "interrupted" if status == "running" and not self.in_use() else status

    def in_use(self) -> bool:
        """Says whether a process is training it now."""
        if self.shipped:
            return False
        lock = self.path / "lock"
        # Without a lock file, the process that made the folder is about to lock it.
        return locks.held(lock) if lock.exists() else processes.is_alive(self.record)

    def describe_error(self) -> str:
        """Returns why it did not finish, in one line; empty if there is nothing to say."""
        error = self.record.get("error")
        if error:
            return f"{error.get('type', 'Error')}: {error.get('message', '')}"
        if self.record.get("status") == "running" and self.status == "interrupted":
            return "Ended without notice, possibly for lack of memory."
        return ""

    @property
    def metrics(self) -> dict[str, float]:
        """The scores on the test split."""
        return self.results.get("metrics", {})

    @property
    def intervals(self) -> dict[str, list[float]]:
        """The 95 % intervals of the scores."""
        return self.results.get("intervals", {})

    @property
    def baselines(self) -> dict[str, dict[str, float]]:
        """The scores of the task's baselines on the same examples."""
        return self.results.get("baselines", {})

    @property
    def results(self) -> dict[str, Any]:
        """All of `metrics.json`; empty before the first evaluation."""
        return self._read("metrics.json", {})

    @property
    def evaluations(self) -> dict[str, dict[str, Any]]:
        """What `evaluate` stored about other data than the run's own, by their names."""
        files = sorted((self.path / EVALUATIONS).glob("*.json"))
        return {file.stem: read_json(file) for file in files}

    @property
    def history(self) -> list[dict[str, Any]]:
        """One row per epoch: losses, metrics, seconds, learning rate."""
        return self._read("history.json", [])

    @property
    def preprocessor(self) -> dict[str, Any]:
        """What turns raw input into the network's inputs, as `Task.prepare` returned it.

        Verbs read it to encode what users give, and to name what the network answers.
        """
        if PREPROCESSOR not in self._kept:
            self.check_hash(PREPROCESSOR)
        return self._read(PREPROCESSOR, {})

    @property
    def data_path(self) -> Path | None:
        """The user's own file or folder that it was trained on; kept on this machine only."""
        path = self._read(LOCAL, {}).get("data")
        return Path(path) if path else None

    def keep_data_path(self, path: Path | None) -> None:
        """Remembers the user's own file or folder; packed runs do not carry it."""
        if path is not None:
            self.save("local", {"data": str(path.absolute())})

    def scores(self) -> dict[str, Scores]:
        """Returns the scores on the test split per example; empty before the first evaluation."""
        path = self.path / "scores.npz"
        return load_scores(path) if path.exists() else {}

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the run's lock, so that no other process trains or removes it meanwhile.

        Raises:
            ResumeError: Another process holds it.
        """
        self._refuse_shipped()
        who = f"process {self.record.get('pid')} on {self.record.get('host')}"
        busy = ResumeError(f"Run {self.id} is in use by {who}.", "Wait for it, or stop it first.")
        with locks.locked(self.path / "lock", busy):
            clean_temporaries(self.path)
            yield

    def update(self, **fields: Any) -> None:
        """Changes fields of `run.json`; a `running` status takes this process as its own."""
        self._refuse_shipped()
        if fields.get("status") == "running":
            fields = {**processes.holder(), **fields}
        record = {**self.record, **fields}
        write_json(self.path / RECORD, record)
        self.record = record

    def save(self, name: str, data: Any) -> None:
        """Replaces one JSON file of the run: `metrics`, `history`, `preprocessor`, ..."""
        self._refuse_shipped()
        write_json(self.path / f"{name}.json", data)
        self._kept.pop(f"{name}.json", None)

    def save_scores(self, scores: Mapping[str, Scores]) -> None:
        """Replaces the scores per example."""
        self._refuse_shipped()
        save_scores(self.path / "scores.npz", scores)

    def save_evaluation(
        self, name: str, result: Mapping[str, Any], scores: Mapping[str, Scores]
    ) -> None:
        """Keeps scores on other data than the run's own, beside its `metrics.json`."""
        self._refuse_shipped()
        folder = make_folder(self.path / EVALUATIONS)
        save_scores(folder / f"{name}.npz", scores)
        write_json(folder / f"{name}.json", result)

    def save_weights(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Replaces the trained weights."""
        self._refuse_shipped()
        content = weights.to_bytes(arrays)
        write_bytes(self.path / WEIGHTS, content)
        hashes = {WEIGHTS: hashlib.sha256(content).hexdigest()}
        if (self.path / PREPROCESSOR).exists():
            hashes[PREPROCESSOR] = file_sha256(self.path / PREPROCESSOR)
        self.update(sha256=hashes)

    def check_hash(self, name: str) -> None:
        """Refuses a file that is not the one that was written at the end of the training.

        Raises:
            CheckpointError: It was changed or damaged since.
        """
        expected = self.record.get("sha256", {}).get(name)
        if expected and (received := file_sha256(self.path / name)) != expected:
            raise CheckpointError(
                f"{self.path / name} is damaged: {(self.path / name).stat().st_size:,} bytes, "
                f"expected sha256 {expected[:12]}, received {received[:12]}.",
                f"Put back a copy of it, or train again: {self.record.get('command', '')}",
            )

    def save_sample(self, number: int, text: str, unit: str = "epoch") -> None:
        """Keeps what the network produced after an epoch, or a number of steps (unit `step`)."""
        self._refuse_shipped()
        (self.path / "samples").mkdir(exist_ok=True)
        write_text(self.path / "samples" / f"{unit}-{number:04d}.txt", text)

    def reload(self) -> Self:
        """Reads `run.json` and the results again, as another process left them."""
        self.record = checked_record(read_json(self.path / RECORD), self.path / RECORD)
        self._kept = {key: kept for key, kept in self._kept.items() if not key.endswith(".json")}
        return self

    def _refuse_shipped(self) -> None:
        if self.shipped:
            raise UsageError(f"{self.id} came with a plugin and cannot be changed.")

    def _read(self, name: str, default: Any) -> Any:
        def read() -> Any:
            path = os.path.join(self.path, name)
            data = read_json(path) if os.path.exists(path) else default
            if not isinstance(data, type(default)):
                raise CheckpointError(f"{path} is damaged: expected a {type(default).__name__}.")
            return data

        return self._once(name, read)

    def _once(self, key: str, make: Callable[[], Any]) -> Any:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]
