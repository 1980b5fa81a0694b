from __future__ import annotations

import pytest
from mmscaffold.check.code import Code
from mmscaffold.check.code.runner_train import own_trains
from mmscaffold.project.code import Package

HEAD = "from mmengine.runner import Runner\n\n\nclass Own(Runner):\n    def train(self):\n"


@pytest.fixture
def read(tmp_path):
    """Read the text of one module."""

    def write(text: str) -> Code:
        path = tmp_path / "own.py"
        path.write_text(text)
        return Code(Package.of_files([("own", path)]), frozenset([path]))

    return write


def test_a_train_that_calls_mmengines_is_not_one_of_its_own(read):
    assert list(own_trains(read(HEAD + "        return super().train()\n"))) == []
    through = HEAD + "        self.go()\n\n    def go(self):\n        Runner.train(self)\n"
    assert list(own_trains(read(through))) == []


@pytest.mark.parametrize(
    ("body", "opaque"),
    [
        ("self.build_train_loop(1)", False),
        ("self.own_method()", False),
        ("self.who_knows()", True),
        ("prepare(self)", True),
        ("self.model.train()", False),
    ],
)
def test_what_it_hands_itself_to_is_opaque(read, body, opaque):
    text = f"{HEAD}        {body}\n\n    def own_method(self):\n        pass\n"
    (train,) = own_trains(read(text))
    assert train.is_opaque is opaque


def test_it_finds_steps_and_hooks_and_the_run(read):
    body = (
        "        self.call_hook('before_run')\n        self.load_or_resume()\n"
        "        self.other.after_run()\n        return self.train_loop.run()\n"
    )
    (train,) = own_trains(read(HEAD + body))
    assert (train.find("before_run"), train.find("load_or_resume"), train.run) == (0, 1, 3)
    assert train.find("after_run") is None
    assert train.reads_property
    assert not train.keeps_loop
