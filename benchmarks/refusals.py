"""Refusals: whole-process time of commands whose data alone are wrong.

Prints how long each takes beside `python -c pass`, as a ratio, and the difference: the
medians of alternating repeats. The bound is 0.5 seconds of difference in processor time,
which depends little on other work. Each command must fail, and import no framework.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from startup import measure
from support.child import as_installed

BOUND = 0.5
TRAIN = "train {dataset} --data {data} --model {model} --name own -q"
MODELS = {
    "images": "nearest-mean",
    "text": "unigram",
    "text-pairs": "nearest-sentence",
    "baskets": "popularity",
}
WORDS = "red blue green old new fast car bus ship tram".split()


def write(kind: str, path: Path) -> None:
    """Writes data of a kind: 60 examples in a folder of images, or in the lines of a table."""
    from PIL import Image

    if kind == "images":
        for number in range(60):
            name = path / f"class-{number % 2}" / f"{number}.png"
            name.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (16, 16), (number, 120 * (number % 2), 0)).save(name)
        return
    rows = [f"{a} {b} {c}" for a in WORDS[:4] for b in WORDS[4:8] for c in WORDS[7:]]
    lines = {
        "text": ["text", *rows],
        "text-pairs": [f"{row}\t{row}!" for row in rows],
        "baskets": [f"{row} tea"[: -4 * (at % 2) or None] for at, row in enumerate(rows)],
    }[kind]
    separated = "\n".join(lines).replace(" ", "," if kind == "baskets" else " ")
    path.write_text(separated + "\n", "utf-8")


def change(kind: str, path: Path) -> None:
    """Changes one example and leaves their number."""
    if kind == "images":
        (path / "class-0").rename(path / "class-9")
    else:
        path.write_text(path.read_text("utf-8").replace("red", "dim", 1), "utf-8")


def refusals(folder: Path, environment: Mapping[str, str]) -> dict[str, list[str]]:
    """Trains a run on data of each kind, changes the data, and returns commands to refuse."""
    commands = {}
    for kind, model in MODELS.items():
        path = folder / (kind if kind == "images" else f"{kind}.tsv")
        write(kind, path)
        words = TRAIN.format(dataset=kind, data=path, model=model).split()
        command = [sys.executable, "-m", "deepzoo", *words]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        change(kind, path)
        run, none, bare = f"{kind}/own", folder / "none", folder / f"empty-{kind}"
        bare.mkdir()
        commands |= {
            f"{kind}: evaluate, changed": ["evaluate", run],
            f"{kind}: evaluate, missing": ["evaluate", run, "--data", str(none)],
            f"{kind}: train, missing": ["train", kind, "--data", str(none)],
            f"{kind}: train, empty folder": ["train", kind, "--data", str(bare)],
        }
    (folder / "columns.csv").write_text("id,words\n1,red car\n2,old bus\n", "utf-8")
    columns = str(folder / "columns.csv")
    return commands | {
        "text: train, no such column": ["train", "text", "--data", columns],
        "images: predict, no such file": ["predict", "images/own", "none.png"],
        "text-pairs: predict, no such file": ["predict", "text-pairs/own", "none.txt"],
    }


def main() -> int:
    """Measures every refusal and returns 1 if one is over the bound or is none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    repeats, over = parser.parse_args().repeats, []
    print(f"{'deepzoo ...':<34}  times an empty Python  more (bound {BOUND} s)  wall time")
    with tempfile.TemporaryDirectory() as name:
        environment = as_installed(name)
        for title, words in refusals(Path(name), environment).items():
            command = ["-m", "deepzoo", *words]
            refused = subprocess.run(
                [sys.executable, "-X", "importtime", *command],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            slow = [each for each in ("keras", "tensorflow") if f"| {each}\n" in refused.stderr]
            pairs = [
                (measure(["-c", "pass"], environment), measure(command, environment))
                for _ in range(repeats)
            ]
            ratio = statistics.median(ours[1] / empty[1] for empty, ours in pairs)
            more = statistics.median(ours[1] - empty[1] for empty, ours in pairs)
            wall = statistics.median(ours[0] - empty[0] for empty, ours in pairs)
            print(f"{title:<34}  {ratio:>21.1f}  {more:>18.3f} s  {wall:>7.3f} s", *slow)
            if more > BOUND or slow or not 0 < refused.returncode < 10:
                over.append(title)
    if over:
        print(f"over the bound, or no refusal: {', '.join(over)}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
