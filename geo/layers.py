"""The layers, declared once: tables, schemas, templates, forms and docs are made from here.

Names follow LADM (ISO 19152), IATI 2.03 and ISO 19157. Geometry is WGS 84, lon then lat.
"""

from __future__ import annotations

from geo import vocabulary as v
from geo.errors import UnknownLayerError
from geo.fields import BORDER, NAMES, PERIOD, PLACE, POSITION, PROVINCE, SURVEY
from geo.schema import (
    FILES,
    GEOMETRY,
    Field,
    Kind,
    Layer,
    Title,
    code_,
    date_,
    integer_,
    json_,
    list_,
    real_,
    ref_,
    text_,
)

ADMIN_UNITS = Layer(
    "admin_units",
    Title("Đơn vị hành chính", "Administrative units"),
    "MultiPolygon",
    (
        *NAMES,
        text_("name_local", "tên bản ngữ", "name in its own language"),
        list_("other_names", "tên khác", "other names"),
        code_("level", v.AdminLevel, "cấp", "level", required=True),
        code_("unit_type", v.UnitType, "loại đơn vị", "type of unit"),
        text_("country", "quốc gia", "country"),
        text_("iso_code", "mã ISO 3166-2", "ISO 3166-2 code"),
        text_("gso_code", "mã Tổng cục Thống kê", "GSO code"),
        ref_("parent_id", "admin_units", "thuộc", "part of"),
        list_("predecessors", "đơn vị tiền thân", "predecessors", refers="admin_units"),
        list_("successors", "đơn vị kế tục", "successors", refers="admin_units"),
        list_(
            "faces",
            "tiếp giáp đơn vị nước ngoài",
            "foreign units that it borders",
            refers="admin_units",
        ),
        text_("legal_basis", "căn cứ pháp lý", "legal basis"),
    ),
)
BORDERS = Layer(
    "borders",
    Title("Đường biên giới", "Borders"),
    "MultiLineString",
    (
        *NAMES,
        code_("level", v.BorderLevel, "cấp", "level", required=True),
        BORDER,
        *PROVINCE,
        text_("partner", "tỉnh đối tác", "partner province"),
        ref_("partner_id", "admin_units", "mã tỉnh đối tác", "partner province id"),
        text_("country", "nước láng giềng", "neighbouring country"),
        real_("length_km", "chiều dài đo trên ê-líp-xô-ít", "length on the ellipsoid", "km"),
        real_("chainage_from_km", "lý trình đầu", "chainage of the northern end", "km"),
        real_("chainage_to_km", "lý trình cuối", "chainage of the southern end", "km"),
        real_("length_official_km", "chiều dài chính thức", "official length", "km"),
        real_("length_difference_percent", "chênh lệch", "difference from official", "%"),
        code_("demarcated", v.Demarcation, "phân giới", "demarcated"),
        Field("register_complete", Kind.BOOLEAN, Title("sổ đăng ký đầy đủ", "register complete")),
        text_("viewpoint", "quan điểm", "viewpoint"),
    ),
    guarded=PERIOD | {GEOMETRY, "border", "demarcated", "length_official_km", "viewpoint"},
)
ISLANDS = Layer(
    "islands",
    Title("Quần đảo", "Island groups"),
    "MultiPolygon",
    (
        *NAMES,
        *PROVINCE,
        text_("viewpoint", "quan điểm", "viewpoint"),
        text_("statement_vi", "ghi trên bản đồ", "map label (Vietnamese)"),
        text_("statement_en", "ghi trên bản đồ (tiếng Anh)", "map label"),
        real_("label_lon", "kinh độ nhãn", "label longitude", "degree"),
        real_("label_lat", "vĩ độ nhãn", "label latitude", "degree"),
    ),
    guarded=PERIOD | {GEOMETRY, "viewpoint", "statement_vi", "statement_en"},
)
POSITIONS = Layer(
    "positions",
    Title("Vị trí mốc", "Marker positions"),
    "Point",
    (
        text_("number", "số hiệu", "number", required=True),
        BORDER,
        ref_("border_id", "borders", "mã tuyến", "border id"),
        *PROVINCE,
        code_("multiplicity", v.Multiplicity, "loại", "multiplicity"),
        integer_("expected_markers", "số mốc dự kiến", "expected markers"),
        code_("demarcated", v.Demarcation, "phân giới", "demarcated"),
        *POSITION,
    ),
    label="number",
    guarded=PLACE | PERIOD | {"number", "border", "border_id", "expected_markers"},
)
MARKERS = Layer(
    "markers",
    Title("Cột mốc", "Border markers"),
    "Point",
    (
        text_("number", "số hiệu", "number", required=True),
        text_("name_vi", "tên gọi", "name"),
        integer_("main", "số chính", "main number"),
        integer_("aux", "số phụ", "auxiliary number"),
        integer_("k", "số trong nhóm", "number within the position"),
        ref_("position_id", "positions", "vị trí mốc", "position"),
        BORDER,
        list_("border_ids", "thuộc các tuyến", "borders", refers="borders"),
        *PROVINCE,
        text_("locality", "địa bàn", "locality"),
        code_("kind", v.MarkerKind, "loại mốc", "kind"),
        code_("multiplicity", v.Multiplicity, "đơn, đôi, ba", "multiplicity"),
        code_("marker_class", v.MarkerClass, "cỡ mốc", "class"),
        text_("side", "bên cắm mốc", "side"),
        code_("stage", v.Stage, "giai đoạn", "stage", derived=True),
        date_("stage_as_of", "giai đoạn tính đến", "stage as of", derived=True),
        code_("condition", v.Condition, "tình trạng", "condition", derived=True),
        date_("condition_as_of", "tình trạng tính đến", "condition as of", derived=True),
        date_("inspection_due", "hạn kiểm tra", "inspection due"),
        *POSITION,
        real_("surveyed_x", "tọa độ gốc thứ nhất", "original first coordinate", tells_place=True),
        real_("surveyed_y", "tọa độ gốc thứ hai", "original second coordinate", tells_place=True),
        text_("surveyed_crs", "hệ tọa độ gốc", "original coordinate system"),
        text_("datum_operation", "phép chuyển hệ", "datum operation"),
        real_("height_m", "độ cao", "height", "m"),
        text_("height_datum", "hệ độ cao", "height datum"),
        ref_("post_id", "posts", "đồn phụ trách", "post in charge"),
    ),
    label="number",
    guarded=PLACE
    | SURVEY
    | PERIOD
    | {"number", "main", "aux", "k", "border", "position_id"}
    | {"kind", "multiplicity", "marker_class", "side"},
)
MARKER_EVENTS = Layer(
    "marker_events",
    Title("Sự kiện cột mốc", "Marker events"),
    None,
    (
        ref_("marker_id", "markers", "cột mốc", "marker", required=True),
        code_("event", v.MarkerEvent, "sự kiện", "event", required=True),
        Field("date", Kind.DATE, Title("ngày", "date"), required=True),
        code_("date_precision", v.DatePrecision, "độ chính xác của ngày", "date precision"),
        text_("document", "văn bản", "document"),
        text_("evidence", "bằng chứng (tiếng Anh)", "evidence"),
        text_("evidence_vi", "bằng chứng", "evidence (Vietnamese)"),
        FILES,
    ),
    label="event",
)
INSPECTIONS = Layer(
    "inspections",
    Title("Kiểm tra cột mốc", "Inspections"),
    "Point",
    (
        ref_("marker_id", "markers", "cột mốc", "marker", required=True),
        Field("at", Kind.TIMESTAMP, Title("thời điểm", "time"), required=True),
        code_("mode", v.InspectionMode, "hình thức", "mode"),
        code_("condition", v.Condition, "tình trạng", "condition", required=True),
        real_("accuracy_m", "độ chính xác GPS", "GPS accuracy", "m"),
        integer_("fix_count", "số lần định vị", "number of fixes"),
        text_("findings", "ghi nhận", "findings"),
        FILES,
        text_("inspector", "người kiểm tra", "inspector", audience=v.Classification.INTERNAL),
    ),
    label="at",
)
PROGRESS = Layer(
    "progress",
    Title("Tiến độ phân giới cắm mốc", "Demarcation progress"),
    None,
    (
        BORDER,
        *PROVINCE,
        code_("measure", v.Measure, "chỉ tiêu", "measure", required=True),
        real_("numerator", "đã đạt", "numerator"),
        real_("denominator", "tổng số", "denominator"),
        text_("unit", "đơn vị", "unit"),
        date_("as_of", "tính đến ngày", "as of"),
        code_("basis", v.Basis, "căn cứ", "basis"),
        code_("qualifier", v.Qualifier, "mức độ", "qualifier"),
    ),
    label="measure",
)
GATES = Layer(
    "gates",
    Title("Cửa khẩu", "Border gates"),
    "Point",
    (
        *NAMES,
        text_("counterpart_name", "cửa khẩu đối diện", "counterpart gate"),
        BORDER,
        *PROVINCE,
        text_("partner", "tỉnh đối tác", "partner province"),
        list_("partner_ids", "mã tỉnh đối tác", "partner province ids", refers="admin_units"),
        code_("gate_class", v.GateClass, "loại cửa khẩu", "class"),
        text_("class_note", "ghi chú về loại (tiếng Anh)", "note on the class"),
        text_("class_note_vi", "ghi chú về loại", "note on the class (Vietnamese)"),
        code_("transport", v.Transport, "phương thức", "transport"),
        text_("road_vn", "đường phía Việt Nam", "road in Vietnam"),
        text_("road_other", "đường phía bạn", "road on the other side"),
        list_("markers", "cột mốc tại cửa khẩu", "markers at the gate", refers="markers"),
        text_("commune", "xã, phường", "commune"),
        text_("proposal", "đề xuất", "proposal"),
        *POSITION,
    ),
    guarded=PLACE | PERIOD | {"gate_class"},
)
CORRIDORS = Layer(
    "corridors",
    Title("Hành lang kinh tế", "Economic corridors"),
    "LineString",
    (
        *NAMES,
        text_("corridor_id", "hành lang", "corridor", required=True),
        text_("corridor_name_vi", "tên hành lang", "corridor name (Vietnamese)"),
        text_("corridor_name_en", "tên hành lang tiếng Anh", "corridor name"),
        integer_("seq", "thứ tự", "order"),
        text_("road", "đường", "road"),
        list_("countries", "quốc gia", "countries"),
        real_("length_published_km", "chiều dài công bố", "published length", "km"),
        real_("length_measured_km", "chiều dài đo trên bản đồ", "length measured on the map", "km"),
        real_("chainage_from_km", "lý trình đầu", "chainage from", "km"),
        real_("chainage_to_km", "lý trình cuối", "chainage to", "km"),
        code_("geometry_quality", v.GeometryQuality, "chất lượng nét vẽ", "geometry quality"),
        real_("position_uncertainty_m", "sai số vị trí", "position uncertainty", "m"),
    ),
)
PROJECTS = Layer(
    "projects",
    Title("Dự án", "Projects"),
    "Point",
    (
        *NAMES,
        text_("iati_identifier", "mã IATI", "IATI identifier"),
        code_("finance_kind", v.FinanceKind, "nguồn vốn", "finance"),
        code_("sector", v.Sector, "lĩnh vực", "sector"),
        code_("status", v.ActivityStatus, "trạng thái", "status"),
        *PROVINCE,
        list_("unit_ids", "địa bàn", "units", refers="admin_units"),
        json_("parties", "các bên", "parties"),
        json_("amounts", "số vốn", "amounts"),
        real_("amount_usd", "số vốn theo USD do nguồn nêu", "amount in USD as stated", "USD"),
        text_("capacity", "quy mô", "capacity"),
        date_("start_date", "bắt đầu", "start"),
        date_("end_date", "kết thúc", "end"),
        text_("dates_text", "mốc thời gian", "dates as stated"),
        code_("location_exactness", v.Exactness, "độ chính xác địa điểm", "location exactness"),
        *POSITION,
    ),
)
AGREEMENTS = Layer(
    "agreements",
    Title("Thỏa thuận", "Agreements"),
    None,
    (
        *NAMES,
        code_("kind", v.AgreementKind, "hình thức", "kind"),
        code_("level", v.AgreementLevel, "cấp ký", "level"),
        *PROVINCE,
        list_("unit_ids", "các địa phương", "units", refers="admin_units"),
        list_("parties", "các bên", "parties"),
        date_("signed", "ngày ký", "signed"),
        date_("effective", "hiệu lực từ", "effective"),
        date_("expires", "hết hiệu lực", "expires"),
        text_("dates_text", "thời gian theo nguồn", "dates as stated"),
        list_("topics", "nội dung", "topics"),
        FILES,
    ),
)
COMMITMENTS = Layer(
    "commitments",
    Title("Cam kết", "Commitments"),
    None,
    (
        *NAMES,
        ref_("agreement_id", "agreements", "thỏa thuận", "agreement"),
        *PROVINCE,
        list_("unit_ids", "các địa phương", "units", refers="admin_units"),
        text_("owner", "đơn vị chủ trì", "owner"),
        date_("due", "thời hạn", "due"),
        text_("due_text", "thời hạn theo nguồn", "due as stated"),
        code_("state", v.CommitmentState, "trạng thái", "state"),
        text_("evidence", "bằng chứng (tiếng Anh)", "evidence"),
        text_("evidence_vi", "bằng chứng", "evidence (Vietnamese)"),
        FILES,
    ),
)
EXCHANGES = Layer(
    "exchanges",
    Title("Trao đổi đối ngoại", "Exchanges"),
    None,
    (
        *NAMES,
        code_("kind", v.ExchangeKind, "hình thức", "kind"),
        *PROVINCE,
        list_("unit_ids", "các địa phương", "units", refers="admin_units"),
        list_("parties", "các bên", "parties"),
        date_("date_from", "từ ngày", "from"),
        date_("date_to", "đến ngày", "to"),
        text_("place", "địa điểm", "place"),
        text_("outcome", "kết quả", "outcome"),
    ),
)
INDICATORS = Layer(
    "indicators",
    Title("Số liệu", "Indicators"),
    None,
    (
        *NAMES,
        code_("theme", v.Theme, "chủ đề", "theme"),
        *PROVINCE,
        list_("unit_ids", "các địa phương", "units", refers="admin_units"),
        real_("value", "giá trị", "value"),
        text_("value_text", "giá trị theo nguồn (tiếng Anh)", "value as stated"),
        text_("value_text_vi", "giá trị theo nguồn", "value as stated (Vietnamese)"),
        text_("unit", "đơn vị (tiếng Anh)", "unit"),
        text_("unit_vi", "đơn vị", "unit (Vietnamese)"),
        text_("period", "kỳ", "period"),
        date_("as_of", "tính đến ngày", "as of"),
        code_("qualifier", v.Qualifier, "mức độ", "qualifier"),
    ),
)
PLACES = Layer(
    "places",
    Title("Địa danh", "Places"),
    "Point",
    (
        *NAMES,
        text_("name_local", "tên bản ngữ", "name in its own language"),
        text_("country", "quốc gia", "country"),
        integer_("population", "dân số", "population"),
        code_("kind", v.PlaceKind, "loại", "kind"),
    ),
)
POSTS = Layer(
    "posts",
    Title("Đồn biên phòng", "Border-guard posts"),
    "Point",
    (*NAMES, BORDER, *PROVINCE, *POSITION),
)
SOURCES = Layer(
    "sources",
    Title("Nguồn", "Sources"),
    None,
    (
        *NAMES,
        code_("kind", v.SourceKind, "loại nguồn", "kind"),
        text_("publisher", "cơ quan ban hành", "publisher"),
        date_("date", "ngày", "date"),
        text_("licence", "giấy phép", "licence"),
        text_("url", "địa chỉ", "address"),
        FILES,
    ),
)

LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (
        SOURCES, ADMIN_UNITS, BORDERS, ISLANDS, POSITIONS, MARKERS, MARKER_EVENTS, INSPECTIONS,
        PROGRESS, GATES, CORRIDORS, PROJECTS, AGREEMENTS, COMMITMENTS, EXCHANGES, INDICATORS,
        PLACES, POSTS,
    )
}  # fmt: skip


def get(name: str) -> Layer:
    """Return the layer of this name.

    Raises:
        UnknownLayerError: no layer is called so.
    """
    try:
        return LAYERS[name]
    except KeyError:
        raise UnknownLayerError(
            f"Unknown layer {name!r}", parameter="layer", value=name, allowed=list(LAYERS)
        ) from None
