"""Resolve every config of mmdet 3.3.0: mmscaffold against mmengine, in one run.

Both in one process each, one after the other, with cold caches. Prints the ratio.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

OURS = """
from mmscaffold.config import ConfigError, Resolver
resolver = Resolver()
def load(path):
    try:
        resolver.resolve(path).to_dict()
    except ConfigError:
        pass
"""
THEIRS = """
from mmengine.config import Config
def load(path):
    try:
        Config.fromfile(path, import_custom_modules=False).to_dict()
    except Exception:
        pass
"""
TIMED = """
import resource, sys, time, warnings
from pathlib import Path
warnings.simplefilter('ignore')
paths = sorted(p for p in Path(sys.argv[1]).rglob('*.py') if p.name != 'override_category.py')
start = time.perf_counter()
for path in paths:
    load(path)
seconds = time.perf_counter() - start
print(len(paths), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def measure(loader: str, configs: Path) -> tuple[int, float, int]:
    """Load every config in a fresh process: how many, seconds, peak memory in MB."""
    ended = subprocess.run(
        [sys.executable, "-c", loader + TIMED, configs], capture_output=True, text=True, check=True
    )
    files, seconds, megabytes = ended.stdout.split()
    return int(files), float(seconds), int(megabytes)


def main() -> None:
    """Measure both, and print."""
    sys.path.insert(0, str(ROOT / "tests"))
    from support.corpora import mmdet_configs

    configs = mmdet_configs("3.3.0")
    files, theirs, their_memory = measure(THEIRS, configs)
    _, ours, our_memory = measure(OURS, configs)
    print(f"{files} configs of mmdet 3.3.0, one process each, cold caches")
    print(f"mmengine:   {theirs:6.2f} s  {their_memory} MB")
    print(f"mmscaffold: {ours:6.2f} s  {our_memory} MB")
    print(f"ratio:      {theirs / ours:6.1f} times faster")


if __name__ == "__main__":
    main()
