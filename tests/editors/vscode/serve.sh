#!/usr/bin/env bash
# Starts VS Code's web server on 127.0.0.1 with a fresh profile that holds only the extension under test.
#   serve.sh EDITORS VSIX FOLDER PORT        FOLDER/pid and FOLDER/server.log are written
# IBID_EDITOR_PATH is the PATH of the editor; left out, it is that of this script.
# The settings are FOLDER/data/Machine/settings.json: the web build keeps those of the user in the browser.
set -euo pipefail

editors=$1 vsix=$2 folder=$3 port=$4
server=$editors/code-server/node_modules/code-server/lib/vscode/out/server-main.js
mkdir -p "$folder"/{data/Machine,extensions}
# With IBID_EDITOR_TRUST=ask the editor trusts no folder of itself.
trust=(--disable-workspace-trust)
[ "${IBID_EDITOR_TRUST:-}" != ask ] || trust=()
# No marketplace: nothing is looked up outside this machine.
export EXTENSIONS_GALLERY='{"serviceUrl":""}'
profile=(--accept-server-license-terms --telemetry-level off --server-data-dir "$folder"
  --user-data-dir "$folder/data" --extensions-dir "$folder/extensions")

[ -e "$folder/install.log" ] ||
  "$editors/node/bin/node" "$server" "${profile[@]}" --install-extension "$vsix" >"$folder/install.log" 2>&1 ||
  { cat "$folder/install.log"; exit 1; }
PATH=${IBID_EDITOR_PATH-$PATH} "$editors/node/bin/node" "$server" "${profile[@]}" --host 127.0.0.1 --port "$port" \
  --without-connection-token "${trust[@]}" >"$folder/server.log" 2>&1 &
echo $! >"$folder/pid"
for _ in $(seq 150); do
  curl -fsS -o "$folder/version" "http://127.0.0.1:$port/version" 2>/dev/null && exit 0
  sleep 0.2
done
cat "$folder/server.log"
exit 1
