"""docs/findings-mmdet.md says what check finds, and mmengine agrees."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mmengine.config import Config
from mmengine.dataset import BaseDataset, RepeatDataset
from mmengine.registry import METRICS, MODELS
from mmengine.runner import Runner
from mmscaffold.check import Finding, Report
from mmscaffold.config.change import MISSING
from support.findings_table import PAGE, VERDICTS, checked, documented, rows, unread
from support.tiny_training import BATCHES, TinyDataset, arguments, dataloader, train

pytestmark = pytest.mark.slow

ITERATIONS = 500  # of an epoch, where schedules are simulated: a whole warm-up
DC5 = "faster_rcnn/faster-rcnn_r50-caffe-dc5_ms-3x_coco.py"
GA_FAST_RCNN = "guided_anchoring/ga-fast-rcnn_r50-caffe_fpn_1x_coco.py"
SOLOV2 = "solov2/solov2-light_r50_fpn_ms-3x_coco.py"


@pytest.fixture(scope="module")
def report(mmdet_configs) -> Report:
    return checked(mmdet_configs)


@pytest.fixture
def load(mmdet_configs) -> Callable[[str], Config]:
    return lambda name: Config.fromfile(mmdet_configs / name)


# The page


def test_the_table_is_what_check_finds(report, mmdet_configs):
    written = [replace(row, verdict="?") for row in documented()]
    assert written == rows(report, mmdet_configs), "python -m tests.support.findings_table"


def test_every_finding_has_a_verdict_and_its_rule_a_section():
    text = PAGE.read_text(encoding="utf-8")
    assert {row.verdict for row in documented()} <= set(VERDICTS)
    for rule in {row.rule for row in documented()}:
        assert f"\n### {rule}: " in text


def test_errors_are_faults_and_so_are_nine_of_ten_warnings():
    by_severity: dict[str, list[bool]] = {"error": [], "warning": []}
    for row in documented():
        by_severity.setdefault(row.severity, []).append(row.verdict == "real fault")
    assert all(by_severity["error"])
    assert sum(by_severity["warning"]) >= 0.9 * len(by_severity["warning"])


def test_the_configs_that_cannot_be_read_are_named(report, mmdet_configs):
    _, _, section = PAGE.read_text(encoding="utf-8").partition("## Not read")
    names = unread(report, mmdet_configs)
    assert [line.strip("- `") for line in section.splitlines() if line.startswith("- `")] == names
    for name in names:
        with pytest.raises(FileNotFoundError):
            Config.fromfile(mmdet_configs / name)


def test_the_known_faults_are_found(report, mmdet_configs):
    found = {
        (finding.rule.id, str(path.relative_to(mmdet_configs)))
        for finding in report.findings
        for path in finding.seen_in
    }
    family = {path.name for path in (mmdet_configs / "solov2").glob("solov2-light*_ms-3x_*.py")}
    assert ("MMS102", DC5) in found
    assert {("MMS101", f"solov2/{name}") for name in family} <= found
    assert len(family) > 2


# The confirmations: for each rule, one finding under mmengine itself


def of_rule(report: Report, rule: str, name: str) -> Finding:
    """The finding of a rule that a config shows."""
    return next(
        finding
        for finding in report.findings
        if finding.rule.id == rule and any(str(path).endswith(name) for path in finding.seen_in)
    )


def fixed_config(config: Config, finding: Finding) -> Config:
    """A config with the fix of a finding applied, key by key."""
    assert finding.diagnostic.fix
    for change in finding.diagnostic.fix:
        owner: Any = config
        for key in change.path[:-1]:
            owner = owner[key]
        if change.new is MISSING:
            del owner[change.path[-1]]
        else:
            owner[change.path[-1]] = change.new
    return config


def started(folder: Path, **settings: Any) -> Runner:
    """A Runner with its train loop built."""
    runner = Runner(**arguments(folder, **settings))
    runner._train_loop = runner.build_train_loop(runner._train_loop)
    return runner


def rates(config: Config, folder: Path) -> list[float]:
    """The learning rate at the end of each epoch, as mmengine's schedulers set it."""
    runner = started(folder, train_cfg=config.train_cfg)
    wrapper = runner.build_optim_wrapper({"optimizer": {"type": "SGD", "lr": 1.0}})
    runner.optim_wrapper = wrapper
    schedulers = runner.build_param_scheduler(config.param_scheduler)
    wrapper.optimizer.step()
    seen = []
    for _ in range(runner.max_epochs):
        for _ in range(ITERATIONS):
            for scheduler in schedulers:
                if not scheduler.by_epoch:
                    scheduler.step()
        seen.append(round(wrapper.get_lr()["lr"][0], 6))
        for scheduler in schedulers:
            if scheduler.by_epoch:
                scheduler.step()
    return seen


def test_mms101_the_runner_refuses_it_until_it_is_mended(report, load, tmp_path):
    config = load(SOLOV2)
    with pytest.raises(RuntimeError, match="Only one of `type` or `by_epoch`"):
        started(tmp_path, train_cfg=config.train_cfg)
    config = fixed_config(config, of_rule(report, "MMS101", SOLOV2))
    assert started(tmp_path, train_cfg=config.train_cfg).max_epochs == 36


@pytest.mark.parametrize("name", [row.place.partition(":")[0] for row in documented()
                                  if row.rule == "MMS102"])  # fmt: skip
def test_mms102_the_rate_never_drops_until_it_is_mended(report, load, tmp_path, name):
    # After a warm-up, which may take longer than the first epochs.
    assert rates(load(name), tmp_path)[4:] == [1.0] * (load(name).train_cfg.max_epochs - 4)
    config = fixed_config(load(name), of_rule(report, "MMS102", name))
    steps = itertools.groupby(rates(config, tmp_path)[4:])
    lengths = [(value, len(list(group)) + 4 * (value == 1.0)) for value, group in steps]
    first, second = config.param_scheduler[1].milestones
    last = config.train_cfg.max_epochs - second
    assert lengths == [(1.0, first), (0.1, second - first), (0.01, last)]


def test_mms103_no_gradient_is_clipped_and_the_proposals_are_those_of_the_base(load, tmp_path):
    config = load(GA_FAST_RCNN)
    assert config.optimizer_config.grad_clip.max_norm == 35
    wrapper = Runner(**arguments(tmp_path)).build_optim_wrapper(
        {**config.optim_wrapper, "optimizer": {"type": "SGD", "lr": 0.1}}
    )
    parameter = wrapper.optimizer.param_groups[0]["params"][0]
    before = parameter.detach().clone()
    wrapper.update_params(1000 * parameter.sum())
    # With the clipping that is written, no step could be longer than 0.1 * 35.
    assert (parameter - before).norm() > 0.1 * 35
    assert "ga_rpn" in config.data.train.proposal_file
    assert "ga_rpn" not in config.train_dataloader.dataset.proposal_file


@pytest.mark.parametrize(
    ("fixed", "steps"), [({}, [0, 0]), ({"log_metric_by_epoch": False}, [4, 8])]
)
def test_mms112_all_validations_are_drawn_at_step_0(load, tmp_path, fixed, steps):
    config = load("boxinst/boxinst_r101_fpn_ms-90k_coco.py")
    training = train(
        tmp_path,
        train_cfg={**config.train_cfg, "max_iters": 8, "val_interval": 4},
        default_hooks={"logger": {**config.default_hooks.logger, **fixed}},
        log_processor=config.log_processor,
    )
    assert training.error is None
    assert [line["step"] for line in training.scalars if "count" in line] == steps


@pytest.mark.parametrize(("sampler", "restarts"), [({}, 1), ({"type": "InfiniteSampler"}, 0)])
def test_mms114_the_data_are_restarted(load, tmp_path, sampler, restarts):
    config = load("faster_rcnn/faster-rcnn_r50-caffe_fpn_90k_coco.py")
    training = train(
        tmp_path,
        train_cfg={**config.train_cfg, "max_iters": BATCHES + 1},
        train_dataloader={
            **dataloader(), "sampler": {**config.train_dataloader.sampler, **sampler}
        },
        log_processor=config.log_processor,
    )  # fmt: skip
    assert training.error is None
    assert training.log.count("Reach the end of the dataloader") == restarts


@pytest.mark.parametrize(
    ("name", "validated"),
    [
        ("reid/reid_r50_8xb32-6e_mot20train80_test-mot20val20.py", [6]),
        ("masktrack_rcnn/masktrack-rcnn_mask-rcnn_r50_fpn_8xb1-12e_youtubevis2019.py", []),
    ],
)
def test_mms115_it_validates_at_the_end_or_never(load, tmp_path, name, validated):
    training = train(tmp_path, train_cfg=load(name).train_cfg)
    assert training.error is None
    assert training.labels("val") == validated


CASCADE_RPN = "cascade_rpn/cascade-rpn_r50-caffe_fpn_1x_coco.py"
FCOS = "v3det/fcos_swinb_fpn_8x4_sample1e-3_mstrain_v3det_2x.py"
VOC = "pascal_voc/faster-rcnn_r50_fpn_1x_voc0712-cocofmt.py"


@pytest.mark.mmdet
@pytest.mark.parametrize("name", [row.place.partition(":")[0] for row in documented()
                                  if row.rule == "MMS139"])  # fmt: skip
def test_mms139_mmdet_has_no_such_metric(load, name):
    registered_mmdet()
    metric = load(name).test_evaluator
    with pytest.raises(KeyError, match="MOTChallengeMetrics is not in the mmdet::metric registry"):
        METRICS.build(metric)
    # One letter less, and it is found: only a package for the evaluation may be missing.
    assert METRICS.get("mmdet.MOTChallengeMetric") is not None


@pytest.mark.mmdet
@pytest.mark.parametrize(("name", "argument"), [(CASCADE_RPN, "sampling"),
                                                (FCOS, "force_grad_on_level")])  # fmt: skip
def test_mms141_the_model_is_refused_with_it_and_built_without(load, name, argument):
    registered_mmdet()
    model = without(load(name).model.to_dict(), "init_cfg")
    if name == CASCADE_RPN:
        # The detector leaves that out, which is a fault of its own.
        model["rpn_head"]["num_classes"] = 1
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{argument}'"):
        MODELS.build(copy.deepcopy(model))
    assert MODELS.build(without(model, argument))


@pytest.mark.mmdet
def test_mms141_the_metric_is_refused_with_it_and_built_without(load, tmp_path):
    registered_mmdet()
    annotations = tmp_path / "a.json"
    annotations.write_text('{"images": [], "annotations": [], "categories": []}')
    metric = {**load(VOC).val_evaluator, "ann_file": str(annotations)}
    assert load(VOC).test_evaluator == load(VOC).val_evaluator
    with pytest.raises(TypeError, match="unexpected keyword argument 'eval_mode'"):
        METRICS.build(dict(metric))
    assert METRICS.build(without(metric, "eval_mode"))


def registered_mmdet() -> None:
    """Import all of mmdet, so that its registries have what configs name."""
    pytest.importorskip("mmdet.utils").register_all_modules(init_default_scope=True)


def without(part: Any, key: str) -> Any:
    """A part of a config without a key, wherever in it that is."""
    if isinstance(part, dict):
        return {name: without(one, key) for name, one in part.items() if name != key}
    return [without(one, key) for one in part] if isinstance(part, list) else part


def test_mms120_only_the_variable_changes(load, tmp_path):
    name = "mask-rcnn_r50_fpn_rpn-2conv_4conv1fc_syncbn-all_32xb2-ssj-90k_coco.py"
    config = load(f"simple_copy_paste/{name}")
    assert config.max_iters == 90000
    assert started(tmp_path, train_cfg=config.train_cfg).max_iters == 270000


def test_mms120_the_pipelines_of_mot20_are_given_to_no_dataloader(load):
    for name in (
        "bytetrack/bytetrack_yolox_x_8xb4-80e_crowdhuman-mot20train_test-mot20test.py",
        "strongsort/yolox_x_8xb4-80e_crowdhuman-mot20train_test-mot20test.py",
    ):
        config = load(name)
        written, used = config.test_pipeline, config.val_dataloader.dataset.pipeline
        assert "(1600, 896)" in str(written)
        assert "(1440, 800)" in str(used)
        assert "(1600, 896)" not in str(used)


class Listed(BaseDataset):
    """The tiny data set as mmengine's, which its wrappers want."""

    def load_data_list(self) -> list[dict[str, Any]]:
        return [TinyDataset()[index] for index in range(len(TinyDataset()))]


def test_mms125_the_epochs_are_half_of_those_in_the_name(load, tmp_path):
    config = load("mask_rcnn/mask-rcnn_r50_fpn_8xb8-amp-lsj-200e_coco.py")
    repeated = config.train_dataloader.dataset
    assert repeated.type == "RepeatDataset"
    data = {**dataloader(), "dataset": RepeatDataset(Listed(), repeated.times)}
    runner = started(tmp_path, train_cfg=config.train_cfg, train_dataloader=data)
    assert runner.max_iters == 100 * BATCHES
