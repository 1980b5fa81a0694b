"""Hostile configs end soon, in little memory: in an error with its place, an unknown, or right.

Each is generated from a short expression. Three things are asked of each command: no traceback,
nothing executed, and no more than a second and 200 MB.
"""

# ruff: noqa: E501 (a case a line reads best)

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.measured import ERROR, UNKNOWN, Worker, ended_right, run_here

SECONDS = 3  # a busy machine charges a process several times its time
MEGABYTES = 200

ALIASES = "x = [0] * 10\n" + "x = [x] * 10\n" * 12
HALVES = "x = (1,)\nfor i in range(60):\n    x = (x, x)\n"


# The text of each config, and what becomes of it: an error, an unknown, or the line of a value.
CONFIGS: dict[str, tuple[Callable[[], str], str]] = {
    # Loops
    "endless loop": (lambda: "while True:\n    pass", ERROR),
    "endless loop of nothing": (lambda: "while 1:\n    continue", ERROR),
    "nested loops": (lambda: "for i in range(10000):\n for j in range(10000): pass", ERROR),
    "loops in loops in loops": (
        lambda: (
            "".join(" " * i + f"for v{i} in range(100):\n" for i in range(10)) + " " * 10 + "pass"
        ),
        ERROR,
    ),
    "loop over a long list": (
        lambda: "y = [0] * 900000\nfor i in y: pass\nfor i in y: pass\ndel y",
        ERROR,
    ),
    "loop over text": (lambda: "y = 'a' * 3000000\nfor i in y: pass\ndel y", ERROR),
    "loop over a growing list": (lambda: "x = [0]\nfor i in x:\n    x.append(i)", ERROR),
    "loop that unpacks": (
        lambda: "y = [(1, 2)] * 10000\nfor i in range(1000):\n for a, b in y: pass",
        ERROR,
    ),
    "loop with else": (lambda: "for i in range(3): pass\nelse:\n    x = 5", "x = 5"),
    "loop of many statements": (lambda: "for i in range(100000):\n" + "    pass\n" * 1000, ERROR),
    "nested comprehension": (lambda: "x = [i for i in range(10**5) for j in range(10**5)]", ERROR),
    "comprehension that keeps nothing": (
        lambda: "x = [i for i in range(9000) for j in range(9000) if False]",
        ERROR,
    ),
    "comprehension sum": (lambda: "x = sum([i for i in range(10**9)])", ERROR),
    "generator": (lambda: "x = sum(i for i in range(10**9))", ERROR),
    "dict comprehension": (
        lambda: "x = {i: j for i in range(10**4) for j in range(10**4)}",
        ERROR,
    ),
    "set comprehension": (lambda: "x = {0 for i in range(10**4) for j in range(10**4)}", ERROR),
    "comprehension of comprehensions": (
        lambda: (
            "x = [[[[0 for i in range(99)] for i in range(99)] for i in range(99)] for i in range(99)]"
        ),
        ERROR,
    ),
    "unpacked in a comprehension": (
        lambda: "y = [0] * 9000\nx = [len(b) for i in range(9000) for a, *b in [y]]",
        ERROR,
    ),
    # Integers
    "power": (lambda: "x = 10**10**10", ERROR),
    "tower of powers": (lambda: "x = 2**2**2**2**2**2**2", ERROR),
    "power by augmented assignment": (lambda: "x = 9\nfor i in range(30): x **= 9", ERROR),
    "pow": (lambda: "x = pow(10, 10**10)", ERROR),
    "negative power": (lambda: "x = 2 ** -(10**9)", "x = 0.0"),
    "small power": (lambda: "x = 2 ** 10", "x = 1024"),
    "shift": (lambda: "x = 1 << 10**10", ERROR),
    "shift in a loop": (lambda: "x = 1\nfor i in range(100): x <<= 1000", ERROR),
    "negative shift": (lambda: "x = 1 << -1", ERROR),
    "shift right": (lambda: "x = 1 >> 10**10", "x = 0"),
    "product": (lambda: "x = 3\nfor i in range(100):\n    x = x * x", ERROR),
    "factorial": (lambda: "x = 1\nfor i in range(1, 100000): x *= i", ERROR),
    "fibonacci": (lambda: "a, x = 0, 1\nfor i in range(10**6): a, x = x, a + x", ERROR),
    "sum of large numbers": (lambda: "x = sum([2**14000] * 100000)", ERROR),
    "division of large numbers": (
        lambda: "y = 3**8000\nz = 7**4000\nwhile True:\n    x = y // z",
        ERROR,
    ),
    "remainder of large numbers": (
        lambda: "y = 3**8000\nz = 7**4000\nwhile True:\n    x = y % z",
        ERROR,
    ),
    "divmod of large numbers": (
        lambda: "y = 3**8000\nz = 7**4000\nwhile True:\n    x = divmod(y, z)",
        ERROR,
    ),
    "round to many digits": (lambda: "x = round(1, -10**8)", ERROR),
    "round to more digits": (lambda: "x = round(1, -10**30)", ERROR),
    "round by keyword": (lambda: "x = round(number=1, ndigits=-10**8)", ERROR),
    "round": (lambda: "x = round(1234, -2)", "x = 1200"),
    "hexadecimal number": (lambda: "x = 0x" + "f" * 200000, ERROR),
    "hexadecimal number in a list": (lambda: "x = dict(a=[0x" + "f" * 90000 + "])", ERROR),
    "binary number": (lambda: "x = 0b" + "1" * 200000, ERROR),
    "decimal number": (lambda: "x = " + "9" * 200000, ERROR),
    "number too long to print": (lambda: "x = 10**5000", ERROR),
    "text of a large number": (lambda: "x = str(2**14000)", "re:x = '[0-9]+'"),
    "hexadecimal text in a loop": (
        lambda: "y = 2**14000\nx = [f'{y:b}' for i in range(100000)]",
        ERROR,
    ),
    "int of a long text": (lambda: "x = int('9' * 100000)", ERROR),
    "int of a long text in base 16": (lambda: "x = int('f' * 1000000, 16)", ERROR),
    "float of a long text": (lambda: "x = [float('9' * 100000) for i in range(1000)]", ERROR),
    "infinite": (lambda: "x = 1e999", "x = float('inf')"),
    "int of infinity": (lambda: "x = int(1e999)", ERROR),
    "complex": (lambda: "x = 1j ** 10**10", "re:.*"),
    # Lists
    "long list": (lambda: "x = [0] * 10**10", ERROR),
    "long range": (lambda: "x = list(range(10**10))", ERROR),
    "range beyond all": (lambda: "x = list(range(10**100))", ERROR),
    "doubling list": (lambda: "x = [0]\nfor i in range(100):\n    x = x + x", ERROR),
    "doubling by repetition": (lambda: "x = [0]\nfor i in range(100): x *= 2", ERROR),
    "doubling by spreads": (lambda: "x = [0]\nfor i in range(100): x = [*x, *x]", ERROR),
    "doubling tuple": (lambda: "x = (0,)\nfor i in range(100): x += x", ERROR),
    "doubling slice": (lambda: "x = [0]\nfor i in range(100): x[1:1] = x", ERROR),
    "extending itself": (lambda: "x = [0]\nfor i in range(100):\n    x.extend(x)", ERROR),
    "adding to itself": (lambda: "x = [0]\nfor i in range(100): x += x", ERROR),
    "copies kept": (lambda: "y = [0] * 10000\nx = []\nwhile True:\n    x.append(y[:])", ERROR),
    "copies by copy": (
        lambda: "y = [0] * 10000\nx = []\nwhile True:\n    x.append(y.copy())",
        ERROR,
    ),
    "copies by list": (
        lambda: "y = [0] * 10000\nx = []\nwhile True:\n    x.append(list(y))",
        ERROR,
    ),
    "copies by copy.copy": (
        lambda: "import copy\ny = [0] * 10000\nx = []\nwhile True:\n    x.append(copy.copy(y))",
        ERROR,
    ),
    "copies by deepcopy": (
        lambda: (
            "import copy\ny = [0] * 10000\nx = []\nwhile True:\n    x.append(copy.deepcopy(y))"
        ),
        ERROR,
    ),
    "copies of deep lists": (
        lambda: (
            "import copy\ny = [[0] * 10 for i in range(9000)]\nx = []\nwhile True:\n    x.append(copy.deepcopy(y))"
        ),
        ERROR,
    ),
    "reversed copies": (
        lambda: "y = [0] * 10000\nx = []\nwhile True:\n    x.append(y[::-1])",
        ERROR,
    ),
    "slices of a tuple": (
        lambda: "y = (0,) * 10000\nx = []\nwhile True:\n    x.append(y[1:])",
        ERROR,
    ),
    "slices of a range": (lambda: "x = range(10**6)\nwhile True:\n    x = x[::1]", ERROR),
    "searches": (lambda: "x = [0] * 900000\nwhile True:\n    -1 in x", ERROR),
    "searches not in": (lambda: "x = [0] * 900000\nwhile True:\n    y = -1 not in x", ERROR),
    "searches in a tuple": (lambda: "x = (0,) * 900000\nwhile True:\n    -1 in x", ERROR),
    "searches in a range": (lambda: "x = range(900000)\nwhile True:\n    0.5 in x", ERROR),
    "searches in a comprehension": (
        lambda: "y = [0] * 10000\nx = [i for i in range(10000) if -1 in y]",
        ERROR,
    ),
    "searches in values": (
        lambda: "y = {i: 0 for i in range(10000)}\nwhile True:\n    x = -1 in y.values()",
        ERROR,
    ),
    "count": (lambda: "x = [0] * 900000\nwhile True:\n    y = x.count(1)", ERROR),
    "index": (lambda: "x = [0] * 900000 + [1]\nwhile True:\n    y = x.index(1)", ERROR),
    "remove": (lambda: "x = [0] * 900000\nwhile True:\n    x.remove(0)", ERROR),
    "sort": (lambda: "x = list(range(100000))\nwhile True:\n    x.sort()", ERROR),
    "sort by reverse": (
        lambda: "x = list(range(100000))\nwhile True:\n    x.sort(reverse=True)",
        ERROR,
    ),
    "sorted": (lambda: "y = list(range(100000))\nwhile True:\n    x = sorted(y)", ERROR),
    "reverse": (lambda: "x = [0] * 900000\nwhile True:\n    x.reverse()", ERROR),
    "reversed": (lambda: "x = [0] * 100000\nwhile True:\n    y = reversed(x)", ERROR),
    "pop from the front": (lambda: "x = [0] * 900000\nwhile x:\n    x.pop(0)", ERROR),
    "insert at the front": (lambda: "x = [0] * 500000\nwhile True:\n    x.insert(0, 1)", ERROR),
    "delete from the front": (lambda: "x = [0] * 900000\nwhile x:\n    del x[0]", ERROR),
    "delete a slice": (lambda: "x = [0] * 900000\nwhile True:\n    del x[0:1]", ERROR),
    "equal lists": (lambda: "a = [0] * 900000\nb = a * 1\nwhile True:\n    x = a == b", ERROR),
    "lists in order": (lambda: "a = [0] * 400000\nb = a * 1\nwhile True:\n    x = a < b", ERROR),
    "sums": (lambda: "y = [1] * 100000\nwhile True:\n    x = sum(y)", ERROR),
    "sum of lists": (lambda: "y = [[0]] * 100000\nx = sum(y, [])", ERROR),
    "sum of ranges": (lambda: "y = [sum(range(9999)) for i in range(100000)]", ERROR),
    "min": (lambda: "y = [1] * 100000\nwhile True:\n    x = min(y)", ERROR),
    "max": (lambda: "y = [1] * 100000\nwhile True:\n    x = max(y)", ERROR),
    "any": (lambda: "y = [0] * 100000\nwhile True:\n    x = any(y)", ERROR),
    "all of ranges": (lambda: "while True:\n    x = all(range(1, 9999))", ERROR),
    "enumerate": (lambda: "y = [0] * 100000\nwhile True:\n    x = enumerate(y)", ERROR),
    "zip": (lambda: "y = [0] * 100000\nx = []\nwhile True:\n    x.append(zip(y, y))", ERROR),
    "starred arguments": (lambda: "y = [0] * 100000\nwhile True:\n    x = max(*y)", ERROR),
    "starred target": (lambda: "y = [0] * 100000\nwhile True:\n    a, *x = y", ERROR),
    # Sets and dicts
    "sets kept": (
        lambda: "y = set(range(9999))\nx = []\nwhile True:\n    x.append(y.copy())",
        ERROR,
    ),
    "unions": (lambda: "y = set(range(9999))\nz = set()\nwhile True:\n    x = y.union(z)", ERROR),
    "unions by operator": (
        lambda: "y = set(range(9999))\nz = set()\nwhile True:\n    x = y | z",
        ERROR,
    ),
    "intersections": (lambda: "y = set(range(9999))\nwhile True:\n    x = y & y", ERROR),
    "difference": (lambda: "y = set(range(9999))\nwhile True:\n    x = y.difference([])", ERROR),
    "subset": (lambda: "y = set(range(9999))\nwhile True:\n    x = y.issubset(y)", ERROR),
    "frozensets": (lambda: "y = list(range(9999))\nwhile True:\n    x = frozenset(y)", ERROR),
    "dicts kept": (
        lambda: "y = {i: i for i in range(9999)}\nx = []\nwhile True:\n    x.append(dict(y))",
        ERROR,
    ),
    "dicts by spreads": (
        lambda: "y = {i: i for i in range(9999)}\nx = []\nwhile True:\n    x.append({**y})",
        ERROR,
    ),
    "dicts by union": (
        lambda: "y = {i: i for i in range(9999)}\nx = []\nwhile True:\n    x.append(y | {})",
        ERROR,
    ),
    "dicts by keyword spreads": (
        lambda: (
            "y = {str(i): i for i in range(9999)}\nx = []\nwhile True:\n    x.append(dict(**y))"
        ),
        ERROR,
    ),
    "updates": (
        lambda: "y = {i: i for i in range(9999)}\nx = {}\nwhile True:\n    x.update(y)",
        ERROR,
    ),
    "updates by operator": (
        lambda: "y = {i: i for i in range(9999)}\nx = {}\nwhile True:\n    x |= y",
        ERROR,
    ),
    "keys": (
        lambda: (
            "y = {i: i for i in range(9999)}\nx = []\nwhile True:\n    x.append(list(y.keys()))"
        ),
        ERROR,
    ),
    "items": (
        lambda: (
            "y = {i: i for i in range(9999)}\nx = []\nwhile True:\n    x.append(list(y.items()))"
        ),
        ERROR,
    ),
    "keys that take long to hash": (lambda: HALVES + "x = {x: 1}", ERROR),
    "a set of what takes long to hash": (lambda: HALVES + "x = {x}", ERROR),
    "a set by name of what takes long to hash": (lambda: HALVES + "x = set([x])", ERROR),
    "an index that takes long to hash": (lambda: HALVES + "y = {}\ny[x] = 1", ERROR),
    "get what takes long to hash": (lambda: HALVES + "y = dict(a=1)\nx = y.get(x)", ERROR),
    "search what takes long to hash": (lambda: HALVES + "y = dict(a=1)\nx = x in y", ERROR),
    "a comprehension of what takes long to hash": (
        lambda: HALVES + "x = {x: i for i in [1]}",
        ERROR,
    ),
    "add what takes long to hash": (lambda: HALVES + "y = set()\ny.add(x)", ERROR),
    # Aliases
    "aliases": (lambda: ALIASES, ERROR),
    "aliases beside an import": (
        lambda: "import os\nx = [os] * 10\n" + "x = [x] * 10\n" * 12,
        ERROR,
    ),
    "aliases beside an unknown": (
        lambda: "u = open('x')\n" + ALIASES + "y = len(x)\ndel x",
        UNKNOWN,
    ),
    "aliases in dicts": (lambda: "x = dict(a=1)\n" + "x = dict(a=x, b=x, c=x)\n" * 40, ERROR),
    "aliases with items": (
        lambda: "x = dict()\nfor i in range(60):\n    x = dict(x=x)\n    x['y'] = x['x']",
        ERROR,
    ),
    "aliases deleted": (lambda: ALIASES + "x = 1", "x = 1"),
    "text of aliases": (lambda: ALIASES + "y = str(x)\ndel x", ERROR),
    "f-string of aliases": (lambda: ALIASES + "y = f'{x}'\ndel x", ERROR),
    "percent of aliases": (lambda: ALIASES + "y = '%s' % (x,)\ndel x", ERROR),
    "format of aliases": (lambda: ALIASES + "y = '{}'.format(x)\ndel x", ERROR),
    "repr of aliases": (lambda: ALIASES + "y = repr(x)\ndel x", ERROR),
    "copied aliases": (
        lambda: "import copy\n" + ALIASES + "y = copy.deepcopy(x)\ndel x, y",
        "re:^$",
    ),
    "equal aliases": (lambda: HALVES + "y = x\n" + HALVES + "x = x == y\ndel y", ERROR),
    "count of aliases": (
        lambda: HALVES + "y = x\n" + HALVES + "x = [x, x].count(y)\ndel y",
        ERROR,
    ),
    "aliases in order": (lambda: HALVES + "y = x\n" + HALVES + "x = sorted([x, y])\ndel y", ERROR),
    "largest of aliases": (lambda: HALVES + "y = x\n" + HALVES + "x = max(x, y)\ndel y", ERROR),
    "itself inside": (lambda: "x = []\nx.append(x)", ERROR),
    "itself inside a dict": (lambda: "x = dict()\nx['x'] = x", ERROR),
    "itself by a slice": (lambda: "x = [1]\nx[:] = [x]", ERROR),
    "two in each other": (lambda: "x = []\ny = [x]\nx.append(y)", ERROR),
    "ever deeper": (lambda: "x = []\nfor i in range(100000):\n    x = [x]", ERROR),
    "500 deep": (lambda: "x = []\n" + "x = [x]\n" * 500, ERROR),
    "400 deep": (lambda: "x = []\n" + "x = [x]\n" * 400, ERROR),
    "900 deep in tuples": (lambda: "x = ()\n" + "x = (x,)\n" * 900, ERROR),
    "500 dicts deep": (lambda: "x = dict()\n" + "x = dict(x=x)\n" * 500, ERROR),
    "deep through one base": (lambda: "x = []\nfor i in range(480):\n    x = dict(a=[x])", ERROR),
    "20 deep": (lambda: "x = 1\n" + "x = [x]\n" * 20 + "x = len(x)", "x = 1"),
    # Text
    "long string": (lambda: "x = 'a' * 10**12", ERROR),
    "doubling string": (lambda: "x = 'a'\nfor i in range(100):\n    x += x", ERROR),
    "doubling f-string": (lambda: "x = 'a'\nfor i in range(100):\n    x = f'{x}{x}'", ERROR),
    "long bytes": (lambda: "x = b'a' * 10**12", ERROR),
    "strings kept": (lambda: "y = 'a' * 99999\nx = []\nwhile True:\n    x.append(y[1:])", ERROR),
    "upper": (lambda: "y = 'a' * 99999\nx = []\nwhile True:\n    x.append(y.upper())", ERROR),
    "split": (lambda: "x = ('a ' * 1000000).split()", ERROR),
    "split into lines": (lambda: "x = ('a\\n' * 1500000).splitlines(True)", ERROR),
    "split by a long separator": (
        lambda: "y = 'a' * 1000000\nz = 'b' + 'a' * 500000\nx = y.rsplit(z)",
        ERROR,
    ),
    "rfind": (lambda: "y = 'a' * 1000000\nz = 'b' + 'a' * 500000\nx = y.rfind(z)", ERROR),
    "find": (lambda: "y = 'a' * 1000000\nwhile True:\n    x = y.find('b')", ERROR),
    "count in text": (lambda: "y = 'a' * 1000000\nwhile True:\n    x = y.count('b')", ERROR),
    "search in text": (lambda: "y = 'a' * 1000000\nwhile True:\n    x = 'b' in y", ERROR),
    "equal texts": (
        lambda: "y = 'a' * 1000000\nz = 'a' * 1000000\nwhile True:\n    x = y == z",
        ERROR,
    ),
    "format width": (lambda: "x = f'{1:>1000000000}'", ERROR),
    "format precision": (lambda: "x = f'{1:.2000000000f}'", ERROR),
    "format width by a value": (lambda: "w = 10**9\nx = f'{1:{w}}'", ERROR),
    "format function": (lambda: "x = format(1, '1000000000')", ERROR),
    "format method": (lambda: "x = '{:1000000000}'.format(1)", ERROR),
    "format width by an argument": (lambda: "x = '{0:{1}}'.format(1, 3*10**9)", ERROR),
    "format width by keyword": (lambda: "x = '{a:{b}}'.format(a=1, b=3*10**9)", ERROR),
    "format width by text": (lambda: "x = '{0:{1}}'.format(1, '>3000000000')", ERROR),
    "format precision by an argument": (lambda: "x = '{0:.{1}f}'.format(1, 3*10**8)", ERROR),
    "format width in two parts": (lambda: "x = '{0:3{1}{1}}'.format(1, 99999)", ERROR),
    "formats together": (lambda: "x = ('{:3000000}' * 1000).format(*range(1000))", ERROR),
    "format repeats": (lambda: "x = ('{0}' * 100000).format('a' * 100000)", ERROR),
    "format by a value": (lambda: "x = '{0:>{1}}'.format('a', 3)", "x = '  a'"),
    "format with nested index": (lambda: "x = '{0[0]}'.format([1])", "re:.*"),
    "percent width": (lambda: "x = '%1000000000d' % 1", ERROR),
    "percent precision": (lambda: "x = '%.1000000000f' % 1", ERROR),
    "percent widths together": (lambda: "x = '%3000000d' * 1000 % tuple(range(1000))", ERROR),
    "star width": (lambda: "x = '%*d' % (10**9, 1)", ERROR),
    "star precision": (lambda: "x = '%.*f' % (10**9, 1)", ERROR),
    "percent of a dict": (lambda: "x = '%(a)s' * 100000 % {'a': 'b' * 100000}", ERROR),
    "percent bytes": (lambda: "x = b'%1000000000d' % 1", ERROR),
    "superscript digits": (lambda: "x = '{:\u00b2}'.format(1)", ERROR),
    "justify": (lambda: "x = 'a'.ljust(10**10)", ERROR),
    "zeros": (lambda: "x = '1'.zfill(10**10)", ERROR),
    "centre": (lambda: "x = 'a'.center(10**10)", ERROR),
    "replace": (lambda: "x = ('a' * 10**6).replace('a', 'b' * 10**6)", ERROR),
    "replace nothing": (lambda: "x = ('a' * 10**6).replace('', 'b' * 10**6)", ERROR),
    "join": (lambda: "x = ('a' * 10**6).join(['b'] * 10**5)", ERROR),
    "join a set": (lambda: "x = ('a' * 10**5).join(set([str(i) for i in range(5000)]))", ERROR),
    "join a dict": (lambda: "x = ('a' * 10**5).join({str(i): 0 for i in range(5000)})", ERROR),
    "join text": (lambda: "x = ('a' * 10**5).join('b' * 10**5)", ERROR),
    "join a generator": (lambda: "x = ('a' * 10**5).join(str(i) for i in range(9999))", ERROR),
    "join a zip": (lambda: "x = 'a'.join(zip(['a'], ['b']))", ERROR),
    "join paths": (
        lambda: "import os.path as p\nx = 'a'\nfor i in range(100): x = p.join(x, x)",
        ERROR,
    ),
    "escapes": (lambda: "x = repr('\\x00' * 10**6)\ny = repr(x)\nz = repr(y)\nw = repr(z)", ERROR),
    # Calls and names that run something
    "run a program": (lambda: "import os\nx = os.system('touch TARGET')", UNKNOWN),
    "subprocess": (lambda: "import subprocess\nx = subprocess.run(['touch', 'TARGET'])", UNKNOWN),
    "import by name": (lambda: "x = __import__('os').system('touch TARGET')", UNKNOWN),
    "eval": (lambda: 'x = eval(\'open("TARGET", "w")\')', UNKNOWN),
    "exec": (lambda: "exec(\"open('TARGET', 'w')\")\nx = 1", "re:x = .*"),
    "compile": (lambda: "x = compile('1', 'f', 'eval')", UNKNOWN),
    "open": (lambda: "x = open('TARGET', 'w')", UNKNOWN),
    "open in a with": (lambda: "with open('TARGET', 'w') as f:\n    x = 1", "re:.*"),
    "dunder": (lambda: "x = ().__class__.__bases__[0].__subclasses__()", UNKNOWN),
    "dunder by format": (lambda: "x = '{0.__class__}'.format(1)", UNKNOWN),
    "dunder by nested format": (lambda: "x = '{0:{1.__class__}}'.format(1, 2)", UNKNOWN),
    "getattr": (lambda: "x = getattr(str, 'join')", UNKNOWN),
    "lambda": (lambda: "x = (lambda: open('TARGET', 'w'))()", UNKNOWN),
    "decorator": (lambda: "@open\ndef f():\n    pass\nx = f('TARGET', 'w')", UNKNOWN),
    "default argument": (lambda: "def f(a=open('TARGET', 'w')):\n    pass\nx = f()", "re:.*"),
    "class body": (lambda: "class A:\n    x = open('TARGET', 'w')\nx = A.x", UNKNOWN),
    "metaclass": (lambda: "class A(metaclass=open): pass\nx = A", UNKNOWN),
    "recursion": (lambda: "def f(n):\n    return f(n + 1)\nx = f(0)", "re:error|x = <unknown"),
    "helpers that call each other": (
        lambda: (
            "".join(f"def f{i}(x):\n    return f{i + 1}(x) + f{i + 1}(x)\n" for i in range(40))
            + "def f40(x):\n    return 1\nx = f0(1)"
        ),
        "re:error|x = <unknown",
    ),
    "a helper in a loop": (
        lambda: "def f(x):\n    return [i for i in range(1000)]\nwhile True:\n    x = f(1)",
        ERROR,
    ),
    "a key that is a helper": (
        lambda: "def f(x):\n    return [0] * 100000\nx = sorted(range(9999), key=f)",
        "re:error|x = <unknown",
    ),
    "equal names": (
        lambda: HALVES.replace("(1,)", "(open,)") + "y = x\nx = x == y\ndel y",
        "re:.*",
    ),
    "forgotten again and again": (
        lambda: "y = [[0] for i in range(9000)]\nfor i in range(9000):\n    open(y)\nx = 1",
        "re:error|x = 1",
    ),
    "helpers that change what they see": (
        lambda: (
            "y = []\n"
            + "".join(f"def f{i}():\n    y.append(f{(i + 1) % 300})\n" for i in range(300))
            + "open(f0)\nx = 1"
        ),
        "re:error|x = 1",
    ),
    "endless function": (
        lambda: "def f():\n    while True: pass\nx = f()",
        "re:error|x = <unknown",
    ),
    "property by dict": (lambda: "x = dict(__reduce__=1)", "re:.*"),
    "pickle": (
        lambda: "import pickle\nx = pickle.loads(b'cos\\nsystem\\n(S\"touch TARGET\"\\ntR.')",
        UNKNOWN,
    ),
    "given up on many names": (
        lambda: "u = open('f')\nfor i in range(100000):\n    if u:\n" + "        a.b = 1\n" * 5000,
        ERROR,
    ),
    # Syntax
    "deep list": (lambda: "x = " + "[" * 10_000 + "]" * 10_000, ERROR),
    "deep unary": (lambda: "x = " + "-" * 10_000 + "1", ERROR),
    "deep sum": (lambda: "x = " + "1+" * 10_000 + "1", ERROR),
    "deep not": (lambda: "x = " + "not " * 5_000 + "1", ERROR),
    "deep attributes": (lambda: "_base_ = []\nx = y" + ".a" * 10_000, ERROR),
    "deep subscripts": (lambda: "y = [0]\nx = y" + "[0]" * 10_000, ERROR),
    "deep calls": (lambda: "x = dict" + "()" * 10_000, ERROR),
    "deep conditions": (lambda: "x = " + "1 if 1 else " * 3_000 + "1", ERROR),
    "deep lambdas": (lambda: "x = " + "lambda: " * 3_000 + "1", ERROR),
    "deep blocks": (
        lambda: "".join(" " * i + "if 1:\n" for i in range(99)) + " " * 99 + "x = 3",
        "x = 3",
    ),
    "deeper blocks": (
        lambda: "".join(" " * i + "if 1:\n" for i in range(101)) + " " * 101 + "x = 3",
        ERROR,
    ),
    "elif": (lambda: "if 0: x = 1\n" + "elif 0: x = 2\n" * 2_000, "re:error|^$"),
    "deep tuples as targets": (lambda: "(" * 150 + "x" + ",)" * 150 + " = 1", ERROR),
    "deep f-strings": (lambda: "x = 0\nx = f'{x:{x:{x}}}'", "re:.*"),
    "boolean of many": (lambda: "x = " + "1 and " * 10_000 + "2", "x = 2"),
    "comparison of many": (lambda: "x = " + "1 < " * 10_000 + "2", "x = False"),
    "8 MB of statements": (lambda: "x=1\n" * 2_000_000, ERROR),
    "8 MB in one list": (lambda: "x = [" + "1," * 4_000_000 + "]", ERROR),
    "8 MB of one string": (lambda: "x = '" + "a" * 8_000_000 + "'", ERROR),
    "8 MB of blanks": (lambda: " " * 8_000_000, ERROR),
    "8 MB of comments": (lambda: "#" * 8_000_000, ERROR),
    "8 MB of empty lines": (lambda: "\n" * 8_000_000, ERROR),
    "900 kB of names": (lambda: "x\n" * 450_000, ERROR),
    "900 kB of comments": (lambda: "#\n" * 450_000 + "x = 1", ERROR),
    "900 kB of one string": (lambda: "x = len('" + "a" * 900_000 + "')", "x = 900000"),
    "900 kB of empty lines": (lambda: "\n" * 900_000 + "x = 1", "x = 1"),
    "900 kB of dots": (lambda: "from " + "." * 900_000 + "x import y", ERROR),
    "10,000 assignments": (
        lambda: "".join(f"x{i} = {i}\n" for i in range(10_000)) + "x = x9999",
        "re:.*",
    ),
    "10,000 names in a call": (
        lambda: "x = len(dict(" + ",".join(f"a{i}={i}" for i in range(9_000)) + "))",
        "x = 9000",
    ),
    "many escapes": (lambda: "x = len('" + "\\d" * 100_000 + "')", ERROR),
    "NUL": (lambda: "x = 1\0", ERROR),
    "NUL in a string": (lambda: "x = 'a\0b'", ERROR),
    "escaped NUL": (lambda: "x = 'a\\0b'", "x = 'a\\x00b'"),
    "surrogate": (lambda: "x = '\\ud800'", "x = '\\ud800'"),
    "break": (lambda: "x = 1\nbreak", ERROR),
    "continue": (lambda: "x = 1\ncontinue", ERROR),
    "break in an if": (lambda: "if 1:\n    break", ERROR),
    "return": (lambda: "x = 1\nreturn x", ERROR),
    "await": (lambda: "x = await y", ERROR),
    "await in a loop": (lambda: "for i in [1]:\n    x = await i", ERROR),
    "yield": (lambda: "x = yield 1", ERROR),
    "async for": (lambda: "async for i in []:\n    pass", ERROR),
    "async with": (lambda: "async with a:\n    pass", ERROR),
    "async comprehension": (lambda: "x = [i async for i in []]", ERROR),
    "break in a function": (lambda: "def f():\n    break\nx = 1", ERROR),
    "break in a loop": (lambda: "for i in range(9):\n    break\nx = i", "x = 0"),
    "continue in a loop": (
        lambda: "x = 0\nfor i in range(9):\n    if i % 2:\n        continue\n    x += 1",
        "x = 5",
    ),
    "star outside": (lambda: "x = *[1]", ERROR),
    "assign to a call": (lambda: "f() = 1", ERROR),
    "tabs and blanks": (lambda: "if 1:\n\tx = 1\n        y = 2", ERROR),
    # Bases
    "base of nothing": (lambda: "_base_ = {}", ERROR),
    "base of a dict": (lambda: "_base_ = {'a.py': 1}", ERROR),
    "base of a call": (lambda: "_base_ = dict(a='b.py')", ERROR),
    "base of numbers": (lambda: "_base_ = [1, 2]", ERROR),
    "base of lists": (lambda: "_base_ = [['a.py']]", ERROR),
    "base None": (lambda: "_base_ = None", ERROR),
    "base of empty text": (lambda: "_base_ = ''", ERROR),
    "base of a folder": (lambda: "_base_ = '.'", ERROR),
    "base of itself": (lambda: "_base_ = 'config.py'", ERROR),
    "base with NUL": (lambda: "_base_ = 'a\\0.py'", ERROR),
    "base with a surrogate": (lambda: "_base_ = '\\ud800.py'", ERROR),
    "base with a long name": (lambda: f"_base_ = '{'a' * 100_000}.py'", ERROR),
    "base in many folders": (lambda: f"_base_ = '{'a/' * 50_000}.py'", ERROR),
    "base with newlines": (lambda: "_base_ = 'a\\nb.py'", ERROR),
    "base of a device": (lambda: "_base_ = '/dev/zero'", ERROR),
    "base of standard input": (lambda: "_base_ = '/dev/stdin'", ERROR),
    "base of /proc": (lambda: "_base_ = '/proc/self/mem'", ERROR),
    "base of a link": (lambda: "_base_ = '/proc/self/fd/0'", ERROR),
    "base of a network": (lambda: "_base_ = 'http://127.0.0.1:1/a.py'", ERROR),
    "base of a package": (lambda: "_base_ = '../../::config.py'", ERROR),
    "base by an expression": (lambda: "_base_ = ['a.py'] * 10**9", ERROR),
    "100,000 bases": (lambda: "_base_ = ['/dev/null'] * 100000", ERROR),
    "many bases": (lambda: "_base_ = ['empty.py'] * 100000", ERROR),
    "reading _base_": (lambda: "_base_ = []\nx = _base_.a", ERROR),
    "aliases in _base_": (
        lambda: "_base_ = 'empty.py'\n" + ALIASES + "_base_.x = x\ndel x",
        ERROR,
    ),
    "halves in _base_": (
        lambda: (
            "_base_ = 'empty.py'\nx = dict()\nfor i in range(60):\n    x = dict(a=x, b=x)\n_base_.x = x\nx = 1"
        ),
        ERROR,
    ),
    "a base in a place that is none": (lambda: "_base_ = 'config.py/a.py'", ERROR),
    "halves in an update of _base_": (
        lambda: (
            "_base_ = 'empty.py'\nx = dict()\nfor i in range(60):\n    x = dict(a=x, b=x)\n_base_.update(dict(x=x))\nx = 1"
        ),
        ERROR,
    ),
    "500 read_base": (
        lambda: (
            "from mmengine.config import read_base\nwith read_base():\n"
            + "    from .empty import *\n" * 500
        ),
        ERROR,
    ),
    # Placeholders
    "placeholder of blanks": (lambda: "x = '{{$A:" + " " * 100_000 + "'", "re:x = .*"),
    "placeholder of blanks and a brace": (lambda: "x = 1 # {{$A:" + " " * 100_000 + "}", "x = 1"),
    "many open placeholders": (lambda: "x = 1 # " + "{{$A:" * 100_000, "re:error|x = 1"),
    "many open placeholders and a blank": (
        lambda: "x = 1 # " + "{{$A:" * 100_000 + " b}}",
        "re:error|x = 1",
    ),
    "many placeholders": (lambda: "x = [" + "'{{ fileDirname }}'," * 20_000 + "]", ERROR),
    "many environment variables": (lambda: "x = [" + "'{{$A:b}}'," * 20_000 + "]", ERROR),
    "many base variables": (
        lambda: "_base_ = 'empty.py'\nx = [" + "{{_base_.a}}," * 20_000 + "]",
        ERROR,
    ),
    "long name of a base variable": (lambda: "x = 1 # {{_base_." + "a." * 100_000 + "!}}", ERROR),
    "long name of a placeholder": (lambda: "x = 1 # {{$" + "A" * 100_000, "x = 1"),
    "braces": (lambda: "x = 1 # " + "{" * 100_000, ERROR),
    "blanks behind braces": (lambda: "x = 1 # {{" + " " * 100_000, "x = 1"),
    "placeholder of the path": (lambda: "x = '{{ fileBasename }}'", "x = 'config.py'"),
    "placeholder with a default": (lambda: "x = '{{$MMSCAFFOLD_NONE: a }}'", "x = 'a'"),
    "token of a base variable": (lambda: "x = '\\x01a\\x02'", "re:.*"),
    "open lists": (lambda: "#" + "_base_ = [" * 50_000 + "\nx = 1", ERROR),
    "open tuples": (lambda: "#" + "_base_ = (" * 50_000 + "\nx = 1", ERROR),
    "infinite epochs": (
        lambda: "train_cfg = dict(by_epoch=True, max_epochs=float('inf'))\nx = 1",
        "x = 1",
    ),
    "nan epochs": (
        lambda: "train_cfg = dict(by_epoch=True, max_epochs=float('nan'))\nx = 1",
        "x = 1",
    ),
    "400 digits of epochs": (
        lambda: "train_cfg = dict(by_epoch=True, max_epochs=10**400)\nx = 1",
        "x = 1",
    ),
    "negative epochs": (
        lambda: "train_cfg = dict(by_epoch=True, max_epochs=-(10**400))\nx = 1",
        "x = 1",
    ),
    "no epochs": (lambda: "train_cfg = dict(by_epoch=True, max_epochs=0)\nx = 1", "x = 1"),
    "text epochs": (lambda: "train_cfg = dict(by_epoch=True, max_epochs='12')\nx = 1", "x = 1"),
    "list of epochs": (lambda: "train_cfg = dict(by_epoch=True, max_epochs=[12])\nx = 1", "x = 1"),
    "long intervals": (
        lambda: (
            "train_cfg = dict(by_epoch=True, max_epochs=10**12, val_interval=1,"
            " dynamic_intervals=[(10**9, 1)])\nx = 1"
        ),
        "x = 1",
    ),
    "strange intervals": (
        lambda: (
            "train_cfg = dict(by_epoch=True, max_epochs=12, val_interval=0, dynamic_intervals=[1, 'a'])\nx = 1"
        ),
        "x = 1",
    ),
    "schedulers of inf": (
        lambda: (
            "train_cfg = dict(by_epoch=True, max_epochs=12)\n"
            "param_scheduler = [dict(type='MultiStepLR', begin=float('-inf'), end=float('inf'),"
            " milestones=[float('inf'), float('nan'), 10**400], gamma=10**400)]\nx = 1"
        ),
        "x = 1",
    ),
    "schedulers of nothing": (
        lambda: (
            "train_cfg = dict(by_epoch=True, max_epochs=12)\n"
            "param_scheduler = [None, 1, 'a', [], dict(), dict(type=None), dict(type='MultiStepLR', milestones=3)]\nx = 1"
        ),
        "x = 1",
    ),
    "cosine of 400 digits": (
        lambda: (
            "train_cfg = dict(by_epoch=True, max_epochs=10**400)\n"
            "param_scheduler = dict(type='CosineAnnealingLR', T_max=10**400, eta_min=1e-5, begin=10**399)\nx = 1"
        ),
        "x = 1",
    ),
    "steps of 400 digits": (
        lambda: (
            "train_cfg = dict(by_epoch=True, max_epochs=12)\n"
            "param_scheduler = dict(type='StepLR', step_size=10**400, gamma=0.1)\nx = 1"
        ),
        "x = 1",
    ),
    "a step each epoch for ever": (
        lambda: (
            "train_cfg = dict(by_epoch=True, max_epochs=10**12)\n"
            "param_scheduler = dict(type='StepLR', step_size=1, gamma=0.1)\nx = 1"
        ),
        "x = 1",
    ),
    "one cycle of inf": (
        lambda: (
            "train_cfg = dict(by_epoch=False, max_iters=float('inf'))\n"
            "param_scheduler = dict(type='OneCycleLR', total_steps=float('inf'), eta_max=1)\nx = 1"
        ),
        "x = 1",
    ),
    "cosine restarts of 0": (
        lambda: (
            "train_cfg = dict(by_epoch=True, max_epochs=12)\n"
            "param_scheduler = dict(type='CosineRestartLR', periods=[0]*9999, restart_weights=[0])\nx = 1"
        ),
        "re:.*",
    ),
    "hooks of inf": (
        lambda: (
            "train_cfg = dict(by_epoch=True, max_epochs=12)\n"
            "default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=float('inf')))\n"
            "custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=float('inf')),"
            " dict(type='EarlyStoppingHook', patience=10**400)]\nx = 1"
        ),
        "x = 1",
    ),
    "1,000 schedulers": (
        lambda: (
            "train_cfg = dict(by_epoch=True, max_epochs=12)\n"
            "param_scheduler = [dict(type='LinearLR', begin=0, end=i) for i in range(1000)]\nx = 1"
        ),
        "re:.*",
    ),
    "sizes of inf": (
        lambda: (
            "train_dataloader = dict(batch_size=10**400, dataset=dict(type='RepeatDataset', times=10**400))\n"
            "auto_scale_lr = dict(enable=True, base_batch_size=float('inf'))\nx = 1"
        ),
        "x = 1",
    ),
}


WHOLE = bool(os.environ.get("MMSCAFFOLD_WHOLE"))
SHARE = {*list(CONFIGS)[::4], *list(CONFIGS)[-20:]}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(CONFIGS) if WHOLE else [*CONFIGS][::2])
def test_it_ends_soon(tmp_path: Path, worker: Worker, name: str):
    text, expected = CONFIGS[name]
    target = tmp_path / "target"
    config = tmp_path / "config.py"
    (tmp_path / "empty.py").write_text("")
    content = text().replace("TARGET", str(target)) + "\n"
    config.write_bytes(content.encode())
    resolved = worker.run("resolve", config, cwd=tmp_path)
    said = resolved.out + resolved.err
    print(said[-2000:], resolved)
    assert not resolved.has_traceback
    assert ended_right(resolved, expected)
    assert resolved.code != 2 or "config.py" in resolved.err
    assert resolved.seconds < SECONDS
    assert resolved.megabytes < MEGABYTES
    # Of one that does not resolve, the other commands see no more; of the rest, CI asks a share.
    others = WHOLE or (resolved.code == 0 and name in SHARE)
    for command in () if not others else (["check"], ["migrate", "--max-epochs", "24", "--diff"]):
        other = worker.run(*command, config, cwd=tmp_path)
        print(command, other)
        assert not other.has_traceback
        assert other.code in {0, 1, 2}
        assert other.seconds < SECONDS
        assert other.megabytes < MEGABYTES
    assert not target.exists()
    assert config.read_bytes() == content.encode()


# Those that the share above leaves out.
@pytest.mark.slow
@pytest.mark.parametrize("name", [*CONFIGS][1::2])
def test_nothing_is_raised(tmp_path: Path, name: str):
    text, expected = CONFIGS[name]
    target = tmp_path / "target"
    config = tmp_path / "config.py"
    (tmp_path / "empty.py").write_text("")
    config.write_bytes((text().replace("TARGET", str(target)) + "\n").encode())
    resolved = run_here("resolve", config)
    assert ended_right(resolved, expected), resolved.out[-2000:] + resolved.err[-2000:]
    assert not target.exists()
