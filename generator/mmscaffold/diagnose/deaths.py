"""Why runs die, one row per kind: how the exception reads, what it means and what to do.

Sources of the messages: mmengine/registry/build_functions.py, mmengine/hooks/checkpoint_hook.py,
mmengine/hooks/early_stopping_hook.py, mmengine/optim/scheduler/param_scheduler.py,
mmengine/config/config.py, mmdet/engine/hooks/num_class_check_hook.py; torch for the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.values import LazyName
from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.config.walk import dicts
from mmscaffold.diagnose.crash import Crash
from mmscaffold.diagnose.run_config import RunConfig

Places = Callable[[re.Match[str], Mapping[str, Any]], Iterator[KeyPath]]


def _nowhere(_: re.Match[str], __: Mapping[str, Any]) -> Iterator[KeyPath]:
    return iter(())


@dataclass(frozen=True)
class Death:
    """One kind of ending.

    Attributes:
        name: In a few words joined by hyphens.
        pattern: What the exception and its message look like, ``Name: message``; groups are
            what ``places`` needs.
        text: What it means.
        hint: What to do.
        raised_in: The end of the path of the file that raises it, where the message alone does
            not tell.
        rules: Rules of ``check`` that find it before anything runs.
        places: The keys of the config that bring it.
        is_wish: Whether somebody wanted it: not a fault.
    """

    name: str
    pattern: re.Pattern[str]
    text: str
    hint: str
    raised_in: str = ""
    rules: tuple[str, ...] = ()
    places: Places = _nowhere
    is_wish: bool = False


def death_of(crash: Crash) -> tuple[Death, re.Match[str]] | None:
    """The kind of an ending, with what its message names; ``None`` for any other exception."""
    text = f"{crash.exception}: {crash.message}"
    for death in DEATHS:
        found = death.pattern.search(text)
        if found is not None and (not death.raised_in or crash.runs_in(death.raised_in)):
            return death, found
    return None


def places_of(death: Death, found: re.Match[str], config: RunConfig) -> list[str]:
    """Where the config of the run brings an ending: ``key at file:line``."""
    told = []
    for path in death.places(found, config.view.root):
        try:
            where = config.view.origin(path).where
        except ConfigError:
            where = config.where
        told.append(f"{format_key_path(path)} at {where}")
    return told


def _name(value: Any) -> str:
    text = value.dotted if isinstance(value, LazyName) else value
    return text.rpartition(".")[2] if isinstance(text, str) else ""


def _of_class(name: str, root: Mapping[str, Any]) -> Iterator[KeyPath]:
    wanted = name.rpartition(".")[2]
    for key, value in root.items():
        for path, each in dicts(value, (key,)):
            if _name(each.get("type")) == wanted:
                yield path


def _types(found: re.Match[str], root: Mapping[str, Any]) -> Iterator[KeyPath]:
    yield from ((*path, "type") for path in _of_class(found["name"], root))


def _arguments(found: re.Match[str], root: Mapping[str, Any]) -> Iterator[KeyPath]:
    names, argument = {found["built"], found["name"]} - {None}, found["argument"]
    for key, value in root.items():
        for path, each in dicts(value, (key,)):
            fits = not names or _name(each.get("type")) in names
            if fits and "type" in each and argument in each:
                yield (*path, argument)


def _builders(found: re.Match[str], root: Mapping[str, Any]) -> Iterator[KeyPath]:
    name = found["built"] or found["name"]
    if name is not None:
        yield from ((*path, "type") for path in _of_class(name, root))


def _monitors(found: re.Match[str], root: Mapping[str, Any]) -> Iterator[KeyPath]:
    for key in ("default_hooks", "custom_hooks"):
        for path, hook in dicts(root.get(key), (key,)):
            for argument in ("save_best", "monitor"):
                value = hook.get(argument)
                names = value if isinstance(value, list) else [value]
                if found["key"] in names or "auto" in names:
                    yield (*path, argument)


def _annotations(_: re.Match[str], root: Mapping[str, Any]) -> Iterator[KeyPath]:
    for path, each in dicts(root.get("train_dataloader"), ("train_dataloader",)):
        yield from ((*path, key) for key in ("ann_file", "metainfo", "filter_cfg") if key in each)


def _heads(_: re.Match[str], root: Mapping[str, Any]) -> Iterator[KeyPath]:
    for path, each in dicts(root.get("model"), ("model",)):
        if "num_classes" in each:
            yield (*path, "num_classes")


def _checkpoints(_: re.Match[str], root: Mapping[str, Any]) -> Iterator[KeyPath]:
    yield from ((key,) for key in ("load_from", "resume") if root.get(key))


# mmengine < 0.10 puts "class `X` in module.py: " in front; Python >= 3.10 names the constructor.
_CONSTRUCTOR = r"(?:class `(?P<built>[\w.]+)` in [^:\n]*: )?(?:(?P<name>\w+)\.)?\w+\(\) "

DEATHS: tuple[Death, ...] = (
    Death(
        "stopped-by-the-guard",
        re.compile(r"^ContractError: "),
        "The project's own guard ended the run, because its counters were about to go wrong.",
        "Mend what the message names; `mmscaffold explain` shows the page of its rule.",
    ),
    Death(
        "stopped-by-hand",
        re.compile(r"^KeyboardInterrupt\b"),
        "Somebody stopped it with Ctrl-C.",
        "Resume it with `--resume`.",
        is_wish=True,
    ),
    Death(
        "shared-memory-full",
        re.compile(
            r"insufficient shared memory|unable to (?:open|allocate) shared memory|Bus error"
        ),
        "The data loaders ran out of shared memory, which containers limit to 64 MB.",
        "Start the container with `--ipc=host` or a larger `--shm-size`, or lower num_workers.",
    ),
    Death(
        "gpu-memory-full",
        re.compile(r"CUDA out of memory|^OutOfMemoryError|CUDNN_STATUS_ALLOC_FAILED"),
        "The memory of the GPU ran out.",
        "Lower batch_size or the size of the images, or train in mixed precision "
        "(AmpOptimWrapper) or with checkpointing of activations (with_cp). After the first epoch, "
        "it is the validation: lower val_dataloader.batch_size.",
    ),
    Death(
        "memory-full",
        re.compile(
            r"^MemoryError|DefaultCPUAllocator|: Killed|SIGKILL|exitcode\s*: -9|oom-kill"
            r"|Out Of Memory|signal: Killed|\bKilled\b"
        ),
        "The process was killed from outside; nearly always, the memory of the machine ran out, "
        "or that which the job may use.",
        "Lower num_workers of the data loaders, turn persistent_workers off, or request more "
        "memory.",
    ),
    Death(
        "weights-only",
        re.compile(r"Weights only load failed|weights_only"),
        "torch 2.6 and later load only plain weights, and a checkpoint of mmengine holds more: "
        "the message hub and the states of optimizers.",
        "Load files that you trust only. A project of mmscaffold resumes its own; elsewhere, use "
        "mmengine >= 0.10.7 with torch < 2.6, or allow the classes with "
        "torch.serialization.add_safe_globals.",
        places=_checkpoints,
    ),
    Death(
        "argument-not-accepted",
        re.compile(_CONSTRUCTOR + r"got an unexpected keyword argument '(?P<argument>\w+)'"),
        "A class gets an argument that its constructor does not take: it is misspelt, belongs to "
        "another class, or is left over from a base that uses another type.",
        "Remove or rename the key; where it comes from a base, set _delete_=True in the dict that "
        "changes the type.",
        rules=("MMS122", "MMS110", "MMS136"),
        places=_arguments,
    ),
    Death(
        "argument-missing",
        re.compile(_CONSTRUCTOR + r"missing \d+ required (?:positional|keyword-only) argument"),
        "A class does not get an argument that its constructor requires.",
        "Add the key that the message names to the dict of this type.",
        rules=("MMS110",),
        places=_builders,
    ),
    Death(
        "class-not-registered",
        re.compile(r"(?P<name>[\w.]+) is not in the [\w:.]+ registry"),
        "No module that was imported registers a class of this name: it is misspelt, its module "
        "is not imported, or it belongs to another registry or scope.",
        "Correct the type, or import its module through custom_imports = "
        "dict(imports=['package.module']).",
        rules=("MMS128", "MMS129", "MMS130"),
        places=_types,
    ),
    Death(
        "class-registered-twice",
        re.compile(r"(?P<name>[\w.]+) is already registered in"),
        "Two classes register under one name.",
        "Rename yours, or register it with force=True if it should replace the other.",
    ),
    Death(
        "metric-not-there",
        re.compile(r"^KeyError: '?(?P<key>[^'\n]+)'?"),
        "save_best names a metric that the validation did not return; it returns none at all "
        "where nothing was detected.",
        "Use a key that the log shows after a validation, such as coco/bbox_mAP, or "
        "save_best='auto'.",
        raised_in="mmengine/hooks/checkpoint_hook.py",
        rules=("MMS137",),
        places=_monitors,
    ),
    Death(
        "monitor-not-there",
        re.compile(r"Early stopping conditioned on metric `(?P<key>[^`\n]+?) is not available"),
        "The monitor of EarlyStoppingHook is a metric that the validation did not return, and the "
        "hook is strict.",
        "Use one of the metrics that the message lists.",
        rules=("MMS137",),
        places=_monitors,
    ),
    Death(
        "data-set-empty",
        re.compile(r"need at least one array to concatenate"),
        "The training set has no image left: the classes of metainfo are not those of the "
        "annotation file, or filter_cfg drops every image.",
        "Compare metainfo['classes'] with the categories of ann_file, letter by letter; a single "
        "class needs its comma: ('cat',).",
        places=_annotations,
    ),
    Death(
        "scheduler-ends-before-it-begins",
        re.compile(r"end should be larger than begin"),
        "A scheduler ends before it begins; often, max_epochs was lowered and its begin was not.",
        "Move the schedule along with the length: mmscaffold migrate --max-epochs.",
        rules=("MMS123",),
    ),
    Death(
        "classes-do-not-match",
        re.compile(r"does not matches? the length of `?(?:CLASSES|classes)|device-side assert"),
        "num_classes of a head does not fit the classes of the data set.",
        "Set num_classes of every head to the number of classes in metainfo.",
        places=_heads,
    ),
    Death(
        "config-not-parsed",
        re.compile(r"^ConfigParsingError"),
        "mmengine cannot read the config or one of its bases.",
        "Run `mmscaffold check` on it: it names the file and the line.",
    ),
    Death(
        "module-not-found",
        re.compile(r"^(?:ModuleNotFoundError|ImportError): (?P<what>[^\n]*)"),
        "A module that the config imports cannot be imported.",
        "Install it, or put the folder that holds it on PYTHONPATH.",
        rules=("MMS126", "MMS127"),
    ),
    Death(
        "file-not-found",
        re.compile(r"^(?:FileNotFoundError|NotADirectoryError)"),
        "A file that the config or the code names is not there.",
        "Check data_root, ann_file, data_prefix and load_from; relative paths start at the folder "
        "in which training was started.",
    ),
)
"""Every way to die that is known; of two that fit, the first counts."""
"""The kinds, those that a message tells first."""
