"""Configs of MMDetection 2.x become configs of 3.x that train what the old ones trained.

``goal`` applies the ``rules`` to a resolved config of 2.x: what the upgraded file must resolve
to, with a ``ledger`` that says what became of every old value, and ``notes`` on what is
different or must be decided.
"""
