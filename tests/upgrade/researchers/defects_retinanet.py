# RetinaNet on defects of steel, trained by iterations
_base_ = ['../retinanet/retinanet_r50_fpn_1x_coco.py']
num_classes = 2
classes = ['scratch', 'hole']
model = dict(
    backbone=dict(depth=18, init_cfg=None, frozen_stages=-1),
    neck=dict(in_channels=[64, 128, 256, 512]),
    bbox_head=dict(num_classes=num_classes, loss_bbox=dict(type='GIoULoss', loss_weight=2.0),
                   reg_decoded_bbox=True))
data_root = '/mnt/steel/'
data = dict(
    samples_per_gpu=2, workers_per_gpu=0,
    train=dict(
        _delete_=True,
        type='RepeatDataset',
        times=3,
        dataset=dict(
            type='CocoDataset', classes=classes, data_root=data_root, ann_file='a/train.json',
            img_prefix='images', filter_empty_gt=False, pipeline={{_base_.train_pipeline}})),
    val=dict(classes=classes, data_root=data_root, ann_file='a/val.json', img_prefix='images'),
    test=dict(classes=classes, data_root=data_root, ann_file='a/val.json', img_prefix='images'))
runner = dict(_delete_=True, type='IterBasedRunner', max_iters=40)
lr_config = dict(
    _delete_=True, policy='poly', power=0.9, min_lr=1e-5, by_epoch=False,
    warmup='constant', warmup_iters=4, warmup_ratio=0.1)
evaluation = dict(interval=20, metric='bbox')
checkpoint_config = dict(by_epoch=False, interval=20)
log_config = dict(interval=10, hooks=[
    dict(type='TextLoggerHook', by_epoch=False),
    dict(type='TensorboardLoggerHook', by_epoch=False)])
optimizer_config = dict(type='GradientCumulativeOptimizerHook', cumulative_iters=2)
