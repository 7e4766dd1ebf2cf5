#!/usr/bin/env bash
# Makes every table, chart and page again from the samples in results/, and puts them into the READMEs. Measures nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

# RESULTS README: the tables of a folder of results, into the README that shows them. `more` names a marker of its own.
report() { cargo run --release --quiet --locked -p versus -- report "results/$1" --splice "$2" --marker "$1"; }

for samples in results/*/samples.jsonl; do
    name=$(basename "$(dirname "$samples")")
    # Every machine's own.
    [ "$name" = latest ] && continue
    # downloader-many stands in the README of the downloader.
    report "$name" "crates/${name%%-*}/README.md"
done
scripts/diff_variants.py --splice
cargo run --release --quiet --locked -p versus -- pages --splice README.md
