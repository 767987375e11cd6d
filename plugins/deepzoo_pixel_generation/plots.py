"""Pictures: drawn images, completed ones, how uncertain each pixel is, nearest training images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deepzoo.errors import DataError, UsageError
from deepzoo.figures import image_rows, panels, shortened

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure

    from deepzoo import Run

SHOWN = 10  # images in a row; classes at most
COMPLETIONS = 8  # of an image
MEASURED = 1_000  # test images whose uncertainty is averaged
SEED = 0  # of all that is drawn


def samples(run: Run) -> Figure:
    """Draws images: a row for each class, or ten rows if the network does not know classes."""
    import numpy as np

    names, learned = run.preprocessor["classes"], _learned(run)[:SHOWN]
    by_class = getattr(run.recipe("model"), "by_class", False)
    labels = learned if by_class else np.resize(learned, SHOWN)
    images = np.split(_drawn(run, np.repeat(labels, SHOWN)), len(labels))
    rows = [
        (shortened(str(names[label]), 9) if by_class else "", _scaled(run, of_row))
        for label, of_row in zip(labels, images, strict=True)
    ]
    facts = (
        f"{len(labels) * SHOWN} drawn images",
        "a row for each class" if by_class else "any class",
    )
    return image_rows("Drawn images", run.id, facts, rows)


def completions(run: Run) -> Figure:
    """Draws test images of each class: their upper half, completions of it, and the whole."""
    import numpy as np

    test, width = _test_images(run), run.preprocessor["shape"][1]
    rows = []
    for seed, index in enumerate(np.unique(test.labels, return_index=True)[1][:SHOWN]):
        sheet = run.predict(test.inputs[index], keep="top", n=COMPLETIONS, seed=seed)
        images = [sheet[:, x : x + width] for x in range(0, sheet.shape[1], width + 1)]
        rows.append((shortened(run.preprocessor["classes"][test.labels[index]], 9), images))
    facts = (
        f"{len(rows)} test images",
        f"on the left the half that is kept, then {COMPLETIONS} completions, and the whole image",
    )
    return image_rows("Completed images", run.id, facts, rows)


def uncertainty(run: Run) -> Figure:
    """Draws the entropy of each pixel given those before it, beside the mean image."""
    import numpy as np

    from .scoring import blocks

    test, network = _test_images(run), run.network_for(MEASURED)
    if hasattr(network, "draw"):
        raise UsageError(
            f"The network of {run.id} ({run.model}) draws whole images: its pixels have no "
            "probabilities given those before them."
        )
    entropy, mean = np.zeros(run.preprocessor["shape"]), np.zeros(run.preprocessor["shape"])
    count = min(len(test), MEASURED)
    for block in blocks(count, mean.size * run.spec["levels"]):
        (pixels, labels), _, _ = test.batch(block)
        logits = network.predict((pixels, labels)).astype(np.float64)
        logits -= np.logaddexp.reduce(logits, axis=-1, keepdims=True)
        entropy -= (np.exp(logits) * logits).sum(axis=(0, -1)) / np.log(2)
        mean += pixels.sum(axis=0)
    facts = (
        f"{count:,} test images",
        "on the left their mean, on the right the mean entropy of each pixel in bits, given the "
        "pixels before it" + (" and the class" if run.spec["by_class"] else ""),
    )
    figure, axes = panels(2, 3.6, 3.1, "How uncertain each pixel is", run.id, *facts)
    for part, values, colours in zip(axes, (mean, entropy), ("gray", "magma"), strict=True):
        image = part.imshow(values / count, cmap=colours, vmin=0)
        figure.colorbar(image, ax=part, shrink=0.85)
        part.set_axis_off()
    return figure


def nearest(run: Run) -> Figure:
    """Draws drawn images over the training images that are nearest to them."""
    import numpy as np

    from . import scoring

    train: Any = run.workload().prepared.train
    images = _drawn(run, np.resize(_learned(run), 2 * SHOWN))
    found, distances = scoring.nearest(images, train)
    rows = []
    for half in (slice(SHOWN), slice(SHOWN, None)):
        rows.append(("drawn", _scaled(run, images[half])))
        rows.append(("nearest", _scaled(run, train.quantised(found[half]))))
    facts = (
        f"{len(images)} drawn images, each over the nearest of {len(train):,} training images",
        f"mean squared distance {distances.mean():.1f}",
    )
    return image_rows("Drawn images and the nearest training images", run.id, facts, rows)


def _learned(run: Run) -> np.ndarray:
    """Returns the classes that the training images have."""
    import numpy as np

    return np.flatnonzero(run.preprocessor["shares"])


def _drawn(run: Run, labels: np.ndarray) -> np.ndarray:
    from .drawing import draw

    return draw(run.network_for(1), labels, seed=SEED)


def _scaled(run: Run, levels: np.ndarray) -> np.ndarray:
    """Returns levels as pixels from 0 to 1."""
    return levels / (run.spec["levels"] - 1)


def _test_images(run: Run) -> Any:
    test = run.workload().prepared.test
    if not len(test):
        raise DataError(f"The data of {run.id} have no test images.")
    return test


PLOTS = {
    "samples": samples,
    "completions": completions,
    "uncertainty": uncertainty,
    "nearest": nearest,
}
