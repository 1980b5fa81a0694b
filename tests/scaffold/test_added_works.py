"""What was added works with real mmdet, as it was generated."""

from __future__ import annotations

import pytest
from support.added_components import add, make_all, make_project, run_python

INSTALLED = [
    ("loop", "mmengine.IterBasedTrainLoop"),
    ("loop", "mmdet.TeacherStudentValLoop"),
    ("runner", "mmengine.FlexibleRunner"),
    ("hook", "mmengine.EMAHook"),
    ("hook", "mmdet.PipelineSwitchHook"),
    ("scheduler", "mmengine.CosineAnnealingParamScheduler"),
    ("scheduler", "mmdet.QuadraticWarmupLR"),
    ("optim-wrapper-constructor", "mmdet.LearningRateDecayOptimizerConstructor"),
    ("model", "mmdet.CascadeRCNN"),
    ("model", "mmdet.DeformableDETR"),
    ("model", "mmdet.SemiBaseDetector"),
    ("backbone", "mmdet.SwinTransformer"),
    ("neck", "mmdet.ChannelMapper"),
    ("head", "mmdet.models.roi_heads:StandardRoIHead"),
    ("head", "mmdet.FCNMaskHead"),
    ("loss", "mmdet.GIoULoss"),
    ("data-preprocessor", "mmdet.MultiBranchDataPreprocessor"),
    ("transform", "mmcv.transforms:RandomFlip"),
    ("transform", "mmdet.CopyPaste"),
    ("dataset", "mmdet.LVISV1Dataset"),
    ("dataset", "mmengine.RepeatDataset"),
    ("sampler", "mmdet.ClassAwareSampler"),
    ("metric", "mmdet.CocoPanopticMetric"),
    ("vis-backend", "mmengine.TensorboardVisBackend"),
]

WORKS = """
import json, sys, tempfile, warnings
import pytest, torch
from mmdet.utils import register_all_modules
register_all_modules(init_default_scope=True)
import mine, mine.engine, mine.models, mine.datasets, mine.evaluation, mine.visualization
from mmengine import registry
from mmengine.optim import OptimWrapper

work = tempfile.mkdtemp()
seen = {}

def build(registry_name, kind, scratch=False, **arguments):
    name = "My" + kind.title().replace("-", "") + ("FromScratch" if scratch else "")
    return getattr(registry, registry_name).build(dict(type=name, **arguments))

image = torch.rand(1, 3, 64, 64)
# As the parts of a detector, and as parts of their own.
feats = build("MODELS", "backbone", depth=18)(image)
seen["backbone"] = [f.shape[1] for f in feats]
levels = build("MODELS", "neck", in_channels=seen["backbone"], out_channels=16, num_outs=5)(feats)
seen["neck"] = len(levels)
head = build("MODELS", "head", num_classes=2, in_channels=16, stacked_convs=1, feat_channels=16,
             anchor_generator=dict(type="AnchorGenerator", octave_base_scale=4, ratios=[1.0],
                                   scales_per_octave=3, strides=[4, 8, 16, 32, 64]))
seen["head"] = [len(one) for one in head(levels)]
loss = build("MODELS", "loss")
seen["loss"] = float(loss(torch.zeros(4, 2), torch.tensor([0, 1, 2, 2]))) > 0
feats = build("MODELS", "backbone", True, base_channels=8)(image)
seen["backbone 2"] = [tuple(f.shape[1:]) for f in feats]
levels = build("MODELS", "neck", True, in_channels=[8, 16, 32, 64], out_channels=8)(feats)
seen["neck 2"] = [f.shape[1] for f in levels]
head = build("MODELS", "head", True, num_classes=3, in_channels=8)
seen["head 2"] = [f.shape[1] for f in head(levels)]
loss = build("MODELS", "loss", True, loss_weight=2.0)
one, other = torch.ones(2, 2), torch.zeros(2, 2)
seen["loss 2"] = [float(loss(one, other)), float(loss(one, other, avg_factor=8)),
                  float(loss(one, other, weight=other)),
                  float(loss(one, other, reduction_override="sum"))]
model = build("MODELS", "model", True)
wrapper = OptimWrapper(torch.optim.SGD(model.parameters(), lr=0.1))
losses = [float(model.train_step({"inputs": list(image)}, wrapper)["loss"]) for _ in range(5)]
seen["model 2"] = losses[-1] < losses[0] and len(model.val_step({"inputs": image})) == 1
constructor = build("OPTIM_WRAPPER_CONSTRUCTORS", "optim-wrapper-constructor",
                    optim_wrapper_cfg=dict(optimizer=dict(type="SGD", lr=0.1)))
seen["optim-wrapper-constructor"] = type(constructor(model)).__name__
data = build("MODELS", "data-preprocessor", mean=[0, 0, 0], std=[1, 1, 1], pad_size_divisor=32)
seen["data-preprocessor"] = list(data({"inputs": [torch.zeros(3, 20, 20)]})["inputs"].shape)
optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
scheduler = build("PARAM_SCHEDULERS", "scheduler", optimizer=optimizer, milestones=[1], gamma=0.5)
optimizer.step(); scheduler.step()
seen["scheduler"] = optimizer.param_groups[0]["lr"]
seen["sampler"] = sorted(build("DATA_SAMPLERS", "sampler", dataset=[1, 2, 3]))
metric = build("METRICS", "metric")
metric.process({}, [{}, {}]); metric.process({}, [{}])
seen["metric"] = metric.evaluate(3)
seen["transform"] = build("TRANSFORMS", "transform")({"img": 1})
for scratch in (False, True):
    backend = build("VISBACKENDS", "vis-backend", scratch, save_dir=work)
    backend.add_scalars({"loss": 1.0, "step": 3}); backend.add_scalar("lr", torch.tensor(0.5), 4)
    if scratch:
        seen["vis-backend 2"] = backend.experiment
dataset = build("DATASETS", "dataset", lazy_init=True, metainfo=dict(classes=["a"]))
seen["dataset"] = dataset.metainfo["classes"]
seen["tests"] = int(pytest.main(["-q", "-p", "no:cacheprovider", "tests"]))
print(json.dumps(seen))
"""


@pytest.mark.mmdet
def test_all_of_it_works_with_real_mmdet(tmp_path):
    """In one process: what every kind makes is built by its name and does its work.

    So do classes of two dozen bases upstream; and all their tests pass.
    """
    root = make_project(tmp_path, "import mmdet.models\n")
    make_all(root)
    for kind, base in INSTALLED:
        name = base.replace(":", ".").rpartition(".")[2]
        add(root, kind, f"Own{name}", base)
    assert run_python(WORKS, root) == {
        "backbone": [64, 128, 256, 512],
        "neck": 5,
        "head": [5, 5],
        "loss": True,
        "backbone 2": [[8, 16, 16], [16, 8, 8], [32, 4, 4], [64, 2, 2]],
        "neck 2": [8, 8, 8, 8],
        "head 2": [3, 3, 3, 3],
        "loss 2": [2.0, 1.0, 0.0, 8.0],
        "model 2": True,
        "optim-wrapper-constructor": "OptimWrapper",
        "data-preprocessor": [1, 3, 32, 32],
        "scheduler": 0.5,
        "sampler": [0, 1, 2],
        "metric": {"my_metric/samples": 3.0},
        "transform": {"img": 1},
        "vis-backend 2": {"loss": {"3": 1.0}, "lr": {"4": 0.5}},
        "dataset": ["a"],
        "tests": 0,
    }
