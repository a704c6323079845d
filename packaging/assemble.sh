#!/usr/bin/env bash
# Packs whatever `build.sh` has built: archives, npm packages, extensions, bills of materials, checksums, recipes.
#
#   packaging/assemble.sh [--release]     with --release every target has to be there, and no placeholder may be left
set -euo pipefail
cd "$(dirname "$0")/.."
export IBID_DIST=${IBID_DIST:-$PWD/target/dist}
version=$(sed -nE '0,/^version = /s/^version = "(.*)"/\1/p' Cargo.toml)

runnable=
for folder in "$IBID_DIST"/bin/*/; do
  program=$folder/ibid
  [ -f "$program" ] || continue
  chmod +x "$program"
  if [ "$("$program" -V 2>/dev/null)" = "ibid $version" ]; then runnable=$program; fi
done
: "${runnable:?none of the programs runs here, so there is nothing to make the manual pages with}"

[ -d editors/vscode/node_modules ] || (cd editors/vscode && npm ci --no-audit --no-fund --loglevel=error)
for folder in "$IBID_DIST"/bin/*/; do
  target=$(basename "$folder")
  [ "$target" != host ] || continue
  program=$(find "$folder" -name 'ibid*' -type f | head -n 1)
  packaging/archive.py "$target" "$program" "$runnable"
  packaging/npm.py platform "$target" "$program"
  packaging/vsix.py "$target" "$program"
  cp "$folder/sbom.cdx.json" "$IBID_DIST/ibid-$version-$target.cdx.json"
done
packaging/npm.py main
packaging/sums.sh
packaging/recipes.py "$@"
tar --create --gzip --file "$IBID_DIST/recipes.tar.gz" --directory "$IBID_DIST" recipes
