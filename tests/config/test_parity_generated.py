"""Random trees of configs resolve as in mmengine, or are refused as there."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, assume, given, seed, settings
from hypothesis import strategies as st
from mmengine.config import Config
from mmscaffold.config import ConfigError, resolve
from mmscaffold.config.resolve.resolved import ResolvedConfig
from support.random_configs import ENVIRONMENT, ConfigWriter
from support.strict import same

pytestmark = pytest.mark.slow

SHARDS = 4
# `make test-slow` draws 20,000.
EXAMPLES = int(os.environ.get("MMSCAFFOLD_TREES", "2000"))
REFUSED = object()


def mmengine_reads(path: Path) -> Any:
    """What mmengine makes of a file, or ``REFUSED``."""
    try:
        logging.getLogger("mmengine").setLevel(logging.ERROR)
        return Config.fromfile(path, lazy_import=False, import_custom_modules=False).to_dict()
    except Exception:
        return REFUSED


def we_read(path: Path) -> ResolvedConfig | None:
    try:
        return resolve(path)
    except ConfigError as error:
        # mmengine reads some of these, and then cannot write them.
        assume("contains itself" not in error.message)
        return None


@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_random_tree_resolves_as_in_mmengine(shard):
    # Each shard draws trees of its own, and in every run the same.
    @seed(shard)
    @settings(max_examples=EXAMPLES // SHARDS, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def compare(data):
        folder = Path(tempfile.mkdtemp())
        try:
            with mock.patch.dict("os.environ", ENVIRONMENT), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compare_tree(folder, data.draw)
        finally:
            shutil.rmtree(folder)

    compare()


def compare_tree(folder: Path, draw: Any) -> None:
    story = ""
    known: dict[str, dict[str, Any]] = {}
    for index in range(draw(st.integers(1, 3))):
        bases = draw(st.sampled_from(_base_choices(list(known))))
        joined: dict[str, Any] = {}
        for base in bases:
            joined.update(known[base])
        writer = ConfigWriter(draw, joined)
        if bases:
            names = [f"./{base}.py" for base in bases]
            one = len(names) == 1 and draw(st.booleans())
            writer.lines.append(f"_base_ = {(names[0] if one else names)!r}")
        text = writer.write(1 + draw(st.integers(0, 5)))
        path = folder / f"c{index}.py"
        story += f"# {path.name}\n{text}\n"
        path.write_text(text, encoding="utf-8")
        expected = mmengine_reads(path)
        ours = we_read(path)
        if expected is REFUSED:
            assert ours is None or ours.unknowns, f"mmengine refuses:\n{story}\n{ours.to_dict()}"
            continue
        # Part of a random name, or of a name with a random part, cannot be compared.
        assume(not ours or not any("{{_base_" in value.reason for _, value in ours.unknowns))
        assert ours is not None, f"only we refuse:\n{story}"
        # Which element a set gives away depends on the hashes of this very process.
        assume(not any(value.reason == "attribute pop of a set" for _, value in ours.unknowns))
        plain = ours.to_dict()
        assume("\\x01" not in repr(plain))
        assert same(plain, expected), f"{story}\nours:   {plain}\ntheirs: {expected}"
        known[path.stem] = expected


def _base_choices(known: list[str]) -> list[list[str]]:
    return [[], *([name] for name in known), *([a, b] for a in known for b in known if a < b)]
