#!/usr/bin/env bash
# Writes SHA256SUMS over all that a release publishes as files: archives, extensions, wheels and the SBOM.
set -euo pipefail
cd "$(dirname "$0")/.."
cd "${IBID_DIST:-target/dist}"
find . -maxdepth 1 -type f \( -name '*.tar.gz' -o -name '*.zip' -o -name '*.vsix' -o -name '*.json' \) -printf '%f\n' |
  sort | xargs -r sha256sum >SHA256SUMS
sha256sum --check --quiet SHA256SUMS
wc -l <SHA256SUMS | sed 's/$/ checksums/'
