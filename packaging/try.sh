#!/usr/bin/env bash
# Tries what can be tried of a release on one Linux machine of x86_64, from the sources on: other targets, without link-time
# optimisation, started under emulation; the packages made of them, installed where there is no compiler; the editors with
# them. Takes about half an hour on two cores; what a tool is missing for is said aloud.
#
#   packaging/try.sh [PART…]     all, unless some are named:
#     check-mac glibc musl aarch64 aarch64-musl windows zed crate     what is built
#     assemble packages vscode neovim                                  what is made of it, and used
#
# Wants qemu-user-static, libc6-arm64-cross, mingw-w64 and wine from Debian, and the editors of .ci/editors. IBID_TRY_TARGET
# is the target folder of cargo (target/try). The results are in target/try-dist, and stay: parts may be tried one by one.
set -euo pipefail
cd "$(dirname "$0")/.."

export CARGO_TARGET_DIR=${IBID_TRY_TARGET:-$PWD/target/try} IBID_DIST=${IBID_DIST:-$PWD/target/try-dist}
export IBID_PROFILE=${IBID_PROFILE:-cross} CARGO_INCREMENTAL=0
editors=${IBID_EDITORS_DIR:-$HOME/.cache/ibid-editors}
screens=${IBID_SCREENS:-$PWD/target/editor-screens}
wanted=${*:-check-mac glibc musl aarch64 aarch64-musl windows zed crate assemble packages vscode neovim}
host=x86_64-unknown-linux-gnu
passed=0 failed=0 skipped=0
mkdir -p "$IBID_DIST" "$screens"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

try() { # try NAME COMMAND…
  local name=$1 begin=$SECONDS status=0
  shift
  ("$@") >"$log" 2>&1 </dev/null || status=$?
  grep -aE '^(ok|FAIL) |: works$|bytes$|bytes,|needs glibc|: static|first completion|installed and the editor' "$log" |
    sed 's/^/     /' || true
  if [ $status = 0 ]; then
    passed=$((passed + 1))
    echo "ok   $name ($((SECONDS - begin)) s)"
  else
    failed=$((failed + 1))
    echo "FAIL $name ($((SECONDS - begin)) s)"
    tail -n 20 "$log" | sed 's/^/     /'
  fi
}

skip() { # skip NAME WHY
  skipped=$((skipped + 1))
  echo "SKIP $1: $2"
}

wants() { [[ " $wanted " == *" $1 "* ]]; }

have() { # have NAME PROGRAM…
  local name=$1 program
  shift
  for program in "$@"; do
    command -v "$program" >/dev/null || { skip "$name" "$program is not installed"; return 1; }
  done
}

add_target() { rustup target list --installed | grep -qx "$1" || rustup target add "$1"; }

# The C code of the crates is compiled with zig, which knows the headers of macOS; linking would need Apple's libraries.
check_mac() {
  add_target aarch64-apple-darwin
  local folder
  folder=$(mktemp -d)
  # shellcheck disable=SC2016 # the script expands them
  printf '#!/bin/sh\nfor a do shift; case $a in --target=*|-mmacosx-version-min=*|-arch|arm64) ;; *) set -- "$@" "$a";; esac; done\nexec python-zig cc -target aarch64-macos "$@"\n' >"$folder/cc"
  printf '#!/bin/sh\nexec python-zig ar "$@"\n' >"$folder/ar"
  chmod +x "$folder"/*
  CC_aarch64_apple_darwin=$folder/cc AR_aarch64_apple_darwin=$folder/ar \
    cargo check --locked --target aarch64-apple-darwin --tests
}

build_linux() { # build_linux TARGET [EMULATOR…]
  local target=$1
  shift
  add_target "$target"
  packaging/build.sh "$target"
  packaging/floor.sh "$target" "$IBID_DIST/bin/$target/ibid"
  packaging/start.sh "$IBID_DIST/bin/$target/ibid" "$@"
}

build_windows() {
  add_target x86_64-pc-windows-gnu
  packaging/build.sh x86_64-pc-windows-gnu
}

# Wine has to pass for Windows 10, and Debian's lacks the library that gives Rust its random numbers.
start_windows() {
  local folder=$IBID_DIST/bin/x86_64-pc-windows-gnu
  printf '%s\n' '#include <windows.h>' 'BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);' \
    'BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return SystemFunction036(data, (ULONG)size); }' |
    x86_64-w64-mingw32-gcc -shared -o "$folder/bcryptprimitives.dll" -x c - -ladvapi32
  export WINEPREFIX=$IBID_DIST/wine WINEDEBUG=-all
  wine winecfg -v win10
  packaging/start.sh "$folder/ibid.exe" wine
}

zed_compiles() {
  add_target wasm32-wasip2
  cargo build --release --locked --target wasm32-wasip2 --manifest-path packaging/zed/Cargo.toml
  printf '%s: %s bytes\n' "the extension of Zed" "$(stat -c %s "$CARGO_TARGET_DIR/wasm32-wasip2/release/ibid_zed.wasm")"
}

in_vscode() {
  [ -d editors/vscode/node_modules ] || (cd editors/vscode && npm ci --no-audit --no-fund --loglevel=error)
  packaging/vsix.py $host "$IBID_DIST/bin/$host/ibid"
  tests/editors/vscode/bundled.sh "$editors" "$(find "$IBID_DIST" -maxdepth 1 -name '*-linux-x64.vsix')" "$screens"
}

# The wheel's program, and no other, on the PATH of Neovim.
in_neovim() {
  local venv begin
  venv=$(mktemp -d)
  begin=$(date +%s%N)
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --no-index "$IBID_DIST/wheels/$host"/*.whl
  mkdir "$venv/home" "$venv/notes"
  PATH=$venv/bin:/usr/bin:/bin HOME=$venv/home tests/editors/neovim/first.sh "$editors/neovim-forky/bin/nvim" "$venv/notes"
  echo "first completion in Neovim $((($(date +%s%N) - begin) / 1000000)) ms after the wheel's installation began"
  PATH=$venv/bin:/usr/bin:/bin IBID_BIN=$venv/bin/ibid tests/editors/run.sh neovim
}

crate_packs() {
  packaging/prepare.py matrix >/dev/null
  cargo package --locked --no-verify --allow-dirty --target-dir "$CARGO_TARGET_DIR"
  find "$CARGO_TARGET_DIR/package" -maxdepth 1 -name 'ibid-*.crate' -printf 'the crate: %s bytes\n'
}

eval "$(packaging/tools.sh | tail -n 1)"
export PATH

if wants check-mac; then try "macOS: the sources and tests check" check_mac; fi
if wants glibc; then try $host build_linux $host; fi
if wants musl; then try x86_64-unknown-linux-musl build_linux x86_64-unknown-linux-musl; fi
if wants aarch64 && have aarch64-unknown-linux-gnu qemu-aarch64-static; then
  # The emulated program asks for the loader and the C library of its own system.
  if [ -e /usr/aarch64-linux-gnu/lib/libc.so.6 ]; then
    try aarch64-unknown-linux-gnu build_linux aarch64-unknown-linux-gnu qemu-aarch64-static -L /usr/aarch64-linux-gnu
  else
    skip aarch64-unknown-linux-gnu "libc6-arm64-cross is not installed"
  fi
fi
if wants aarch64-musl && have aarch64-unknown-linux-musl qemu-aarch64-static; then
  try aarch64-unknown-linux-musl build_linux aarch64-unknown-linux-musl qemu-aarch64-static
fi
if wants windows && have x86_64-pc-windows-gnu x86_64-w64-mingw32-gcc; then
  try "x86_64-pc-windows-gnu (compiled)" build_windows
  if have "x86_64-pc-windows-gnu (started)" wine; then
    try "x86_64-pc-windows-gnu (started under Wine)" start_windows
  fi
fi
if wants zed; then try "Zed: the extension compiles" zed_compiles; fi
if wants crate; then try "crates.io: the crate packs" crate_packs; fi
is_built() { # is_built NAME
  [ -x "$IBID_DIST/bin/$host/ibid" ] || { skip "$1" "the part glibc was not built"; return 1; }
}
if wants assemble && is_built "archives, npm packages, extensions, recipes"; then
  try "archives, npm packages, extensions, recipes" packaging/assemble.sh
fi
if wants packages && is_built "the packages where there is no compiler"; then
  try "the packages where there is no compiler" packaging/smoke.sh $host
fi
if wants vscode && is_built "VS Code"; then
  if [ ! -e "$editors/code-server/.version" ]; then skip "VS Code" "install it with .ci/editors/install-vscode.sh"
  else try "VS Code with the server inside, no PATH" in_vscode; fi
fi
if wants neovim && is_built Neovim; then
  if [ ! -x "$editors/neovim-forky/bin/nvim" ]; then skip Neovim "install it with .ci/editors/install-neovim.sh"
  else try "Neovim with the wheel's program" in_neovim; fi
fi
echo "not tried here: macOS and Windows by MSVC (linking, starting), aarch64 on its own processor, every upload, attestations"
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
