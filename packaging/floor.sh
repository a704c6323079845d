#!/usr/bin/env bash
# Checks what a Linux program needs of the system it runs on: at most the C library that targets.toml names, or nothing
# at all.
#
#   packaging/floor.sh TARGET PROGRAM
set -euo pipefail

target=$1 program=$2
here=$(dirname "$0")
oldest=$(awk -v target="\"$target\"" '$1 == "rust" { found = $3 == target } found && $1 == "glibc" { gsub(/"/, ""); print $3 }' \
  "$here/targets.toml")
objdump=${OBJDUMP:-objdump}
"$objdump" -p "$program" >/dev/null 2>&1 || objdump=llvm-objdump
headers=$("$objdump" -p "$program")

if [ -z "$oldest" ]; then
  if grep -q NEEDED <<<"$headers"; then
    echo "$program: not static: it needs $(awk '$1 == "NEEDED" { print $2 }' <<<"$headers" | tr '\n' ' ')" >&2
    exit 1
  fi
  echo "$program: static"
  exit 0
fi
needed=$({ grep -oE 'GLIBC_[0-9.]+' <<<"$headers" || true; } | sed s/GLIBC_// | sort -uV | tail -n 1)
if [ -z "$needed" ]; then
  echo "$program: asks for no version of the C library; is it the right program?" >&2
  exit 1
fi
if [ "$(printf '%s\n%s\n' "$needed" "$oldest" | sort -V | tail -n 1)" != "$oldest" ]; then
  echo "$program: needs glibc $needed, and may need $oldest at most" >&2
  exit 1
fi
others=$(awk '$1 == "NEEDED" { print $2 }' <<<"$headers" | grep -vE '^(lib(c|m|dl|rt|pthread|util|gcc_s)\.so|ld-linux)' || true)
if [ -n "$others" ]; then
  echo "$program: needs libraries that a bare system does not have: $others" >&2
  exit 1
fi
echo "$program: needs glibc $needed (at most $oldest)"
