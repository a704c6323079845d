#!/usr/bin/env bash
# Runs a program for Windows under Wine, in the prefix that `run.sh` has made: cargo calls it for every test program.
set -euo pipefail
export WINEPREFIX=${IBID_WINE_PREFIX:?is set by run.sh} WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml="
unset DISPLAY
exec wine "$@"
