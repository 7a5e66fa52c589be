"""The words of the pages, in Vietnamese and English."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """What the pages say."""

    skip: str = "Bỏ qua đến nội dung"
    app: str = "Bản đồ"
    connect: str = "Kết nối QGIS, ArcGIS, GDAL"
    api: str = "API"
    other_language: str = "English"
    trail: str = "Đường dẫn"
    forms: str = "Dạng khác"
    related: str = "Liên kết"
    exercise: str = "DIỄN TẬP: mọi dữ liệu ở đây đều là giả định"
    layers: str = "Lớp dữ liệu"
    layer: str = "Lớp"
    rows: str = "Số đối tượng"
    geometry: str = "Hình học"
    no_geometry: str = "không có hình học"
    items: str = "Đối tượng"
    shown: str = "{shown} / {of} đối tượng"
    none: str = "Không có đối tượng nào phù hợp. Hãy bỏ bớt điều kiện lọc."
    previous: str = "Trang trước"
    next: str = "Trang sau"
    paging: str = "Trang"
    table: str = "Bảng đối tượng; cuộn ngang để xem hết cột"
    map: str = "Bản đồ nhỏ: {what}"
    no_place: str = "Không có vị trí để vẽ."
    indicative: str = "Vòng chấm: vị trí minh họa, không dùng để đo."
    crs: str = "WGS 84, kinh độ rồi vĩ độ"
    at: str = "Vị trí"
    filter: str = "Điều kiện lọc"
    unfiltered: str = "không lọc, tính đến hôm nay"
    every_version: str = "mọi phiên bản theo thời gian"
    as_of: str = "tính đến ngày {day}"
    between: str = "từ {start} đến {end}"
    from_day: str = "từ {start}"
    until_day: str = "đến {end}"
    within: str = "trong khung {box}"
    in_province: str = "thuộc {name}"
    expression: str = "điều kiện CQL2: {text}"
    equals: str = "{title}: {value}"
    or_: str = " hoặc "
    form_province: str = "Tỉnh"
    form_day: str = "Tính đến ngày"
    form_filter: str = "Điều kiện CQL2"
    form_limit: str = "Số dòng"
    apply: str = "Lọc"
    properties: str = "Thuộc tính"
    value: str = "Giá trị"
    history: str = "Các giai đoạn hiệu lực"
    since: str = "Từ"
    until: str = "Đến trước"
    changed: str = "Khác với giai đoạn trước"
    always: str = "không rõ"
    onward: str = "nay"
    first: str = "giai đoạn đầu"
    in_app: str = "Xem trong ứng dụng"
    name: str = "Tên trường"
    title: str = "Tên gọi"
    kind: str = "Kiểu"
    unit: str = "Đơn vị"
    values: str = "Giá trị được dùng"
    required: str = "bắt buộc"
    derived: str = "hệ thống tính"
    extent: str = "Phạm vi"
    space: str = "Không gian"
    time: str = "Thời gian"
    systems: str = "Hệ tọa độ"
    storage: str = "hệ lưu trữ"
    description: str = "Mô tả"
    conforms: str = "Các lớp tuân thủ OGC"
    conformance: str = "Tuân thủ"
    standard: str = "Tiêu chuẩn"
    class_: str = "Lớp tuân thủ"
    schema: str = "Lược đồ"
    queryables: str = "Thuộc tính lọc được"
    documentation: str = "Tài liệu API"
    in_english: str = "Phần mô tả từng địa chỉ viết bằng tiếng Anh."
    parameters: str = "Tham số"
    answers: str = "Câu trả lời"
    default: str = "mặc định"
    tilesets: str = "Bộ ô bản đồ vector"
    tileset: str = "Bộ ô bản đồ"
    tile_address: str = "Địa chỉ ô"
    grids: str = "Lưới ô"
    zoom: str = "Mức phóng"
    cell: str = "Cỡ điểm ảnh (m)"
    scale: str = "Mẫu số tỷ lệ"
    matrix: str = "Số ô"
    contents: str = "Nội dung"
    back: str = "Về trang đầu của API"


_EN = Words(
    skip="Skip to the content",
    app="Map",
    connect="Connect QGIS, ArcGIS, GDAL",
    other_language="Tiếng Việt",
    trail="You are here",
    forms="Other forms",
    related="Links",
    exercise="EXERCISE (DIỄN TẬP): everything here is made up",
    layers="Layers",
    layer="Layer",
    rows="Features",
    geometry="Geometry",
    no_geometry="no geometry",
    items="Features",
    shown="{shown} of {of} features",
    none="No feature fits. Take a condition away.",
    previous="Previous page",
    next="Next page",
    paging="Pages",
    table="Table of features; scroll sideways for more columns",
    map="Small map: {what}",
    no_place="There is no position to draw.",
    indicative="Dotted ring: indicative position, not for measuring.",
    crs="WGS 84, longitude then latitude",
    at="Position",
    filter="Filter",
    unfiltered="none, as of today",
    every_version="every version in time",
    as_of="as of {day}",
    between="from {start} to {end}",
    from_day="from {start}",
    until_day="until {end}",
    within="within the box {box}",
    in_province="in {name}",
    expression="CQL2 condition: {text}",
    or_=" or ",
    form_province="Province",
    form_day="As of",
    form_filter="CQL2 condition",
    form_limit="Rows",
    apply="Filter",
    properties="Properties",
    value="Value",
    history="Periods of validity",
    since="From",
    until="Until (exclusive)",
    changed="What differs from the period before",
    always="not known",
    onward="now",
    first="first period",
    in_app="Show in the app",
    name="Field",
    title="Title",
    kind="Type",
    unit="Unit",
    values="Values",
    required="required",
    derived="derived",
    extent="Extent",
    space="Space",
    time="Time",
    systems="Coordinate systems",
    storage="stored in",
    description="Description",
    conforms="Conformance classes of OGC",
    conformance="Conformance",
    standard="Standard",
    class_="Class",
    schema="Schema",
    queryables="Queryables",
    documentation="API documentation",
    in_english="",
    parameters="Parameters",
    answers="Answers",
    default="default",
    tilesets="Vector tilesets",
    tileset="Tileset",
    tile_address="Address of a tile",
    grids="Tile grids",
    zoom="Zoom",
    cell="Pixel (m)",
    scale="Scale denominator",
    matrix="Tiles",
    contents="Contents",
    back="To the first page of the API",
)
_WORDS = {"vi": Words(), "en": _EN}
_RELATIONS = {"vi": {"describedby": "Siêu dữ liệu"}, "en": {"describedby": "Metadata"}}
_FORMS = {
    "application/geo+json": "GeoJSON",
    "application/json": "JSON",
    "application/schema+json": "JSON Schema",
    "application/vnd.oai.openapi+json": "OpenAPI",
    "text/html": "HTML",
}


def of(lang: str) -> Words:
    """Return the words of a language, vi or en."""
    return _WORDS[lang]


def form_name(link: dict[str, str], lang: str) -> str:
    """Return what a link leads to: its title, else by its relation, else by its media type."""
    media = link.get("type", "").partition(";")[0]
    told = link.get("title") or _RELATIONS[lang].get(link["rel"])
    return told or _FORMS.get(media) or media or link["rel"]
