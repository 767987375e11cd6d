"""Windows: the examples of one long series, cut when they are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .task import Arrays

if TYPE_CHECKING:
    import numpy as np


class Windows(Arrays):
    """Windows over one long series as inputs, and what follows them as targets.

    The series is never copied. Whole numbers become int32, others float32. Before the series
    begins there are zeros.

    Args:
        series: [N] or [N, features], array or memory map.
        length: Steps of a window.
        step: Steps between the starts of two windows.
        horizon: How many steps after the window to predict, targets [n, horizon, ...]; None
            predicts the next step alone, targets [n, ...].
        every_step: Whether every step of the window has a target, the one after it. The targets
            are then those from the window's second step on.
        context: Steps before the window that the network sees but does not predict.
        parts: Where parts of the series start (such as documents), int [n], if their order may
            change from epoch to epoch. The last part keeps its place.

    Examples:
        >>> import numpy as np
        >>> windows = Windows(np.arange(7), length=3, step=2, horizon=2)
        >>> inputs, targets, _ = windows.batch(np.array([0, 1]))
        >>> inputs.tolist(), targets.tolist()
        ([[0, 1, 2], [2, 3, 4]], [[3, 4], [5, 6]])
    """

    def __init__(
        self,
        series: np.ndarray,
        length: int,
        step: int = 1,
        *,
        horizon: int | None = None,
        every_step: bool = False,
        context: int = 0,
        parts: np.ndarray | None = None,
    ) -> None:
        super().__init__(series)
        self.length, self.step, self.horizon = length, step, horizon
        self.every_step, self.context, self.parts = every_step, context, parts

    def __len__(self) -> int:
        """Returns the number of whole windows with `horizon` steps after them."""
        return max(0, (len(self.inputs) - self._span) // self.step + 1)

    def batch(self, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray, None]:
        """Cuts the windows at `indices`: inputs [n, context + length, ...], and their targets."""
        import numpy as np

        starts = np.asarray(indices, np.int64)[:, None] * self.step
        positions = starts + np.arange(-self.context, self._span)
        rows = self._at(np.maximum(positions, 0))
        rows = rows.astype(np.int32 if rows.dtype.kind in "iub" else np.float32)
        rows[positions < 0] = 0
        end = self.context + self.length
        targets = rows[:, self.context + 1 if self.every_step else end :]
        alone = self.horizon is None and not self.every_step
        return rows[:, :end], targets[:, 0] if alone else targets, None

    def groups(self) -> np.ndarray:
        """Numbers the stretches of the series in which windows start, for `Scores(groups=...)`.

        Windows that overlap share values, so their scores are not independent. A stretch is as
        long as a window with its horizon; windows that do not overlap have one each.
        """
        import numpy as np

        return np.arange(len(self)) * self.step // self._span

    def for_epoch(self, generator: np.random.Generator) -> Windows:
        """Returns as many windows over the parts in a new order."""
        import numpy as np

        if self.parts is None or len(self.parts) < 3:
            return self
        order = np.append(generator.permutation(len(self.parts) - 1), len(self.parts) - 1)
        return _Reordered(self, order)

    @property
    def _span(self) -> int:
        return self.length + (self.horizon or 1)

    def _at(self, positions: np.ndarray) -> np.ndarray:
        return self.inputs[positions]


class _Reordered(Windows):
    """Windows over the same parts in another order; the series is not copied."""

    def __init__(self, windows: Windows, order: np.ndarray) -> None:
        import numpy as np

        self.__dict__.update(windows.__dict__, parts=None)
        starts = np.asarray(windows.parts)
        self.ends = np.cumsum(np.diff(starts, append=len(self.inputs))[order])
        self.offsets = starts[order] - np.append(0, self.ends[:-1])

    def _at(self, positions: np.ndarray) -> np.ndarray:
        import numpy as np

        parts = np.searchsorted(self.ends, positions, "right")
        return self.inputs[positions + self.offsets[parts]]
