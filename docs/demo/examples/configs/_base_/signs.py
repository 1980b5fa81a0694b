# Traffic signs, in the format of COCO.
data_root = 'data/signs/'
classes = ('stop', 'yield', 'speed limit')
train_dataloader = dict(
    batch_size=8,
    num_workers=4,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type='CocoDataset',
        data_root=data_root,
        ann_file='train.json',
        metainfo=dict(classes=classes),
    ),
)
val_dataloader = dict(
    batch_size=1,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='CocoDataset',
        data_root=data_root,
        ann_file='val.json',
        metainfo=dict(classes=classes),
        test_mode=True,
    ),
)
val_evaluator = dict(type='CocoMetric', ann_file=data_root + 'val.json')
val_cfg = dict(type='ValLoop')
