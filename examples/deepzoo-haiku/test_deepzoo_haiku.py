from deepzoo_haiku import Haiku

from deepzoo.testing import check_dataset


def test_haiku_passes_the_checks_of_a_dataset():
    check_dataset(Haiku)


def test_a_poem_has_three_lines():
    poems = Haiku().load({}).train.documents
    assert len(poems) == 2200
    assert all(poem.count(" / ") == 2 for poem in poems)
