#!/usr/bin/env bash
# Looks for what the operating system must provide, and on Debian, as root, installs what is missing.
# usage: system.sh run|test     run: to run the service; test: also a browser, Chinese fonts and PostgreSQL, for the tests
set -euo pipefail

need=${1:?run or test}
python=${PYTHON:-python3}
required=() wanted=()

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Chapiao needs Python 3.11 or newer as '$python' (or: make PYTHON=python3.12 …)." >&2
    required+=(python3)
fi
# a Debian python3 without python3-venv has the module venv but cannot create an environment
"$python" -c 'import ensurepip, venv' 2>/dev/null || required+=(python3-venv)
if [ "$need" = test ]; then
    command -v chromium >/dev/null || command -v google-chrome >/dev/null || wanted+=(chromium)
    command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted+=(postgresql)
    has_font() { ls "$@" >/dev/null 2>&1; }
    has_font /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc || wanted+=(fonts-noto-cjk)
    has_font /usr/share/fonts/truetype/arphic/ukai.ttc || wanted+=(fonts-arphic-ukai)
    has_font /usr/share/fonts/truetype/arphic/uming.ttc || wanted+=(fonts-arphic-uming)
    has_font /usr/share/fonts/truetype/arphic-gkai00mp/gkai00mp.ttf || wanted+=(fonts-arphic-gkai00mp)
fi

missing=(${required[@]+"${required[@]}"} ${wanted[@]+"${wanted[@]}"})
[ ${#missing[@]} -eq 0 ] && exit 0

line="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "installing: ${missing[*]}" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    exit 0
fi
echo "Missing on this machine: ${missing[*]}" >&2
if command -v apt-get >/dev/null; then
    echo "Please run:  sudo sh -c '$line'" >&2
else
    echo "Please install them with this system's package manager." >&2
fi
if [ ${#required[@]} -gt 0 ]; then
    exit 1
fi
echo "Going on without: the tests that need them will say so." >&2
