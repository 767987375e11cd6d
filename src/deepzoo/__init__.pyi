# The public names, by the modules that define them: type checkers read this file, and
# `__init__.py` finds the modules in it.
from .api import (
    cached_run as cached_run,
    evaluate as evaluate,
    generate as generate,
    list_runs as list_runs,
    load as load,
    predict as predict,
    resume as resume,
    train as train,
    use as use,
)
from .data.load import load_dataset as load_dataset
from .errors import DeepzooError as DeepzooError
from .evaluation.intervals import summarise as summarise
from .interfaces.dataset import Dataset as Dataset, File as File, Files as Files
from .interfaces.example import ArraySpec as ArraySpec, Example as Example
from .interfaces.experiment import (
    Experiment as Experiment,
    Figure as Figure,
    Published as Published,
)
from .interfaces.image_kinds import ImagePairs as ImagePairs, Images as Images
from .interfaces.kinds import (
    Baskets as Baskets,
    Kind as Kind,
    KindSettings as KindSettings,
    LabelledText as LabelledText,
    Splits as Splits,
    Text as Text,
    TextPairs as TextPairs,
    shared as shared,
)
from .interfaces.model import Model as Model, rule as rule
from .interfaces.network import Network as Network, Stepper as Stepper
from .interfaces.recipe import setting as setting
from .interfaces.scores import Metric as Metric, Scores as Scores
from .interfaces.shipped import Shipped as Shipped
from .interfaces.task import (
    Arrays as Arrays,
    EachLine as EachLine,
    Prepared as Prepared,
    Task as Task,
    verb as verb,
)
from .interfaces.windows import Windows as Windows
from .networks.keras_network import KerasNetwork as KerasNetwork
from .networks.numpy_network import NumpyNetwork as NumpyNetwork
from .networks.weights import ordered_weights as ordered_weights
from .plugins.hookspecs import hookimpl as hookimpl
from .plugins.lazy_hook import lazy_hook as lazy_hook, lazy_names as lazy_names
from .plugins.listings import (
    list_datasets as list_datasets,
    list_experiments as list_experiments,
    list_models as list_models,
    list_plugins as list_plugins,
    list_tasks as list_tasks,
)
from .run import Run as Run
from .training.progress import ProgressEvent as ProgressEvent

__version__: str
