// Completes a package-lock.json: deploy/complete-lock.mjs web/package-lock.json
//
// npm leaves optional packages of other platforms out of the lock where the registry in use does not
// hold them, and `npm ci` then refuses the lock. This adds them by name and version; without a
// hash, which nobody here has seen.
import { readFileSync, writeFileSync } from "node:fs";

const SYSTEMS = new Set([
  "aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32",
]);

/** The lock's entry of a package named like @rollup/rollup-linux-x64-musl. */
function entry(name, version, parent) {
  const words = name.split("/").at(-1).split("-");
  const at = words.findIndex((word) => SYSTEMS.has(word));
  if (at < 0) throw new Error(`${name}: the name tells no platform`);
  return {
    version,
    cpu: [words[at + 1]],
    ...(parent.dev && { dev: true }),
    ...(words.at(-1) === "musl" && { libc: ["musl"] }),
    license: parent.license,
    optional: true,
    os: [words[at]],
  };
}

const [file] = process.argv.slice(2);
const lock = JSON.parse(readFileSync(file, "utf8"));
const { "": root, ...packages } = lock.packages;
for (const parent of Object.values(packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    packages[`node_modules/${name}`] ??= entry(name, version, parent);
  }
}
const sorted = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = { "": root, ...Object.fromEntries(sorted) };
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
