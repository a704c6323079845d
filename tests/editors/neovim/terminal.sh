#!/usr/bin/env bash
# Types citations into Neovim on a terminal screen and compares the line that is left in the buffer.
#   terminal.sh NVIM WORKSPACE SCREENS         IBID_BIN names the server
# The screens are saved as text (and with their colours, as .ansi).
set -euo pipefail

nvim=$1 workspace=$2 screens=$3
here=$(cd "$(dirname "$0")" && pwd)
export LC_ALL=C.UTF-8 TERM=xterm-256color
mkdir -p "$screens"
socket_folder=$(mktemp -d)
failures=0

tmux_private() { tmux -L "ibid-test-$$" -f /dev/null "$@"; }
cleanup() {
  tmux_private kill-server 2>/dev/null || true
  rm -rf "$socket_folder"
}
trap cleanup EXIT

ask() { "$nvim" --clean --server "$socket_folder/nvim" --remote-expr "$1" 2>/dev/null || true; }

# wait_for EXPRESSION VALUE: until the expression in the editor has the value, for at most 10 seconds.
wait_for() {
  for _ in $(seq 100); do
    [ "$(ask "$1")" = "$2" ] && return 0
    sleep 0.1
  done
  return 1
}

save_screen() {
  tmux_private capture-pane -p >"$screens/neovim-$1.txt"
  tmux_private capture-pane -p -e >"$screens/neovim-$1.ansi"
}

report() { # report NAME PROBLEM: an empty problem is none
  if [ -z "$2" ]; then
    echo "ok   neovim: $1"
  else
    echo "FAIL neovim: $1: $2"
    failures=$((failures + 1))
  fi
}

start() { # start PAIRS
  rm -f "$socket_folder/nvim"
  tmux_private new-session -d -x 100 -y 30 -c "$workspace" \
    "env IBID_TEST_PAIRS=$1 '$nvim' --clean --listen '$socket_folder/nvim' -u '$here/init.lua' note.md"
  wait_for "luaeval('#vim.lsp.get_clients({ name = [[ibid]], bufnr = 0 })')" 1
}

stop() {
  tmux_private send-keys Escape
  tmux_private send-keys -l ':qall!'
  tmux_private send-keys Enter
  wait_for 1 '' || true
  tmux_private kill-server 2>/dev/null || true
}

# One key at a time; a key name such as BSpace stands between angle brackets.
type_keys() {
  local rest=$1 key
  while [ -n "$rest" ]; do
    if [[ $rest =~ ^\<([A-Za-z]+)\> ]]; then
      key=${BASH_REMATCH[0]}
      tmux_private send-keys "${BASH_REMATCH[1]}"
    else
      key=${rest:0:1}
      tmux_private send-keys -l -- "$key"
    fi
    rest=${rest:${#key}}
    sleep 0.05
  done
}

popup_offers_orca='pumvisible() && match(map(complete_info(["items"]).items, "v:val.word"), "^Orca") == 0'

# complete_at NAME BEFORE AFTER KEYS EXPECTED: types between the two texts, accepts the first item, compares the line.
complete_at() {
  local name=$1 before=$2 after=$3 keys=$4 expected=$5 line
  ask "setline(1, '$before$after')" >/dev/null
  ask 'deletebufline(bufnr(), 2, "$")' >/dev/null
  ask "cursor(1, $(($(printf %s "$before" | wc -c) + 1)))" >/dev/null
  tmux_private send-keys "$([ -n "$after" ] && echo i || echo A)"
  type_keys "$keys"
  if ! wait_for "$popup_offers_orca" 1; then
    save_screen "$name"
    report "$name" "the popup does not offer Orca first; the line is '$(ask 'getline(".")')'"
    tmux_private send-keys Escape
    return
  fi
  save_screen "$name"
  tmux_private send-keys C-y
  sleep 0.5
  line=$(ask 'getline(1)')
  if [ "$line" != "$expected" ]; then
    report "$name" "the line is '$line', not '$expected'"
  elif [ "$(ask 'pumvisible()')" != 0 ]; then
    report "$name" "the popup came back after the item was accepted"
  else
    report "$name" ""
  fi
  tmux_private send-keys Escape
  sleep 0.1
}

complete_everywhere() { # complete_everywhere SUFFIX
  complete_at "completion-$1" '' '' '[[Orc' '[[Orca]]'
  complete_at "completion-words-$1" '' '' '[[prog learn' '[[Orca]]'
  complete_at "completion-before-text-$1" 'See ' 'tail of it' '[[Orc' 'See [[Orca]]tail of it'
  complete_at "completion-after-emoji-$1" '🦀 é ' '' '[[Orc' '🦀 é [[Orca]]'
  complete_at "completion-mended-$1" '' '' '[[zzq<BSpace><BSpace><BSpace>Orc' '[[Orca]]'
  complete_at "completion-second-$1" '[[LoRA]] and ' '' '[[Orc' '[[LoRA]] and [[Orca]]'
}

# After CTRL-E the popup has to stay closed while the user types on, and to come back for the next citation.
dismiss() {
  local problem=''
  ask 'setline(1, "")' >/dev/null
  ask 'cursor(1, 1)' >/dev/null
  tmux_private send-keys A
  type_keys '[[Orc'
  wait_for "$popup_offers_orca" 1 || problem='the popup does not offer Orca'
  tmux_private send-keys C-e
  sleep 0.3
  type_keys 'a'
  sleep 0.5
  [ "$(ask 'pumvisible()')" = 0 ] || problem='the popup came back'
  type_keys ']] [[Orc'
  wait_for "$popup_offers_orca" 1 || problem='the popup does not open for the next citation'
  report "completion-dismissed" "$problem"
  tmux_private send-keys Escape
}

for pairs in 0 1; do
  suffix=$([ "$pairs" = 1 ] && echo closed || echo plain)
  if ! start "$pairs"; then
    report "the editor starts ($suffix)" "no client attached"
    exit 1
  fi
  complete_everywhere "$suffix"
  if [ "$pairs" = 0 ]; then
    dismiss
    tmux_private send-keys Escape ':edit! note.md' Enter
    sleep 0.3
    tmux_private send-keys '3Gf[llK'
    wait_for 'len(filter(getwininfo(), "!empty(nvim_win_get_config(v:val.winid).relative)")) > 0' 1 &&
      problem='' || problem='no floating window'
    sleep 0.3
    save_screen hover
    [ -z "$problem" ] && ! grep -q 'thirteen billion' "$screens/neovim-hover.txt" && problem='the screen does not show the abstract'
    report "hover on the screen" "$problem"
    tmux_private send-keys gd
    wait_for 'expand("%:t") . ": " . getline(".")' \
      'papers.txt: Orca: Progressive Learning from Complex Explanation Traces of GPT-4' && problem='' ||
      problem="the cursor is at $(ask 'expand("%:t") . ":" . line(".")')"
    save_screen definition
    report "definition on the screen" "$problem"
  fi
  stop
done
[ "$failures" = 0 ]
