"""What is forgotten when code is not evaluated: all that it could have changed."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgSet
from mmscaffold.config.evaluate.forgotten import Forgotten, forget_object, keep_in
from mmscaffold.config.evaluate.iterators import CfgIterator, View
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.scan import PURE_BUILTINS, Effects, effects_of
from mmscaffold.config.evaluate.values import (
    LEAVES,
    ConfigFunction,
    Harmless,
    ModuleValue,
    Perhaps,
    Reflection,
    Unknown,
)


class State(Protocol):
    """What of an ``Evaluation`` is needed to forget."""

    variables: CfgDict
    scopes: list[dict[str, Any]]
    calls: list[Any]
    forgot: bool
    made_unknown: bool
    forgetting_all: bool
    opened: Unknown | None
    escaped: dict[int, Any]
    lurking: dict[int, ConfigFunction]

    def where(self) -> str:
        """The place at work."""

    def charge_steps(self, count: int) -> None:
        """Account for work."""

    def peek(self, name: str, scopes: Sequence[dict[str, Any]] | None = None) -> Any:
        """What a name stands for, or ``None``."""

    def bind(self, name: str, value: Any, origin: Origin | None) -> None:
        """Give a name a value, in the scope that it belongs to."""

    def bind_outer(self, name: str, value: Any, scopes: Sequence[dict[str, Any]]) -> None:
        """Give a name a value, as code between some scopes would."""


# To look at all that a node may change takes several times as long as to evaluate it.
_STEPS_PER_NODE = 4
_PURE_METHODS = frozenset({"copy", "count", "get", "index", "items", "keys", "values"})


_DEFINED = ModuleValue("what code imports or defines that is not evaluated")


def give_up(run: State, nodes: Iterable[ast.AST], unknown: Unknown) -> bool:
    """Forget all that some code could change, and the names that it binds.

    Args:
        run: The state, in the scope where the code stands.
        nodes: The code; whether, and how often, it runs is not known.
        unknown: Why.

    Returns:
        Whether the code may leave the loop or function around it.
    """
    effects = effects_of(nodes, lambda call: _is_pure(run, call))
    run.made_unknown = True
    run.charge_steps(_STEPS_PER_NODE * effects.size)
    values = [run.peek(name) for name in effects.loads]
    reach = tuple(value for value in values if type(value) not in LEAVES)
    if effects.defines:
        reach += (_DEFINED,)
    _apply(run, effects, tuple(run.scopes), unknown)
    for name in effects.bound:
        # Or it is not bound there, and still what it was.
        before = run.peek(name)
        held = reach if type(before) in LEAVES else (before, *reach)
        run.bind(name, Perhaps(unknown.reason, unknown.where, held), None)
    return effects.leaves


def _apply(
    run: State, effects: Effects, scopes: tuple[dict[str, Any], ...], unknown: Unknown
) -> None:
    if effects.reflects:
        forget_everything(run, unknown)
        return
    forget(run, _roots(run, effects, scopes), unknown)
    _bind_outer(run, effects, scopes, unknown)


def _bind_outer(
    run: State, effects: Effects, scopes: tuple[dict[str, Any], ...], unknown: Unknown
) -> None:
    """Functions in some code may bind names outside it, or not."""
    for name in effects.outer:
        before = run.peek(name, scopes)
        run.bind_outer(name, Perhaps(unknown.reason, unknown.where, (unknown, before)), scopes)


def _roots(run: State, effects: Effects, scopes: tuple[dict[str, Any], ...]) -> list[Any]:
    roots = [run.peek(name, scopes) for name in effects.changed]
    for name in effects.loads:
        value = run.peek(name, scopes)
        if isinstance(value, CfgIterator) or (effects.calls and isinstance(value, ConfigFunction)):
            roots.append(value)
            if effects.changed:
                # What it yields may be what is changed here.
                roots += read_by(run, value)
    return roots


def forget(run: State, roots: Iterable[Any], unknown: Unknown) -> None:
    """Forget values, all that can be reached from them, and what functions in it change."""
    seen: dict[int, Any] = {}
    stack = list(roots)
    while stack:
        value = stack.pop()
        kind = type(value)
        if kind in LEAVES or id(value) in seen:
            continue
        seen[id(value)] = value
        run.charge_steps(1)
        if isinstance(value, Reflection):
            forget_everything(run, unknown)
        elif isinstance(value, CfgDict | CfgList | CfgSet | CfgIterator):
            stack += dict.values(value) if isinstance(value, CfgDict) else _items(value)
            run.escaped[id(value)] = value
            run.forgot = run.made_unknown = True
            forget_object(value, unknown)
        elif isinstance(value, Unknown):
            stack += value.reach
        elif isinstance(value, tuple | frozenset):
            stack += value
        elif isinstance(value, View):
            stack.append(value.of)
        elif isinstance(value, ConfigFunction):
            stack += _called(run, value, unknown)


def _items(value: Any) -> Iterable[Any]:
    if isinstance(value, CfgIterator):
        return (*value.held, value.function)
    return set.__iter__(value) if isinstance(value, CfgSet) else list.__iter__(value)


def _called(run: State, function: ConfigFunction, unknown: Unknown) -> list[Any]:
    """What a function may change that is called at a time that is not known."""
    run.charge_steps(_STEPS_PER_NODE)
    effects = function_effects(run, function)
    values = [default for default, _ in function.defaults.values()]
    if effects.reflects:
        forget_everything(run, unknown)
        return values
    _bind_outer(run, effects, function.scopes, unknown)
    if effects.changed or effects.outer:
        run.lurking.setdefault(id(function), function)
    return values + _roots(run, effects, function.scopes)


def function_effects(run: State, function: ConfigFunction) -> Effects:
    """What the body of a function could do, to all but its own names."""
    if function.effects is None:
        effects = effects_of(function.body, lambda call: _is_pure(run, call, function))
        run.charge_steps(_STEPS_PER_NODE * effects.size)
        effects.changed -= function.names.local
        effects.loads -= function.names.local
        function.effects = effects
    known: Effects = function.effects
    return known


def read_by(run: State, value: Any) -> list[Any]:
    """What a function reads, and so may yield, hold or pass on."""
    if not isinstance(value, ConfigFunction):
        return []
    effects = function_effects(run, value)
    found = [run.peek(name, value.scopes) for name in effects.loads]
    return [one for one in found if type(one) not in LEAVES]


def forget_lurking(run: State) -> None:
    """Forget what code may have changed that foreign code can call at any time."""
    functions = tuple(run.lurking.values())
    run.charge_steps(len(functions))
    forget(run, functions, Unknown("a function of the config may have changed it", run.where()))


def may_change(run: State, node: ast.AST) -> bool:
    """Whether some code may change anything at all."""
    effects = effects_of([node], lambda call: _is_pure(run, call))
    run.charge_steps(_STEPS_PER_NODE * effects.size)
    if effects.bound or effects.changed or effects.reflects or effects.outer:
        return True
    values = (run.peek(name) for name in effects.loads)
    return any(isinstance(value, CfgIterator | ConfigFunction) for value in values)


def raises_only(run: State, statement: ast.stmt) -> bool:
    """Whether a statement that raises has changed nothing by then."""
    parts: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        parts = [statement.value]
        for target in statement.targets:
            if isinstance(target, ast.Attribute | ast.Subscript) and len(statement.targets) == 1:
                parts.append(target.value)
                parts += [target.slice] if isinstance(target, ast.Subscript) else []
            elif not isinstance(target, ast.Name):
                return False
    elif isinstance(statement, ast.Expr | ast.Return):
        parts = [statement.value] if statement.value else []
    else:
        return False
    return not any(may_change(run, part) for part in parts)


def forget_everything(run: State, unknown: Unknown) -> None:
    """Forget all: code may have changed, added or removed any name."""
    if run.forgetting_all:
        return
    run.forgetting_all = True
    run.forgot = run.made_unknown = True
    run.opened = run.opened or unknown
    scopes = [*run.scopes, *run.calls]
    values = [run.peek(name) for name in list(run.variables)]
    forget(run, [*values, *[item for scope in scopes for item in scope.values()]], unknown)
    for name in list(run.variables):
        if name != "_base_":
            run.variables.put(name, unknown, run.variables.origins.get(name))
    for scope in scopes:
        for name in scope:
            scope[name] = unknown
    run.forgetting_all = False


def change_unknown(run: State, container: Unknown, value: Any, unknown: Unknown) -> None:
    """Something was stored in, or taken out of, what is not known."""
    if isinstance(container, Forgotten) and id(container) not in run.escaped:
        keep_in(container, value)
    else:
        # Whoever holds it may change what is stored in it.
        forget(run, (container, value), unknown)


def forget_content(run: State, container: Any, unknown: Unknown, *held: Any) -> None:
    """Make one container unknown that has changed, or may hold some values now, or both."""
    run.forgot = run.made_unknown = True
    forget_object(container, unknown)
    if isinstance(container, Forgotten):
        for value in held:
            keep_in(container, value)


def _is_pure(run: State, call: ast.Call, function: ConfigFunction | None = None) -> bool:
    """Whether a call changes nothing, as far as its functions and iterators do not."""
    target = call.func
    own = function.names.local if function else ()
    if isinstance(target, ast.Name):
        if target.id in own:
            return False
        value = run.peek(target.id)
        return value is None and target.id in PURE_BUILTINS
    if not isinstance(target, ast.Attribute):
        return False
    if isinstance(target.value, ast.Constant | ast.JoinedStr):
        return True
    root: ast.expr = target.value
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name) or root.id in own:
        return False
    value = run.peek(root.id)
    if isinstance(value, ModuleValue | Harmless):
        return is_harmless_module(value.name) if isinstance(value, ModuleValue) else True
    known = isinstance(value, CfgDict | CfgList | str) and not isinstance(value, Unknown)
    direct = root is target.value and known
    return direct and (isinstance(value, str) or target.attr in _PURE_METHODS)


_HARMLESS_MODULES = frozenset(
    """
    datetime getpass glob json logging math multiprocessing os pathlib platform pprint re
    socket string textwrap time uuid warnings
    """.split()  # noqa: SIM905
)


def is_harmless_module(name: str) -> bool:
    """Whether the functions of a module change none of their arguments."""
    return name.partition(".")[0] in _HARMLESS_MODULES
