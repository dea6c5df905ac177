#!/bin/sh
# Installs the servers that the tests start themselves: PostgreSQL and a browser.
set -eu
cd "$(dirname "$0")/.."
missing=""
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v pdftoppm >/dev/null 2>&1 || missing="$missing poppler-utils"
if [ -n "$missing" ]; then
    sh deploy/apt-install.sh $missing
fi
