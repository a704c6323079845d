#!/usr/bin/env bash
# Starts a finished program as its first user would: its version, the demo with the real server, a search.
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
"$@" "$program" demo --dir "$vault/demo" >"$vault/said"
grep -q Orca "$vault/said"
"$@" "$program" --root "$vault/demo" search orca | grep -q Orca
echo "$said: works"
