"""Hostile YAML and JSON configs end soon, in little memory, as hostile Python configs do."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.measured import ERROR, UNKNOWN, Worker, ended_right, run_here

SECONDS = 3  # a busy machine charges a process several times its time
MEGABYTES = 200

WHOLE = bool(os.environ.get("MMSCAFFOLD_WHOLE"))
MERGES = "a: &a0 {x: 1, y: 2}\n" + "".join(
    f"m{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 20)}], k{i}: 1}}\n" for i in range(1, 10)
)
LAUGHS = "a0: &a0 [x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
)


def _python(tag: str, value: str = "''") -> Callable[[], str]:
    return lambda: f"x: !!python/{tag} {value}"


YAML: dict[str, tuple[Callable[[], str], str]] = {
    "merge bomb": (lambda: MERGES, "re:^m9.x = 1|error"),
    "merge bomb in a chain": (
        lambda: (
            "a0: &a0 {"
            + ", ".join(f"k{i}: 1" for i in range(3000))
            + "}\n"
            + "".join(
                f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 3)}]}}\n" for i in range(1, 30)
            )
        ),
        "re:^a|error",
    ),
    "merge of itself": (lambda: "a: &a {<<: *a, x: 1}", "a.x = 1"),
    "merge of a list": (lambda: "a: {<<: [1, 2]}", ERROR),
    "merge of text": (lambda: "a: {<<: b}", ERROR),
    "merge of nothing": (lambda: "<<: {}\nx: 1", "x = 1"),
    "merge": (lambda: "a: &a {x: 2}\nb:\n  <<: *a\nx: 1", "b.x = 2"),
    "merge of many": (
        lambda: "a: &a {x: 2, y: 4}\nb: &b {x: 3}\nc: {<<: [*a, *b], z: 1}",
        "c.x = 2",
    ),
    "many merges": (lambda: "a: &a {x: 1}\nb: {" + "<<: *a, " * 3000 + "y: 1}", "b.x = 1"),
    "merges in a set": (lambda: MERGES + "s: !!set {<<: *a9}", "re:^a|error"),
    "laughs": (lambda: LAUGHS, ERROR),
    "laughs as keys": (lambda: LAUGHS + "x: {? *a11 : 1}", ERROR),
    "aliases of dicts": (
        lambda: (
            "a0: &a0 {x: 1}\n"
            + "".join(f"a{i}: &a{i} {{x: *a{i - 1}, y: *a{i - 1}}}\n" for i in range(1, 40))
        ),
        ERROR,
    ),
    "itself inside": (lambda: "x: &x [*x]", ERROR),
    "itself inside a dict": (lambda: "x: &x {y: *x}", ERROR),
    "deep alias": (
        lambda: "a0: &a0 []\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 500)),
        ERROR,
    ),
    "alias that is not there": (lambda: "x: *y", ERROR),
    "alias twice": (lambda: "x: &a 1\ny: &a 2\nz: *a", ERROR),
    "alias": (lambda: "y: &a [1]\nx: *a", "x[0] = 1"),
    "sexagesimal": (lambda: "x: 1" + ":10" * 100_000, ERROR),
    "sexagesimal fraction": (lambda: "x: 1" + ":10" * 100_000 + ".5", ERROR),
    "sexagesimal of a clock": (lambda: "x: 1:30", "x = 90"),
    "long integer": (lambda: "x: " + "9" * 100_000, ERROR),
    "integer of 5,000 digits": (lambda: "x: " + "9" * 5_000, ERROR),
    "integer of 3,000 hexadecimal digits": (lambda: "x: 0x" + "f" * 3_900, ERROR),
    "binary integer": (lambda: "x: 0b" + "1" * 100_000, ERROR),
    "long float": (lambda: "x: 1." + "9" * 100_000, ERROR),
    "infinite": (lambda: "x: .inf", "x = float('inf')"),
    "nan": (lambda: "x: .nan", "x = float('nan')"),
    "large exponent": (lambda: "x: 1.0e+999999999", "x = float('inf')"),
    "date": (lambda: "x: 2025-01-01", "re:x = "),
    "no date": (lambda: "x: 2025-99-99", ERROR),
    "underscores": (lambda: "x: 1" + "_" * 100_000, ERROR),
    "signs": (lambda: "x: " + "+" * 100_000, ERROR),
    "deep flow": (lambda: "x: " + "[" * 20_000 + "]" * 20_000, ERROR),
    "deep flow of keys": (lambda: "x: " + "{a: " * 20_000 + "1" + "}" * 20_000, ERROR),
    "open flow": (lambda: "model: " + "[" * 90_000, ERROR),
    "deep blocks": (
        lambda: "".join(" " * i + "a:\n" for i in range(300)) + " " * 300 + "1",
        ERROR,
    ),
    "deep lists": (lambda: "x:\n" + "- " * 20_000 + "1", ERROR),
    "deep questions": (lambda: "? " * 20_000 + "1", ERROR),
    "90 deep": (lambda: "x: " + "[" * 90 + "]" * 90, "re:x"),
    "many keys": (lambda: "".join(f"k{i}: {i}\n" for i in range(50_000)), ERROR),
    "9,000 keys": (
        lambda: "x: {" + ", ".join(f"k{i}: {i}" for i in range(9_000)) + "}",
        "x.k99 = 99",
    ),
    "many items": (lambda: "x: [" + "1," * 40_000 + "]", ERROR),
    "many anchors": (lambda: "x: [" + ", ".join(f"&a{i} 1" for i in range(30_000)) + "]", ERROR),
    "many documents": (lambda: "---\nx: 1\n" * 20_000, ERROR),
    "many comments": (lambda: "# a\n" * 40_000 + "x: 1", "x = 1"),
    "many blanks": (lambda: "x: 1\n" + " \n" * 100_000, "x = 1"),
    "a long key": (lambda: "a" * 100_000 + ": 1", ERROR),
    "a long text": (lambda: "x: " + "a" * 900_000, "re:^x = "),
    "a long quoted text": (lambda: "x: '" + "a" * 900_000 + "'", "re:^x = "),
    "a long text with escapes": (lambda: 'x: "' + "\\x41" * 90_000 + '"', ERROR),
    "a long block": (lambda: "x: |\n" + "  a\n" * 90_000, "re:^x = "),
    "a long folded block": (lambda: "x: >\n" + "  a\n" * 90_000, "re:^x = "),
    "a long tag": (lambda: "x: !" + "a" * 100_000 + " 1", "re:.*"),
    "a long anchor": (lambda: "x: &" + "a" * 100_000 + " 1", "x = 1"),
    "a long directive": (lambda: "%" + "a" * 100_000 + "\n---\nx: 1", "re:.*"),
    "a strange version": (lambda: "%YAML " + "9" * 5_000 + ".1\n---\nx: 1", ERROR),
    "an open quote": (lambda: "x: '" + "a\n" * 40_000, ERROR),
    "2 MB": (lambda: "x: " + "a" * 2_000_000, ERROR),
    "tabs": (lambda: "x:\n\t- 1", ERROR),
    "NUL": (lambda: "x: a\0b", ERROR),
    "escaped NUL": (lambda: 'x: "a\\0b"', "x = 'a\\x00b'"),
    "surrogate": (lambda: 'x: "\\ud800"', ERROR),
    "control characters": (lambda: "x: \x07", ERROR),
    "byte order mark inside": (lambda: "x: a\ufeffb", "re:.*"),
    "no mapping": (lambda: "- 1", ERROR),
    "a scalar": (lambda: "1", ERROR),
    "nothing": (lambda: "", ERROR),
    "numbers as keys": (lambda: "1: 2", ERROR),
    "lists as keys": (lambda: "? [1]\n: 2", ERROR),
    "dicts as keys": (lambda: "x: {? {a: 1} : 2}", ERROR),
    "base of a dict": (lambda: "_base_: {a: 1}", ERROR),
    "base of nothing": (lambda: "_base_: {}", ERROR),
    "base None": (lambda: "_base_:", ERROR),
    "base of a number": (lambda: "_base_: 1", ERROR),
    "base with NUL": (lambda: '_base_: "a\\0.py"', ERROR),
    "base with a surrogate": (lambda: '_base_: "\\ud800.py"', ERROR),
    "base of a device": (lambda: "_base_: /dev/zero", ERROR),
    "base of itself": (lambda: "_base_: config.yaml", ERROR),
    "many bases": (lambda: "_base_: [" + "a.py," * 9_000 + "]", ERROR),
    "call a function": (_python("object/apply:os.system", "['touch TARGET']"), UNKNOWN),
    "make an object": (_python("object/new:os.system", "['touch TARGET']"), UNKNOWN),
    "name a module": (_python("module:os"), UNKNOWN),
    "name a function": (_python("name:os.system"), UNKNOWN),
    "complex": (_python("complex", "1+2j"), UNKNOWN),
    "own tag": (lambda: "x: !Ref y", UNKNOWN),
    "tuple": (_python("tuple", "[1, 2]"), "x[0] = 1"),
    "set": (lambda: "x: !!set {a, b}", "re:x = "),
    "ordered": (lambda: "x: !!omap [a: 1]", "re:x"),
    "pairs": (lambda: "x: !!pairs [a: 1]", "re:x"),
    "no pairs": (lambda: "x: !!pairs 1", ERROR),
    "binary": (lambda: "x: !!binary aGVsbG8=", "x = b'hello'"),
    "no binary": (lambda: "x: !!binary '%%%'", "re:.*"),
    "int of text": (lambda: "x: !!int abc", ERROR),
    "int of nothing": (lambda: "x: !!int ''", ERROR),
    "float of text": (lambda: "x: !!float abc", ERROR),
    "map of a scalar": (lambda: "x: !!map 1", ERROR),
    "placeholder of blanks": (lambda: "x: '{{$A:" + " " * 100_000 + "'", "re:^x = "),
    "many placeholders": (lambda: "x: [" + "'{{ fileDirname }}'," * 9_000 + "]", ERROR),
    "infinite epochs": (lambda: "train_cfg: {by_epoch: true, max_epochs: .inf}\nx: 1", "x = 1"),
    "nan epochs": (lambda: "train_cfg: {by_epoch: true, max_epochs: .nan}\nx: 1", "x = 1"),
}

JSON: dict[str, tuple[Callable[[], str], str]] = {
    "deep": (lambda: '{"x": ' + "[" * 100_000 + "]" * 100_000 + "}", ERROR),
    "deep dicts": (lambda: '{"x":' * 20_000 + "1" + "}" * 20_000, ERROR),
    "900 deep": (lambda: '{"x": ' + "[" * 900 + "]" * 900 + "}", ERROR),
    "90 deep": (lambda: '{"x": ' + "[" * 90 + "]" * 90 + "}", "re:^x"),
    "open": (lambda: '{"x": ' + "[" * 90_000, ERROR),
    "long number": (lambda: '{"x": ' + "9" * 100_000 + "}", ERROR),
    "400 digits": (
        lambda: '{"train_cfg": {"by_epoch": true, "max_epochs": ' + "9" * 400 + '}, "x": 1}',
        "x = 1",
    ),
    "long float": (lambda: '{"x": 0.' + "1" * 100_000 + "}", "re:^x = 0.1"),
    "large exponent": (lambda: '{"x": 1e999999999}', "x = float('inf')"),
    "infinity": (lambda: '{"x": Infinity}', "x = float('inf')"),
    "minus infinity": (lambda: '{"x": -Infinity}', "x = float('-inf')"),
    "nan": (lambda: '{"x": NaN}', "x = float('nan')"),
    "many items": (lambda: '{"x": [' + "1," * 40_000 + "1]}", ERROR),
    "many keys": (lambda: "{" + ", ".join(f'"k{i}": 1' for i in range(25_000)) + "}", ERROR),
    "one key many times": (lambda: "{" + '"x": 2, ' * 5_000 + '"x": 1}', "x = 1"),
    "a long key": (lambda: '{"' + "a" * 100_000 + '": 1}', "re:.*"),
    "a long text": (lambda: '{"x": "' + "a" * 900_000 + '"}', "re:^x = "),
    "2 MB": (lambda: '{"x": "' + "a" * 2_000_000 + '"}', ERROR),
    "many escapes": (lambda: '{"x": "' + "\\u0041" * 40_000 + '"}', "re:^x = "),
    "surrogate": (lambda: '{"x": "\\ud800"}', "re:^x = "),
    "surrogate pair": (lambda: '{"x": "\\ud83d\\ude00"}', "re:^x = "),
    "escaped NUL": (lambda: '{"x": "a\\u0000b"}', "x = 'a\\x00b'"),
    "NUL": (lambda: '{"x": "a\0b"}', ERROR),
    "tab": (lambda: '{\t"x":\t1}', "x = 1"),
    "comment": (lambda: '{"x": 1} // y', ERROR),
    "trailing comma": (lambda: '{"x": 1,}', ERROR),
    "single quotes": (lambda: "{'x': 1}", ERROR),
    "a list": (lambda: "[1]", ERROR),
    "nothing": (lambda: "", ERROR),
    "two documents": (lambda: '{"x": 1}{"x": 2}', ERROR),
    "base with NUL": (lambda: '{"_base_": "a\\u0000.py"}', ERROR),
    "base with a surrogate": (lambda: '{"_base_": "\\ud800.py"}', ERROR),
    "base of a dict": (lambda: '{"_base_": {"a": 1}}', ERROR),
    "base of itself": (lambda: '{"_base_": "config.json"}', ERROR),
    "many blanks": (lambda: '{"x":' + " " * 900_000 + "1}", "x = 1"),
    "many lines": (lambda: '{"x":' + "\n" * 900_000 + "1}", "x = 1"),
    "tags": (lambda: '{"x": !!python/object/apply:os.system ["touch TARGET"]}', ERROR),
    "merges": (lambda: '{"a": {"<<": {"b": 1}}, "x": 1}', "x = 1"),
}
CASES = [("yaml", name, *YAML[name]) for name in YAML] + [
    ("json", name, *JSON[name]) for name in JSON
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ending", "name", "text", "expected"), CASES, ids=[f"{one[0]}: {one[1]}" for one in CASES]
)
def test_it_ends_soon(tmp_path: Path, worker: Worker, ending, name, text, expected):
    target = tmp_path / "target"
    config = tmp_path / f"config.{ending}"
    content = text().replace("TARGET", str(target))
    config.write_bytes(content.encode("utf-8", "surrogatepass"))
    resolved = worker.run("resolve", config, cwd=tmp_path)
    said = resolved.out + resolved.err
    print(said[-2000:], resolved)
    assert not resolved.has_traceback
    assert ended_right(resolved, expected)
    assert resolved.code != 2 or config.name in resolved.err
    assert resolved.seconds < SECONDS
    assert resolved.megabytes < MEGABYTES
    # In a folder it may be anything, and is first asked whether it is a config; CI asks a share.
    if not WHOLE and list(YAML | JSON).index(name) % 3:
        return
    for command in (
        ["check", tmp_path],
        ["migrate", "--max-epochs", "24", "--diff", config],
    ):
        other = worker.run(*command, cwd=tmp_path)
        print(command, other)
        assert not other.has_traceback
        assert other.code in {0, 1, 2}
        assert other.seconds < SECONDS
        assert other.megabytes < MEGABYTES
    assert not target.exists()
    assert config.read_bytes() == content.encode("utf-8", "surrogatepass")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ending", "name", "text", "expected"),
    CASES[::3],
    ids=[f"{one[0]}: {one[1]}" for one in CASES[::3]],
)
def test_nothing_is_raised(tmp_path: Path, ending, name, text, expected):
    target = tmp_path / "target"
    config = tmp_path / f"config.{ending}"
    config.write_bytes(text().replace("TARGET", str(target)).encode("utf-8", "surrogatepass"))
    resolved = run_here("resolve", config)
    assert ended_right(resolved, expected), resolved.out[-2000:] + resolved.err[-2000:]
    assert not target.exists()
