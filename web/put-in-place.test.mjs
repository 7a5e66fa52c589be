import { mkdir, mkdtemp, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { putInPlace } from "./put-in-place.mjs";

const DAY = 86_400_000; // ms

async function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

test("a build takes no file away that an open page may ask for", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cotmoc-"));
  const [built, place] = [join(folder, "built"), join(folder, "place")];
  await write(place, {
    "index.html": "old",
    "gone.svg": "",
    "assets/a-1.js": "1",
    "assets/ancient-0.js": "0",
  });
  const then = new Date(Date.now() - 8 * DAY);
  await utimes(join(place, "assets/ancient-0.js"), then, then);
  await write(built, { "index.html": "new", "icon.svg": "", "assets/a-2.js": "2" });
  await putInPlace(built, place);
  expect((await readdir(place)).toSorted()).toEqual(["assets", "icon.svg", "index.html"]);
  expect((await readdir(join(place, "assets"))).toSorted()).toEqual(["a-1.js", "a-2.js"]);
  expect(await readFile(join(place, "index.html"), "utf8")).toBe("new");
  expect(await readdir(folder)).toEqual(["place"]);
});
