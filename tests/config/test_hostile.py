"""Hostile files end in an error or an unknown, within a second and 200 MB."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import resource, sys, time
from mmscaffold.config import ConfigError, resolve
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
try:
    outcome = 'unknown' if resolve(sys.argv[1]).unknowns else 'known'
except ConfigError:
    outcome = 'error'
seconds = time.process_time() - start
grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
print(outcome, f'{seconds:.2f}', grown)
"""

HOSTILE = {
    "endless loop": "while True:\n    pass",
    "power": "x = 10**10**10",
    "long string": "x = 'a' * 10**12",
    "long list": "x = [0] * 10**10",
    "long range": "x = list(range(10**10))",
    "nested comprehension": "x = [i for i in range(10**5) for j in range(10**5)]",
    "comprehension sum": "x = sum([i for i in range(10**9)])",
    "deep list": "x = " + "[" * 10_000 + "]" * 10_000,
    "deep unary": "x = " + "-" * 10_000 + "1",
    "deep sum": "x = " + "1+" * 10_000 + "1",
    "deep attributes": "_base_ = []\nx = y" + ".a" * 10_000,
    "doubling list": "x = [0]\nfor i in range(100):\n    x = x + x",
    "doubling string": "x = 'a'\nfor i in range(100):\n    x += x",
    "extending itself": "x = [0]\nfor i in range(100):\n    x.extend(x)",
    "aliases": "x = [0] * 10\n" + "x = [x] * 10\n" * 12,
    "ever deeper": "x = []\nfor i in range(100000):\n    x = [x]",
    "aliases beside an import": "import os\nx = [os] * 10\n" + "x = [x] * 10\n" * 12,
    "text of aliases": "x = [0] * 10\n" + "x = [x] * 10\n" * 12 + "y = str(x)\ndel x",
    "itself inside": "x = []\nx.append(x)",
    "format width": "x = f'{1:>1000000000}'",
    "percent width": "x = '%1000000000d' % 1",
    "star width": "x = '%*d' % (10**9, 1)",
    "justify": "x = 'a'.ljust(10**10)",
    "replace": "x = ('a' * 10**6).replace('a', 'b' * 10**6)",
    "join": "x = ('a' * 10**6).join(['b'] * 10**5)",
    "shift": "x = 1 << 10**10",
    "product": "x = 3\nfor i in range(100):\n    x = x * x",
    "run a program": "import os\nx = os.system('touch TARGET')",
    "subprocess": "import subprocess\nx = subprocess.run(['touch', 'TARGET'])",
    "import by name": "x = __import__('os').system('touch TARGET')",
    "eval": 'x = eval(\'open("TARGET", "w")\')',
    "open": "x = open('TARGET', 'w')",
    "dunder": "x = ().__class__.__bases__[0].__subclasses__()",
    "dunder by format": "x = '{0.__class__}'.format(1)",
    "getattr": "x = getattr(str, 'join')",
    "lambda": "x = (lambda: open('TARGET', 'w'))()",
    "decorator": "@open\ndef f():\n    pass\nx = f('TARGET', 'w')",
}


@pytest.mark.slow
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_it_ends_soon_in_an_error_or_an_unknown(tmp_path, text):
    target = tmp_path / "target"
    config = tmp_path / "config.py"
    config.write_text(text.replace("TARGET", str(target)) + "\n")
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, config],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PATH": "", "PYTHONHASHSEED": "0"},
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    outcome, seconds, megabytes = ended.stdout.split()
    assert outcome in {"error", "unknown"}
    # Half a second or so; a busy machine charges a process up to twice its time. Without the
    # budget these take minutes.
    assert float(seconds) < 3
    assert int(megabytes) < 200
    assert not target.exists()
