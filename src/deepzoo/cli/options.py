"""The arguments and options of several commands: one name each, so that signatures stay short."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from . import complete


def _option(help: str, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=help, **more)


Dataset = Annotated[
    str,
    typer.Argument(metavar="DATASET", help="Name of a dataset.", autocompletion=complete.dataset),
]
_RUN: Any = {"help": "A run, a dataset, or a folder.", "autocompletion": complete.run}
Run = Annotated[str, typer.Argument(metavar="RUN", **_RUN)]
NamedRun = Annotated[str | None, typer.Option("--run", metavar="RUN", **_RUN)]
Model = Annotated[
    str | None, _option("Model to train.", metavar="M", autocompletion=complete.model)
]
Task = Annotated[
    str | None,
    _option("Task, where several fit.", "--task", metavar="T", autocompletion=complete.task),
]
Epochs = Annotated[int | None, _option("Passes over the training split.", metavar="N", min=1)]
AllEpochs = Annotated[int | None, _option("Train up to N epochs in total.", metavar="N", min=1)]
BatchSize = Annotated[int | None, _option("Examples per step.", metavar="N", min=1)]
Settings = Annotated[
    list[str] | None,
    _option("Change a setting; see deepzoo info NAME. May be repeated.", "--set", metavar="K=V"),
]
Data = Annotated[str | None, _option("Your own file or folder.", metavar="PATH")]
Sample = Annotated[
    bool | None,
    _option("Ask for the small stand-in data, or forbid them.", "--sample/--no-sample"),
]
Seed = Annotated[
    int,
    _option("Seed of the training; data have their own.", metavar="N", min=0, max=2**32 - 1),
]
Device = Annotated[str, _option("auto, cpu, gpu:N, or all (every GPU together).", metavar="D")]
Precision = Annotated[str, _option("float32, or mixed: faster on recent hardware.", metavar="P")]
Name = Annotated[str | None, _option("Name of the run, instead of MODEL-N.", metavar="NAME")]
FromRun = Annotated[
    str | None,
    _option(
        "Start from the weights of a run; none: from scratch.",
        "--from",
        metavar="RUN",
        autocompletion=complete.run,
    ),
]
Patience = Annotated[
    int | None, _option("Stop after N epochs without improvement.", metavar="N", min=1)
]
MaxMinutes = Annotated[
    float | None, _option("Stop training after F minutes.", metavar="F", min=0.001)
]
Limit = Annotated[int | None, _option("Only the first N training examples.", metavar="N", min=1)]
Deterministic = Annotated[
    bool, _option("Bit-identical repeats on a GPU too; slower.", "--deterministic")
]
DryRun = Annotated[bool, _option("Show the plan, train nothing.", "--dry-run")]
MovedData = Annotated[
    str | None, _option("Where the run's data are now.", "--data", metavar="PATH")
]
AnyData = Annotated[
    str | None,
    _option("Where the run's data are now, or other data to score.", "--data", metavar="PATH"),
]
ForDataset = Annotated[
    str | None,
    _option(
        "Show a model's layers, or a task's arrays, for this dataset.", "--dataset", metavar="D"
    ),
]
Out = Annotated[str | None, _option("File to write.", "--out", metavar="FILE")]
