#!/bin/sh
# Make the virtual environment VENV and install the locked requirements; with a second argument, those too.
# Every step prints one line; the details go to VENV/setup.log. Safe to run again, and after an interruption.
set -eu

venv=$1
extra=${2:-}
log=$venv/setup.log

say() { printf '%s\n' "$*" >&2; }
die() { say "setup: $*"; exit 1; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
can_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

find_python() {
    bare=""
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
        new_enough "$candidate" || continue
        if can_venv "$candidate"; then
            printf '%s' "$candidate"
            return
        fi
        bare=$candidate
    done
    [ -z "$bare" ] || die "$bare cannot make virtual environments here; install python3-venv and run make again."
    die "Python 3.11 or newer is needed, and there is $(python3 --version 2>&1 || echo none); install it, or name one with PYTHON=."
}

run() {
    what=$1
    shift
    if ! "$@" >>"$log" 2>&1; then
        tail -n 12 "$log" >&2
        die "$what failed; the whole story is in $log. Is there a network, and space on the disk?"
    fi
}

# Where Python may not keep what it compiles, every command would compile all that it imports, for seconds: do it once.
forbidden=${PYTHONDONTWRITEBYTECODE:-}

install_locked() {
    run "installing $1" "$venv/bin/python" -m uv pip install --python "$venv/bin/python" --require-hashes \
        ${forbidden:+--compile-bytecode} -r "$1"
}

if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    say "setup: a virtual environment in $venv, with $("$python" --version)"
    "$python" -m venv --clear "$venv" || die "cannot make $venv; is python3-venv installed, and is this folder writable?"
fi
: >"$log" || die "cannot write into $venv; check its owner and the space on the disk."

if [ -z "$extra" ]; then
    say "setup: the installer"
    run "installing uv" "$venv/bin/python" -m pip install --quiet --require-hashes -r requirements-setup.txt
    say "setup: $(grep -c '==' requirements.txt) locked packages"
    install_locked requirements.txt
    say "setup: brownout itself"
    run "installing brownout" "$venv/bin/python" -m uv pip install --python "$venv/bin/python" \
        --no-deps --no-build-isolation -e .
    [ -z "$forbidden" ] || run "compiling brownout" "$venv/bin/python" -m compileall -q grader infra
    "$venv/bin/python" -m grader.cli list >/dev/null 2>&1 || true # compiles and fills the list's cache
    touch "$venv/.ready"
else
    say "setup: the tools of developers"
    install_locked "$extra"
    touch "$venv/.ready-dev"
fi
