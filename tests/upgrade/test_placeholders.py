"""``${key}`` in strings is what the tools of 2.x made of it."""

from __future__ import annotations

import types
from pathlib import Path

from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.text.source import read_code
from mmscaffold.upgrade.goal import upgrade_goal
from mmscaffold.upgrade.placeholders import filled_in
from support import corpora

TEXT = """
root = 'data/coco'
size = 640
part = dict(name='n', deep=dict(list=[1, 2]))
model = dict(type='FasterRCNN')
a = '${root}/train.json'
b = ['${size}', '${part.deep}', '${part.name}-${size}.pth', 'plain']
c = dict(x=('${root}', 3), y=dict(z=1))
load_from = '${root}/${part.name}.pth'
"""


def resolved(tmp_path: Path, text: str):
    path = tmp_path / "config.py"
    path.write_text(text)
    return Resolver().resolve(path)


def test_they_are_what_mmdet_makes_of_them(tmp_path: Path, mmdet2_configs: Path):
    # The function itself, without mmcv 1.x: it needs a Config that holds a dict.
    source = corpora.mmdet_configs("2.28.2").parents[1] / "utils" / "replace_cfg_vals.py"
    text = read_code(source).decode().replace("from mmcv.utils import Config", "")
    module = types.ModuleType("replaced")
    module.__dict__["Config"] = Plain
    exec(compile(text, str(source), "exec"), module.__dict__)
    config = resolved(tmp_path, TEXT)
    expected = module.replace_cfg_vals(Plain(config.to_dict(), "f"))._cfg_dict
    found = filled_in(config.root)
    assert found.plain() == expected
    assert isinstance(found["c"]["x"], tuple)
    assert found["c"]["y"] is config.root["c"]["y"]
    assert config.root["a"] == "${root}/train.json"


class Plain(dict):
    """What that function needs of mmcv's Config."""

    def __init__(self, values: dict, filename: str = "") -> None:
        super().__init__(values)
        self._cfg_dict, self.filename = values, filename


def test_an_upgraded_config_has_the_values(tmp_path: Path):
    goal = upgrade_goal(resolved(tmp_path, TEXT))
    assert goal.root["load_from"] == "data/coco/n.pth"
    assert goal.unaccounted == ()


def test_what_is_not_there_is_left(tmp_path: Path):
    config = resolved(tmp_path, "a = '${nowhere}/x'\nb = '${a.b.c}'\nc = 'x${d}'\nd = [1]\n")
    assert filled_in(config.root).plain() == config.to_dict()


def test_without_any_the_config_is_the_same(tmp_path: Path):
    config = resolved(tmp_path, "a = 'x'\nb = [dict(c='$d')]\n")
    assert filled_in(config.root) is config.root
