import { expect, test } from "vitest";
import { gdal, geopandas, notebook, owslib } from "./ways";

const PLACE = { api: "http://h/api", layer: "markers", url: null };
const FILTERED = { ...PLACE, url: "http://h/api/collections/markers/items?stage=built" };

test("GDAL reads the API itself, or the one answer that a filter leaves", () => {
  expect(gdal(PLACE)).toBe(
    'ogrinfo -ro -so "OAPIF:http://h/api" markers\n' +
      'ogr2ogr -f GPKG markers.gpkg "OAPIF:http://h/api" markers',
  );
  expect(gdal(FILTERED)).toContain(`ogr2ogr -f GPKG markers.gpkg "${FILTERED.url}" -nln markers`);
  expect(geopandas(FILTERED)).toContain(`read_file("${FILTERED.url}")`);
});

test("text in a Python literal cannot end it", () => {
  expect(owslib(PLACE, { filter: `a = '"'` })).toContain(`, filter="a = '\\"'"`);
  expect(notebook("markers", { province: 'Đắk "Nông"', border: null })).toContain(
    'markers(province="Đắk \\"Nông\\"")',
  );
});

test("the day goes by the name that each library gives it", () => {
  const asked = { datetime: "2014-06-30", stage: "built" };
  expect(owslib(PLACE, asked)).toContain('limit=100, datetime_="2014-06-30", stage="built")');
  expect(notebook("markers", asked)).toContain('markers(as_of="2014-06-30", stage="built")');
});
