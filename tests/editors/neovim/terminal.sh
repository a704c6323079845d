#!/usr/bin/env bash
# Types citations into Neovim on a terminal screen and compares the line that is left in the buffer.
#   terminal.sh NVIM WORKSPACE SCREENS         IBID_BIN names the server
# The screens are saved as text (and with their colours, as .ansi).
# The names that seem unused or unknown are those of screen.sh.
# shellcheck disable=SC2034,SC2154,SC1091
set -euo pipefail

nvim=$1 workspace=$2 screens=$3
. "$(dirname "$0")/screen.sh"

popup_offers_orca='pumvisible() && match(map(complete_info(["items"]).items, "v:val.word"), "^Orca") == 0'

# complete_at NAME BEFORE AFTER KEYS EXPECTED: types between the two texts, accepts the first item, compares the line.
complete_at() {
  local name=$1 before=$2 after=$3 keys=$4 expected=$5
  ask "setline(1, '$before$after')" >/dev/null
  ask 'deletebufline(bufnr(), 2, "$")' >/dev/null
  ask "cursor(1, $(($(printf %s "$before" | wc -c) + 1)))" >/dev/null
  tmux_private send-keys "$([ -n "$after" ] && echo i || echo A)"
  type_keys "$keys"
  if ! wait_for "$popup_offers_orca" 1; then
    echo "the popup does not offer Orca first; the line is '$(ask 'getline(".")')'"
    leave_insert
    return
  fi
  save_screen "$name"
  tmux_private send-keys C-y
  if ! wait_for 'getline(1)' "$expected" 10; then
    echo "the line is '$(ask 'getline(1)')', not '$expected'"
  else
    # Time in which it could come back.
    sleep 0.4
    [ "$(ask 'pumvisible()')" = 0 ] || echo "the popup came back after the item was accepted"
  fi
  leave_insert
}

complete() { # complete NAME …
  check "$1" complete_at "$@"
}

complete_everywhere() { # complete_everywhere SUFFIX
  complete "completion-$1" '' '' '[[Orc' '[[Orca]]'
  complete "completion-words-$1" '' '' '[[prog learn' '[[Orca]]'
  complete "completion-before-text-$1" 'See ' 'tail of it' '[[Orc' 'See [[Orca]]tail of it'
  complete "completion-after-emoji-$1" '🦀 é ' '' '[[Orc' '🦀 é [[Orca]]'
  complete "completion-mended-$1" '' '' '[[zzq<BSpace><BSpace><BSpace>Orc' '[[Orca]]'
  complete "completion-second-$1" '[[LoRA]] and ' '' '[[Orc' '[[LoRA]] and [[Orca]]'
}

# After CTRL-E the popup has to stay closed while the user types on, and to come back for the next citation.
dismiss() {
  ask 'setline(1, "")' >/dev/null
  ask 'cursor(1, 1)' >/dev/null
  tmux_private send-keys A
  type_keys '[[Orc'
  wait_for "$popup_offers_orca" 1 || echo 'the popup does not offer Orca'
  tmux_private send-keys C-e
  wait_for 'pumvisible()' 0 10 || echo 'the popup does not close'
  type_keys 'a'
  # Time in which it could come back.
  sleep 0.5
  [ "$(ask 'pumvisible()')" = 0 ] || echo 'the popup came back'
  type_keys ']] [[Orc'
  wait_for "$popup_offers_orca" 1 || echo 'the popup does not open for the next citation'
  leave_insert
}

hover() {
  leave_insert
  ask 'execute("edit! note.md")' >/dev/null
  wait_for 'getline(3) =~ "Orca"' 1 || echo 'the note is not there'
  hover_until '3G0f[llK' 'thirteen billion' || echo 'the screen does not show the abstract'
  save_screen hover
}

definition() {
  ask 'execute("edit! note.md")' >/dev/null
  tmux_private send-keys '3Gf[llgd'
  wait_for 'expand("%:t") . ": " . getline(".")' \
    'papers.txt: Orca: Progressive Learning from Complex Explanation Traces of GPT-4' ||
    echo "the cursor is at $(ask 'expand("%:t") . ":" . line(".")')"
  save_screen definition
}

for pairs in 0 1; do
  suffix=$([ "$pairs" = 1 ] && echo closed || echo plain)
  if ! start "IBID_TEST_PAIRS=$pairs" || ! attached; then
    echo "FAIL neovim: the editor starts ($suffix): no client attached"
    exit 1
  fi
  complete_everywhere "$suffix"
  if [ "$pairs" = 0 ]; then
    check "completion-dismissed" dismiss
    check "hover on the screen" hover
    check "definition on the screen" definition
  fi
  stop
done
[ "$failures" = 0 ]
