"""The main job from end to end: a new project, official configs moved onto it, faults found.

Run by ``make demo``. Needs no torch: configs are read, never run. What it makes lies in
the folder given as the argument.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

MMDET = "mmdet==3.3.0"
MMDET_2X = "mmdet==2.28.2"
CONFIGS = [
    "retinanet/retinanet_r18_fpn_1x_coco.py",
    "retinanet/retinanet_r50-caffe_fpn_ms-3x_coco.py",
    "pascal_voc/retinanet_r50_fpn_1x_voc0712.py",
]
# An official config of 2.x, whose bases are upgraded with it.
OLD = "retinanet/retinanet_r18_fpn_1x8_1x_coco.py"
# An official config whose learning rate never drops, and a loop as people write it.
FAULTY = "faster_rcnn/faster-rcnn_r50-caffe-dc5_ms-3x_coco.py"
LOOP = '''\
from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop


@LOOPS.register_module()
class TwoInputTrainLoop(EpochBasedTrainLoop):
    """Two inputs at a time; it forgets to count."""

    def run_epoch(self):
        self.runner.call_hook('before_train_epoch')
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
        self.runner.call_hook('after_train_epoch')
'''


def main() -> None:
    """Generate, fetch, migrate, verify."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "demo")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    project = folder / "my-project"
    official = folder / "mmdet-configs"

    step("1. A new project from the Copier template")
    mmscaffold("new", project, "--defaults")

    step(f"2. Official configs from the {MMDET} wheel")
    fetch_configs(MMDET, folder / "wheels", official)
    configs = [official / name for name in CONFIGS]
    print(*configs, sep="\n")

    step("3. What moving them onto the project's classes changes")
    mmscaffold("migrate", *configs, "--project", project, "--diff", expected=1)

    step("4. The same, written into the project, with the bases they inherit from")
    target = project / "configs" / "official"
    mmscaffold("migrate", *configs, "--project", project, "--output", target)

    step("5. mmengine itself reads old and new: the differences are those that were planned")
    for name in CONFIGS:
        show_differences(official / name, target / name)

    step("6. What is wrong with an official config, and with a loop that someone wrote")
    loop = folder / "two_input_loop.py"
    loop.write_text(LOOP, encoding="utf-8")
    mmscaffold("check", official / FAULTY, loop, expected=1)
    mmscaffold("check", official / FAULTY, "--diff", expected=1)

    step("7. The new project has no such faults")
    mmscaffold("check", project)

    step(f"8. A config of {MMDET_2X} becomes one of 3.x, and mmengine reads it")
    old = folder / "mmdet-2x-configs"
    fetch_configs(MMDET_2X, folder / "wheels-2x", old)
    upgraded = folder / "upgraded"
    mmscaffold("upgrade", old / OLD, "--with-bases", "--output", upgraded, "--verify", "mmengine")
    print(next(upgraded.rglob(Path(OLD).name)).read_text(encoding="utf-8"))

    step("Done")
    print(f"project:           {project}")
    print(f"migrated configs:  {target}")
    print(f"before:            {official}")
    print("Next: make demo-train trains the project's toy config for 30 epochs on this CPU.")


def step(title: str) -> None:
    """Print a heading."""
    print(f"\n=== {title} ===", flush=True)


def mmscaffold(*arguments: object, expected: int = 0) -> None:
    """Show and run one command; stop if it ends otherwise than expected."""
    print("$ mmscaffold", *arguments, flush=True)
    words = [sys.executable, "-m", "mmscaffold", *map(str, arguments)]
    code = subprocess.run(words, check=False).returncode
    if code != expected:
        sys.exit(f"mmscaffold ended with {code}, not {expected}")


def fetch_configs(version: str, wheels: Path, target: Path) -> None:
    """Download a wheel of mmdet, without its dependencies, and unpack its configs."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--dest", str(wheels), version], check=True)
    prefix = "mmdet/.mim/configs/"
    with zipfile.ZipFile(next(wheels.glob("mmdet-*.whl"))) as wheel:
        for name in wheel.namelist():
            if name.startswith(prefix) and not name.endswith("/"):
                file = target / name.removeprefix(prefix)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(wheel.read(name))


def show_differences(old: Path, new: Path) -> None:
    """Print every key at which mmengine's own reading of two configs differs."""
    from mmengine.config import Config

    before = flatten(Config.fromfile(old).to_dict())
    # The project's package needs mmdet to import, which the demo does without.
    after = flatten(Config.fromfile(new, import_custom_modules=False).to_dict())
    print(f"{new.name}: {len(after)} values")
    for key in sorted(before.keys() | after.keys()):
        if before.get(key, "(none)") != after.get(key, "(none)"):
            print(f"  {key}: {before.get(key, '(none)')!r} -> {after.get(key, '(none)')!r}")


def flatten(value: object, prefix: str = "") -> dict[str, object]:
    """Map the dotted key of every leaf to its value."""
    if isinstance(value, dict):
        items = [(str(key), item) for key, item in value.items()]
    elif isinstance(value, list | tuple):
        items = [(str(index), item) for index, item in enumerate(value)]
    else:
        return {prefix: value}
    leaves: dict[str, object] = {}
    for key, item in items:
        leaves.update(flatten(item, f"{prefix}.{key}" if prefix else key))
    return leaves


if __name__ == "__main__":
    main()
