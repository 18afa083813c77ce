#!/bin/sh
# Makes .venv with the locked libraries of one set: `tools/venv.sh run` or `tools/venv.sh dev`.
# Needs no root. Works without python3-venv as long as some pip is there. A second call with nothing new takes no time.
set -eu
cd "$(dirname "$0")/.."
set_name="${1:-run}"
lock="requirements/$set_name.txt"
python=".venv/bin/python"

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    say "Bole needs Python 3.11 or newer. / 需要 Python 3.11 或更高版本，请先安装：apt-get install python3"
    exit 1
}

stamp_of() { cat "$1" pyproject.toml | cksum | tr ' ' '-'; }

fresh() {
    [ -x "$python" ] && [ -x .venv/bin/bole ] && [ -f ".venv/.bole-$1" ] &&
        [ "$(cat ".venv/.bole-$1")" = "$(stamp_of "requirements/$1.txt")" ] && "$python" -c '' 2>/dev/null
}

# The libraries of `run` are part of `dev`, at the same versions.
if fresh "$set_name" || { [ "$set_name" = run ] && fresh dev; }; then
    exit 0
fi

install() {
    if "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m pip install "$@"
    elif "$host" -m pip --version >/dev/null 2>&1; then
        "$host" -m pip --python "$python" install "$@"
    elif command -v pip3 >/dev/null 2>&1; then
        pip3 --python "$python" install "$@"
    else
        return 127
    fi
}

host=$(find_python)
if ! { [ -x "$python" ] && "$python" -c '' 2>/dev/null; }; then
    rm -rf .venv
    say "Making .venv with $("$host" --version) … / 正在建立 .venv"
    if ! "$host" -m venv .venv >/dev/null 2>&1; then
        rm -rf .venv
        "$host" -m venv --without-pip .venv
    fi
fi

say "Installing the locked libraries of $lock … / 正在安装依赖"
code=0
install --quiet --disable-pip-version-check --require-hashes --requirement "$lock" || code=$?
if [ "$code" = 127 ]; then
    say "No pip found. / 没有找到 pip，请先安装其一后重试： apt-get install python3-venv  或  apt-get install python3-pip"
    exit 1
elif [ "$code" != 0 ]; then
    say "The libraries could not be installed; see pip's message above. / 依赖安装失败，原因见上。网络恢复后再次运行即可继续。"
    exit "$code"
fi

# Bole itself is put on the path instead of being built: no build tool to download, and edits count at once.
"$python" - <<'PY'
import pathlib, sys, sysconfig

root = pathlib.Path.cwd()
site = pathlib.Path(sysconfig.get_path("purelib"))
for old in [*site.glob("__editable__*bole*"), *site.glob("bole.pth")]:
    old.unlink()
(site / "bole.pth").write_text(f"{root / 'src'}\n", encoding="utf-8")
command = root / ".venv" / "bin" / "bole"
command.write_text(f"#!{root / '.venv' / 'bin' / 'python'}\nimport sys\n\nfrom bole.project.command import main\n\nsys.exit(main())\n")
command.chmod(0o755)
PY
stamp_of "$lock" > ".venv/.bole-$set_name"
