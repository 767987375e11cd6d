"""Measures the first answer of a fresh process, for each verb of each shipped run.

The input is that of the run's example, such as "57+68"; verbs that draw or read the data are
left out. Prints, for each, the median ratio of its whole time to that of `python -c "import keras"`
in turns (bound 0.15), its peak memory (bound 150 MB), and whether it answers where keras,
tensorflow and scikit-learn cannot be imported. DEEPZOO_HOME and DEEPZOO_DATA are empty.
"""

from __future__ import annotations

import argparse
import shlex
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from support.child import Measured, as_installed, run
from support.timing import median_ratio

from deepzoo.interfaces.task import Verb
from deepzoo.plugins import registry

BOUND, MEGABYTES = 0.15, 150
KERAS = ["-c", "import keras"]
WITHOUT = """
import sys
sys.modules.update(dict.fromkeys(("keras", "tensorflow", "sklearn")))
from deepzoo.cli import main
sys.exit(main(sys.argv[1:]))
"""


def questions(folder: Path) -> Iterator[list[str]]:
    """Returns the arguments of `deepzoo` for each verb of each shipped run."""
    for plugin, shipped in registry.shipped_runs():
        given = shlex.split(shipped.example)[-1]
        if given.endswith(".png"):
            given = str(photo(folder / given))
        task = registry.find("task", shipped.task, plugin.distribution).cls
        for verb, method in task.verbs().items():
            declared = Verb.of(method)
            if declared.draws or declared.reads_data:
                continue
            option = ["--run"] if declared.run_optional else []
            yield [verb, *option, f"{shipped.name}@shipped", given]


def photo(path: Path) -> Path:
    """Draws a digit on paper, as large as the camera of a telephone takes it."""
    from PIL import Image, ImageDraw

    image = Image.new("L", (1200, 1600), 225)
    ImageDraw.Draw(image).line([(620, 300), (560, 1300)], fill=40, width=80)
    image.save(path)
    return path


def report(words: list[str], answers: list[Measured], imports: list[Measured], alone: bool) -> bool:
    """Prints what was measured of one verb; tells whether it keeps to the bounds."""
    walls = [item.wall for item in answers]
    ratio = median_ratio(walls, [item.wall for item in imports])
    megabytes = max(item.megabytes for item in answers)
    kept = ratio <= BOUND and megabytes <= MEGABYTES and alone
    print(
        f"{' '.join(words[:-1]):<36} {statistics.median(walls):6.3f} s  {ratio:6.3f}x  "
        f"{megabytes:6.1f} MB  {'alone' if alone else 'FAILS without Keras'}"
        f"{'' if kept else '  MISSED'}"
    )
    return kept


def main() -> int:
    """Measures and returns 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=9)
    repeats = parser.parse_args().repeats
    kept = True
    print(f"python -c 'import keras' is 1x; at most {BOUND}x, {MEGABYTES} MB")
    with tempfile.TemporaryDirectory() as folder:
        environment = {**as_installed(folder), "TF_CPP_MIN_LOG_LEVEL": "3", "DEEPZOO_DATA": ""}
        run(KERAS, environment)
        for words in questions(Path(folder)):
            alone = run(["-c", WITHOUT, *words], environment)
            first = run(["-m", "deepzoo", *words], environment)
            if first.code:
                print(first.output, file=sys.stderr)
                return 1
            answers, imports = [], []
            for _ in range(repeats):
                answers.append(run(["-m", "deepzoo", *words], environment))
                imports.append(run(KERAS, environment))
            kept &= report(words, answers, imports, not alone.code)
    return int(not kept)


if __name__ == "__main__":
    raise SystemExit(main())
