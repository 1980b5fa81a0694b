"""Random expressions in the terms of real config files."""

from __future__ import annotations

import copy
import random
import types
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from mmengine.config import Config, ConfigDict

T = TypeVar("T")
Choose = Callable[[int], int]

KEYS = ("type", "a", "b", "depth", "backbone", "end", "milestones")
NAMES = ("model", "train_cfg", "x", "y", "z", "param_scheduler", "_private", "__hidden")
LOOP_NAMES = ("i", "j", "k")
WORDS = ("A", "data/", "é中", "", "1x", "a_b", "%", "{}")
NUMBERS = ("0", "1", "2", "3", "12", "-1", "1e-3", "0.5", "2.0", "True", "False", "10**2")
OPERATORS = ("+", "-", "*", "//", "/", "%", "**", "|", "&", "<<")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "in", "not in")


def seeded(seed: int) -> Choose:
    """The choices of a seed: fast, and the same whenever they are drawn."""
    source = random.Random(seed)
    return lambda most: source.randint(0, most)


class ExpressionWriter:
    """Writes expressions over the names that the file so far has set.

    Args:
        choose: Draws a number from 0 to the one given; see ``seeded``.
        base: What the file's bases resolve to, joined.
    """

    def __init__(self, choose: Choose, base: dict[str, Any]) -> None:
        self._choose = choose
        self._base = Config._dict_to_config_dict(copy.deepcopy(base))
        if not isinstance(self._base, ConfigDict):
            self._base = ConfigDict()
        self._globals: dict[str, Any] = {"_base_": self._base}
        self._locals: list[str] = []
        self.lines: list[str] = []

    def pick(self, options: Sequence[T]) -> T:
        """One of several."""
        return options[self._choose(len(options) - 1)]

    def number(self, most: int) -> int:
        """A number from 0 to ``most``."""
        return self._choose(most)

    def name(self) -> str:
        """A name to assign."""
        return self.pick(NAMES)

    def path(self, wanted: Callable[[Any], bool], least: int = 0) -> str:
        """A name, attribute or subscript that holds what is wanted, where there is one."""
        found: list[str] = []
        foreign = (types.ModuleType, types.FunctionType)
        roots = [
            name
            for name, value in self._globals.items()
            if name not in {"__builtins__", "_base_"} and not isinstance(value, foreign)
        ]
        for root in roots:
            if least == 0 and wanted(self._globals[root]):
                found.append(root)
            self._paths(self._globals[root], root, wanted, found, 3)
        self._paths(self._base, "_base_", wanted, found, 4)
        return self.pick(found) if found else self.name()

    def _paths(
        self,
        value: Any,
        path: str,
        wanted: Callable[[Any], bool],
        found: list[str],
        depth: int,
    ) -> None:
        if depth == 0 or len(found) > 40:
            return
        if isinstance(value, dict):
            for key, item in list(dict.items(value))[:6]:
                attribute = isinstance(value, ConfigDict) and isinstance(key, str)
                step = f".{key}" if attribute and key.isidentifier() else f"[{key!r}]"
                if wanted(item):
                    found.append(path + step)
                self._paths(item, path + step, wanted, found, depth - 1)
        elif isinstance(value, list | tuple):
            for index, item in enumerate(value[:3]):
                if wanted(item):
                    found.append(f"{path}[{index}]")
                self._paths(item, f"{path}[{index}]", wanted, found, depth - 1)

    def iterable(self) -> str:
        """Something to loop over."""
        kind = self.number(6)
        if kind == 0:
            return f"range({self.number(3)})"
        if kind == 1:
            return f"enumerate({self.path(lambda value: isinstance(value, list | tuple | str))})"
        if kind == 2:
            path = self.path(lambda value: isinstance(value, dict))
            return path + self.pick((".items()", ".keys()", ".values()", ""))
        if kind == 3:
            return f"zip({self.value(1)}, {self.iterable()})"
        if kind == 4:
            return self.pick(("'ab'", "(1, 2)", "[3, 4]", "sorted([2, 1])", "reversed([1, 2])"))
        return self.path(lambda value: isinstance(value, list | tuple))

    def value(self, depth: int) -> str:
        """An expression."""
        if depth <= 0:
            return self.pick(
                (
                    self.pick(NUMBERS),
                    repr(self.pick(WORDS)),
                    self.path(lambda value: True),
                    "None",
                    "[]",
                    "dict()",
                    "(1, 2)",
                )
            )
        kind = self.pick(
            (
                *("literal", "literal", "read", "read", "dict", "dict", "list", "list"),
                *("tuple", "arithmetic", "comparison", "builtin", "comprehension", "text"),
                *("conditional", "subscript", "set", "boolean", "spread", "copy"),
            )
        )
        return getattr(self, f"_value_{kind}")(depth)  # type: ignore[no-any-return]

    def _value_literal(self, _: int) -> str:
        return self.value(0)

    def _value_read(self, _: int) -> str:
        return self.path(lambda value: True)

    def _value_dict(self, depth: int) -> str:
        items = [(self.pick(KEYS), self.value(depth - 1)) for _ in range(self.number(3))]
        if self.number(2) == 0:
            return "{" + ", ".join(f"{key!r}: {value}" for key, value in items) + "}"
        parts = [f"{key}={value}" for key, value in dict(items).items()]
        if self.number(8) == 0:
            parts.append("_delete_=True")
        return f"dict({', '.join(parts)})"

    def _value_list(self, depth: int) -> str:
        return f"[{', '.join(self.value(depth - 1) for _ in range(self.number(3)))}]"

    def _value_tuple(self, depth: int) -> str:
        return "(" + "".join(self.value(depth - 1) + ", " for _ in range(self.number(2))) + ")"

    def _value_set(self, depth: int) -> str:
        return f"{{{self.value(depth - 1)}, {self.number(2)}}}"

    def _value_arithmetic(self, depth: int) -> str:
        numbers = self.path(lambda value: isinstance(value, int | float))
        left = self.pick((numbers, self.pick(NUMBERS), self.value(depth - 1)))
        right = self.pick((self.pick(NUMBERS), self.value(depth - 1)))
        sign = self.pick(("", "", "-", "not ", "~"))
        return f"({sign}{left} {self.pick(OPERATORS)} {right})"

    def _value_comparison(self, depth: int) -> str:
        parts = [self.value(depth - 1), self.pick(COMPARISONS), self.value(depth - 1)]
        if self.number(4) == 0:
            parts += [self.pick(COMPARISONS), self.value(0)]
        return f"({' '.join(parts)})"

    def _value_boolean(self, depth: int) -> str:
        return f"({self.value(depth - 1)} {self.pick(('and', 'or'))} {self.value(depth - 1)})"

    def _value_conditional(self, depth: int) -> str:
        return f"({self.value(depth - 1)} if {self.value(0)} else {self.value(depth - 1)})"

    def _value_spread(self, depth: int) -> str:
        if self.number(1):
            return f"[*{self.iterable()}, {self.value(depth - 1)}]"
        path = self.path(lambda value: isinstance(value, dict))
        return self.pick((f"dict(**{path}, extra=1)", f"{{**{path}, 'a': {self.value(0)}}}"))

    def _value_copy(self, _: int) -> str:
        return self.path(lambda value: isinstance(value, dict | list)) + ".copy()"

    def _value_builtin(self, depth: int) -> str:
        if self.number(1):
            name = self.pick(("int", "float", "str", "round", "abs", "bool", "len", "repr"))
            return f"{name}({self.value(depth - 1)})"
        name = self.pick(
            ("list", "tuple", "sorted", "sum", "max", "min", "len", "set", "dict", "any", "all")
        )
        return f"{name}({self.pick((self.iterable(), self.value(depth - 1)))})"

    def _value_comprehension(self, depth: int) -> str:
        name = self.pick(LOOP_NAMES)
        loop = f"for {name} in {self.iterable()}"
        inner = self.pick((name, f"{name} * 2", f"dict(a={name})", f"f'{{{name}}}'"))
        if self.number(3) == 0:
            loop += f" if {self.pick((name, self.value(0)))}"
        if self.number(4) == 0:
            loop += f" for {self.pick(LOOP_NAMES)} in {self.iterable()}"
        return self.pick(
            (f"[{inner} {loop}]", f"{{{name}: {inner} {loop}}}", f"tuple({inner} {loop})")
        )

    def _value_text(self, depth: int) -> str:
        inner = self.pick((self.pick(NUMBERS), self.path(lambda value: True)))
        word = repr(self.pick(WORDS))
        quoted = inner.replace("'", '"')
        return self.pick(
            (
                f"f'{{{quoted}}}-{{{self.number(9)}:03d}}'",
                f"f'{{{quoted}!r:>8}}'",
                f"'%s-%d' % ({inner}, {self.number(9)})",
                f"'a{{}}{{}}'.format({inner}, {word})",
                f"{word}.{self.pick(('upper()', 'split(chr)', 'strip()', 'title()'))}".replace(
                    "chr", "'a'"
                ),
                f"'-'.join({self.iterable()})",
                f"{word} + str({inner})",
                f"{word} * {self.number(3)}",
            )
        )

    def _value_subscript(self, depth: int) -> str:
        path = self.path(lambda value: isinstance(value, list | tuple | str))
        key = self.pick(("0", "-1", "1:", "::-1", ":1", "True", self.value(0)))
        return f"{path}[{key}]"
