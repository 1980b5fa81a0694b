"""Random config files that read like real ones, for comparing resolvers.

Each statement is run as it is written, in a namespace like the one mmengine gives a
config, so that paths such as ``_base_.param_scheduler[1].end`` mostly exist. Some do
not, on purpose: refusals are compared, too.
"""

from __future__ import annotations

import warnings
from typing import Any

from support.random_expressions import KEYS, LOOP_NAMES, OPERATORS, Choose
from support.random_forms import FORMS, FormWriter

ENVIRONMENT = {"MMSCAFFOLD_TEST_SET": "from/environment", "MMSCAFFOLD_TEST_NUMBER": "7"}

_PLAIN = (
    *("assign",) * 4,
    *("override",) * 5,
    *("edit",) * 4,
    *("call",) * 5,
    *("augment",) * 3,
    *("alias",) * 2,
    *("placeholder",) * 3,
    "chain",
    "unpack",
    "delete",
    "loop",
    "branch",
    "import",
    "define",
    "comment",
    "while",
    "copy",
)
_WILD = (
    *("helper", "call_helper") * 3,
    *("unknown", "pipeline", "base_method", "reach", "inside", "box") * 2,
    *FORMS,
)
_AROUND = ("{}", "{}", "{}", "[{}, 1]", "dict(a={})", "({},)", "dict(_delete_=True, a={})")
# Until it is looked up, a base variable is a random text.
_AROUND_A_TEXT = (
    *("len({})", "list({})", "[*{}]", "[v for v in {}]", "{}[1:]", "{}.split('_')", "{} == {}"),
    *("{} or 1", "1 if {} else 2", "isinstance({}, str)", "set([{}])", "'a' in {}", "[{}] * 2"),
    *("sorted([{}, 'a'])", "dict(a=1) | dict(b={})", "'%s' % {}", "(lambda v: [v])({})"),
)


class ConfigWriter(FormWriter):
    """Writes one config file, statement by statement.

    Args:
        choose: Draws a number.
        base: What the file's bases resolve to, joined.
        wild: Whether to write the forms that a resolver may not know all of, too.
    """

    def __init__(self, choose: Choose, base: dict[str, Any], *, wild: bool = False) -> None:
        super().__init__(choose, base)
        self._wild = wild
        self._kinds = _PLAIN + _WILD * 2 if wild else _PLAIN

    def write(self, statements: int) -> str:
        """The text of a file of so many statements."""
        for _ in range(statements):
            self.add(self.statement(1))
        text = "".join(line + "\n" for line in self.lines)
        return "\ufeff" + text if self._wild and self.number(99) == 0 else text

    def add(self, text: str) -> None:
        """Write a statement, and run it to see what it makes."""
        # Most of what fails is left out: behind it, nothing of a file would be compared.
        if self._runs(text) or self.number(24) == 0:
            self.lines.append(text)

    def _runs(self, text: str) -> bool:
        run = text
        if "{{" in text and "_base_." in text:
            # Until it is looked up it is a random name: nothing to read parts of.
            run = f"{text.partition(' = ')[0]} = None"
        for name in ("_base_", "$", "file"):
            if "{{" in run and name in run:
                run = run.replace("{{", "'").replace("}}", "'").replace("'''", "'")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(run, self._globals)
        except MemoryError:
            raise
        except (Exception, SystemExit):
            return False
        return True

    def statement(self, depth: int) -> str:
        """One statement, perhaps a block."""
        kind = self.pick(self._kinds)
        if kind in FORMS:
            return self.form(kind, depth)
        if depth <= 0 and kind in {"loop", "branch", "while"}:
            kind = "assign"
        return getattr(self, f"_{kind}")(depth)  # type: ignore[no-any-return]

    def block(self, depth: int) -> str:
        """A few statements, indented."""
        lines = [self.statement(depth - 1) for _ in range(1 + self.number(1))]
        return "\n".join("    " + line for text in lines for line in text.split("\n"))

    def _assign(self, _: int) -> str:
        return f"{self.name()} = {self.value(2)}"

    def _override(self, _: int) -> str:
        """A child's dict that meets a base's."""
        keys = [key for key in self._base if key.isidentifier()]
        if not keys:
            return self._assign(0)
        key = self.pick(keys)
        return f"{key} = {self._over(self._base[key], 2)}"

    def _over(self, value: Any, depth: int) -> str:
        if not isinstance(value, dict) or depth == 0 or self.number(5) == 0:
            return self.value(1)
        parts = [f"_delete_={self.pick(('True', 'False', '1'))}"] * (self.number(3) == 0)
        inner = [key for key in value if isinstance(key, str) and key.isidentifier()]
        if inner:
            key = self.pick(inner)
            parts.append(f"{key}={self._over(value[key], depth - 1)}")
        if self.number(1):
            parts.append(f"{self.pick(KEYS)}_={self.value(1)}")
        return f"dict({', '.join(parts)})"

    def _edit(self, _: int) -> str:
        return f"{self.path(lambda value: True, least=1)} = {self.value(1)}"

    def _augment(self, _: int) -> str:
        kind = self.pick((int, list, dict, str, tuple, set))
        path = self.path(lambda value: isinstance(value, kind))
        operator = {int: self.pick(OPERATORS), dict: "|"}.get(kind, self.pick(("+", "*", "|")))
        right = self.pick((self.value(1), self.pick(("2", "[1]", "dict(a=3)", "(4,)", "{5}"))))
        return f"{path} {operator}= {right}"

    def _alias(self, _: int) -> str:
        return f"{self.name()} = {self.path(lambda value: isinstance(value, dict | list))}"

    def _chain(self, _: int) -> str:
        return f"{self.name()} = {self.name()} = {self.value(2)}"

    def _unpack(self, _: int) -> str:
        target = self.pick(("{}, {}", "({}, {})", "{}, *{}", "[{}, ({}, {})]", "*{}, {}"))
        names = [self.name() for _ in range(target.count("{}"))]
        value = self.pick((f"{self.value(1)}, {self.value(1)}", "[1, (2, 3)]", self.value(2)))
        return f"{target.format(*names)} = {value}"

    def _delete(self, _: int) -> str:
        return f"del {self.path(lambda value: True)}"

    def _loop(self, depth: int) -> str:
        name = self.pick(LOOP_NAMES)
        iterable = self.iterable()
        if not iterable.startswith("range("):
            # A body that feeds its own loop would never end, in mmengine.
            iterable = f"list({iterable})"
        text = f"for {name} in {iterable}:\n{self.block(depth)}"
        if self.number(3) == 0:
            text += f"\n    if {self.value(0)}:\n        {self.pick(('break', 'continue'))}"
        if self.number(3) == 0:
            text += f"\nelse:\n{self.block(depth)}"
        return text

    def _branch(self, depth: int) -> str:
        text = f"if {self.value(1)}:\n{self.block(depth)}"
        return text + (f"\nelse:\n{self.block(depth)}" if self.number(1) else "")

    def _while(self, depth: int) -> str:
        return f"n_left = 2\nwhile n_left:\n    n_left -= 1\n{self.block(depth)}"

    def _import(self, _: int) -> str:
        return self.pick(
            ("import copy", "import os.path as osp", "from copy import deepcopy", "import os")
        )

    def _define(self, _: int) -> str:
        return self.pick(("def helper(v):\n    return v", "helper = lambda v: v"))

    def _copy(self, _: int) -> str:
        path = self.path(lambda value: isinstance(value, dict | list))
        return f"import copy\n{self.name()} = copy.{self.pick(('copy', 'deepcopy'))}({path})"

    def _comment(self, _: int) -> str:
        keys = [key for key in self._base if key.isidentifier()]
        return f"# {{{{ _base_.{self.pick(keys)} }}}}" if keys else "# a comment, é"

    def _call(self, _: int) -> str:
        """A method that changes what it is called on."""
        kind = self.pick((dict, dict, list, set))
        path = self.path(lambda value: isinstance(value, kind))
        value = self.value(1)
        key = repr(self.pick(KEYS))
        calls = {
            dict: (
                f".update({self.pick(KEYS)}={value})",
                f".update(dict({self.pick(KEYS)}={value}), {self.pick(KEYS)}=1)",
                f".update({{{key}: {value}}})",
                f".pop({key})",
                f".pop({key}, None)",
                f".setdefault({key}, {value})",
                f".setdefault({key}, {value}).append(1)",
                ".clear()",
                f"[{key}] = {value}",
            ),
            list: (
                f".append({value})",
                f".extend({self.iterable()})",
                f".insert({self.number(2)}, {value})",
                ".pop()",
                f".pop({self.number(2)})",
                ".reverse()",
                ".sort()",
                ".clear()",
                f".remove({value})",
                f"[{self.number(2)}:] = {self.iterable()}",
                f"[{self.number(2)}] = {value}",
            ),
            set: (f".add({value})", ".discard(1)"),
        }
        call = self.pick(calls[kind])
        stores = call.startswith("[")
        return (f"{self.name()} = " if not stores and self.number(3) == 0 else "") + path + call

    def _placeholder(self, _: int) -> str:
        """A value that mmengine substitutes in the text."""
        words = (
            "'{{ fileBasenameNoExtension }}'",
            "'work/{{fileBasename}}'",
            "'{{ fileExtname }}'",
            "'{{$MMSCAFFOLD_TEST_SET:default}}/x'",
            "'{{$MMSCAFFOLD_TEST_UNSET:default/a-b}}'",
            "{{'$MMSCAFFOLD_TEST_NUMBER:80'}}",
            "{{$MMSCAFFOLD_TEST_UNSET:80}}",
        )
        text = self.pick(words)
        names = self._base_names(self._base, "", 3)
        if names and self.number(4):
            text = f"{{{{{self.pick(('', ' '))}_base_.{self.pick(names)}}}}}"
        shape = self.pick(_AROUND + _AROUND_A_TEXT if self._wild else _AROUND)
        name = self.pick((self.name(), *self._base))
        name = name if name.isidentifier() else self.name()
        return f"{name} = {shape.replace('{}', text)}"

    def _base_names(self, value: Any, prefix: str, depth: int) -> list[str]:
        names = []
        if isinstance(value, dict) and depth:
            for key, item in value.items():
                if isinstance(key, str) and key.isidentifier():
                    names.append(prefix + key)
                    names += self._base_names(item, f"{prefix}{key}.", depth - 1)
        return names
