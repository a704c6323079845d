#!/usr/bin/env bash
# What a user of Neovim sees, in the light and in the dark: the popup, the card, the papers to choose from, a folder without
# papers, and a program that is another one; and of Zotero, where FOLDER has its vault, zotero/.
#   screens.sh NVIM FOLDER SCREENS         IBID_BIN names the server; FOLDER gets the other notes
# The names that seem unused or unknown are those of screen.sh.
# shellcheck disable=SC2034,SC2154,SC1091
set -euo pipefail

nvim=$1 folder=$2 screens=$3
workspace=$folder/sample
. "$(dirname "$0")/screen.sh"
columns=100 lines=28

floats='len(filter(getwininfo(), "!empty(nvim_win_get_config(v:val.winid).relative)")) > 0'
popup='pumvisible() && match(map(complete_info(["items"]).items, "v:val.word"), "^Orca") == 0'

completion() { # completion BACKGROUND
  tmux_private send-keys Go
  type_keys 'A second step came later: [[orca'
  wait_for "$popup" 1 || echo 'no popup with Orca first'
  tmux_private send-keys C-n
  wait_for "$floats" 1 20 || echo 'no details beside the popup'
  save_screen "completion-$1"
  tmux_private send-keys C-e
  leave_insert
  ask 'execute("edit! picture.md")' >/dev/null
}

card() { # card BACKGROUND
  ask 'execute("edit! picture.md")' >/dev/null
  hover_until '3G0f[llK' 'authors' || echo 'no card'
  save_screen "card-$1"
  tmux_private send-keys Escape
  ask 'execute("edit! picture.md")' >/dev/null
}

picker() { # picker BACKGROUND
  ask 'execute("fclose! | edit! picture.md")' >/dev/null
  tmux_private send-keys -l ':Ibid find models'
  tmux_private send-keys Enter
  wait_for_screen 'Find paper' || echo 'no list'
  save_screen "picker-$1"
  tmux_private send-keys q Enter
  leave_insert
}

no_papers() { # no_papers BACKGROUND
  tmux_private send-keys Go
  type_keys '[[whale'
  # The next key takes what is said off the screen.
  tmux_private send-keys Escape
  wait_for_screen 'found no papers' || echo 'nothing is said'
  save_screen "no-papers-$1"
  tmux_private send-keys Enter
}

other_program() { # other_program BACKGROUND
  wait_for_screen 'is not the program ibid' || echo 'nothing is said'
  save_screen "other-program-$1"
  tmux_private send-keys Enter
}

zotero_card() { # zotero_card BACKGROUND
  ask 'execute("edit! note.md")' >/dev/null
  hover_until '3G0f@lK' 'Reading/Whales' || echo 'no card'
  for part in 'Reading/Whales' 'to do' '2 annotations' 'Songs carry further'; do
    wait_for_screen "$part" || echo "no '$part' on the card"
  done
  save_screen "zotero-card-$1"
  ask 'execute("edit! note.md")' >/dev/null
}

zotero_filter() { # zotero_filter BACKGROUND
  ask 'execute("edit! note.md")' >/dev/null
  tmux_private send-keys Go
  type_keys '[[#method wh'
  wait_for 'pumvisible() && len(complete_info(["items"]).items) == 1' 1 || echo 'not one paper in the list'
  save_screen "zotero-filter-$1"
  tmux_private send-keys C-y
  wait_for 'getline(".")' '[[gull2019songs]]' 10 || echo "the line is '$(ask 'getline(".")')'"
  leave_insert
  ask 'execute("edit! note.md")' >/dev/null
}

zotero_annotations() { # zotero_annotations BACKGROUND
  ask 'execute("edit! note.md")' >/dev/null
  tmux_private send-keys '3Gf@l'
  tmux_private send-keys -l ':Ibid note'
  tmux_private send-keys Enter
  wait_for 'expand("%:t")' gull2019songs.md || echo 'no literature note'
  tmux_private send-keys -l ':Ibid annotations'
  tmux_private send-keys Enter
  wait_for 'search("Every winter brings another song", "w") > 0' 1 || echo 'no annotations'
  tmux_private send-keys G
  wait_for_screen 'Every winter' || echo 'the annotations are not on the screen'
  save_screen "zotero-annotations-$1"
  ask 'execute("edit! | buffer note.md")' >/dev/null
}

"$IBID_BIN" demo --dir "$workspace" >/dev/null
cat >"$workspace/picture.md" <<'NOTE'
# Small models

Explanations teach more than answers do, says [[Orca]]. Small adapters such as
[[LoRA]] keep it cheap, and so do fewer bits: [[QLoRA]].

NOTE
mkdir -p "$folder/empty"
echo 'nothing yet' >"$folder/empty/note.md"
for background in light dark; do
  workspace=$folder/sample note=picture.md
  start "IBID_TEST_BACKGROUND=$background"
  attached || true
  for screen in completion card picker; do
    check "the $screen on the screen, $background" "$screen" "$background"
  done
  stop
  workspace=$folder/empty note=note.md
  start "IBID_TEST_BACKGROUND=$background"
  attached || true
  check "without papers that is said, $background" no_papers "$background"
  stop
  has_client=no
  start "IBID_TEST_BACKGROUND=$background" IBID_TEST_BIN=/bin/ls
  check "a program that is not ibid is named, $background" other_program "$background"
  stop
  has_client=yes
  if [ -d "$folder/zotero" ]; then
    workspace=$folder/zotero
    start "IBID_TEST_BACKGROUND=$background"
    attached || true
    for screen in card filter annotations; do
      check "Zotero: the $screen on the screen, $background" "zotero_$screen" "$background"
    done
    stop
  fi
done
[ "$failures" = 0 ]
