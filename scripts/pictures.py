"""Draws the pictures of the documentation.

Usage: python scripts/pictures.py [NAME ...]

Writes `docs/pictures/NAME.png`, most of them from a trained run. A picture whose run does
not exist is left unchanged; the command that trains the run is printed, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path

import deepzoo
from deepzoo.errors import DeepzooError
from deepzoo.evaluation import compare

sys.path.insert(0, str(Path(__file__).parent))

import architecture
import terminal

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
DOTS_PER_INCH = 100
DRAWINGS = {"architecture": architecture.write, "terminal": terminal.write}
CELL = "python benchmarks/published.py {} --epochs 30"


@dataclasses.dataclass(frozen=True)
class Picture:
    """A picture of the documentation.

    Args:
        name: Name of its file, without the suffix.
        runs: The run it shows, or several to compare.
        train: The command that trains them.
        plot: Name of the plot; several runs are compared by their curves.
        inputs: Inputs of the plot.
    """

    name: str
    runs: tuple[str, ...]
    train: str
    plot: str = "curves"
    inputs: tuple[str, ...] = ()

    def draw(self) -> None:
        """Draws it and writes the file."""
        runs = [deepzoo.load(run) for run in self.runs]
        figure = compare.plot(runs) if len(runs) > 1 else runs[0].plot(self.plot, *self.inputs)
        FOLDER.mkdir(exist_ok=True)
        figure.savefig(FOLDER / f"{self.name}.png", dpi=DOTS_PER_INCH, bbox_inches="tight")


_TWEETS = ("tweets@shipped",), "pip install ."
_TRAINED = (
    ("tweets/included",),
    "deepzoo train tweets --name included, with the settings on docs/tasks/text-generation.md",
)
_FASHION = ("fashion-mnist/resnet-small",), "deepzoo train fashion-mnist --name resnet-small"
_PHOTOS = ("cifar10/cifar10-cnn-30-epochs-seed0",), CELL.format("cifar10-cnn")
_CODES = ("mnist/compressor-mlp",), "deepzoo train mnist --task autoencoding --name compressor-mlp"
_LETTERS = (
    ("notmnist-letters/compressor-2",),
    "deepzoo train notmnist-letters --task autoencoding --set code=2 --set splits=report "
    "--set keep_classes=A,B,C,D,E,F,G,H,I --name compressor-2",
)
_PUBLISHED_PAGES = (
    ("noisy-office/office-denoise-10-epochs-seed0",),
    "python benchmarks/published.py office-denoise",
)
_PAGES = ("noisy-office@shipped",), "pip install ."
_DIGITS = ("mnist-pixels@shipped",), "pip install ."
_PUBLISHED_DIGITS = (
    ("mnist/mnist-pixelrnn-4-epochs-seed0",),
    "python benchmarks/published.py mnist-pixelrnn",
)
_SUMS = ("addition/column-gru",), "deepzoo train addition --set longer=7 --name column-gru"
_PUBLISHED_SUMS = tuple(
    ((f"addition/addition-{base}-200-epochs-seed0",), "python benchmarks/published.py addition")
    for base in (10, 16)
)
_DUTCH = (
    ("english-dutch/transformer-small",),
    "deepzoo train english-dutch --name transformer-small",
)
_GROCERIES = ("groceries/basket-mlp",), "deepzoo train groceries --name basket-mlp"
_RULES = tuple(
    f"cifar10/cifar10-optimizers-{rule}-30-epochs-seed0"
    for rule in ("sgd-0.0-0.0", "sgd-0.1-0.0", "rmsprop-0.0-0.0", "adam-0.0-0.0", "sgd-0.0-0.5")
)
_GRID = tuple(
    f"cifar10/cifar10-channels-{first}-{second}-6-epochs-seed0"
    for first in (10, 30, 50, 70, 90)
    for second in (20, 40, 60, 80, 100)
)
_TRAIN_GRID = "python benchmarks/published.py cifar10-channels --epochs 6"

PICTURES = (
    Picture("tweets-curves", *_TWEETS),
    Picture("tweets-temperatures", *_TWEETS, "temperatures"),
    Picture("tweets-evolution", *_TRAINED, "evolution"),
    Picture("fashion-curves", *_FASHION),
    Picture("fashion-confusion", *_FASHION, "confusion"),
    Picture("fashion-mistakes", *_FASHION, "mistakes"),
    Picture("fashion-saliency", *_FASHION, "saliency", ("0", "1", "2")),
    Picture("cifar-feature-maps", *_PHOTOS, "feature-maps", ("0", "1")),
    Picture("cifar-filters", *_PHOTOS, "filters"),
    Picture("cifar-optimizers", _RULES, CELL.format("cifar10-optimizers")),
    Picture("cifar-channels", _GRID, _TRAIN_GRID),
    Picture("cifar-channels-10", _GRID[:5], _TRAIN_GRID),
    Picture("mnist-reconstructions", *_CODES, "reconstructions"),
    Picture("mnist-interpolation", *_CODES, "interpolation"),
    Picture("letters-map", *_LETTERS, "map"),
    Picture("noisy-office-page", *_PAGES, "pages"),
    Picture("noisy-office-published", *_PUBLISHED_PAGES, "pages"),
    Picture("mnist-pixels-samples", *_DIGITS, "samples"),
    Picture("mnist-pixels-completions", *_DIGITS, "completions"),
    Picture("mnist-pixels-uncertainty", *_DIGITS, "uncertainty"),
    Picture("mnist-pixelrnn-samples", *_PUBLISHED_DIGITS, "samples"),
    Picture("mnist-pixelrnn-completions", *_PUBLISHED_DIGITS, "completions"),
    Picture("addition-digits", *_SUMS, "digits"),
    Picture("addition-curves", *_SUMS),
    Picture("addition-published-10", *_PUBLISHED_SUMS[0]),
    Picture("addition-published-16", *_PUBLISHED_SUMS[1]),
    Picture("translation-attention", *_DUTCH, "attention", ("Where is the nearest station?",)),
    Picture("translation-lengths", *_DUTCH, "lengths"),
    Picture("groceries-hit-rates", *_GROCERIES, "hit-rates"),
    Picture("groceries-map", *_GROCERIES, "map"),
    Picture("groceries-together", *_GROCERIES, "together"),
    Picture("imdb-words", ("imdb@shipped",), "pip install .", "words"),
)


def main() -> int:
    """Draws all pictures, or those named; returns 1 if one could not be drawn."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="all by default")
    names = parser.parse_args().names
    missing = sorted(set(names) - {*DRAWINGS, *(picture.name for picture in PICTURES)})
    if missing:
        parser.error(f"no picture is called {', '.join(missing)}")
    for name, write in DRAWINGS.items():
        if not names or name in names:
            write(FOLDER)
            print(name)
    failed = 0
    for picture in PICTURES:
        if names and picture.name not in names:
            continue
        try:
            picture.draw()
            print(f"{picture.name}.png")
        except DeepzooError as error:
            failed = 1
            print(f"{picture.name}.png was not drawn: {error} Train: {picture.train}")
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
