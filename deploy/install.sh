#!/bin/sh
# Installs Hutong from this folder alone: no network, no package index, every wheel checked by its hash.
#
#   ./install.sh [--demo] [--python PYTHON] TARGET
#
# Makes TARGET/venv; with --demo also TARGET/demo, the synthetic city with its manifests, policy and questions.
# Exit status 0: installed; 1: this machine or this bundle does not fit; 2: called wrongly.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
python=python3.11
list=runtime.txt
target=

usage() {
    echo "usage: $0 [--demo] [--python PYTHON] TARGET" >&2
    exit 2
}

while [ $# -gt 0 ]; do
    case $1 in
        --demo) list=demo.txt ;;
        --python) [ $# -gt 1 ] || usage; shift; python=$1 ;;
        -*) usage ;;
        *) [ -z "$target" ] || usage; target=$1 ;;
    esac
    shift
done
[ -n "$target" ] || usage

found=$("$python" -c 'import re, sys, sysconfig
print("cp%d%d" % sys.version_info[:2], re.sub("[-.]", "_", sysconfig.get_platform()))') || {
    echo "$python does not run; name another with --python" >&2
    exit 1
}
wanted=$(cat "$here/PLATFORM")
if [ "$found" != "$wanted" ]; then
    echo "this bundle is for $wanted, and $python is $found" >&2
    exit 1
fi
if [ -e "$target/venv" ]; then
    echo "$target/venv exists; install beside it and switch over" >&2
    exit 1
fi

(cd "$here" && sha256sum --check --quiet SHA256SUMS) || {
    echo "the bundle is damaged: fetch it again" >&2
    exit 1
}
mkdir -p "$target"
"$python" -m venv "$target/venv"
"$target/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-index \
    --find-links "$here/wheels" --no-deps --require-hashes --requirement "$here/$list"
"$target/venv/bin/python" -m pip check --disable-pip-version-check
if [ "$list" = demo.txt ]; then
    cp -R "$here/demo" "$target/demo"
    # The demo is no distribution: its folder is put on the path of this environment alone.
    target=$(CDPATH='' cd -- "$target" && pwd)
    "$target/venv/bin/python" -c 'import pathlib, sys, sysconfig
pathlib.Path(sysconfig.get_path("purelib"), "hutong_demo.pth").write_text(sys.argv[1] + "\n")' "$target"
fi
echo "installed: $target/venv/bin/hutong"
