"""How long `mmscaffold diagnose` takes for a log of 100 MB, and how much memory."""

from __future__ import annotations

import math
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from mmscaffold.diagnose import diagnose

EPOCHS, BATCHES, INTERVAL, SECONDS = 300, 100_000, 50, 0.31
WARM_UP = 5000  # iterations
CONFIG = f"""2025/01/01 00:00:00 - mmengine - INFO - Config:
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs={EPOCHS}, val_interval=1)
val_cfg = dict(type='ValLoop')
param_scheduler = [
    dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end={WARM_UP}),
    dict(type='CosineAnnealingLR', T_max={EPOCHS}, by_epoch=True, convert_to_iter_based=True),
    dict(type='MultiStepLR', milestones=[{EPOCHS - 80}, {EPOCHS - 20}], by_epoch=True)]

"""


def lines() -> Iterator[str]:
    """A healthy log: cosine, validations, checkpoints."""
    yield "2025/01/01 00:00:00 - mmengine - INFO - \nSystem environment:\n"
    yield CONFIG
    total = EPOCHS * BATCHES
    for epoch in range(1, EPOCHS + 1):
        head = f"2025/01/{1 + epoch % 28:02} 00:00:00 - mmengine - INFO - "
        factor = 1.0 if epoch <= EPOCHS - 80 else 0.1 if epoch <= EPOCHS - 20 else 0.01
        for batch in range(INTERVAL, BATCHES + 1, INTERVAL):
            done = (epoch - 1) * BATCHES + batch
            warm = min(1.0, 0.001 + done / WARM_UP)
            rate = 0.01 * warm * factor * (1 + math.cos(math.pi * done / total)) + 1e-9
            left = int((total - done) * SECONDS)
            days, clock = divmod(left, 86400)
            shown = f"{days} days, " if days else ""
            shown += f"{clock // 3600}:{clock // 60 % 60:02}:{clock % 60:02}"
            yield (
                f"{head}Epoch(train) {f'[{epoch}]':>5}[{batch:6}/{BATCHES}]  "
                f"lr: {rate:.4e}  eta: {shown}  time: {SECONDS:.4f}  data_time: 0.0041  "
                "memory: 7423  loss: 0.5123  loss_cls: 0.2123  loss_bbox: 0.3000\n"
            )
        yield f"{head}Saving checkpoint at {epoch} epochs\n"
        yield f"{head}Epoch(val) [{epoch}][5000/5000]    bbox_mAP: 0.4  time: 0.1\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "20250101_000000.log"
        size = 0
        with path.open("w") as file:
            for line in lines():
                size += file.write(line)
                if size > 100_000_000:
                    break
        begin = time.perf_counter()
        found = diagnose([path])
        took = time.perf_counter() - begin
        count = len(found.runs[0].story.run.train)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seen = [one.symptom.text for one in found.runs[0].seen if not one.symptom.is_note]
    print(f"{size / 1e6:.0f} MB, {count} lines of training: {took:.2f} s, peak {peak:.0f} MiB")
    print(f"seen: {seen or 'nothing wrong'}")


if __name__ == "__main__":
    main()
