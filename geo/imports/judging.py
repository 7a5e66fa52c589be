"""Judging an upload, keeping what its sender is shown of it, and writing it as it was shown."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from geo import files, store
from geo.change import Edit
from geo.errors import ConflictError
from geo.imports import commit, faults, proposing, reading, spool
from geo.imports import preview as previews
from geo.imports.commit import Done
from geo.imports.findings import Finding, Refusal, RowsError
from geo.imports.preview import Phase, Preview, Tell, silent
from geo.imports.records import Action
from geo.imports.rights import May
from geo.imports.spool import Upload
from geo.query import Filter

_ENDING = re.compile(r"\.[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class Importer:
    """Who imports: what he is shown, and what he may write; None means all that he sees."""

    asked: Filter
    may: May | None = None


def judge(
    engine: Engine,
    upload: Upload,
    who: Importer,
    *,
    most: int | None = None,
    tell: Tell = silent,
) -> None:
    """Make the preview of an upload and keep it.

    Raises:
        FileError: the file is refused.
        LongFileError: it has more than `most` rows.
    """
    made = _preview(engine, upload, who, most, tell)
    spool.keep(upload, made, who.asked.sight)


def _preview(
    engine: Engine, upload: Upload, who: Importer, most: int | None, tell: Tell
) -> Preview:
    with engine.connect() as conn:
        return previews.preview(
            conn,
            upload.file,
            upload.name,
            upload.options,
            asked=who.asked,
            may=who.may,
            tell=tell,
            most=most,
            keep=upload.folder,
        )


def write(
    engine: Engine,
    upload: Upload,
    who: Importer,
    edit: Edit,
    *,
    key: str | None = None,
    most: int | None = None,
    tell: Tell = silent,
) -> Done:
    """Commit an upload as it was shown; `key` is the id that its import shall have.

    Raises:
        RowsError: rows have errors, or the register is no longer what it was shown on, or its
            sender may not write them any more.
        LongFileError: it has more than `most` rows.
        ConflictError: it was not shown yet.
    """
    made = _as_shown(engine, upload, who, most, tell)
    total = made.counts[Action.CREATE.value] + made.counts[Action.CHANGE.value]
    progress = adding(tell, total)
    with store.writing(engine) as conn:
        return commit.commit(
            conn, made, edit, asked=who.asked, may=who.may, key=key, progress=progress
        )


def propose(
    engine: Engine, upload: Upload, who: Importer, *, most: int | None = None, tell: Tell = silent
) -> proposing.Draft:
    """Draw up an upload as it was shown, for an approver.

    Raises:
        RowsError, LongFileError, ConflictError: as of `write`, but of who may write it.
    """
    made = _as_shown(engine, upload, who, most, tell)
    with engine.connect() as conn:
        return proposing.draw_up(conn, made, asked=who.asked, may=who.may)


def _as_shown(
    engine: Engine, upload: Upload, who: Importer, most: int | None, tell: Tell
) -> Preview:
    """Judge an upload again, and see that nothing is other than it was shown."""
    shown = upload.seen()
    if not upload.is_judged():
        raise ConflictError(
            "The options have changed since the check; have the file checked again",
            vi="lựa chọn đã thay đổi sau khi kiểm tra, hãy kiểm tra lại tệp",
        )
    made = _preview(engine, upload, who, most, tell)
    changed: list[Finding] = []
    for record in made.records:
        if [record.action.value, record.base] != shown.get(str(record.row)):
            changed += commit.since(record)
    if changed:
        raise RowsError(Refusal.CHANGED, changed)
    return made


def adding(tell: Tell, total: int) -> Callable[[int], None]:
    """Return what adds up the rows that are written; those that come with others go unsaid."""
    done = 0

    def progress(count: int) -> None:
        nonlocal done
        done = min(done + count, total)
        tell(Phase.WRITING, done, total)

    return progress


def write_faults(upload: Upload, who: Importer, *, ending: str, lang: str) -> Path:
    """Write the file of faults, as they were shown, into the upload's folder; returns its path.

    Raises:
        ConflictError: nothing was shown yet, or not to one who sees what he sees now.
    """
    assert _ENDING.fullmatch(ending)  # noqa: S101
    of_sheet, by_row = upload.told(who.asked.sight)["findings"], upload.found(who.asked.sight)
    path = upload.folder / f"faults.{lang}{ending}"
    with (
        reading.table(upload.file, upload.name, upload.options.sheet, keep=upload.folder) as table,
        TemporaryDirectory(prefix="cotmoc-faults-") as folder,
        files.whole(path) as part,  # it may be asked for twice at the same time
    ):
        made = Path(folder) / path.name
        faults.write_told(of_sheet, by_row, table, made, lang=lang)
        shutil.copyfile(made, part)
    return path
