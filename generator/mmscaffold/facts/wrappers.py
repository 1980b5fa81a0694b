"""What mmengine's wrappers of models for several GPUs hand on to those of torch."""

from __future__ import annotations

from collections.abc import Mapping

from mmscaffold.facts.layers import Layer

# torch/nn/parallel/distributed.py, of all versions from 1.8 to 2.13.
_PARALLEL = frozenset(
    {
        "dim", "output_device", "broadcast_buffers", "init_sync", "process_group",
        "bucket_cap_mb", "bucket_cap_mb_list", "find_unused_parameters", "check_reduction",
        "gradient_as_bucket_view", "static_graph", "delay_all_reduce_named_params",
        "param_to_hook_all_reduce", "mixed_precision", "device_mesh",
        "skip_all_reduce_unused_params", "batched_grad_copy", "forward_sync_buffers",
    }
)  # fmt: skip
# torch/distributed/fsdp/fully_sharded_data_parallel.py
_SHARDED = frozenset(
    {
        "process_group", "sharding_strategy", "cpu_offload", "auto_wrap_policy",
        "backward_prefetch", "mixed_precision", "param_init_fn", "use_orig_params",
        "ignored_modules", "ignored_parameters", "ignored_states", "device_id",
        "sync_module_states", "forward_prefetch", "limit_all_gathers", "device_mesh",
    }
)  # fmt: skip
_DISTRIBUTED = "DistributedDataParallel"
# What the Runner gives: runner/runner.py, wrap_model.
_GIVEN = frozenset({"module", "device_ids"})

WRAPPERS: Mapping[str, Layer] = {
    "mmengine.model.wrappers.distributed.MMDistributedDataParallel": Layer(
        _DISTRIBUTED, _PARALLEL | _GIVEN | {"detect_anomalous_params"}
    ),
    "mmengine.model.wrappers.seperate_distributed.MMSeparateDistributedDataParallel": Layer(
        _DISTRIBUTED, _PARALLEL | _GIVEN | {"detect_anomalous_params"}
    ),
    "mmengine.model.wrappers.fully_sharded_distributed.MMFullyShardedDataParallel": Layer(
        "FullyShardedDataParallel", _SHARDED | _GIVEN
    ),
}
"""By the class that ``model_wrapper_cfg`` names: that of torch, with all that may stand there."""
