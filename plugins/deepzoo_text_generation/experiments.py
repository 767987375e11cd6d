"""The published experiments of text generation, as data: three reports and their open questions."""

from __future__ import annotations

from deepzoo import Experiment, Figure, Published

_TWEETS = "A report on generating tweets, after the text generation tutorial of TensorFlow"
_RNN = "A report on a character RNN in plain NumPy, after a minimal one that is public"
_NOVEL = "A report on generating novels, after the LSTM text generation example of Keras"

STARTS = tuple(
    "Today I will | You must | I believe | The president | I firmly believe | It is amazing | "
    "We need you to | Clinton | The Democrats | The Republican Party | I am | I am not | I am so | "
    "I am saying".split(" | ")
)
"""The prompts of the report on tweets."""

_GRU = {
    "model.units": 1024,
    "model.layers": 1,
    "model.embedding": 256,
    "model.dropout": 0.0,
    "model.recurrent_initializer": "glorot_uniform",
    "model.sequence_length": 100,
    "task.lower_case": False,
    "model.stateful": True,
    "model.learn_end": False,
    "model.order": "shuffled",
    "model.optimizer": "adam",
    "model.learning_rate": 0.001,
    "model.batch_size": 64,
    "model.epochs": 10,
}
_HELD_OUT = {**_GRU, "dataset.splits": "held-out"}


class TweetsGRU(Experiment):
    """Tweets of one account, character by character, from one wide GRU layer.

    The state is carried from batch to batch although batches are shuffled, as in the report.
    Its collection had 30,385 tweets with raw CSV quotes left in. Ours is another one, so
    losses within 0.06 of 1.31 and 1.14 are expected.
    """

    name = "tweets-gru"
    source = _TWEETS
    dataset = "tweets"
    model = "char-gru"
    settings = {**_GRU, "dataset.splits": "report"}
    figures = (
        Figure("training loss", 1.31, {"model.epochs": 5}, "30,385 tweets, nothing held out"),
        Figure("training loss", 1.14, {"model.epochs": 10}, "30,385 tweets, nothing held out"),
        Figure("steps per epoch", 527, note="3,377,259 characters; 513 on 3,287,403"),
        Figure("minutes per epoch", 4, note="about, on a free cloud GPU"),
    )
    samples = (
        Published(
            "Today I will",
            "Today I will better vote advertisingly that I was weak.co/PQoRLDSDay_Ooping his "
            "record in the economy",
            {"model.epochs": 5, "temperature": 1.0},
        ),
        Published(
            "I believe",
            "I believe that Crooked Hillary Clinton is a disaster. I am now off the stage for "
            "the USA. They are all talk, no action the National Review\nof @CNN",
            {"model.epochs": 10, "temperature": 1.0},
        ),
        Published(
            "Today I will",
            "Today I will DNZLJ gThAVE!Efw4MP_XOVmI1058fTnG 4Uo5NdTVRZO3VS",
            {"model.epochs": 10, "temperature": 3.0},
        ),
        Published(
            "Today I will",
            "Today I will be interviewed by @SeanHannity tonight at 10pmE on @FoxNews at 7:30pmE "
            "for the families of the love of the Charlotte properties and the pol",
            {"model.epochs": 10, "temperature": 0.3},
        ),
    )
    claims = ("After 5 epochs URLs are poor.", "After 10 epochs the text is fairly grammatical.")


class _HeldOutTweets(Experiment):
    source = _TWEETS
    dataset = "tweets"
    model = "char-gru"
    settings = _HELD_OUT


class TweetsSettings(_HeldOutTweets):
    """The report's open questions: sequence length, batch size, optimizer, temperature.

    Nothing was published. Judge by held-out bits per character, real words and loops. The
    temperature, 0.3 to 3.0, is an option of generating, not of training.
    """

    name = "tweets-settings"
    grid = {
        "model.sequence_length": (50, 100, 200),
        "model.batch_size": (32, 64, 128),
        "model.optimizer": ("sgd", "rmsprop", "adam"),
    }


class TweetsLength(_HeldOutTweets):
    """Proposed in the report: tweets whose length is drawn at random, 100 on average.

    The network is that of `tweets-gru`; the length is drawn when generating.
    """

    name = "tweets-length"


class TweetsEnd(_HeldOutTweets):
    """Proposed in the report: the network learns where a tweet ends."""

    name = "tweets-end"
    settings = {**_HELD_OUT, "model.learn_end": True}


class TweetsLayers(_HeldOutTweets):
    """Proposed in the report: two and three GRU layers, beside the published one."""

    name = "tweets-layers"
    grid = {"model.layers": (1, 2, 3)}


class TweetsWords(_HeldOutTweets):
    """Proposed in the report: words in place of characters."""

    name = "tweets-words"
    model = "word-gru"
    settings = {"dataset.splits": "held-out"}


class NovelLSTM(Experiment):
    """A novel in lower case, from an LSTM over windows that move by three characters or one.

    The report trained for 60 epochs, and for 100 where the windows move by one. The prompt
    of its samples is a random window of the text.
    """

    name = "novel-lstm"
    source = _NOVEL
    dataset = "tom-sawyer"
    model = "char-lstm"
    settings = {
        "dataset.splits": "report",
        "model.units": 180,
        "model.layers": 1,
        "model.embedding": 0,
        "model.dropout": 0.0,
        "model.sequence_length": 40,
        "model.step": 3,
        "model.every_step": False,
        "task.lower_case": True,
        "model.stateful": False,
        "model.learn_end": False,
        "model.optimizer": "rmsprop",
        "model.learning_rate": 0.01,
        "model.batch_size": 128,
        "model.epochs": 60,
    }
    grid = {
        "model.sequence_length": (20, 40, 80),
        "model.step": (1, 3),
        "model.units": (90, 180, 360),
        "model.layers": (1, 2),
    }
    figures = (
        Figure(
            "epoch of the lowest training loss",
            59,
            {"model.step": 1},
            "about; it rose from there on",
        ),
        Figure("training loss", 7.4, {"model.step": 1, "model.epochs": 68}, "of 100 epochs"),
    )
    samples = (
        Published("", "well, it's a consider's meet you can so him."),
        Published(
            "",
            "there was auntie, tom, i don't be a whis had seen door, why, it's for you and then "
            "it ain't to find it.",
        ),
    )
    claims = ("The text is readable pseudo-dialogue.", "More layers are better.")


class NovelLSTMNietzsche(NovelLSTM):
    """The network of `novel-lstm` on the other book; no loss or sample was published."""

    name = "novel-lstm-nietzsche"
    dataset = "nietzsche"
    figures = ()
    samples = ()
    claims = ("More layers are better.",)


class NumpyRNNExperiment(Experiment):
    """A character RNN from the equations alone, on a novel.

    The report's novel is under copyright; ours are Tom Sawyer and Shakespeare. It gave the
    largest relative error of single elements of the gradients. The smooth loss is a running
    mean of the loss of a sequence in nats. There were ten samples of 200 characters, one every
    10,000 steps, and 1,000 characters from the best model.
    """

    name = "numpy-rnn"
    source = _RNN
    dataset = "tom-sawyer"
    model = "numpy-rnn"
    settings = {
        "dataset.splits": "report",
        "task.lower_case": False,
        "model.units": 100,
        "model.sequence_length": 25,
        "model.deviation": 0.1,
        "model.l2": 0.0,
        "model.learn_end": False,
        "model.sample_steps": 10_000,
        "model.order": "streams",
        "model.batch_size": 1,
        "model.optimizer": "adagrad",
        "model.learning_rate": 0.1,
        "model.clip": 5.0,
        "model.epochs": 6,
    }
    figures = (
        Figure(
            "smooth_loss", 39, {"model.epochs": 6}, "lower end of the final range; another novel"
        ),
        Figure(
            "smooth_loss", 42, {"model.epochs": 6}, "upper end of the final range; another novel"
        ),
        Figure("relative error of the gradient of b", 1.7467e-9, note="largest of one element"),
        Figure("relative error of the gradient of c", 3.0503e-10, note="largest of one element"),
        Figure("relative error of the gradient of U", 2.8536e-9, note="largest of one element"),
        Figure("relative error of the gradient of W", 1.9630e-7, note="largest of one element"),
        Figure("relative error of the gradient of V", 8.2572e-9, note="largest of one element"),
    )
    samples = (
        Published("", 'theedtjbidcthe sin ca" tlstbe sid', {"sample": 1}),
        Published(
            "",
            'iched Ibes, and lastly. Harrys you his look," said Hermionedle enore tean',
            {"sample": 10},
        ),
    )
    claims = ("Two parts of the book are especially hard.",)


class NumpyRNNShakespeare(NumpyRNNExperiment):
    """The network of `numpy-rnn` on the plays; no loss on them was published."""

    name = "numpy-rnn-shakespeare"
    dataset = "shakespeare"
    claims = ()


EXPERIMENTS: tuple[type[Experiment], ...] = (
    TweetsGRU,
    TweetsSettings,
    TweetsLength,
    TweetsEnd,
    TweetsLayers,
    TweetsWords,
    NovelLSTM,
    NovelLSTMNietzsche,
    NumpyRNNExperiment,
    NumpyRNNShakespeare,
)
