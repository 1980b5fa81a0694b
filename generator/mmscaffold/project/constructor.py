"""What a class can be built with, read from its code."""

from __future__ import annotations

import ast
from collections.abc import Callable

from mmscaffold.config.text.syntax_nodes import syntax_nodes
from mmscaffold.facts.classes.constructor import (
    WITHOUT_ARGUMENTS,
    Constructor,
    joined_constructors,
)
from mmscaffold.project.code import ClassDefinition, Package
from mmscaffold.project.further_keywords import added_keys, further_keywords

# Other decorators may change what a class is built with.
_HARMLESS_DECORATORS = frozenset({"register_module", "total_ordering"})
_ANYTHING = Constructor(frozenset(), frozenset(), is_open=True, keeps_rest=True)


def _unknown(dotted: str) -> None:
    """Know nothing of the classes outside."""


def constructor_of(
    package: Package,
    definition: ClassDefinition,
    outside: Callable[[str], Constructor | None] = _unknown,
) -> Constructor | None:
    """What a class can be built with, by what each constructor hands on to the next one.

    Args:
        package: The code that it is part of.
        definition: The class.
        outside: Says the same of a class, by its dotted name, that is not in the code.

    Returns:
        ``None`` where no constructor was found.
    """
    parts: list[Constructor] = []
    for dotted in (definition.dotted, *package.ancestors(definition)):
        known = package.classes.get(dotted)
        found = own_constructor(known) if known is not None else outside(dotted)
        if found is not None:
            parts.append(found)
        if known is not None:
            is_unknown = any(_is_made(known, base) for base in known.node.bases)
        else:
            is_unknown = found is None and dotted not in WITHOUT_ARGUMENTS
        if is_unknown:
            # What comes before it may hand it anything.
            return joined_constructors([*parts, _ANYTHING]) if parts else None
    return joined_constructors(parts)


def _is_made(definition: ClassDefinition, base: ast.expr) -> bool:
    """Whether a base is made when the class is: ``class Own(mixed(RetinaNet))``."""
    # Of Generic[T], the brackets say nothing of its constructor.
    base = base.value if isinstance(base, ast.Subscript) else base
    return definition.module.dotted(base) is None


def own_constructor(definition: ClassDefinition) -> Constructor | None:
    """What the ``__init__`` that a class itself defines takes; ``None`` if it has none."""
    node, init = definition.node, init_of(definition.node)
    if is_made_otherwise(node) or (init is not None and init.decorator_list):
        # What it takes is not in its signature alone, nor what it needs.
        arguments = signature(init).arguments if init is not None else frozenset()
        return _ANYTHING._replace(arguments=arguments)
    if init is None:
        return None
    own, rest = signature(init), further_keywords(init)
    if rest is None:
        return own
    return own._replace(
        arguments=own.arguments | rest.taken,
        keeps_rest=not rest.go_on or skips_a_base(node, init),
        is_joined=rest.joined,
    )


def init_of(node: ast.ClassDef) -> ast.FunctionDef | None:
    """The ``__init__`` that a class itself defines."""
    found = next((one for one in node.body if getattr(one, "name", None) == "__init__"), None)
    return found if isinstance(found, ast.FunctionDef) else None


def is_made_otherwise(node: ast.ClassDef) -> bool:
    """Whether more than its ``__init__`` decides what a class is built with."""
    return (
        any(one.arg == "metaclass" and last_name(one.value) != "ABCMeta" for one in node.keywords)
        or any(getattr(one, "name", None) == "__new__" for one in node.body)
        or any(last_name(one) not in _HARMLESS_DECORATORS for one in node.decorator_list)
    )


def skips_a_base(node: ast.ClassDef, init: ast.FunctionDef) -> bool:
    """Whether a constructor calls another one than that of the next class in line."""
    for inner in syntax_nodes(init):
        if not isinstance(inner, ast.Attribute) or inner.attr != "__init__":
            continue
        owner = inner.value
        if isinstance(owner, ast.Call) and getattr(owner.func, "id", None) == "super":
            if owner.args and getattr(owner.args[0], "id", None) != node.name:
                return True
        else:
            return True
    return False


def last_name(node: ast.AST) -> str:
    """The last part of the name that an expression calls or reads; empty if it has none."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def signature(function: ast.FunctionDef) -> Constructor:
    """What the signature of an ``__init__`` says, and what its code hands on by name."""
    found = function.args
    positional = [*found.posonlyargs, *found.args][1:]
    plain = len(positional) - len(found.defaults)
    named = [
        one.arg
        for one, default in zip(found.kwonlyargs, found.kw_defaults, strict=True)
        if default is None
    ]
    return Constructor(
        frozenset(one.arg for one in (*positional, *found.kwonlyargs)),
        frozenset([*(one.arg for one in positional[:plain]), *named]),
        is_open=found.kwarg is not None,
        supplied=_supplied(function),
        positional=tuple(one.arg for one in positional),
        passed=_passed(function),
    )


def _passed(function: ast.FunctionDef) -> int:
    """How many arguments a constructor hands to that of its base by position.

    ``super().__init__(runner, dataloader, 12)`` hands on three, whatever they are called.
    """
    for node in syntax_nodes(function):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value
        is_super = isinstance(owner, ast.Call) and getattr(owner.func, "id", None) == "super"
        if node.func.attr == "__init__" and is_super:
            plain = [one for one in node.args if not isinstance(one, ast.Starred)]
            return len(plain) if len(plain) == len(node.args) else 0
    return 0


def _supplied(function: ast.FunctionDef) -> frozenset[str]:
    """What a constructor itself hands to those of its bases, by keyword.

    Beside ``super().__init__(runner, max_epochs=3, **kwargs)`` stands what it puts into
    ``kwargs``.
    """
    given = set(added_keys(function))
    for node in syntax_nodes(function):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", None) == "__init__":
            given |= {one.arg for one in node.keywords if one.arg is not None}
            # By position, an argument is taken to keep its name.
            given |= {one.id for one in node.args if isinstance(one, ast.Name)}
    return frozenset(given)
