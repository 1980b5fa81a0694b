"""What a class takes, with its defaults, and where it is defined; read, never imported."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Place
from mmscaffold.check.parts import Part
from mmscaffold.config.evaluate.values import LazyName
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.classes.known_class import KnownClass
from mmscaffold.places.class_source import ClassSource, dotted_in, source_of
from mmscaffold.project.code import ClassDefinition, Module
from mmscaffold.project.constructor import own_constructor
from mmscaffold.project.family import Verdict

_LONGEST_DEFAULT = 60
_ARGUMENTS = re.compile(r"^[ \t]*(?:Args|Arguments|Parameters)[ \t]*:[ \t]*$", re.MULTILINE)
_ARGUMENT = re.compile(r"[ \t]*\*{0,2}(\w+)[ \t]*(?:\([^\n]*?\)[ \t]*)?:[ \t]*(.*)$")
_MOST_STEPS = 10
_NO_MODULE = Module("", Path(), ast.Module([], []))


@dataclass(frozen=True)
class Parameter:
    """One thing that a class can be given.

    Attributes:
        name: Its name.
        default: The text of its default; ``None`` if it has none, or it is not known.
        is_required: Whether it has none.
        kind: The text of its annotation.
        told: What the docstring says of it.
        owner: The class whose constructor takes it.
    """

    name: str
    default: str | None = None
    is_required: bool = False
    kind: str | None = None
    told: str = ""
    owner: str = ""

    @property
    def label(self) -> str:
        """As it stands in a signature."""
        text = self.name if self.kind is None else f"{self.name}: {self.kind}"
        if self.is_required:
            return text
        default = "…" if self.default is None else self.default
        return f"{text} = {default}" if self.kind else f"{text}={default}"


@dataclass(frozen=True)
class ClassPage:
    """What is known of a class.

    Attributes:
        name: Its name.
        dotted: Where it is defined, as Python names it.
        place: Where it is defined; ``None`` if its file is not here.
        parameters: What it takes, its own first, then those that go on to its bases.
        is_open: Whether it takes any other keyword, as far as is known.
        summary: The first sentences of its docstring.
        bases: The names of its direct bases.
    """

    name: str
    dotted: str
    place: Place | None
    parameters: tuple[Parameter, ...]
    is_open: bool
    summary: str = ""
    bases: tuple[str, ...] = ()

    def parameter(self, name: str) -> Parameter | None:
        """One of its parameters."""
        return next((one for one in self.parameters if one.name == name), None)


def class_page(view: ConfigView, named: str | LazyName, path: KeyPath = ()) -> ClassPage | None:
    """Look up the class that a ``type`` names.

    Args:
        view: The config that names it.
        named: The value of ``type``, or of ``runner_type``.
        path: Of the dict that holds it, which tells the scope.

    Returns:
        ``None`` if it is not known.
    """
    is_imported = isinstance(named, LazyName)
    name = named.dotted if isinstance(named, LazyName) else named
    bare = name.rpartition(".")[2]
    if not bare:
        return None
    scope = view.scope_at(path)
    part = Part(path, {}, None, name, is_imported, scope)
    # What a fork in the tree registers is in its table: to ask its code takes far longer.
    own = None if is_imported else view.imported_code
    if own is not None:
        definition = next((one[bare] for one in own.registered.values() if bare in one), None)
        if definition is not None:
            bases = own.package.ancestors(definition)
            rest = _following(view, bases, own.package.classes)
            return _page(view, _of_definition(definition), rest)
    found = view.find(part)
    if found.verdict is Verdict.KNOWN:
        return _known_page(view, found.classes[0])
    if "OPTIMIZERS" in found.registries:
        return _dotted_page(view, f"torch.optim.{bare}")
    return _dotted_page(view, name) if "." in name else None


def _known_page(view: ConfigView, known: KnownClass) -> ClassPage:
    lineage = view.family.lineage(known)
    return _page(view, known, lineage[1:])


def _dotted_page(view: ConfigView, dotted: str) -> ClassPage | None:
    """A class that no table has, by the module that it is imported from."""
    source = source_of(view, dotted)
    return None if source is None else _page(view, source, _written_bases(view, source))


def _written_bases(view: ConfigView, source: ClassSource) -> Iterator[ClassSource]:
    for _ in range(_MOST_STEPS):
        names = [dotted_in(source, one) for one in source.node.bases]
        found = next((one for name in names if name and (one := source_of(view, name))), None)
        if found is None:
            return
        source = found
        yield source


def _following(
    view: ConfigView, bases: Iterator[str], classes: Mapping[str, ClassDefinition]
) -> Iterator[ClassSource | KnownClass | str]:
    """The bases of a class of a project, then those of what it derives from upstream."""
    for dotted in bases:
        definition = classes.get(dotted)
        if definition is not None:
            yield _of_definition(definition)
            continue
        found = view.family.find("mmengine", None, dotted)
        if found.verdict is Verdict.KNOWN:
            yield from view.family.lineage(found.classes[0])
        else:
            yield dotted


def _of_definition(definition: ClassDefinition) -> ClassSource:
    return ClassSource(definition.dotted, definition.module.path, definition.node)


def _page(
    view: ConfigView,
    whole: ClassSource | KnownClass,
    rest: Iterable[ClassSource | KnownClass | str],
) -> ClassPage:
    """A class as it is written or tabled, with what it hands on to its bases."""
    parameters: dict[str, Parameter] = {}
    supplied: set[str] = set()
    passed = 0
    is_open = False
    for one in (whole, *rest):
        if isinstance(one, str):
            continue
        source = one if isinstance(one, ClassSource) else source_of(view, one.dotted)
        hands_on: bool | None
        if source is not None:
            found, hands_on = _written(source)
        elif isinstance(one, KnownClass):
            found, hands_on = _tabled(one)
        else:
            continue
        if hands_on is None:
            continue
        supplied.update(each.name for each in found[:passed])
        for parameter in found:
            if parameter.name not in supplied:
                parameters.setdefault(parameter.name, parameter)
        passed = one.passed if isinstance(one, KnownClass) else 0
        supplied |= _supplied(one)
        is_open = hands_on
        if not hands_on:
            break
    source = whole if isinstance(whole, ClassSource) else source_of(view, whole.dotted)
    listed = tuple(sorted(parameters.values(), key=lambda one: not one.is_required))
    name = whole.dotted.rpartition(".")[2]
    if source is None:
        bases = whole.bases if isinstance(whole, KnownClass) else ()
        names = tuple(one.rpartition(".")[2] for one in bases)
        return ClassPage(name, whole.dotted, None, listed, is_open, "", names)
    doc = ast.get_docstring(source.node) or ""
    return ClassPage(
        name,
        whole.dotted,
        Place.at(source.path, source.node),
        listed,
        is_open,
        _summary(doc),
        tuple(ast.unparse(one) for one in source.node.bases),
    )


def _supplied(one: ClassSource | KnownClass) -> frozenset[str]:
    if isinstance(one, KnownClass):
        return one.supplied
    own = own_constructor(ClassDefinition(one.dotted, one.node, _NO_MODULE))
    return own.supplied if own is not None else frozenset()


def _tabled(known: KnownClass) -> tuple[list[Parameter], bool | None]:
    if known.arguments is None:
        return [], None
    found = [
        Parameter(one, None, one in known.required, owner=known.name) for one in known.arguments
    ]
    return found, known.hands_on


def _written(source: ClassSource) -> tuple[list[Parameter], bool | None]:
    """The parameters of the ``__init__`` of a class, and whether it takes any keyword."""
    init = next(
        (
            one
            for one in source.node.body
            if isinstance(one, ast.FunctionDef) and one.name == "__init__"
        ),
        None,
    )
    if init is None:
        if any("dataclass" in ast.unparse(one) for one in source.node.decorator_list):
            return list(_fields(source)), False
        return [], None
    told = {
        **_told_arguments(ast.get_docstring(source.node) or ""),
        **_told_arguments(ast.get_docstring(init) or ""),
    }
    arguments = init.args
    positional = [*arguments.posonlyargs, *arguments.args]
    missing = len(positional) - len(arguments.defaults)
    defaults: list[ast.expr | None] = [*[None] * missing, *arguments.defaults]
    pairs = [
        *zip(positional[1:], defaults[1:], strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    owner = source.node.name
    found = [
        Parameter(
            one.arg,
            None if default is None else _short(default),
            default is None,
            None if one.annotation is None else _short(one.annotation),
            told.get(one.arg, ""),
            owner,
        )
        for one, default in pairs
    ]
    return found, arguments.kwarg is not None


def _fields(source: ClassSource) -> Iterator[Parameter]:
    for one in source.node.body:
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            default = None if one.value is None else _short(one.value)
            kind = _short(one.annotation)
            yield Parameter(one.target.id, default, one.value is None, kind, "", source.node.name)


def _short(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= _LONGEST_DEFAULT else f"{text[: _LONGEST_DEFAULT - 1]}…"


def _summary(doc: str) -> str:
    """The first paragraph of a docstring."""
    return " ".join(inspect.cleandoc(doc).partition("\n\n")[0].split())


def _told_arguments(doc: str) -> dict[str, str]:
    """What a docstring of Google's style says of each argument."""
    found: dict[str, str] = {}
    heading = _ARGUMENTS.search(doc)
    if heading is None:
        return found
    indent: int | None = None
    name = ""
    for line in doc[heading.end() :].split("\n"):
        stripped = line.strip()
        if not stripped:
            continue
        argument = _ARGUMENT.match(line)
        depth = len(line) - len(line.lstrip())
        if indent is None:
            indent = depth
        if depth < indent:
            break
        if argument is not None and depth == indent:
            name = argument.group(1)
            found[name] = argument.group(2)
        elif name and depth > indent:
            found[name] = f"{found[name]} {stripped}".strip()
    return found
