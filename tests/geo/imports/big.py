"""A sheet of many markers, and its preview in a process of its own that tells what it took.

It is judged as that of an editor of the province, asked for each row, and kept as it is shown.
"""

import resource
import sys
from datetime import datetime
from pathlib import Path

import numpy as np
import orjson
import xlsxwriter

from geo import crs
from geo.imports import judging, spool
from geo.imports.options import Options
from geo.register import Register
from geo.store import open_store
from office import importing
from office.actor import Actor, Role
from tests.geo.imports import messy

OPTIONS = Options("markers", constants={"border": "VN-KH"}, as_of="2014-12-31")
EDITOR = Actor("lan", "lan", Role.EDITOR, frozenset({"vn.dak-nong"}), "session", second_factor=True)
LINE = 50  # markers of one main number


def write(path: Path, count: int) -> None:
    number = np.arange(count)
    lon, lat = 107.25 + number % 300 * 0.0023, 11.85 + number // 300 * 0.003
    points = np.column_stack([lon, lat])
    plane = crs.from_wgs84(points, crs=messy.ZONE, operation="EPSG:6960").points.round(3).tolist()
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        day, page = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_worksheet()
        page.write_row(0, 0, messy.HEADERS)
        for i, (east, north) in enumerate(plane):
            main, aux = 1 + i // LINE, i % LINE
            name = f"{main}/{aux}" if aux else str(main)
            page.write_row(i + 1, 0, [i + 1, name, north, east, "Mốc chính", "tốt"])
            page.write_datetime(i + 1, 6, datetime(2012, 1 + i % 12, 1 + i % 28), day)
            page.write_row(i + 1, 7, [500 + i % 300, "Đắk Nông", f"ghi chú {i}"])


def main() -> None:
    """Preview a file on a register and print what it took: CPU seconds, bytes of memory."""
    register, path = Register(open_store(sys.argv[1])), Path(sys.argv[2])
    upload = spool.begin(path.parent / "waiting", path.name, OPTIONS, EDITOR.id)
    path.rename(upload.file)
    who = importing.importer(EDITOR, register)
    judging.judge(register.engine, upload, who)
    own, reader = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    told = {
        "counts": upload.told(who.asked.sight)["counts"],
        "seconds": sum(one.ru_utime + one.ru_stime for one in (own, reader)),
        "bytes": (own.ru_maxrss + reader.ru_maxrss) * 1024,
    }
    sys.stdout.buffer.write(orjson.dumps(told))


if __name__ == "__main__":
    main()
