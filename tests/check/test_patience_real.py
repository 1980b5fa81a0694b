"""What MMS159 says of patience, confirmed with real trainings."""

from __future__ import annotations

import pytest
from mmengine.evaluator import BaseMetric
from mmscaffold.check import Settings, check_paths, find_rule
from support.tiny_training import train

EPOCHS = 6


class Same(BaseMetric):
    """A metric that never gets better."""

    default_prefix = "same"

    def process(self, data_batch, data_samples) -> None:
        self.results.append(0)

    def compute_metrics(self, results) -> dict[str, float]:
        return {"score": 0.5}


@pytest.mark.parametrize(
    ("interval", "begin", "patience", "rules"),
    [(1, 1, 6, 1), (1, 1, 4, 0), (2, 1, 3, 1), (2, 1, 1, 0), (4, 1, 2, 1), (1, 3, 4, 1),
     (1, 3, 2, 0)],
)  # fmt: skip
def test_a_training_that_makes_no_progress_is_stopped_or_not(
    tmp_path, interval, begin, patience, rules
):
    loop = {"by_epoch": True, "max_epochs": EPOCHS, "val_interval": interval, "val_begin": begin}
    hook = {"type": "EarlyStoppingHook", "monitor": "same/score", "rule": "greater"}
    settings = {"train_cfg": loop, "custom_hooks": [{**hook, "patience": patience}]}
    training = train(tmp_path, val_evaluator=[Same()], **settings)
    assert training.error is None
    is_stopped = training.runner.epoch < EPOCHS or "did not improve" in training.log
    assert is_stopped is not bool(rules)
    assert findings(tmp_path, settings) == rules


@pytest.mark.parametrize(
    ("interval", "begin", "patience", "rules"),
    [(1, 1, 6, 1), (1, 1, 4, 1), (1, 1, 3, 0), (2, 1, 1, 1), (2, 1, 0, 0), (1, 3, 2, 1),
     (1, 3, 1, 0)],
)  # fmt: skip
def test_a_rate_is_lowered_when_more_than_its_patience_is_over(
    tmp_path, interval, begin, patience, rules
):
    loop = {"by_epoch": True, "max_epochs": EPOCHS, "val_interval": interval, "val_begin": begin}
    plateau = {"type": "ReduceOnPlateauLR", "monitor": "same/score", "rule": "greater"}
    settings = {"train_cfg": loop, "param_scheduler": [{**plateau, "patience": patience}]}
    training = train(tmp_path, val_evaluator=[Same()], **settings)
    assert training.error is None
    assert (len(set(training.rates)) == 1) is bool(rules)
    assert findings(tmp_path, settings) == rules


def findings(tmp_path, settings) -> int:
    file = tmp_path / "config.py"
    text = "".join(f"{key} = {value!r}\n" for key, value in settings.items())
    file.write_text(f"{text}val_cfg = dict()\n")
    return len(check_paths([file], Settings((find_rule("MMS159"),))).findings)
