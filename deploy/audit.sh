#!/usr/bin/env bash
# Looks up known faults of every package in the locks: pip-audit for Python, npm for the web app.
# Found faults end with 1. Where the services cannot be reached that is said, and ends with 0; with
# CI set, or AUDIT=strict, with 2: there a check that was not made is no check.
set -uo pipefail
cd "$(dirname "$0")/.."
ended=0

unreached() {
  echo "audit: $1 could not be looked up: the service cannot be reached" >&2
  if [ -n "${CI:-}" ] || [ "${AUDIT:-}" = strict ]; then ended=2; fi
}

# judge NAME STATUS OUTPUT: faults are named in the output; a package that was passed over is no answer.
judge() {
  printf '%s\n' "$3" | tail -40
  if [ "$2" -eq 0 ] && ! grep -q 'could not be audited' <<<"$3"; then return; fi
  if [ "$2" -ne 0 ] && grep -Eqi 'known vulnerabilit|[0-9]+ (low|moderate|high|critical)|severity' <<<"$3"; then
    ended=1
  else
    unreached "$1"
  fi
}

told=$(timeout 300 .venv/bin/uv tool run pip-audit --disable-pip --require-hashes \
  -r requirements.lock --progress-spinner off 2>&1)
judge "the Python packages" $? "$told"
told=$(timeout 300 deploy/npm.sh audit --omit=dev 2>&1)
judge "the packages of the web app" $? "$told"
exit $ended
