#!/bin/sh
# Makes .venv with everything that the product needs; called by `make setup`.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}

say() { printf '%s\n' "$*"; }

# Native packages: "<test command>|<Debian package>".
missing=""
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    missing="$missing python3"
"$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
ldconfig -p 2>/dev/null | grep -q 'libpango-1.0.so.0' || missing="$missing libpango-1.0-0"
ldconfig -p 2>/dev/null | grep -q 'libpangoft2-1.0.so.0' || missing="$missing libpangoft2-1.0-0"
ldconfig -p 2>/dev/null | grep -q 'libharfbuzz-subset.so.0' || missing="$missing libharfbuzz-subset0"
[ -e /etc/mime.types ] || missing="$missing media-types"
[ -e /usr/share/zoneinfo/America/New_York ] || missing="$missing tzdata"

if [ -n "$missing" ]; then
    sh deploy/apt-install.sh $missing
fi
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    say "setup: $PYTHON is older than 3.11; install Python 3.11 or newer and call" \
        "make setup PYTHON=python3.11" >&2
    exit 1
}

[ -x .venv/bin/python ] || { say "setup: making .venv"; "$PYTHON" -m venv .venv; }
say "setup: installing the pinned packages (the first time takes a few minutes)"
# The lock is complete and every file is checked against its hash; so pip need not resolve.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile \
    --require-hashes -r deploy/requirements.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
    --no-build-isolation --editable .
say "setup: ready"
