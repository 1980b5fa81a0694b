"""Every way to register, read without importing; mmengine's own Registry is the oracle."""

from __future__ import annotations

import sys
import types

import pytest
from mmengine import registry as mmengine_registry
from mmengine.registry import Registry
from mmscaffold.project.code import Package
from mmscaffold.project.registrations import Registration, registrations

HEAD = "from mmengine.registry import LOOPS, MODELS\nimport mmengine\n\nflag = True\n\n\n"


@pytest.fixture
def read(tmp_path):
    """Write modules of a package ``own``, and read what it registers."""

    def write(**modules: str) -> list[Registration]:
        folder = tmp_path / "own"
        folder.mkdir(exist_ok=True)
        for name, text in {"__init__": "", **modules}.items():
            (folder / f"{name}.py").write_text(text)
        return list(registrations(Package.read(folder, "own")))

    return write


# Modules that import, with what the registries hold afterwards.
WAYS = [
    "@LOOPS.register_module()\nclass A: ...",
    "@LOOPS.register_module('B')\nclass A: ...",
    "@LOOPS.register_module(name='B')\nclass A: ...",
    "@LOOPS.register_module(name=['B', 'C'])\nclass A: ...",
    "@LOOPS.register_module(('B', 'C'))\nclass A: ...",
    "@LOOPS.register_module(name=None, force=True)\nclass A: ...",
    "@LOOPS.register_module(name=[])\nclass A: ...",
    "@LOOPS.register_module()\n@MODELS.register_module(name='B')\nclass A: ...",
    "@MODELS.register_module()\ndef build(): ...",
    "@mmengine.registry.LOOPS.register_module()\nclass A: ...",
    "class A: ...\nLOOPS.register_module()(A)",
    "class A: ...\nLOOPS.register_module(name=('B', 'C'))(A)",
    "class A: ...\nA = LOOPS.register_module('B')(A)",
    "class A: ...\nLOOPS.register_module(module=A)",
    "class A: ...\nLOOPS.register_module(name='B', module=A)",
    "class A: ...\nLOOPS.register_module('B', False, A)",
    "class A: ...\nLOOPS.register_module(name=('B', 'C'), module=A)",
    "class A: ...\nLOOPS.register_module(module=None)",
    "class A: ...\nLOOPS.register_module(name='B')",
    "def build(): ...\nMODELS.register_module(module=build)",
    "from mmengine.registry import LOOPS as L\n\n\n@L.register_module()\nclass A: ...",
    "from mmengine import registry as r\n\n\n@r.LOOPS.register_module()\nclass A: ...",
    "from collections import OrderedDict as OD\nMODELS.register_module()(OD)",
    "import collections\nMODELS.register_module(module=collections.OrderedDict)",
    "if flag:\n    @LOOPS.register_module()\n    class A: ...",
    "try:\n    import absent_module\nexcept ImportError:\n    @LOOPS.register_module()\n"
    "    class A: ...\nelse:\n    pass",
    "with open(__file__):\n    class A: ...\n    LOOPS.register_module()(A)",
    "class Outer:\n    @LOOPS.register_module()\n    class Inner: ...",
    "def later():\n    @LOOPS.register_module()\n    class A: ...",
]


@pytest.mark.parametrize("text", WAYS)
def test_it_reads_what_mmengine_registers(read, text, tmp_path, monkeypatch):
    found: dict[tuple[str, str], str] = {}
    for one in read(a=HEAD + text):
        assert not one.is_open
        for name in one.names:
            node = one.definition.node if one.definition else one.node
            found[one.kind, name] = getattr(node, "name", "OrderedDict")
    loops, models = Registry("loop"), Registry("model")
    monkeypatch.setattr(mmengine_registry, "LOOPS", loops)
    monkeypatch.setattr(mmengine_registry, "MODELS", models)
    module = types.ModuleType("own_module")
    module.__file__ = str(tmp_path / "own" / "a.py")
    monkeypatch.setitem(sys.modules, "own_module", module)
    exec(compile(HEAD + text, module.__file__, "exec"), vars(module))
    assert found == {
        (kind, name): one.__name__
        for kind, registry in (("LOOPS", loops), ("MODELS", models))
        for name, one in registry.module_dict.items()
    }


def test_the_decorator_without_a_call_is_read_as_it_is_meant(read):
    (one,) = read(a=HEAD + "@LOOPS.register_module\nclass A: ...")
    assert one.names == ("A",)
    # mmengine 0.10 refuses it; mmcv's Registry took it.
    with pytest.raises(TypeError):
        Registry("loop").register_module(type("A", (), {}))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@LOOPS.register_module(name=f'{flag}')\nclass A: ...", ()),
        ("@LOOPS.register_module(NAME)\nclass A: ...", ()),
        ("@LOOPS.register_module(name=['B', NAME])\nclass A: ...", ("B",)),
        ("@LOOPS.register_module(**options)\nclass A: ...", ()),
        ("@LOOPS.register_module(*options)\nclass A: ...", ()),
        ("for one in classes:\n    LOOPS.register_module(module=one)", ()),
        ("LOOPS.register_module()(make())", ()),
        ("LOOPS.register_module(name='B')(make())", None),
    ],
)
def test_a_name_that_only_running_could_tell_is_not_guessed(read, text, names):
    (one,) = read(a=HEAD + text)
    if names is None:
        assert (one.names, one.is_open) == (("B",), False)
    else:
        assert (one.names, one.is_open) == (names, True)


@pytest.mark.parametrize(
    ("arguments", "force"),
    [
        ("", False),
        ("force=False", False),
        ("force=True", True),
        ("force=flag", True),
        ("None, True", True),
        ("**options", True),
    ],
)
def test_what_may_replace_another(read, arguments, force):
    (one,) = read(a=f"{HEAD}@LOOPS.register_module({arguments})\nclass A: ...")
    assert one.force is force


def test_what_stands_below_a_condition_is_not_sure(read):
    text = "if flag:\n    LOOPS.register_module()(A)\nLOOPS.register_module('B')(A)"
    assert [one.sure for one in read(a=f"{HEAD}class A: ...\n{text}")] == [False, True]


def test_a_class_of_another_module_is_found(read):
    (one,) = read(
        loops="class Loop: ...\n",
        __init__="from mmengine.registry import LOOPS\nfrom .loops import Loop as L\n"
        "LOOPS.register_module()(L)\n",
    )
    assert one.names == ("Loop",)
    assert one.definition is not None
    assert one.definition.module.name == "own.loops"


def test_what_another_module_holds_under_a_name_may_be_called_otherwise(read):
    one, two = read(
        loops="class Loop: ...\nAlias = Loop\n\n\ndef build(): ...\n",
        a="from mmengine.registry import LOOPS\nfrom .loops import Alias, build\n"
        "LOOPS.register_module()(Alias)\nLOOPS.register_module()(build)\n",
    )
    assert (one.names, one.is_open) == ((), True)
    assert (two.names, two.is_open) == (("build",), False)


def test_a_registry_is_named_as_the_module_names_it(read):
    found = read(
        registry="from mmengine.registry import LOOPS\n",
        a="from own.registry import LOOPS as L\n\n\n@L.register_module()\nclass A: ...",
        b="@get().register_module()\nclass B: ...",
    )
    assert [(one.registry, one.kind) for one in found] == [
        ("own.registry.LOOPS", "LOOPS"),
        ("", ""),
    ]
