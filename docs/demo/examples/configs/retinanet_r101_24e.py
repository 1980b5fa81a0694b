_base_ = 'retinanet_r50_24e.py'
model = dict(backbone=dict(depth=101))
optim_wrapper = dict(optimizer=dict(lr=0.005))
