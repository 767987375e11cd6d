"""RecurrentStepper: a trained recurrent network that emits one token at a time, in NumPy."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from .cells import Cell, State, product

FOLD_TOKENS = 512  # for larger vocabularies the folded table costs more than it saves

Function = Callable[[np.ndarray], np.ndarray]


class Embed(Protocol):
    """Embeds one token of each sequence; `context` is how many tokens before it are read."""

    context: int

    def __call__(self, tokens: np.ndarray, history: np.ndarray) -> np.ndarray:
        """Turns tokens int [n] into vectors float32 [n, features].

        `history` int [n, context] holds the tokens before, the latest last; 0 before the start.
        """
        ...


class Embedding:
    """Looks tokens up in a table [vocabulary, features]."""

    context = 0

    def __init__(self, table: np.ndarray) -> None:
        self.table = np.ascontiguousarray(table, dtype=np.float32)

    def __call__(self, tokens: np.ndarray, history: np.ndarray) -> np.ndarray:
        """Returns the rows of `tokens`."""
        return self.table[tokens]


class Block:
    """One cell and what surrounds it: `x + after(cell(before(x)))`.

    Args:
        cell: The cell; copied to column-major float32, in which steps are fastest.
        before: Applied to the input of the cell, such as a `LayerNormalization`.
        after: Applied to its output.
        residual: Adds the input of the block to its output.
    """

    def __init__(
        self,
        cell: Cell,
        before: Function | None = None,
        after: Function | None = None,
        residual: bool = False,
    ) -> None:
        self.cell = copy.copy(cell)
        self.cell.U, self.cell.W = (np.asarray(w, np.float32, order="F") for w in (cell.U, cell.W))
        self.cell.b = None if cell.b is None else np.asarray(cell.b, np.float32)
        self.before, self.after, self.residual = before, after, residual

    def inputs(self, x: np.ndarray) -> np.ndarray:
        """Computes what the input adds inside the cell."""
        return self.cell.inputs(x if self.before is None else self.before(x))

    def step(self, ux: np.ndarray, x: np.ndarray | None, state: State) -> tuple[np.ndarray, State]:
        """Advances by one step, given `inputs(x)` and, for a residual block, `x`."""
        state, _ = self.cell.step(ux, state)
        y = state[0] if self.after is None else self.after(state[0])
        return (y + x if self.residual and x is not None else y), state


class Head:
    """Turns the last hidden state into logits: `V` [units, vocabulary] and `c` of the book.

    Args:
        V: Hidden to output; the transposed table of the embedding where the two are tied.
        c: Output bias, or None.
        before: Applied to the hidden state first, such as a `LayerNormalization` or a `Head`
            that projects it to fewer features.
    """

    def __init__(
        self, V: np.ndarray, c: np.ndarray | None = None, before: Function | None = None
    ) -> None:
        self.V = np.asarray(V, np.float32, order="F")
        self.c = None if c is None else np.asarray(c, np.float32)
        self.before = before

    def __call__(self, h: np.ndarray) -> np.ndarray:
        """Returns `c + V h` (equation 10.10)."""
        h = h if self.before is None else self.before(h)
        o = product(h, self.V)
        return o if self.c is None else o + self.c


class StepperState(NamedTuple):
    """The tokens that the embedding still looks at, and the state of each cell."""

    history: np.ndarray
    cells: tuple[State, ...]


class RecurrentStepper:
    """Runs embedding, stacked cells and head for one token of each sequence at a time.

    A state is never changed in place: it may be kept, and stepped from more than once.
    Where nothing else needs the embedding, embedding and input product of the first cell
    are folded into one table, so that a token costs only the products with W and V.

    Args:
        embed: Turns tokens into vectors.
        cells: The stack, from the bottom: cells, or cells in a `Block`.
        head: Turns the output of the last cell into logits.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> cell = GRUCell.normal(8, 16, rng)
        >>> stepper = RecurrentStepper(
        ...     Embedding(rng.normal(size=(5, 8))), [cell], Head(rng.normal(size=(16, 5)))
        ... )
        >>> logits, state = stepper.step(np.array([2]), stepper.start(1))
    """

    def __init__(self, embed: Embed, cells: Sequence[Cell | Block], head: Function) -> None:
        self.embed, self.head = embed, head
        self.blocks = [cell if isinstance(cell, Block) else Block(cell) for cell in cells]
        self._folded: np.ndarray | None = None
        if isinstance(embed, Embedding) and len(embed.table) <= FOLD_TOKENS:
            self._folded = np.ascontiguousarray(self.blocks[0].inputs(embed.table))

    def start(self, n: int) -> StepperState:
        """Returns the state of `n` sequences before their first token."""
        history = np.zeros((n, self.embed.context), dtype=np.int64)
        return StepperState(history, tuple(block.cell.start(n) for block in self.blocks))

    def step(self, tokens: np.ndarray, state: StepperState) -> tuple[np.ndarray, StepperState]:
        """Advances by one token.

        Args:
            tokens: int [n], the tokens just read.
            state: What `start` or the last `step` returned.

        Returns:
            The logits [n, vocabulary] of the next token, and the new state.
        """
        first, history = self.blocks[0], state.history
        x: Any = None
        if self._folded is None or first.residual:
            x = self.embed(tokens, history)
        ux = first.inputs(x) if self._folded is None else self._folded[tokens]
        cells = []
        for index, block in enumerate(self.blocks):
            x, cell_state = block.step(ux if index == 0 else block.inputs(x), x, state.cells[index])
            cells.append(cell_state)
        if self.embed.context:
            history = np.concatenate([history[:, 1:], tokens[:, None]], axis=1)
        return self.head(x), StepperState(history, tuple(cells))

    def advance(self, tokens: np.ndarray, state: StepperState) -> StepperState:
        """Advances by many tokens without logits, faster than step by step.

        Only products with W depend on the step before; what the input adds to all steps of a
        cell is one product, and the head is left out.

        Args:
            tokens: int [steps, n].
            state: As in `step`.
        """
        (steps, n), context = tokens.shape, self.embed.context
        seen = np.concatenate([state.history.T, tokens])
        before = np.stack([seen[t : t + context].T for t in range(steps)])
        x = self.embed(tokens.reshape(-1), before.reshape(steps * n, context))
        cells = []
        for block, cell_state in zip(self.blocks, state.cells, strict=True):
            ux, y = block.inputs(x), []
            for t in range(0, steps * n, n):
                output, cell_state = block.step(ux[t : t + n], x[t : t + n], cell_state)
                y.append(output)
            x = np.concatenate(y)
            cells.append(cell_state)
        return StepperState(seen[steps:].T, tuple(cells))
