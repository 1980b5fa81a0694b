from __future__ import annotations

import pytest
from mmscaffold.check.code import Code
from mmscaffold.check.code.registration import (
    Imports,
    module_names_in_texts,
    registered_nodes,
    registrations,
)
from mmscaffold.project.code import Package

HEAD = "from mmengine.registry import LOOPS\nfrom own.registry import MODELS\n"


@pytest.fixture
def read(tmp_path):
    """Write modules of a package ``own``, and read it."""

    def write(**modules: str) -> Code:
        folder = tmp_path / "own"
        folder.mkdir(exist_ok=True)
        for name, text in {"__init__": "", **modules}.items():
            (folder / f"{name}.py").write_text(text)
        package = Package.read(folder, "own")
        return Code(package, frozenset(module.path for module in package.modules.values()))

    return write


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@LOOPS.register_module()\nclass A: ...", ("A", "LOOPS", False, True)),
        ("@LOOPS.register_module\nclass A: ...", ("A", "LOOPS", False, True)),
        ("@LOOPS.register_module('B')\nclass A: ...", ("B", "LOOPS", False, True)),
        ("@LOOPS.register_module(name=['B'])\nclass A: ...", ("B", "LOOPS", False, True)),
        ("@LOOPS.register_module(force=True)\nclass A: ...", ("A", "LOOPS", True, True)),
        ("@LOOPS.register_module(force=x)\nclass A: ...", ("A", "LOOPS", True, True)),
        ("@MODELS.register_module()\ndef a(): ...", ("a", "MODELS", False, True)),
        ("class A: ...\nLOOPS.register_module(module=A)", ("A", "LOOPS", False, True)),
        ("from torch.nn import ReLU as R\nMODELS.register_module()(R)",
         ("ReLU", "MODELS", False, True)),
        ("from torch.nn import ReLU\nMODELS.register_module()(ReLU)",
         ("ReLU", "MODELS", False, True)),
        ("if x:\n    @LOOPS.register_module()\n    class A: ...", ("A", "LOOPS", False, False)),
        ("try:\n    pass\nexcept E:\n    @LOOPS.register_module()\n    class A: ...",
         ("A", "LOOPS", False, False)),
    ],
)  # fmt: skip
def test_it_reads_every_way_to_register(read, text, expected):
    code = read(a=HEAD + text, registry="from mmengine.registry import MODELS\n")
    (one,) = registrations(code)
    assert (one.name, one.kind, one.force, one.sure) == expected


def test_a_name_made_at_run_time_is_no_name(read):
    code = read(a=HEAD + "@LOOPS.register_module(name=f'{x}')\nclass A: ...")
    assert list(registrations(code)) == []
    # It is registered all the same.
    assert registered_nodes(code) == {id(code.package.classes["own.a.A"].node)}


def test_a_registry_has_one_name_wherever_it_is_imported_from(read):
    code = read(
        a="from own.registry import LOOPS, MINE\n@LOOPS.register_module()\n"
        "@MINE.register_module()\nclass A: ...",
        b="from mmengine import registry\n@registry.LOOPS.register_module()\nclass B: ...",
        registry="from mmengine import LOOPS, Registry\nMINE = Registry('mine')\n",
    )
    found = [(one.name, one.registry) for one in registrations(code)]
    assert found == [
        ("A", "mmengine.registry.LOOPS"),
        ("A", "own.registry.MINE"),
        ("B", "mmengine.registry.LOOPS"),
    ]


def test_imports_are_followed_with_all_packages_on_the_way(read):
    code = read(
        a="from .b import x\n", b="def f():\n    import own.c\n", c="", d="from own import a"
    )
    imports = Imports(code.package)
    assert imports.reached({"own.a"}) == {"own", "own.a", "own.b", "own.c"}
    assert imports.reached({"own.d"}) == {"own", "own.a", "own.b", "own.c", "own.d"}
    assert imports.reached({"elsewhere"}) == set()


def test_certain_imports_are_those_of_every_run(read):
    code = read(
        a="from . import b\nimport own.c\nif x:\n    import own.d\n",
        b="def f():\n    import own.e\n",
        c="from .f import *\n",
        **{"d": "", "e": "", "f": ""},
    )
    certain = Imports(code.package, certain=True)
    assert certain.reached({"own.a"}) == {"own", "own.a", "own.b", "own.c", "own.f"}
    assert Imports(code.package).reached({"own.a"}) >= {"own.d", "own.e"}


def test_imports_by_computed_names_are_noticed(read):
    code = read(a="import importlib\nimportlib.import_module(name)\n", b="import os\n")
    imports = Imports(code.package)
    assert imports.is_dynamic("own.a")
    assert not imports.is_dynamic("own.b")


def test_texts_may_name_modules(read):
    code = read(a="locations = ['own.b', 'own.nothing', 'own']\n", b="")
    assert module_names_in_texts(code.package) == {"own.b"}
