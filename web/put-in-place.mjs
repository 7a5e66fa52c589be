/**
 * Bring a finished build to where the server looks, while it serves and pages are open.
 *
 * Files with a hash in their name stay for a while after the build that made them: a page that is
 * open asks for more of them later. The page that names the new ones comes last.
 *
 *     node put-in-place.mjs BUILT PLACE
 */
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { argv } from "node:process";
import { pathToFileURL } from "node:url";

const KEPT = 7 * 86_400_000; // ms after the last build that made a file
const HASHED = "assets/";
const PAGE = "index.html";

/** The files of a folder, by their path in it. */
async function filesOf(folder) {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((one) => one.isFile());
  return files.map((one) => relative(folder, join(one.parentPath, one.name)).replaceAll("\\", "/"));
}

async function isKept(file, path, now) {
  return file.startsWith(HASHED) && (await stat(path)).mtimeMs > now - KEPT;
}

export async function putInPlace(built, place, now = Date.now()) {
  const made = await filesOf(built);
  const last = (file) => Number(file === PAGE);
  for (const file of made.toSorted((a, b) => last(a) - last(b))) {
    await mkdir(dirname(join(place, file)), { recursive: true });
    await rename(join(built, file), join(place, file));
  }
  for (const file of await filesOf(place)) {
    const path = join(place, file);
    if (!made.includes(file) && !(await isKept(file, path, now))) await rm(path);
  }
  await rm(built, { recursive: true });
}

if (import.meta.url === pathToFileURL(argv[1] ?? "").href) await putInPlace(argv[2], argv[3]);
