"""From the cells of a row to the values of a layer; what cannot be read becomes a finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import orjson

from geo.imports import angles, dates, markers, numbers, renumber, terms
from geo.imports.aliases import Target
from geo.imports.findings import Problem, ValueProblem
from geo.imports.headers import Column
from geo.imports.numbers import Amount, Mark
from geo.imports.records import Raw, Record, Step
from geo.names import fold
from geo.period import today
from geo.schema import Field, Kind, Layer
from geo.vocabulary import Condition, DatePrecision, MarkerEvent, Stage

Cell = Any
Marks = dict[int, Mark | None]  # decimal mark of each column
SEPARATORS = ("|", ";")  # between the values of a list
BORDERS = {
    "vn-kh": ("campuchia", "cambodia", "kampuchea", "vn-kh", "cpc"),
    "vn-la": ("lao", "laos", "vn-la"),
    "vn-cn": ("trung quoc", "china", "vn-cn", "trung"),
}
_TRUE = {"true": True, "co": True, "yes": True, "x": True, "1": True, "dung": True}
_FALSE = {"false": False, "khong": False, "no": False, "0": False, "sai": False}
_EVENTS = {
    Target.LOCATED: MarkerEvent.LOCATED,
    Target.BUILT: MarkerEvent.BUILT,
    Target.MEASURED: MarkerEvent.MEASURED,
    Target.ACCEPTED: MarkerEvent.ACCEPTED,
    Target.HANDED_OVER: MarkerEvent.HANDED_OVER,
}
_XS, _YS = (Target.LON, Target.EAST), (Target.LAT, Target.NORTH)


class Reader:
    """Reads the rows of one sheet, whose columns are known."""

    def __init__(self, layer: Layer, columns: Sequence[Column], marks: Marks) -> None:
        self.layer, self.marks = layer, marks
        self.columns = [column for column in columns if column.guess.target]
        self._readers = [(column, self._reader(column)) for column in self.columns]
        self.by_target = {column.guess.target: column for column in self.columns}

    def read(self, cells: Sequence[Cell], row: int) -> Record:
        """Return what a row gives."""
        record = Record(row)
        halves: dict[str, float | None] = {}
        for column, take in self._readers:
            cell = cells[column.number] if column.number < len(cells) else None
            if cell is None:
                continue
            try:
                _refuse_broken(cell)
                take(record, column, cell, halves)
            except ValueProblem as problem:
                record.find(problem.problem, column, shown(cell), problem.said)
                if column.guess.target in (*_XS, *_YS):
                    halves[str(column.guess.target)] = None
        self._join(record, halves)
        return record

    def _join(self, record: Record, halves: dict[str, float | None]) -> None:
        """Put the two coordinates together; one alone is an error at the other's column."""
        xs = [name for name in _XS if name in halves]
        ys = [name for name in _YS if name in halves]
        if bool(xs) != bool(ys):
            lacking = _YS if xs else _XS
            column = next((self.by_target[n] for n in lacking if n in self.by_target), None)
            record.find(Problem.HALF_A_PLACE, column)
        for x_name, y_name in zip(xs, ys, strict=False):
            x, y = halves[x_name], halves[y_name]
            if x is not None and y is not None:
                record.raw = Raw(x, y)

    def _reader(self, column: Column) -> Callable[[Record, Column, Cell, dict[str, Any]], None]:
        target = column.guess.target or ""
        if target in (*_XS, *_YS):
            return self._half
        special = {
            Target.ID: _identifier, Target.PLACE: _pair, Target.CONDITION: _condition,
            Target.CHECKED: _checked, Target.STAGE: _stage, Target.GEOMETRY: _geometry,
            Target.COUNT: _ignored, Target.CRS: _ignored,
            "province": _province, "border": _border,
        }  # fmt: skip
        if target in special:
            return special[target]
        if target in _EVENTS:
            return _event
        if target == "number" and self.layer.field("main"):
            return _marker_number
        return self._property

    def _half(self, _: Record, column: Column, cell: Cell, halves: dict[str, Any]) -> None:
        halves[str(column.guess.target)] = coordinate(cell, self.marks.get(column.number))

    def _property(self, record: Record, column: Column, cell: Cell, _: dict[str, Any]) -> None:
        field = self.layer.field(column.guess.target or "")
        assert field is not None  # noqa: S101
        name, mark = field.name, self.marks.get(column.number)
        if field.kind is Kind.DATE:
            day = dates.read(_day_cell(cell))
            record.given[name] = day.iso
            _note_precision(record, column, day, cell)
        else:
            record.given[name] = value(field, cell, mark, column.unit)


def _refuse_broken(cell: Cell) -> None:
    if isinstance(cell, list) and cell[0] != "d":
        problems = {"e": Problem.CELL_ERROR, "f": Problem.NO_RESULT, "l": Problem.TOO_LONG}
        raise ValueProblem(problems[cell[0]])


def shown(cell: Cell) -> str:
    """Return a cell as a person would write it."""
    if isinstance(cell, list):
        return str(cell[1])[:200] if len(cell) > 1 else ""
    if isinstance(cell, float):
        return f"{cell:.12g}"
    return str(cell)[:200]


def coordinate(cell: Cell, mark: Mark | None) -> float:
    """Return a number or an angle; a lone point in a coordinate is a decimal one if it can be."""
    if isinstance(cell, list | bool):
        raise ValueProblem(Problem.NOT_AN_ANGLE)
    if isinstance(cell, int | float):
        return float(cell)
    try:
        return numbers.number(cell, mark)
    except ValueProblem as problem:
        if problem.problem is Problem.AMBIGUOUS_NUMBER:
            whole, real = (float(part) for part in problem.said.en.split(" / "))
            return real if abs(real) <= 180 else whole
    return angles.read(cell).degrees


def value(field: Field, cell: Cell, mark: Mark | None, unit: str | None) -> Any:
    """Return a cell in the type of a field.

    Raises:
        ValueProblem: it is not of that type.
    """
    if field.vocabulary:
        return terms.value(field.vocabulary, shown(cell))
    return _KINDS[field.kind](field, cell, mark, unit)


def _text(_field: Field, cell: Cell, _mark: Mark | None, _unit: str | None) -> str:
    return shown(cell)[:10_000] if isinstance(cell, list) else " ".join(str(cell).split())


def _number(field: Field, cell: Cell, mark: Mark | None, unit: str | None) -> float:
    if isinstance(cell, bool | list):
        raise ValueProblem(Problem.NOT_A_NUMBER)
    read = Amount(float(cell)) if isinstance(cell, int | float) else numbers.amount(cell, mark)
    return read.value * _factor(field.unit, read.unit or unit)


def _factor(wanted: str | None, stated: str | None) -> float:
    """Return what takes a length, or an amount of money by thousands, to the field's unit."""
    if wanted in numbers.LENGTHS and stated in numbers.LENGTHS:
        return numbers.LENGTHS[stated] / numbers.LENGTHS[wanted]
    words = (stated or "").removesuffix("dong").removesuffix("usd").strip()
    return numbers.MULTIPLIERS.get(words, 1.0) if words not in ("m", "tr") else 1.0


def _whole(field: Field, cell: Cell, mark: Mark | None, unit: str | None) -> int:
    try:
        number = _number(field, cell, mark, unit)
    except ValueProblem as problem:
        if problem.problem is not Problem.AMBIGUOUS_NUMBER:
            raise
        number = float(problem.said.en.split(" / ")[0])  # a count has thousands, not decimals
    if number != int(number):
        raise ValueProblem(Problem.NOT_WHOLE)
    return int(number)


def _truth(_field: Field, cell: Cell, _mark: Mark | None, _unit: str | None) -> bool:
    known = _TRUE | _FALSE
    if isinstance(cell, bool):
        return cell
    if fold(str(cell)) not in known:
        raise ValueProblem(Problem.NOT_A_TERM)
    return known[fold(str(cell))]


def _moment(_field: Field, cell: Cell, _mark: Mark | None, _unit: str | None) -> str:
    iso = cell[1] if isinstance(cell, list) else str(cell)
    return iso if "T" in iso else f"{dates.read(_day_cell(cell)).iso}T00:00:00+00:00"


def _list(_field: Field, cell: Cell, _mark: Mark | None, _unit: str | None) -> list[str]:
    text = shown(cell)
    if text.startswith("["):
        found = _json_of(text)
        return [str(one) for one in found] if isinstance(found, list) else [text]
    sign = next((sign for sign in SEPARATORS if sign in text), "|")
    return [" ".join(part.split()) for part in text.split(sign) if part.strip()]


def _json(field: Field, cell: Cell, mark: Mark | None, unit: str | None) -> Any:
    """Return nested values; amounts of money may be stated as in `5,154 tỷ`."""
    text = str(cell)
    if isinstance(cell, str) and text.startswith(("[", "{")):
        return _json_of(text)
    if field.name == "amounts":
        read = Amount(float(cell)) if isinstance(cell, int | float) else numbers.amount(text, mark)
        currency = read.currency or ("USD" if unit and "usd" in unit else "VND")
        worth = {"value": read.value * _factor(None, unit), "currency": currency}
        return [{**worth, "date": None, "text": None, "text_vi": None}]
    return [{"name": text, "role": None}]


def _json_of(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise ValueProblem(Problem.REFUSED) from None


_KINDS: dict[Kind, Callable[[Field, Cell, Mark | None, str | None], Any]] = {
    Kind.TEXT: _text, Kind.INTEGER: _whole, Kind.REAL: _number, Kind.BOOLEAN: _truth,
    Kind.TIMESTAMP: _moment, Kind.LIST: _list, Kind.JSON: _json,
}  # fmt: skip


def _day_cell(cell: Cell) -> str | float | date:
    if isinstance(cell, list):
        try:
            return date.fromisoformat(cell[1][:10])
        except ValueError:
            raise ValueProblem(Problem.NOT_A_DATE) from None
    if isinstance(cell, bool):
        raise ValueProblem(Problem.NOT_A_DATE)
    # A date in a column that is not formatted as one.
    if isinstance(cell, int | float) and dates.LATEST < cell < 80_000:
        return dates.from_serial(cell)
    return cell  # type: ignore[no-any-return]


def _note_precision(record: Record, column: Column, day: dates.Day, cell: Cell) -> None:
    vague = {DatePrecision.YEAR: Problem.ONLY_YEAR, DatePrecision.MONTH: Problem.ONLY_MONTH}
    if day.precision in vague:
        record.find(vague[day.precision], column, shown(cell))


def _ignored(*_: Any) -> None:
    return


def _identifier(record: Record, _column: Column, cell: Cell, _: dict[str, Any]) -> None:
    record.id, record.named = shown(cell), True


def _geometry(record: Record, _column: Column, cell: Cell, halves: dict[str, Any]) -> None:
    halves["geometry"] = None
    record.given["@geometry"] = cell


def _pair(record: Record, _column: Column, cell: Cell, _: dict[str, Any]) -> None:
    found = angles.pair(cell) if isinstance(cell, str) else None
    if found is None:
        raise ValueProblem(Problem.NOT_AN_ANGLE)
    first, second = found
    told = {angle.axis: angle.degrees for angle in found if angle.axis}
    if len(told) == 2:
        record.raw = Raw(told[angles.Axis.LON], told[angles.Axis.LAT])
    elif abs(first.degrees) > abs(second.degrees):
        record.raw = Raw(first.degrees, second.degrees)
    else:  # no country of the region has a longitude below its latitude
        record.raw = Raw(second.degrees, first.degrees)


def _condition(record: Record, _column: Column, cell: Cell, _: dict[str, Any]) -> None:
    record.condition = terms.value(Condition, shown(cell))


def _checked(record: Record, column: Column, cell: Cell, _: dict[str, Any]) -> None:
    record.seen = _past(record, column, cell)
    _note_precision(record, column, record.seen, cell)


def _past(record: Record, column: Column, cell: Cell) -> dates.Day:
    day = dates.read(_day_cell(cell))
    if day.iso > today():
        record.find(Problem.FUTURE, column, shown(cell))
    return day


def _stage(record: Record, column: Column, cell: Cell, _: dict[str, Any]) -> None:
    record.given["@stage"] = (terms.value(Stage, shown(cell)), column)


def _event(record: Record, column: Column, cell: Cell, _: dict[str, Any]) -> None:
    day = _past(record, column, cell)
    record.steps.append(Step(_EVENTS[Target(column.guess.target or "")].value, day, column))


def _province(record: Record, _column: Column, cell: Cell, _: dict[str, Any]) -> None:
    record.province = shown(cell)


def _border(record: Record, _column: Column, cell: Cell, _: dict[str, Any]) -> None:
    record.given["border"] = border(shown(cell))


def border(text: str) -> str:
    """Return VN-KH, VN-LA or VN-CN for any name of the line.

    Raises:
        ValueProblem: it names none.
    """
    folded = fold(text).replace(" ", "-")
    for code, names in BORDERS.items():
        if folded == code or any(name.replace(" ", "-") in folded for name in names):
            return code.upper()
    raise ValueProblem(Problem.NOT_A_TERM)


def _marker_number(record: Record, _column: Column, cell: Cell, _: dict[str, Any]) -> None:
    if renumber.candidates(cell):
        record.given[renumber.TURNED] = cell
    elif isinstance(cell, float | bool | list):
        raise ValueProblem(Problem.NOT_A_MARKER)
    else:
        record.number = markers.read(str(cell))
