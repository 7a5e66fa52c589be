#!/usr/bin/env bash
# Looks up known faults of every package in the locks: pip-audit for Python, npm for the web app.
# Found faults end with 1. Where a service cannot be reached that is said, loudly, and ends with 0;
# with COTMOC_AUDIT=required it ends with 2: there a check that was not made is no check.
set -uo pipefail
cd "$(dirname "$0")/.."
wait_s=5 # for an answer of a service, so that without a network all ends within some 20 s
longest_s=${COTMOC_AUDIT_SECONDS:-240} # for either of the two
export UV_HTTP_TIMEOUT=$wait_s UV_HTTP_RETRIES=0
told=$(mktemp -d)
trap 'rm -rf "$told"' EXIT
ended=0

unreached() {
  {
    echo "=================================================================="
    echo "audit: NOT LOOKED UP: known faults of $1."
    echo "The service cannot be reached. Nobody knows whether there are any."
    echo "=================================================================="
  } >&2
  if [ "${COTMOC_AUDIT:-}" = required ] && [ "$ended" -eq 0 ]; then ended=2; fi
}

# judge NAME STATUS OUTPUT FOUND: FOUND begins the line that tells of faults; a package that was
# passed over is no answer.
judge() {
  printf '%s\n' "$3" | tail -40
  if [ "$2" -eq 0 ] && ! grep -q 'could not be audited' <<<"$3"; then return; fi
  if [ "$2" -ne 0 ] && grep -Eqi "$4" <<<"$3"; then
    echo "audit: there are known faults in $1" >&2
    ended=1
  else
    unreached "$1"
  fi
}

timeout "$longest_s" .venv/bin/uv tool run pip-audit --disable-pip --require-hashes \
  -r requirements.lock --progress-spinner off --timeout "$wait_s" >"$told/python" 2>&1 &
python=$!
timeout "$longest_s" deploy/npm.sh audit --omit=dev \
  --fetch-timeout=$((wait_s * 1000)) --fetch-retries=0 >"$told/web" 2>&1 &
web=$!
wait "$python"
judge "the Python packages" $? "$(<"$told/python")" '^Found [0-9]+ known vulnerabilit'
wait "$web"
judge "the packages of the web app" $? "$(<"$told/web")" '^[0-9]+ .*vulnerabilit'
exit "$ended"
