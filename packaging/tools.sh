#!/usr/bin/env bash
# Installs what builds a release into target/tools, from PyPI: maturin, and zig with cargo-zigbuild. In a workflow it is on
# the PATH of the steps that follow; elsewhere the last line says what to add.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

"$python" -m venv target/tools
bin=target/tools/bin
[ -d "$bin" ] || bin=target/tools/Scripts
"$bin/python" -m pip install --quiet --only-binary :all: maturin==1.16.0 cargo-zigbuild==0.24.0 ziglang==0.17.1
bin=$("$python" -c 'import os, sys; print(os.path.abspath(sys.argv[1]))' "$bin")
[ -z "${GITHUB_PATH:-}" ] || echo "$bin" >>"$GITHUB_PATH"
echo "PATH=$bin:\$PATH"
