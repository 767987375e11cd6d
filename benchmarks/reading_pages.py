"""What a program that reads text makes of pages before and after they are cleaned.

Usage: DEEPZOO_DATA=... python benchmarks/reading_pages.py [RUN] [--ocr COMMAND]

COMMAND reads the file `{page}` and prints its text; by default it is `tesseract {page} -`, which
has to be installed. RUN is `noisy-office@shipped` by default. Prints for each real page of
`noisy-office` the character error: the edits (Levenshtein, 1966) that turn the text of a page
into the text that the same program reads from the clean page, by the length of the latter. After
cleaning it must be lower over all pages.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

import deepzoo


def text_of(page: np.ndarray, command: str) -> str:
    """Returns the words that the program reads from a page uint8 [height, width]."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.png")
        Image.fromarray(page).save(path)
        words = [word.format(page=path) for word in shlex.split(command)]
        done = subprocess.run(words, capture_output=True, encoding="utf-8", check=True)
    return " ".join(done.stdout.split())


def edits(text: str, other: str) -> int:
    """Returns the least number of insertions, deletions and changes from one text to another.

    Examples:
        >>> edits("kitten", "sitting")
        3
    """
    characters = np.array(list(other))
    positions = np.arange(len(other) + 1)
    row = positions
    for number, character in enumerate(text, 1):
        changed = np.minimum(row[1:] + 1, row[:-1] + (characters != character))
        row = np.minimum.accumulate(np.append(number, changed) - positions) + positions
    return int(row[-1])


def main() -> int:
    """Measures and returns 1 if cleaning does not help."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("run", nargs="?", default="noisy-office@shipped")
    parser.add_argument("--ocr", metavar="COMMAND", default="tesseract {page} -")
    options = parser.parse_args()
    program = shlex.split(options.ocr)[0]
    if not shutil.which(program):
        parser.error(
            f"{program} is not installed; name a program that is: --ocr 'COMMAND {{page}}'"
        )
    opened = deepzoo.load(options.run)
    test = opened.workload().data.splits.test
    errors = []
    for number, (noisy, clean) in enumerate(zip(test.noisy, test.clean, strict=True)):
        expected = text_of(clean, options.ocr)
        texts = (text_of(page, options.ocr) for page in (noisy, opened.predict(noisy)))
        errors.append([edits(text, expected) / len(expected) for text in texts])
        before, after = errors[-1]
        print(f"page {number}: character error {before:.1%} before, {after:.1%} after")
    before, after = np.mean(errors, axis=0)
    print(f"mean character error {before:.1%} before, {after:.1%} after")
    return int(after >= before)


if __name__ == "__main__":
    raise SystemExit(main())
