// A screen whose code comes by itself brings the styles of the classes that it names.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "src");
const ENDINGS = ["", ".ts", ".tsx", "/index.ts"];

function fileOf(from, name) {
  if (!name.startsWith(".")) return [];
  const base = resolve(dirname(from), name);
  const found = ENDINGS.map((ending) => base + ending).find(
    (path) => existsSync(path) && statSync(path).isFile(),
  );
  return found ? [found] : [];
}

function textsIn(node) {
  const own = ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) ? [node.text] : [];
  const inner = [];
  ts.forEachChild(node, (child) => void inner.push(...textsIn(child)));
  return [...own, ...inner];
}

/** What comes with a file, what comes later, and the words of its class attributes. */
function read(path) {
  const found = { now: [], later: [], classes: [] };
  const bring = (to, of) => {
    if (of && ts.isStringLiteral(of)) to.push(...fileOf(path, of.text));
  };
  const visit = (node) => {
    if (ts.isImportDeclaration(node) && !node.importClause?.isTypeOnly) {
      bring(found.now, node.moduleSpecifier);
    }
    if (ts.isExportDeclaration(node)) bring(found.now, node.moduleSpecifier);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      bring(found.later, node.arguments[0]);
    }
    if (ts.isJsxAttribute(node) && node.name.getText() === "class" && node.initializer) {
      found.classes.push(...textsIn(node.initializer).flatMap((text) => text.split(/\s+/)));
    }
    ts.forEachChild(node, visit);
  };
  if (/\.tsx?$/.test(path)) {
    const text = readFileSync(path, "utf8");
    visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  }
  return found;
}

const modules = new Map();

function moduleOf(path) {
  const known = modules.get(path) ?? read(path);
  modules.set(path, known);
  return known;
}

/** All that comes with a file. */
function reach(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const next of moduleOf(path).now) reach(next, seen);
  return seen;
}

/** The classes that a style sheet names, and those of them that do not only vary another. */
function styled(path) {
  const rules = readFileSync(path, "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\{[^{}]*\}/g, ";");
  const names = (pattern) => new Set([...rules.matchAll(pattern)].map(([, name]) => name));
  return { all: names(/\.([a-z][\w-]*)/g), own: names(/(?<![\w\])-])\.([a-z][\w-]*)/g) };
}

function unstyled(files, sheets) {
  const here = [...sheets].filter(([sheet]) => files.has(sheet)).map(([, rules]) => rules);
  const lacks = (name) =>
    [...sheets.values()].some(({ own }) => own.has(name)) && !here.some(({ all }) => all.has(name));
  return [...files].flatMap((file) =>
    moduleOf(file)
      .classes.filter(lacks)
      .map((name) => `${relative(ROOT, file)}: ${name}`),
  );
}

const main = join(ROOT, "main.tsx");
const first = reach(main);
const screens = [...first].flatMap((file) => moduleOf(file).later);
const sheets = new Map(
  readdirSync(ROOT, { recursive: true })
    .filter((name) => name.endsWith(".css"))
    .map((name) => join(ROOT, name))
    .map((path) => [path, styled(path)]),
);

test("the screens and their styles are found", () => {
  expect(screens.length).toBeGreaterThan(15);
  expect(sheets.get(join(ROOT, "screens/page/page.css"))?.own.has("leaf-table")).toBe(true);
});

test.each(screens.map((path) => [relative(ROOT, path), path]))(
  "%s brings the styles that it names",
  (_, path) => {
    expect(unstyled(new Set([...first, ...reach(path)]), sheets)).toEqual([]);
  },
);
