"""Mask R-CNN on cells, with albumentations; the classes of the microscope of room 3."""
_base_ = '../mask_rcnn/mask_rcnn_r50_fpn_1x_coco.py'

classes = ('nucleus', 'membrane', 'debris')
model = dict(
    roi_head=dict(bbox_head=dict(num_classes=3), mask_head=dict(num_classes=3)),
    test_cfg=dict(rcnn=dict(max_per_img=300)))  # crowded

img_norm_cfg = dict(
    mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True)
albu = [
    dict(type='ShiftScaleRotate', shift_limit=0.06, scale_limit=0.0, rotate_limit=0, p=0.5),
    dict(type='RandomBrightnessContrast', brightness_limit=[0.1, 0.3], p=0.2),
]
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True, with_mask=True),
    dict(type='Resize', img_scale=(1024, 768), keep_ratio=True),
    dict(
        type='Albu',
        transforms=albu,
        bbox_params=dict(
            type='BboxParams',
            format='pascal_voc',
            label_fields=['gt_labels'],
            min_visibility=0.0,
            filter_lost_elements=True),
        keymap=dict(img='image', gt_masks='masks', gt_bboxes='bboxes'),
        update_pad_shape=False,
        skip_img_without_anno=True),
    dict(type='RandomFlip', flip_ratio=0.5),
    dict(type='Normalize', **img_norm_cfg),
    dict(type='Pad', size_divisor=32),
    dict(type='DefaultFormatBundle'),
    dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_labels', 'gt_masks']),
]
data = dict(
    samples_per_gpu=2,
    train=dict(
        ann_file='data/cells/train.json', img_prefix='data/cells/img',
        classes=classes, pipeline=train_pipeline),
    val=dict(ann_file='data/cells/val.json', img_prefix='data/cells/img', classes=classes),
    test=dict(ann_file='data/cells/val.json', img_prefix='data/cells/img', classes=classes))
evaluation = dict(metric=['bbox', 'segm'], save_best='segm_mAP')
optimizer = dict(
    _delete_=True, type='AdamW', lr=0.0001, weight_decay=0.05,
    paramwise_cfg=dict(norm_decay_mult=0., custom_keys={'backbone': dict(lr_mult=0.1)}))
optimizer_config = dict(_delete_=True, grad_clip=dict(max_norm=35, norm_type=2))
lr_config = dict(
    _delete_=True, policy='CosineAnnealing', min_lr_ratio=1e-2,
    warmup='linear', warmup_iters=10, warmup_ratio=0.001)
total_epochs = 20
runner = dict(max_epochs=20)
seed = 42
