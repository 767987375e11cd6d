"""The published datasets of text generation: tweets of one account, and three books."""

from __future__ import annotations

from typing import ClassVar, Literal

from deepzoo import Dataset, File, Files, Splits, Text, setting

from . import samples
from .own_text import UserText

_SPLITS_HELP = "held-out splits off validation and test; report trains on everything, as published"
_TWEETS_2009 = "1412e0fd6d32fbfeeaf826c4c7e6f35b27db88f9e6a21faa37af94db37b0ec26"
_TWEETS_2014 = "c7b1bb7310eaa7ab7c8c7acf3e03619a4f4acfcb53bf293611128fc819e17cc8"
_COLLECTIONS = {
    _TWEETS_2009: "the collection of 30,091 tweets, 2009 to 2016",
    _TWEETS_2014: "the collection of 15,599 tweets, 2014 to 2016",
}


def _everything(documents: list[str]) -> Splits[Text]:
    note = "All documents are training data, as in the report: nothing is held out."
    return Splits(Text(documents), Text([]), Text([]), (note,))


class Tweets(Dataset):
    """Tweets of one account, one document each; line breaks inside a tweet become spaces.

    The report's own file is not available. Two other collections of the same account are
    accepted: a larger one that users provide, and a smaller one that can be downloaded.
    """

    name = "tweets"
    kind = Text
    folder = "trump_tweets"
    homepage = "https://github.com/mkearney/trumptweets"
    license = "none stated; tweets are under the terms of Twitter"
    citation = "Tweets of @realDonaldTrump, collected by M. W. Kearney and by S. Perigo"
    files: ClassVar = {
        "tweets": File(
            paths=(
                "trump_tweets.csv",  # the name at the mirror, and in the cache
                "trump_tweets_2009_2016.csv",
                "trump_tweets_2014_2016.csv",
            ),
            mirrors=(
                "https://raw.githubusercontent.com/sashaperigo/Trump-Tweets/"
                "bc8be63dd2f559ee7d6cfcd48d77da6122ff889c/trump_tweets.csv",
            ),
            sha256=_TWEETS_2014,
            size=2716433,
            published=False,
            hashes={
                "trump_tweets_2009_2016.csv": _TWEETS_2009,
                "trump_tweets_2014_2016.csv": _TWEETS_2014,
            },
        )
    }

    splits: Literal["held-out", "report"] = setting("held-out", _SPLITS_HELP)

    def load(self, files: Files) -> Splits[Text]:
        """Reads the collection that is there, which a note names."""
        from deepzoo.readers import file_sha256, read_csv

        path = files["tweets"]
        options = {"encoding": files.options.encoding, "skip_bad": files.options.skip_bad}
        texts, notes = read_csv(path, ("text", "Text"), **options)
        collection = _COLLECTIONS.get(file_sha256(path), "a file of your own with another hash")
        which = f"tweets: {collection} ({path.name}); not the report's file of 30,385 tweets."
        documents = [" ".join(text.splitlines()).strip() for text in texts]
        broken = sum(
            text.strip() != document for text, document in zip(texts, documents, strict=True)
        )
        breaks = [f"{broken:,} tweets had line breaks, which were read as spaces."]
        return self._split(documents, (which, *notes, *(breaks if broken else ())))

    def sample(self) -> Splits[Text]:
        """Invents 1,200 tweet-like texts about gardens and night trains."""
        return self._split(samples.tweets(1200, seed=0), ())

    def _split(self, documents: list[str], notes: tuple[str, ...]) -> Splits[Text]:
        from deepzoo.readers import split_documents

        documents = [document for document in documents if document]
        splits = _everything(documents) if self.splits == "report" else split_documents(documents)
        return Splits(splits.train, splits.validation, splits.test, (*notes, *splits.notes))


class _Book(Dataset):
    """One long text: the last two tenths are held out."""

    kind = Text
    folder = "texts"

    splits: Literal["held-out", "report"] = setting("held-out", _SPLITS_HELP)

    def load(self, files: Files) -> Splits[Text]:
        """Reads the book; a byte order mark is dropped."""
        from deepzoo.readers import read_text

        return self._split(read_text(files["text"], files.options.encoding))

    def sample(self) -> Splits[Text]:
        """Invents a tale of 400 paragraphs."""
        return self._split(samples.prose(400, seed=sum(self.name.encode())))

    def _split(self, text: str) -> Splits[Text]:
        from deepzoo.readers import split_long_text

        return _everything([text]) if self.splits == "report" else split_long_text(text)


class Shakespeare(_Book):
    """40,000 lines of Shakespeare's plays, the file known as tiny Shakespeare."""

    name = "shakespeare"
    homepage = "https://github.com/karpathy/char-rnn"
    license = "public domain"
    citation = "W. Shakespeare; collected by A. Karpathy (2015), char-rnn"
    files: ClassVar = {
        "text": File(
            paths=("tinyshakespeare_input.txt", "shakespeare.txt", "input.txt"),
            mirrors=(
                "https://storage.googleapis.com/download.tensorflow.org/data/shakespeare.txt",
                "https://raw.githubusercontent.com/karpathy/char-rnn/"
                "6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e/data/tinyshakespeare/input.txt",
            ),
            sha256="86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
            size=1115394,
        )
    }


class TomSawyer(_Book):
    """The Adventures of Tom Sawyer, a novel by Mark Twain."""

    name = "tom-sawyer"
    homepage = "https://www.gutenberg.org/ebooks/74"
    license = "public domain"
    citation = "M. Twain (1876), The Adventures of Tom Sawyer; Project Gutenberg no. 74"
    files: ClassVar = {
        "text": File(
            paths=("tom_sawyer.txt",),
            mirrors=(
                "https://raw.githubusercontent.com/dixonjacob/HW-5/"
                "9ad023c9eb2e60637406d6e9542ea072bc859fdb/tom_sawyer.txt",
            ),
            sha256="283d03a0687c3174f37fc2289ba4b793aee8e676e5e55f41961c1f44159e6bf0",
            size=393546,
        )
    }


class Nietzsche(_Book):
    """Beyond Good and Evil by Friedrich Nietzsche, the file of the Keras example."""

    name = "nietzsche"
    homepage = "https://keras.io/examples/generative/lstm_character_level_text_generation/"
    license = "public domain"
    citation = "F. Nietzsche (1886), Beyond Good and Evil, translated by H. Zimmern"
    files: ClassVar = {
        "text": File(
            paths=("nietzsche.txt",),
            mirrors=("https://s3.amazonaws.com/text-datasets/nietzsche.txt",),
            sha256="23cf69874ab69d3d256099ab530ea4be24d47d9675b673bcc67cbcd6298ec647",
            size=600901,
        )
    }


DATASETS: tuple[type[Dataset], ...] = (Tweets, Shakespeare, TomSawyer, Nietzsche, UserText)
