#!/usr/bin/env bash
# Runs ibid in real editors: Neovim headless and on a terminal screen, VS Code in Chromium.
#
#   IBID_BIN=target/release/ibid tests/editors/run.sh [neovim] [vscode]
#
# Install the editors first: .ci/editors/install-neovim.sh and .ci/editors/install-vscode.sh. Without them the run fails,
# unless IBID_EDITORS=skip. The screens go to $IBID_SCREENS (target/editor-screens). NVIM names another Neovim, and
# IBID_VSIX a packaged extension; without it the extension is packaged here. IBID_TEST_FEATURES names what the server can
# do besides, and what is to be checked for it: bib references rename literature-note reference-list export check
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../.." && pwd)
editors=${IBID_EDITORS_DIR:-$HOME/.cache/ibid-editors}
nvim=${NVIM:-$editors/neovim-forky/bin/nvim}
screens=${IBID_SCREENS:-$repository/target/editor-screens}
wanted=${*:-neovim vscode}
export IBID_TEST_FEATURES=${IBID_TEST_FEATURES-bib references rename literature-note reference-list export check}
features=$IBID_TEST_FEATURES

if [ -z "${IBID_BIN:-}" ]; then
  for build in debug release; do
    [ -x "$repository/target/$build/ibid" ] && IBID_BIN=$repository/target/$build/ibid
  done
fi
if ! [ -x "${IBID_BIN:-}" ]; then
  echo "no ibid program: build it, or name it in IBID_BIN" >&2
  exit 2
fi
IBID_BIN=$(realpath "$IBID_BIN")
export IBID_BIN

for tool in "$nvim" tmux; do
  [[ $wanted == *neovim* ]] && ! command -v "$tool" >/dev/null && missing="${missing:-} $tool"
done
for tool in "$editors/node/bin/node" "$editors/code-server/.version" "$editors/playwright/.version"; do
  [[ $wanted == *vscode* ]] && ! [ -e "$tool" ] && missing="${missing:-} $tool"
done
if [ -n "${missing:-}" ]; then
  echo "not installed:$missing"
  if [ "${IBID_EDITORS:-}" = skip ]; then
    echo "0 passed, 0 failed: skipped, as IBID_EDITORS asks"
    exit 0
  fi
  echo "0 passed, 1 failed"
  exit 1
fi

scratch=$(mktemp -d)
vscode_pid=
finish() {
  [ -z "$vscode_pid" ] || kill "$vscode_pid" 2>/dev/null || true
  rm -rf "$scratch"
}
trap finish EXIT
mkdir -p "$screens"
results=$scratch/results
: >"$results"

# A fresh copy of the notes, and a home of its own, for each editor.
prepare() {
  workspace=$scratch/$1/notes
  mkdir -p "$scratch/$1"/{home,cache}
  cp -r "$here/workspace" "$workspace"
  export HOME=$scratch/$1/home IBID_CACHE_DIR=$scratch/$1/cache IBID_CONFIG_DIR=$scratch/$1/config IBID_ZOTERO_PROFILES=
  unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME
}

# Prints the results as they come, and keeps them. A test that dies without a word is a failure.
note() {
  local name=$1 status before
  before=$(grep -c '^FAIL' "$results" || true)
  shift
  set +e
  "$@" 2>"$scratch/errors" | grep --line-buffered -a '^\(ok\|FAIL\) ' | tee -a "$results"
  status=${PIPESTATUS[0]}
  set -e
  if [ "$status" != 0 ] && [ "$(grep -c '^FAIL' "$results" || true)" = "$before" ]; then
    echo "FAIL $name: ended with status $status: $(tail -n 3 "$scratch/errors" | tr '\n' ' ')" | tee -a "$results"
  fi
}

# What the server ranks first for every query of the table, and a server that answers late.
prepare_queries() { # prepare_queries EDITOR
  queries=$scratch/$1/queries
  expected=$scratch/$1/expected.json
  mkdir -p "$queries/asked"
  cp "$here/queries/library.bib" "$queries/asked"
  "$editors/node/bin/node" "$here/queries/expected.mjs" "$queries/asked" "$here/queries/queries.txt" >"$expected"
  printf '#!/bin/sh\nIBID_BIN="%s" IBID_SLOW_OPEN="%s" exec "%s" "%s" "$@"\n' \
    "$IBID_BIN" "$queries/slow-ibid.open" "$editors/node/bin/node" "$here/queries/slow.mjs" >"$queries/slow-ibid"
  chmod +x "$queries/slow-ibid"
}

headless() { # headless CHECKS [VARIABLE=VALUE…]
  local checks=$1
  shift
  (cd "$workspace" && env "$@" IBID_TEST_CHECKS="$checks" timeout 600 "$nvim" --clean --headless \
    -u "$here/neovim/init.lua" note.md +"luafile $here/neovim/headless.lua")
}

env_nvim() { # env_nvim NVIM COMMAND…
  local nvim=$1
  shift
  "$@"
}

run_neovim() {
  prepare neovim
  "$nvim" --version | head -n 1
  note "neovim: checks of the server" headless server
  note "neovim: checks with vim.lsp.enable" headless server IBID_TEST_START=enable PATH="$(dirname "$IBID_BIN"):$PATH"
  note "neovim: checks of the settings" headless settings IBID_TEST_ABSTRACT=1200
  note "neovim: checks of the plug-in" headless pure
  note "neovim: checks of :Ibid" headless commands
  for feature in $features; do
    [ "$feature" != check ] || echo 'Never opened: [[Toolfromer]].' >"$workspace/closed.md"
    note "neovim: checks of $feature" headless "$feature"
  done
  [[ " $features " == *" check "* ]] || note "neovim: checks of what is not there yet" headless unknown
  note "neovim: checks without a program" headless missing IBID_BIN=/nowhere/ibid
  note "neovim: checks with another program" headless other IBID_BIN=/bin/ls
  note "neovim: checks of an old one" headless old
  local old=$editors/neovim-trixie/bin/nvim
  if [ -x "$old" ]; then
    note "neovim: checks in an old one" env_nvim "$old" headless old
  fi
  note "neovim: the terminal" "$here/neovim/terminal.sh" "$nvim" "$workspace" "$screens"
  if [ -x "$editors/node/bin/node" ]; then
    local node=$editors/node/bin/node vault=$scratch/neovim/vaults
    for way in trust trust-button; do
      "$node" "$here/vaults.mjs" untrusted "$vault/$way"
      workspace=$vault/$way/notes note "neovim: checks of $way" headless "$way"
    done
    "$node" "$here/vaults.mjs" zotero "$vault/zotero"
    note "neovim: screens" "$here/neovim/screens.sh" "$nvim" "$vault" "$screens"
    [ ! -e "$editors/playwright/.version" ] || "$node" "$here/neovim/picture.mjs" "$editors" "$screens"/neovim-*.ansi
    prepare_queries neovim
    note "neovim: typed queries" "$here/neovim/queries.sh" "$nvim" "$queries" "$expected" "$queries/slow-ibid"
  else
    echo "neovim: trust, screens, Zotero and typed queries are left out: they need node"
  fi
}

free_port() {
  "$editors/node/bin/node" -e \
    'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

run_vscode() {
  local vsix=${IBID_VSIX:-$repository/editors/vscode/ibid.vsix} port
  if [ -z "${IBID_VSIX:-}" ]; then
    (cd "$repository/editors/vscode" && { [ -d node_modules ] || npm ci --no-audit --no-fund --loglevel=error; } &&
      npm run --silent package) >"$scratch/package.log" 2>&1 || { cat "$scratch/package.log"; return 1; }
  fi
  prepare vscode
  port=$(free_port)
  echo "code-server $(cat "$editors/code-server/.version"), port $port"
  "$here/vscode/serve.sh" "$editors" "$vsix" "$scratch/profile" "$port" || return 1
  vscode_pid=$(cat "$scratch/profile/pid")
  note "vscode" "$editors/node/bin/node" "$here/vscode/drive.mjs" "$editors" \
    "http://127.0.0.1:$port/?folder=$workspace" "$workspace" "$scratch/profile/data/Machine/settings.json" "$screens"
  note "vscode: the first minute" "$editors/node/bin/node" "$here/vscode/welcome.mjs" "$editors" "http://127.0.0.1:$port" \
    "$scratch/vscode/first" "$scratch/profile/data/Machine/settings.json" "$screens"
  note "vscode: references" "$editors/node/bin/node" "$here/vscode/references.mjs" "$editors" "http://127.0.0.1:$port" \
    "$scratch/vscode/references" "$scratch/profile/data/Machine/settings.json" "$screens"
  note "vscode: Zotero and a group" "$editors/node/bin/node" "$here/vscode/libraries.mjs" "$editors" "http://127.0.0.1:$port" \
    "$scratch/vscode/libraries" "$scratch/profile/data/Machine/settings.json" "$screens"
  note "vscode: pictures" "$editors/node/bin/node" "$here/vscode/picture.mjs" "$editors" "http://127.0.0.1:$port" \
    "$scratch/vscode/sample" "$scratch/profile/data/Machine/settings.json" "$screens"
  prepare_queries vscode
  note "vscode: typed queries" "$editors/node/bin/node" "$here/vscode/queries.mjs" "$editors" "http://127.0.0.1:$port" \
    "$queries" "$expected" "$scratch/profile/data/Machine/settings.json" "$screens"
  kill "$vscode_pid"
  # Whether a folder is to be trusted is settled when a window opens, before it has read its settings.
  port=$(free_port)
  IBID_EDITOR_TRUST=ask "$here/vscode/serve.sh" "$editors" "$vsix" "$scratch/profile" "$port" || return 1
  vscode_pid=$(cat "$scratch/profile/pid")
  note "vscode: trust" "$editors/node/bin/node" "$here/vscode/trust.mjs" "$editors" "http://127.0.0.1:$port" \
    "$scratch/vscode/trust" "$scratch/profile/data/Machine/settings.json" "$screens"
  cp "$(find "$scratch/profile/data/logs" -name ibid.log | head -n 1)" "$screens/vscode-ibid.log" 2>/dev/null || true
}

for editor in $wanted; do
  started=$SECONDS
  "run_$editor" || echo "FAIL $editor: could not be started" | tee -a "$results"
  echo "$editor: $((SECONDS - started)) s"
done

passed=$(grep -c '^ok' "$results" || true)
failed=$(grep -c '^FAIL' "$results" || true)
echo "screens: $screens"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
