#!/bin/sh
# Gradescope runs this once, as root, when it builds the image. The zip that you upload holds, at its top: setup.sh,
# run_autograder, and a checkout of Brownout as brownout/. In the assignment's settings give it 2 CPUs, the most memory
# there is, and a timeout well above the exam's length.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends make python3 python3-venv # 3.11 or newer: choose Ubuntu 24.04
make -C /autograder/source/brownout setup
