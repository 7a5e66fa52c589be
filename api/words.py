"""The words of errors, in Vietnamese and English."""

from __future__ import annotations

from typing import Any

from geo.evidence.content import Flaw
from geo.imports.findings import Refusal as FileRefusal
from geo.refusal import Reason
from office.can import Refusal

_TITLES: dict[str, tuple[str, str]] = {
    "bad_input": ("Giá trị không hợp lệ", "A value cannot be used"),
    "long_read": ("Yêu cầu này đọc quá lâu", "Reading this takes too long"),
    "bad_row": ("Dòng dữ liệu không hợp lệ", "A row cannot be used"),
    "unknown_layer": ("Không có lớp dữ liệu này", "There is no such layer"),
    "unknown_property": ("Lớp không có thuộc tính này", "The layer has no such property"),
    "unknown_crs": ("Không hỗ trợ hệ tọa độ này", "The coordinate system is not supported"),
    "operation_needed": ("Cần chọn phép chuyển hệ tọa độ", "Choose a datum operation"),
    "outside": ("Nằm ngoài vùng có dữ liệu", "Outside the area that is covered"),
    "terrain_unavailable": ("Không đọc được dữ liệu độ cao", "The relief cannot be read"),
    "bad_host": ("Tên máy chủ không hợp lệ", "The Host cannot be used"),
    "not_found": ("Không tìm thấy", "Not found"),
    "method_not_allowed": ("Không cho phép", "Method not allowed"),
    "bad_feature": ("Không ghi được đối tượng", "The feature cannot be written"),
    "bad_file": ("Không nhập được tệp", "The file cannot be imported"),
    "bad_rows": ("Có dòng chưa nhập được", "Some rows cannot be imported"),
    "bad_evidence": ("Không nhận được tệp này", "The file cannot be taken"),
    "bad_json": ("Nội dung gửi lên không phải JSON", "The body is not JSON"),
    "not_allowed": ("Không được phép", "Not allowed"),
    "conflict": ("Không làm được lúc này", "This cannot be done as things are now"),
    "changed_since": ("Đã thay đổi từ đó, không hoàn tác được", "Changed since, cannot be undone"),
    "decided": ("Đề nghị này đã được quyết định", "The proposal has been decided already"),
    "stale": ("Đối tượng đã bị sửa từ khi được đọc", "Changed since it was read"),
    "precondition_required": ("Thiếu điều kiện If-Match", "The header If-Match is missing"),
    "too_large": ("Nội dung gửi lên quá lớn", "The body is too large"),
    "unsupported_media_type": (
        "Không đọc được kiểu nội dung này",
        "Content of this type cannot be read",
    ),
    "store_full": ("Kho dữ liệu đã đầy", "The store is full"),
    "store_error": ("Kho dữ liệu tạm thời không đọc được", "The store cannot be read now"),
    "store_unsure": ("Không rõ đã lưu hay chưa", "Nobody knows whether this was kept"),
    "foreign_store": ("Không đọc được kho dữ liệu", "The store cannot be read"),
    "old_store": ("Kho dữ liệu cần được nâng cấp", "The store has to be upgraded"),
    "bad_backup": ("Không sao lưu được", "There is no backup"),
    "worker_died": ("Tiến trình xử lý bị dừng nhiều lần", "The worker ended too often"),
    "sign_in_needed": ("Cần đăng nhập", "Sign in first"),
    "bad_credentials": ("Sai tên hoặc mật khẩu", "The name or the password is wrong"),
    "bad_token": ("Mã truy cập API không dùng được", "The API token cannot be used"),
    "bad_code": ("Mã xác thực không đúng hoặc đã dùng", "The code is wrong or was used"),
    "second_factor_needed": ("Cần xác thực bước hai", "Show the second factor first"),
    "too_many_attempts": ("Thử quá nhiều lần, hãy đợi rồi thử lại", "Too many attempts; wait"),
    "too_many_requests": ("Quá nhiều yêu cầu, hãy đợi rồi thử lại", "Too many requests; wait"),
    "too_slow": ("Nội dung gửi lên quá chậm", "The body comes too slowly"),
    "csrf": ("Yêu cầu không đến từ trang của hệ thống", "Not sent by our own pages"),
    "link_unusable": ("Liên kết không còn dùng được", "The link cannot be used any more"),
    "weak_password": (
        "Mật khẩu cần 12–256 ký tự, ít nhất 6 ký tự khác nhau, không chứa tên người dùng",
        "The password is too easy to guess",
    ),
    "provider_error": ("Không dùng được máy chủ định danh", "The identity provider failed"),
    "no_role": ("Tài khoản chưa được cấp vai trò", "No group of the account has a role here"),
    "account_error": ("Không được phép", "Not allowed"),
    "internal_error": ("Lỗi máy chủ", "Server error"),
}
_FULL = (
    "Không còn chỗ trống; thay đổi này không được lưu, dữ liệu đã có vẫn nguyên vẹn."
    " Hãy báo cho người quản trị.",
    "There is no room left: this change was not kept, all that was there is. Tell the operator.",
)
_UNCHANGED = (
    "Dữ liệu không bị thay đổi. Hãy thử lại; nếu vẫn lỗi, báo cho người quản trị.",
    "Nothing was changed. Try again; if it happens again, tell the operator.",
)
_UNSURE = (
    "Không chắc thay đổi đã được lưu hay chưa: hãy mở xem lại trước khi gửi lần nữa;"
    " nếu vẫn lỗi, báo cho người quản trị.",
    "It is not certain whether this was kept: look before you send it again;"
    " if it happens again, tell the operator.",
)
_OTHER = ("Lỗi", "Error")


_WORDS = (Reason, Refusal, FileRefusal, Flaw)
_REASONS = {reason.value: reason.vi for words in _WORDS for reason in words}


def say(
    code: str, status: int, lang: str, given: dict[str, Any], *, certain: bool = True
) -> dict[str, str]:
    """Return the title and the detail of a problem in the language asked for.

    `certain` says that nothing was changed, for a problem of the server's own.
    """
    title = _TITLES.get(code, _OTHER)[lang == "en"]
    if status >= 500:
        told = _UNSURE if not certain else _FULL if code == "store_full" else _UNCHANGED
        return {"title": title, "detail": told[lang == "en"]}
    detail = given.get("detail", title) if lang == "en" else _vietnamese(title, given)
    return {"title": title, "detail": str(detail)}


def _vietnamese(title: str, given: dict[str, Any]) -> str:
    if "detail_vi" in given:
        return f"{title}: {given['detail_vi']}."
    parts = [title]
    if given.get("reason") in _REASONS:
        parts.append(_REASONS[given["reason"]])
    if "parameter" in given:
        parts.append(f"tham số “{given['parameter']}”")
    if "value" in given:
        parts.append(f"giá trị “{given['value']}”")
    text = ", ".join(parts)
    if "allowed" in given:
        text += f"; chấp nhận: {', '.join(map(str, given['allowed']))}"
    return f"{text}."
