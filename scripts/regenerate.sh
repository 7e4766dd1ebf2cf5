#!/usr/bin/env bash
# Makes every table, chart and page again from the samples in results/, and puts them into the READMEs.
#
#   regenerate.sh             measures nothing
#   regenerate.sh --measure   measures all of them first, well and with the programs of others: some forty minutes, on a
#                             machine that does nothing else meanwhile
set -euo pipefail
cd "$(dirname "$0")/.."

versus() { cargo run --release --quiet --locked -p versus -- "$@"; }

# NAME [OPTION...]: a full measurement of a scenario, or of those of its cases that take long (downloader-many).
measure() {
    local name=$1
    shift
    versus run "${name%%-*}" --full --out "results/$name" "$@"
}

# NAME README: the tables of a folder of results, into the README that shows them.
report() { versus report "results/$1" --splice "$2" --marker "$1"; }

case ${1:-} in
--measure)
    for scenario in crates/*/scenario.toml; do
        measure "$(basename "$(dirname "$scenario")")" --references
    done
    measure downloader-many --cases two-thousand --models threads,async,processes --references
    measure downloader-scaling --cases two-hundred --models threads,async,processes --workers 1,2,4,8,16,32,64
    ;;
"") ;;
*)
    sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac

for samples in results/*/samples.jsonl; do
    name=$(basename "$(dirname "$samples")")
    # Every machine's own.
    [ "$name" = latest ] && continue
    report "$name" "crates/${name%%-*}/README.md"
done
scripts/diff_variants.py --splice
versus pages --splice README.md
