"""A process that writes: `python -m tests.geo.writer STORE NAME TIMES` tells each row it kept."""

import sys

from geo import change, layers, store
from geo.change import Edit


def main() -> None:
    place, name, times = sys.argv[1:]
    engine = store.open_store(place)
    for turn in range(int(times)):
        feature = {
            "type": "Feature",
            "id": f"{name}.{turn}",
            "geometry": {"type": "Point", "coordinates": [107.5, 12.5]},
            "properties": {"number": f"{turn}", "province_origin_id": "vn.dak-nong"},
        }
        with store.writing(engine) as conn:
            saved = change.create(conn, layers.MARKERS, feature, Edit(name, "at once"))
        print(saved.id, flush=True)  # noqa: T201
    engine.dispose()


if __name__ == "__main__":
    main()
