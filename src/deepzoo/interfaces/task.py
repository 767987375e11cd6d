"""Task: how data become arrays, how a network is scored, and what users can ask of a run."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from .kinds import Kind
from .recipe import Recipe
from .scores import Metric, Scores

if TYPE_CHECKING:
    import numpy as np

    from ..run import Run
    from .example import Example
    from .experiment import Published
    from .kinds import Splits
    from .model import Model

F = TypeVar("F", bound=Callable[..., Any])


@dataclasses.dataclass
class Arrays:
    """Examples as arrays that a network takes.

    Subclasses may override `batch` (windows over a long array, fresh noise), `__len__` and
    `for_epoch`. `batch` must be pure: the same indices give the same arrays.

    Args:
        inputs: Array, memory map or sparse matrix, one row per example; or a tuple of them.
        targets: The same, or None.
        weights: One weight per example (or per example and step), or None for ones.
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

    def whole(self) -> tuple[Any, Any, Any]:
        """Returns all examples as one batch, as networks that are fitted at once get them.

        Nothing is copied unless `batch` is overridden. An override may return sparse matrices.
        """
        import numpy as np

        plain = type(self).batch is Arrays.batch
        return self.batch(slice(None) if plain else np.arange(len(self)))  # pyright: ignore[reportArgumentType]

    def for_epoch(self, generator: np.random.Generator) -> Arrays:
        """Returns the examples of one training epoch; their number is the same.

        An override may draw noise anew, or shuffle what examples were cut from, such as
        documents; consecutive examples of `streams` must stay in order. The generator depends on
        the seed of the run and on the epoch alone, so that a resumed training gets the same.
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
    """Splits as a task prepared them for a model.

    Args:
        train: Examples to train on.
        validation: Examples to choose the best epoch by; length 0 if there are none.
        test: Examples to score, in any form that `Task.evaluate` takes.
        preprocessor: JSON data needed to turn raw input into arrays (a vocabulary, a mean).
        spec: What `Model.build` needs: an `Example` says what a network gets and returns. The
            core adds `batch_size` and `seed`.
    """

    train: Arrays
    validation: Arrays
    test: Any
    preprocessor: dict[str, Any]
    spec: Example


class EachLine:
    """Marks an input of a verb that may also be read from a file, one per line.

    Examples:
        >>> from typing import Annotated
        >>> from deepzoo import Task
        >>> class Shouting(Task):
        ...     name = "shouting"
        ...     def predict(self, run, word: Annotated[str, EachLine]):
        ...         return word.upper()
    """


@dataclasses.dataclass(frozen=True, kw_only=True)
class Verb:
    """Declares, as a decorator, how a verb is called, and the output of its command.

    A verb is a method `(self, run, input, *, options)` that returns one answer, by default
    plain data. The core calls it with each input, checks the arguments by their annotations,
    and returns one answer for one input and a list for several.

    Args:
        batched: It takes all inputs at once, annotated as a list, and returns a list of as many
            answers.
        draws: Each answer is a picture (a Matplotlib figure, a Pillow image, a uint8 array),
            which the command writes to a file. Small ones are also drawn in the terminal. A uint8
            array [n, height, width, 1 or 3] is an animation.
        writes: The answers are texts that continue a prompt; they are printed verbatim.
        reads_data: It reads the data that the run was trained on, such as the test split; the
            option `--data` says where they are now, if they have moved.
        columns: Columns of a CSV file of the answers, in order and without the input, where an
            answer may lack some of them; by default those that occur.
        highlights: Key of an answer under which it has the words of its input that decided, with
            their weights: on a terminal the input is shown with these words in colour.
        run_optional: The run is given by the option `--run`; inputs may be left out. Without
            the option, the run that `Task.prompt_default` names is used.
        stream: Name of the keyword-only parameter for a function that is called with each
            piece of text as soon as it is generated.
        length: Counts the tokens of a text, for the speed of a verb that writes; by default
            characters are counted.

    Examples:
        >>> from deepzoo import Task, verb
        >>> class Sketching(Task):
        ...     name = "sketching"
        ...     @verb(draws=True)
        ...     def sketch(self, run, subject: str):
        ...         import numpy as np
        ...         return np.zeros((28, 28), np.uint8)
    """

    batched: bool = False
    draws: bool = False
    writes: bool = False
    reads_data: bool = False
    columns: tuple[str, ...] = ()
    highlights: str = ""
    run_optional: bool = False
    stream: str = ""
    length: Callable[[Run, str], int] | None = None

    def __call__(self, method: F) -> F:
        """Marks a method; `of` finds the mark."""
        method.__dict__["_verb"] = self
        return method

    @classmethod
    def of(cls, method: Callable[..., Any]) -> Verb:
        """Returns the declaration of a verb."""
        return getattr(method, "_verb", cls())


verb = Verb


class Task(Recipe):
    """Base of all tasks.

    Every public method that a subclass adds and whose first parameter after `self` is
    `run` is a verb: a command and a method of `Run`. The next parameter is its input, if it
    has one; the keyword-only ones are the options of the command
    (`Annotated[float, typer.Option(help=...)]`). See `verb`. An answer is JSON data, or a
    picture where `verb(draws=True)` says so; the same input gives the same answer, and a
    verb that draws at random has the option `seed`.

    Attributes:
        name: As users type it.
        kinds: The kinds of data it accepts.
        default_for: The kinds whose default task it is.
        default_model: Name of the model that is trained when none is named.
        baselines: Names of models whose scores are shown beside every score.
        metrics: The metrics that `evaluate` returns, the main one first.
        prompt_default: Name of the dataset whose run `generate` uses if none is given: the
            user's best, or the one that came with the plugin.
        loss: Keras name or import path of the default loss.
        plots: Functions `(run, *inputs) -> Figure` by the name of the picture.
    """

    kinds: ClassVar[tuple[type[Kind], ...]]
    default_for: ClassVar[tuple[type[Kind], ...]] = ()
    default_model: ClassVar[str]
    baselines: ClassVar[tuple[str, ...]] = ()
    metrics: ClassVar[Mapping[str, Metric]] = {}
    prompt_default: ClassVar[str] = ""
    loss: ClassVar[str] = ""
    plots: ClassVar[Mapping[str, Callable[..., Any]]] = {}

    def prepare(
        self, splits: Splits, model: Model, preprocessor: Mapping[str, Any] | None = None
    ) -> Prepared:
        """Converts splits to arrays for `model`; fits vocabularies on the training split only.

        Args:
            splits: The data.
            model: The model that the arrays are for.
            preprocessor: That of a run. The splits are encoded with it, as in the training of
                the run, and nothing is fitted: classes, items and tokens are matched by name,
                and examples of others left out with a warning. A `prepare` without this
                parameter fits again, and the core refuses data that give another preprocessor.

        Raises:
            DataError: The splits cannot be used.
        """
        raise NotImplementedError(f"{type(self).__name__} does not implement prepare")

    def prepare_inputs(
        self, raw: Sequence[Any], preprocessor: Mapping[str, Any], spec: Mapping[str, Any]
    ) -> Any:
        """Converts raw inputs, as users give them, to what a network gets: as `prepare` does.

        Verbs call `run.prepare_inputs([...])`, so that nothing is scaled or encoded twice.

        Args:
            raw: Inputs of verbs.
            preprocessor: That of the run.
            spec: That of the run.
        """
        raise NotImplementedError(f"{type(self).__name__} does not implement prepare_inputs")

    def training_metrics(self, model: Model) -> list[Any]:
        """Returns Keras metrics (names or objects) to compute during training."""
        return []

    def evaluate(self, network: Any, arrays: Any, prepared: Prepared) -> dict[str, Scores]:
        """Returns the scores of each example in `arrays` (the test part of `prepared`)."""
        raise NotImplementedError(f"{type(self).__name__} does not implement evaluate")

    def remarks(self, scores: Mapping[str, Scores], prepared: Prepared) -> list[str]:
        """Returns sentences to show below the scores of the test split."""
        return []

    def validate(self, network: Any, prepared: Prepared) -> dict[str, float]:
        """Returns scores of the validation split that Keras' metrics cannot compute.

        Called after each epoch, also for networks without Keras; each score becomes a column
        `val_<name>` of the history. The main metric makes runs of different losses comparable.
        """
        return {}

    def history_metrics(self, row: Mapping[str, Any], prepared: Prepared) -> dict[str, float]:
        """Returns further columns for an epoch's row of the history.

        A column `val_<metric>` of the main metric makes runs of different losses comparable.
        """
        return {}

    def progress_sample(self, network: Any, prepared: Prepared, seed: int) -> str | None:
        """Returns a short text that shows the network's output after an epoch, or None."""
        return None

    def answer_as_published(self, published: Published, run: Run) -> str | None:
        """Returns the answer of a run to the prompt of a published sample.

        Args:
            published: The sample.
            run: A trained run.

        Returns:
            The answer in the form of the published output, or None if there is none.
        """
        return None

    def example_inputs(self, splits: Splits) -> Sequence[Any]:
        """Returns inputs of its verbs, as users give them, with which `plugins check` asks.

        Here they are the first fields of two training examples, texts cut after 100 characters.
        """
        train = splits.train
        fields = [next(iter(train.example(i).values())) for i in range(min(2, len(train)))]
        return [field[:100] if isinstance(field, str) else field for field in fields]

    @classmethod
    def verbs(cls) -> dict[str, Callable[..., Any]]:
        """Finds the verbs: public methods whose second parameter is `run`."""
        names = [name for name in dir(cls) if not name.startswith("_")]
        methods = {name: getattr(cls, name) for name in names}
        functions = {name: f for name, f in methods.items() if isinstance(f, FunctionType)}
        # The code object tells sooner than `inspect.signature`, and this is asked often.
        codes = {name: inspect.unwrap(function).__code__ for name, function in functions.items()}
        return {
            name: functions[name]
            for name, code in codes.items()
            if code.co_varnames[1 : code.co_argcount][:1] == ("run",)
        }
