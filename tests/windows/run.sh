#!/usr/bin/env bash
# Makes ibid.exe and the tests with MinGW and runs them under Wine: the unit tests, and those of the command line, the
# protocol and the formats. Ends with how many passed, failed and were left out.
#
#   tests/windows/run.sh [--install] [FILTER…]     tests whose names hold a FILTER; all, where there is none
#
# Wants mingw-w64 and wine64 of Debian and the target x86_64-pc-windows-gnu of rustup; --install installs what is missing.
# IBID_WINE_PREFIX is the folder that stands for the disk C: (target/wine).
set -euo pipefail
cd "$(dirname "$0")/../.."

target=x86_64-pc-windows-gnu
# Those left out look at the sources, and not at the program.
suites=(--lib --test cli --test cli_demo --test cli_export --test formats --test protocol --test damage)
export IBID_WINE_PREFIX=${IBID_WINE_PREFIX:-$PWD/target/wine}
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER=$PWD/tests/windows/wine.sh
# Debug information takes half the time of linking.
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0
cargo=${IBID_CARGO:-cargo}
log=target/windows-tests.log
mkdir -p target

install_missing() {
  local missing=()
  command -v x86_64-w64-mingw32-gcc >/dev/null || missing+=(gcc-mingw-w64-x86-64)
  command -v wine >/dev/null || missing+=(wine wine64)
  if [ ${#missing[@]} != 0 ]; then
    apt-get update -qq
    apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi
  rustup target list --installed | grep -qx $target || rustup target add $target
}

# A disk C: of Windows 10, and on it the library that gives Rust its random numbers, which Debian's Wine lacks.
make_prefix() {
  local random=$IBID_WINE_PREFIX/drive_c/windows/system32/bcryptprimitives.dll
  [ -e "$random" ] && return
  mkdir -p "$IBID_WINE_PREFIX"
  tests/windows/wine.sh wineboot --init
  tests/windows/wine.sh winecfg -v win10
  printf '%s\n' '#include <windows.h>' 'BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);' \
    'BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return SystemFunction036(data, (ULONG)size); }' |
    x86_64-w64-mingw32-gcc -shared -o "$random" -x c - -ladvapi32
}

[ "${1:-}" = --install ] && { install_missing; shift; }
for program in x86_64-w64-mingw32-gcc wine; do
  command -v $program >/dev/null || { echo "$program is not installed; --install does it" >&2; exit 2; }
done
begin=$SECONDS
make_prefix >"$log" 2>&1 || { cat "$log"; echo "Wine does not start" >&2; exit 1; }
"$cargo" test --quiet --locked --target $target "${suites[@]}" --no-run >>"$log" 2>&1 || { tail -n 60 "$log"; exit 1; }
echo "built in $((SECONDS - begin)) s"
begin=$SECONDS status=0
"$cargo" test --locked --target $target --no-fail-fast "${suites[@]}" -- "$@" >"$log" 2>&1 </dev/null || status=$?
count() { sed -nE "s/^test result: .* ([0-9]+) $1.*/\1/p" "$log" | awk '{ sum += $1 } END { print sum + 0 }'; }
sed -nE 's/^test (.*) \.\.\. FAILED.*/FAIL \1/p; s/^test (.*) \.\.\. ignored, (.*)/SKIP \1: \2/p' "$log" | tr -d '\r'
tests/windows/left_out.py
echo "ran in $((SECONDS - begin)) s; the output is in $log"
echo "$(count passed) passed, $(count failed) failed, $(count ignored) skipped"
# Where no test was run, nothing was tried.
[ "$(count passed)" != 0 ] || status=1
exit $status
