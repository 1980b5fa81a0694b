_base_ = ['../yolox/yolox_tiny_8x8_300e_coco.py']
# wide pictures of a crossing
size = (384, 640)  # height, width
classes = ('car', 'bus', 'bike')
max_epochs = 20
num_last_epochs = 5
interval = 5
model = dict(
    input_size=size, random_size_range=(10, 20), random_size_interval=10,
    bbox_head=dict(num_classes=3))
train_pipeline = [
    dict(type='Mosaic', img_scale=size, pad_val=114.0),
    dict(type='RandomAffine', scaling_ratio_range=(0.5, 1.5),
         border=(-size[0] // 2, -size[1] // 2)),
    dict(type='YOLOXHSVRandomAug'),
    dict(type='RandomFlip', flip_ratio=0.5),
    dict(type='Resize', img_scale=size, keep_ratio=True),
    dict(type='Pad', pad_to_square=True, pad_val=dict(img=(114.0, 114.0, 114.0))),
    dict(type='FilterAnnotations', min_gt_bbox_wh=(1, 1), keep_empty=False),
    dict(type='DefaultFormatBundle'),
    dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_labels']),
]
data = dict(
    samples_per_gpu=2,
    train=dict(
        dataset=dict(ann_file='data/crossing/train.json', img_prefix='data/crossing',
                     classes=classes),
        pipeline=train_pipeline),
    val=dict(ann_file='data/crossing/val.json', img_prefix='data/crossing', classes=classes),
    test=dict(ann_file='data/crossing/val.json', img_prefix='data/crossing', classes=classes))
optimizer = dict(lr=0.01 / 64 * 2, paramwise_cfg=dict(norm_decay_mult=0., bias_decay_mult=0.))
lr_config = dict(warmup_iters=1, num_last_epochs=num_last_epochs)
runner = dict(max_epochs=max_epochs)
evaluation = dict(interval=interval, dynamic_intervals=[(max_epochs - num_last_epochs, 1)],
                  save_best='auto')
checkpoint_config = dict(interval=interval)
