"""The kinds of jobs that there are."""

from __future__ import annotations

from office import agreeing, backing_up, exporting, importing, reminding
from office.work import Kind

KINDS: dict[str, Kind] = {
    exporting.KIND: Kind("Xuất tệp", "Export", exporting.run),
    importing.PREVIEW: Kind("Kiểm tra tệp nhập", "Check of a file to import", importing.preview),
    importing.COMMIT: Kind("Nhập tệp", "Import", importing.commit),
    agreeing.PROPOSE: Kind("Đề nghị nhập tệp", "Proposal of an import", agreeing.run_propose),
    agreeing.ACCEPT: Kind("Nhập tệp được duyệt", "Import that was approved", agreeing.run_accept),
    importing.UNDO: Kind("Hoàn tác lần nhập", "Undo of an import", importing.undo),
    backing_up.KIND: Kind("Sao lưu", "Backup", backing_up.run),
    reminding.KIND: Kind("Nhắc việc cho mọi người", "Reminders to everybody", reminding.run),
    reminding.OWN_KIND: Kind("Nhắc việc", "Reminder", reminding.run_own),
}
