"""An ``__init__.py`` takes in one more class, in its own manner, and loses nothing."""

from __future__ import annotations

import ast

import pytest
from mmscaffold.scaffold.exports import Export, with_export

GUARDED = """\
from importlib.util import find_spec

from . import engine

__all__ = ["engine"]

if find_spec("mmdet") is not None:
    from . import models

    __all__ += ["models"]
"""
CASES = [
    # Where the import goes.
    ("", "from .b import B\n"),
    ('"""Doc."""\n', '"""Doc."""\n\nfrom .b import B\n'),
    (
        "# Copyright (c) Us.\n__version__ = '1'\n",
        "# Copyright (c) Us.\n\nfrom .b import B\n\n__version__ = '1'\n",
    ),
    ("from . import x\r\n", "from . import x\r\nfrom .b import B\r\n"),
    (
        "from .a import A\nfrom .c import C\n",
        "from .a import A\nfrom .b import B\nfrom .c import C\n",
    ),
    (
        "from .a import A  # noqa: F401\n",
        "from .a import A  # noqa: F401\nfrom .b import B  # noqa: F401\n",
    ),
    # What becomes of __all__.
    (
        "from . import x\n\n__all__ = ['x']\n",
        "from . import x\nfrom .b import B\n\n__all__ = ['x', 'B']\n",
    ),
    (
        "from . import x\n\n__all__ = ['A', 'C']\n",
        "from . import x\nfrom .b import B\n\n__all__ = ['A', 'B', 'C']\n",
    ),
    (
        "import x\n\n__all__ = [\n  'x'\n]\n",
        "import x\nfrom .b import B\n\n__all__ = [\n  'x',\n  'B',\n]\n",
    ),
    (
        "import x\n\n__all__ = [\n    'A',\n    'C',\n]\n",
        "import x\nfrom .b import B\n\n__all__ = [\n    'A',\n    'B',\n    'C',\n]\n",
    ),
    ("import x\n\n__all__ = []\n", "import x\nfrom .b import B\n\n__all__ = ['B']\n"),
    (
        "import x\n\n__all__ = ['x']\n__all__ += ['y']\n",
        "import x\nfrom .b import B\n\n__all__ = ['x']\n__all__ += ['y', 'B']\n",
    ),
    (
        "import x\n\n__all__ = ('A', 'C')\n",
        "import x\nfrom .b import B\n\n__all__ = ('A', 'B', 'C')\n",
    ),
    (
        "import x\n\n__all__ = ('x',)\n",
        "import x\nfrom .b import B\n\n__all__ = ('x', 'B',)\n",
    ),
    (
        "import x\n\n__all__ = ['x'] + x.__all__\n",
        "import x\nfrom .b import B\n\n__all__ = ['x', 'B'] + x.__all__\n",
    ),
    (
        "import x\n\n__all__ = x.names()\n",
        "import x\nfrom .b import B\n\n__all__ = x.names()\n__all__ += ['B']\n",
    ),
    # What ends a line in Python, and what does not.
    (
        "from .a import A\n\x0c\n__all__ = ['A']\n",
        "from .a import A\nfrom .b import B\n\x0c\n__all__ = ['A', 'B']\n",
    ),
    (
        "# a\u2028b\nimport x\r\n\n__all__ = ['A']",
        "# a\u2028b\nimport x\r\nfrom .b import B\n\n__all__ = ['A', 'B']\n",
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_imports_and_names_are_added_in_the_manner_of_the_file(tmp_path, text, expected):
    path = tmp_path / "__init__.py"
    path.write_bytes(text.encode())
    made = with_export(path, Export(".b", "B", quote="'"))
    assert made.decode() == expected
    ast.parse(made)


def test_a_list_that_becomes_too_long_is_spread_over_lines(tmp_path):
    path = tmp_path / "__init__.py"
    names = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"]
    path.write_text(f"import x\n\n__all__ = {names}\n")
    text = with_export(path, Export(".b", "TheLongestOfThem", quote="'")).decode()
    rows = [f"    '{name}',\n" for name in [*names, "TheLongestOfThem"]]
    assert text.endswith(f"\n__all__ = [\n{''.join(rows)}]\n")


def test_columns_count_bytes(tmp_path):
    path = tmp_path / "__init__.py"
    names = ["Größe", "Änderung", "Maß", "Übergröße", "Wärmebild", "Straßenränder"]
    path.write_text(f"import x\n\n__all__ = {names}\n", encoding="utf-8")
    text = with_export(path, Export(".b", "TheLongestOfThem", quote="'")).decode()
    rows = [f"    '{name}',\n" for name in [*names, "TheLongestOfThem"]]
    assert text.endswith(f"\n__all__ = [\n{''.join(rows)}]\n")


def test_a_line_that_holds_another_statement_is_not_spread(tmp_path):
    path = tmp_path / "__init__.py"
    names = [f"Net{number:06}" for number in range(8)]
    path.write_text(f"import x; __all__ = {names}\n")
    text = with_export(path, Export(".b", "Wide", quote="'")).decode()
    assert text == f"import x; __all__ = {[*names, 'Wide']}\nfrom .b import Wide\n"


def test_names_never_pile_up(tmp_path):
    path = tmp_path / "__init__.py"
    path.write_text("from .a import A\n\n__all__ = names()\n")
    for name in "BCD":
        path.write_bytes(with_export(path, Export(f".{name.lower()}", name)))
    assert path.read_text().count("__all__ +=") == 1
    assert path.read_text().endswith('__all__ += ["B", "C", "D"]\n')


def test_what_needs_a_package_goes_where_it_is_asked_for(tmp_path):
    path = tmp_path / "__init__.py"
    path.write_text(GUARDED)
    path.write_bytes(with_export(path, Export(".datasets", "Blur", ["mmdet"])))
    expected = GUARDED.replace(
        "    from . import models\n", "    from . import models\n    from .datasets import Blur\n"
    ).replace('["models"]', '["models", "Blur"]')
    assert path.read_text() == expected


def test_a_block_without_a_list_gets_one(tmp_path):
    path = tmp_path / "__init__.py"
    path.write_text(GUARDED.replace('\n    __all__ += ["models"]\n', ""))
    made = with_export(path, Export(".wide", "Wide", ["mmdet"])).decode()
    end = '    from . import models\n    from .wide import Wide\n\n    __all__ += ["Wide"]\n'
    assert made.endswith(end)


ASKS = "if find_spec('mmdet') is not None:"


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        # A block on one line takes no second one.
        (
            f"{ASKS} from .a import A\n",
            f"{ASKS} from .a import A\n\n{ASKS}\n    from .wide import Wide\n",
        ),
        (
            f"{ASKS}\n\tfrom .a import A\n",
            f"{ASKS}\n\tfrom .a import A\n\tfrom .wide import Wide\n",
        ),
    ],
)
def test_blocks_are_written_in_many_ways(tmp_path, block, expected):
    path = tmp_path / "__init__.py"
    head = "from importlib.util import find_spec\n\n"
    path.write_text(head + block)
    made = with_export(path, Export(".wide", "Wide", ["mmdet"], "'")).decode()
    assert made == head + expected
    ast.parse(made)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (
            "from . import engine\n",
            "from importlib.util import find_spec\n\nfrom . import engine\n",
        ),
        ('"""Doc."""\n', '"""Doc."""\n\nfrom importlib.util import find_spec\n'),
        ("import os\n", "from importlib.util import find_spec\nimport os\n"),
        ("", "from importlib.util import find_spec\n"),
    ],
)
def test_or_into_a_block_that_asks_for_it(tmp_path, text, begins):
    path = tmp_path / "__init__.py"
    path.write_text(text)
    guards = ["mmdet", "mmpretrain"]
    made = with_export(path, Export(".wide", "Wide", guards)).decode()
    assert made.startswith(begins)
    condition = 'if find_spec("mmdet") is not None and find_spec("mmpretrain") is not None:'
    assert made.endswith(f"\n\n{condition}\n    from .wide import Wide\n")
    # The next one goes there, too.
    path.write_text(made)
    again = with_export(path, Export(".slim", "Slim", ["mmdet"])).decode()
    assert again.count("if find_spec") == 1
    assert again.endswith("    from .slim import Slim\n    from .wide import Wide\n")
