"""Which of mmengine's loops a class is, and whether it can be built like that one."""

from __future__ import annotations

import pytest
from mmscaffold.project.code import Package
from mmscaffold.project.packages_here import family_of
from mmscaffold.scaffold.ancestry import Ancestry
from mmscaffold.scaffold.loop_family import loop_family

LOOPS = """\
from mmengine.runner import BaseLoop, EpochBasedTrainLoop, IterBasedTrainLoop, TestLoop, ValLoop
from mmrazor.engine import SingleTeacherDistillValLoop
from mmengine.hooks import Hook


class Epochs(EpochBasedTrainLoop):
    pass


class Further(Epochs):
    def __init__(self, runner, dataloader, max_epochs, *args, temperature=1.0, **kwargs):
        super().__init__(runner, dataloader, max_epochs, *args, **kwargs)


class Several(Epochs):
    def __init__(self, runner, dataloader, more_dataloaders, max_epochs):
        super().__init__(runner, dataloader, max_epochs)


class Keyword(Epochs):
    def __init__(self, *args, teacher, **kwargs):
        super().__init__(*args, **kwargs)


class BelowSeveral(Several):
    pass


class Iterations(IterBasedTrainLoop):
    pass


class Validation(ValLoop):
    pass


class Bare(BaseLoop):
    pass


class Razor(SingleTeacherDistillValLoop):
    pass
"""


@pytest.mark.parametrize(
    ("base", "family"),
    [
        ("mmengine.runner.EpochBasedTrainLoop", "EpochBasedTrainLoop"),
        ("mmengine.runner.loops.TestLoop", "TestLoop"),
        ("mine.Epochs", "EpochBasedTrainLoop"),
        ("mine.Further", "EpochBasedTrainLoop"),
        ("mine.loops.Iterations", "IterBasedTrainLoop"),
        ("mine.Validation", "ValLoop"),
        ("mine.Several", None),
        ("mine.Keyword", None),
        ("mine.BelowSeveral", None),
        ("mine.Bare", None),
        ("mine.Razor", None),
        ("mmengine.hooks.Hook", None),
        ("nobody.knows.Loop", None),
    ],
)
def test_the_family_of_a_loop(tmp_path, base, family):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "loops.py").write_text(LOOPS)
    (tmp_path / "mine" / "__init__.py").write_text("from .loops import *\n")
    code = Package.read(tmp_path / "mine", "mine")
    assert loop_family(Ancestry(code, family_of(tmp_path)), base) == family
