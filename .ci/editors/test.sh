#!/usr/bin/env bash
# Installs Neovim and VS Code where they are not there yet, and runs ibid in both.
#   IBID_BIN=target/release/ibid .ci/editors/test.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! command -v tmux >/dev/null || ! command -v curl >/dev/null; then
  apt-get update -qq
  apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends tmux curl >/dev/null
fi
.ci/editors/install-neovim.sh
.ci/editors/install-vscode.sh
exec tests/editors/run.sh "$@"
