"""The published dataset of translation: sentences in English and Dutch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge

from deepzoo import Dataset, File, Files, Splits, TextPairs, setting

from .own_pairs import TextPairsFile, take_pairs

_MEMBER = "nld.txt"


class EnglishDutch(Dataset):
    """52,652 short sentences in English and Dutch, written by the volunteers of Tatoeba.

    The file goes from short to long, so the first N pairs are the N shortest. Held-out
    sentences differ from all training sentences on the side that is translated. A sentence with
    several translations is scored once, against the first.
    """

    name = "english-dutch"
    kind = TextPairs
    folder = "nld_eng"
    homepage = "http://www.manythings.org/anki/"
    license = "CC BY 2.0 (France)"
    citation = "Sentences of tatoeba.org, collected by manythings.org (2020-11-22)"
    files: ClassVar = {
        "pairs": File(
            paths=("nld-eng.zip",),
            mirrors=(
                "https://raw.githubusercontent.com/BMKessels/lstm_lecture/"
                "2ef6fb5a6e851a258e29f348bc8c54a4dc04a530/nld-eng.zip",
            ),
            sha256="58102e8188bf5520d2d2491150bbee58bc4c528e635f224a135299b919849eee",
            size=1907017,
        )
    }

    direction: Literal["forward", "backward"] = setting(
        "forward", "forward translates from English to Dutch, backward from Dutch to English"
    )
    pairs: Annotated[int, Ge(0)] = setting(0, "the first N pairs of the file; 0 takes all")
    longest_source: Annotated[int, Ge(0)] = setting(
        0, "leave out pairs whose source has more characters; 0 keeps all"
    )
    splits: Literal["held-out", "report"] = setting(
        "held-out", "held-out scores unseen sentences; report trains on everything, as published"
    )
    split_seed: Annotated[int, Ge(0)] = setting(0, "seed of the 80/10/10 split")

    def load(self, files: Files) -> Splits[TextPairs]:
        """Reads the table of sentences out of the archive."""
        from deepzoo.readers import BadRows, read_member

        path = files["pairs"]
        lines = read_member(path, _MEMBER).decode("utf-8").removesuffix("\n").split("\n")
        rows = enumerate((line.split("\t") for line in lines), 1)
        return self._split(*take_pairs(rows, (0, 1), BadRows(f"{path}, {_MEMBER}")))

    def sample(self) -> Splits[TextPairs]:
        """Translates 1,500 sentences into a small invented language."""
        from .samples import sentence_pairs

        return self._split(sentence_pairs(1500, seed=0), ())

    def _split(self, pairs: TextPairs, notes: Sequence[str]) -> Splits[TextPairs]:
        from .splitting import report_splits, split_pairs

        if self.pairs:
            pairs = pairs.take(range(min(self.pairs, len(pairs))))
        if self.direction == "backward":
            pairs = TextPairs(pairs.targets, pairs.sources)
        if self.longest_source:
            sizes = enumerate(map(len, pairs.sources))
            pairs = pairs.take([index for index, size in sizes if size <= self.longest_source])
        if self.splits == "report":
            return report_splits(pairs, self.split_seed, notes)
        return split_pairs(pairs, self.split_seed, notes, at_random=True)


DATASETS: tuple[type[Dataset], ...] = (EnglishDutch, TextPairsFile)
