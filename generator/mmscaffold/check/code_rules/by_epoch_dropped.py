"""A Runner's ``build_train_loop`` does not know ``by_epoch``.

``train_cfg=dict(by_epoch=True, max_epochs=12)`` names no class: ``Runner.build_train_loop``
takes ``by_epoch`` as the choice between mmengine's two train loops
(mmengine/runner/runner.py). About a third of the official configs choose so. An override that
only builds from ``LOOPS`` cannot run them.

What one sees: ``KeyError: '`cfg` or `default_args` must contain the key "type"``.

How to mend it: call ``super().build_train_loop(loop)``, and change the config before or the
loop after.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import Code, Function, attribute_path, calls_super
from mmscaffold.check.code.runner_code import is_stub
from mmscaffold.check.code.syntax import calls_in
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS243"
SEVERITY = Severity.WARNING
_HEAD = (
    "from mmengine.registry import LOOPS\nfrom mmengine.runner import Runner\n\n\n"
    "class OwnRunner(Runner):\n    def build_train_loop(self, loop):\n"
)
_BUILD = "LOOPS.build(loop, default_args={'runner': self, 'dataloader': self._train_dataloader})\n"
VALID: list[Example] = [
    _HEAD + "        return super().build_train_loop(loop)\n",
    _HEAD + "        if 'by_epoch' in loop:\n            return super().build_train_loop(loop)\n"
    f"        return {_BUILD}",
    _HEAD + "        loop.pop('by_epoch', None)\n        loop['type'] = 'OwnLoop'\n"
    f"        return {_BUILD}",
]
INVALID: list[Example] = [_HEAD + f"        return {_BUILD}"]


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each override that builds from ``LOOPS`` alone."""
    for view in code.runners:
        function = view.own_methods.get("build_train_loop")
        if function is None or is_stub(function) or calls_super(function, "build_train_loop"):
            continue
        build = next(
            (
                call
                for call, _ in calls_in(function)
                if attribute_path(call.func).endswith("LOOPS.build")
            ),
            None,
        )
        if build is not None and not _chooses(function):
            yield view.found(
                build,
                f"{view.name}.build_train_loop cannot build train_cfg=dict(by_epoch=True, ...)",
                "Call super().build_train_loop(loop) where the config has no `type`.",
            )


def _chooses(function: Function) -> bool:
    """Whether it reads ``by_epoch``, or sets a ``type`` itself."""
    return any(
        (isinstance(node, ast.Constant) and node.value in ("by_epoch", "type"))
        or (isinstance(node, ast.keyword) and node.arg in ("type", "by_epoch"))
        or (isinstance(node, ast.Attribute) and node.attr in ("by_epoch", "type"))
        for node in ast.walk(function)
    )
