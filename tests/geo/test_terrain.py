"""Heights: interpolation, edges, and the embedded relief against known places."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin

from geo.errors import OutsideError
from geo.terrain import TerrainError, height

RELIEF = Path(__file__).parents[2] / "data" / "terrain" / "relief.tif"
UNKNOWN = -9999


def write(path: Path, metres: NDArray[np.int16], *, crs: str = "EPSG:4326") -> Path:
    """Write a raster with cells of one degree from 100° E, 20° N."""
    with rasterio.open(
        path, "w", driver="GTiff", width=metres.shape[1], height=metres.shape[0], count=1,
        dtype="int16", crs=crs, transform=from_origin(100, 20, 1, 1), nodata=UNKNOWN,
    ) as dataset:  # fmt: skip
        dataset.write(metres, 1)
    return path


@pytest.fixture
def slope(tmp_path: Path) -> Path:
    """Make a plane that rises 10 m a degree eastward and 100 m a degree northward."""
    metres = np.add.outer(np.array([300, 200, 100, 0]), np.array([0, 10, 20, 30]))
    return write(tmp_path / "slope.tif", metres.astype(np.int16))


@pytest.mark.parametrize(
    ("lon", "lat", "metres"),
    [(100.5, 19.5, 300), (101.5, 19.5, 310), (101.0, 19.0, 255), (102.25, 17.75, 142.5)],
)
def test_bilinear_between_cell_centres(slope: Path, lon: float, lat: float, metres: float) -> None:
    assert height(slope, lon, lat).height_m == metres


@pytest.mark.parametrize(("lon", "lat", "metres"), [(100, 20, 300), (104, 16, 30), (100, 16, 0)])
def test_the_outermost_half_cell_keeps_its_height(
    slope: Path, lon: float, lat: float, metres: float
) -> None:
    assert height(slope, lon, lat).height_m == metres


@pytest.mark.parametrize(("lon", "lat"), [(99.99, 18), (102, 20.01), (16, 106), (float("nan"), 18)])
def test_outside_is_said_with_what_is_covered(slope: Path, lon: float, lat: float) -> None:
    with pytest.raises(OutsideError, match="100 to 104° E, 16 to 20° N"):
        height(slope, lon, lat)


def test_unknown_cells_do_not_count(tmp_path: Path) -> None:
    raster = write(tmp_path / "hole.tif", np.array([[100, UNKNOWN], [100, UNKNOWN]], np.int16))
    assert height(raster, 101.0, 19.0).height_m == 100
    with pytest.raises(OutsideError, match="No height"):
        height(raster, 101.5, 19.0)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "relief.tif"
    write(path, np.full((2, 2), 7, np.int16))
    assert height(path, 101, 19).height_m == 7
    path.unlink()
    write(path, np.full((2, 2), 9, np.int16))
    assert height(path, 101, 19).height_m == 9


def test_what_is_no_relief(tmp_path: Path) -> None:
    with pytest.raises(TerrainError, match="no relief"):
        height(tmp_path / "none.tif", 105, 16)
    text = tmp_path / "text.tif"
    text.write_text("not a raster")
    with pytest.raises(TerrainError, match="not a raster"):
        height(text, 105, 16)
    grid = write(tmp_path / "grid.tif", np.zeros((2, 2), np.int16), crs="EPSG:32648")
    with pytest.raises(TerrainError, match="EPSG:4326"):
        height(grid, 105, 16)


MARKERS = [  # lon, lat, height published in the protocols or the press
    (102.1439192, 22.4006375, 1866.23),
    (107.5566083, 14.6860556, 1081),
    (104.7343886, 22.8318467, 1904.58),
    (104.8495628, 22.9368686, 123.88),
    (104.8393522, 23.1113592, 1643.06),
    (104.9674681, 23.2001867, 720.79),
    (105.3064542, 23.3797411, 788.83),
]


@pytest.mark.skipif(not RELIEF.exists(), reason="the data set has not been built")
def test_the_embedded_relief_says_how_far_it_is_off_at_markers() -> None:
    found = [height(RELIEF, lon, lat) for lon, lat, _ in MARKERS]
    off = np.array([f.height_m for f in found]) - [published for *_, published in MARKERS]
    assert found[0].spot_accuracy_m == pytest.approx(np.sqrt((off**2).mean()), abs=10)
    assert found[0].accuracy_m == 51
    assert found[0].resolution_arcmin == 2
    assert found[0].resolution_m == pytest.approx(3700, abs=20)


@pytest.mark.skipif(not RELIEF.exists(), reason="the data set has not been built")
@pytest.mark.parametrize(
    ("lon", "lat", "metres"),
    [(105.841, 21.0245, 12), (102.6, 17.967, 174), (108.0, 13.983, 780), (103.016, 21.386, 490)],
)
def test_plains_and_plateaus_are_near(lon: float, lat: float, metres: float) -> None:
    """Hà Nội, Vientiane, Pleiku and Điện Biên Phủ lie on ground that is level for kilometres."""
    assert height(RELIEF, lon, lat).height_m == pytest.approx(metres, abs=51)
