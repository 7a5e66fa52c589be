"""Reading the inputs, naming things, writing one file per layer, and the catalogue."""

import csv
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from data.build.vietnamese import with_vietnamese

Row = dict[str, Any]  # field name → value

DATASET_DATE = "2026-11-21"  # the day of this edition; a fixed date keeps the build reproducible
REFORM = date(2025, 7, 1)  # 63 provinces became 34; valid_to of the old, valid_from of the new
DECIMALS = 6  # of a written degree, 0.1 m

ODBL = ("ODbL-1.0", "© OpenStreetMap contributors")
NATURAL_EARTH = ("public domain", "Made with Natural Earth")
GEONAMES = ("CC-BY-4.0", "GeoNames (geonames.org)")
SRTM = ("public domain", "NASA SRTM30 by way of KDE Marble")
FACTS = ("CC-BY-4.0", "Cột Mốc contributors; each row names its source")


@dataclass
class CatalogEntry:
    """One written file, as `catalog.json` lists it. `viewpoint` None means no territorial claim."""

    file: str
    layer: str | None
    title: str
    source: str
    version: str
    licence: str
    attribution: str
    date: str
    method: str
    viewpoint: str | None
    sha256: str = ""
    bytes: int = 0


@dataclass
class Context:
    """Folders of one build, and the catalogue that it collects."""

    geodata: Path
    facts: Path
    out: Path
    catalog: list[CatalogEntry] = field(default_factory=list)
    sources: dict[str, Row] = field(default_factory=dict)


def read_facts(context: Context, name: str) -> list[dict[str, str]]:
    """Rows of `facts/{name}.csv`, text as written there; an empty string is an unknown."""
    with (context.facts / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_geodata(context: Context, name: str) -> list[tuple[Row, BaseGeometry]]:
    """(properties, geometry) pairs of `geodata/{name}.geojson`; EPSG:4326, lon lat."""
    text = (context.geodata / f"{name}.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    geometries = shapely.from_geojson([json.dumps(f["geometry"]) for f in features])
    return [(f["properties"], g) for f, g in zip(features, geometries, strict=True)]


def unaccent(text: str) -> str:
    """ASCII without accents; đ (and the Icelandic ð that some sources use) is d."""
    simple = text.translate(str.maketrans("ĐđÐð", "DdDd"))
    decomposed = unicodedata.normalize("NFKD", simple)
    return decomposed.encode("ascii", "ignore").decode()


def fold(text: str) -> str:
    """Lower-case ASCII without accents."""
    return unaccent(text).lower()


def slug(text: str) -> str:
    """Part of an id: folded, other signs become single hyphens (`Đắk Nông` → `dak-nong`)."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def province_name(text: str) -> str:
    """A Vietnamese province's name without its rank (`Thành phố Huế` → `Huế`)."""
    bare = re.sub(r"^(Tỉnh|Thành phố|TP\.?)\s+", "", tidy(text), flags=re.IGNORECASE)
    return bare.replace("Hoà", "Hòa").replace("Hoá", "Hóa")


def tidy(text: str) -> str:
    """NFC, single spaces, Đ (U+0110) where a source has the Icelandic Ð (U+00D0)."""
    return " ".join(unicodedata.normalize("NFC", text).replace("Ð", "Đ").split())


def old_province_id(name: str) -> str:
    """Id of a Vietnamese province as of 2025-06-30, from its name with or without rank."""
    return f"vn.{slug(province_name(name))}"


def new_province_id(context: Context, name: str) -> str:
    """Id of a Vietnamese province of 2025-07-01; one that did not change keeps its old id."""
    base = old_province_id(name)
    kept = {
        old_province_id(row["old_name"])
        for row in read_facts(context, "provinces_2025")
        if row["change"] == "unchanged"
    }
    return base if base in kept else f"{base}.2025"


def partner_id(country: str, name_en: str) -> str:
    """Id of a unit outside Vietnam, from its country's two letters and its English name."""
    return f"{country.lower()}.{slug(name_en)}"


def cell(value: object) -> str:
    """One CSV value: empty for null, true/false, lists joined by `|`, objects as JSON text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return "|".join(cell(part) for part in value)
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def columns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every key of the rows in the order of first appearance."""
    return list(dict.fromkeys(key for row in rows for key in row))


def write_csv(context: Context, file: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write `rows` (keys are field names, plus `lon` and `lat` in degrees) to `data/{file}`.

    Raises:
        MissingTranslationError: a remark has no Vietnamese.
    """
    rows = [with_vietnamese(file, row) for row in rows]
    path = target(context, file)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        names = columns(rows)
        writer.writerow(names)
        writer.writerows([cell(row.get(name)) for name in names] for row in rows)


def write_geojson(
    context: Context, file: str, features: Iterable[tuple[Row, BaseGeometry | None]]
) -> None:
    """Write (properties with `id`, geometry in lon lat) pairs, one feature per line (RFC 7946).

    Raises:
        MissingTranslationError: a remark has no Vietnamese.
    """
    lines = ",\n".join(
        feature_text(with_vietnamese(file, properties), shape) for properties, shape in features
    )
    text = f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'
    target(context, file).write_text(text, encoding="utf-8")


def feature_text(properties: Row, shape: BaseGeometry | None) -> str:
    """One GeoJSON feature; `id` moves out of the properties; coordinates have 6 decimals."""
    rest = {key: plain(value) for key, value in properties.items() if key != "id"}
    feature = {
        "type": "Feature",
        "id": properties["id"],
        "properties": rest,
        "geometry": None if shape is None else json.loads(shapely.to_geojson(rounded(shape))),
    }
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))


def rounded(shape: BaseGeometry) -> BaseGeometry:
    """Coordinates to 6 decimals, vertex by vertex, so that shared edges stay shared."""
    return shapely.transform(shape, lambda xy: xy.round(DECIMALS))


def plain(value: object) -> object:
    """A value as JSON takes it; dates become text."""
    return value.isoformat() if isinstance(value, date) else value


def write_json(context: Context, file: str, value: object) -> None:
    """Write JSON text, indented, to `data/{file}`."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    target(context, file).write_text(text + "\n", encoding="utf-8")


def target(context: Context, file: str) -> Path:
    """Path of an output file; its folder is made."""
    path = context.out / file
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def record(
    context: Context,
    file: str,
    *,
    layer: str | None,
    title: str,
    source: str,
    version: str,
    rights: tuple[str, str],
    method: str,
    viewpoint: str | None = None,
) -> None:
    """Note a written file for `catalog.json`; `rights` is (licence, attribution)."""
    context.catalog.append(
        CatalogEntry(
            file=file,
            layer=layer,
            title=title,
            source=source,
            version=version,
            licence=rights[0],
            attribution=rights[1],
            date=DATASET_DATE,
            method=method,
            viewpoint=viewpoint,
        )
    )


def cite(
    context: Context,
    source_id: str,
    *,
    name_vi: str,
    name_en: str,
    kind: str,
    publisher: str | None = None,
    date: str | None = None,
    licence: str | None = None,
    url: str | None = None,
    note: str | None = None,
) -> str:
    """Note a source for `sources.csv`; the id of a source may be cited any number of times."""
    context.sources[source_id] = {
        "id": source_id,
        "name_vi": name_vi,
        "name_en": name_en,
        "kind": kind,
        "publisher": publisher,
        "date": date,
        "licence": licence,
        "url": url,
        "note": note,
    }
    return source_id


def write_catalog(context: Context) -> None:
    """Write `catalog.json` with the size and SHA-256 of every recorded file, sorted by name."""
    for entry in context.catalog:
        content = (context.out / entry.file).read_bytes()
        entry.bytes = len(content)
        entry.sha256 = hashlib.sha256(content).hexdigest()
    entries = sorted(context.catalog, key=lambda entry: entry.file)
    write_json(context, "catalog.json", [asdict(entry) for entry in entries])
