"""What an import would do: every row with its findings, and what would be created or changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import shapely
from sqlalchemy import Connection

from geo import incoming, period, reproject
from geo.errors import BadInputError, GeoError
from geo.geometry import geojson_geometry
from geo.imports import headers, matching, places, plan, reading, rows, scan, zones
from geo.imports.findings import DUPLICATES, Finding, Level, Problem, Said, ValueProblem
from geo.imports.options import Options
from geo.imports.places import Placed
from geo.imports.plan import Plan
from geo.imports.provinces import Provinces
from geo.imports.reading import Table
from geo.imports.records import Action, Raw, Record, new_id
from geo.imports.rights import Ground, May
from geo.imports.scan import Scan
from geo.layers import MARKERS, POSITIONS
from geo.query import Filter
from geo.refusal import FeatureError
from geo.schema import Layer
from geo.vocabulary import Vocabulary

HEADING = 100  # lines of a file beside its rows by which it may be longer


class Phase(Vocabulary):
    """What is being done with a file."""

    READING = "reading", "Đang đọc tệp", "Reading the file"
    JUDGING = "judging", "Đang kiểm tra các dòng", "Checking the rows"
    WRITING = "writing", "Đang ghi các dòng", "Writing the rows"


# Told how many rows are done, and of how many where that is known; may raise to end the work.
Tell = Callable[[Phase, int, int | None], None]


def silent(_phase: Phase, _done: int, _of: int | None) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Preview:
    """A file as it would be imported; `about` is what is known of the whole sheet."""

    name: str
    options: Options
    scan: Scan
    placed: Placed
    about: dict[str, Any]
    findings: list[Finding]  # of the sheet, not of one row

    @property
    def records(self) -> list[Record]:
        """The rows of data, in the order of the sheet."""
        return self.scan.records

    @property
    def counts(self) -> dict[str, int]:
        """How many rows would be created, changed or left, have findings, are left out."""
        found = Counter(record.action.value for record in self.records)
        warned = sum(1 for r in self.records if any(f.level is Level.WARNING for f in r.findings))
        double = sum(1 for r in self.records if any(f.problem in DUPLICATES for f in r.findings))
        left = Counter(why for _, why in self.scan.left_out)
        zero = {action.value: found[action.value] for action in Action}
        waiting = sum(1 for record in self.records if record.sound and record.waits)
        told = zero | {"approvals": waiting, "warnings": warned, "duplicates": double}
        return told | {f"left_out_{why}": n for why, n in left.items()}

    @property
    def is_sound(self) -> bool:
        """Whether nothing forbids to commit it."""
        return not any(f.level is not Level.WARNING for f in self.all_findings())

    def all_findings(self) -> Iterator[Finding]:
        """Yield every finding: of the sheet first, then of its rows."""
        yield from self.findings
        for record in self.records:
            yield from record.findings

    def told(self) -> dict[str, Any]:
        """Return the whole without its rows, as plain values."""
        return {
            "file": self.name,
            "options": self.options.told(),
            **self.about,
            "columns": [column.told() for column in self.scan.columns],
            "targets": headers.targets(self.options.of),
            "as_of": self.scan.as_of,
            "systems": [system._asdict() for system in self.placed.systems],
            "zones": [{"crs": crs, **said._asdict()} for crs, said in zones.known().items()],
            "fits": [{"crs": crs, "share": share} for crs, share in self.placed.fits],
            "counts": self.counts,
            "findings": [finding.told() for finding in self.findings],
        }

    def rows(self, *, lang: str = "vi") -> Iterator[dict[str, Any]]:
        """Yield the rows as plain values."""
        label = self.options.of.label
        for record in self.records:
            yield {**_told(record, lang), "label": record.given.get(label)}

    def features(self) -> Iterator[dict[str, Any]]:
        """Yield the places of the rows as GeoJSON features."""
        label = self.options.of.label
        for record in self.records:
            if record.shape is not None:
                yield {
                    "type": "Feature",
                    "id": record.row,
                    "geometry": geojson_geometry(record.shape),
                    "properties": {
                        "row": record.row,
                        "label": record.given.get(label),
                        "action": record.action.value,
                    },
                }


def _told(record: Record, lang: str) -> dict[str, Any]:
    return {
        "row": record.row,
        "id": record.id,
        "action": record.action.value,
        "revision": record.base,
        "changes": {name: list(pair) for name, pair in record.brings().items()},
        "geometry": geojson_geometry(record.shape),
        "findings": [{**f.told(), "text": f.text(lang)} for f in record.findings],
    }


def preview(
    conn: Connection,
    path: Path,
    name: str,
    options: Options,
    *,
    asked: Filter,
    may: May | None = None,
    tell: Tell = silent,
    most: int | None = None,
    keep: Path | None = None,
) -> Preview:
    """Read a file and say what importing it would do, to one who sees what `asked` lets him.

    `may` says which rows he may write, None lets him write all that he sees; `keep` is a folder
    in which the file is kept as it was read.

    Raises:
        FileError: the file is refused as a whole.
        LongFileError: it has more than `most` rows.
        BadInputError: an option makes no sense.
    """
    options = options.checked()
    tell(Phase.READING, 0, None)
    beat = partial(tell, Phase.READING, 0, None)
    with reading.table(path, name, options.sheet, beat=beat, keep=keep) as table:
        if most is not None and sum(1 for _ in table.lines_of_rows()) > most + HEADING:
            raise LongFileError(f"The file has more than {most} rows")
        found = scan.scan(table, options)
        if most is not None and len(found.records) > most:
            raise LongFileError(f"The file has more than {most} rows")
        about = {"kind": table.kind.value, "sheet": table.sheet, "sheets": list(table.sheets)}
        return _judged(Maker(conn, asked, may, tell), found, name, options, table, about)


class LongFileError(GeoError):
    """A file has more rows than are judged while its sender waits."""

    code = "long_file"


@dataclass(frozen=True, slots=True)
class Maker:
    """For whom a preview is made, and upon what."""

    conn: Connection
    asked: Filter
    may: May | None
    tell: Tell

    def ground(self, layer: Layer, *, final: bool = False) -> Ground:
        """Return the register as it is now; if `final`, what nobody shows the importer counts."""
        known = matching.held(self.conn, layer, self.asked)
        return Ground(self.conn, layer, known, self.asked.sight, self.may, final)


def _judged(
    maker: Maker, found: Scan, name: str, options: Options, table: Table, about: dict[str, Any]
) -> Preview:
    layer, provinces = options.of, Provinces(maker.conn, maker.asked.sight)
    sheet: list[Finding] = []
    maker.tell(Phase.JUDGING, 0, len(found.records))
    _fill(found, options, sheet)
    crs = _file_crs(table.crs)
    for record in found.records:
        _take_geometry(record, layer, found, crs, options)
    texts = found.texts
    placed = places.locate(found.records, found.columns, texts, options, provinces, crs)
    for record in found.records:
        _take_province(record, layer, found, provinces)
    _accept(found, options)
    _match(maker, found, layer)
    _accept(found, options)
    return Preview(name, options, found, placed, about, sheet)


def _match(maker: Maker, found: Scan, layer: Layer) -> None:
    """Hold the records against the register as it is now; each learns what would become of it."""
    ground = maker.ground(layer)
    matching.resolve_references(maker.conn, found, layer, maker.asked)
    matching.match(found, layer, dict(ground.known))
    _link(maker.conn, found, layer, maker.asked)
    matching.compare_places(found, layer, dict(ground.known))
    for record in found.records:
        if record.id is None:
            record.id = new_id()
    done = 0
    for part, planned in plan.parts(ground, found):
        planned.layers.clear()  # not kept while the next part is made
        done += len(part)
        maker.tell(Phase.JUDGING, done, len(found.records))


def again(made: Preview, ground: Ground) -> Iterator[tuple[Sequence[Record], Plan]]:
    """Yield the plan of a preview anew, upon the register as it is now, some rows at a time."""
    yield from plan.parts(ground, made.scan)


def _fill(found: Scan, options: Options, sheet: list[Finding]) -> None:
    """Give rows the constants of the sheet, and what follows from a marker's number."""
    layer = options.of
    constants = _constants(options)
    for record in found.records:
        if record.number:
            number = record.number
            record.given |= {"number": number.text}
            if layer is MARKERS:
                record.given |= {"main": number.main, "aux": number.aux, "k": number.k}
        record.province = record.province or constants.get("province")
        for name, value in constants.items():
            if name != "province":
                record.given.setdefault(name, value)
        if options.document and layer.field("source"):
            record.given.setdefault("source", options.document)
    if layer in (MARKERS, POSITIONS) and not any("border" in r.given for r in found.records):
        said = Said.same("VN-KH, VN-LA, VN-CN")
        sheet.append(Finding(Problem.REQUIRED, None, header="border", said=said))


def _constants(options: Options) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, text in options.constants.items():
        try:
            if name == "border":
                made[name] = rows.border(text)
            elif (field := options.of.field(name)) and name != "province":
                made[name] = rows.value(field, text, None, None)
            else:
                made[name] = text
        except ValueProblem as problem:
            said = f"{name}: {problem.problem.en} {problem.said.en}".strip()
            raise BadInputError(said, parameter=name, value=text) from problem
    return made


def _file_crs(named: str | None) -> str | None:
    """Return the system of a file in our short form, None where it names none that we know."""
    if not named:
        return None
    try:
        return reproject.short(reproject.known(named, parameter="crs")).replace(
            "OGC:CRS84", "EPSG:4326"
        )
    except BadInputError:
        return None


def _take_geometry(
    record: Record, layer: Layer, found: Scan, crs: str | None, options: Options
) -> None:
    """Take the geometry of a file with geometry: points as coordinates, the rest as it is."""
    text = record.given.pop("@geometry", None)
    if text is None:
        return
    column = found.column("@geometry")
    try:
        shape = incoming.geometry(layer, _flat(orjson.loads(text)))
        if shape is not None and shape.geom_type == "Point":
            record.raw = Raw(*shape.coords[0])
        elif shape is not None:
            system = reproject.known(options.crs or crs or "OGC:CRS84", parameter="crs")
            if reproject.northing_first(system):
                shape = shapely.transform(shape, lambda xy: xy[:, ::-1])
            record.shape, _ = reproject.shape_from(shape, system)
            incoming.in_range(record.shape)
    except (orjson.JSONDecodeError, ValueError, BadInputError) as error:
        reason = error.reason if isinstance(error, FeatureError) else None
        said = Said.same(str(error)[:200])
        record.find(Problem.BAD_GEOMETRY, column, None, said, reason)


def _flat(given: Any) -> Any:
    """Return a GeoJSON point without its height, which the geometry here does not keep."""
    if isinstance(given, dict) and given.get("type") == "Point":
        return {**given, "coordinates": list(given.get("coordinates") or ())[:2]}
    return given


def _take_province(record: Record, layer: Layer, found: Scan, provinces: Provinces) -> None:
    """Name the unit that a row lies in: the original one where that is clear."""
    if not record.province or layer.field("province_origin_id") is None:
        return
    column = found.column("province")
    try:
        ids = provinces.named(record.province)
    except ValueProblem as problem:
        record.find(problem.problem, column, record.province, problem.said)
        return
    origin = provinces.origin(ids, record.shape)
    if origin:
        record.given["province_origin_id"] = origin
        return
    unit = provinces.current(ids, found.as_of or period.today())
    if unit is None:
        record.find(Problem.MANY_PROVINCES, column, record.province)
        return
    record.given |= {"province_id": unit, "province": provinces.units.by_id[unit].name}


def _link(conn: Connection, found: Scan, layer: Layer, asked: Filter) -> None:
    """Name the position and the border of markers where the register holds them."""
    if layer is not MARKERS:
        return
    positions = matching.held(conn, POSITIONS, asked)
    for record in found.records:
        border = record.given.get("border")
        if record.number and border and "position_id" not in record.given:
            key = matching.numbered(POSITIONS, border, record.number)
            if key in positions:
                record.given["position_id"] = key


def _accept(found: Scan, options: Options) -> None:
    for record in found.records:
        record.findings = [
            f._replace(accepted=True) if f.problem.value in options.accept else f
            for f in record.findings
        ]
