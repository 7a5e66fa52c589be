"""Numbers, dates, angles and terms as Vietnamese and English sheets write them."""

import math
import unicodedata
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import layers
from geo import vocabulary as v
from geo.imports import angles, dates, markers, numbers, rows, terms
from geo.imports.findings import Problem, ValueProblem
from geo.imports.markers import Number
from geo.imports.numbers import Amount, Mark


def problem(read: object, *given: object) -> str:
    with pytest.raises(ValueProblem) as refused:
        read(*given)  # type: ignore[operator]
    return refused.value.problem.value


# Numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("22.826.000", Amount(22_826_000)),
        ("5,154 tỷ", Amount(5_154_000_000)),
        ("1,5 triệu USD", Amount(1_500_000, "USD")),
        ("122,1 triệu đô la", Amount(122_100_000, "USD")),
        ("US$ 3,5", Amount(3.5, "USD")),
        ("7.700 tỷ đồng".replace("7.700", "7.700,0"), Amount(7.7e12, "VND")),
        ("1.234,5", Amount(1234.5)),
        ("1,234.5", Amount(1234.5)),
        ("1,234,567", Amount(1_234_567)),
        ("−3,25", Amount(-3.25)),
        ("12 345,6", Amount(12_345.6)),
        ("12\u00a0345", Amount(12_345)),
        ("0.123", Amount(0.123)),
        ("12 km", Amount(12, None, "km")),
        ("1e5", Amount(100_000)),
    ],
)
def test_amounts(text: str, expected: Amount) -> None:
    assert numbers.amount(text) == expected


def test_a_lone_point_before_three_digits_is_in_doubt_until_the_column_tells() -> None:
    assert problem(numbers.number, "1.548") == Problem.AMBIGUOUS_NUMBER
    assert numbers.number("1.548", Mark.COMMA) == 1548
    assert numbers.number("1.548", Mark.POINT) == 1.548
    assert numbers.decimal_mark(["1.548", "2.000.000"]) is Mark.COMMA
    assert numbers.decimal_mark(["1.548", "12.5"]) is Mark.POINT
    assert numbers.decimal_mark(["1.548"]) is None
    assert numbers.decimal_mark(["12,5", "12.5"]) is None  # both ways in one column


def test_a_lone_point_parts_decimals_of_degrees_and_thousands_of_metres() -> None:
    assert rows.coordinate("107.123", None) == 107.123
    assert rows.coordinate("552.123", None) == 552_123


def test_a_count_is_whole() -> None:
    field = layers.MARKERS.field("main")
    assert field is not None
    assert rows.value(field, "1.548", None, None) == 1548
    assert problem(rows.value, field, "12,5", None, None) == Problem.NOT_WHOLE


@pytest.mark.parametrize(
    "text", ["", "abc", "1.2.3", "1,2,3", "12 quả", "1.23.456", "--5", "1e999"]
)
def test_what_is_no_number(text: str) -> None:
    assert problem(numbers.number, text) == Problem.NOT_A_NUMBER


def vietnamese(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


@given(st.floats(-1e12, 1e12, allow_nan=False), st.integers(1, 6))
def test_numbers_come_back_from_both_ways_of_writing(value: float, decimals: int) -> None:
    expected = float(f"{value:.{decimals}f}")
    assert numbers.number(vietnamese(value, decimals), Mark.COMMA) == pytest.approx(expected)
    assert numbers.number(f"{value:,.{decimals}f}", Mark.POINT) == pytest.approx(expected)


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_come_back(value: int) -> None:
    assert numbers.number(vietnamese(value, 0), Mark.COMMA) == value
    assert numbers.number(str(value)) == value


@given(st.text(max_size=30))
def test_any_text_is_a_finite_number_or_refused(text: str) -> None:
    with suppress(ValueProblem):
        assert math.isfinite(numbers.number(text))


# Dates


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("03/05/2014", "2014-05-03", "day"),
        ("3-5-2014", "2014-05-03", "day"),
        ("3.5.2014", "2014-05-03", "day"),
        ("2014-05-03T07:30:00", "2014-05-03", "day"),
        ("03/05/2014 07:30", "2014-05-03", "day"),
        ("Ngày 5 tháng 6 năm 2010", "2010-06-05", "day"),
        ("tháng 5/2010", "2010-05-01", "month"),
        ("5/2010", "2010-05-01", "month"),
        ("năm 2010", "2010-01-01", "year"),
        ("2010", "2010-01-01", "year"),
        (unicodedata.normalize("NFD", "tháng 12 năm 2009"), "2009-12-01", "month"),
    ],
)
def test_dates(text: str, iso: str, precision: str) -> None:
    assert dates.read(text) == (iso, precision)


def test_what_is_no_date() -> None:
    assert problem(dates.read, "31/02/2010") == Problem.NOT_A_DATE
    assert problem(dates.read, "3/5/14") == Problem.NOT_A_DATE
    assert problem(dates.read, "hôm qua") == Problem.NOT_A_DATE
    assert problem(dates.read, 2012.5) == Problem.NOT_A_DATE
    assert problem(dates.read, "05/13/2010") == Problem.AMBIGUOUS_DATE


DAYS = st.dates(date(1900, 3, 1), date(2100, 12, 31))


@given(DAYS)
def test_days_come_back(day: date) -> None:
    for text in (f"{day:%d/%m/%Y}", f"{day.day}-{day.month}-{day.year}", day.isoformat(),
                 f"ngày {day.day} tháng {day.month} năm {day.year}"):  # fmt: skip
        assert dates.read(text) == (day.isoformat(), "day")


@given(DAYS)
def test_excels_numbers_come_back_in_both_epochs(day: date) -> None:
    # ECMA-376 18.17.4.1: 1 January 1900 is 1, and 29 February 1900 is counted.
    assert dates.from_serial((day - date(1899, 12, 30)).days) == day
    if day >= date(1904, 1, 1):
        assert dates.from_serial((day - date(1904, 1, 1)).days, epoch_1904=True) == day


def test_the_first_days_of_excel() -> None:
    assert dates.from_serial(1) == date(1900, 1, 1)
    assert dates.from_serial(59) == date(1900, 2, 28)
    assert dates.from_serial(61) == date(1900, 3, 1)


# Angles


@pytest.mark.parametrize(
    ("text", "degrees", "axis"),
    [
        ("22°23'45,6\"N", 22.396, "lat"),
        ("22º23′45.6″", 22.396, None),
        ("107 độ 26 phút 13 giây Đông", 107.436944, "lon"),
        ("B 12°15.3'", 12.255, "lat"),
        ("12°15'30\" vĩ độ Bắc", 12.258333, "lat"),
        ("Kinh độ: 107°30'", 107.5, "lon"),
        ("107d26m13s", 107.436944, None),
        ("107°26'13\"Đ", 107.436944, "lon"),
        ("22-23-45.6", 22.396, None),
        ("22 23 45.6", 22.396, None),
        ("107,5", 107.5, None),
        ("N12°15'", 12.25, "lat"),
        ("12°15'S", -12.25, "lat"),
        ("107.5E", 107.5, "lon"),
    ],
)
def test_angles(text: str, degrees: float, axis: str | None) -> None:
    found = angles.read(text)
    assert found.degrees == pytest.approx(degrees, abs=1e-6)
    assert found.axis == axis


@pytest.mark.parametrize(
    "text", ["", "12°75'", "12°60'", "12°15'75\"", "12°15'60\"", "181°", "abc", "12.5°30'"]
)
def test_what_is_no_angle(text: str) -> None:
    assert problem(angles.read, text) == Problem.NOT_AN_ANGLE


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 59_999))
def test_degrees_minutes_seconds_come_back(d: int, m: int, thousandths: int) -> None:
    s = thousandths / 1000
    expected = d + m / 60 + s / 3600
    comma = f"{s:.3f}".replace(".", ",")
    for text in (f"{d}°{m}'{s:.3f}\"", f"{d}° {m}′ {comma}″ Đ", f"{d} độ {m} phút {comma} giây",
                 f"{d}-{m:02}-{s:06.3f}", f"{d} {m} {s:.3f}", f"{d}:{m}:{s:.3f}E"):  # fmt: skip
        assert angles.read(text).degrees == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    "text", ["12.5, 107.3", "12,5; 107,3", "12.5 107.3", "(12.5,107.3)", "107.3E 12.5N"]
)
def test_both_in_one_cell(text: str) -> None:
    found = angles.pair(text)
    assert found
    assert sorted(angle.degrees for angle in found) == [12.5, 107.3]


# Terms


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        (v.Condition, "Nguyên trạng", "intact"),
        (v.Condition, "TỐT", "intact"),
        (v.Condition, "nghieng", "leaning"),
        (v.Condition, "damaged", "damaged"),
        (v.Condition, unicodedata.normalize("NFD", "bị hủy hoại"), "destroyed"),
        (v.MarkerKind, "Mốc phụ", "auxiliary"),
        (v.Multiplicity, "đôi", "double"),
        (v.MarkerClass, "Đại", "large"),
        (v.GateClass, "Quốc tế", "international"),
        (v.GateClass, "cửa khẩu chính", "main"),
        (v.Stage, "bàn giao", "handed_over"),
        (v.Stage, "handed over", "handed_over"),
    ],
)
def test_terms(words: type[v.Vocabulary], text: str, expected: str) -> None:
    assert terms.value(words, text) == expected


@pytest.mark.parametrize("words", v.Vocabulary.__subclasses__())
def test_every_label_means_its_value(words: type[v.Vocabulary]) -> None:
    for word in words:
        assert terms.value(words, word.vi) == word.value
        assert terms.value(words, word.value.upper()) == word.value


def test_an_unknown_term_tells_the_nearest() -> None:
    with pytest.raises(ValueProblem) as refused:
        terms.value(v.Condition, "nguyên trạg")
    assert "“nguyên trạng”" in refused.value.said.vi
    assert "“intact”" in refused.value.said.en


# Numbers of markers


def test_numbers_of_markers_and_what_excel_makes_of_them() -> None:
    assert markers.read("Mốc 48(1)") == Number(48, 0, 1)
    assert markers.read("Cột mốc số 64/3") == Number(64, 3)
    assert problem(markers.read, "64.3") == Problem.NOT_A_MARKER
    assert Number(64, 3) in markers.turned(date(1964, 3, 1))
    assert Number(12, 3) in markers.turned(date(2024, 3, 12))
    assert Number(64, 3) in markers.turned("Mar-64")
    assert Number(12, 3) in markers.turned("12-Mar")
    options = markers.turned("12-Mar")
    assert markers.fitting(options, Number(12, 2), Number(12, 4), set()) == Number(12, 3)
    assert markers.fitting(options, Number(400), Number(401), set()) is None
    assert markers.fitting(options, None, None, set()) is None
    assert markers.fitting(options, Number(12, 1), Number(12, 2), set()) is None  # beyond the next
    assert markers.fitting(options, Number(2), Number(400), set()) == Number(3, 12)  # the near one


@given(DAYS, st.integers(0, 3))
def test_no_date_is_turned_into_a_number_without_two_parts(day: date, days: int) -> None:
    assert all(n.main and n.aux for n in markers.turned(day + timedelta(days)))
