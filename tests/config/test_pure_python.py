"""Pure-Python configs resolve as in mmengine's lazy mode, and nothing is imported."""

from __future__ import annotations

import importlib
import sys

import pytest
from mmengine.config import Config
from mmscaffold.config import ConfigError, Unknown, resolve
from mmscaffold.config.evaluate.values import LazyName
from support.corpora import offline, xtuner_configs
from support.strict import same

RUNTIME = """
from mmengine.hooks import CheckpointHook
from mmengine.runner import EpochBasedTrainLoop, ValLoop
default_hooks = dict(checkpoint=dict(type=CheckpointHook, interval=1))
train_cfg = dict(type=EpochBasedTrainLoop, max_epochs=12, dynamic_intervals=[(10, 1)])
val_cfg = dict(type=ValLoop)
shared = dict(a=1, b=dict(c=[1, dict(d=2)]))
alias = shared
_hidden = 3
"""
MODEL = """
import torch.nn as nn
from mmdet.models import RetinaNet, FPN
from mmdet.models.backbones import ResNet as Backbone
model = dict(type=RetinaNet, backbone=dict(type=Backbone, depth=50, norm=nn.BatchNorm2d),
             neck=dict(type=FPN, out_channels=256), heads=[dict(type=FPN), (nn.Conv2d, 1)])
"""
READ = "from mmengine.config import read_base\nwith read_base():\n"

CHILDREN = {
    "import all": "    from .runtime import *\n",
    "two bases": "    from .runtime import *\n    from .model import *\n",
    "chosen names": "    from .runtime import train_cfg, _hidden, alias as other\n",
    "a parent folder": "    from ..tree.runtime import *\n",
    "assignment replaces": "    from .model import *\nmodel = dict(depth=1)\n",
    "update": "    from .runtime import *\ntrain_cfg.update(max_epochs=36, new=dict(x=1))\n",
    "update with a dict": "    from .runtime import *\ntrain_cfg.update(dict(max_epochs=36))\n",
    "update below": "    from .model import *\nmodel.update(dict(backbone=dict(depth=18)))\n",
    "merge": "    from .model import *\nmodel.merge(dict(backbone=dict(depth=18), neck=None))\n",
    "merge and delete": (
        "    from .model import *\nmodel.merge(dict(backbone=dict(_delete_=True, depth=18)))\n"
    ),
    "merge what is not a dict": (
        "    from .runtime import *\n"
        "shared.merge(dict(a=dict(_delete_=True, x=dict(_delete_=1))))\n"
    ),
    "attributes": "    from .runtime import *\ntrain_cfg.max_epochs = 3\nx = shared.b.c[1].d\n",
    "aliases are parted": "    from .runtime import *\nalias.b.c[1].d = 9\n",
    "two names of one value": (
        "    from .runtime import *\n    from .runtime import shared as mine, shared as m2\n"
        "mine.b.c.append(3)\nshared.a = 5\nm2.pop('b')\n"
    ),
    "an alias of the base by both its names": (
        "    from .runtime import shared, alias\n    from ..tree.runtime import shared as own\n"
        "shared.a = 4\nalias.a = 5\nown.a = 6\n"
    ),
    "an alias of one's own": "    from .runtime import *\nmine = shared\nmine.a = 5\n",
    "stored in another": ("    from .runtime import *\nshared.other = val_cfg\nval_cfg.x = 1\n"),
    "delete": "    from .model import *\ndel model.backbone.norm\nmodel.pop('neck')\n",
    "own classes": "    from .model import *\nfrom mmdet.models import FCOS\nmodel.type = FCOS\n",
    "a module": "    from .model import *\nimport mmdet.models\nx = [mmdet.models.ATSS]\n",
    "a bare module": "    from .model import *\nimport mmdet.models as m\nx = [m, m.heads.X]\n",
    "a module by its root": "    from .model import *\nimport mmdet.models\nx = mmdet\n",
    "a base's import": "    from .model import *\nx = dict(type=RetinaNet)\n",
    "an overwritten import": "    from .model import *\nFPN = 3\n",
    "a method as type": (
        "    from .model import *\nfrom torch.optim import SGD\nx = dict(type=SGD.step)\n"
    ),
    "loops and text": (
        "    from .runtime import *\nx = [dict(i=i, t=f'{i}') for i in range(2)]\n"
        "for i in x:\n    i.update(y=1)\n"
    ),
    "delete stays": "    from .runtime import *\nval_cfg = dict(_delete_=True, a=1)\n",
    "copied": (
        "    from .runtime import *\nx = shared.copy()\nx.a = 2\nx.b.c = 3\ny = dict(**shared)\n"
    ),
}
REFUSED = {
    "a missing base": "    from .absent import *\n",
    "a missing name": "    from .runtime import absent\n",
    "no module": "    from . import runtime\n",
    "an assignment": "    x = 1\n",
    "a call of a class": "    from .model import *\nx = RetinaNet()\n",
    "import all of a package": "    from .runtime import *\nfrom mmdet.models import *\n",
    "a reserved name": "    from .runtime import *\nfilename = 1\n",
    "a whole package": "    from mmdet import *\n",
    "an absent package": "    from absent_package.configs.x import *\n",
}


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "runtime.py").write_text(RUNTIME)
    (folder / "model.py").write_text(MODEL)
    return folder


@pytest.mark.parametrize("text", CHILDREN.values(), ids=CHILDREN.keys())
def test_a_child_resolves_as_in_mmengine(tree, text):
    path = tree / "child.py"
    path.write_text(READ + text)
    ours = resolve(path)
    assert same(ours.to_dict(), Config.fromfile(path, lazy_import=True).to_dict())
    assert not ours.unknowns


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_what_mmengine_refuses_is_refused_with_its_place(tree, text):
    path = tree / "child.py"
    path.write_text(READ + text)
    with pytest.raises(Exception):  # noqa: B017, PT011
        Config.fromfile(path, lazy_import=True)
    with pytest.raises(ConfigError) as caught:
        resolve(path)
    assert caught.value.where


def test_a_grandchild_sees_what_its_base_imported(tree):
    (tree / "child.py").write_text(READ + "    from .model import *\nmodel.depth = 1\n")
    path = tree / "grandchild.py"
    path.write_text(READ + "    from .child import *\nx = RetinaNet\nmodel.depth += 1\n")
    assert same(resolve(path).to_dict(), Config.fromfile(path, lazy_import=True).to_dict())
    assert resolve(path).get("model.depth") == 2


def test_the_origin_of_an_update_is_the_update(tree):
    path = tree / "child.py"
    path.write_text(READ + "    from .runtime import *\ntrain_cfg.update(max_epochs=36)\n")
    origin = resolve(path).origin("train_cfg.max_epochs")
    assert (origin.path, origin.line, origin.text) == (path, 4, "36")
    assert resolve(path).origin("train_cfg.type").text == "EpochBasedTrainLoop"


def test_an_absolute_import_is_found_and_not_run(tmp_path, monkeypatch):
    package = tmp_path / "site" / "some_package"
    (package / "configs").mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('imported')\n")
    (package / "configs" / "base.py").write_text("x = dict(y=1)\n")
    monkeypatch.syspath_prepend(package.parent)
    path = tmp_path / "child.py"
    path.write_text(READ + "    from some_package.configs.base import *\nx.z = 2\n")
    assert resolve(path).to_dict() == {"x": {"y": 1, "z": 2}}
    assert "some_package" not in sys.modules


def test_the_styles_do_not_mix(tree):
    (tree / "both.py").write_text(READ + "    from .runtime import *\n_base_ = []\n")
    with pytest.raises(ConfigError, match="sets _base_") as caught:
        resolve(tree / "both.py")
    assert caught.value.where == f"{tree / 'both.py'}:4:1"
    (tree / "classic.py").write_text("_base_ = './runtime.py'\n")
    with pytest.raises(ConfigError, match="pure-Python style"):
        resolve(tree / "classic.py")


@pytest.mark.mmdet
@pytest.mark.parametrize("text", CHILDREN.values(), ids=CHILDREN.keys())
def test_dotted_names_are_what_mmengine_builds_from_real_mmdet(tree, text):
    """The classes that mmengine imports for a config are those that we only name."""
    path = tree / "child.py"
    path.write_text(READ + text)
    ours = resolve(path)
    theirs = Config.fromfile(path, lazy_import=True)
    named = [key for key, value in ours.leaves() if isinstance(value, LazyName)]
    for key in named:
        built = theirs
        for part in key:
            built = built[part]
        value = ours.get(key)
        if value.is_module or not isinstance(built, type):
            continue
        module, _, name = value.dotted.rpartition(".")
        assert getattr(importlib.import_module(module), name) is built


@pytest.mark.slow
@pytest.mark.skipif(offline(), reason="MMSCAFFOLD_OFFLINE=1: needs a download")
def test_xtuner_resolves_as_in_mmengine():
    equal = 0
    for path in sorted(xtuner_configs().rglob("*.py")):
        # Scripts that convert weights lie beside the configs; __init__ is neither.
        if path.name.startswith(("convert_", "__init__")):
            continue
        ours = resolve(path)
        assert same(ours.to_dict(), Config.fromfile(path, lazy_import=True).to_dict()), path
        assert not ours.unknowns, path
        equal += 1
    assert equal == 587


@pytest.mark.parametrize(
    "text", ["x = Head.build", "x = Head.module", "x = nn.build", "x = __file__", "x = LazyObject"]
)
def test_what_mmengine_gives_names_and_files_of_its_own_is_not_taken_for_a_class(write, text):
    head = (
        "from mmengine.config import read_base\nfrom project import Head\nimport torch.nn as nn\n"
    )
    resolved = resolve(write(a=f"{head}{text}\ny = Head.Sub\n"))
    assert isinstance(resolved.get("x"), Unknown)
    assert resolved.to_dict()["y"] == "project.Head.Sub"
    assert set(resolved.root) == {"x", "y"}


@pytest.mark.parametrize(
    "text",
    [
        # Only the first block names bases.
        "with read_base():\n    from .one import a\nwith read_base():\n    from .two import b\n",
        "with read_base():\n    from .one import a\n"
        "if True:\n    with read_base():\n        x = a\n",
        # What is imported from a base elsewhere is of the base, and read first.
        "a = 5\nwith read_base():\n    from .one import a\nfrom .one import d\nd.update(q=1)\n",
        "with read_base():\n    from .one import a\n"
        "if a == 0:\n    x = 1\n    from .one import d\n",
        "with read_base():\n    from .one import *\nfrom .two import b\n",
    ],
)
def test_what_is_a_base_and_what_is_a_name(write, text):
    path = write(
        one="a = 1\nd = dict(x=2)\n",
        two="b = 3\n",
        child=f"from mmengine.config import read_base\n{text}",
    )
    assert same(resolve(path).to_dict(), Config.fromfile(path).to_dict())


@pytest.mark.parametrize(
    "text",
    [
        "with read_base():\n    from .one import *\nwith read_base():\n    from .two import *\n",
        "with read_base():\n    from .one import a\nfrom .two import *\n",
    ],
)
def test_a_second_block_imports_no_base_whole(write, text):
    path = write(
        one="a = 1\n", two="b = 3\n", child=f"from mmengine.config import read_base\n{text}"
    )
    with pytest.raises(Exception, match=r"import \*"):
        Config.fromfile(path)
    with pytest.raises(ConfigError, match=r"import \*"):
        resolve(path)


def test_a_name_that_code_of_the_base_may_set_is_unknown(write):
    base = "from mmengine.config import read_base\nvars()['x'] = [1]\nd = dict(a=1)\n"
    text = (
        "from mmengine.config import read_base\nwith read_base():\n    from .base import {}\n{}\n"
    )
    named = resolve(write(base=base, child=text.format("x, d", "y = x")))
    assert isinstance(named.get("x"), Unknown)
    assert isinstance(named.get("y"), Unknown)
    whole = resolve(write(base=base, child=text.format("*", "y = x\nz = {}")))
    assert isinstance(whole.get("y"), Unknown)
    assert whole.to_dict()["z"] == {}


def test_a_base_whose_code_may_set_any_name_may_set_what_another_has_set(write):
    head = "from mmengine.config import read_base\n"
    resolved = resolve(
        write(
            one="x = [1]\ny = 2\n",
            two=f"{head}d = [3]\nglobals()['x'] = d.copy()\ny = 4\n",
            child=f"{head}with read_base():\n    from .one import *\n    from .two import *\n",
        )
    )
    assert isinstance(resolved.get("x"), Unknown)
    assert resolved.get("y") == 4


def test_the_parent_of_a_link_to_a_folder_is_that_of_the_folder(tmp_path):
    for folder, where in (("configs", "beside the link"), ("other", "above the folder")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.py").write_text(f"x = {where!r}\n")
    (tmp_path / "other" / "place").mkdir()
    (tmp_path / "other" / "place" / "c.py").write_text(READ + "    from ..a import *\n")
    (tmp_path / "configs" / "link").symlink_to(tmp_path / "other" / "place")
    path = tmp_path / "configs" / "link" / "c.py"
    assert resolve(path).to_dict() == Config.fromfile(path).to_dict() == {"x": "above the folder"}
