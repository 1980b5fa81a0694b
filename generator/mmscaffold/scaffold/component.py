"""The code of a component, and of its test."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mmscaffold.facts.loops import EVALUATION_LOOPS, TRAIN_LOOPS
from mmscaffold.facts.packages import ROOT_SCOPE
from mmscaffold.scaffold.base_class import BaseClass
from mmscaffold.scaffold.kinds import Kind

_TEMPLATES = Path(__file__).parent / "component_templates"
# Of a line of an import: what the template's projects set.
_LONGEST = 88


@dataclass(frozen=True)
class Component:
    """A class to be written.

    Attributes:
        kind: Its kind.
        name: Its name.
        base: What it derives from.
        registry_module: The module that its registry is imported from.
        loop: The loop of mmengine that it is, if its test can run it as that one.
        is_detector: Whether its base is a detector, so that it has an ``extract_feat`` to extend.
        upstream: The nearest class that it derives from in a package other than mmengine and
            mmcv, by the name of its definition; or else the scope of the project.
    """

    kind: Kind
    name: str
    base: BaseClass
    registry_module: str
    loop: str | None = None
    is_detector: bool = False
    upstream: str = ROOT_SCOPE

    @property
    def file_name(self) -> str:
        """The name of its file: ``WarmLoop`` lies in ``warm_loop.py``."""
        return f"{self.snake_name}.py"

    @property
    def snake_name(self) -> str:
        """Its name in lower case: ``warm_loop``."""
        words = re.sub(r"([a-z0-9])([A-Z])|([A-Z]+)([A-Z][a-z])", r"\1\3_\2\4", self.name)
        return words.lower()

    @property
    def is_from_scratch(self) -> bool:
        """Whether its base leaves all to it."""
        return self.base.name in self.kind.scratch

    def code(self, package: str) -> str:
        """Its module.

        Args:
            package: The project's package, whose imports stand by themselves.
        """
        wanted = {self.registry_module: {self.kind.registry}}
        wanted.setdefault(self.base.module, set()).add(self.base.name)
        plain = ""
        if self.is_from_scratch and self.kind.name in _WITH_LAYERS:
            wanted["torch"] = {"nn"}
            plain = "import torch\n" if self.kind.name == "model" else ""
        text = _render(
            f"{self.kind.name}.py.jinja",
            name=self.name,
            base=self.base.name,
            registry=self.kind.registry,
            imports=plain + import_lines(wanted, package),
            summary=self._summary(),
            by_iteration="IterBased" in self.base.name,
            detector=self.is_detector,
            scratch=self.is_from_scratch,
            prefix=self.snake_name,
        )
        return "".join(map(self._fitting, text.splitlines(keepends=True)))

    def _summary(self) -> str:
        what = self.kind.what[0].upper() + self.kind.what[1:]
        text = f"{what} of this project that extends {self.base.name}."
        return text if len(text) <= _LONGEST - 6 else f"{what} of this project."

    def _fitting(self, line: str) -> str:
        """A line of code; beside a long name of the base there is no room for what is said."""
        start = f'    """{self.base.name}; '
        if not line.startswith(start) or len(line.rstrip()) <= _LONGEST:
            return line
        rest = line.removeprefix(start)
        return f'    """{rest[0].upper()}{rest[1:]}'

    def test(self, module: str, package: str) -> str:
        """A test of it: of a loop, under mmengine's Runner.

        Args:
            module: The module that it lies in.
            package: The project's package.
        """
        wanted: dict[str, set[str]] = {}
        template = _TEST_OF_LOOP.get(self.loop or "", "test.py.jinja")
        for source, name in (
            (self.registry_module, self.kind.registry),
            (self.base.module, self.base.name),
            (module, self.name),
            *(_USED_BY_LOOPS if self.loop else ()),
        ):
            wanted.setdefault(source, set()).add(name)
        return _render(
            template,
            name=self.name,
            base=self.base.name,
            registry=self.kind.registry,
            imports=import_lines(wanted, package),
            by_epoch=self.loop == "EpochBasedTrainLoop",
            split="test" if self.loop == "TestLoop" else "val",
        )


_WITH_LAYERS = frozenset({"backbone", "head", "model", "neck"})
_TEST_OF_LOOP = {
    **dict.fromkeys(TRAIN_LOOPS, "test_train_loop.py.jinja"),
    **dict.fromkeys(EVALUATION_LOOPS.values(), "test_evaluation_loop.py.jinja"),
}
_USED_BY_LOOPS = (
    ("mmengine.evaluator", "BaseMetric"),
    ("mmengine.hooks", "Hook"),
    ("mmengine.model", "BaseModel"),
    ("mmengine.runner", "Runner"),
    ("torch.utils.data", "Dataset"),
)


def import_lines(wanted: Mapping[str, Iterable[str]], package: str) -> str:
    """Import statements as isort orders them: others first, then the project's own."""
    own: list[str] = []
    others: list[str] = []
    for module, names in sorted(wanted.items()):
        ordered = sorted(names)
        line = f"from {module} import {', '.join(ordered)}"
        if len(line) > _LONGEST:
            inner = "".join(f"    {name},\n" for name in ordered)
            line = f"from {module} import (\n{inner})"
        (own if module.split(".")[0] == package.split(".")[0] else others).append(line)
    return "\n\n".join("\n".join(lines) for lines in (others, own) if lines)


def _render(template: str, **values: object) -> str:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        autoescape=False,
    )
    return environment.get_template(template).render(**values)
