"""A file as an editor has it is found the same faults in as by ``check`` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.check import Finding, Settings, check_paths, load_settings
from mmscaffold.check.known_code import KnownCode
from mmscaffold.check.open_file import check_open_code, check_open_config
from mmscaffold.config import ConfigError, Resolver
from mmscaffold.project.code import parse
from support.share import share

BROKEN = sorted((Path(__file__).parent / "broken").glob("MMS*.py"))


def told(findings: list[Finding], path: Path) -> list[tuple[str, str, str]]:
    shown = [
        (one.rule.id, str(one.diagnostic.place), one.diagnostic.message)
        for one in findings
        if one.diagnostic.place.path == path
    ]
    return sorted(set(shown))


def test_of_official_configs(mmdet_configs: Path):
    resolver, known_code, settings = Resolver(), KnownCode(), Settings(None)
    found = 0
    for path in share(sorted(mmdet_configs.rglob("*.py")), 60, 21):
        report = check_paths([path], settings)
        if path not in report.configs:
            continue
        config = resolver.resolve(path)
        ours = told(check_open_config(config, resolver, known_code, settings), path)
        assert ours == told(report.findings, path)
        found += len(ours)
    assert found


@pytest.mark.parametrize("path", share(BROKEN, 20), ids=lambda path: path.stem)
def test_of_code(path: Path):
    settings = Settings(None)
    ours = told(check_open_code(path, settings, {}, {}), path)
    assert ours == told(check_paths([path], settings).findings, path)
    assert ours


def test_unsaved_code_counts_with_its_own_columns(tmp_path: Path):
    path = tmp_path / "hooks.py"
    path.write_text("x = 1\n")
    text = (
        "from mmengine.hooks import Hook\n"
        "from mmengine.registry import HOOKS\n\n\n"
        "@HOOKS.register_module()\n"
        "class 训练Hook(Hook):\n"
        "    名 = '训练 😀'; 时 = 1\n"
        "    def before_train_iter(self): pass\n"
    ).encode()
    trees, buffers = {path: parse(path, text)}, {path: text}
    (found,) = check_open_code(path, Settings(None), trees, buffers)
    path.write_bytes(text)
    assert told([found], path) == told(check_paths([path], Settings(None)).findings, path)


def test_comments_and_settings_suppress(tmp_path: Path):
    path = tmp_path / "config.py"
    path.write_text(
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
        "param_scheduler = dict(type='MultiStepLR', milestones=[20])\n"
    )

    def found() -> list[str]:
        resolver = Resolver()
        settings = load_settings(path)
        findings = check_open_config(resolver.resolve(path), resolver, KnownCode(), settings)
        return [one.rule.id for one in findings]

    (rule,) = found()
    path.write_text(path.read_text().replace("[20])", f"[20])  # mmscaffold: ignore[{rule}]"))
    assert rule not in found()
    path.write_text(path.read_text().replace("[20])", "[8])"))
    assert "MMS001" in found()
    (tmp_path / "pyproject.toml").write_text(
        '[tool.mmscaffold.check.per-file-ignores]\n"config.py" = ["MMS0"]\n'
    )
    assert "MMS001" not in found()


def test_what_stands_in_a_base_is_told_there(tmp_path: Path):
    (tmp_path / "base.py").write_text(
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
        "param_scheduler = dict(type='MultiStepLR', milestones=[20])\n"
    )
    (tmp_path / "heir.py").write_text("_base_ = './base.py'\n")
    resolver = Resolver()
    for name, expected in (("base.py", True), ("heir.py", False)):
        config = resolver.resolve(tmp_path / name)
        found = check_open_config(config, resolver, KnownCode(), Settings(None))
        assert bool(found) == expected
    with pytest.raises(ConfigError):
        resolver.resolve(tmp_path / "nowhere.py")
