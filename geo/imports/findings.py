"""What is found in a file that is to be imported: each reason once, with its words."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from geo.errors import BadInputError, ConflictError
from geo.vocabulary import Vocabulary

MOST_SAID = 1_000  # findings that an error carries


class Problem(Vocabulary):
    """What is wrong with, or to be known of, a cell or a row."""

    CELL_ERROR = "cell_error", "ô báo lỗi công thức", "the formula ends in an error"
    NO_RESULT = "no_result", "công thức chưa được tính", "the formula has no computed value"
    TOO_LONG = "too_long", "nội dung quá dài", "the text is too long"
    REQUIRED = "required", "bắt buộc phải có", "a value is required"
    NOT_A_NUMBER = "not_a_number", "không phải là số", "is not a number"
    AMBIGUOUS_NUMBER = (
        "ambiguous_number",
        "số đọc được hai cách: dấu chấm là phần nghìn hay thập phân",
        "can be read in two ways: the point may part thousands or decimals",
    )
    NOT_WHOLE = "not_whole", "không phải là số nguyên", "is not a whole number"
    NOT_A_DATE = "not_a_date", "không phải là ngày", "is not a date"
    AMBIGUOUS_DATE = "ambiguous_date", "ngày, tháng bị đảo", "day and month look swapped"
    ONLY_YEAR = "only_year", "chỉ biết năm, ghi ngày 01/01", "only the year is known: kept as 1 Jan"
    ONLY_MONTH = (
        "only_month",
        "chỉ biết tháng, ghi ngày 01",
        "only the month is known: kept as its first day",
    )
    FUTURE = "future", "ngày ở tương lai", "the date lies in the future"
    NOT_A_TERM = "not_a_term", "không có trong danh mục", "is not in the list of values"
    NOT_A_MARKER = "not_a_marker", "không phải số hiệu mốc", "is not a marker's number"
    TURNED_DATE = (
        "turned_date",
        "Excel đã đổi số hiệu thành ngày",
        "Excel turned the number into a date",
    )
    TURNED_BACK = (
        "turned_back",
        "Excel đã đổi số hiệu thành ngày; đã khôi phục theo các dòng bên cạnh",
        "Excel had turned the number into a date; restored from the rows beside it",
    )
    NOT_AN_ANGLE = "not_an_angle", "không phải kinh độ, vĩ độ", "is not a longitude or latitude"
    HALF_A_PLACE = "half_a_place", "thiếu một trong hai tọa độ", "one of the two coordinates lacks"
    NOT_FINITE = "not_finite", "tọa độ không hữu hạn", "a coordinate is not finite"
    SWAPPED = "swapped", "kinh độ và vĩ độ bị đảo", "longitude and latitude were swapped"
    SWAPPED_AXES = (
        "swapped_axes",
        "X (Bắc) và Y (Đông) bị đảo",
        "X (north) and Y (east) were swapped",
    )
    OUTSIDE = "outside", "điểm nằm ngoài khu vực", "the point lies outside the region"
    OFF_PROVINCE = (
        "off_province",
        "điểm nằm xa tỉnh đã ghi",
        "the point lies far from the province that is stated",
    )
    WRONG_ZONE = (
        "wrong_zone",
        "sai kinh tuyến trục (múi chiếu) VN-2000",
        "the wrong VN-2000 zone (central meridian)",
    )
    NO_CRS = (
        "no_crs",
        "tọa độ phẳng: cần chọn hệ tọa độ",
        "plane coordinates: choose their coordinate system",
    )
    NO_PROVINCE = "no_province", "không có tỉnh này", "there is no such province"
    MANY_PROVINCES = (
        "many_provinces",
        "tên tỉnh ứng với nhiều đơn vị",
        "the name stands for several provinces",
    )
    NO_DATE_OF_SHEET = (
        "no_date_of_sheet",
        "cần ngày của tình trạng hoặc giai đoạn",
        "a condition or stage needs a date",
    )
    TWICE = "twice", "trùng với dòng khác trong tệp", "stands on another row of the file too"
    NEAR_TWIN = (
        "near_twin",
        "cùng chỗ với dòng khác trong tệp",
        "lies at the same place as another row of the file",
    )
    NEAR_OTHER = (
        "near_other",
        "cùng chỗ với đối tượng khác đã có",
        "lies at the same place as another row of the register",
    )
    MOVED = "moved", "vị trí cách xa vị trí đã có", "lies far from where the register has it"
    REFUSED = "refused", "không ghi được", "cannot be written"
    NOT_ALLOWED = "not_allowed", "không được phép ghi", "must not be written"
    NEEDS_APPROVER = "needs_approver", "cần người phê duyệt", "needs an approver"
    TAKEN = "taken", "mã này đã được dùng", "the identifier is not free"
    BAD_GEOMETRY = "bad_geometry", "hình học không hợp lệ", "is not a usable geometry"
    CHANGED_SINCE = (
        "changed_since",
        "đã bị sửa từ khi xem trước",
        "has been changed since",
    )
    NAMED = "named", "đối tượng khác đang dẫn tới", "other rows name it"


class Level(StrEnum):
    """Whether a row with the finding can be written: not, by who approves it, by its sender."""

    ERROR = "error"
    APPROVAL = "approval"
    WARNING = "warning"


WARNINGS = frozenset(
    (
        Problem.ONLY_YEAR, Problem.ONLY_MONTH, Problem.TURNED_BACK, Problem.SWAPPED,
        Problem.SWAPPED_AXES, Problem.NEAR_TWIN, Problem.NEAR_OTHER, Problem.MOVED,
        Problem.MANY_PROVINCES,
    )
)  # fmt: skip


# They tell of a row that stands twice, in the file or beside the register.
DUPLICATES = frozenset((Problem.TWICE, Problem.NEAR_TWIN, Problem.NEAR_OTHER))


class Said(NamedTuple):
    """More words to a finding, in Vietnamese and English."""

    vi: str = ""
    en: str = ""

    @classmethod
    def same(cls, text: str) -> Said:
        """Return a text that is the same in both: a number, a name, a code."""
        return cls(text, text)


NOTHING = Said()


class Finding(NamedTuple):
    """A problem at a row (as the sheet counts, from 1) and column (letter and header)."""

    problem: Problem
    row: int | None
    column: str | None = None
    header: str | None = None
    value: str | None = None
    said: Said = NOTHING
    reason: Vocabulary | None = None  # of a refusal, by the rules of the layer or of who may what
    accepted: bool = False  # by the person who imports

    @property
    def level(self) -> Level:
        """Whether it is an error, waits for an approver, or is a warning."""
        if self.problem is Problem.NEEDS_APPROVER:
            return Level.APPROVAL
        is_mild = self.accepted or self.problem in WARNINGS
        return Level.WARNING if is_mild else Level.ERROR

    def text(self, lang: str) -> str:
        """Return the reason in `vi` or `en`."""
        word: Vocabulary = self.reason or self.problem
        more = self.said.en if lang == "en" else self.said.vi
        return (word.en if lang == "en" else word.vi) + (f": {more}" if more else "")

    def told(self) -> dict[str, Any]:
        """Return the finding as plain values."""
        return {
            "row": self.row,
            "column": self.column,
            "header": self.header,
            "value": self.value,
            "level": self.level.value,
            "code": (self.reason or self.problem).value,
            "text_vi": self.text("vi"),
            "text_en": self.text("en"),
        }


class ValueProblem(Exception):  # noqa: N818
    """A value cannot be read; it becomes a finding where the row is known."""

    def __init__(self, problem: Problem, said: Said = NOTHING) -> None:
        super().__init__(problem.value)
        self.problem, self.said = problem, said


class Refusal(Vocabulary):
    """Why a whole file is not taken."""

    UNKNOWN_TYPE = "unknown_type", "không nhận ra loại tệp", "the kind of file is not known here"
    NOT_AS_NAMED = (
        "not_as_named",
        "nội dung không đúng với phần mở rộng của tên",
        "the content is not what the name's ending says",
    )
    TOO_BIG = "too_big", "tệp quá lớn", "the file is too large"
    TOO_MUCH = "too_much", "tệp bung ra quá lớn", "the file unpacks to too much"
    BAD_ARCHIVE = "bad_archive", "tệp nén không an toàn", "the archive is not safe to unpack"
    ENTITIES = "entities", "XML khai báo thực thể", "the XML declares entities"
    BROKEN = "broken", "không đọc được tệp", "the file cannot be read"
    LOCKED = "locked", "tệp có mật khẩu", "the file has a password"
    TOO_WIDE = "too_wide", "quá nhiều cột", "there are too many columns"
    TOO_MANY_ROWS = "too_many_rows", "quá nhiều dòng", "there are too many rows"
    TOO_DEEP = "too_deep", "dữ liệu lồng quá sâu", "the data are nested too deep"
    TOO_LONG_TO_READ = (
        "too_long_to_read",
        "đọc tệp tốn quá nhiều thời gian hoặc bộ nhớ",
        "reading the file takes too much time or memory",
    )
    EMPTY = "empty", "tệp không có dữ liệu", "the file holds no data"
    NO_HEADER = "no_header", "không tìm thấy dòng tiêu đề", "no row of headers was found"
    NO_SHEET = "no_sheet", "không có trang tính này", "there is no such sheet"
    OUR_STORE = "our_store", "đây là kho dữ liệu đang dùng", "this is the register itself"
    NO_IMPORT = "no_import", "không có lần nhập này", "there is no such import"
    FINDINGS = "findings", "còn lỗi phải sửa", "there are errors to mend first"
    NOT_ALLOWED = "not_allowed", "có dòng không được phép ghi", "some rows must not be written"
    CHANGED = "changed", "dữ liệu đã thay đổi từ khi xem trước", "the register has changed since"


class FileError(BadInputError):
    """A file cannot be imported; `refusal` says why."""

    code = "bad_file"

    def __init__(self, refusal: Refusal, more: str = "", *, value: object = None) -> None:
        said = f"{refusal.en}" + (f": {more}" if more else "")
        super().__init__(said[:1].upper() + said[1:], parameter="file", value=value)
        self.refusal = refusal
        self.reason = refusal


class RowsError(ConflictError):
    """Rows forbid the whole; `findings` names each of them, `told` does so as plain values."""

    code = "bad_rows"

    def __init__(
        self,
        refusal: Refusal,
        findings: Sequence[Finding] = (),
        *,
        told: Sequence[dict[str, Any]] = (),
    ) -> None:
        count = len(findings) or len(told)
        super().__init__(f"{refusal.en[:1].upper()}{refusal.en[1:]}: {count} rows")
        self.refusal, self.reason, self.findings = refusal, refusal, tuple(findings[:MOST_SAID])
        self.told = [one.told() for one in self.findings] or list(told[:MOST_SAID])
