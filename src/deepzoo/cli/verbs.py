"""Verbs as commands: the options of a command are those of the task its run belongs to.

Two tasks may offer one verb with other options. So RUN is looked up first, and the
command that parses the line is built from the signature of that run's task.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from ..errors import UsageError
from ..interfaces.arguments import hints_of
from ..interfaces.ask import input_of, input_type, singular
from ..interfaces.task import Verb
from . import command, options
from .signatures import DATA, INPUTS, OUT, RUN, STREAM, TASK, is_option, reads_files


def known() -> dict[str, list[type]]:
    """Finds the verbs of all tasks, and the tasks that offer each.

    Of a verb whose run may be left out, that of the task with a default run comes first.
    """
    from ..plugins import registry

    verbs: dict[str, list[type]] = {}
    for entry in registry.tasks():
        for verb in entry.cls.verbs():
            verbs.setdefault(verb, []).append(entry.cls)
    for verb, tasks in verbs.items():
        if any(Verb.of(task.verbs()[verb]).run_optional for task in tasks):
            tasks.sort(key=lambda task: not task.prompt_default)
    return verbs


def summary_of(verb: str) -> str:
    """Returns what a verb does, in the words of its task; of several tasks, which they are."""
    tasks = known()[verb]
    if len(tasks) == 1:
        return command.summary(tasks[0].verbs()[verb])
    return f"{verb.capitalize()} with a run of {', '.join(task.name for task in tasks)}"


class VerbCommand(TyperCommand):
    """Stands for a verb until its arguments tell which task's verb it is."""

    def __init__(self, verb: str) -> None:
        super().__init__(verb, help=summary_of(verb))
        self.verb = verb

    def make_context(self, info_name: Any, args: list[str], parent: Any = None, **extra: Any):
        """Parses the arguments with the command of the right task."""
        built = choose(self.verb, list(args), bool(extra.get("resilient_parsing")))
        return built.make_context(info_name, args, parent=parent, **extra)


def choose(verb: str, args: list[str], resilient: bool = False) -> Any:
    """Builds the command of the task that the run in `args` belongs to."""
    tasks = known()[verb]
    literals = len(args) - args.index("--") - 1 if "--" in args else 0
    built = [build(verb, task, literals) for task in tasks]
    if len(built) == 1 or resilient:
        return built[0]
    from .. import api

    contexts = [
        candidate.make_context(verb, list(args), resilient_parsing=True) for candidate in built
    ]
    reference = next((c.params[RUN] for c in contexts if c.params.get(RUN)), None)
    asked = next((c.params[TASK] for c in contexts if c.params.get(TASK)), None)
    optional = any(Verb.of(task.verbs()[verb]).run_optional for task in tasks)
    if asked is None and reference is None and not optional:
        return built[0]  # It shows its help, or says that RUN is missing.
    if {"--help", "-h"} & set(args) and reference is None:
        return _of_task(verb, asked, tasks, built)
    run = api.load(reference, task=asked, verb=verb) if reference else _default(verb, asked)
    for task, candidate in zip(tasks, built, strict=True):
        if task is type(run.recipe("task")):  # another plugin's may have its name
            candidate.run = run
            return candidate
    raise UsageError(f"A run of {run.task} has no {verb}.", f"deepzoo runs show {run.id}")


def _of_task(verb: str, asked: str | None, tasks: list[type], built: list[Any]) -> Any:
    """Returns the command of a task that was named without a run; of none, the first one's."""
    from ..plugins import registry

    if asked is None:
        built[0].help = f"{summary_of(verb)}."
        return built[0]
    named = registry.task(asked)
    for task, candidate in zip(tasks, built, strict=True):
        if task.name == named.name:
            return candidate
    raise UsageError(f"Runs of {named.name} have no {verb}.", f"deepzoo info {named.name}")


def _default(verb: str, task: str | None) -> Any:
    from .. import api

    if task is not None:
        raise UsageError("Name a run of that task with --run.", "List them with: deepzoo runs")
    return api.default_run(verb)


def build(verb: str, task_cls: Any, literals: int) -> Any:
    """Builds the command of one task's verb.

    Args:
        verb: Its name.
        task_cls: The task.
        literals: How many arguments stand after `--`.
    """
    method = task_cls.verbs()[verb]
    parameters, inputs = _parameters(method)

    def call(**values: Any) -> None:
        from . import answers

        answers.answer(verb, method, inputs, values, literals, built.run)

    call.__signature__ = inspect.Signature(parameters)  # pyright: ignore[reportFunctionMemberAccess]
    call.__annotations__ = {item.name: item.annotation for item in parameters}
    others = [other.name for other in known()[verb] if other is not task_cls]
    epilog = f"These are the options for runs of {task_cls.name}. Others: {', '.join(others)}."
    app = command.new_app(name=verb)
    app.command(
        verb,
        cls=command.Command,
        help=command.description(method),
        epilog=f"{epilog} Name a RUN or --task to see theirs." if others else None,
    )(call)
    built: Any = typer.main.get_command(app)
    built.run = None  # found where several tasks have the verb
    return built


def _parameters(method: Callable[..., Any]) -> tuple[list[inspect.Parameter], Any]:
    """Translates a verb's signature into a command's; returns its input parameter too."""
    signature, hints, declared = inspect.signature(method), hints_of(method), Verb.of(method)
    items = list(signature.parameters.values())[2:]
    inputs = input_of(method)
    if declared.run_optional:
        parameters = [_keyword(RUN, options.NamedRun, None)]
    else:
        parameters = [_keyword(RUN, options.Run, inspect.Parameter.empty)]
    if inputs is not None:
        parameters.append(_input_parameter(inputs, method))
    for parameter in items:
        annotation = hints.get(
            parameter.name,
            Any if parameter.annotation is not parameter.empty else type(parameter.default),
        )
        if parameter.kind is parameter.KEYWORD_ONLY and is_option(annotation):
            parameters.append(_keyword(parameter.name, annotation, parameter.default))
    if declared.draws:
        option = typer.Option("--out", metavar="FILE", help="Where to write the picture.")
        parameters.append(_keyword(OUT, Annotated[str | None, option], None))
    elif inputs is not None and not declared.writes and "out" not in signature.parameters:
        option = typer.Option("--out", metavar="FILE", help="A CSV file to write the answers to.")
        parameters.append(_keyword(OUT, Annotated[str | None, option], None))
    if declared.stream:
        option = typer.Option("--stream", help="Print the text as it comes.")
        parameters.append(_keyword(STREAM, Annotated[bool, option], False))
    if declared.reads_data:
        parameters.append(_keyword(DATA, options.MovedData, None))
    parameters.append(_keyword(TASK, options.Task, None))
    # The type of the inputs decides whether files are read or handed on.
    return parameters, inputs and inputs.replace(annotation=input_type(method))


def _input_parameter(parameter: inspect.Parameter, method: Any) -> inspect.Parameter:
    needed = parameter.default is parameter.empty
    text = "Text, a file to read, or - for standard input; after -- never a file."
    if reads_files(input_type(method)):
        text = "A file; several may be named."
    argument = typer.Argument(metavar=singular(method).upper(), help=text)
    default = inspect.Parameter.empty if needed else None
    words = list[str] if needed else list[str] | None
    return _keyword(INPUTS, Annotated[words, argument], default)


def _keyword(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default
    )
