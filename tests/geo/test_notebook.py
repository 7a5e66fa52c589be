"""The facade that a notebook uses."""

import pytest

import geo
from geo.errors import BadInputError, UnknownPropertyError
from geo.store import Target


@pytest.mark.parametrize("name", ["Đắk Nông", "Đăk Nông", "Dak Nong"])
def test_markers_come_as_a_geodataframe(embedded_place: Target, name: str) -> None:
    markers = geo.open(embedded_place).markers(as_of="2014-06-30", province=name)
    assert len(markers) == 16
    assert markers["position_id"].nunique() == 8
    assert set(markers["stage"]) == {"built"}
    assert markers.crs.to_epsg() == 4326
    assert markers.total_bounds[0] == pytest.approx(107.5, abs=0.5)  # longitude comes first


def test_a_property_filters(embedded_place: Target) -> None:
    gates = geo.open(embedded_place).gates(border="VN-KH", gate_class="international")
    assert set(gates["border"]) == {"VN-KH"}
    assert "Mộc Bài" in set(gates["name_vi"])


def test_the_progress_report_holds_the_five_figures(embedded_place: Target) -> None:
    report = geo.open(embedded_place).progress_report(border="VN-KH", as_of="2014-06-30")
    reported = report[report["basis"] == "reported"].set_index("measure")
    assert reported.loc["km_demarcated", "numerator"] == 866
    assert reported.loc["positions_located", "denominator"] == 314


def test_the_layers_are_offered_for_completion(embedded_place: Target) -> None:
    assert {"markers", "gates", "progress_report"} <= set(dir(geo.open(embedded_place)))


def test_mistakes_are_named(embedded_place: Target) -> None:
    register = geo.open(embedded_place)
    with pytest.raises(UnknownPropertyError):
        register.markers(colour="red")
    with pytest.raises(BadInputError):
        register.markers(as_of="soon")
    with pytest.raises(AttributeError, match="no layer 'roads'"):
        register.roads()
