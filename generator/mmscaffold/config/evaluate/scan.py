"""What code could do that is not evaluated, read off its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_DEFINING = (*_SCOPES, ast.Import, ast.ImportFrom)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LOOPS = (ast.For, ast.While, ast.AsyncFor)
_SUSPENDING = (ast.Yield, ast.YieldFrom, ast.Await)

REFLECTING = frozenset(
    {"globals", "locals", "vars", "exec", "eval", "compile", "__builtins__", "__import__"}
)
"""Builtins through which code reaches names that it does not write."""

REFLECTING_ATTRIBUTES = frozenset(
    {"_getframe", "currentframe", "stack", "modules", "get_objects", "get_referrers"}
    | {"__globals__", "f_globals", "f_locals", "f_back", "__dict__", "__self__", "__closure__"}
    | {"tb_frame", "gi_frame", "exec", "eval", "run_path", "run_module"}
)
REFLECTING_MODULES = frozenset({"builtins", "sys", "inspect", "gc", "ctypes", "runpy", "code"})

PURE_BUILTINS = frozenset(
    """
    abs all any ascii bin bool bytes callable chr complex dict divmod enumerate float format
    frozenset getattr hasattr hash hex id input int isinstance issubclass iter len list max
    min next object oct open ord pow print range repr reversed round set slice sorted str
    sum tuple type zip ArithmeticError AssertionError AttributeError Exception
    FileNotFoundError ImportError IndexError KeyError NameError NotImplementedError OSError
    RuntimeError TypeError ValueError
    """.split()  # noqa: SIM905
)
"""Builtins that change none of their arguments, but read iterators and call functions."""


class Names:
    """Who a function's names belong to.

    Attributes:
        local: Its parameters, and what it binds.
        outer: What it declares ``global``.
        enclosing: What it declares ``nonlocal``.
        suspends: Whether it is a generator or a coroutine, so that a call runs none of it.
    """

    def __init__(self) -> None:
        self.local: set[str] = set()
        self.outer: set[str] = set()
        self.enclosing: set[str] = set()
        self.suspends = False


class Effects:
    """What code could do.

    Attributes:
        bound: Names that it binds in the scope where it stands.
        outer: Names that functions in it bind as ``global`` or ``nonlocal`` ones.
        loads: Names that it reads.
        changed: Names of what it may change: stored into, passed on, called.
        calls: Whether it calls anything.
        reflects: Whether it may reach names that it does not write.
        leaves: Whether it may leave the loop or function around it.
        defines: Whether it imports modules or defines functions.
        size: How many nodes were looked at.
    """

    def __init__(self) -> None:
        self.bound: set[str] = set()
        self.outer: set[str] = set()
        self.loads: set[str] = set()
        self.changed: set[str] = set()
        self.inner: set[str] = set()
        self.calls = False
        self.reflects = False
        self.leaves = False
        self.defines = False
        self.size = 0


def own_names(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Names:
    """Whose the names of a function are."""
    names = Names()
    arguments = function.args
    for parameter in (
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    ):
        if parameter is not None:
            names.local.add(parameter.arg)
    if isinstance(function, ast.AsyncFunctionDef):
        names.suspends = True
    body: list[ast.AST] = (
        [function.body] if isinstance(function, ast.Lambda) else list(function.body)
    )
    while body:
        node = body.pop()
        names.local.update(_bound_by(node))
        if isinstance(node, ast.Global):
            names.outer.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            names.enclosing.update(node.names)
        elif isinstance(node, _SUSPENDING):
            names.suspends = True
        body += _inner_of_scope(node)
    names.local -= names.outer | names.enclosing
    return names


def _bound_by(node: ast.AST) -> Iterable[str]:
    """The names that one node itself binds in its scope."""
    if isinstance(node, ast.Name):
        return () if isinstance(node.ctx, ast.Load) else (node.id,)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        return (node.name,) if node.name else ()
    if isinstance(node, ast.MatchMapping):
        return (node.rest,) if node.rest else ()
    return ()


def _inner_of_scope(node: ast.AST) -> Iterable[ast.AST]:
    """The children of a node that may bind names of the scope where it stands."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        defaults = [default for default in node.args.kw_defaults if default]
        return [*node.decorator_list, *node.args.defaults, *defaults]
    if isinstance(node, ast.Lambda):
        return [*node.args.defaults, *[default for default in node.args.kw_defaults if default]]
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *[word.value for word in node.keywords]]
    if isinstance(node, _COMPREHENSIONS):
        # Its own loop variables are its own; a := in it binds outside.
        return [inner for inner in ast.walk(node) if isinstance(inner, ast.NamedExpr)]
    if isinstance(node, ast.NamedExpr):
        return [node.target, node.value]
    return ast.iter_child_nodes(node)


def effects_of(nodes: Iterable[ast.AST], pure: Callable[[ast.Call], bool]) -> Effects:
    """What some code could do.

    Args:
        nodes: The code.
        pure: Whether a call is of a method that changes none of its arguments.
    """
    effects = Effects()
    nodes = list(nodes)
    own: list[ast.AST] = list(nodes)
    while own:
        node = own.pop()
        effects.bound.update(_bound_by(node))
        own += _inner_of_scope(node)
    for top in nodes:
        _look_at(top, effects, pure, in_loop=False, in_function=False)
    if effects.changed & (effects.bound | effects.inner):
        # What is bound in the code may be any of what it reads.
        effects.changed |= effects.loads
    return effects


def _private_globals(node: ast.ClassDef) -> set[str]:
    """What ``global __name`` in a class names: Python puts the class before it."""
    return {
        f"_{node.name.lstrip('_')}{name}"
        for inner in ast.walk(node)
        if isinstance(inner, ast.Global)
        for name in inner.names
        if name.startswith("__") and not name.endswith("__")
    }


def _look_at(
    node: ast.AST,
    effects: Effects,
    pure: Callable[[ast.Call], bool],
    *,
    in_loop: bool,
    in_function: bool,
) -> None:
    effects.size += 1
    effects.inner.update(_bound_by(node))
    effects.defines |= isinstance(node, _DEFINING)
    if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
        effects.reflects = True
    if isinstance(node, ast.Name):
        effects.loads.add(node.id)
        effects.reflects |= node.id in REFLECTING
    elif isinstance(node, ast.arg):
        effects.inner.add(node.arg)
    elif isinstance(node, ast.Global | ast.Nonlocal):
        effects.outer.update(node.names)
    elif isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute):
            effects.reflects |= node.attr in REFLECTING_ATTRIBUTES
        if not isinstance(node.ctx, ast.Load):
            effects.changed |= names_in(node.value)
    elif isinstance(node, ast.AugAssign):
        effects.changed |= names_in(node.target)
    elif isinstance(node, ast.Call):
        effects.calls = True
        if not pure(node):
            effects.changed |= names_in(node)
    elif isinstance(node, ast.With | ast.AsyncWith):
        effects.calls = True
        for item in node.items:
            effects.changed |= names_in(item.context_expr)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        called: list[ast.expr] = list(node.decorator_list)
        if isinstance(node, ast.ClassDef):
            effects.outer.update(_private_globals(node))
            # Bases are told of the class (__init_subclass__), a metaclass makes it.
            called += [*node.bases, *[word.value for word in node.keywords]]
        for one in called:
            effects.calls = True
            effects.changed |= names_in(one)
    elif isinstance(node, ast.Return):
        effects.leaves |= not in_function
    elif isinstance(node, ast.Break | ast.Continue):
        effects.leaves |= not in_loop
    elif isinstance(node, _SUSPENDING):
        effects.leaves |= not in_function
    if isinstance(node, _SCOPES):
        in_function, in_loop = True, True
    in_loop |= isinstance(node, _LOOPS)
    for child in ast.iter_child_nodes(node):
        _look_at(child, effects, pure, in_loop=in_loop, in_function=in_function)


def names_in(node: ast.AST) -> set[str]:
    """All names in some code."""
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
