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


LOOP = """
from mmengine.runner import EpochBasedTrainLoop


class OwnLoop(EpochBasedTrainLoop):
    def run_iter(self, idx, data_batch):
"""


@pytest.mark.parametrize(
    ("body", "otherwise", "read_by_others"),
    [
        ("pass", False, False),
        ("outputs = self.runner.model.train_step(data_batch, optim_wrapper=self.wrapper)\n"
         "self.runner.call_hook('after_train_iter', outputs=outputs)", False, False),
        ("outputs = self.runner.model.train_step(data_batch, optim_wrapper=self.wrapper)\n"
         "self.losses.append(outputs[0])", False, True),
        ("self.runner.model.train_step(data_batch, optim_wrapper=self.wrapper)", False, True),
        ("a, b = self.runner.model.train_step(data_batch, optim_wrapper=3)", False, True),
        ("outputs = self.runner.model.train_step(data_batch, self.wrapper)\n"
         "self.runner.call_hook('after_train_iter', outputs=outputs)", True, False),
        ("step = self.runner.model.train_step\nstep(data_batch, self.wrapper)", True, True),
    ],
)  # fmt: skip
def test_a_loop_beside_the_model_may_take_its_steps_in_its_own_way(
    read, body, otherwise, read_by_others
):
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    (step,) = train_steps(read(f"{HEAD}        return 1\n{LOOP}{lines}"))
    assert step.is_called_otherwise is otherwise
    assert step.is_read_by_others is read_by_others
