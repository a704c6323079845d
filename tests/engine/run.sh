#!/usr/bin/env bash
# Tries ibid on a real search engine from Maven Central: two nodes on the loopback interface.
#
#   tests/engine/run.sh [opensearch|elasticsearch|quickwit] [--records N]
#
# Needs Java 17, Maven and Python; where Java or Maven are missing it says so and tries nothing. The jars (45 and 33 MB) are
# kept in $IBID_ENGINE_DIR. No registry has Quickwit: IBID_QUICKWIT is the program, as its project publishes or compiles it;
# without it nothing is tried. IBID_BIN is the program, otherwise target/debug/ibid.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
engine=opensearch
case ${1:-} in
opensearch | elasticsearch | quickwit)
  engine=$1
  shift
  ;;
esac
jars=${IBID_ENGINE_DIR:-$HOME/.cache/ibid-engine}/$engine
ibid=${IBID_BIN:-$here/../../target/debug/ibid}

if [ "$engine" = quickwit ]; then
  if ! [ -x "${IBID_QUICKWIT:-}" ]; then
    echo "SKIPPED: IBID_QUICKWIT names no program, so nothing was tried on Quickwit"
    exit 0
  fi
  exec python3 "$here/engine.py" --engine quickwit --ibid "$ibid" --program "$IBID_QUICKWIT" "$@"
fi
for tool in java javac mvn; do
  if ! command -v "$tool" >/dev/null; then
    echo "SKIPPED: there is no $tool, so nothing was tried on a real search engine"
    exit 0
  fi
done
if ! [ -f "$jars/complete" ]; then
  mkdir -p "$jars"
  mvn --quiet --batch-mode --file "$here/$engine/pom.xml" dependency:copy-dependencies -DoutputDirectory="$jars"
  touch "$jars/complete"
fi
mkdir -p "$jars/classes"
javac -cp "$jars/*" -d "$jars/classes" "$here/$engine/Launcher.java"
exec python3 "$here/engine.py" --engine "$engine" --ibid "$ibid" --program "$jars" "$@"
