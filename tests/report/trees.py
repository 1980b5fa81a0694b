"""Small trees of configs, some of which would like to be more than text."""

from __future__ import annotations

from pathlib import Path

HOSTILE = "<img src=x onerror=alert(1)>.py"
BASE = """\
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)
optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.02))
param_scheduler = [dict(type='MultiStepLR', milestones=[8, 11], end=12)]
"""
CHILD = """\
_base_ = 'base.py'
# </script><script>alert(2)</script>
model = dict(type='FasterRCNN', backbone=dict(type='ResNet', note='</script><b>bold</b>'))
train_dataloader = dict(
    batch_size=2, dataset=dict(type='RepeatDataset', dataset=dict(type='CocoDataset')))
custom_hooks = [dict(type='mmdet.EMAHook')]
"""
GRANDCHILD = """\
_base_ = 'child.py'
train_cfg = dict(max_epochs=24)
param_scheduler = [dict(type='MultiStepLR', milestones=[16, 22], end=12)]
"""

OLD_SCHEDULE = """\
optimizer = dict(type='SGD', lr=0.02, momentum=0.9)
optimizer_config = dict(grad_clip=None)
lr_config = dict(policy='step', step=[8, 11])
runner = dict(type='EpochBasedRunner', max_epochs=12)
"""
OLD_LEAF = """\
_base_ = '../_base_/schedule.py'
model = dict(type='RetinaNet', pretrained=None)
data = dict(samples_per_gpu=2, train=dict(type='CocoDataset', ann_file='a.json', pipeline=[]))
custom_hooks = [dict(type='<b>Hook</b>')]
"""


def write_old(folder: Path) -> Path:
    """A config of 2.x with a class that nobody knows, over a base in a folder beside it."""
    for name, text in (("_base_/schedule.py", OLD_SCHEDULE), ("own/leaf.py", OLD_LEAF)):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text)
    return folder


def write(folder: Path) -> Path:
    """A base, a child, its child with a schedule that is too short, and a hostile name."""
    folder.mkdir(exist_ok=True)
    (folder / "base.py").write_text(BASE)
    (folder / "child.py").write_text(CHILD)
    (folder / "grandchild.py").write_text(GRANDCHILD)
    (folder / HOSTILE).write_text("_base_ = 'child.py'\nload_from = '<script>alert(3)</script>'\n")
    (folder / "torn.py").write_text("_base_ = 'no_such_base.py'\nmodel = dict(type='X')\n")
    return folder
