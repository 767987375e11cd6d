"""Task: what goes in, what comes out, and how it is scored."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from .kinds import Kind
from .recipe import Recipe
from .scores import Scores

if TYPE_CHECKING:
    import numpy as np

    from ..run import Run
    from .experiment import Published
    from .kinds import Splits
    from .model import Model


@dataclasses.dataclass
class Arrays:
    """Examples as a network sees them.

    Args:
        inputs: Array, memory map or sparse rows, first axis the examples; or a tuple of them.
        targets: The same, or None.
        weights: One weight per example (or per example and step), or None for ones.

    Subclasses may override `batch` (windows over a long array, fresh noise), `__len__` and
    `shuffled`. `batch` must be pure: the same indices give the same arrays.
    """

    inputs: Any
    targets: Any = None
    weights: Any = None

    def __len__(self) -> int:
        """Returns the number of examples."""
        first = self.inputs[0] if isinstance(self.inputs, tuple) else self.inputs
        return first.shape[0] if hasattr(first, "shape") else len(first)

    def batch(self, indices: np.ndarray) -> tuple[Any, Any, Any]:
        """Returns inputs, targets and weights (or None) of the examples at `indices`."""
        return tuple(_rows(part, indices) for part in (self.inputs, self.targets, self.weights))  # pyright: ignore[reportReturnType]

    def shuffled(self, generator: np.random.Generator) -> Arrays:
        """Returns the examples of one epoch of streams, of which there must be as many.

        Examples that follow each other cannot change places one by one; what they were cut
        from may, as documents of a text do. As they are, unless overridden.
        """
        return self


def _rows(part: Any, indices: np.ndarray) -> Any:
    if part is None:
        return None
    if isinstance(part, tuple):
        return tuple(_rows(item, indices) for item in part)
    rows = part[indices]
    return rows.toarray() if hasattr(rows, "toarray") else rows


@dataclasses.dataclass
class Prepared:
    """What a task makes of splits for one model.

    Args:
        train: Examples to learn from.
        validation: Examples to choose the best epoch by; length 0 if there are none.
        test: Examples to score; in whatever form `Task.evaluate` reads.
        preprocessor: JSON data that turns raw input into inputs (a vocabulary, a mean).
        spec: JSON data that `Model.build` needs (shapes, sizes). The core adds `batch_size`.
    """

    train: Arrays
    validation: Arrays
    test: Any
    preprocessor: dict[str, Any]
    spec: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Metric:
    """How a score is read.

    Args:
        better: `lower` or `higher`.
        help: What it means.
        format: How it is printed.
        most: The highest value there is, such as 1 of a share; intervals end there.
        least: The lowest value there is. An interval is never below 0 if no example is.
    """

    better: Literal["lower", "higher"]
    help: str
    format: str = ".3f"
    most: float = math.inf
    least: float = -math.inf


class EachLine:
    """Marks the input of a verb of which a file holds one in each line.

    Example:
        >>> from typing import Annotated
        >>> from deepzoo import Task
        >>> class Shouting(Task):
        ...     name = "shouting"
        ...     def predict(self, run, *words: Annotated[str, EachLine]):
        ...         return [word.upper() for word in words]
    """


@dataclasses.dataclass(frozen=True)
class Verb:
    """What the command of a verb has to know beyond the verb's signature; see `verb`."""

    draws: bool = False
    writes: bool = False
    run_optional: bool = False
    stream: str = ""
    length: Callable[[Run, str], int] | None = None

    @classmethod
    def of(cls, method: Callable[..., Any]) -> Verb:
        """Returns what a verb declares."""
        return getattr(method, "_declared", cls())


def verb(
    *,
    draws: bool = False,
    writes: bool = False,
    run_optional: bool = False,
    stream: str = "",
    length: Callable[[Run, str], int] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declares what the command of a verb needs; without it a verb answers with plain data.

    Args:
        draws: Each answer is a picture (a Matplotlib figure, a Pillow image, a uint8 array),
            which is written to a file.
        writes: The answers are texts that continue a prompt; they are printed as they are.
        run_optional: The run is the option `--run`, and the inputs may be left out. Without
            it the run that `Task.prompt_default` names is used.
        stream: Name of the keyword-only parameter that takes a function, which is called
            with each piece of text as it comes.
        length: Counts the tokens of a text, for the speed of a verb that writes; characters
            if not given.

    Example:
        >>> from deepzoo import Task, verb
        >>> class Sketching(Task):
        ...     name = "sketching"
        ...     @verb(draws=True)
        ...     def sketch(self, run, subject: str):
        ...         import numpy as np
        ...         return np.zeros((28, 28), np.uint8)
    """
    declared = Verb(draws, writes, run_optional, stream, length)

    def mark(method: Callable[..., Any]) -> Callable[..., Any]:
        method._declared = declared  # pyright: ignore[reportFunctionMemberAccess]
        return method

    return mark


@dataclasses.dataclass(frozen=True)
class Shipped:
    """A trained run inside a plugin.

    Args:
        folder: Folder of the run, relative to the plugin's package.
        sha256: Hash of each file in it, by file name.
    """

    folder: str
    sha256: Mapping[str, str]


class Task(Recipe):
    """Base of all tasks.

    Every public method that a subclass adds and whose first parameter after `self` is
    `run` is a verb: a command, a function of `deepzoo` runs and a method of `Run`. Its
    keyword-only parameters are its options (`Annotated[float, typer.Option(help=...)]`).

    Attributes:
        name: As users type it.
        kinds: The kinds of data it accepts.
        default_for: The kinds it is the default task of.
        default_model: Name of the model that is trained when none is named.
        baselines: Names of models whose scores stand beside every score.
        metrics: The metrics `evaluate` returns, the first one the main one.
        shipped: Trained runs inside the plugin, by name of the dataset.
        prompt_default: Name of the shipped run that `generate` uses without a run.
        loss: Keras name or object path of the default loss.
        plots: Pictures a run of this task can draw: name to function `(run, *inputs) -> Figure`.
    """

    kinds: ClassVar[tuple[type[Kind], ...]]
    default_for: ClassVar[tuple[type[Kind], ...]] = ()
    default_model: ClassVar[str]
    baselines: ClassVar[tuple[str, ...]] = ()
    metrics: ClassVar[Mapping[str, Metric]] = {}
    shipped: ClassVar[Mapping[str, Shipped]] = {}
    prompt_default: ClassVar[str] = ""
    loss: ClassVar[str] = ""
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = {}

    def prepare(self, splits: Splits, model: Model) -> Prepared:
        """Turns splits into arrays for `model`; fits vocabularies on the training split only."""
        raise NotImplementedError(f"{type(self).__name__} does not implement prepare")

    def training_metrics(self, model: Model) -> list[Any]:
        """Returns Keras metrics (names or objects) to follow during training."""
        return []

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Scores a network on `arrays` (the test part of `prepared`), per example."""
        raise NotImplementedError(f"{type(self).__name__} does not implement evaluate")

    def remarks(self, scores: Mapping[str, Scores], prepared: Prepared) -> list[str]:
        """Returns sentences that stand below the scores of the test split."""
        return []

    def validate(self, network: Any, prepared: Prepared) -> dict[str, float]:
        """Returns figures of the validation split that Keras' metrics cannot tell.

        Called after each epoch, for networks without Keras too; each becomes a column
        `val_<name>` of the history. The main metric makes runs of different losses comparable.
        """
        return {}

    def history_metrics(self, row: Mapping[str, Any], prepared: Prepared) -> dict[str, float]:
        """Returns further columns for an epoch's row of the history.

        A column `val_<metric>` of the main metric makes runs of different losses comparable.
        """
        return {}

    def progress_sample(self, network: Any, prepared: Prepared, seed: int) -> str | None:
        """Returns a short text that shows what the network does after an epoch, or None."""
        return None

    def answer_as_published(self, published: Published, run: Run) -> str | None:
        """Returns what a run says to the prompt of a published sample, in the form of its output.

        Args:
            published: The sample, with the settings and options it belongs to.
            run: A trained run.

        Returns:
            The answer, or None where there is none to compare.
        """
        return None

    @classmethod
    def verbs(cls) -> dict[str, Callable[..., Any]]:
        """Finds the verbs: public methods whose second parameter is `run`."""
        import inspect

        found = {}
        for verb, method in inspect.getmembers(cls, inspect.isfunction):
            parameters = list(inspect.signature(method).parameters)
            if not verb.startswith("_") and parameters[1:2] == ["run"]:
                found[verb] = method
        return found
