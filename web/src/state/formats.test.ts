import { expect, test } from "vitest";
import { formatsOf } from "./formats";

const link = (rel: string, f: string, type: string, title?: string) => ({
  rel,
  href: `http://h/api/collections/markers/items?limit=1&f=${f}`,
  type,
  title,
});

test("the forms of a layer are the alternates of its answer, pages for people left out", () => {
  const links = [
    link("self", "geojson", "application/geo+json"),
    link("alternate", "gpkg", "application/geopackage+sqlite3", "GeoPackage"),
    link("alternate", "csv", "text/csv"),
    link("alternate", "html", "text/html"),
    link("next", "geojson", "application/geo+json"),
  ];
  expect(formatsOf({ type: "FeatureCollection", features: [], links })).toEqual([
    { name: "geojson", title: "GeoJSON" },
    { name: "gpkg", title: "GeoPackage" },
    { name: "csv", title: "CSV" },
  ]);
  expect(formatsOf(null)).toHaveLength(1);
});
