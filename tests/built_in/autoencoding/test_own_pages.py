"""Folders of noisy and clean pages: pairs by name, splits, and everything that is no pair."""

from __future__ import annotations

import numpy as np
import pytest
from deepzoo_autoencoding.own_pages import split_pages
from deepzoo_autoencoding.samples import draw_pages
from PIL import Image

from deepzoo import api
from deepzoo.data.load import load_data
from deepzoo.errors import DataError
from deepzoo.interfaces.image_kinds import ImagePairs
from deepzoo.plugins import registry


def save(folder, pages, names=None):
    """Writes pages into the folders noisy and clean."""
    for part in ("noisy", "clean"):
        (folder / part).mkdir(parents=True, exist_ok=True)
        for number, page in enumerate(getattr(pages, part)):
            name = names[number] if names else f"{number}.png"
            Image.fromarray(page).save(folder / part / name)
    return folder


def pairs(pages):
    """Returns the pages of a split as a set of pairs of bytes."""
    return {(n.tobytes(), c.tobytes()) for n, c in zip(pages.noisy, pages.clean, strict=True)}


def load(folder):
    return load_data(registry.dataset("image-pairs")(), path=folder)


def test_pairs_are_matched_by_name_and_split(tmp_path):
    pages = draw_pages(12, 0, 30, 40)
    splits = load(save(tmp_path, pages)).splits
    parts = (splits.train, splits.validation, splits.test)
    assert sum(map(len, parts)) == 12
    assert all(map(len, parts))
    assert set.union(*map(pairs, parts)) == pairs(pages)


def test_partners_may_be_of_other_types_and_in_colour(tmp_path):
    pages = draw_pages(3, 0, 30, 40)
    save(tmp_path, pages)
    Image.fromarray(pages.noisy[0]).convert("RGB").save(tmp_path / "noisy" / "0.bmp")
    (tmp_path / "noisy" / "0.png").unlink()
    (tmp_path / "noisy" / "notes.txt").write_text("beside")
    loaded = load(tmp_path)
    assert any("notes.txt" in note for note in loaded.notes)
    assert (
        sum(len(p) for p in (loaded.splits.train, loaded.splits.validation, loaded.splits.test))
        == 3
    )


def test_folders_of_splits_are_the_splits(tmp_path):
    for name, count in (("train", 3), ("val", 2), ("test", 1)):
        save(tmp_path / name, draw_pages(count, count, 20, 30))
    splits = load(tmp_path).splits
    assert [len(splits.train), len(splits.validation), len(splits.test)] == [3, 2, 1]


def test_one_page_below_two_noises_stays_in_one_split():
    pages = draw_pages(20, 0, 20, 30)
    noisier = [np.roll(page, 1) for page in pages.noisy]
    splits = split_pages(ImagePairs([*pages.noisy, *noisier], [*pages.clean, *pages.clean]), 0)
    held_out = {page.tobytes() for page in [*splits.validation.clean, *splits.test.clean]}
    assert held_out
    assert not held_out & {page.tobytes() for page in splits.train.clean}


@pytest.mark.parametrize("part", ["noisy", "clean"])
def test_a_page_without_its_partner_is_named(tmp_path, part):
    save(tmp_path, draw_pages(3, 0, 20, 30))
    other = {"noisy": "clean", "clean": "noisy"}[part]
    (tmp_path / other / "1.png").unlink()
    with pytest.raises(DataError, match=rf"{part}/1\.png has no partner .*{other}"):
        load(tmp_path)


def test_pairs_of_unequal_size_are_named(tmp_path):
    save(tmp_path, draw_pages(3, 0, 20, 30))
    Image.new("L", (31, 20)).save(tmp_path / "clean" / "2.png")
    with pytest.raises(DataError, match=r"2\.png has 30 x 20 pixels, its clean partner 31 x 20"):
        load(tmp_path)


def test_other_folders_are_refused_with_the_layout(tmp_path):
    Image.new("L", (9, 9)).save(tmp_path / "page.png")
    with pytest.raises(DataError, match="no folder named noisy") as caught:
        load(tmp_path)
    assert "one named clean" in caught.value.hint


def test_pages_given_in_python_are_checked():
    pages = draw_pages(3, 0, 20, 30)
    for data, says in (
        ((pages.noisy,), "noisy pages without clean"),
        ((pages.noisy, [page[1:] for page in pages.clean]), "Page 0 has 30 x 20 pixels"),
        (([page / 255 for page in pages.noisy], pages.clean), "Page 0 is float64"),
    ):
        with pytest.raises(DataError, match=says):
            api.train("image-pairs", data=data, dry_run=True)
