default_scope = 'mmdet'
default_hooks = dict(
    checkpoint=dict(type='CheckpointHook', interval=4, save_best='coco/bbox_mAP'),
    logger=dict(type='LoggerHook', interval=50),
)
