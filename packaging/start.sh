#!/usr/bin/env bash
# Starts a finished program as its first user would: its version, a search, the server, and the demo.
#
#   packaging/start.sh PROGRAM [EMULATOR…]
set -euo pipefail

program=$1
shift
chmod +x "$program"
version=$(sed -nE '0,/^version = /s/^version = "(.*)"/\1/p' "$(dirname "$0")/../Cargo.toml" | tr -d '\r')
vault=$(mktemp -d)
export IBID_CACHE_DIR=$vault/cache
trap 'rm -rf "$vault"' EXIT

said=$("$@" "$program" --version | tr -d '\r')
[[ "$said" == "ibid $version ("*")" ]] || { echo "it says '$said', not version $version" >&2; exit 1; }
mkdir "$vault/notes"
echo '@misc{orca, title = {Orca}, author = {Mukherjee, S.}, year = {2023}}' >"$vault/notes/papers.bib"
"$@" "$program" --root "$vault/notes" search orca | grep -q Orca
request='{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}'
{ printf 'Content-Length: %d\r\n\r\n%s' "${#request}" "$request" | "$@" "$program" lsp || true; } >"$vault/said"
grep -q '"name":"ibid"' "$vault/said"
# The demo starts the program once more, which an emulator that is no part of the system cannot do.
if [ $# = 0 ]; then
  "$program" demo --dir "$vault/demo" >"$vault/said"
  grep -q Orca "$vault/said"
fi
echo "$said: works"
