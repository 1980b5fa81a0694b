"""What is not evaluated makes unknown all that it could change; nothing else, and nothing less."""

from __future__ import annotations

import pytest
from mmengine.config import Config
from mmscaffold.config import ConfigError, Unknown, resolve
from support.strict import same

BASE = """
m = [0]
n = 3
d = dict(a=1, x=dict(y=[1, 2]))
pipeline = [dict(type='Load'), dict(type='Resize', scale=(1333, 800)), dict(type='Pack')]
train_cfg = dict(by_epoch=True, max_epochs=12)
"""

PREAMBLE = "import os, operator, copy\nu = os.environ.get('MMSCAFFOLD_NOT_SET', 'd')\n"

# Each of these mmengine loads; what is known here must be what it loads.
EXACT = {
    "a helper changes its argument": (
        "def train_for(cfg, epochs):\n    cfg['max_epochs'] = epochs\n"
        "t = dict(type='L', max_epochs=12)\ntrain_for(t, 36)"
    ),
    "keywords, defaults, results": (
        "def f(a, b=2, *c, d=4, **e):\n    return dict(a=a, b=b, c=c, d=d, e=e)\n"
        "x = f(1)\ny = f(1, 3, 5, 6, d=7, z=8)\nz = f(b=1, a=2)"
    ),
    "a default is evaluated once": (
        "def f(v, seen=[]):\n    seen.append(v)\n    return seen\nx = f(1)\ny = f(2)"
    ),
    "globals are read late": "k = 1\ndef f():\n    return k\nk = 2\nx = f()",
    "global": "k = [1]\ndef f():\n    global k\n    k = [2]\nf()",
    "a local hides a global": "k = 1\ndef f():\n    k = 5\n    return k\nx = f()",
    "nonlocal and closures": (
        "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n        return n\n"
        "    g()\n    return g()\nx = f()"
    ),
    "lambdas bind late": "fs = None\nx = [f() for f in [lambda: i for i in range(3)]]",
    "a lambda": "x = (lambda a, b=2: [a, b])(1)",
    "recursion, not deep": "def f(n):\n    return n and n + f(n - 1)\nx = f(5)",
    "a decorator of the config": (
        "def twice(f):\n    def g(x):\n        return f(f(x))\n    return g\n"
        "@twice\ndef h(x):\n    return x + 1\nx = h(1)"
    ),
    "return in a loop": (
        "def first(p, t):\n    for s in p:\n        if s['type'] == t:\n            return s\n"
        "first(_base_.pipeline, 'Resize')['scale'] = (1, 2)"
    ),
    "a loop over a pipeline": (
        "for t in _base_.pipeline:\n    if isinstance(t, dict) and t['type'] == 'Resize':\n"
        "        t['scale'] = (640, 640)"
    ),
    "isinstance, hasattr, callable": (
        "x = [isinstance(v, (list, tuple)) for v in ([], (), {}, 'a', 1, None)]\n"
        "y = [hasattr({}, 'keys'), hasattr([], 'keys'), hasattr('', 'format'), callable(len)]\n"
        "z = [isinstance(True, int), isinstance(_base_.d, dict), callable(3)]"
    ),
    "popitem and pop in expressions": (
        "d = dict(a=1, b=2)\nlast = d.popitem()\ns = {3}\nb = s.pop()\nn = len(s)\ndel s"
    ),
    "effects of arguments": "m = [1, 2]\nprint(m.pop())\nprint(w := 3)",
    "a slice is extended": "x = [0, 1, 2]\nx[1:] += [5]",
    "in place through an alias": "a = [1]\nb = a\na *= 2\na += (3,)",
    "sets in place": (
        "a = {1, 2, 3}\nb = a\na |= {4}\na &= {1, 4}\na -= {1}\na ^= {7}\nx = sorted(b)\ndel a, b"
    ),
    "a union with a base copies": "x = _base_.d | {'x': dict(z=1)}\nx['x']['y'].append(3)",
    "a union has views": "x = _base_.d | {'q': 1}\ny = x.values() == x.values()",
    "an empty dict of a base is a zero": "_base_.e = {}\nx = _base_.e + (1, 2)",
    "a union in place": "_base_.d |= {'x': dict(z=1)}\ne = dict(a=1)\nf = e\ne |= dict(b=2)",
    "a copy of a base has lists of its own": "x = _base_.d.x.copy()\nx['y'].append(9)",
    "views follow": (
        "d = dict(a=1)\nk = d.keys()\nd['b'] = 2\nx = str(k)\ny = k == {'a', 'b'}\n"
        "z = sorted(k | {'c'})\nw = [str(d.items()), str(d.values()), len(k)]\ndel k"
    ),
    "the largest that a generator yields": (
        "s = [dict(end=3), dict(end=9)]\nx = max(v['end'] for v in s)\n"
        "y = [min((v['end'] for v in s), default=0), max((v for v in []), default=4)]\n"
        "z = sorted((v['end'] for v in s), reverse=True) + sorted(map(len, ['ab', 'c']))\n"
        "w = [max(enumerate('ab')), min(zip([2, 1], 'ab')), max(reversed([1, 2]))]"
    ),
    "views are compared as sets": (
        "d = dict(a=1, b=2)\nx = [d.items() >= {('a', 1)}, {'a'} <= d.keys(), d.keys() > {'a'}]\n"
        "y = [d.keys() < d.keys(), d.items() <= d.items(), _base_.d.keys() <= {'a', 'x', 'q'}]"
    ),
    "methods of a base": (
        "a = _base_.d.get('k', default=3)\nb = _base_.d.deepcopy()\nb.x.y.append(3)\n"
        "c = _base_.d.to_dict()\nd2 = _base_.d.popitem()\ne = _base_.d.setdefault('q', [1])"
    ),
    "format fields": "x = [1, 2]\ns = '{0[0]}-{a[k]}'.format(x, a=dict(k=3))",
    "try that raises nothing": "try:\n    x = 1\nexcept KeyError:\n    x = 2\nelse:\n    y = 1",
    "a generator is read lazily": (
        "x = any(t['type'] == 'Load' or t['no'] for t in _base_.pipeline)"
    ),
    "a key function": "x = sorted([3, -1, 2], key=lambda v: v * v)\ny = max(x, key=lambda v: -v)",
    "a builtin as key": (
        "x = sorted(['bb', 'a'], key=len)\ny = max([1, -5], key=abs)\nz = ['10', '9']\n"
        "z.sort(key=int)\nw = min([[1, 2], [3]], key=len)\nw.append(4)\n"
        "v = sorted([10, 9, 'a'], key=str)"
    ),
    "the name of the module": "if __name__ == '__main__':\n    x = 1",
    "dict.update, str.upper": (
        "t = dict(a=1)\ndict.update(t, a=2)\nx = str.upper('a') + str.join('-', ['b', 'c'])\n"
        "y = [3, 1]\nlist.sort(y, key=lambda v: -v)\nz = dict.pop(dict(a=5), 'a')"
    ),
    "setattr and delattr of a base": (
        "t = [1]\nsetattr(_base_.d, 'q', t)\nt.append(2)\nsetattr(_base_, 'n', 8)\n"
        "delattr(_base_.d, 'a')\nf = setattr\nf(_base_, 'new', dict(a=1))\ndel f"
    ),
    "map and filter": (
        "x = list(map(int, '12'))\ny = ','.join(map(str, [1, 2]))\n"
        "z = list(filter(None, [0, 3]))\n"
        "a, b = map(lambda p, q: p + q, [1, 2], [3, 4, 5])\nw = [*filter(str.isdigit, 'a1')]\n"
        "v = dict(zip('ab', map(float, '12')))"
    ),
    "map is read late, and once": (
        "t = [1]\nm2 = map(lambda v: v, t)\nt.append(2)\nx = 1 in m2\ny = list(m2)\ndel m2\n"
        "s = [0]\ndef f(v):\n    s.append(v)\n    return v\nz = any(map(f, [0, 1, 2]))"
    ),
    "types": (
        "x = [type([]) is list, type(3) == int, type(True) is int, list is not dict]\n"
        "y = isinstance(None, type(None))\nz = type('')(3)"
    ),
    "math and numbers": (
        "import math\nfrom math import pi\n"
        "x = [math.ceil(2.5), math.floor(-1.5), math.log(8, 2), pi]\n"
        "y = [pow(2, 3), chr(65), ord('a'), hex(10), bin(2), oct(8), format(3, '05d')]"
    ),
    "fromkeys": (
        "v = []\nx = dict.fromkeys('ab', v)\nv.append(1)\ny = {}.fromkeys(['a'])\n"
        "z = 'Straße'.casefold()"
    ),
    "errors that are caught": (
        "try:\n    x = [5][3]\nexcept (KeyError, IndexError):\n    x = 1\nelse:\n    x = 2\n"
        "finally:\n    y = 3\ntry:\n    z = 1 / 0\nexcept KeyError:\n    z = 1\n"
        "except ArithmeticError as e:\n    z = 2\nt = {}\ntry:\n    t['a'] = t['b']\nexcept:\n"
        "    t['a'] = 0"
    ),
    "errors in a function and in a loop": (
        "def get(d, k):\n    try:\n        return d[k]\n"
        "    except KeyError:\n        return 'none'\n"
        "x = [get(dict(a=1), 'a'), get(dict(), 'a')]\nfor i in range(5):\n    try:\n"
        "        y = [7, 8][i]\n    except IndexError:\n        break"
    ),
    "finally runs, however else or a handler is left": (
        "t = []\nfor i in range(3):\n    try:\n        x = i\n    except KeyError:\n        pass\n"
        "    else:\n        if i:\n            break\n        continue\n    finally:\n"
        "        t.append(i)\ndef f(v):\n    try:\n        y = v[0]\n    except IndexError:\n"
        "        return 1\n    else:\n        return y\n    finally:\n        v.append(2)\n"
        "u, v = [], [5]\nx = [f(u), f(v)]"
    ),
    "a local name that is not set yet": (
        "def f():\n    try:\n        return x\n    except UnboundLocalError:\n        return 3\n"
        "    x = 1\ny = f()"
    ),
    "a try block that imports what is there": (
        "try:\n    import json, os.path as p\n    from math import pi\n    x = 1\n"
        "except ImportError:\n    x = 2\ndel json, p"
    ),
    "match on types and ranges": (
        "match range(3):\n    case [a, *b]:\n        pass\n"
        "match True:\n    case str(c) | int(c):\n        pass\n"
        "match _base_.d:\n    case list():\n        e = 1\n    case dict(f):\n"
        "        e = 2\n"
        "match 'ab':\n    case [g, *h]:\n        i = 1\n    case str():\n        i = 2"
    ),
    "match": (
        "v = dict(type='A', n=[1, 2])\nmatch v:\n    case {'type': 'B'}:\n        r = 1\n"
        "    case {'type': 'A', 'n': [first, *rest]}:\n        r = 2"
    ),
}


@pytest.mark.parametrize("text", EXACT.values(), ids=EXACT.keys())
def test_what_is_evaluated_is_what_mmengine_loads(write, text):
    path = write(base=BASE, child=f"_base_ = ['./base.py']\n{text}\n")
    resolved = resolve(path)
    loaded = Config.fromfile(path, lazy_import=False).to_dict()
    assert same(resolved.to_dict(), loaded), (resolved.to_dict(), loaded)


# The names whose values are not known any more; all others must be what mmengine loads.
FORGOTTEN = {
    "exec of a text": ("t = dict(e=1)\nk = [1]\nexec(\"t['e'] = 2\")", "t"),
    "globals()": ("t = 1\nglobals()['t'] = 2", "*"),
    "the largest of what is not known": (
        "m2 = ['a', u]\nt = max(v for v in m2)\nk = max(v for v in _base_.m)",
        "t m2.1",
    ),
    "import * in another module": ("t = 1\nfrom fnmatch import *\nx = fnmatch('a', 'b')", "*"),
    "import * in a block": (
        "t = 1\nif os.path.exists('/'):\n    from fnmatch import *\nx = fnmatch('a', 'b')",
        "*",
    ),
    "an update of globals()": ("t = 1\nglobals().update(t=2)", "*"),
    "an update of globals() by another name": ("t = 1\ng = globals().update\ng(t=2)", "*"),
    "setattr": ("class C:\n    pass\nt = [1]\nsetattr(C, 'x', t)\nC.x.append(2)\ndel C", "t"),
    "dict.update of a base": ("k = 2\ndict.update(_base_.d, a=2)", "d"),
    "an argument changes what it is an argument of": (
        "t = dict(a=1)\nk = 2\nx = t.get('a', exec(\"t['a'] = 2\"))",
        "t x",
    ),
    "a name that may be bound anew": (
        "t = dict(a=1)\nk = 2\ny = t\nif u == 'z':\n    y = 3\ny['a'] = 2",
        "t y",
    ),
    "a name that a class pattern may bind": (
        "t = dict(a=1)\nk = 2\ny = t\nmatch u:\n    case int() as y:\n        pass\ny['a'] = 2",
        "t y",
    ),
    "a name that a function may bind anew": (
        "t = dict(a=1)\nk = 2\ny = t\ndef f():\n    global y\n    y = 3\nif u == 'z':\n    f()\n"
        "y['a'] = 2",
        "t y",
    ),
    "a name that an except may bind": (
        "t = dict(a=1)\nk = 2\ny = t\ntry:\n    int(u) if u == 'z' else 0\n"
        "except ValueError as y:\n    pass\ny['a'] = 2",
        "t y",
    ),
    "setattr with a name that is not known": ("k = 2\nsetattr(_base_.d, u, 5)", "d"),
    "a function that is called later may read what is not known": (
        "t = [1]\nk = 2\nfor i in filter(lambda v: v == u, ['d', 'e']):\n    t.append(i)",
        "t i",
    ),
    "a slice of what is not known": (
        "t = [dict(b=[1])]\nk = 1\noperator.setitem(t[0], 'b', [2])\nt[0]['b'][:1] *= 2",
        "t.0",
    ),
    "the text of an iterator": (
        "x = str(zip([1], [2]))\ny = '{}'.format(map(int, '1'))\nk = 1",
        "x y",
    ),
    "a return behind what may raise": (
        "k = 1\ndef f():\n    try:\n        open('/nonexistent')\n        return 1\n"
        "    except OSError:\n        return 2\nx = f()",
        "x",
    ),
    "a break behind what may raise": (
        "k = 1\nfor i in range(2):\n    try:\n        open('/nonexistent')\n        break\n"
        "    except OSError:\n        x = i",
        "x",
    ),
    "a builtin that may raise": (
        "k = 1\ntry:\n    complex('q')\n    x = 1\nexcept ValueError:\n    x = 2",
        "x",
    ),
    "an environment variable that may not be set": (
        "k = 1\ntry:\n    import os\n    os.environ['MMSCAFFOLD_NOT_SET']\n    x = 1\n"
        "except KeyError:\n    x = 2",
        "x",
    ),
    "functions that may have no order": (
        "k = 1\ntry:\n    sorted([len, abs])\n    x = 1\nexcept TypeError:\n    x = 2",
        "x",
    ),
    "a name that a module may not have": (
        "k = 1\ntry:\n    from math import no_such\n    x = 1\nexcept ImportError:\n    x = 2",
        "x",
    ),
    "a module of another system": (
        "k = 1\ntry:\n    import winreg\n    x = 1\nexcept ImportError:\n    x = 2",
        "x",
    ),
    "a module that is not in a package": (
        "k = 1\ntry:\n    import os.no_such_module\n    x = 1\nexcept ImportError:\n    x = 2",
        "x",
    ),
    "what is not sure to raise": (
        "t = [1]\nk = 1\ntry:\n    x = [t.pop(), 1 / 0]\nexcept Exception:\n    x = 0",
        "t x",
    ),
    "map of a bound method": ("t = [1]\nk = [1]\nlist(map(t.append, [2]))", "t"),
    "operator.setitem": ("t = dict(a=[1])\nw = t['a']\noperator.setitem(t['a'], 0, 5)", "t.a w"),
    "a bound method kept": ("t = [1]\nadd = t.append\nadd(3)\ndel add", "t"),
    "aliases in containers": ("t = [1]\nw = dict(t=t, k=1)\noperator.iadd(w['t'], [1])", "t w.t"),
    "aliases in a base": ("w = [_base_.d.x]\noperator.setitem(w[0], 'y', 5)", "w.0 d.x"),
    "a generator function": (
        "t = [1]\nk = [2]\ndef g():\n    t.append(2)\n    yield 1\nlist(g())",
        "t",
    ),
    "a class body": ("t = [1]\nk = [2]\nclass C:\n    t.append(2)\ndel C", "t"),
    "a method of a class": (
        "t = [1]\nk = 3\nclass C:\n    def f(self):\n        t.append(2)\nC().f()\ndel C",
        "t",
    ),
    "a decorator of a class": (
        "t = [1]\nk = 3\ndef f(c):\n    t.append(2)\n    return c\n@f\nclass C:\n    pass\ndel C",
        "t",
    ),
    "a decorator of a class in a class": (
        "t = [1]\nk = 3\ndef f(c):\n    t.append(2)\n    return c\n"
        "class C:\n    @f\n    class D:\n        pass\ndel C",
        "t",
    ),
    "a decorator that is an argument": (
        "t = [1]\nk = 3\ndef f(l):\n    l.append(2)\n    return lambda c: c\n"
        "@f(t)\nclass C:\n    pass\ndel C",
        "t",
    ),
    "a function that makes a class": (
        "t = [1]\nk = 3\ndef f(*a, **b):\n    t.append(2)\n    return type(*a)\n"
        "class C(metaclass=f):\n    pass\ndel C",
        "t",
    ),
    "a base that is told of a class": (
        "t = [1]\nk = 3\nclass B:\n    def __init_subclass__(cls, more):\n        more.append(2)\n"
        "class C(B, more=t):\n    pass\ndel B, C",
        "t",
    ),
    "what a class holds": (
        "t = dict(a=1)\nk = 3\nclass C:\n    y = t\nz = C.y\nz['a'] = 2\ndel C, z",
        "t",
    ),
    "the text of what was empty": ("t = []\nk = 1\nt.extend(u[:0])\nx = f'{t}'", "t x"),
    "what a generator yields": (
        "t = [1]\nk = 3\ndef g():\n    yield t\nfor v in g():\n    v.append(2)",
        "t v",
    ),
    "a method called later": (
        "class C:\n    def __str__(self):\n        t.append(2)\n        return ''\n"
        "t = [1]\nx = f'{C()}'\ndel C",
        "t x",
    ),
    "a foreign decorator": (
        "import functools\nt = [1]\nk = [1]\n"
        "@functools.lru_cache\ndef f():\n    t.append(2)\nf()\ndel f",
        "t",
    ),
    "a try that may raise": (
        "t = dict(e=1)\nk = [1]\ntry:\n    t['e'] = int(u)\n    t['f'] = 1\n"
        "except ValueError:\n    t['e'] = 5",
        "t",
    ),
    "a key that is not known": ("t = dict(a=1)\nk = 1\nt[u] = 2", "t"),
    "del of a key that is not known": ("t = dict(a=1, d=2)\nk = 1\ndel t[u]", "t"),
    "update with an unknown": ("t = dict(a=1)\nk = 1\nt.update({u: 2})", "t"),
    "through what may be one of several": (
        "a = dict(n=1)\nb = dict(n=2)\nk = dict(n=3)\ncs = dict(d=a, e=b)\ncs[u]['n'] = 5",
        "a b cs",
    ),
    "a conditional alias": (
        "a = [1]\nb = [2]\nk = [3]\nc = a if u == 'z' else b\nc.append(4)",
        "a b c",
    ),
    "a loop that may end early": (
        "t = []\nk = [1]\nfor i in range(3):\n    if u == 'd':\n        break\n    t.append(i)",
        "t i",
    ),
    "a function that may return early": (
        "def f(x):\n    if u == 'd':\n        return 1\n    x.append(1)\n"
        "t = [0]\nk = [1]\nr = f(t)",
        "t r",
    ),
    "the identity of constants": ("x = 'a b' is 'a b'\ny = True is (1 == 1)\nk = 1", "x"),
    "short circuits": ("t = [1, 2]\nk = [1]\nx = u == 'z' and t.pop()", "t x"),
    "comprehensions with effects": ("t = [1, 2]\nk = [1]\nx = [t.pop() for c in u]", "t x"),
    "a generator with effects": ("t = [1, 2]\nk = [1]\nx = any(t.pop() for c in 'ab')", "t x"),
    "percent": ("x = '%s/%s' % (u, 'coco')\nk = 1", "x"),
    "f-strings": ("x = f'{[u]}'\ny = str([u])\nz = '-'.join([u])\nk = 1", "x y z"),
    "any, in, ==": ("v = [u]\nx = any(v)\ny = 3 in v\nz = v == ['d']\nw = len(v)", "x y z"),
    "a spread of unknown length": ("x = [*u, 1]\ny = dict(a=(1, *u))\nk = 1", "x y.a"),
    "match on an unknown": (
        "k = 1\nmatch u:\n    case 'd':\n        x = 1\n    case y:\n        z = 1",
        "x y z",
    ),
    "an iterator that was passed on": (
        "it = iter([1])\nz = zip([1, 2], [3, 4])\nprint(next(z))\nx = list(z)\nk = 1\ndel z, it",
        "x",
    ),
    "nested functions reach": (
        "t = [1]\nk = [2]\ndef f():\n    def g():\n        t.append(2)\n    yield g()\n"
        "for _ in f():\n    pass",
        "t _",
    ),
    "functions in containers": (
        "import functools\nt = [1]\nk = [2]\ndef f():\n    t.append(2)\nfs = [f]\n"
        "functools.reduce(lambda a, b: fs[0](), [1, 2])\ndel fs, f",
        "t",
    ),
}


@pytest.mark.parametrize(("text", "unknown"), FORGOTTEN.values(), ids=FORGOTTEN.keys())
def test_what_may_have_changed_is_unknown_and_the_rest_is_right(write, text, unknown):
    path = write(base=BASE, child=f"_base_ = ['./base.py']\n{PREAMBLE}{text}\n")
    resolved = resolve(path)
    loaded = Config.fromfile(path, lazy_import=False).to_dict()
    if unknown == "*":
        assert not any(wrong(resolved.root.get(key), value) for key, value in loaded.items())
        return
    for place in unknown.split():
        value = resolved.root
        for key in place.split("."):
            value = value[int(key) if key.isdigit() else key]
        assert isinstance(value, Unknown), place
    assert not wrong(resolved.to_dict(), loaded), (resolved.to_dict(), loaded)
    for key in "kn":
        if key in loaded:
            assert resolved.get(key) == loaded[key]


def wrong(found, loaded):
    """Whether a value differs that is known."""
    if isinstance(found, Unknown):
        return False
    if isinstance(found, dict) and isinstance(loaded, dict):
        names = found.keys() | loaded.keys()
        return any(
            wrong(found.get(name), loaded.get(name, found.get(name))) if name in found else True
            for name in names
        )
    if isinstance(found, list | tuple) and type(found) is type(loaded):
        return len(found) != len(loaded) or any(map(wrong, found, loaded))
    return not same(found, loaded)


REFUSED = [
    "d = dict(a=1)\nx = d.values() < {1}",
    "return 5",
    "nonlocal x",
    "break",
    "x: Foo = 3",
    "x: Foo",
    "def f(a: Foo):\n    pass",
    "def f(x, x):\n    pass",
    "*a, *b = 1, 2",
    "*a = 1",
    "_base_.update = 3",
    "def f():\n    y = q\n    q = 1\nq = 2\nf()",
    "def f(a):\n    return a\nx = f()",
    "def f(*, a):\n    return a\nx = f(1)",
    "d = dict(a=1)\nfor k in d:\n    d['q'] = 1",
    "d = dict(a=1)\nx = d.get('a', default=2)",
    "\ufeffx = 1",
    "_base_ = []\nwith undefined_thing() as f:\n    x = 1",
    "match 3:\n    case int(1, 2):\n        pass",
    "setattr([1], 'a', 2)",
    "delattr(_base_, 'q')",
    "list.append(dict(), 5)",
    "dict.update('a', b=1)",
    "x = list(map(int, ['a']))",
    "x = list(map(3, [1]))",
    "import math\nx = math.sqrt(-1)",
    "try:\n    x = 1 / 0\nexcept KeyError:\n    x = 2",
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_mmengine_refuses_is_refused(write, text):
    path = write(a=f"{text}\n")
    with pytest.raises(Exception):  # noqa: B017, PT011
        Config.fromfile(path, lazy_import=False)
    with pytest.raises(ConfigError) as caught:
        resolve(path)
    assert caught.value.where


@pytest.mark.parametrize(
    "text",
    [
        "if 1:\n    with contextlib.suppress(Exception):\n        x = 1",
        "def f():\n    with open('a') as g:\n        return g",
        "try:\n    with lock:\n        x = 1\nexcept Exception:\n    x = 2",
    ],
)
def test_a_with_that_reads_no_bases_is_refused_wherever_it_stands(write, text):
    path = write(a=f"{text}\n")
    with pytest.raises(Exception):  # noqa: B017, PT011
        Config.fromfile(path)
    with pytest.raises(ConfigError, match="only `with read_base"):
        resolve(path)


def test_the_length_that_a_helper_sets_is_the_length(write):
    path = write(
        a="def train_for(cfg, epochs):\n    cfg['max_epochs'] = epochs\n"
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\ntrain_for(train_cfg, 36)\n"
    )
    assert resolve(path).get("train_cfg.max_epochs") == 36


def test_a_function_of_a_config_that_recurses_without_end_is_not_called(write):
    path = write(a="t = [1]\nk = [2]\ndef f(n):\n    t.append(n)\n    return f(n + 1)\nx = f(0)\n")
    resolved = resolve(path)
    assert isinstance(resolved.get("x"), Unknown)
    assert isinstance(resolved.get("t"), Unknown)
    assert resolved.get("k") == [2]


def test_code_that_may_set_any_name_leaves_only_what_is_set_after_it(write):
    path = write(
        base="model = dict(a=1)\n",
        child="_base_ = './base.py'\nx = 1\nexec(open('more.py').read())\ny = [2]\n",
    )
    resolved = resolve(path)
    assert isinstance(resolved.get("x"), Unknown)
    assert isinstance(resolved.get("model"), Unknown)
    assert isinstance(resolved.get("_base_"), Unknown)
    assert resolved.get("y") == [2]


def test_all_of_math_is_known(write):
    path = write(
        a="def f():\n    return floor(2.7)\nfrom math import *\nx = [f(), pi, len('a')]\n"
    )
    loaded = Config.fromfile(path, lazy_import=False)
    resolved = resolve(path)
    assert set(resolved.root) == set(loaded)
    assert (resolved.root["x"], resolved.root["tau"]) == (loaded.x, loaded.tau)
