"""What of a changed config a resumed training heeds; mmengine's own schedulers are the oracle."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from mmscaffold.schedule.curves import Setup, mmengine_curve, overruled, resumed_config

BATCHES = 4
WARM_UP = {"type": "LinearLR", "start_factor": 0.1, "by_epoch": False, "begin": 0, "end": 6}


def config(epochs: int, *schedulers: dict[str, Any], lr: float = 0.1) -> dict[str, Any]:
    return {
        "train_cfg": {"type": "EpochBasedTrainLoop", "max_epochs": epochs},
        "optim_wrapper": {"optimizer": {"type": "SGD", "lr": lr}},
        "param_scheduler": list(schedulers),
    }


def steps(*milestones: int, **more: Any) -> dict[str, Any]:
    return {"type": "MultiStepLR", "milestones": list(milestones), "by_epoch": True, **more}


COSINE = {"type": "CosineAnnealingLR", "by_epoch": True}
PAIRS = {
    "milestones": (config(6, WARM_UP, steps(2, 4)), config(9, WARM_UP, steps(2, 4, 7))),
    "a default end": (config(4, COSINE), config(9, COSINE)),
    "converted": (
        config(4, {**COSINE, "convert_to_iter_based": True}),
        config(9, {**COSINE, "convert_to_iter_based": True}),
    ),
    "by iteration, a default end": (
        config(4, {"type": "PolyLR", "by_epoch": False, "power": 0.9}),
        config(8, {"type": "PolyLR", "by_epoch": False, "power": 0.9}),
    ),
    "the rate of the optimizer": (config(6, steps(3)), config(6, steps(3), lr=0.01)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_it_goes_on_as_mmengine_does(name):
    torch = pytest.importorskip("torch")
    pytest.importorskip("mmengine")
    from mmengine import optim

    before, now = PAIRS[name]
    stop = now["train_cfg"]["max_epochs"]

    def build(of: dict[str, Any]) -> tuple[Any, list[Any]]:
        parameter = torch.nn.Parameter(torch.zeros(1))
        optimizer = torch.optim.SGD([parameter], lr=of["optim_wrapper"]["optimizer"]["lr"])
        made, epochs = [], of["train_cfg"]["max_epochs"]
        for one in of["param_scheduler"]:
            values = {"end": epochs if one["by_epoch"] else epochs * BATCHES, **one}
            cls = getattr(optim, values.pop("type"))
            if values.pop("convert_to_iter_based", False):
                made.append(cls.build_iter_from_epoch(optimizer, epoch_length=BATCHES, **values))
            else:
                made.append(cls(optimizer, **values))
        return optimizer, made

    def run(optimizer: Any, made: list[Any], first: int, last: int) -> list[float]:
        rates = []
        for _, batch in itertools.product(range(first, last), range(BATCHES)):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            for one in made:
                if not one.by_epoch or batch == BATCHES - 1:
                    one.step()
        return rates

    optimizer, made = build(before)
    run(optimizer, made, 0, 3)
    again, resumed = build(now)
    again.load_state_dict(optimizer.state_dict())
    for new, old in zip(resumed, made, strict=True):
        new.load_state_dict(old.state_dict())
    expected = run(again, resumed, 3, stop)
    found = resumed_config(now, before, BATCHES)
    assert found is not None
    curve = mmengine_curve(found, setup=Setup(iterations_per_epoch=BATCHES))
    values = [curve.at(at) for at in range(3 * BATCHES, stop * BATCHES)]
    assert values == pytest.approx(expected, rel=1e-12)
    assert overruled(now, before, BATCHES)
    assert overruled(before, before, BATCHES) == []


def test_what_is_told():
    before, now = PAIRS["milestones"]
    assert [str(one) for one in overruled(now, before)] == [
        "param_scheduler[1].milestones is [2, 4, 7] in the config and [2, 4] in the checkpoint",
        "param_scheduler[1].end is 9 in the config and 6 in the checkpoint",
    ]


def test_a_default_that_is_written_out_changes_nothing():
    written = steps(3, begin=0, end=6, gamma=0.1, verbose=True)
    assert overruled(config(6, written), config(6, steps(3))) == []
    assert overruled(config(6, steps(3)), {**config(6), "param_scheduler": steps(3)}) == []


@pytest.mark.parametrize(
    "other", [config(6, COSINE), config(6), config(6, WARM_UP, steps(3)), config(6, "steps")]
)
def test_states_of_other_schedulers_are_not_followed(other):
    assert resumed_config(other, config(6, steps(3)), BATCHES) is None


def test_no_schedule_at_all():
    none = {**config(6), "param_scheduler": None}
    assert overruled(none, none) == []
    assert resumed_config(none, none) == {**none, "param_scheduler": []}
