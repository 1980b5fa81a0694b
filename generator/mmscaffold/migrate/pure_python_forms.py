"""How a change is written into a pure-Python config: ``.update(...)``, and imports.

There, an assignment after ``read_base()`` replaces what a base set; only a call merges. A
class is named by an import, and mmengine ignores ``custom_imports``
(mmengine/config/config.py, ``fromfile``).
"""

from __future__ import annotations

import ast
import re
from typing import Any

from mmscaffold.config.change import changed_items, first_difference, removed_keys
from mmscaffold.config.edit.imports import add_imports, drop_names
from mmscaffold.config.edit.python import assignment
from mmscaffold.config.edit.rendering import render
from mmscaffold.config.edit.spans import Edit
from mmscaffold.config.edit.wrapping import apply_wrapped
from mmscaffold.config.evaluate.values import LazyName
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.migrate.forms import Writer


class PurePythonWriter(Writer):
    """Collects the edits of one pure-Python file.

    Args:
        config: The file as it resolves now.
        inherited: Whether other configs import its names, so that all of them must stay.
    """

    def __init__(self, config: ResolvedConfig, *, inherited: bool) -> None:
        super().__init__(config, {})
        self._inherited = inherited
        self._needed: dict[str, LazyName] = {}
        self._names = [node for node in ast.walk(self._parsed.tree) if isinstance(node, ast.Name)]

    def write(self, key: str, wanted: Any) -> None:
        """Write ``wanted`` where the file sets ``key``, or have a base's value updated."""
        self._need(self._config.root.get(key), wanted)
        super().write(key, wanted)

    def write_in_place(self, key: str, wanted: Any) -> bool:
        """Change what the file itself writes for ``key``; add no key to it.

        Returns:
            Whether that was possible.
        """
        written = super().write_in_place(key, wanted)
        if written:
            self._need(self._config.root.get(key), wanted)
        return written

    def override(self, key: str, wanted: Any) -> None:
        """Change what ``key`` is by a call at the end of the file."""
        current = self._config.root.get(key)
        self._need(current, wanted)
        if isinstance(current, dict) and isinstance(wanted, dict):
            self._update(key, current, wanted)
        elif not self._update_elements(key, current, wanted):
            self._statements.append(assignment(self._parsed.source, key, wanted))

    def drop(self, key: str) -> None:
        """Have the config no longer hold a key that its bases set."""
        self._statements.append(f"del {key}")

    def result(self) -> bytes:
        """The file's bytes with everything written so far, imports included."""
        return apply_wrapped(self._parsed.source, [*self._import_edits(), *self.edits()])

    def _update(self, expression: str, current: dict[str, Any], wanted: dict[str, Any]) -> None:
        """Change a dict that some base made, by calls."""
        for name in removed_keys(current, wanted):
            self._statements.append(f"{expression}.pop({name!r})")
        here: dict[str, Any] = {}
        for name, value in changed_items(current, wanted).items():
            below = current.get(name)
            inner = f"{expression}[{name!r}]"
            if isinstance(below, dict) and isinstance(value, dict):
                self._update(inner, below, value)
            elif not self._update_elements(inner, below, value):
                here[name] = value
        if here:
            self._statements.append(
                f"{expression}.update({', '.join(f'{k}={render(v)}' for k, v in here.items())})"
            )

    def _update_elements(self, expression: str, current: Any, wanted: Any) -> bool:
        if not isinstance(current, list) or not isinstance(wanted, list):
            return False
        if len(current) != len(wanted):
            return False
        changed = changed_items(current, wanted)
        if not all(
            isinstance(current[index], dict) and isinstance(new, dict)
            for index, new in changed.items()
        ):
            return False
        for index, new in changed.items():
            self._update(f"{expression}[{index}]", current[index], new)
        return True

    def _need(self, current: Any, wanted: Any) -> None:
        """Note the classes that come in, to be imported."""
        if first_difference(current, wanted) is None:
            return
        if isinstance(wanted, LazyName):
            self._needed[wanted.dotted] = wanted
        elif isinstance(wanted, dict):
            for name, value in wanted.items():
                self._need(current.get(name) if isinstance(current, dict) else None, value)
        elif isinstance(wanted, list | tuple):
            alike = isinstance(current, list | tuple) and len(current) == len(wanted)
            for index, value in enumerate(wanted):
                self._need(current[index] if alike else None, value)

    def _import_edits(self) -> list[Edit]:
        """The imports of new classes, and those that nothing uses any more."""
        edits = []
        by_module: dict[str, list[str]] = {}
        for name in self._needed.values():
            module, _, attribute = name.dotted.rpartition(".")
            by_module.setdefault(module, []).append(attribute)
        for module, names in sorted(by_module.items()):
            added = add_imports(self._config, module, sorted(names))
            if added is not None:
                edits.append(added)
        if not self._inherited:
            for statement in self._parsed.tree.body:
                if isinstance(statement, ast.ImportFrom):
                    edits += drop_names(self._parsed, statement, self._unused(statement))
        return edits

    def _unused(self, statement: ast.ImportFrom) -> set[str]:
        """The names of an import whose every use is edited away."""
        found = set()
        for alias in statement.names:
            name = alias.asname or alias.name
            mine = [node for node in self._names if node.id == name]
            if mine and all(self._is_edited_away(node, name) for node in mine):
                found.add(name)
        return found

    def _is_edited_away(self, node: ast.Name, name: str) -> bool:
        span = self._parsed.span(node)
        return any(
            edit.span.start <= span.start
            and span.end <= edit.span.end
            and not re.search(rf"\b{re.escape(name)}\b", edit.text)
            for edit in self._edits.values()
        )
