_base_ = 'retinanet_r50_24e.py'
model = dict(backbone=dict(depth=18), neck=dict(in_channels=[64, 128, 256, 512]))
train_cfg = dict(_delete_=True, type='IterBasedTrainLoop', max_iters=90000, val_interval=10000)
train_dataloader = dict(sampler=dict(type='InfiniteSampler'))
param_scheduler = [
    dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end=500),
    dict(type='MultiStepLR', by_epoch=False, begin=0, end=90000, milestones=[60000, 80000]),
]
default_hooks = dict(
    checkpoint=dict(by_epoch=False, interval=10000), logger=dict(log_metric_by_epoch=False)
)
log_processor = dict(by_epoch=False)
