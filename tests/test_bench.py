"""The bench: its arithmetic, its right answers, and that it notices wrong ones."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import mapbox_vector_tile
import numpy as np
import pytest

from bench import answers, growth, load, processes, table
from bench.data import FILTERED, Markers
from bench.load import Timing
from bench.peers import Role
from bench.questions import (
    COLD,
    KINDS,
    WINDOW,
    Equal,
    Item,
    MapTile,
    Page,
    Window,
    draw,
    truth,
)
from bench.trial import Figures, together

RANDOM = np.random.default_rng(7)


@pytest.fixture(scope="module")
def markers() -> Markers:
    """3,000 points along a line, as a border's are."""
    n = 3_000
    lonlat = np.column_stack((np.linspace(105, 108, n), np.linspace(10, 16, n)))
    values = {name: [f"{name}{i % 5}" for i in range(n)] for name in FILTERED}
    return Markers([f"m{i}" for i in range(n)], lonlat + RANDOM.normal(0, 0.01, (n, 2)), values)


def figures(server: str, rate: float, **more: float) -> Figures:
    timings = {"page": Timing(rate, 5, 9, 100), "page again": Timing(more.get("hot", 1), 5, 9, 9)}
    known = {"cotmoc file": Role.OURS, "uvicorn, ready bytes": Role.CEILING}
    return Figures(server, known.get(server, Role.PEER), 100_000, timings=timings)


class TestTable:
    def test_ratio_is_to_the_quickest_peer(self) -> None:
        ours = figures("cotmoc file", 300, hot=850)
        all_ = [
            ours,
            figures("slow", 20),
            figures("quick", 50),
            figures("uvicorn, ready bytes", 9_999, hot=1_000),
        ]
        line = next(row for row in table.summary(all_).splitlines() if "page of" in row)
        assert "50.0 (quick)" in line
        assert "| 6.00 |" in line
        again = next(row for row in table.summary(all_).splitlines() if "again" in row)
        assert "1,000 (uvicorn" in again
        assert "| 0.85 | ≥ 0.8 |" in again

    def test_a_missed_goal_is_said(self) -> None:
        text = table.summary([figures("cotmoc file", 200), figures("quick", 50)])
        assert "**4.00, missed**" in text

    def test_goals_are_for_their_size_only(self) -> None:
        ours = figures("cotmoc file", 200)
        ours.markers = 10_000
        assert "missed" not in table.summary([ours, figures("quick", 50)])

    def test_every_server_has_a_line_with_our_ratio(self) -> None:
        text = table.everything([figures("cotmoc file", 200), figures("quick", 50)])
        assert "| page of 1,000 | quick | 50.0 | 5.00 | 9.00 | 0.00 | 0.00 | 0.00 | 4.00 |" in text

    def test_the_rival_by_processor_time_is_the_lightest_peer(self) -> None:
        ours, heavy, light = figures("cotmoc file", 9), figures("a", 9), figures("b", 5)
        for one, cpu in ((ours, 0.5), (heavy, 8.0), (light, 3.0)):
            one.timings["page"] = replace(one.timings["page"], cpu=cpu)
        line = next(row for row in table.summary([ours, heavy, light]).splitlines() if "of" in row)
        assert line.endswith("| 6.00 |")

    def test_slices_in_turn_are_compared_pair_by_pair(self) -> None:
        """Thieves slow both in the second slice, and neither of the means tells much."""
        ours, ready = figures("cotmoc file", 1), figures("uvicorn, ready bytes", 1)
        for one, slices in ((ours, (900.0, 90.0, 880.0)), (ready, (1_000.0, 100.0, 2_000.0))):
            rate = sum(slices) / len(slices)
            one.timings["page again"] = replace(one.timings["page"], rate=rate, slices=slices)
        line = next(row for row in table.summary([ours, ready]).splitlines() if "again" in row)
        assert "| 0.90 | ≥ 0.8 |" in line

    def test_who_pages_by_key_stands_apart_in_the_deep_row(self) -> None:
        ours, by_key, by_offset = figures("cotmoc file", 9), figures("key", 9), figures("offset", 9)
        by_key.by_key = ours.by_key = True
        for one, rate in ((ours, 600), (by_key, 100), (by_offset, 6)):
            one.timings["deep"] = replace(one.timings["page"], rate=rate)
        deep = [
            row for row in table.summary([ours, by_key, by_offset]).splitlines() if "deep" in row
        ]
        assert ["**6.00, missed**" in row for row in deep] == [True, False]
        assert "6.00 (offset) | 100 | ≥ 50" in deep[1]

    def test_only_its_own_part_of_a_document_is_replaced(self, tmp_path: Path) -> None:
        page = tmp_path / "page.md"
        marks = "<!-- {0}: made by bench -->old<!-- end of {0} -->"
        page.write_text(f"# A\n{marks.format('figures')}\nB\n{marks.format('growth')}\nC\n")
        table.put_into(page, "growth", "new")
        assert page.read_text().split("B")[0] == f"# A\n{marks.format('figures')}\n"
        assert "new\n<!-- end of growth -->\nC" in page.read_text()
        with pytest.raises(ValueError, match="no place for other"):
            table.put_into(page, "other", "new")

    def test_failures_are_not_hidden(self) -> None:
        broken = figures("quick", 50)
        broken.timings["page"] = Timing(50, 5, 9, 100, failed=3)
        assert "quick (3 failed)" in table.everything([figures("cotmoc file", 200), broken])


class TestTrial:
    def test_parts_become_one_figure(self) -> None:
        quick, slow = Timing(100, 1, 2, 300, cpu=1, kilobytes=4), Timing(10, 3, 9, 10, cpu=32)
        whole = together([quick, slow])
        assert whole.answers == 310
        assert whole.rate == pytest.approx(310 / 4)  # seconds: 3 and 1
        assert whole.cpu == pytest.approx(2)
        assert whole.p50 == 2

    def test_parts_without_an_answer_have_none(self) -> None:
        assert together([Timing(0, 0, 0, 0), Timing(0, 0, 0, 0)]).answers == 0


class TestGrowth:
    PAGE = next(kind for kind in COLD if kind.name == "page")

    @pytest.mark.parametrize(
        ("cpu", "kilobytes", "told"),
        [
            (1.1, 100, "held"),
            (2.0, 100, "**missed**"),
            (10, 1_000, "held"),
            (30, 1_000, "**missed**"),
        ],
    )
    def test_cost_may_grow_as_the_answer_does(
        self, cpu: float, kilobytes: float, told: str
    ) -> None:
        small, large = figures("cotmoc file", 9), figures("cotmoc file", 9)
        large.markers = 1_000_000
        small.timings["page"] = replace(small.timings["page"], cpu=1, kilobytes=100)
        large.timings["page"] = replace(large.timings["page"], cpu=cpu, kilobytes=kilobytes)
        assert growth.table([small, large], [self.PAGE]).strip().endswith(f"| {told} |")

    def test_a_size_without_an_answer_has_no_row(self) -> None:
        small, large = figures("cotmoc file", 9), figures("cotmoc file", 9)
        del large.timings["page"]
        assert growth.growth([small, large], self.PAGE) is None


class TestQuestions:
    def test_a_window_holds_close_to_a_hundred(self, markers: Markers) -> None:
        counts = [truth(markers, one).count for one in draw(markers)["window"]]
        assert len(counts) > 100
        assert all(WINDOW * 0.9 <= count <= WINDOW for count in counts)

    def test_no_question_is_asked_twice(self, markers: Markers) -> None:
        for name, asked in draw(markers).items():
            assert len(set(asked)) == len(asked), name

    def test_every_kind_has_questions(self, markers: Markers) -> None:
        drawn = draw(markers)
        assert all(drawn[kind.of or kind.name] for kind in KINDS)

    def test_tiles_hold_every_marker_once(self, markers: Markers) -> None:
        drawn = draw(markers)
        for name in ("tile6", "tile12"):
            assert sum(truth(markers, one).count for one in drawn[name]) == len(markers.ids)

    def test_a_known_tile(self) -> None:
        # The tile of Hà Nội (105.85° E, 21.03° N) at zoom 6, by the formula of the OSM wiki.
        hanoi = Markers(["hn"], np.array([[105.85, 21.03]]), {name: ["x"] for name in FILTERED})
        assert truth(hanoi, MapTile(6, 50, 28)).count == 1

    def test_a_page_is_a_slice_and_a_filter_a_selection(self, markers: Markers) -> None:
        assert truth(markers, Page(10, 2)).ids == frozenset(("m10", "m11"))
        assert truth(markers, Equal(tuple(f"{name}1" for name in FILTERED))).count == WINDOW


def collection(*ids: str) -> bytes:
    point = {"type": "Point", "coordinates": [105, 10]}
    return json.dumps(
        {"features": [{"id": one, "geometry": point, "properties": {}} for one in ids]}
    ).encode()


class TestAnswers:
    def test_a_right_answer_passes(self, markers: Markers) -> None:
        right = truth(markers, Page(0, 3))
        found = answers.geojson(collection("m2", "m0", "m1"))
        assert answers.wrong(Page(0, 3), found, right) is None

    @pytest.mark.parametrize("ids", [("m0", "m1"), ("m0", "m1", "m3"), ("m0", "m1", "m1")])
    def test_a_wrong_one_is_told(self, markers: Markers, ids: tuple[str, ...]) -> None:
        found = answers.geojson(collection(*ids))
        assert answers.wrong(Page(0, 3), found, truth(markers, Page(0, 3)))

    def test_a_feature_without_its_place_is_wrong(self) -> None:
        with pytest.raises(ValueError, match="geometry"):
            answers.geojson(b'{"id": "m1", "geometry": null, "properties": {}}')

    def test_a_cluster_counts_for_all_it_stands_for(self) -> None:
        features = [
            {"geometry": "POINT(10 10)", "properties": {"count": 7}},
            {"geometry": "POINT(20 20)", "properties": {}},
            {"geometry": "POINT(-9 20)", "properties": {}},  # of the neighbouring tile
        ]
        body = mapbox_vector_tile.encode([{"name": "markers", "features": features}])
        assert answers.tile(body).count == 8

    def test_the_item_that_was_asked_for(self, markers: Markers) -> None:
        question = Item(2, "m1")
        assert answers.wrong(question, answers.of_ids(["m2"]), truth(markers, question))

    def test_a_window_has_an_answer_even_if_empty(self, markers: Markers) -> None:
        assert truth(markers, Window((0, 0, 1, 1))).count == 0


@contextmanager
def counting() -> Iterator[tuple[str, list[str]]]:
    """A server that notes what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Stay silent: wrk goes without a word."""

    server = Quiet(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()


@pytest.mark.skipif(shutil.which("wrk") is None, reason="needs wrk: apt-get install wrk")
class TestLoad:
    @pytest.mark.parametrize("connections", [1, 4])
    def test_a_short_list_is_asked_once_to_its_end(self, connections: int) -> None:
        targets = [f"/{i}" for i in range(9)]
        with counting() as (base, asked):
            timing = load.once(base, targets, seconds=1, connections=connections)
        assert sorted(set(asked)) == targets
        assert timing.answers == len(targets)
        assert timing.failed == 0

    def test_a_long_list_is_never_begun_again(self) -> None:
        targets = [f"/{i}" for i in range(200)]
        with counting() as (base, asked):
            timing = load.once(base, targets, seconds=60, connections=2)
        assert 190 <= timing.answers <= 202
        assert len(asked) <= 204


@pytest.mark.skipif(not processes.PROC.exists(), reason="needs Linux's /proc")
def test_memory_and_time_of_descendants_count() -> None:
    spent = "end = now() + 0.2; all(iter(lambda: now() < end, False))"  # of its processor time
    work = f"print(flush=True); input(); {spent}; print(flush=True); input()"
    child = f"from time import process_time as now; x = bytearray(80_000_000); {work}"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        assert processes.use(process.pid).own > 80
        clock = processes.Clock(process.pid)
        process.stdin.write(b"\n")
        process.stdin.flush()
        process.stdout.readline()
        assert clock.seconds() > 0.19
        process.communicate(b"\n")
