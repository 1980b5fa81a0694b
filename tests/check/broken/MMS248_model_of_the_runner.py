"""A validation that looks for the model in the loop."""

from __future__ import annotations

from mmengine.registry import LOOPS
from mmengine.runner import ValLoop

SYMPTOM = "AttributeError: 'MyLoop' object has no attribute"


@LOOPS.register_module()
class OwnModelValLoop(ValLoop):
    def run(self):
        self.model.eval()
        return super().run()


OVERRIDES = {"val_cfg": {"type": "OwnModelValLoop"}}


def is_broken(seen):
    return isinstance(seen.error, AttributeError) and "no attribute 'model'" in str(seen.error)
