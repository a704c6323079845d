#!/usr/bin/env bash
# Tries ibid on a real search engine: OpenSearch from Maven Central, two nodes on the loopback interface.
#
#   tests/engine/run.sh [--records N]
#
# Needs Java 17, Maven and Python; where Java or Maven are missing it says so and tries nothing. The jars (45 MB) are kept
# in $IBID_ENGINE_DIR. IBID_BIN is the program, otherwise target/debug/ibid.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
jars=${IBID_ENGINE_DIR:-$HOME/.cache/ibid-engine}
ibid=${IBID_BIN:-$here/../../target/debug/ibid}

for tool in java javac mvn; do
  if ! command -v "$tool" >/dev/null; then
    echo "SKIPPED: there is no $tool, so nothing was tried on a real search engine"
    exit 0
  fi
done
if ! [ -f "$jars/complete" ]; then
  mkdir -p "$jars"
  mvn --quiet --batch-mode --file "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$jars"
  touch "$jars/complete"
fi
mkdir -p "$jars/classes"
javac -cp "$jars/*" -d "$jars/classes" "$here/Launcher.java"
exec python3 "$here/engine.py" --ibid "$ibid" --jars "$jars" "$@"
