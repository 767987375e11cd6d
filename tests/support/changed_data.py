"""Users' data of every kind, what people do to them after a training, and other data."""

from __future__ import annotations

import dataclasses
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from translation_cases import TRANSFORMER

SPLITS = {"train": 24, "val": 4, "test": 8}


@dataclasses.dataclass(frozen=True)
class Case:
    """One kind of data.

    Args:
        write: Writes the data into a folder; `extra` adds what the run will not know to the
            training split, and to the test split too if it is "everywhere".
        options: The smallest training on them.
        changes: What people do to their data, by what they would call it.
        unknown: What a message on the extra names contains.
    """

    write: Callable[..., None]
    options: dict
    changes: dict[str, Callable[[Path], object]]
    unknown: str


def _images(folder: Path, extra: str = "", seed: int = 0) -> None:
    from PIL import Image

    for split, count in SPLITS.items():
        names = ["dark", "light"]
        if extra and (split == "train" or extra == "everywhere"):
            names.insert(0, "amber")
        for name in names:
            path = folder / split / name
            path.mkdir(parents=True)
            low = {"amber": 90, "dark": 0, "light": 180}[name]
            rng = np.random.default_rng((seed, count, low))
            for number in range(count // 2):
                pixels = rng.integers(low, low + 70, (12, 12)).astype(np.uint8)
                Image.fromarray(pixels).save(path / f"{number}.png")


def _pages(folder: Path, extra: str = "", seed: int = 0) -> None:
    from PIL import Image

    for split, count in SPLITS.items():
        rng = np.random.default_rng((seed, count))
        more = 2 if extra and (split == "train" or extra == "everywhere") else 0
        for number in range(count + more):
            clean = (rng.random((16, 20)) > 0.3) * 255
            for name, pixels in (("noisy", clean * 0.7), ("clean", clean)):
                path = folder / split / name / f"{number}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                Image.fromarray(pixels.astype(np.uint8)).save(path)


def _lines(folder: Path, ending: str, row, extra: str, header: str = "") -> None:
    rng, stranger = random.Random(0), random.Random(1)
    folder.mkdir(parents=True)
    for split, count in SPLITS.items():
        rows = [row(rng, "") for _ in range(count)]
        if extra and (split == "train" or extra == "everywhere"):
            rows = [*(row(stranger, extra) for _ in range(3)), *rows]
        (folder / f"{split}{ending}").write_text("\n".join([*header.split(), *rows, ""]), "utf-8")


def _text(folder: Path, extra: str = "") -> None:
    def row(rng: random.Random, more: str) -> str:
        word = "".join(rng.choice("abcd") for _ in range(20))
        return f"{word} œuvre" if more else word

    _lines(folder, ".csv", row, extra, "text")


def _pairs(folder: Path, extra: str = "") -> None:
    def row(rng: random.Random, more: str) -> str:
        words = [rng.choice("red blue green old new car bus ship".split()) for _ in range(4)]
        words += ["ŵyrm"] if more else []
        return f"{' '.join(words)}\t{' '.join(words).upper()}"

    _lines(folder, ".tsv", row, extra)


def _baskets(folder: Path, extra: str = "") -> None:
    def row(rng: random.Random, more: str) -> str:
        items = rng.sample("bread milk tea salt rice eggs plums".split(), rng.randint(2, 5))
        return ",".join([*items, "apricots"] if more else items)

    _lines(folder, ".csv", row, extra)


def _sums(folder: Path, extra: str = "") -> None:
    def row(rng: random.Random, more: str) -> str:
        first, second = rng.randint(50, 99), rng.randint(0, 49)
        if more:
            return f"{first}-{second}\t{first - second}"
        return f"{first}+{second}\t{first + second}"

    _lines(folder, ".tsv", row, extra)


def _again(write) -> Callable[[Path], object]:
    """Adds what was not there to the training split."""

    def change(folder: Path) -> None:
        shutil.rmtree(folder)
        write(folder, "in training")

    return change


def _edit(name: str, change) -> Callable[[Path], object]:
    def edit(folder: Path) -> None:
        path = folder / name
        path.write_text(change(path.read_text("utf-8")), "utf-8")

    return edit


def _without_last(text: str) -> str:
    return "\n".join(text.splitlines()[:-1]) + "\n"


CASES = {
    "images": Case(
        _images,
        {"dataset": "images", "model": "nearest-mean"},
        {
            "a class renamed": lambda folder: [
                (folder / split / "dark").rename(folder / split / "shade") for split in SPLITS
            ],
            "a class added": _again(_images),
            "a picture more": lambda folder: shutil.copy(
                folder / "test/light/0.png", folder / "train/light/new.png"
            ),
        },
        "1 classes of the test split are unknown to the run: 'amber' (4)",
    ),
    "codes": Case(
        _images,
        {"dataset": "images", "task": "autoencoding", "model": "pca", "settings": {"code": 3}},
        {"a class added": _again(_images)},
        "OTHER DATA",
    ),
    "pages": Case(
        _pages,
        {
            "dataset": "image-pairs",
            "model": "conv-denoiser",
            "epochs": 1,
            "settings": {"filters": 2, "patch": 16},
        },
        {
            "a page changed": lambda folder: shutil.copy(
                folder / "train/noisy/0.png", folder / "train/noisy/1.png"
            ),
            "pages added": _again(_pages),
        },
        "OTHER DATA",
    ),
    "text": Case(
        _text,
        {"dataset": "text", "model": "numpy-rnn", "epochs": 1, "settings": {"evaluate_texts": 0}},
        {
            "a text changed": _edit("test.csv", lambda text: text.replace("a", "b", 1)),
            "a letter added": _again(_text),
            "a text less": _edit("train.csv", _without_last),
        },
        "'œ' (3)",
    ),
    "pairs": Case(
        _pairs,
        {
            "dataset": "text-pairs",
            "model": "transformer-small",
            "epochs": 1,
            "settings": {**TRANSFORMER, "longest": 63},
        },
        {
            "a word changed": _edit("train.tsv", lambda text: text.replace("red", "rot", 1)),
            "a word added": _again(_pairs),
            "a pair less": _edit("test.tsv", _without_last),
        },
        "'ŵ' (3)",
    ),
    "baskets": Case(
        _baskets,
        {"dataset": "baskets", "model": "basket-mlp", "epochs": 1},
        {
            "an item renamed": _edit("train.csv", lambda text: text.replace("bread", "toast")),
            "an item added": _again(_baskets),
            "a basket less": _edit("test.csv", _without_last),
        },
        "1 items of the test split are unknown to the run: 'apricots' (3); left out",
    ),
    "sums": Case(
        _sums,
        {"dataset": "text-pairs", "task": "addition", "model": "nearest-sum"},
        {"a sign added": _again(_sums), "a sum less": _edit("test.tsv", _without_last)},
        "1 digits or signs of the test split are unknown to the run: '-' (3)",
    ),
}
