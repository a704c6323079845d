#!/usr/bin/env bash
# Runs every fuzz target for some seconds, two at a time, from the samples of its format. What breaks a reader is kept in
# fuzz/artifacts. Coverage is measured by the stable compiler; `cargo fuzz run TARGET` works as well.
#
#   fuzz/run.sh [SECONDS] [TARGET…]
set -euo pipefail
cd "$(dirname "$0")"

seconds=${1:-60}
shift || true
declare -A sample=(
  [listing_page]=papers.txt [bibtex]=library.bib [csl_json]=zotero.json [csl_yaml]=references.yaml
  [hayagriva]=typst.yml [citation_cff]=CITATION.cff
  [better_bibtex_json]=better.json [ris]=export.ris [medline]=pubmed.nbib [endnote_tagged]=endnote.enw [web_of_science]=savedrecs.txt
  [arxiv]=arxiv.jsonl [daily_papers]=daily.json
  [semantic_scholar]=semantic-scholar.jsonl [open_alex]=openalex.jsonl [crossref]=crossref.json
  [pubmed_xml]=pubmed.xml [endnote_xml]=endnote.xml [mods]=catalogue.mods [dblp]=dblp.xml
  [retraction_watch]=retractions.csv
)
targets=("$@")
[ ${#targets[@]} != 0 ] || targets=("${!sample[@]}")

# Only ibid itself is watched, so that all it depends on is taken from the crate's own build.
export RUSTC_WRAPPER=$PWD/watched.sh CARGO_TARGET_DIR=$PWD/../target
cargo build --locked

fuzz() { # fuzz TARGET
  local corpus=corpus/$1
  mkdir -p "$corpus" "artifacts/$1"
  cp -n "../tests/formats/${sample[$1]}" "$corpus/sample"
  if "$CARGO_TARGET_DIR/debug/$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=8192 \
    -artifact_prefix="artifacts/$1/" "$corpus" >"artifacts/$1.log" 2>&1; then
    printf '%s: %s\n' "$1" "$(grep -E '^(Done|stat::number_of_executed_units)' "artifacts/$1.log" | tail -n 1)"
  else
    printf '%s: FAILED\n' "$1"
    tail -n 30 "artifacts/$1.log"
    return 1
  fi
}

failed=0
running=()
for target in "${targets[@]}"; do
  fuzz "$target" &
  running+=($!)
  if [ ${#running[@]} = 2 ]; then
    wait "${running[0]}" || failed=1
    running=("${running[1]}")
  fi
done
for process in "${running[@]}"; do wait "$process" || failed=1; done
exit $failed
