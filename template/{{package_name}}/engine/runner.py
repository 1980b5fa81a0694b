"""The project's Runner."""

from __future__ import annotations

import contextlib
import datetime
import os
import warnings
from typing import Any, Dict, Iterator, List, Optional, Union

import torch
from mmengine.device import get_device
from mmengine.dist import is_distributed
from mmengine.hooks import Hook
from mmengine.registry import RUNNERS
from mmengine.runner import Runner
from mmengine.runner.base_loop import BaseLoop
from torch import nn

from .contract import check_runner_class, check_train_loop
from .progress_guard import ProgressGuardHook


@RUNNERS.register_module()
class MyRunner(Runner):
    """mmengine's Runner, which refuses loops whose counters would go wrong.

    It adds to mmengine's, without changing its signature:

    - the train loop is checked when it is built, and watched by a
      ``ProgressGuardHook`` while it runs;
    - ``resume`` works with torch >= 2.6;
    - ``--launcher pytorch`` works on a machine without a GPU.

    It defines no ``epoch``, ``iter``, ``max_epochs`` or ``max_iters`` of its own:
    mmengine reads them from the train loop.
    """

    def build_train_loop(self, loop: Union[BaseLoop, Dict]) -> BaseLoop:
        """Build the train loop, and check it against the progress contract.

        Args:
            loop: The loop, or its config.

        Returns:
            The built loop.

        Raises:
            ContractError: If its counters would go wrong.
        """
        check_runner_class(self)
        built = super().build_train_loop(loop)
        if built is not loop:
            check_train_loop(built)
        return built

    def register_hooks(
        self,
        default_hooks: Optional[Dict[str, Union[Hook, Dict]]] = None,
        custom_hooks: Optional[List[Union[Hook, Dict]]] = None,
    ) -> None:
        """Register the hooks of the config, and the guard unless it is among them.

        Args:
            default_hooks: See mmengine's ``Runner.register_hooks``.
            custom_hooks: See mmengine's ``Runner.register_hooks``.
        """
        super().register_hooks(default_hooks, custom_hooks)
        if not any(isinstance(hook, ProgressGuardHook) for hook in self.hooks):
            self.register_hook(ProgressGuardHook())

    def resume(self, filename: str, *args: Any, **kwargs: Any) -> None:
        """Resume the training from one of its own checkpoints.

        A checkpoint holds the message hub and the optimizer, which torch >= 2.6 does
        not load by default (mmengine issue #1655). A file that you name to resume from
        is trusted to be your own; one that is only ``load_from`` is not.

        Args:
            filename: The checkpoint.
            *args: See mmengine's ``Runner.resume``.
            **kwargs: See mmengine's ``Runner.resume``.
        """
        local = os.path.isfile(filename)
        with _trusted_torch_load() if local else contextlib.nullcontext():
            super().resume(filename, *args, **kwargs)

    def load_own_checkpoint(self, filename: str) -> None:
        """Load the weights of a checkpoint that a run of this project wrote.

        Such a file also holds the state of its run, which torch >= 2.6 refuses to
        read through ``load_from``. Call it for your own files only: loading a file
        of this kind can run any code that is in it.

        Args:
            filename: The checkpoint.
        """
        with _trusted_torch_load():
            self.load_checkpoint(filename)

    def setup_env(self, env_cfg: Dict) -> None:
        """Set up the environment; on a machine without a GPU, over gloo.

        Args:
            env_cfg: See mmengine's ``Runner.setup_env``.
        """
        # mmengine would call torch.cuda.set_device, which a CPU-only torch lacks.
        if self._launcher == "pytorch" and _on_cpu() and not is_distributed():
            timeout = env_cfg.get("dist_cfg", {}).get("timeout", 1800)
            torch.distributed.init_process_group(
                "gloo", timeout=datetime.timedelta(seconds=timeout)
            )
        super().setup_env(env_cfg)

    def wrap_model(
        self, model_wrapper_cfg: Optional[Dict], model: nn.Module
    ) -> nn.Module:
        """Wrap the model for distributed training.

        Args:
            model_wrapper_cfg: See mmengine's ``Runner.wrap_model``.
            model: The model.

        Returns:
            The wrapped model.
        """
        if self.distributed and _on_cpu():
            model_wrapper_cfg = dict(
                model_wrapper_cfg
                or {
                    "type": "MMDistributedDataParallel",
                    "broadcast_buffers": False,
                    "find_unused_parameters": self.cfg.get(
                        "find_unused_parameters", False
                    ),
                }
            )
            # mmengine would pass the local rank, which DDP takes for a GPU.
            model_wrapper_cfg.setdefault("device_ids", None)
        return super().wrap_model(model_wrapper_cfg, model)


def _on_cpu() -> bool:
    return str(get_device()) == "cpu"


@contextlib.contextmanager
def _trusted_torch_load() -> Iterator[None]:
    """Let ``torch.load`` read any object, as it did before torch 2.6."""
    name = "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        with warnings.catch_warnings():
            # torch warns of the very variable that is set here on purpose.
            warnings.filterwarnings("ignore", message=f".*{name}.*")
            yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
