#!/usr/bin/env bash
# Types many queries into Neovim, quickly and slowly, with brackets that are closed by a pair plug-in and without, and
# accepts before a slow server has answered.
#   queries.sh NVIM FOLDER EXPECTED SLOW         IBID_BIN names the server, SLOW one that answers late
set -euo pipefail

nvim=$1 folder=$2 expected=$3 slow=$4
here=$(cd "$(dirname "$0")" && pwd)
export LC_ALL=C.UTF-8 TERM=xterm-256color
sockets=$(mktemp -d)
PARTS=4
status=0

tmux_private() { tmux -L "ibid-queries-$$" -f /dev/null "$@"; }
cleanup() {
  tmux_private kill-server 2>/dev/null || true
  rm -rf "$sockets"
}
trap cleanup EXIT

start() { # start NAME PAIRS PROGRAM
  mkdir -p "$folder/$1"
  cp "$here/../queries/library.bib" "$folder/$1"
  touch "$folder/$1/note.md" "$folder/$1/ibid.toml"
  tmux_private new-session -d -s "$1" -x 100 -y 30 -c "$folder/$1" \
    "env IBID_TEST_PAIRS=$2 IBID_TEST_BIN='$3' '$nvim' --clean --listen '$sockets/$1' -u '$here/init.lua' note.md"
  for _ in $(seq 600); do
    [ -S "$sockets/$1" ] && return
    sleep 0.1
  done
  echo "FAIL neovim: the editor for $1 did not start"
  exit 1
}

types() { # types NAME EXPECTED DELAY PART PARTS TITLE
  "$nvim" --clean --headless -l "$here/queries.lua" "$sockets/$1" "$2" "$3" "$4" "$5" "$6" 2>&1
}

running=()
for pairs in 0 1; do
  mode=$([ "$pairs" = 1 ] && echo closed || echo plain)
  start "quick-$mode" "$pairs" "$IBID_BIN"
  types "quick-$mode" "$expected" 40 0 1 "queries typed at 40 ms a key, brackets $mode" &
  running+=($!)
  for part in $(seq 0 $((PARTS - 1))); do
    start "slow-$mode-$part" "$pairs" "$IBID_BIN"
    types "slow-$mode-$part" "$expected" 400 "$part" "$PARTS" \
      "queries typed at 400 ms a key, brackets $mode, part $((part + 1)) of $PARTS" &
    running+=($!)
  done
done
start late 1 "$slow"
types late "$expected" 40 0 4 "accepting before the list is there takes no paper of the one before" &
running+=($!)
for process in "${running[@]}"; do
  wait "$process" || status=1
done
[ "$status" = 0 ]
