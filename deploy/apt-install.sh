#!/bin/sh
# Installs Debian packages, or says how when it may not.
set -eu
if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo"
else
    echo "setup: these native packages are missing and installing them needs root:" >&2
    echo "    sudo apt-get install $*" >&2
    exit 1
fi
command -v apt-get >/dev/null 2>&1 || {
    echo "setup: install these packages with your system's tool: $*" >&2
    exit 1
}
echo "setup: installing native packages: $*"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq >/dev/null
$as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
