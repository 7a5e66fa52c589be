"""The kinds of jobs that there are."""

from __future__ import annotations

from office import exporting
from office.work import Kind

KINDS: dict[str, Kind] = {
    exporting.KIND: Kind("Xuất tệp", "Export", exporting.run),
}
