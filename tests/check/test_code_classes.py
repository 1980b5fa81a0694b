"""Classes with their lineage: Python itself says what it is."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.loops import upstream_constructor
from mmscaffold.check.code.syntax import attribute_path, calls_super
from mmscaffold.facts.base_classes import BASE_LOOP, EPOCH_LOOP, ITER_LOOP, RUNNER, VAL_LOOP
from mmscaffold.project.code import Module, Package
from mmscaffold.project.lineage import Lineages


def code_of(**modules: str) -> Code:
    """Code of several modules by name; all of them are checked."""
    read = {
        name: Module(name, Path(f"/{name}.py"), ast.parse(text)) for name, text in modules.items()
    }
    return Code(Package(read), frozenset(module.path for module in read.values()))


def view_of(text: str, name: str = "MyLoop") -> ClassView:
    """A class of one module."""
    [view] = [view for view in code_of(module=text).classes if view.name == name]
    return view


HEAD = "from mmengine.runner import BaseLoop, EpochBasedTrainLoop, IterBasedTrainLoop, ValLoop\n"


@st.composite
def hierarchies(draw):
    """Classes, each with bases among those before it."""
    count = draw(st.integers(1, 7))
    return [
        draw(st.lists(st.integers(0, number - 1), max_size=3, unique=True)) if number else []
        for number in range(count)
    ]


@given(hierarchies())
def test_the_lineage_is_the_order_of_python(hierarchy):
    classes: list[type] = []
    for number, bases in enumerate(hierarchy):
        try:
            classes.append(type(f"C{number}", tuple(classes[one] for one in bases) or (), {}))
        except TypeError:
            # No such order: Python refuses the class, and the tool must only survive it.
            named = [[f"C{one}" for one in row] for row in hierarchy[: number + 1]]
            found = Lineages(lambda name, named=named: named[int(name[1:])]).of(f"C{number}")
            assert found[0] == f"C{number}"
            assert set(found) >= {f"C{one}" for one in bases}
            return
    lineages = Lineages(lambda name: [f"C{one}" for one in hierarchy[int(name[1:])]])
    for number, cls in enumerate(classes):
        found = lineages.of(f"C{number}")
        assert found == tuple(one.__name__ for one in inspect.getmro(cls)[:-1])


def test_a_circle_of_bases_ends():
    code = code_of(a="from b import B\nclass A(B): pass", b="from a import A\nclass B(A): pass")
    assert [view.lineage for view in code.classes] == [("a.A", "b.B"), ("b.B", "a.A")]
    assert list(code.train_loops) == []


def test_a_lineage_of_any_length_is_followed():
    text = HEAD + "class C0(EpochBasedTrainLoop): pass\n"
    text += "".join(f"class C{number}(C{number - 1}): pass\n" for number in range(1, 2000))
    assert view_of(text, "C1999").inherits(EPOCH_LOOP)


@pytest.mark.parametrize("base", ["EpochBasedTrainLoop", "IterBasedTrainLoop", "ValLoop"])
def test_the_lineage_of_mmengines_loops_is_mmengines(base):
    pytest.importorskip("mmengine")
    real = getattr(importlib.import_module("mmengine.runner"), base)
    wanted = [f"{one.__module__}.{one.__qualname__}" for one in inspect.getmro(real)[:-1]]
    assert list(view_of(HEAD + f"class MyLoop({base}): pass").lineage[1:]) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "from mmengine.runner import EpochBasedTrainLoop as Base\nclass MyLoop(Base): pass",
        "from mmengine.runner.loops import EpochBasedTrainLoop\n"
        "class MyLoop(EpochBasedTrainLoop): pass",
        "import mmengine.runner as r\nclass MyLoop(r.EpochBasedTrainLoop): pass",
        "import mmengine\nclass MyLoop(mmengine.runner.EpochBasedTrainLoop): pass",
        "try:\n    from mmengine.runner import EpochBasedTrainLoop\n"
        "except ImportError:\n    EpochBasedTrainLoop = object\n"
        "class MyLoop(EpochBasedTrainLoop): pass",
    ],
)
def test_a_base_is_found_however_it_is_imported(text):
    assert view_of(text).inherits(EPOCH_LOOP)
    assert view_of(text).inherits(BASE_LOOP)


@pytest.mark.parametrize(
    "text",
    [
        "from lightning import EpochBasedTrainLoop\nclass MyLoop(EpochBasedTrainLoop): pass",
        "class EpochBasedTrainLoop: pass\nclass MyLoop(EpochBasedTrainLoop): pass",
        "from elsewhere import *\nclass MyLoop(EpochBasedTrainLoop): pass",
    ],
)
def test_a_class_of_the_same_name_elsewhere_is_another_class(text):
    assert not view_of(text).inherits(EPOCH_LOOP)
    assert not view_of(text).is_train_loop


def test_bases_are_followed_across_files_and_re_exports():
    code = code_of(
        engine="from loops import OwnLoop",
        loops=HEAD + "class OwnLoop(ValLoop):\n    def run(self): pass",
        last="from engine import OwnLoop\nclass Last(OwnLoop): pass",
    )
    [last] = [view for view in code.classes if view.name == "Last"]
    assert last.lineage == ("last.Last", "loops.OwnLoop", VAL_LOOP, BASE_LOOP)
    assert last.is_evaluation_loop
    found = last.method("run")
    assert found is not None
    assert found[0].dotted == "loops.OwnLoop"


@pytest.mark.parametrize(
    ("base", "understood"),
    [
        ("EpochBasedTrainLoop", True),
        ("object", True),
        ("elsewhere.Loop", False),
        ("make_base()", False),
        ("EpochBasedTrainLoop, make_base()", False),
        ("bases[0]", True),  # as Generic[T]; what it may be is not asked
    ],
)
def test_a_base_that_was_not_read_is_known_to_be_unknown(base, understood):
    assert view_of(HEAD + f"class MyLoop({base}): pass").is_understood is understood


def test_a_mixin_behind_a_loop_of_mmengine_does_not_override_it():
    text = HEAD + "class Mixin:\n    def run(self): pass\n    def extra(self): pass\n"
    before = view_of(text + "class MyLoop(Mixin, EpochBasedTrainLoop): pass")
    behind = view_of(text + "class MyLoop(EpochBasedTrainLoop, Mixin): pass")
    assert before.method("run") is not None
    assert behind.method("run") is None
    assert behind.method("extra") is not None


def test_members_below_an_if_are_members():
    text = HEAD + (
        "class MyLoop(EpochBasedTrainLoop):\n"
        "    if True:\n"
        "        def run_epoch(self): self._own = 1\n"
        "    else:\n"
        "        limit = 3\n"
    )
    view = view_of(text)
    assert view.method("run_epoch") is not None
    assert view.sets("limit")
    assert view.sets("_own")
    assert not view.sets("_other")


def test_properties_setters_and_what_overrides_them():
    text = HEAD + (
        "class MyLoop(EpochBasedTrainLoop):\n"
        "    max_epochs = 3\n"
        "    def max_iters(self): return 3\n"
        "    @property\n"
        "    def size(self): return 1\n"
        "    @size.setter\n"
        "    def size(self, value): pass\n"
    )
    view = view_of(text)
    assert [view.is_property(name) for name in ("epoch", "size")] == [True, True]
    assert [view.is_property(name) for name in ("max_epochs", "max_iters", "_epoch")] == [
        False
    ] * 3
    assert view.has_setter("size")
    assert not view.has_setter("epoch")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("class MyLoop(EpochBasedTrainLoop): pass", "train epochs"),
        ("class MyLoop(IterBasedTrainLoop): pass", "train"),
        ("class MyLoop(ValLoop): pass", "evaluation"),
        ("class MyLoop(BaseLoop):\n def run(self): self.runner.model.train_step()", "train"),
        (
            "class MyLoop(BaseLoop):\n"
            " def __init__(self): self._max_epochs = 1\n"
            " def run(self): self.runner.model.train_step()",
            "train",
        ),
        (
            "class MyLoop(BaseLoop):\n"
            " def __init__(self, n): self._max_epochs = n\n"
            " def run(self): self.runner.model.train_step()",
            "train epochs",
        ),
        ("class MyLoop(BaseLoop):\n def run(self): self.runner.model.val_step()", "evaluation"),
        ("class MyLoop(BaseLoop):\n def run(self): pass", ""),
        ("class MyLoop:\n def run(self): self.model.train_step()", ""),
    ],
)
def test_kinds_of_loops(text, kind):
    view = view_of(HEAD + text)
    found = [
        *(["train"] if view.is_train_loop else []),
        *(["evaluation"] if view.is_evaluation_loop else []),
        *(["epochs"] if view.is_train_loop and view.counts_epochs else []),
    ]
    assert " ".join(found) == kind


INIT = "    def __init__(self, runner, dataloader):\n        {}\n"


@pytest.mark.parametrize(
    ("call", "constructor"),
    [
        ("super().__init__(runner, dataloader, 1)", EPOCH_LOOP),
        ("super(MyLoop, self).__init__(runner, dataloader, 1)", EPOCH_LOOP),
        ("EpochBasedTrainLoop.__init__(self, runner, dataloader, 1)", EPOCH_LOOP),
        ("super(EpochBasedTrainLoop, self).__init__(runner, dataloader)", BASE_LOOP),
        ("BaseLoop.__init__(self, runner, dataloader)", BASE_LOOP),
        ("pass", None),
    ],
)
def test_which_constructor_of_mmengine_runs(call, constructor):
    text = HEAD + "class MyLoop(EpochBasedTrainLoop):\n" + INIT.format(call)
    assert upstream_constructor(view_of(text)) == constructor
    last = text + "class Last(MyLoop): pass\n"
    assert upstream_constructor(view_of(last, "Last")) == constructor


def test_runners_and_what_is_asked_of_a_whole_run():
    text = (
        "from mmengine.runner import Runner\n"
        "from mmengine.registry import RUNNERS\n"
        "@RUNNERS.register_module()\n"
        "class MyRunner(Runner): pass\n"
        "class Other: pass\n"
    )
    code = code_of(module=text)
    assert [view.name for view in code.runners] == ["MyRunner"]
    [view] = code.runners
    assert [view.is_upstream(one) for one in (view.definition.dotted, RUNNER)] == [False, True]
    assert [one.name for one in code.registered] == ["MyRunner"]
    assert str(view.place()) == "/module.py:4:7"
    assert list(code.of_kind(ITER_LOOP)) == []


@pytest.mark.parametrize(
    ("expression", "path"),
    [("a", "a"), ("a.b.c", "a.b.c"), ("f().b", "?.b"), ("a[0].b", "?.b"), ("1", "?")],
)
def test_paths_of_attributes(expression, path):
    assert attribute_path(ast.parse(expression, mode="eval").body) == path


def test_super_calls_of_all_three_forms():
    for call, is_super in [
        ("super().run()", True),
        ("super(A, self).run()", True),
        ("Base.run(self)", True),
        ("self.run(self)", False),
        ("super().other()", False),
    ]:
        [function] = ast.parse(f"def run(self):\n    {call}").body
        assert isinstance(function, ast.FunctionDef)
        assert (calls_super(function, "run") is not None) is is_super, call
