"""How the processes of a run are set up: ``env_cfg``, ``randomness`` and the like.

``cudnn_benchmark``, ``mp_start_method``, ``opencv_num_threads`` and ``dist_params`` stand in
``env_cfg``; ``seed`` and ``deterministic`` in ``randomness``. ``default_scope`` is that of the
package: without it 3.x does not find its classes. ``work_dir``, ``log_level`` and
``find_unused_parameters`` stay. What the command line says (``gpu_ids``, ``launcher``,
``no_validate``, ``device``) goes.

Sources: mmdet 2.28.2, tools/train.py and mmdet/utils/setup_env.py; mmengine, runner/runner.py
(``setup_env``, ``set_randomness``).
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.package import row_of
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import ANY, Example

ID, PACKAGE = "UPR-36 environment", ANY
WRITES = (
    "env_cfg", "randomness", "default_scope", "work_dir", "log_level", "find_unused_parameters",
)  # fmt: skip
AFTER: tuple[str, ...] = ()
EXAMPLES = (
    Example(
        "dist_params = dict(backend='nccl')\nopencv_num_threads = 0\nmp_start_method = 'fork'\n"
        "cudnn_benchmark = True\nlog_level = 'INFO'\nwork_dir = 'w'\n",
        "env_cfg = dict(cudnn_benchmark=True,\n"
        "    mp_cfg=dict(mp_start_method='fork', opencv_num_threads=0),\n"
        "    dist_cfg=dict(backend='nccl'))\n"
        "default_scope = 'mmdet'\nlog_level = 'INFO'\nwork_dir = 'w'\n",
    ),
    Example(
        "dist_params = dict(backend='nccl')\n",
        "env_cfg = dict(cudnn_benchmark=False, dist_cfg=dict(backend='nccl'))\n"
        "default_scope = 'mmdet'\n",
    ),
    Example("seed = 3\ndeterministic = True\n", "randomness = dict(seed=3, deterministic=True)\n"),
    Example("gpu_ids = range(0, 1)\ndevice = 'cuda'\nfind_unused_parameters = True\n",
            "find_unused_parameters = True\n"),
)  # fmt: skip
_MP = ("mp_start_method", "opencv_num_threads")
_ENV = ("cudnn_benchmark", *_MP, "dist_params")
_SAME = ("work_dir", "log_level", "find_unused_parameters")
_COMMAND_LINE = ("gpu_ids", "device", "launcher", "no_validate")


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write them."""
    top = old.top()
    scope = row_of(old.package).scope
    if "default_scope" in top:
        top.move("default_scope", new)
    elif scope and (old.is_whole or "dist_params" in top or "log_level" in top):
        new.put("default_scope", scope)
    if any(key in top for key in _ENV):
        yield from _environment(old, new)
    for key in ("seed", "deterministic"):
        if top.get(key) is not None:
            top.move(key, new.child("randomness"))
        else:
            top.drop(key, Reason.DEFAULT)
    for key in _SAME:
        top.move(key, new)
    for key in _COMMAND_LINE:
        top.drop(key, Reason.AUTOMATIC)


def _environment(old: OldConfig, new: New) -> Iterator[Note]:
    top, env = old.top(), new.child("env_cfg")
    if "cudnn_benchmark" in top:
        top.move("cudnn_benchmark", env)
    else:
        env.put("cudnn_benchmark", False)
    for key in _MP:
        if key in top:
            top.move(key, env.child("mp_cfg"))
    dist = top.get("dist_params")
    if dist is None:
        top.drop("dist_params", Reason.DEFAULT)
    else:
        top.move("dist_params", env, "dist_cfg")
        if isinstance(dist, Unknown) or not isinstance(dist, dict):
            message = "dist_params cannot be read; it must be a dict"
            yield Note("UP214", message, (*env.path, "dist_cfg"), ("dist_params",))
