"""A hook's method does not take what mmengine calls it with.

mmcv 1.x called ``after_train_iter(runner)``. mmengine passes the batch, too, by keyword:
``batch_idx``, ``data_batch`` and, after the iteration, ``outputs``; ``metrics`` after a
validation, ``checkpoint`` around saving and loading (mmengine/runner/loops.py). Other names
for these arguments do not fit either.

What one sees: ``TypeError: OwnHook.after_train_iter() got an unexpected keyword argument
'batch_idx'`` in the first iteration, or ``missing 1 required positional argument``.

How to mend it: use the signatures of mmengine/hooks/hook.py, with ``data_batch=None`` and
``outputs=None``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import HOOK, Code, Function, attribute_path
from mmscaffold.check.code.hook_calls import KEYWORDS, own_calls
from mmscaffold.check.code.runner_code import functions_of
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS238"
SEVERITY = Severity.ERROR
_HEAD = "from mmengine.hooks import Hook\n\n\nclass OwnHook(Hook):\n"
VALID: list[Example] = [
    _HEAD + "    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):\n"
    "        pass\n\n    def after_val_epoch(self, runner, metrics=None):\n        pass\n",
    _HEAD + "    def after_train_iter(self, runner, *args, **kwargs):\n        pass\n",
    _HEAD + "    def before_train(self, trainer):\n        pass\n",
    # Only its own loop calls it.
    _HEAD + "    def after_train_stage(self, runner, stage):\n        pass\n",
    # So does a loop that calls this point in another way.
    _HEAD + "    def after_train_iter(self, runner, step):\n        pass\n\n\n"
    "def run_iter(runner, step):\n    runner.call_hook('after_train_iter', step=step)\n",
    "from mmcv.runner import Hook\n\n\nclass OwnHook(Hook):\n"
    "    def after_train_iter(self, runner):\n        pass\n",
]
INVALID: list[Example] = [
    _HEAD + "    def after_train_iter(self, runner):\n        pass\n",
    _HEAD + "    def before_train_iter(self, runner, idx, data_batch=None):\n        pass\n",
    _HEAD + "    def after_val_epoch(self, runner):\n        pass\n",
    _HEAD + "    def before_train(self):\n        pass\n",
    _HEAD + "    def after_train_epoch(self, runner, outputs):\n        pass\n",
]


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each method that mmengine cannot call."""
    called: dict[str, list[tuple[str, ...]]] | None = None
    for view in code.of_kind(HOOK):
        for function in functions_of(view):
            if function.name not in KEYWORDS or function.decorator_list:
                # A decorator may change the signature, unless it is master_only.
                marks = {attribute_path(one) for one in function.decorator_list}
                if function.name not in KEYWORDS or not marks <= {"master_only"}:
                    continue
            problem = _problem(function, KEYWORDS[function.name])
            if problem is None:
                continue
            called = own_calls(code) if called is None else called
            # A loop of the same project may call it in its own way.
            if all(_problem(function, one) for one in called.get(function.name, ())):
                yield view.found(
                    function,
                    f"mmengine calls {view.name}.{function.name} with {problem}: a TypeError",
                    _hint(function.name),
                )


def _problem(function: Function, keywords: tuple[str, ...]) -> str | None:
    """What does not fit, after "calls it with"."""
    given = function.args
    positional = [one.arg for one in (*given.posonlyargs, *given.args)]
    if len(positional) < 2 and given.vararg is None:
        return "the Runner, which it does not take"
    by_keyword = {one.arg for one in (*given.args[2:], *given.kwonlyargs)}
    if given.posonlyargs:
        by_keyword = {one.arg for one in (*given.args, *given.kwonlyargs)} - set(positional[:2])
    unknown = [one for one in keywords if one not in by_keyword]
    if unknown and given.kwarg is None:
        return f"{unknown[0]}=..., which it does not take"
    required = positional[: len(positional) - len(given.defaults)][2:]
    required += [
        one.arg
        for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
        if default is None
    ]
    missing = [one for one in required if one not in keywords]
    return f"no {missing[0]!r}, which it needs" if missing else None


def _hint(name: str) -> str:
    optional = {"data_batch", "outputs", "metrics"}
    arguments = [f"{one}=None" if one in optional else one for one in KEYWORDS[name]]
    return f"Write def {name}({', '.join(['self', 'runner', *arguments])})."
