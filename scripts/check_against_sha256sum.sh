#!/usr/bin/env bash
# Do the hashers print, byte for byte, what find, sort and sha256sum print for the files below DIR? And
# does each accept what the other printed? Needs the programs built with --release.
#
#     scripts/check_against_sha256sum.sh DIR
set -euo pipefail
dir=${1:?which folder?}
root=$(cd "$(dirname "$0")/.." && pwd)
programs=${CARGO_TARGET_DIR:-$root/target}/release
lists=$(mktemp -d)
trap 'rm -rf "$lists"' EXIT

find "$dir" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum >"$lists/theirs"
echo "$(wc -l <"$lists/theirs") files"
for program in hasher hasher-threads hasher-processes; do
    "$programs/$program" --quiet --recursive "$dir" >"$lists/ours"
    cmp "$lists/ours" "$lists/theirs"
    "$programs/$program" --quiet --check "$lists/theirs"
    echo "$program: the same, and it accepts sha256sum's list"
done
sha256sum --quiet --check "$lists/ours"
echo "sha256sum accepts the list of $program"
