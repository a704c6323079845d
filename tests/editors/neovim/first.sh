#!/usr/bin/env bash
# What a new user does, with the program that is on the PATH and the plug-in's lsp/ibid.lua alone: the first completion in an
# empty home.
#
#   first.sh NVIM FOLDER     FOLDER gets the notes
set -euo pipefail

nvim=$1 notes=$2
here=$(cd "$(dirname "$0")" && pwd)
echo '@misc{hopper2024, author = {Hopper, Grace}, title = {A Compiler}, year = 2024}' >"$notes/library.bib"
echo '[[comp' >"$notes/note.md"
: >"$notes/ibid.toml"
cd "$notes"
export IBID_CACHE_DIR=$notes/.cache IBID_CONFIG_DIR=$notes/.config IBID_ZOTERO_PROFILES=
IBID_TEST_START=enable timeout 120 "$nvim" --clean --headless -u "$here/init.lua" note.md +"luafile $here/first.lua"
