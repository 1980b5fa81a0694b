"""Evaluate pure-Python configs: ``with read_base():`` and imported classes.

Nothing is imported: a class stays its dotted name, as in mmengine's lazy mode
(``Config._parse_lazy_import``, ``ImportTransformer``).
"""

from __future__ import annotations

import ast
import sys
from functools import partial
from pathlib import Path
from typing import Any

from mmscaffold.config.errors import ConfigError, MissingPackageError
from mmscaffold.config.evaluate.budget import MANY
from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.config.evaluate.control import imported_value
from mmscaffold.config.evaluate.copies import detached
from mmscaffold.config.evaluate.evaluation import BASE, Evaluation, Statements
from mmscaffold.config.evaluate.run import STATEMENTS, add_marker, run_statements
from mmscaffold.config.evaluate.values import (
    ConfigFunction,
    FunctionValue,
    LazyName,
    ModuleValue,
    Unknown,
    present,
)
from mmscaffold.config.resolve.bases import MOST_BASES, base_assignment
from mmscaffold.config.resolve.packages import installed_package
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.config.text.style import telling_statement


def base_imports(parsed: ParsedSource) -> list[ast.ImportFrom]:
    """The imports below ``with read_base():``, in order.

    Raises:
        ConfigError: If the file sets ``_base_`` too, or does anything else there.
    """
    mixed = base_assignment(parsed.tree)
    if mixed is not None:
        raise ConfigError(
            "sets _base_, but is in the pure-Python style",
            where=parsed.where(mixed),
            hint="Import the bases under `with read_base():`; the styles do not mix.",
        )
    telling = telling_statement(parsed)
    if isinstance(telling, ast.With) and not _reads_bases(telling):
        # Wherever it stands, if it is what makes the file one of this style.
        raise _other_with(parsed, telling)
    block = _base_block(parsed)
    if block is None:
        return []
    if not _reads_bases(block) or len(block.items) > 1:
        raise _other_with(parsed, block)
    for inner in block.body:
        if not isinstance(inner, ast.ImportFrom) or inner.module is None:
            raise ConfigError(
                "only `from .base import ...` is allowed under read_base()",
                where=parsed.where(inner),
                hint="Name the module: `from . import x` is not allowed there either.",
            )
    modules = _base_modules(block)
    imports = [
        node
        for node in ast.walk(parsed.tree)
        if isinstance(node, ast.ImportFrom) and module_name(node) in modules
    ]
    if len(imports) > MOST_BASES:
        raise ConfigError(
            f"imports more than {MOST_BASES} bases", where=parsed.where(imports[MOST_BASES])
        )
    # Wherever it stands, mmengine reads what is imported from a base before all else.
    return sorted(imports, key=lambda node: (node.lineno, node.col_offset))


def _base_block(parsed: ParsedSource) -> ast.With | None:
    """The block that names the bases: mmengine takes the first ``with`` only."""
    return next((node for node in parsed.tree.body if isinstance(node, ast.With)), None)


def _base_modules(block: ast.With | None) -> frozenset[str]:
    body = block.body if block else []
    return frozenset(module_name(node) for node in body if isinstance(node, ast.ImportFrom))


def module_name(statement: ast.ImportFrom) -> str:
    """A module as a file names it: what mmengine tells its bases apart by."""
    return f"{'.' * statement.level}{statement.module}"


def _reads_bases(statement: ast.With) -> bool:
    context = statement.items[0].context_expr
    is_named = isinstance(context, ast.Call) and isinstance(context.func, ast.Name)
    return is_named and context.func.id == "read_base"  # type: ignore[attr-defined]


def _other_with(parsed: ParsedSource, statement: ast.With) -> ConfigError:
    return ConfigError(
        "only `with read_base():` is allowed in a config", where=parsed.where(statement)
    )


def imported_file(statement: ast.ImportFrom, parsed: ParsedSource) -> Path:
    """The config that an import under ``read_base()`` names.

    Raises:
        ConfigError: If it belongs to a package that is not installed.
    """
    module = statement.module or ""
    if statement.level:
        folder = parsed.path.parent
        for _ in range(statement.level - 1):
            folder = _parent(folder)
        return folder / f"{module.replace('.', '/')}.py"
    package, *inner = module.split(".")
    if not inner:
        raise ConfigError(
            f"{package} is a package, not a config in one", where=parsed.where(statement)
        )
    root = _package_around(package, parsed.path) or installed_package(package)
    if root is None:
        raise MissingPackageError(
            f"the base {module} belongs to {package}, which is not installed here",
            where=parsed.where(statement),
            hint=f"Install {package} beside mmscaffold; it will not be imported.",
            package=package,
        )
    return root.joinpath(*inner[:-1], f"{inner[-1]}.py")


def _parent(folder: Path) -> Path:
    """What ``..`` is of a folder to the system, and so to mmengine: not of a link to it."""
    return (folder.resolve() if folder.is_symlink() else folder).parent


def _package_around(package: str, config: Path) -> Path | None:
    """The package that a config itself belongs to, if it has that name."""
    for folder in config.parents:
        if folder.name == package and (folder / "__init__.py").is_file():
            return folder
    return None


def import_names(
    statement: ast.ImportFrom,
    names: CfgDict,
    handed: dict[str, Any],
    variables: CfgDict,
    parsed: ParsedSource,
) -> None:
    """Bring names of a base into a config, as ``from base import ...`` does.

    Args:
        statement: The import.
        names: All that the base defines, its own imports included.
        handed: What earlier imports from the same module got: mmengine reads it once for a
            file, so that two names of one value are one object.
        variables: The config's names so far; filled in place.
        parsed: The config, for messages.

    Raises:
        ConfigError: If the base does not define a name.
    """
    for alias in statement.names:
        if alias.name == "*":
            if BASE in names:
                # Its code may set what another base has set.
                for name in variables.keys() - names.keys():
                    variables.put(name, present(names[BASE]), variables.origins.get(name))
            for name in names:
                variables.put(name, _handed_on(name, names, handed), names.origins.get(name))
            return
        if alias.name not in names and BASE in names:
            variables.put(alias.asname or alias.name, present(names[BASE]), None)
            continue
        if alias.name not in names:
            raise ConfigError(
                f"the base {statement.module} does not define {alias.name}",
                where=parsed.where(statement),
            )
        value = present(_handed_on(alias.name, names, handed))
        variables.put(alias.asname or alias.name, value, names.origins.get(alias.name))


class BaseFunction(FunctionValue):
    """A function of a base: it works on the names of the base as that was loaded."""

    __slots__ = ()


def _handed_on(name: str, names: CfgDict, handed: dict[str, Any]) -> Any:
    """What a child gets of a name of its base."""
    if name not in handed:
        value = names[name]
        if isinstance(value, ConfigFunction):
            value = BaseFunction(value.name, f"function {value.name} of a base is not called")
        handed[name] = detached(value)
    return handed[name]


def run_pure_python(parsed: ParsedSource, variables: CfgDict) -> frozenset[str]:
    """Evaluate a pure-Python config.

    Args:
        parsed: The file.
        variables: The names that its bases give it; filled in place.

    Returns:
        The names that it imports from elsewhere, which do not count as keys.

    Raises:
        ConfigError: Where Python or mmengine would raise, or where the work budget ends.
    """
    inherits = bool(variables)
    for name in _GIVEN:
        variables.put(name, Unknown(f"{name} is set by mmengine", str(parsed.path)), None)
    run = run_statements(parsed, variables, _statements(parsed))
    if inherits and run.budget.aliases:
        # It is not this file's text that tells how much its bases hold.
        run.budget.aliases += MANY
    run.budget.check_aliases(variables, str(parsed.path), len(parsed.text))
    if run.opened:
        # It runs code that is not evaluated, and that may set any key.
        add_marker(variables, run.opened)
    for name in _GIVEN:
        dict.pop(variables, name, None)
    return frozenset(run.imported)


_GIVEN = ("__file__", "LazyObject")
"""What mmengine gives such a file, and does not keep (``Config._parse_lazy_import``)."""


def config_keys(names: CfgDict, imported: frozenset[str]) -> CfgDict:
    """What of a file's names is config: all but the imported ones."""
    root = CfgDict()
    for name, value in names.items():
        # mmengine keeps functions of such a file, and then cannot write them.
        if name not in imported and not isinstance(value, ConfigFunction | BaseFunction):
            root.put(name, value, names.origins.get(name))
    return root


def _with(run: Evaluation, statement: ast.With, *, block: ast.With | None) -> None:
    """The bases were read before the first statement, as in mmengine; others are no bases."""
    if statement is block:
        return
    if _reads_bases(statement) and len(statement.items) == 1:
        run.evaluate(statement.items[0].context_expr.func)  # type: ignore[attr-defined]
        run.run(statement.body)
    else:
        STATEMENTS[ast.With](run, statement)


def _import(run: Evaluation, statement: ast.Import) -> None:
    run.made_foreign = True
    for alias in statement.names:
        builtin = _is_builtin(alias.name)
        if alias.asname:
            name, target = alias.name, alias.asname
            run.imported.add(target)
        else:
            name = target = alias.name.partition(".")[0]
            # Where mmengine knows a module as builtin it keeps the module itself as a
            # key; in a virtual environment it does not know it. No one means a key.
            run.imported.add(target)
        value = ModuleValue(name) if builtin else LazyName(name, is_module=True)
        run.bind(target, value, None)


def _import_from(run: Evaluation, statement: ast.ImportFrom, *, bases: frozenset[str]) -> None:
    module = module_name(statement)
    if module in bases:
        return
    builtin = not statement.level and _is_builtin(module)
    for alias in statement.names:
        if alias.name == "*":
            raise ConfigError(
                f"import * from {module} outside read_base()",
                where=run.parsed.where(statement),
                hint="Only bases may be imported whole, under `with read_base():`.",
            )
        target = alias.asname or alias.name
        run.imported.add(target)
        full = f"{module}.{alias.name}"
        value: Any = LazyName(full)
        if builtin:
            run.made_foreign = True
            if module.startswith("mmengine.config"):
                value = FunctionValue(full, f"{full} is not called")
            else:
                value = imported_value(run, statement, full)
        run.bind(target, value, None)


def _statements(parsed: ParsedSource) -> Statements:
    """What statements mean in a file of this style."""
    block = _base_block(parsed)
    return {
        **STATEMENTS,
        ast.Import: _import,
        ast.ImportFrom: partial(_import_from, bases=_base_modules(block)),
        ast.With: partial(_with, block=block),
    }


def _is_builtin(module: str) -> bool:
    """Whether mmengine imports a module for real instead of only naming it."""
    if module.startswith("mmengine.config"):
        return True
    return module.partition(".")[0] in sys.stdlib_module_names
