#!/usr/bin/env bash
# Runs an extension that carries its server in a real VS Code with an empty profile, an empty home and no PATH.
#   bundled.sh EDITORS VSIX SCREENS
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
editors=$1 vsix=$2 screens=$3
scratch=$(mktemp -d)
node=$editors/node/bin/node
finish() {
  if [ -f "$scratch/profile/pid" ]; then
    kill "$(cat "$scratch/profile/pid")" 2>/dev/null || true
    # It still writes while it ends.
    for _ in $(seq 50); do
      kill -0 "$(cat "$scratch/profile/pid")" 2>/dev/null || break
      sleep 0.1
    done
  fi
  cp "$(find "$scratch/profile/data/logs" -name ibid.log 2>/dev/null | head -n 1)" "$screens/vscode-bundled.log" 2>/dev/null || true
  rm -rf "$scratch" 2>/dev/null || true
}
trap finish EXIT

mkdir -p "$scratch/home"
port=$("$node" -e \
  'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
begin=$SECONDS
HOME=$scratch/home IBID_CACHE_DIR=$scratch/cache IBID_EDITOR_PATH=/nowhere \
  "$here/serve.sh" "$editors" "$vsix" "$scratch/profile" "$port"
echo "the extension is installed and the editor runs after $((SECONDS - begin)) s"
"$node" "$here/bundled.mjs" "$editors" "http://127.0.0.1:$port" "$scratch/notes" \
  "$scratch/profile/data/Machine/settings.json" "$screens"
grep -h 'Starting .*(bundled)' -r "$scratch/profile/data/logs" --include=ibid.log >/dev/null ||
  { echo "FAIL vscode: the log does not say that the server inside the extension was started"; exit 1; }
echo "ok   vscode: the log says that the server inside the extension was started"
