"""Every official config that mmengine can load resolves to the very same."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.config import ConfigError, Resolver, Unknown
from support.mmengine_loading import load_all
from support.share import WHOLE, share
from support.strict import same

pytestmark = pytest.mark.slow

# Scripts beside the configs: they import mmengine, and have no values of their own.
SCRIPTS = {"override_category.py"}


def refused_or_unknown(resolver: Resolver, path: Path) -> bool:
    """Whether we also see that there is no whole config: its package is not installed."""
    try:
        return isinstance(resolver.resolve(path).get("_base_"), Unknown)
    except ConfigError:
        return True


@pytest.mark.parametrize(
    ("corpus", "loadable"), [("mmdet_configs", 857), ("mmdet2_configs", 666 if WHOLE else 222)]
)
def test_every_loadable_config_is_equal(corpus, loadable, request):
    configs = request.getfixturevalue(corpus)
    paths = [path for path in sorted(configs.rglob("*.py")) if path.name not in SCRIPTS]
    if corpus == "mmdet_configs":
        theirs = request.getfixturevalue("mmdet_loaded")
    else:
        paths = share(paths, 3)
        theirs = load_all(paths)
    resolver = Resolver()
    equal = 0
    for path in paths:
        expected = theirs.get(path)
        if expected is None:
            assert refused_or_unknown(resolver, path), path
            continue
        ours = resolver.resolve(path)
        assert same(ours.to_dict(), expected), path
        assert not ours.unknowns, path
        equal += 1
    assert equal == loadable


def test_every_leaf_has_an_origin_that_is_its_text(mmdet_configs):
    """A literal's own text evaluates to the value; any other text is an expression."""
    import ast

    resolver = Resolver()
    leaves = literals = 0
    for path in sorted(mmdet_configs.rglob("*.py")):
        if path.name in SCRIPTS:
            continue
        try:
            config = resolver.resolve(path)
        except ConfigError:
            continue
        for key, value in config.leaves():
            origin = config.origin(key)
            text = origin.text
            leaves += 1
            if isinstance(value, Unknown):
                continue
            if isinstance(origin.node, ast.Constant) and "{{" not in text:
                literals += 1
                assert same(ast.literal_eval(f"({text})"), value), (path, key)
            elif "{{" not in text:
                ast.parse(f"({text})", mode="eval")
    assert literals > 100_000
    assert leaves > literals
