_base_ = ['_base_/retinanet.py', '_base_/signs.py', '_base_/schedule_24e.py', '_base_/run_time.py']
