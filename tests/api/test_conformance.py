"""What /api/conformance claims, class by class, beside the tests that show it."""

import re
from itertools import pairwise
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import conformance
from tests.api.test_features import MARKERS, get
from tests.source import ROOT

SPEC = "http://www.opengis.net/spec"
HERE, HTML, OGC, TILES = (f"api/test_{name}" for name in ("conformance", "html", "ogc", "tiles"))
CORE = (
    f"{HERE}::test_the_landing_page_leads_to_everything",
    f"{HERE}::test_collections_tell_how_far_they_reach",
    f"{HERE}::test_a_page_of_features_counts_itself",
    f"{HERE}::test_boxes_and_times_narrow",
    "api/test_features::test_bad_input_is_named",
    "api/test_openapi::test_a_parameter_is_given_once",
)
GEOJSON = (f"{HERE}::test_features_are_geojson", "clients/test_gdal::test_every_layer_comes_whole")
PAGES = (
    f"{HTML}::test_a_page_has_landmarks_and_its_language",
    f"{HTML}::test_every_link_of_the_json_is_on_the_page",
)
PREDICATES = "geo/test_cql::test_a_filter_means_what_the_standard_says"
SHOWN: dict[str, tuple[str, ...]] = {
    "ogcapi-features-1/1.0/conf/core": CORE,
    "ogcapi-features-1/1.0/conf/geojson": GEOJSON,
    "ogcapi-features-1/1.0/conf/html": PAGES,
    "ogcapi-features-1/1.1/conf/core": CORE,
    "ogcapi-features-1/1.1/conf/geojson": GEOJSON,
    "ogcapi-features-1/1.1/conf/html": PAGES,
    "ogcapi-features-1/1.1/conf/oas30": (
        f"{HERE}::test_the_landing_page_leads_to_everything",
        "api/test_openapi::test_the_older_definition_is_openapi_3_0",
        "api/test_openapi::test_the_older_definition_tells_the_same_answers",
    ),
    "ogcapi-features-1/1.1/conf/oas31": (
        f"{HERE}::test_the_definition_is_openapi_3_1",
        "clients/test_fuzz::test_nothing_breaks_it_and_no_answer_is_undocumented",
    ),
    "ogcapi-features-2/1.0/conf/crs": (
        f"{OGC}::test_epsg_4326_states_latitude_first",
        f"{OGC}::test_a_box_in_any_system_finds_what_lies_there",
        f"{OGC}::test_every_system_offered_works",
        f"{OGC}::test_the_answer_names_its_system",
        f"{OGC}::test_an_unknown_system_is_named",
    ),
    "ogcapi-features-3/1.0/conf/queryables": (
        "api/test_schemas::test_the_collection_leads_to_its_schemas",
        f"{OGC}::test_every_queryable_can_be_asked",
    ),
    "ogcapi-features-3/1.0/conf/filter": (
        f"{OGC}::test_a_filter_that_cannot_be_used_is_named",
        f"{OGC}::test_an_unknown_property_lists_the_known",
    ),
    "ogcapi-features-3/1.0/conf/features-filter": (
        f"{OGC}::test_a_filter_narrows_items_counts_and_exports",
        f"{OGC}::test_filters_join_with_other_parameters",
    ),
    "ogcapi-features-5/1.0/conf/schemas": (
        "api/test_schemas::test_a_schema_reads_as_the_standard_says",
    ),
    "ogcapi-features-5/1.0/conf/advanced-property-roles": (
        "api/test_schemas::test_roles_are_given_once",
    ),
    "ogcapi-features-5/1.0/conf/references": (
        "api/test_schemas::test_references_name_rows_of_a_layer",
    ),
    "ogcapi-features-5/1.0/conf/returnables-and-receivables": (
        "api/test_schemas::test_every_feature_of_a_layer_fits_its_schema",
        "api/test_schemas::test_the_collection_leads_to_its_schemas",
    ),
    "ogcapi-features-5/1.0/conf/queryables": (
        "api/test_schemas::test_a_schema_reads_as_the_standard_says",
        "api/test_schemas::test_the_collection_leads_to_its_schemas",
    ),
    "cql2/1.0/conf/cql2-text": (PREDICATES,),
    "cql2/1.0/conf/cql2-json": ("geo/test_cql::test_both_encodings_mean_the_same",),
    "cql2/1.0/conf/basic-cql2": (PREDICATES,),
    "cql2/1.0/conf/advanced-comparison-operators": (PREDICATES,),
    "cql2/1.0/conf/case-insensitive-comparison": (PREDICATES,),
    "cql2/1.0/conf/accent-insensitive-comparison": (PREDICATES,),
    "cql2/1.0/conf/basic-spatial-functions": (
        PREDICATES,
        "geo/test_cql::test_what_cannot_be_understood_is_refused",
    ),
    "cql2/1.0/conf/basic-spatial-functions-plus": (PREDICATES,),
    "cql2/1.0/conf/spatial-functions": (
        PREDICATES,
        "geo/test_cql::test_areas_and_lines_relate_as_shapely_says",
    ),
    "cql2/1.0/conf/temporal-functions": (
        PREDICATES,
        "geo/test_cql::test_intervals_relate_as_allen_says",
    ),
    "cql2/1.0/conf/array-functions": (PREDICATES,),
    "cql2/1.0/conf/property-property": (PREDICATES,),
    "cql2/1.0/conf/arithmetic": (PREDICATES,),
    "ogcapi-tiles-1/1.0/conf/core": (f"{TILES}::test_one_layer_comes_alone",),
    "ogcapi-tiles-1/1.0/conf/tileset": (f"{TILES}::test_tilesets_lead_to_tiles",),
    "ogcapi-tiles-1/1.0/conf/tilesets-list": (f"{TILES}::test_tilesets_lead_to_tiles",),
    "ogcapi-tiles-1/1.0/conf/dataset-tilesets": (
        f"{TILES}::test_every_spatial_layer_comes_unless_chosen",
    ),
    "ogcapi-tiles-1/1.0/conf/geodata-tilesets": (
        f"{TILES}::test_collections_and_landing_page_link_to_tiles",
    ),
    "ogcapi-tiles-1/1.0/conf/collections-selection": (
        f"{TILES}::test_every_spatial_layer_comes_unless_chosen",
    ),
    "ogcapi-tiles-1/1.0/conf/datetime": (f"{TILES}::test_filters_are_those_of_items",),
    "ogcapi-tiles-1/1.0/conf/mvt": (f"{TILES}::test_gdal_opens_a_tile",),
    "tms/2.0/conf/tilematrixset": (f"{TILES}::test_the_grid_is_told",),
    "tms/2.0/conf/json-tilematrixset": (f"{TILES}::test_the_grid_is_told",),
    "ogcapi-common-1/1.0/conf/core": CORE[:1],
    "ogcapi-common-1/1.0/conf/json": CORE[:2],
    "ogcapi-common-1/1.0/conf/html": PAGES,
    "ogcapi-common-2/1.0/conf/collections": CORE[1:2],
}


# Claimed by a server that takes writes.
EDITING = "api/test_editing::test_"
SHOWN_WHEN_WRITING: dict[str, tuple[str, ...]] = {
    "ogcapi-features-4/1.0/conf/create-replace-delete": (
        f"{EDITING}a_feature_from_its_making_to_its_end",
    ),
    "ogcapi-features-4/1.0/conf/update": (f"{EDITING}a_feature_from_its_making_to_its_end",),
    "ogcapi-features-4/1.0/conf/optimistic-locking-etags": (
        f"{EDITING}without_if_match_nothing_is_changed",
        f"{EDITING}a_stale_edit_is_told_both_revisions_and_the_way_on",
    ),
    "ogcapi-features-4/1.0/conf/features": (f"{EDITING}coordinates_in_another_system",),
}


def test_a_server_that_takes_writes_claims_part_4_too() -> None:
    more = set(conformance.classes(editing=True)) - set(conformance.classes(editing=False))
    assert more == {f"{SPEC}/{name}" for name in SHOWN_WHEN_WRITING}


def test_what_is_claimed_is_what_is_shown(client: TestClient) -> None:
    claimed = get(client, "/api/conformance")["conformsTo"]
    assert len(set(claimed)) == len(claimed)
    assert set(claimed) == {f"{SPEC}/{name}" for name in SHOWN}


NAMED = sorted({one for shown in (SHOWN, SHOWN_WHEN_WRITING) for n in shown for one in shown[n]})


@pytest.mark.parametrize("test", NAMED)
def test_each_test_that_is_named_is_there(test: str) -> None:
    file, _, name = test.partition("::")
    source = (ROOT / "tests" / f"{file}.py").read_text(encoding="utf-8")
    assert re.search(rf"^def {name}\(", source, re.MULTILINE)


def hrefs(body: dict[str, Any], rel: str) -> list[dict[str, str]]:
    return [one for one in body["links"] if one["rel"] == rel]


def test_the_landing_page_leads_to_everything(client: TestClient) -> None:
    body = get(client, "/api")
    for rel, media in (
        ("self", "application/json"),
        ("alternate", "text/html"),
        ("service-desc", "application/vnd.oai.openapi+json;version=3.1"),
        ("service-desc", "application/vnd.oai.openapi+json;version=3.0"),
        ("service-doc", "text/html"),
        ("conformance", "application/json"),
        ("data", "application/json"),
    ):
        [one] = [link for link in hrefs(body, rel) if link["type"] == media]
        answer = client.get(one["href"], headers={"accept": media})
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == media.partition(";")[0]


def test_collections_tell_how_far_they_reach(client: TestClient) -> None:
    crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    for one in get(client, "/api/collections")["collections"]:
        assert one["itemType"] == "feature"
        assert crs84 in one["crs"]
        assert one["storageCrs"] == crs84
        for interval in one["extent"]["temporal"]["interval"]:
            start, end = interval
            assert start is None or end is None or start <= end
        if "spatial" in one["extent"]:
            [box] = one["extent"]["spatial"]["bbox"]
            assert one["extent"]["spatial"]["crs"] == crs84
            assert -180 <= box[0] <= box[2] <= 180
            assert -90 <= box[1] <= box[3] <= 90
        items = {link["type"].partition(";")[0] for link in hrefs(one, "items")}
        assert {"application/geo+json", "text/html", "text/csv"} <= items
    markers = get(client, "/api/collections/markers")["extent"]["temporal"]["interval"]
    assert markers[0] == [None, None]  # a stone stands until it is known to be gone
    assert markers[1][1] == "2025-07-01"  # the merger of provinces is the last change known


def test_a_page_of_features_counts_itself(client: TestClient) -> None:
    body = get(client, MARKERS)
    assert body["numberReturned"] == len(body["features"]) == 10
    assert body["numberMatched"] > 10
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", body["timeStamp"])
    assert {"self", "alternate", "next", "collection"} <= {one["rel"] for one in body["links"]}
    assert all(one["type"] for one in body["links"])
    [one] = hrefs(get(client, f"{MARKERS}/vn-kh.48.0.1"), "collection")
    assert one["href"] == "http://testserver/api/collections/markers"


def test_boxes_and_times_narrow(client: TestClient) -> None:
    every = get(client, MARKERS, limit=1_000, datetime="../..")["numberMatched"]
    for wide, narrow in pairwise(["100,5,112,24", "107,12,108,13", "107.5,12.6,107.7,12.7"]):
        more, fewer = (get(client, MARKERS, bbox=box)["numberMatched"] for box in (wide, narrow))
        assert every > more > fewer > 0
    six = get(client, MARKERS, bbox="107,12,-100,108,13,9000")["numberMatched"]
    assert six == get(client, MARKERS, bbox="107,12,108,13")["numberMatched"]
    past = get(client, f"{MARKERS}/vn-kh.48.0.1", datetime="2014-06-30T00:00:00Z")
    assert past["properties"]["province"] == "Đắk Nông"


def test_features_are_geojson(client: TestClient) -> None:
    answer = client.get(MARKERS)
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.json()["type"] == "FeatureCollection"
    for feature in answer.json()["features"]:
        assert feature["type"] == "Feature"
        assert {"id", "geometry", "properties"} <= set(feature)
        if feature["geometry"]:
            lon, lat = feature["geometry"]["coordinates"]
            assert 100 < lon < 112
            assert 5 < lat < 24


def test_the_definition_is_openapi_3_1(client: TestClient) -> None:
    one, *_ = hrefs(get(client, "/api"), "service-desc")
    answer = client.get(one["href"])
    assert answer.headers["content-type"] == one["type"]
    document = answer.json()
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "http://testserver"}]
    for path in ("/api", "/api/conformance", "/api/collections/{layer}/items"):
        assert "200" in document["paths"][path]["get"]["responses"]
