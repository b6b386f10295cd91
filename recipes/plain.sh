#!/bin/sh
# Grade one submission and write the result for whoever reads it. Ends as `lab grade` does: 0 pass, 1 fail, 2 bad
# input, 3 invalid. OUT/run is for you alone, for it holds the exam; the files beside it may be published.
set -u

[ $# -ge 3 ] || { echo "usage: plain.sh ID SUBMISSION OUT [RUNTIME [CLOSE]]   (OUT: a new folder; RUNTIME: compose; CLOSE: decide or invalid)" >&2; exit 2; }
id=$1 submission=$2 out=$3 runtime=${4:-compose} close=${5:-decide}
[ ! -e "$out" ] || { echo "plain.sh: $out exists; name a new folder" >&2; exit 2; }
mkdir -p "$out" || exit 2
strict=--strict
[ "$runtime" != process ] || strict= # it has no walls: your own code only

code=0
lab grade "$id" --submission "$submission" --runtime "$runtime" $strict --close "$close" --out "$out/run" || code=$?
if [ -f "$out/run/result.json" ]; then
    lab convert "$out/run" --to ctrf --out "$out/ctrf.json" || exit 3
    lab convert "$out/run" --to junit --out "$out/junit.xml" || exit 3
    lab convert "$out/run" --to summary --out "$out/summary.md" || exit 3
elif [ "$code" -le 1 ]; then
    code=3 # a verdict without a result is none
fi
exit "$code"
