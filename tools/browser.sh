#!/bin/sh
# Sees to it that Chromium and Chinese fonts are there for the browser tests; installs Debian's packages when they are not.
set -eu
need=""
if [ -z "${BOLE_CHROMIUM:-}" ] && ! command -v chromium >/dev/null 2>&1; then need="$need chromium"; fi
if ! command -v fc-list >/dev/null 2>&1 || [ -z "$(fc-list ':lang=zh-cn' family 2>/dev/null | head -n 1)" ]; then
    need="$need fontconfig fonts-noto-cjk"
fi
[ -z "$need" ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "Browser tests need:$need. There is no apt-get here; install them by hand, or set BOLE_CHROMIUM." >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    root="sudo -n"
else
    echo "Browser tests need:$need. Run as root: apt-get install --no-install-recommends$need" >&2
    exit 1
fi
echo "Installing$need …" >&2
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # both variables are lists
if ! $root apt-get install -y -qq --no-install-recommends $need >/dev/null 2>&1; then
    $root apt-get update -qq
    $root apt-get install -y -qq --no-install-recommends $need >/dev/null
fi
