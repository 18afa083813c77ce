#!/bin/sh
# Sees to it that the OpenID provider of tests/federation is installed: Node 20 or newer (Debian's packages when there
# is none) and the locked npm packages, without their install scripts. A second call with nothing new takes no time.
set -eu
cd "$(dirname "$0")/../tests/federation/provider"

new_enough() {
    command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 &&
        node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)'
}

stamp=$(cat package.json package-lock.json | cksum | tr ' ' '-')
if new_enough && [ -f node_modules/.bole ] && [ "$(cat node_modules/.bole)" = "$stamp" ]; then
    exit 0
fi

if ! new_enough; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "The tests of logging in by OpenID Connect need Node 20 or newer with npm; install them by hand." >&2
        exit 1
    fi
    if [ "$(id -u)" = 0 ]; then
        root=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        root="sudo -n"
    else
        echo "The tests of logging in by OpenID Connect need Node 20. Run as root: apt-get install nodejs npm" >&2
        exit 1
    fi
    echo "Installing nodejs npm …" >&2
    export DEBIAN_FRONTEND=noninteractive
    if ! $root apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null 2>&1; then
        $root apt-get update -qq
        $root apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null
    fi
    if ! new_enough; then
        echo "This system's Node is $(node --version 2>/dev/null || echo missing); Node 20 or newer with npm is needed." >&2
        exit 1
    fi
fi

echo "Installing the OpenID provider of the tests …" >&2
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
echo "$stamp" >node_modules/.bole
