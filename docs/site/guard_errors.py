"""The errors of a project's guard, read from the code of the template that raises them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

_ENGINE = Path(__file__).parents[2] / "template" / "{{package_name}}" / "engine"
_JINJA = re.compile(r"\{%.*?%\}|\{#.*?#\}")

_FRAME = {
    "en": """\
# What the guard of a project says

`MyRunner` checks a train loop when it builds it; `ProgressGuardHook` counts independently while it
runs, and compares. What breaks the [progress contract](../contract.md) ends the training in its
first epoch, with an error of this form, in the log as well as on the console:

```text
ContractError: TwoInputTrainLoop.iter: expected 1, got 0. The loop's _iter must advance ...
```

It names the class and the attribute, what was expected and what was there, the cause, and the
rule of `mmscaffold check` that finds it without running anything.
`ProgressGuardHook(only_warn=True)` in `custom_hooks` warns instead. In the table, `...` is what
the run fills in.
""",
    "zh": """\
# 守护 Hook 的报错

`MyRunner` 在构建训练循环时检查它；`ProgressGuardHook` 在训练过程中独立计数并比较。违反
[进度契约](../contract.md)的训练会在第一个 epoch 内停止，错误的形式如下，日志和终端里都有：

```text
ContractError: TwoInputTrainLoop.iter: expected 1, got 0. The loop's _iter must advance ...
```

它说明是哪个类的哪个属性、应该是什么、实际是什么、原因何在，以及 `mmscaffold check` 的哪条规则
不用运行就能发现它。在 `custom_hooks` 里写 `ProgressGuardHook(only_warn=True)`，就只警告而不停止。
表中的 `...` 由运行时填入。

!!! note "表格取自代码，只有英文"
""",
}
_HEADS = {
    "en": "| attribute | expected | why it goes wrong, and what to do | rule |",
    "zh": "| 属性 | 应该是 | 为什么出错，怎么办 | 规则 |",
}
_WHERE = {
    "contract.py": {"en": "When the loop is built", "zh": "构建循环时"},
    "progress_guard.py": {"en": "While it trains", "zh": "训练过程中"},
    "validation_watch.py": {"en": "Around validations", "zh": "验证前后"},
    "rehearsal.py": {"en": "In the rehearsal of the first epoch", "zh": "预演第一个 epoch 时"},
}


def page(language: str) -> str:
    """The page of all errors.

    Args:
        language: ``en`` or ``zh``.
    """
    parts = [_FRAME[language].rstrip()]
    for name, title in _WHERE.items():
        rows = sorted(set(_errors(_ENGINE / f"{name}.jinja")))
        if rows:
            head = f"{_HEADS[language]}\n| --- | --- | --- | --- |"
            parts += [f"## {title[language]}", "\n".join([head, *rows])]
    return "\n\n".join(parts) + "\n"


def _errors(file: Path) -> Iterator[str]:
    """The row of each error that a module raises."""
    tree = ast.parse(_JINJA.sub("", file.read_text(encoding="utf-8")))
    constants = {
        target.id: node.value.value
        for node in _statements(_ENGINE / "contract.py.jinja")
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        known = constants | {
            target.id: _text(node.value, constants)
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name) and _is_text(node.value)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ContractError":
                texts = [_text(one, known) for one in node.args]
                _, attribute, expected, _, cause = texts[:5]
                rule = texts[5] if len(texts) > 5 else ""
                linked = ", ".join(
                    f"[{one}](../rules/{one}.md)" for one in re.findall(r"MMS\d+", rule)
                )
                # Some are told by the caller, which is in this list with its own.
                if cause.strip(". "):
                    told = " | ".join(_escaped(one) for one in (expected, cause))
                    yield f"| `{attribute}` | {told} | {linked} |"


def _escaped(text: str) -> str:
    return re.sub(r"([_*])", r"\\\1", text)


def _statements(file: Path) -> list[ast.stmt]:
    return ast.parse(_JINJA.sub("", file.read_text(encoding="utf-8"))).body


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr | ast.BinOp) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _text(node: ast.expr, known: dict[str, object]) -> str:
    """The text of an expression; what only a run knows is ``...``."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, known) for part in node.values)
    if isinstance(node, ast.BinOp):
        return _text(node.left, known) + _text(node.right, known)
    if isinstance(node, ast.IfExp):
        return f"{_text(node.body, known)} or {_text(node.orelse, known)}"
    if isinstance(node, ast.Name) and node.id in known:
        return str(known[node.id])
    return "..."
