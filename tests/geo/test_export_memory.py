"""What an export holds in memory does not grow with the rows: counted, not timed."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from geo import exports, layers, store
from geo.exports import Order
from geo.period import parse
from geo.query import Filter
from geo.register import Register
from tests.geo import many

ROWS = 20_000
FEWER = 4_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    path = tmp_path_factory.mktemp("large") / "large.gpkg"
    many.make(path, ROWS)
    engine = store.open_store(path)
    yield Register(engine)
    engine.dispose()


def peak(made: Register, name: str, rows: int) -> tuple[int, int, int]:
    """The most that Python and Arrow held while a file was made, and its size, in bytes."""
    order = Order(layers.MARKERS, Filter(parse(None)), most=rows)
    own, pool = pa.default_memory_pool(), pa.proxy_memory_pool(pa.default_memory_pool())
    pa.set_memory_pool(pool)
    tracemalloc.start()
    try:
        size = sum(map(len, exports.stream(made.engine, order, name)))
        return tracemalloc.get_traced_memory()[1], pool.max_memory(), size
    finally:
        tracemalloc.stop()
        pa.set_memory_pool(own)


@pytest.mark.parametrize("name", ["geojson", "csv", "gpkg", "parquet"])
def test_memory_does_not_grow_with_the_rows(large: Register, name: str) -> None:
    peak(large, name, 10)  # what is imported and made once
    python, arrow, small = peak(large, name, FEWER)
    python_of_all, arrow_of_all, whole = peak(large, name, ROWS)
    assert whole > 3 * small
    assert python_of_all < 1.3 * python + 1_000_000
    assert arrow_of_all < 1.3 * arrow + 30_000_000  # one row group of Parquet
    assert python_of_all < 40_000_000


def test_the_whole_is_there(large: Register, tmp_path: Path) -> None:
    pieces = exports.stream(large.engine, Order(layers.MARKERS, Filter(parse(None))), "geojsonseq")
    text = b"".join(pieces)
    assert text.count(b"\x1e") == text.count(b"\n") == ROWS
