#!/bin/sh
# Gradescope runs this once, as root, when it builds the image. The zip that you upload holds, at its top: setup.sh,
# run_autograder, and a checkout of Brownout as brownout/. In the assignment's settings give it 2 CPUs, the most memory
# there is, and a timeout well above the exam's length.
set -eu
: "${AUTOGRADER:=/autograder}"
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends make python3 python3-venv # 3.11 or newer: choose Ubuntu 24.04
make -C "$AUTOGRADER/source/brownout" setup

# An exam of the lab as shipped. It brings what the lab needs into the image, or each submission would wait for that,
# and it shows here that exams can be held. That it proves nothing (3: a busy machine) is no reason to stop.
trial=$(mktemp -d)
mkdir "$trial/submission" "$trial/results"
ln -s "$AUTOGRADER/source" "$trial/source"
AUTOGRADER="$trial" sh "$AUTOGRADER/source/run_autograder" || [ $? -eq 3 ]
if grep '"refused"' "$trial/results/results.json"; then exit 2; fi
rm -rf "$trial"
