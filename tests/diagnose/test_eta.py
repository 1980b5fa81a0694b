"""ETAs of trainings whose iterations take unequal times, by the formula of mmengine's hook."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmscaffold.diagnose import diagnose

STAMP = "2025/01/01 00:00:00 - mmengine - INFO - "
EPOCHS, SIZE = 6, 99


def write(path, seconds: Callable[[int, int], float], *, interval: int = 10, factor: float = 1.0):
    """Write the log of a training.

    Args:
        path: The log.
        seconds: What a batch takes, by the epochs and the batches before it.
        interval: Of the log, in iterations.
        factor: What ``max_iters`` is multiplied by.
    """
    text = f"{STAMP}Config:\ntrain_cfg = dict(type='EpochBasedTrainLoop', max_epochs={EPOCHS})\n\n"
    total, window, most = 0.0, [], int(EPOCHS * SIZE * factor)
    for epoch in range(EPOCHS):
        for batch in range(SIZE):
            done = epoch * SIZE + batch
            total += seconds(epoch, batch)
            window = [*window[-9:], seconds(epoch, batch)]
            # mmengine/hooks/iter_timer_hook.py
            eta = datetime.timedelta(seconds=int(total / (done + 1) * (most - done - 1)))
            if (batch + 1) % interval == 0:
                text += (
                    f"{STAMP}Epoch(train) [{epoch + 1}][{batch + 1}/{SIZE}]  lr: 1.0000e-02  "
                    f"eta: {eta}  time: {sum(window) / len(window):.4f}  data_time: 0.1  loss: 1\n"
                )
        text += f"{STAMP}Saving checkpoint at {epoch + 1} epochs\n"
    path.write_text(text)


HEALTHY = {
    "even": lambda epoch, batch: 0.5,
    "slow at first": lambda epoch, batch: 60.0 if epoch + batch == 0 else 0.5,
    "fast until the queue is empty": lambda epoch, batch: (
        0.05 if epoch == 0 and batch < 30 else 2.0
    ),
    "workers start in each epoch": lambda epoch, batch: 40.0 if batch == 0 else 0.2,
    "ever slower": lambda epoch, batch: 0.2 * (1 + epoch),
    "ever faster": lambda epoch, batch: 3.0 / (1 + epoch),
    "a pause": lambda epoch, batch: 3000.0 if (epoch, batch) == (3, 50) else 0.5,
    "uneven": lambda epoch, batch: 0.1 + (batch * 7919 % 13) / 4,
}


@pytest.mark.parametrize("name", HEALTHY)
@pytest.mark.parametrize("interval", [1, 10, 50])
def test_a_healthy_eta_is_not_blamed(name, interval, tmp_path):
    write(tmp_path / "a.log", HEALTHY[name], interval=interval)
    assert not diagnose([tmp_path / "a.log"]).runs[0].seen


@pytest.mark.parametrize("name", HEALTHY)
@pytest.mark.parametrize(
    ("factor", "symptom"),
    [
        (0.5, "eta-turns-negative"),
        (3.0, "eta-never-zero"),
        (0.0, "eta-negative"),
    ],
)
def test_a_wrong_max_iters_is_seen_all_the_same(name, factor, symptom, tmp_path):
    write(tmp_path / "a.log", HEALTHY[name], factor=factor)
    assert symptom in {one.symptom.name for one in diagnose([tmp_path / "a.log"]).runs[0].seen}


@given(
    paces=st.lists(st.floats(0.5, 5), min_size=EPOCHS, max_size=EPOCHS),
    starts=st.floats(0, 100),
    pauses=st.dictionaries(st.integers(0, EPOCHS * SIZE), st.floats(1, 100), max_size=3),
    interval=st.integers(1, 99),
)
def test_whatever_iterations_take_a_healthy_eta_is_not_blamed(
    paces, starts, pauses, interval, tmp_path_factory
):
    def seconds(epoch, batch):
        start = starts if batch == 0 else 0.0
        return paces[epoch] + start + pauses.get(epoch * SIZE + batch, 0.0)

    path = tmp_path_factory.mktemp("any") / "a.log"
    write(path, seconds, interval=interval)
    found = diagnose([path]).runs[0]
    assert not [one for one in found.seen if not one.symptom.is_note]
