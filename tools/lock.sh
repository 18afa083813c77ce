#!/bin/sh
# Writes both lock files again from pyproject.toml: hashes always, registry addresses never.
# `tools/lock.sh --upgrade` also moves to newer releases.
set -eu
cd "$(dirname "$0")/.."
flags="--quiet --allow-unsafe --generate-hashes --strip-extras --no-emit-find-links --no-emit-index-url --no-emit-trusted-host"
# shellcheck disable=SC2086  # a list of flags
.venv/bin/pip-compile $flags --extra=dev --output-file=requirements/dev.txt "$@" pyproject.toml
# shellcheck disable=SC2086
.venv/bin/pip-compile $flags --constraint=requirements/dev.txt --output-file=requirements/run.txt "$@" pyproject.toml
.venv/bin/python -m tools.locks
