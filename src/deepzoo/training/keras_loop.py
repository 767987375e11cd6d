"""Training a Keras network: one `fit` per epoch, from any batch on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import ResumeError, UsageError
from ..evaluation.validation import validate_by_task
from ..networks.devices import feed, scope_of
from ..networks.keras_network import (
    assign_all,
    carried_states,
    position_keys,
    read_all,
    synchronise,
)
from ..plugins.calls import calling
from .batches import BatchOrder, evaluation_dataset, evaluation_order, training_dataset
from .optimizers import averaged, make_optimizer, take_average

if TYPE_CHECKING:
    import numpy as np

    from ..interfaces.model import Model
    from ..interfaces.task import Prepared, Task
    from .trainer import Trainer


class KerasLoop:
    """Runs epochs and validations of a `KerasNetwork`, and hands out its whole state.

    Args:
        network: The network under the adapter; compiled here.
        prepared: The arrays.
        model: The training settings.
        task: Gives loss and metrics.
        order: The order of batches.
    """

    def __init__(
        self, network: Any, prepared: Prepared, model: Model, task: Task, order: BatchOrder
    ) -> None:
        self.network = network
        self.keras_model = network.model
        self.prepared = prepared
        self.order = order
        self.watch_test = model.watch_test
        if self.watch_test and not hasattr(prepared.test, "batch"):
            raise UsageError(
                f"The task '{task.name}' cannot watch the test split: watch_test expected False, "
                "received True.",
            )
        # Without the scope replicas would share the optimizer's state.
        with scope_of(self.keras_model), calling(task, "training_metrics"):
            metrics = list(task.training_metrics(model))
        with calling(model, "its first step"), scope_of(self.keras_model):
            self.keras_model.compile(
                optimizer=make_optimizer(model),
                loss=loss_object(model.loss or task.loss, prepared.spec.get("outputs")),
                # Weighted, for padding in validation has the weight 0.
                weighted_metrics=metrics,
            )
            self.keras_model.optimizer.build(self.keras_model.trainable_variables)
            # Compiled metrics are made lazily; a resumed epoch could not restore them.
            self.keras_model._symbolic_build(data_batch=prepared.train.batch(order.epoch(0)[0]))
        self._metrics_to_restore: dict[str, np.ndarray] = {}

    def run_epoch(self, trainer: Trainer, epoch: int, first: int) -> dict[str, float]:
        """Trains from batch `first` of `epoch` to its end, or until the trainer stops."""
        if first == 0:
            self.network.reset_states()
        examples = self.order.arrange(self.prepared.train, epoch)
        dataset = training_dataset(examples, self.order.epoch(epoch), first)
        history = self.keras_model.fit(
            feed(dataset),
            initial_epoch=epoch,
            epochs=epoch + 1,
            shuffle=False,
            verbose=0,  # pyright: ignore[reportArgumentType]
            callbacks=[_reporter(self, trainer, epoch, first)],
        )
        return {name: float(values[-1]) for name, values in history.history.items()}

    def validate(self, trainer: Trainer) -> dict[str, float]:
        """Scores the validation split, and the test split too if it is watched."""
        watched = {"val": self.prepared.validation}
        if self.watch_test:
            watched["test"] = self.prepared.test
        scores: dict[str, float] = {}
        with averaged(self.keras_model):
            for name, arrays in watched.items():
                if len(arrays) and not trainer.stop:
                    logs = self._score(arrays, trainer)
                    scores |= {f"{name}_{metric}": value for metric, value in logs.items()}
            if not trainer.stop:
                scores |= validate_by_task(trainer.task, self.network, self.prepared)
        return scores

    def averaged_arrays(self) -> dict[str, np.ndarray]:
        """Returns the weights that count: their moving averages, if there are any."""
        with averaged(self.keras_model):
            return self.network.arrays()

    def finish(self) -> None:
        """Leaves the weights that count in the network, after the last step."""
        take_average(self.keras_model)

    def _score(self, arrays: Any, trainer: Trainer) -> dict[str, float]:
        """Scores arrays and leaves carried states as they were."""
        import keras

        network = self.keras_model
        states = carried_states(self.keras_model)
        kept = read_all(states)
        self.network.reset_states()
        indices = evaluation_order(len(arrays), self.order.batch_size, self.order.order)
        dataset = evaluation_dataset(arrays, indices, self.keras_model.output_shape[:-1])

        class StopValidation(keras.callbacks.Callback):
            """Ends the validation when a signal has come."""

            def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
                if trainer.stop:
                    network.stop_evaluating = True

        logs = self.keras_model.evaluate(
            feed(dataset),
            return_dict=True,
            verbose=0,  # pyright: ignore[reportArgumentType]
            callbacks=[StopValidation()],
        )
        assign_all(states, kept)
        return {name: float(value) for name, value in logs.items()}  # pyright: ignore[reportAttributeAccessIssue]

    def set_learning_rate(self, rate: float) -> None:
        """Sets the learning rate of the next step."""
        synchronise(self.keras_model)
        self.keras_model.optimizer.learning_rate = rate

    def state(self, inside_epoch: bool) -> dict[str, np.ndarray]:
        """Copies the whole state of the training."""
        synchronise(self.keras_model)
        groups = self._groups()
        if inside_epoch:
            groups["metrics"] = self.keras_model.metrics_variables
            groups["states"] = carried_states(self.keras_model)
        return {
            f"{group}/{key}": array
            for group, variables in groups.items()
            for key, array in zip(position_keys(variables), read_all(variables), strict=True)
        }

    def load_state(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Takes over what `state` returned; metrics wait until `fit` has reset them."""
        groups = self._groups()
        groups["states"] = carried_states(self.keras_model)
        for group, variables in groups.items():
            received = {_key(k): v for k, v in arrays.items() if k.startswith(f"{group}/")}
            if group != "states" or received:
                _assign(group, variables, received)
        metrics = {_key(k): v for k, v in arrays.items() if k.startswith("metrics/")}
        self._metrics_to_restore = metrics

    def restore_metrics(self) -> None:
        """Restores metric variables inside an epoch; called after `fit` has reset them."""
        if self._metrics_to_restore:
            _assign("metrics", self.keras_model.metrics_variables, self._metrics_to_restore)
            self._metrics_to_restore = {}

    def _groups(self) -> dict[str, list[Any]]:
        return {
            "variables": self.keras_model.variables,
            "optimizer": self.keras_model.optimizer.variables,
        }


def _key(name: str) -> str:
    """Leaves the layer out of the name of a variable, for layers may be renamed.

    Examples:
        >>> _key("optimizer/0004/query_kernel_momentum")
        'optimizer/0004/momentum'
    """
    head, _, label = name.rpartition("/")
    return f"{head}/{label.rsplit('_', 1)[-1]}"


def _assign(group: str, variables: list[Any], received: Mapping[str, np.ndarray]) -> None:
    """Gives variables their stored values; refuses other names and shapes."""
    expected = {
        _key(f"{group}/{key}"): tuple(variable.shape)
        for key, variable in zip(position_keys(variables), variables, strict=True)
    }
    shapes = {key: tuple(array.shape) for key, array in received.items()}
    if expected != shapes:
        differing = sorted(set(expected.items()) ^ set(shapes.items()))[:3]
        raise ResumeError(
            f"The checkpoint does not fit the {group} of this network: {differing}.",
            "Was the run's model changed? Train a new run instead.",
        )
    assign_all(variables, [received[key] for key in expected])


def loss_object(name: str, outputs: str | None) -> Any:
    """Returns what `compile` takes as the loss of this name: Keras' own names, and two more.

    Args:
        name: The name.
        outputs: What the `Example` of the task says that its networks return.
    """
    import keras

    if name == "cross_entropy":
        return keras.losses.CategoricalCrossentropy(from_logits=outputs != "probabilities")
    if name == "sparse_categorical_crossentropy_from_logits":
        return keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return name


def _reporter(loop: KerasLoop, trainer: Trainer, epoch: int, first: int) -> Any:
    import keras

    class Reporter(keras.callbacks.Callback):
        """Tells the trainer about each batch, and stops when it says so."""

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            loop.restore_metrics()
            if first == 0:
                trainer.tell("on_epoch_begin", epoch)

        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            trainer.tell("on_train_batch_begin", batch + first)
            trainer.batch_begin(epoch, batch + first)

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            trainer.tell("on_train_batch_end", batch + first, logs)
            if trainer.batch_end(epoch, batch + first, logs or {}):
                loop.keras_model.stop_training = True

    return Reporter()
