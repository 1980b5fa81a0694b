from __future__ import annotations

import pytest
from mmscaffold.check.code import Code
from mmscaffold.check.code.train_steps import train_steps
from mmscaffold.project.code import Package

HEAD = (
    "from mmengine.model import BaseModel\n\n\nclass Own(BaseModel):\n"
    "    def train_step(self, data, optim_wrapper):\n"
)


@pytest.fixture
def read(tmp_path):
    """Read the text of one module."""

    def write(text: str) -> Code:
        path = tmp_path / "own.py"
        path.write_text(text)
        return Code(Package.of_files([("own", path)]), frozenset([path]))

    return write


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("return {}", None),
        ("return self.step(data)", None),
        ("return log_vars", None),
        ("return None", None),
        ("return {'loss': 1} if data else 0", None),
        ("return 1", "1"),
        ("return loss, log_vars", "a tuple"),
        ("return [loss]", "a list"),
        ("return self.parse_losses(data)", "a tuple, the loss and the dict"),
        ("return sum(data)", "a number or tensor"),
        ("return data.mean()", "a number or tensor"),
        ("loss, logs = self.parse_losses(data)\n        return logs", None),
        ("loss, logs = self.parse_losses(data)\n        return loss", "the loss, a tensor"),
        ("x = self.parse_losses(data)\n        return x", "a tuple, the loss and the dict"),
        ("x = 1\n        x = {}\n        return x", None),
        ("x = y\n        y = x\n        return x", None),
        ("x = 1\n        for x in data:\n            pass\n        return x", None),
    ],
)
def test_it_tells_what_is_certainly_not_a_dict(read, body, what):
    (step,) = train_steps(read(f"{HEAD}        {body}\n"))
    (value,) = step.values
    assert step.instead_of_dict(value) == what


def test_stubs_and_methods_of_other_classes_are_left_out(read):
    assert list(train_steps(read(f"{HEAD}        raise NotImplementedError\n"))) == []
    other = HEAD.replace("(BaseModel)", "(Other)")
    assert list(train_steps(read(f"{other}        return 1\n"))) == []
