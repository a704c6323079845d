#!/usr/bin/env bash
# Makes the packages of this machine's target from the program that `cargo build` left, and uses each as its users would: a
# wheel in a fresh environment, the npm packages without a network, the archive, the extension of VS Code. Nothing but the
# package is on the PATH where it is tried.
#
#   packaging/smoke.sh [TARGET]     TARGET: what build.sh has left for it below $IBID_DIST, in place of what `cargo build` left
#
# IBID_PROFILE is the cargo profile (dev). Installs maturin from PyPI into $IBID_CI_TOOLS/maturin where it is not there. How
# long each way takes from its first command to the first completion is said.
set -euo pipefail
cd "$(dirname "$0")/.."

export IBID_PROFILE=${IBID_PROFILE:-dev}
tools=${IBID_CI_TOOLS:-$HOME/.cache/ibid-ci}/maturin
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
built=${1:+${IBID_DIST:-target/dist}}
export IBID_DIST=$scratch/dist
target=${1:-$(rustc -vV | sed -n 's/^host: //p')}
version=$(sed -nE '0,/^version = /s/^version = "(.*)"/\1/p' Cargo.toml)
passed=0
failed=0

check() { # check NAME COMMAND…
  local name=$1 begin=$SECONDS
  shift
  if ("$@") >"$scratch/log" 2>&1; then
    passed=$((passed + 1))
    echo "ok   $name ($((SECONDS - begin)) s)"
    sed -n 's/^first completion/     &/p' "$scratch/log"
  else
    failed=$((failed + 1))
    echo "FAIL $name"
    sed 's/^/     /' "$scratch/log" | tail -n 20
  fi
}

if [ -z "$built" ] && ! [ -x "$tools/bin/maturin" ]; then
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --only-binary :all: maturin==1.16.0
fi

# In a namespace without compilers, homes and what was installed by hand, where the system gives any.
namespace=("$PWD/packaging/bare.sh" "$scratch")
if ! "${namespace[@]}" true; then
  namespace=()
  echo "the packages are tried with a bare PATH alone"
fi

# With an empty home and no other program in reach, ibid says its version, and its server completes.
works() { # works FOLDER-OF-THE-PROGRAM [FURTHER-FOLDER]
  local bare=("${namespace[@]}" env -i "PATH=$1${2:+:$2}" "HOME=$scratch/home" "IBID_CACHE_DIR=$scratch/cache" "TMPDIR=$scratch")
  rm -rf "${scratch:?}"/{home,cache,vault}
  mkdir -p "$scratch/home"
  [[ "$("${bare[@]}" ibid --version)" == "ibid $version ("*"$target)" ]] || return 1
  "${bare[@]}" ibid demo --dir "$scratch/vault" >"$scratch/said" && grep -q "Orca" "$scratch/said" || return 1
  echo "first completion $((($(date +%s%N) - began) / 1000000)) ms after the installation began"
}

# Called where an installation begins.
begin_installing() { began=$(date +%s%N); }

wheel() {
  if [ -n "$built" ]; then
    mkdir -p "$IBID_DIST"/wheels/host "$scratch/program"
    cp "$built/wheels/$target"/*.whl "$IBID_DIST/wheels/host"
    cp "$built/bin/$target/ibid" "$scratch/program/ibid"
    return
  fi
  MATURIN=$tools/bin/maturin packaging/build.sh host
  # Debug information makes a program five times as large, and packing as slow.
  mkdir -p "$scratch/program"
  strip -o "$scratch/program/ibid" "$IBID_DIST/bin/host/ibid"
}

wheel_installs() {
  begin_installing
  python3 -m venv "$scratch/venv"
  "$scratch/venv/bin/pip" install --quiet --no-index "$IBID_DIST"/wheels/host/*.whl
  works "$scratch/venv/bin"
}

archive() {
  packaging/archive.py "$target" "$scratch/program/ibid"
  begin_installing
  tar --extract --gzip --file "$IBID_DIST/ibid-$version-$target.tar.gz" --directory "$scratch"
  local unpacked=$scratch/ibid-$version-$target
  [ -s "$unpacked/completions/_ibid" ] && [ -s "$unpacked/man/man1/ibid.1" ] && [ -s "$unpacked/LICENSE-styles" ] &&
    works "$unpacked"
}

same_archive_twice() {
  cp "$IBID_DIST/ibid-$version-$target.tar.gz" "$scratch/first.tar.gz"
  sleep 1
  packaging/archive.py "$target" "$scratch/program/ibid"
  cmp "$scratch/first.tar.gz" "$IBID_DIST/ibid-$version-$target.tar.gz"
}

npm_packages() {
  packaging/npm.py platform "$target" "$scratch/program/ibid"
  packaging/npm.py main
  mkdir -p "$scratch/npm" && cd "$scratch/npm"
  echo '{"private":true}' >package.json
  begin_installing
  npm install --offline --no-audit --no-fund --no-progress --loglevel=error "$IBID_DIST"/npm/*.tgz
  cp -L "$(command -v node)" "$scratch/npm/node"
  works "$scratch/npm/node_modules/.bin" "$scratch/npm:/usr/bin"
}

# An editor speaks to the server through the script that starts it.
npm_serves() {
  local request='{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}'
  printf 'Content-Length: %d\r\n\r\n%s' "${#request}" "$request" |
    timeout 30 "$scratch/npm/node_modules/.bin/ibid" lsp >"$scratch/answer" || true
  grep -q '"name":"ibid"' "$scratch/answer"
}

npm_tells_what_is_missing() {
  mkdir -p "$scratch/npm-main" && cd "$scratch/npm-main"
  tar --extract --gzip --file "$IBID_DIST/npm/ibid-$version.tgz"
  local said status=0
  said=$(node package/bin/ibid.js --version 2>&1) || status=$?
  [ $status = 2 ] && [[ "$said" == "ibid: the package "*" is not installed"* ]]
}

extension() {
  [ -d editors/vscode/node_modules ] || (cd editors/vscode && npm ci --no-audit --no-fund --loglevel=error)
  packaging/vsix.py "$target" "$scratch/program/ibid"
  python3 - "$IBID_DIST"/*.vsix "$scratch/program/ibid" <<'PYTHON'
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
server = archive.getinfo("extension/server/ibid")
assert archive.read(server) == open(sys.argv[2], "rb").read(), "another program"
assert server.external_attr >> 16 & 0o111, "the program may not be run"
assert b'TargetPlatform="linux-' in archive.read("extension.vsixmanifest"), "no platform"
PYTHON
  begin_installing
  python3 -m zipfile -e "$IBID_DIST"/*.vsix "$scratch/unpacked"
  chmod +x "$scratch/unpacked/extension/server/ibid"
  works "$scratch/unpacked/extension/server"
}

recipes() {
  packaging/sums.sh && packaging/recipes.py && cd "$IBID_DIST/recipes" && python3 - <<'PYTHON'
import json, tomllib
json.load(open("scoop/ibid.json"))
for path in ["zed/extension.toml", "helix/languages.toml"]:
    tomllib.load(open(path, "rb"))
PYTHON
  bash -n "$IBID_DIST/recipes/aur/PKGBUILD"
}

a_release_refuses_placeholders() {
  ! packaging/prepare.py check && ! packaging/recipes.py --release || ! grep -q '\.invalid' packaging/release.toml
}

check "a wheel is made of the program" wheel
check "the wheel installs and works" wheel_installs
check "the archive unpacks and works" archive
check "the same program gives the same archive" same_archive_twice
check "the npm packages install and work" npm_packages
check "the server answers through npm's script" npm_serves
check "npm's script says what is missing" npm_tells_what_is_missing
check "the extension holds the server, which works" extension
check "the recipes are filled in" recipes
check "a release refuses placeholders" a_release_refuses_placeholders
find "$IBID_DIST" -type f \( -name '*.tar.gz' -o -name '*.tgz' -o -name '*.vsix' -o -name '*.whl' \) -printf '     %10s %f\n'
echo "$passed passed, $failed failed"
[ $failed = 0 ]
