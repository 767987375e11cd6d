"""Pictures: images over what is restored, a map of codes, steps between codes, cleaned pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deepzoo.errors import DataError
from deepzoo.figures import (
    GREY,
    MARGIN,
    RULE,
    blank,
    framed,
    image_rows,
    shortened,
    show_image,
    write,
)

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure

    from deepzoo import Run

SHOWN, STEPS, PAIRS = 10, 9, 5  # images in a row; steps between two of them; pairs of images
MAPPED = 5_000  # codes of a map, at most
ZOOMED = 96  # pixels of a page that are shown enlarged


def reconstructions(run: Run) -> Figure:
    """Draws test images over what is restored from their codes."""
    test = _test_images(run)
    images = test.batch(_first_of_each_class(test))[0]
    restored = {
        "image": images,
        "restored": run.network_for(len(images)).predict(images),
        "by PCA": run.baseline("pca").network.predict(images),
    }
    code = run.spec["code"]
    facts = f"{len(images)} test images", f"restored from {code} numbers each", "PCA has as many"
    return image_rows("Images and what is restored", run.id, facts, list(restored.items()))


def interpolation(run: Run) -> Figure:
    """Draws the images of codes on a straight line between those of two test images."""
    import numpy as np

    from .inference import encoder

    test = _test_images(run)
    chosen = np.resize(_first_of_each_class(test), 2 * PAIRS)
    network = encoder(run, len(chosen))
    first, last = np.split(network.encode(test.batch(chosen)[0]), 2)
    names = [shortened(str(test.classes[label]), 4) for label in test.labels[chosen]]
    weights = np.linspace(0, 1, STEPS, dtype=np.float32)[:, None]
    rows = [
        (
            f"{names[n]} to {names[n + PAIRS]}",
            network.decode((1 - weights) * first[n] + weights * last[n]),
        )
        for n in range(PAIRS)
    ]
    facts = f"{2 * PAIRS} test images", "restored at both ends, between them codes between theirs"
    return image_rows("From one image to another", run.id, facts, rows)


def code_map(run: Run) -> Figure:
    """Draws the codes of test images in two dimensions, coloured by class.

    Codes of more than two numbers are projected on their two principal components.
    """
    import numpy as np

    from .inference import encoder
    from .scoring import codes

    test = _test_images(run)
    points, labels = codes(encoder(run, len(test)), test, MAPPED)
    facts = [f"{len(points):,} test images", "coloured by class"]
    if points.shape[1] > 2:
        facts.append(f"two principal components of {points.shape[1]} numbers")
        centred = points - points.mean(axis=0)
        points = centred @ np.linalg.svd(centred, full_matrices=False)[2][:2].T
    if points.shape[1] < 2:
        points = np.column_stack([points, labels])
        facts.append("the one number of the code, and the class")
    figure, axes = framed(7.5, 6, "Map of the codes", run.id, *facts)
    colours = _colours(len(test.classes))
    for label, name in enumerate(test.classes):
        of_class = points[labels == label]
        style = {"s": 6, "lw": 0, "alpha": 0.6, "color": colours[label]}
        axes.scatter(*of_class.T, label=shortened(str(name), 20), **style)
    low, high = np.percentile(points, [0.5, 99.5], axis=0)  # a few far away would hide the others
    margin = 0.05 * (high - low) + 1e-6
    axes.set_xlim(low[0] - margin[0], high[0] + margin[0])
    axes.set_ylim(low[1] - margin[1], high[1] + margin[1])
    axes.spines[:].set_color(RULE)
    axes.tick_params(color=RULE)
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5), markerscale=3)
    return figure


def pages(run: Run, page: Any = None) -> Figure:
    """Draws a page before and after it is cleaned, each with a part of it enlarged.

    Args:
        run: A run of denoising.
        page: An image file; without one, the first test page.
    """
    from .inference import clean_page, read_page

    panels: dict[str, np.ndarray] = {}
    if page is None:
        test = run.workload().data.splits.test
        if not len(test):
            raise DataError(f"The data of {run.id} have no test pages.")
        panels["before"] = test.noisy[0]
        panels["after"] = clean_page(run.network_for(1), test.noisy[0])
        panels["clean"] = (test.clean or test.noisy)[0]
        fact = "1 test page"
    else:
        panels["before"] = read_page(page)
        panels["after"] = clean_page(run.network_for(1), panels["before"])
        fact = "1 page"
    height, width = panels["before"].shape
    side = min(ZOOMED, height, width)
    y, x = _busiest(panels["before"], panels["after"], side)
    across = 3.6
    down, zoomed = across * height / width, across * 0.6
    row = down + zoomed + 0.15
    facts = fact, f"below a part of {side} x {side * 3 // 5} pixels enlarged"
    title = "A page before and after cleaning"
    total = len(panels) * (across + 0.15) - 0.15 + 2 * MARGIN
    figure = blank(total, row + 0.25 + MARGIN, title, run.id, *facts)
    for number, (name, pixels) in enumerate(panels.items()):
        left = MARGIN + number * (across + 0.15)
        write(figure, left, MARGIN + row + 0.08, name, color=GREY)
        show_image(figure, pixels, left, MARGIN + zoomed + 0.15, across, down)
        part = pixels[y : y + side * 3 // 5, x : x + side]
        show_image(figure, part, left, MARGIN, across, zoomed)
    return figure


def _busiest(before: np.ndarray, after: np.ndarray, side: int) -> tuple[int, int]:
    """Finds the part of a page in which cleaning changes most, beside what stays black."""
    import numpy as np
    from scipy.ndimage import uniform_filter

    changed = np.abs(before.astype(np.float32) - after) + (255.0 - after)
    height, width = before.shape
    tall = side * 3 // 5
    sums = uniform_filter(changed, (tall, side), mode="constant")  # pyright: ignore[reportArgumentType]
    inner = sums[tall // 2 : height - tall // 2 or None, side // 2 : width - side // 2 or None]
    row, column = np.unravel_index(int(inner.argmax()), inner.shape)
    return min(int(row), height - tall), min(int(column), width - side)


def _test_images(run: Run) -> Any:
    test = run.workload().prepared.test
    if not len(test):
        raise DataError(f"The data of {run.id} have no test images.")
    return test


def _first_of_each_class(test: Any) -> np.ndarray:
    """Returns the indices of the first test images of up to ten classes, then of any."""
    import numpy as np

    first = np.unique(test.labels, return_index=True)[1]
    others = np.setdiff1d(np.arange(min(len(test), 4 * SHOWN)), first)
    return np.concatenate([first, others])[:SHOWN]


def _colours(count: int) -> list[Any]:
    """Returns a colour for each class; beyond twenty they repeat."""
    import matplotlib

    colours = matplotlib.colormaps["tab10" if count <= 10 else "tab20"].colors  # pyright: ignore[reportAttributeAccessIssue]
    return [colours[n % 20] for n in range(count)]


IMAGE_PLOTS = {
    "reconstructions": reconstructions,
    "map": code_map,
    "interpolation": interpolation,
}
PAGE_PLOTS = {"pages": pages}
