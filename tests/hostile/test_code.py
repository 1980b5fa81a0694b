"""Hostile code is checked in time that grows with its size, and never ends in a traceback."""

# ruff: noqa: E501 (a case a line reads best)

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.measured import Worker, as_bytes, run_here

MEGABYTES = 400
WHOLE = bool(os.environ.get("MMSCAFFOLD_WHOLE"))
# Lines, classes, methods; in CI fewer, in as much less time.
MANY = 10_000 if WHOLE else 1_000
HEAD = "from mmengine.runner import EpochBasedTrainLoop, Runner\nfrom mmengine.hooks import Hook\nfrom mmengine.registry import LOOPS\n\n"
LOOP = "class MyLoop(EpochBasedTrainLoop):\n    def run(self):\n"


def classes(number: int, base: str = "EpochBasedTrainLoop") -> str:
    """Many loops; ``{i}`` in the base is the number of the class before."""
    return (
        HEAD
        + "class L0(EpochBasedTrainLoop): pass\n"
        + "".join(
            f"class L{i}({base.format(i=i - 1)}):\n    def run(self):\n        pass\n"
            for i in range(1, number)
        )
    )


def nested(opening: str, number: int, inner: str = "pass") -> str:
    """One block in another."""
    return (
        HEAD
        + LOOP
        + "".join("  " * (4 + i) + opening + "\n" for i in range(number))
        + "  " * (4 + number)
        + inner
        + "\n"
    )


def body(line: str, number: int) -> str:
    """A loop whose run() has one line many times."""
    return HEAD + LOOP + f"        {line}\n" * number


# The code of each file, and the seconds that its size may take.
CODE: dict[str, tuple[Callable[[], str | bytes], int]] = {
    "many classes": (lambda: classes(MANY), 10),
    "many classes in a chain": (lambda: classes(MANY, "L{i}"), 10),
    "many classes of one base": (lambda: classes(MANY, "L0"), 10),
    "many plain classes": (lambda: "".join(f"class A{i}: pass\n" for i in range(MANY)), 5),
    "a class of 1,000 bases": (
        lambda: (
            classes(1_000) + "class B(" + ",".join(f"L{i}" for i in range(1_000)) + "): pass\n"
        ),
        5,
    ),
    "100 classes of 100 bases": (
        lambda: (
            classes(100)
            + "".join(
                f"class B{i}(" + ",".join(f"L{j}" for j in range(1, 100)) + "): pass\n"
                for i in range(100)
            )
        ),
        5,
    ),
    "diamonds": (
        lambda: (
            HEAD
            + "class A0(EpochBasedTrainLoop): pass\n"
            + "".join(
                f"class B{i}(A{i}): pass\nclass C{i}(A{i}): pass\nclass A{i + 1}(B{i}, C{i}): pass\n"
                for i in range(500)
            )
        ),
        5,
    ),
    "classes in a circle": (
        lambda: HEAD + "".join(f"class A{i}(A{(i + 1) % 1000}): pass\n" for i in range(1000)),
        5,
    ),
    "a class of itself": (lambda: HEAD + "class A(A, EpochBasedTrainLoop): pass\n", 3),
    "two of each other": (lambda: HEAD + "class A(B): pass\nclass B(A): pass\n", 3),
    "one name many times": (
        lambda: HEAD + "class A(EpochBasedTrainLoop): pass\n" * (MANY // 2),
        5,
    ),
    "classes in classes": (
        lambda: (
            HEAD
            + "".join(" " * i + f"class A{i}(EpochBasedTrainLoop):\n" for i in range(95))
            + " " * 95
            + "pass\n"
        ),
        3,
    ),
    "many methods": (
        lambda: (
            HEAD
            + "class A(EpochBasedTrainLoop):\n"
            + "".join(f"    def f{i}(self): return self.f{i + 1}()\n" for i in range(MANY))
        ),
        10,
    ),
    "methods that call each other": (
        lambda: (
            HEAD
            + "class A(EpochBasedTrainLoop):\n    def run(self): self.f0()\n"
            + "".join(
                f"    def f{i}(self):\n        self.f{i + 1}()\n        self.f{i + 1}()\n"
                for i in range(60)
            )
            + "    def f60(self): pass\n"
        ),
        3,
    ),
    "methods in a circle": (
        lambda: (
            HEAD
            + "class A(EpochBasedTrainLoop):\n    def run(self): self.f()\n    def f(self): self.run()\n"
        ),
        3,
    ),
    "functions that call each other": (
        lambda: (
            HEAD
            + "".join(f"def f{i}(r):\n    f{i + 1}(r)\n    f{i + 1}(r)\n" for i in range(60))
            + "def f60(r): pass\n"
            + LOOP
            + "        f0(self)\n"
        ),
        3,
    ),
    "many branches": (lambda: HEAD + LOOP + "        if self.a: pass\n" * MANY, 5),
    "many branches with epochs": (lambda: body("if self.a: self._epoch += 1", MANY), 10),
    "many steps": (lambda: body("self.runner.call_hook('before_train')", MANY), 10),
    "many loops": (lambda: body("for i in self.dataloader: self.run_iter(i)", (MANY // 2)), 10),
    "elif": (
        lambda: HEAD + LOOP + "        if self.a: pass\n" + "        elif self.a: pass\n" * 2_000,
        5,
    ),
    "nested branches": (lambda: nested("if self.a:", 90), 3),
    "nested branches with epochs": (lambda: nested("if self.a:", 90, "self._epoch += 1"), 3),
    "nested loops": (lambda: nested("while self.a:", 19, "self._epoch += 1"), 3),
    "nested trys": (
        lambda: (
            HEAD
            + LOOP
            + "".join("  " * (4 + i) + "try:\n" for i in range(19))
            + "  " * 23
            + "pass\n"
            + "".join(
                "  " * (4 + i) + "finally:\n" + "  " * (5 + i) + "self._epoch += 1\n"
                for i in reversed(range(19))
            )
        ),
        3,
    ),
    "nested withs": (lambda: nested("with self.a:", 19), 3),
    "nested functions": (lambda: nested("def f():", 90), 3),
    "branches that return": (lambda: body("if self.a: return self._epoch", (MANY // 2)), 10),
    "branches one after another, twice": (
        lambda: (
            HEAD
            + LOOP
            + "".join(
                "        if self.a:\n            self._epoch += 1\n        else:\n            self._iter += 1\n"
                for _ in range(2_000)
            )
        ),
        10,
    ),
    "deep sums": (lambda: HEAD + LOOP + "        self._epoch = " + "1 + " * 900 + "1\n", 3),
    "deeper sums": (lambda: HEAD + LOOP + "        self._epoch = " + "1 + " * 20_000 + "1\n", 3),
    "deep attributes": (lambda: HEAD + LOOP + "        self" + ".a" * 900 + "\n", 3),
    "deep calls": (lambda: HEAD + LOOP + "        self.a" + "()" * 900 + "\n", 3),
    "deep lists": (lambda: HEAD + "x = " + "[" * 150 + "]" * 150 + "\n", 3),
    "deep lambdas": (lambda: HEAD + "x = " + "lambda: " * 900 + "1\n", 3),
    "deep decorators": (
        lambda: (
            HEAD
            + "@LOOPS.register_module()\n" * (MANY // 2)
            + "class A(EpochBasedTrainLoop): pass\n"
        ),
        5,
    ),
    "many registrations": (
        lambda: (
            HEAD
            + "".join(f"LOOPS.register_module(name='A{i}', module=Runner)\n" for i in range(MANY))
        ),
        5,
    ),
    "many imports": (
        lambda: "".join(f"from a{i} import b{i}\n" for i in range(MANY)) + HEAD,
        5,
    ),
    "imports of stars": (
        lambda: (
            "from mmengine.runner import *\n" * (MANY // 2)
            + "class A(EpochBasedTrainLoop): pass\n"
        ),
        5,
    ),
    "many noqa": (
        lambda: HEAD + "class A: pass  # mmscaffold: ignore[MMS201] because\n" * MANY,
        10,
    ),
    "many rules ignored": (
        lambda: HEAD + "class A: pass  # mmscaffold: ignore[" + "MMS201," * MANY + "]\n",
        10,
    ),
    "ignores without an end": (
        lambda: HEAD + "class A: pass  # mmscaffold: ignore[" * 20_000 + "\n",
        5,
    ),
    "blanks in an ignore": (
        lambda: (
            HEAD + "class A: pass  #" + " " * 100_000 + "mmscaffold: ignor\n# mmscaffold: ignore\n"
        ),
        3,
    ),
    "300 kB of text": (lambda: HEAD + "class A: pass\nx = '" + "a" * 300_000 + "'\n", 3),
    "5 MB": (lambda: HEAD + "class A: pass\n" * 350_000, 3),
    "900 kB of names": (lambda: "class A: pass\n" + "x\n" * 450_000, 3),
    "NUL": (lambda: "class A: pass\n\0", 3),
    "not UTF-8": (lambda: b"class A: pass\nx = '\xff'\n", 3),
    "another encoding": (
        lambda: "# coding: latin-1\nclass A: pass\nx = '\u00e4'\n".encode("latin-1"),
        3,
    ),
    "an encoding that is none": (lambda: "# coding: nonsense\nclass A: pass\n", 3),
    "an encoding that runs": (lambda: "# coding: rot13\nclass A: pass\n", 3),
    "no Python": (lambda: "class A(:\n", 3),
    "an open string": (lambda: "class A: pass\nx = '''" + "a\n" * 50_000, 3),
    "only words": (lambda: "class " * MANY, 3),
    "code that runs": (
        lambda: (
            "import os\nos.system('touch TARGET')\n"
            + HEAD
            + LOOP
            + "        open('TARGET', 'w')\n"
        ),
        3,
    ),
    "surrogates": (
        lambda: (
            HEAD
            + "class A(EpochBasedTrainLoop):\n    x = '\\ud800'\n    def run(self): self._epoch = '\\ud800'\n"
        ),
        3,
    ),
    "names of 100,000 letters": (
        lambda: (
            HEAD
            + f"class {'A' * 100_000}(EpochBasedTrainLoop):\n    def run(self): self.{'b' * 100_000}()\n"
        ),
        3,
    ),
    "large numbers": (
        lambda: (
            HEAD
            + f"class A(EpochBasedTrainLoop):\n    def run(self): self._epoch += {'9' * 4000}\n"
        ),
        3,
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", [*CODE][::3])
def test_nothing_is_raised(tmp_path: Path, name: str):
    content, _ = CODE[name]
    file = tmp_path / "loops.py"
    file.write_bytes(as_bytes(content()))
    ended = run_here("check", file)
    assert ended.code in {0, 1, 2}
    assert ended.code != 2 or file.name in ended.err + ended.out


@pytest.mark.slow
@pytest.mark.parametrize("name", CODE)
def test_it_ends_soon(tmp_path: Path, worker: Worker, name: str):
    content, seconds = CODE[name]
    target = tmp_path / "target"
    file = tmp_path / "loops.py"
    raw = as_bytes(content())
    file.write_bytes(raw.replace(b"TARGET", bytes(target)))
    ended = worker.run("check", file, cwd=tmp_path)
    print(ended)
    assert not ended.has_traceback
    assert ended.code in {0, 1, 2}
    assert ended.code != 2 or file.name in ended.err + ended.out
    assert ended.seconds < (seconds if WHOLE else max(seconds / 3, 2))
    assert ended.megabytes < MEGABYTES
    assert not target.exists()
