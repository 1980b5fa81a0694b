"""Every regular expression of the package takes time that grows only with the text."""

from __future__ import annotations

import ast
import importlib
import itertools
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import mmscaffold
import pytest
from mmscaffold.lazy import LazyPattern

ROOT = Path(mmscaffold.__file__).parent
SHORT, LONG = 2_000, 32_000
SECONDS = 0.15
# Bounded by what calls them: the text is short, or its placeholders are counted first.
BOUNDED = {
    "mmscaffold.project.table._LONG_KEY": "100 parts for each dot",
    "mmscaffold.config.text.environment._PLACEHOLDER": "at most 1,000 placeholders",
    "mmscaffold.config.text.source._LONG_NUMBER": "3,000 digits for each 0x",
    "mmscaffold.config.resolve.tree._BASES": "tried at 20 places",
}
_CALLS = {"findall", "finditer", "fullmatch", "match", "search", "split", "sub"}


def patterns() -> Iterator[tuple[str, tuple[re.Pattern, str]]]:
    """Every pattern that a module of the package holds, or writes out in a call; and its use."""
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        if "_template" in parts or "component_templates" in parts or parts[-1] == "__main__":
            continue
        name = ".".join(parts).removesuffix(".__init__")
        module = importlib.import_module(name)
        text = path.read_text(encoding="utf-8")
        for key, value in vars(module).items():
            values = value.values() if isinstance(value, dict) else [value]
            for one in values:
                if isinstance(one, LazyPattern):
                    one = re.compile(one.pattern, one.flags)
                if isinstance(one, re.Pattern) and f"{key} =" in text:
                    yield f"{name}.{key}", (one, use_of(key, text))
        for node in ast.walk(ast.parse(path.read_bytes())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.func.attr in _CALLS
                and isinstance(node.args[0], ast.Constant)
            ):
                use = node.func.attr if "match" in node.func.attr else "search"
                yield f"{name}:{node.lineno}", (re.compile(node.args[0].value), use)


def use_of(name: str, text: str) -> str:
    """How a module applies a pattern: from a certain place, or wherever it is found."""
    uses = set(re.findall(rf"\b{name}(?:\[\w+\])?\.(\w+)", text))
    if uses == {"fullmatch"}:
        return "fullmatch"
    return "match" if uses and uses <= {"fullmatch", "match"} else "search"


PATTERNS = {name: pattern for name, pattern in dict(patterns()).items() if name not in BOUNDED}


def literals(pattern: re.Pattern) -> list[str]:
    """The words and signs that a pattern speaks of, and some that stand for its classes."""
    text = pattern.pattern
    text = text.decode("latin-1") if isinstance(text, bytes) else text
    plain = re.sub(r"\\[wdsSWDb]|\\x..|[\\^$*+?(){}|]|\[[^]]*\]", " ", text)
    words = [word for word in plain.split() if len(word) < 40][:6]
    signs = {sign for sign in re.sub(r"[\w\s]", "", text) if sign.isascii()}
    return [*words, *sorted(signs), "a", "0", " ", "\n", "\t"]


def attacks(pattern: re.Pattern) -> Iterator[tuple[str, str]]:
    """What stands first, and what is repeated."""
    known = literals(pattern)
    words = "".join(one for one in known if len(one) > 1)
    starts = ["", *known[:6], words, f"{words} ", "x"]
    repeated = [*known, *("".join(pair) for pair in itertools.product(known[:7], known[:7]))]
    yield from itertools.product(dict.fromkeys(starts), dict.fromkeys(repeated))


def seconds(pattern: re.Pattern, text: str, use: str = "search") -> float:
    """Processor time of a match, or of a search for all of them."""
    whole = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
    start = time.process_time()
    if use == "search":
        for _ in pattern.finditer(whole):
            pass
    else:
        getattr(pattern, use)(whole)
    return time.process_time() - start


def _too_long(*_: object) -> None:
    raise TimeoutError


@pytest.mark.parametrize("name", PATTERNS)
def test_it_takes_linear_time(name):
    pattern, use = PATTERNS[name]
    before = signal.signal(signal.SIGVTALRM, _too_long)
    try:
        for start, repeated in attacks(pattern):
            # A short text tells what may take long; most do not.
            signal.setitimer(signal.ITIMER_VIRTUAL, 5)
            short = seconds(pattern, start + repeated * (SHORT // len(repeated)) + "\0", use)
            if short < 0.0005:
                continue
            long = seconds(pattern, start + repeated * (LONG // len(repeated)) + "\0", use)
            assert long < SECONDS, (start, repeated)
    except TimeoutError:
        pytest.fail(f"takes seconds: {start!r} and {repeated!r} again and again")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def test_the_test_sees_a_pattern_that_takes_quadratic_time():
    old = re.compile(r"\{\{[\'\"]?\s*\$(\w+)\s*\:\s*(\S*?)\s*[\'\"]?\}\}")
    assert seconds(old, "{{$A:" + " " * 4_000) > 10 * seconds(old, "{{$A:" + " " * 400)


def test_all_that_is_bounded_elsewhere_is_still_there():
    assert set(BOUNDED) <= set(dict(patterns()))
