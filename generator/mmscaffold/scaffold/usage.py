"""How a config uses a component that was added, and what to run next."""

from __future__ import annotations

from pathlib import Path

from mmscaffold.facts.loops import LOOP_KEYS
from mmscaffold.project.class_map import REGISTRIES
from mmscaffold.project.table import find_table
from mmscaffold.scaffold.add_component import Addition
from mmscaffold.scaffold.component import Component
from mmscaffold.scaffold.kinds import OF_MODELS

# What packages call their heads, and the loss of those; all others say `head` and `loss`.
_NAMES_OF_HEADS = {
    "mmdet": ("bbox_head", "loss_cls"),
    "mmdet3d": ("bbox_head", "loss_cls"),
    "mmseg": ("decode_head", "loss_decode"),
    "mmyolo": ("bbox_head", "loss_cls"),
    "mmrotate": ("bbox_head", "loss_cls"),
    "mmaction": ("cls_head", "loss_cls"),
}
_LOOPS = {
    "EpochBasedTrainLoop": "train_cfg = dict(type='{name}', max_epochs=12, val_interval=1)",
    "IterBasedTrainLoop": "train_cfg = dict(type='{name}', max_iters=90000, val_interval=5000)",
    "ValLoop": "val_cfg = dict(type='{name}')",
    "TestLoop": "test_cfg = dict(type='{name}')",
}


def config_lines(addition: Addition) -> list[str]:
    """The lines by which a config uses a component; each is Python.

    Args:
        addition: What was added.
    """
    one = addition.component
    head, loss = _places_of_head(one.upstream)
    usage = _LOOPS.get(one.loop or "", one.kind.usage)
    line = usage.format(
        name=one.name,
        base=one.base.name,
        in_head=_nested(head, one.name),
        in_loss=_nested((*head, loss), one.name),
    )
    return [
        f"custom_imports = dict(imports=['{addition.package}'], allow_failed_imports=False)",
        line,
    ]


def _places_of_head(upstream: str) -> tuple[tuple[str, ...], str]:
    """The keys down to a head in a model, and the key of its loss.

    Args:
        upstream: What the head, or its loss, derives from: a dotted name, or a scope.
    """
    top, *inner = upstream.split(".")
    head, loss = _NAMES_OF_HEADS.get(top, ("head", "loss"))
    if top == "mmdet" and inner:
        if inner[-1].endswith("RPNHead"):
            return ("rpn_head",), loss
        if "roi_heads" in inner:
            # Its own parts lie in folders of their own: bbox_heads, mask_heads, shared_heads.
            part = inner[inner.index("roi_heads") + 1]
            return ("roi_head", part[:-1]) if part.endswith("_heads") else ("roi_head",), loss
    return (head,), loss


def _nested(keys: tuple[str, ...], name: str) -> str:
    """The dict that has a type under some keys, each within the one before it."""
    text = f"dict(type='{name}')"
    for key in reversed(keys):
        text = f"dict({key}={text})"
    return text


def advice(addition: Addition, root: Path) -> list[str]:
    """What else has to be known, each in a sentence.

    Args:
        addition: What was added.
        root: The folder of the project.
    """
    one = addition.component
    found = []
    if one.base.unseen:
        found.append(f"{one.base.unseen} {one.base.name} was not checked.")
    if one.kind.registry == "LOOPS" and config_lines(addition)[1].startswith(f"{LOOP_KEYS[0]} "):
        found.append(
            "Over a base whose train_cfg has by_epoch, add _delete_=True: the Runner refuses both."
        )
    if one.kind.name in OF_MODELS - {"model", "data-preprocessor"} and not one.is_from_scratch:
        found.append(f"It takes the arguments of {one.base.name}, and stands wherever that could.")
    if one.is_from_scratch and one.kind.name in OF_MODELS:
        found.append("It takes the arguments of its own __init__.")
    if _can_migrate(one, root):
        found.append(
            f"Configs that have {one.base.name}: "
            f"`mmscaffold migrate CONFIGS --map {one.base.name}={one.name}` writes it for you."
        )
    return found


def _can_migrate(component: Component, root: Path) -> bool:
    """Whether ``migrate`` replaces the base in configs: a class upstream, of what it moves."""
    is_upstream = component.base.dotted.partition(".")[0] in ("mmengine", "mmdet")
    is_named = not component.is_from_scratch and component.base.name != "Hook"
    moves = component.kind.registry in REGISTRIES
    return moves and is_upstream and is_named and find_table(root) is not None


def command_of_test(addition: Addition, root: Path) -> str:
    """What runs the test of a component, in the folder of the project."""
    return f"python -m pytest {addition.test.relative_to(root).as_posix()}"
