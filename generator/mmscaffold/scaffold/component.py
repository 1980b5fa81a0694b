"""The kinds of components that can be added to a project, and their code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mmscaffold.errors import MmscaffoldError
from mmscaffold.facts.loops import EVALUATION_LOOPS, TRAIN_LOOPS
from mmscaffold.facts.packages import exporting_module
from mmscaffold.scaffold.template_source import table

_TEMPLATES = Path(__file__).parent / "component_templates"
# Of a line of an import: what the template's projects set.
_LONGEST = 88


class ComponentError(MmscaffoldError):
    """A component cannot be added; nothing was written."""


@dataclass(frozen=True)
class Kind:
    """One kind of component.

    Attributes:
        name: What users call it.
        registry: The registry that it goes into.
        scope: The package whose registry it is by default.
        folder: The folder of a package that holds such classes by default.
        bases: Where the bases that have no module in their name come from, by name; the
            last entry, ``*``, is for all others.
        what: What it is, for its docstring.
    """

    name: str
    registry: str
    scope: str
    folder: str
    bases: dict[str, str]
    what: str


def _kind(name: str, registry: str, scope: str, folder: str, what: str, **elsewhere: str) -> Kind:
    """A kind whose bases are exported by the package of its registry, or by another one."""
    bases = {base: exporting_module(package, registry) for base, package in elsewhere.items()}
    bases["*"] = exporting_module(scope, registry)
    return Kind(name, registry, scope, folder, bases, what)


KINDS = {
    kind.name: kind
    for kind in (
        _kind("loop", "LOOPS", "mmengine", "engine", "A loop"),
        _kind("runner", "RUNNERS", "mmengine", "engine", "A Runner"),
        _kind("hook", "HOOKS", "mmengine", "engine", "A hook"),
        _kind("model", "MODELS", "mmdet", "models", "A model"),
        _kind(
            "transform",
            "TRANSFORMS",
            "mmdet",
            "datasets",
            "A transform",
            BaseTransform="mmcv",
            LoadImageFromFile="mmcv",
        ),
        _kind("dataset", "DATASETS", "mmdet", "datasets", "A data set", BaseDataset="mmengine"),
    )
}
# What else belongs to a detector: none of these has extract_feat.
_PARTS = re.compile(r"(Head|Neck|FPN|Backbone|Net|Loss|Assigner|Coder|Preprocessor|Module)$")


@dataclass(frozen=True)
class Component:
    """A class to be written.

    Attributes:
        kind: Its kind.
        name: Its name.
        base: The name of its base.
        base_module: The module that its base is imported from.
        registry_module: The module that its registry is imported from.
        loop: The loop of mmengine that it is, if its test can run it as that one.
    """

    kind: Kind
    name: str
    base: str
    base_module: str
    registry_module: str
    loop: str | None = None

    @property
    def file_name(self) -> str:
        """The name of its file: ``WarmLoop`` lies in ``warm_loop.py``."""
        words = re.sub(r"([a-z0-9])([A-Z])|([A-Z]+)([A-Z][a-z])", r"\1\3_\2\4", self.name)
        return f"{words.lower()}.py"

    def code(self, package: str) -> str:
        """Its module.

        Args:
            package: The project's package, whose imports stand by themselves.
        """
        imports = import_lines(
            {self.registry_module: [self.kind.registry], self.base_module: [self.base]}, package
        )
        return _render(
            f"{self.kind.name}.py.jinja",
            name=self.name,
            base=self.base,
            registry=self.kind.registry,
            imports=imports,
            summary=f"{self.kind.what} of this project that extends {self.base}.",
            by_iteration="IterBased" in self.base,
            detector=self._is_detector(),
            abstract=self.base == "BaseTransform",
        )

    def _is_detector(self) -> bool:
        """Whether its base is a detector, so that it has an ``extract_feat`` to extend."""
        family = "DETR" in self.base and not _PARTS.search(self.base)
        return family or self.base.endswith("RCNN") or self.base in table("detectors")

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
            (self.base_module, self.base),
            (module, self.name),
            *(_USED_BY_LOOPS if self.loop else ()),
        ):
            wanted.setdefault(source, set()).add(name)
        return _render(
            template,
            name=self.name,
            base=self.base,
            registry=self.kind.registry,
            imports=import_lines(wanted, package),
            by_epoch=self.loop == "EpochBasedTrainLoop",
            split="test" if self.loop == "TestLoop" else "val",
        )


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
