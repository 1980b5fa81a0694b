"""Random configs in the pure-Python style: ``with read_base():`` and imported classes."""

from __future__ import annotations

from typing import Any

from mmengine.config import ConfigDict
from mmengine.config.lazy import LazyObject

from support.random_configs import ConfigWriter
from support.random_expressions import Choose

READ = "from mmengine.config import read_base\nwith read_base():\n"
# None of these modules is imported: mmengine only names them.
CLASSES = {
    "RetinaNet": "mmdet.models",
    "Resize": "mmdet.datasets.transforms",
    "AdamW": "torch.optim",
    "MyHead": "project.models",
}
MODULES = {"nn": "torch.nn", "models": "mmdet.models", "project": "project"}
_OF_CLASSIC = frozenset({"override", "comment", "base_method"})
_KINDS = (
    *("class", "module", "typed", "typed") * 2,
    *("use_class", "class_attribute", "class_text", "stdlib"),
)


class PurePythonWriter(ConfigWriter):
    """Writes one pure-Python config.

    Args:
        choose: Draws a number.
        bases: All names of each base, by its module.
    """

    def __init__(self, choose: Choose, bases: dict[str, dict[str, Any]]) -> None:
        super().__init__(choose, {}, wild=True)
        del self._globals["_base_"]
        kinds = [
            kind for kind in self._kinds if kind not in {"override", "comment", "base_method"}
        ]
        self._kinds = (*kinds, *_KINDS * 3)
        imports = []
        for module, names in bases.items():
            public = [name for name in names if name.isidentifier()]
            if not public or self.number(2):
                imports.append(f"from .{module} import *")
                self._globals.update(names)
                if public and self.number(2) == 0:
                    # The same objects under another name.
                    name = self.pick(public)
                    imports.append(f"from .{module} import {name} as z")
                    self._globals["z"] = names[name]
                continue
            chosen = [self.pick(public) for _ in range(1 + self.number(2))]
            renamed = self.number(4) == 0
            parts = [f"{name} as y" if renamed else name for name in chosen]
            imports.append(f"from .{module} import {', '.join(parts)}")
            self._globals.update({"y" if renamed else name: names[name] for name in chosen})
        if imports:
            self.lines.append(READ + "\n".join("    " + line for line in imports))
        else:
            self.lines.append("from mmengine.config import read_base")

    def statement(self, depth: int) -> str:
        """One statement, perhaps of those that only this style has."""
        kind = self.pick(self._kinds)
        if kind not in _KINDS:
            self._kinds, kinds = (kind,), self._kinds
            try:
                return super().statement(depth)
            finally:
                self._kinds = kinds
        return str(getattr(self, f"_{kind}")())

    def _placeholder(self, _: int) -> str:
        return f"{self.name()} = '{{{{ fileBasename }}}}'"

    def _runs(self, text: str) -> bool:
        first, _, rest = text.partition(" import ")
        names = rest.split(" as ")
        if first.startswith("from ") and names[0] in CLASSES and "\n" not in text:
            self._globals[names[-1]] = LazyObject(first[5:], names[0])
            return True
        if text.startswith("import ") and "\n" not in text:
            whole, _, name = text[7:].partition(" as ")
            if whole in MODULES.values():
                module: Any = whole if name else [whole]
                self._globals[name or whole.partition(".")[0]] = LazyObject(module)
                return True
        ConfigDict.lazy = True
        try:
            return super()._runs(text)
        finally:
            ConfigDict.lazy = False

    def _class(self) -> str:
        name = self.pick(list(CLASSES))
        return f"from {CLASSES[name]} import {name}" + self.pick(("", "", " as x", " as Other"))

    def _module(self) -> str:
        name = self.pick(list(MODULES))
        return f"import {MODULES[name]}" + self.pick((f" as {name}", f" as {name}", ""))

    def _lazy(self) -> str:
        names = [name for name, value in self._globals.items() if isinstance(value, LazyObject)]
        return self.pick(names) if names else repr(self.pick(("RetinaNet", "A")))

    def _typed(self) -> str:
        attribute = self.pick(("", "", ".BatchNorm2d", ".sub.Deep"))
        lazy = self._lazy()
        value = lazy + attribute if not lazy.startswith("'") else lazy
        return f"{self.name()} = dict(type={value}, a={self.value(1)})"

    def _use_class(self) -> str:
        target = self.path(lambda value: isinstance(value, dict))
        return self.pick(
            (
                f"{target}['type'] = {self._lazy()}",
                f"{target}.update(type={self._lazy()}, b={self.value(1)})",
                f"{self.name()} = [{self._lazy()}, {self.value(1)}]",
                f"{self.name()} = {target}.get('type')",
                f"{self.name()} = {target}.copy()",
                f"{self.name()} = dict({target})",
                f"{self.name()} = dict(**{target})",
                f"{self.name()} = {target}.pop('type', None)",
                f"{target}.merge(dict(type={self._lazy()}))",
            )
        )

    def _class_attribute(self) -> str:
        lazy = self._lazy()
        return self.pick(
            (
                f"{self.name()} = {lazy}",
                f"{self.name()} = {lazy}.from_config",
                f"{self.name()} = {lazy} == {self._lazy()}",
                f"{self.name()} = {lazy} is {self._lazy()}",
                f"{self.name()} = {lazy} in [{self._lazy()}]",
                f"{self.name()} = {lazy}()",
                f"{self.name()} = callable({lazy})",
                f"{self.name()} = {lazy} or 3",
                f"{self.name()} = {{{lazy}: 1}}",
                f"{self.name()} = isinstance({lazy}, str)",
                f"{self.name()} = hasattr({lazy}, 'x')",
                f"{self.name()} = getattr({lazy}, 'x', 1)",
            )
        )

    def _class_text(self) -> str:
        lazy = self._lazy()
        return self.pick(
            (
                f"{self.name()} = str({lazy})",
                f"{self.name()} = f'{{{lazy}}}-x'.replace(chr(39), '')",
                f"{self.name()} = {lazy}.__name__",
                f"{self.name()} = '%s' % {lazy}",
                f"{self.name()} = repr([{lazy}])",
                f"{self.name()} = bool({lazy})",
            )
        )

    def _stdlib(self) -> str:
        return self.pick(
            ("import copy", "from copy import deepcopy", "import os.path as osp", "import math")
        )
