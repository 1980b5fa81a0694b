_base_ = 'retinanet_r50_signs.py'
optimizer = dict(lr=0.005)  # one GPU
