#!/usr/bin/env bash
# Train on several GPUs of one machine: tools/dist_train.sh CONFIG GPUS [options]
set -euo pipefail
if [ $# -lt 2 ]; then
    echo "usage: $0 CONFIG GPUS [options of tools/train.py]" >&2
    exit 2
fi
config=$1
gpus=$2
shift 2
cd "$(dirname "$0")/.."
exec torchrun --nproc_per_node="$gpus" --master_port="${PORT:-29500}" \
    tools/train.py "$config" --launcher pytorch "$@"
