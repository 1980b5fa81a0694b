"""The Runner, the loops and the guard of this project.

Importing this package registers all of them in mmengine's own registries, so that a
config can name them in ``runner_type``, ``train_cfg``, ``val_cfg`` and ``test_cfg``.
"""

from .contract import ContractError
from .evaluation_loops import MyTestLoop, MyValLoop
from .progress_guard import ProgressGuardHook
from .runner import MyRunner
from .train_loops import MyEpochBasedTrainLoop, MyIterBasedTrainLoop

__all__ = [
    "ContractError",
    "MyEpochBasedTrainLoop",
    "MyIterBasedTrainLoop",
    "MyRunner",
    "MyTestLoop",
    "MyValLoop",
    "ProgressGuardHook",
]
