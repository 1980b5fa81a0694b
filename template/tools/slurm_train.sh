#!/usr/bin/env bash
# Train under Slurm: PARTITION=p GPUS=8 tools/slurm_train.sh CONFIG [options]
set -euo pipefail
if [ $# -lt 1 ]; then
    echo "usage: PARTITION=name GPUS=8 $0 CONFIG [options of tools/train.py]" >&2
    exit 2
fi
config=$1
shift
gpus=${GPUS:-8}
per_node=${GPUS_PER_NODE:-$((gpus < 8 ? gpus : 8))}
cd "$(dirname "$0")/.."
exec srun --partition="${PARTITION:?name the partition in PARTITION}" \
    --job-name="${JOB_NAME:-train}" --gres="gpu:$per_node" --ntasks="$gpus" \
    --ntasks-per-node="$per_node" --cpus-per-task="${CPUS_PER_TASK:-5}" \
    --kill-on-bad-exit=1 \
    python -u tools/train.py "$config" --launcher slurm "$@"
