# shellcheck shell=bash disable=SC2154
# Neovim on a terminal screen: to be sourced by a script that has set nvim, workspace and screens.
# IBID_BIN names the server.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export LC_ALL=C.UTF-8 TERM=xterm-256color
mkdir -p "$screens"
socket_folder=$(mktemp -d)
failures=0

# Every start has a terminal server of its own: one that is just ending would keep the next start waiting.
starts=0
tmux_private() { timeout 20 tmux -L "ibid-test-$$-$starts" -f /dev/null "$@"; }
cleanup() {
  tmux_private kill-server 2>/dev/null || true
  rm -rf "$socket_folder"
}
trap cleanup EXIT

# An editor that waits for a key does not answer.
ask() { timeout 5 "$nvim" --clean --server "$socket_folder/nvim" --remote-expr "$1" 2>/dev/null || true; }

# wait_for EXPRESSION VALUE [SECONDS]: until the expression in the editor has the value. What is there ends the waiting at
# once; only a machine that is busy with other things needs the rest of a minute.
wait_for() {
  local end=$((SECONDS + ${3:-60}))
  until [ "$(ask "$1")" = "$2" ]; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.05
  done
}

# wait_for_screen TEXT: until the screen shows a text.
wait_for_screen() {
  local end=$((SECONDS + 60))
  until tmux_private capture-pane -p | grep -qF -- "$1"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.05
  done
}

# hover_until KEYS TEXT: asks for the card at a place until it is there; the first answers may come before the papers are read.
hover_until() {
  local end=$((SECONDS + 60))
  while [ "$SECONDS" -lt "$end" ]; do
    ask 'execute("fclose!")' >/dev/null
    tmux_private send-keys "$1"
    for _ in $(seq 20); do
      tmux_private capture-pane -p | grep -qF -- "$2" && return 0
      sleep 0.1
    done
  done
  return 1
}

save_screen() {
  tmux_private capture-pane -p >"$screens/neovim-$1.txt"
  tmux_private capture-pane -p -e -N >"$screens/neovim-$1.ansi"
}

# check NAME COMMAND…: the command prints what is wrong, or nothing. A check that fails is tried once more in an editor that
# was started anew, and its line says so.
check() {
  local name=$1 first second
  shift
  # A step that fails ends the check, not the checks.
  first=$("$@") || first=${first:-a step failed}
  if [ -z "$first" ]; then
    echo "ok   neovim: $name"
    return
  fi
  save_screen "$(printf %s "$name" | tr -c '[:alnum:]' -)-first-try" || true
  restart
  second=$("$@") || second=${second:-a step failed}
  if [ -z "$second" ]; then
    echo "ok   neovim: $name (second try; at first: $first)"
  else
    echo "FAIL neovim: $name: $second (at first: $first)"
    failures=$((failures + 1))
  fi
}

started=()
# start [VARIABLE=VALUE…] [-- ARGUMENT…]: Neovim on $note, or note.md.
start() {
  started=("$@")
  local variables=()
  while [ $# != 0 ] && [ "$1" != -- ]; do
    variables+=("$(printf %q "$1")")
    shift
  done
  shift $(($# > 0 ? 1 : 0))
  starts=$((starts + 1))
  rm -f "$socket_folder/nvim"
  tmux_private new-session -d -x "${columns:-100}" -y "${lines:-30}" -c "$workspace" \
    "env ${variables[*]} '$nvim' --clean --listen '$socket_folder/nvim' -u '$here/init.lua' $(printf '%q ' "$@" "${note:-note.md}")"
  # Where what is said at the start waits for a key, the editor does not answer; the check looks at the screen.
  [ "${has_client:-yes}" = no ] || wait_for 'v:vim_did_enter' 1 || echo "neovim does not answer after its start" >&2
}

attached() { wait_for "luaeval('#vim.lsp.get_clients({ name = [[ibid]], bufnr = 0 })')" 1; }

stop() {
  tmux_private send-keys Escape
  tmux_private send-keys -l ':qall!'
  tmux_private send-keys Enter
  wait_for 1 '' 10 || true
  tmux_private kill-server 2>/dev/null || true
}

restart() {
  stop
  start "${started[@]}"
  [ "${has_client:-yes}" = no ] || attached || true
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

# Ends Insert mode.
leave_insert() {
  tmux_private send-keys Escape
  wait_for 'mode()' n 10 || true
}
