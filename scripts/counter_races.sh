#!/bin/sh
# Looks for data races in the threaded cures, by valgrind's helgrind and drd: a second opinion beside loom, of the
# program as it was compiled. Needs valgrind; about half a minute.
#
#     scripts/counter_races.sh [MECHANISM...]
#
# Both tools know the locks of pthreads, and not what is atomic: on x86-64 a relaxed load or store is a plain `mov`,
# and std's locks are futexes without pthreads. So they may report what is none; what a report means is told by the
# place that stands with it. A run that valgrind did not survive, or that counted wrong, fails.
set -eu
cd "$(dirname "$0")/.."

if ! command -v valgrind >/dev/null; then
    echo "skipped: no valgrind"
    exit 0
fi

cargo build --quiet --release --locked -p counter-threads --example cures
program=${CARGO_TARGET_DIR:-target}/release/examples/cures
[ $# -gt 0 ] || set -- local-then-merge padded false-sharing atomic compare-exchange spin mutex rwlock channel

log=$(mktemp)
trap 'rm -f "$log"' EXIT
for mechanism; do
    for tool in helgrind drd; do
        # Fair: valgrind runs one thread at a time, and one that waits by spinning would keep the other from going on.
        valgrind --tool="$tool" --fair-sched=yes --log-file="$log" "$program" "$mechanism"
        total=$(sed -n 's/.*ERROR SUMMARY: \([0-9]*\) errors from \([0-9]*\) contexts.*/\1 reports from \2 places/p' "$log")
        echo "$mechanism, $tool: $total"
        # The innermost frame of each report: where it saw two threads meet.
        grep -E -A1 'Possible data race|Conflicting (load|store)' "$log" |
            sed -n 's/.*at 0x[0-9A-F]*: \(.*\)/    \1/p' | sort | uniq -c | sort -rn | head -4
    done
done
