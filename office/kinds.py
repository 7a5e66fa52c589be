"""The kinds of jobs that there are."""

from __future__ import annotations

from office import exporting, importing
from office.work import Kind

KINDS: dict[str, Kind] = {
    exporting.KIND: Kind("Xuất tệp", "Export", exporting.run),
    importing.PREVIEW: Kind("Kiểm tra tệp nhập", "Check of a file to import", importing.preview),
    importing.COMMIT: Kind("Nhập tệp", "Import", importing.commit),
    importing.UNDO: Kind("Hoàn tác lần nhập", "Undo of an import", importing.undo),
}
