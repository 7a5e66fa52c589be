"""Why a feature is not written: the reasons, said once, and the error that names one."""

from __future__ import annotations

from collections.abc import Sequence

from geo.errors import RowError
from geo.vocabulary import Vocabulary


class Reason(Vocabulary):
    """What is wrong with a member or a property of a feature."""

    UNKNOWN = "unknown", "lớp không có thuộc tính này", "is not known here"
    REQUIRED = "required", "bắt buộc phải có", "is required"
    TYPE = "type", "sai kiểu giá trị", "is not of the wanted type"
    VOCABULARY = "vocabulary", "không có trong danh mục", "is not in the list of values"
    TOO_LARGE = "too_large", "số quá lớn", "is too large a number"
    NUL = "nul", "chứa ký tự rỗng (NUL)", "holds the character NUL"
    DERIVED = "derived", "được suy ra từ dữ liệu khác", "follows from other rows"
    REFERENCE = "reference", "đối tượng được nêu không tồn tại", "names what is not there"
    CYCLE = "cycle", "các đơn vị kế tục nhau theo vòng tròn", "makes a unit follow itself"
    PERIOD = "period", "thời hạn kết thúc trước khi bắt đầu", "ends before it begins"
    GEOMETRY = "geometry", "hình học không hợp lệ", "is not a usable geometry"
    GEOMETRY_TYPE = "geometry_type", "sai loại hình học của lớp", "is not the layer's geometry type"
    RANGE = "range", "tọa độ ngoài phạm vi kinh độ, vĩ độ", "lies outside longitude and latitude"
    HEIGHT = "height", "tọa độ không được có độ cao", "has a height, which geometry does not keep"
    HIDDEN = "hidden", "người ghi không được xem mức này", "is a level that the writer cannot read"
    OPENER = "opener", "mở hơn cột mốc mà nó thuộc về", "is more open than its marker"
    IDENTIFIER = "identifier", "mã không hợp lệ", "is not an identifier"
    FIXED = "fixed", "mã không thể thay đổi", "cannot be changed"


class FeatureError(RowError):
    """A feature that somebody wants to be written breaks the declaration of its layer.

    `parameter` names the property or member, `reason` why it is refused.
    """

    code = "bad_feature"

    def __init__(
        self,
        reason: Reason,
        parameter: str,
        *,
        value: object = None,
        allowed: Sequence[str] | None = None,
        note: str = "",
    ) -> None:
        said = f"{parameter} {reason.en}" + (f": {note}" if note else "")
        super().__init__(said, parameter=parameter, value=value, allowed=allowed)
        self.reason = reason
