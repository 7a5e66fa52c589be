#!/bin/sh
# Makes .venv where it is missing and installs one lock file and this project into it:
#   deploy/setup.sh requirements.lock
# With a folder, it makes another environment there and installs the lock file alone:
#   deploy/setup.sh requirements-ogctests.lock .venv/ogctests
# Needs Python 3.11 or newer (PYTHON= names one) with its venv module or pip, or else uv.
# Touches nothing outside the project's folder but the caches of uv and pip.
set -eu
cd "$(dirname "$0")/.."
lock=${1:-requirements.lock}
venv=${2:-.venv}
inside=$venv/bin/python

new_enough() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
  for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if new_enough "$name"; then
      echo "$name"
      return
    fi
  done
}

has_pip() {  # one that can install into another environment (pip 22.3)
  "$1" -c 'import sys, pip; sys.exit(tuple(map(int, pip.__version__.split(".")[:2])) < (22, 3))' \
    >/dev/null 2>&1
}

has_uv() {
  command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1
}

give_up() {
  echo "cotmoc: $1" >&2
  exit 1
}

make_venv() {
  if [ "$venv" != .venv ] && [ -n "$python" ] && [ -x .venv/bin/uv ]; then
    "$python" -m venv --clear --without-pip "$venv"
  elif [ -n "$python" ] && "$python" -c 'import ensurepip' >/dev/null 2>&1; then
    "$python" -m venv --clear "$venv"
  elif [ -n "$python" ] && has_pip "$python"; then
    "$python" -m venv --clear --without-pip "$venv"
  elif has_uv; then
    uv venv --clear --python "${python:->=3.11}" "$venv"
  elif [ -n "$python" ]; then
    give_up "$python has neither ensurepip nor pip. On Debian or Ubuntu run:
    sudo apt-get install python3-venv
then the same command again."
  else
    give_up "Python 3.11 or newer was not found. Install it (Debian 12, Ubuntu 24.04 or newer:
    sudo apt-get install python3 python3-venv
macOS: brew install python), or name one: make PYTHON=/path/to/python3 …"
  fi
}

pip() {  # that of the environment or that of the machine
  if "$inside" -m pip --version >/dev/null 2>&1; then
    "$inside" -m pip --disable-pip-version-check "$@"
  elif [ -n "$python" ] && has_pip "$python"; then
    "$python" -m pip --disable-pip-version-check --python "$inside" "$@"
  else
    return 127
  fi
}

find_uv() {  # many times as quick as pip; of a registry that pip was told of it knows nothing
  if pip config list 2>/dev/null | grep -qE '(index-url|no-index|proxy|client-cert)='; then
    return
  elif has_uv; then
    echo uv
  elif [ -x .venv/bin/uv ] || bring_uv; then
    echo .venv/bin/uv
  fi
}

bring_uv() {  # the one of our lock
  [ "$venv" = .venv ] || return
  awk '/^[^ ]/ { ours = /^uv==/ } ours' requirements-dev.lock >.venv/.uv.lock &&
    pip install --quiet --no-deps --require-hashes -r .venv/.uv.lock >&2
}

install() {
  if [ -n "$uv" ] && UV_SYSTEM_CERTS=1 "$uv" pip install --python "$inside" "$@"; then
    return
  fi
  pip install $lazily "$@" && return
  [ $? -ne 127 ] ||
    give_up "nothing here can install into $venv: remove that folder and run the command again."
  exit 1
}

moved() {  # the scripts of a virtual environment hold the path of the folder it was made in
  [ -f "$venv/.home" ] && [ "$(cat "$venv/.home")" != "$(pwd -P)" ]
}

python=$(find_python)
if moved || ! new_enough "$inside"; then
  make_venv
  echo "Made the virtual environment $venv"
fi
pwd -P >"$venv/.home"
uv=$(find_uv)
lazily=
[ "$venv" = .venv ] || lazily=--no-compile  # most of what only the tests want is never run
echo "Installing the packages of $lock into $venv"
# The lock names every package there is to install, so nothing else is asked for.
install --no-deps --require-hashes -r "$lock"
[ "$venv" != .venv ] || [ "$lock" = requirements-node.lock ] || install --quiet --no-deps --no-build-isolation -e .
