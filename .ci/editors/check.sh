#!/usr/bin/env bash
# Checks the editors' own code without starting an editor: types, lint, unit tests and packaging of the VS Code
# extension, luacheck for Neovim, shellcheck for the scripts. Leaves editors/vscode/ibid.vsix.
set -euo pipefail
cd "$(dirname "$0")/../.."

missing=()
command -v luacheck >/dev/null || missing+=(lua-check)
command -v shellcheck >/dev/null || missing+=(shellcheck)
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -qq
  apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

luacheck --quiet --config editors/neovim/.luacheckrc editors/neovim tests/editors/neovim
shellcheck .ci/editors/*.sh tests/editors/run.sh tests/editors/*/*.sh tests/windows/*.sh packaging/*.sh

# A lock file that names hosts works only where those hosts are reached.
if grep -q '"resolved"' editors/vscode/package-lock.json; then
  echo 'editors/vscode/package-lock.json names hosts: install with --omit-lockfile-registry-resolved' >&2
  exit 1
fi
cd editors/vscode
npm ci --no-audit --no-fund --loglevel=error
npm run --silent check
npm test --silent
npm run --silent package
