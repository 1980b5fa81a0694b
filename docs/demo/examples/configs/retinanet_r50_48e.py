_base_ = 'retinanet_r50_24e.py'
train_cfg = dict(max_epochs=48)
