#!/usr/bin/env bash
# Draws what `ibid demo` prints into assets/demo.svg. With --check, fails where the picture is out of date.
set -euo pipefail
cd "$(dirname "$0")/.."

ibid=${IBID_BIN:-target/release/ibid}
folder=/tmp/ibid-demo
rm -rf "$folder"
trap 'rm -rf "$folder"' EXIT
drawn=$(CLICOLOR_FORCE=1 "$ibid" demo --dir "$folder" | sed '/^The vault stays/,$d' | python3 assets/terminal_to_svg.py "ibid demo")

if [ "${1:-}" = --check ]; then
  diff <(echo "$drawn") assets/demo.svg >/dev/null || {
    echo "assets/demo.svg is not what ibid demo prints: run assets/draw_demo.sh" >&2
    exit 1
  }
else
  echo "$drawn" >assets/demo.svg
fi
