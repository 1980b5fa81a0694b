_base_ = ['_base_/signs.py', '_base_/run_time.py']
max_epochs = 100
last_epochs = 15
model = dict(
    type='YOLOX',
    backbone=dict(type='CSPDarknet', deepen_factor=0.33, widen_factor=0.5),
    neck=dict(type='YOLOXPAFPN', in_channels=[128, 256, 512], out_channels=128),
    bbox_head=dict(type='YOLOXHead', num_classes=3, in_channels=128, feat_channels=128),
)
train_cfg = dict(
    type='EpochBasedTrainLoop',
    max_epochs=max_epochs,
    val_interval=10,
    dynamic_intervals=[(max_epochs - last_epochs, 1)],
)
optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='SGD', lr=0.01, momentum=0.9, weight_decay=5e-4, nesterov=True),
    paramwise_cfg=dict(custom_keys=dict(backbone=dict(lr_mult=0.1))),
)
param_scheduler = [
    dict(type='QuadraticWarmupLR', by_epoch=True, begin=0, end=5, convert_to_iter_based=True),
    dict(
        type='CosineAnnealingLR',
        by_epoch=True,
        begin=5,
        T_max=max_epochs - last_epochs - 5,
        end=max_epochs - last_epochs,
        eta_min=0.0005,
        convert_to_iter_based=True,
    ),
    dict(
        type='ConstantLR', by_epoch=True, factor=1, begin=max_epochs - last_epochs, end=max_epochs
    ),
]
custom_hooks = [
    dict(type='YOLOXModeSwitchHook', num_last_epochs=last_epochs),
    dict(type='EMAHook', ema_type='ExpMomentumEMA', momentum=0.0001, update_buffers=True),
]
