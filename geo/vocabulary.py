"""Controlled vocabularies: each value with its Vietnamese and English label, said once."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Vocabulary(StrEnum):
    """A closed list of values; `vi` and `en` are the labels of a value."""

    vi: str
    en: str

    def __new__(cls, value: str, vi: str, en: str) -> Self:
        """Make a member from its value and labels."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.vi, member.en = vi, en
        return member


class Classification(Vocabulary):
    """Who may see a row or a field, from the most to the least open."""

    PUBLIC = "public", "công khai", "public"
    PARTNER = "partner", "chia sẻ với đối tác", "shared with partners"
    INTERNAL = "internal", "nội bộ", "internal"
    RESTRICTED = "restricted", "hạn chế", "restricted"


class Confidence(Vocabulary):
    """How far a stated fact can be relied on."""

    HIGH = "high", "cao", "high"
    MEDIUM = "medium", "trung bình", "medium"
    LOW = "low", "thấp", "low"
    UNKNOWN = "unknown", "chưa rõ", "unknown"


class Stage(Vocabulary):
    """The furthest step that a marker has reached, in order."""

    PLANNED = "planned", "dự kiến", "planned"
    LOCATED = "located", "đã xác định vị trí", "located"
    BUILT = "built", "đã xây dựng", "built"
    MEASURED = "measured", "đã đo đạc", "measured"
    ACCEPTED = "accepted", "đã nghiệm thu", "accepted"
    HANDED_OVER = "handed_over", "đã bàn giao", "handed over"


class MarkerEvent(Vocabulary):
    """A dated step in the life of a marker."""

    PLANNED = "planned", "dự kiến", "planned"
    LOCATED = "located", "xác định vị trí", "located"
    BUILT = "built", "xây dựng", "built"
    MEASURED = "measured", "đo đạc", "measured"
    ACCEPTED = "accepted", "nghiệm thu", "accepted"
    HANDED_OVER = "handed_over", "bàn giao", "handed over"
    REPAIRED = "repaired", "tôn tạo, sửa chữa", "repaired"
    MOVED = "moved", "di dời", "moved"


class Condition(Vocabulary):
    """State of the stone as last seen; the worst last but for unknown."""

    INTACT = "intact", "nguyên trạng", "intact"
    LEANING = "leaning", "bị nghiêng", "leaning"
    DAMAGED = "damaged", "hư hỏng", "damaged"
    EROSION_RISK = "erosion_risk", "nguy cơ sạt lở", "erosion risk"
    DISPLACED = "displaced", "bị dịch chuyển", "displaced"
    MISSING = "missing", "bị mất", "missing"
    DESTROYED = "destroyed", "bị hủy hoại", "destroyed"
    UNKNOWN = "unknown", "chưa rõ", "unknown"


class PositionQuality(Vocabulary):
    """Where a coordinate comes from (ISO 19157, positional accuracy)."""

    SURVEYED = "surveyed", "đo đạc", "surveyed"
    PUBLISHED = "published", "theo nguồn công bố", "published"
    APPROXIMATE = "approximate", "gần đúng", "approximate"
    INDICATIVE = "indicative", "vị trí minh họa", "indicative"
    UNKNOWN = "unknown", "chưa rõ vị trí", "position unknown"


class MarkerKind(Vocabulary):
    """What a marker is in the numbering."""

    MAIN = "main", "mốc chính", "main marker"
    AUXILIARY = "auxiliary", "mốc phụ", "auxiliary marker"
    POST = "post", "cọc dấu", "post"
    TRIPOINT = "tripoint", "mốc ngã ba biên giới", "tripoint marker"


class Multiplicity(Vocabulary):
    """How many stones stand at the marker's position."""

    SINGLE = "single", "mốc đơn", "single"
    DOUBLE = "double", "mốc đôi", "double"
    TRIPLE = "triple", "mốc ba", "triple"


class MarkerClass(Vocabulary):
    """Size or type of the stone as the border's protocol names it."""

    LARGE = "large", "mốc đại", "large"
    MEDIUM = "medium", "mốc trung", "medium"
    SMALL = "small", "mốc tiểu", "small"
    TYPE_A = "type_a", "loại A", "type A"
    TYPE_B = "type_b", "loại B", "type B"
    TYPE_C = "type_c", "loại C", "type C"


class DatePrecision(Vocabulary):
    """How exactly a date is known."""

    DAY = "day", "đúng ngày", "day"
    MONTH = "month", "theo tháng", "month"
    YEAR = "year", "theo năm", "year"
    NOT_LATER_THAN = "not_later_than", "không muộn hơn", "not later than"


class InspectionMode(Vocabulary):
    """Who patrolled."""

    ONE_SIDE = "one_side", "đơn phương", "one side"
    JOINT = "joint", "song phương", "joint"


class Measure(Vocabulary):
    """What a progress figure counts."""

    POSITIONS_LOCATED = "positions_located", "vị trí đã xác định", "positions located"
    MARKERS_LOCATED = "markers_located", "cột mốc đã xác định", "markers located"
    POSITIONS_BUILT = "positions_built", "vị trí đã xây dựng", "positions built"
    MARKERS_BUILT = "markers_built", "cột mốc đã xây dựng", "markers built"
    KM_DEMARCATED = "km_demarcated", "km đã phân giới", "km demarcated"
    DOCUMENTS_ACCEPTED = "documents_accepted", "hồ sơ đã nghiệm thu", "documents accepted"


class Basis(Vocabulary):
    """Whether a figure was reported by an office or counted in this register."""

    REPORTED = "reported", "theo báo cáo", "reported"
    REGISTER = "register", "theo sổ đăng ký", "counted in the register"


class Qualifier(Vocabulary):
    """How literally a figure is meant."""

    EXACT = "exact", "số chính xác", "exact"
    APPROX = "approx", "khoảng", "about"
    MORE_THAN = "more_than", "trên", "more than"
    NEARLY = "nearly", "gần", "nearly"
    PLAN = "plan", "kế hoạch", "planned"
    NAMED = "named", "được nêu tên", "named ones only"


class GateClass(Vocabulary):
    """Class of a border gate under Vietnamese law."""

    INTERNATIONAL = "international", "cửa khẩu quốc tế", "international gate"
    MAIN = "main", "cửa khẩu chính (song phương)", "main (bilateral) gate"
    NATIONAL = "national", "cửa khẩu quốc gia (tên cũ)", "national gate (former class)"
    AUXILIARY = "auxiliary", "cửa khẩu phụ", "auxiliary gate"
    CROSSING = "crossing", "lối mở", "opening"
    UNKNOWN = "unknown", "chưa rõ", "unknown"


class Transport(Vocabulary):
    """What passes a gate."""

    ROAD = "road", "đường bộ", "road"
    RAIL = "rail", "đường sắt", "rail"
    RIVER = "river", "đường sông", "river"


class AdminLevel(Vocabulary):
    """Level of an administrative unit."""

    COUNTRY = "country", "quốc gia", "country"
    PROVINCE = "province", "cấp tỉnh", "province"


class UnitType(Vocabulary):
    """What a country calls the unit."""

    COUNTRY = "country", "quốc gia", "country"
    PROVINCE = "province", "tỉnh", "province"
    MUNICIPALITY = "municipality", "thành phố trực thuộc trung ương", "municipality"
    PREFECTURE = "prefecture", "thủ đô", "prefecture"
    AUTONOMOUS_REGION = "autonomous_region", "khu tự trị", "autonomous region"
    STATE = "state", "bang", "state"
    DIVISION = "division", "vùng", "division"


class BorderLevel(Vocabulary):
    """Whether a row is a whole line between two countries or a stretch between two provinces."""

    LINE = "line", "toàn tuyến", "whole line"
    STRETCH = "stretch", "đoạn giữa hai tỉnh", "stretch between two provinces"


class Demarcation(Vocabulary):
    """Whether a stretch has been demarcated."""

    YES = "yes", "đã phân giới", "demarcated"
    PARTIAL = "partial", "phân giới một phần", "partly demarcated"
    NO = "no", "chưa phân giới", "not demarcated"
    UNKNOWN = "unknown", "chưa rõ", "unknown"


class GeometryQuality(Vocabulary):
    """How a line was drawn."""

    SURVEYED = "surveyed", "đo đạc", "surveyed"
    MAPPED = "mapped", "theo bản đồ", "mapped"
    SCHEMATIC = "schematic", "sơ đồ", "schematic"


class FinanceKind(Vocabulary):
    """Where the money of a project comes from."""

    ODA = "oda", "ODA", "ODA"
    FDI = "fdi", "FDI", "FDI"
    NGO = "ngo", "phi chính phủ nước ngoài (PCPNN)", "foreign NGO"
    DOMESTIC = "domestic", "trong nước", "domestic"
    PPP = "ppp", "đối tác công tư (PPP)", "PPP"
    UNKNOWN = "unknown", "chưa rõ", "unknown"


class Sector(Vocabulary):
    """What a project is about."""

    ROAD = "road", "đường bộ", "road"
    EXPRESSWAY = "expressway", "đường cao tốc", "expressway"
    BRIDGE = "bridge", "cầu", "bridge"
    SEAPORT = "seaport", "cảng biển", "seaport"
    COAL_CONVEYOR = "coal_conveyor", "băng tải than", "coal conveyor"
    ENERGY = "energy", "năng lượng", "energy"
    INDUSTRIAL_PARK = "industrial_park", "khu công nghiệp", "industrial park"
    ECONOMIC_ZONE = "economic_zone", "khu kinh tế", "economic zone"
    HOSPITAL = "hospital", "bệnh viện", "hospital"
    RURAL_DEVELOPMENT = "rural_development", "phát triển nông thôn", "rural development"
    POVERTY_REDUCTION = "poverty_reduction", "giảm nghèo", "poverty reduction"
    LIVELIHOOD = "livelihood", "sinh kế", "livelihood"
    BORDER_AREAS = "border_areas", "khu vực biên giới", "border areas"
    AID = "aid", "viện trợ", "aid"


class ActivityStatus(Vocabulary):
    """Status of a project (IATI 2.03 ActivityStatus)."""

    PIPELINE = "pipeline", "chuẩn bị", "pipeline"
    IMPLEMENTATION = "implementation", "đang thực hiện", "implementation"
    FINALISATION = "finalisation", "đang hoàn tất", "finalisation"
    CLOSED = "closed", "đã kết thúc", "closed"
    CANCELLED = "cancelled", "đã hủy", "cancelled"
    SUSPENDED = "suspended", "tạm dừng", "suspended"
    UNKNOWN = "unknown", "chưa rõ", "unknown"


class Exactness(Vocabulary):
    """How exact a project's location is (IATI 2.03 GeographicExactness, widened)."""

    EXACT = "exact", "chính xác", "exact"
    APPROXIMATE = "approximate", "gần đúng", "approximate"
    AREA = "area", "chỉ biết vùng", "area only"
    UNKNOWN = "unknown", "chưa rõ", "unknown"


class AgreementKind(Vocabulary):
    """Form of a cooperation arrangement."""

    AGREEMENT = "agreement", "thỏa thuận", "agreement"
    TREATY = "treaty", "hiệp ước, hiệp định", "treaty"
    MEMORANDUM = "memorandum", "bản ghi nhớ", "memorandum"
    MINUTES = "minutes", "biên bản hợp tác", "minutes of cooperation"
    PROGRAMME = "programme", "chương trình, đề án", "programme"
    TWINNING = "twinning", "kết nghĩa", "twinning"
    RELATION = "relation", "quan hệ hợp tác", "cooperative relation"


class AgreementLevel(Vocabulary):
    """Who concluded an agreement."""

    STATE = "state", "cấp nhà nước", "state"
    PROVINCE = "province", "cấp tỉnh", "province"
    DEPARTMENT = "department", "cấp sở, ngành", "department"
    COMMUNITY = "community", "cấp bản, xã", "community"


class CommitmentState(Vocabulary):
    """What became of a promise."""

    PLANNED = "planned", "dự kiến", "planned"
    ONGOING = "ongoing", "đang thực hiện", "ongoing"
    DONE = "done", "đã hoàn thành", "done"
    DROPPED = "dropped", "không thực hiện", "dropped"
    UNKNOWN = "unknown", "chưa rõ", "unknown"


class ExchangeKind(Vocabulary):
    """Kind of an exchange between two sides."""

    DELEGATION = "delegation", "đoàn", "delegation"
    MEETING = "meeting", "hội đàm, hội nghị", "meeting or conference"
    JOINT_PATROL = "joint_patrol", "tuần tra song phương", "joint patrol"
    BRIEFING = "briefing", "giao ban", "briefing"
    CEREMONY = "ceremony", "lễ", "ceremony"


class Theme(Vocabulary):
    """What a figure of a province is about."""

    AGREEMENTS = "agreements", "thỏa thuận", "agreements"
    BORDER = "border", "biên giới", "border"
    BORDER_AREA = "border_area", "khu vực biên giới", "border area"
    BORDER_GATE = "border_gate", "cửa khẩu", "border gate"
    CONFERENCE = "conference", "hội nghị, hội thảo", "conferences"
    CORRIDOR = "corridor", "hành lang kinh tế", "economic corridor"
    CULTURE = "culture", "văn hóa", "culture"
    DELEGATIONS = "delegations", "đoàn vào, đoàn ra", "delegations"
    ECONOMY = "economy", "kinh tế", "economy"
    EDUCATION = "education", "giáo dục, đào tạo", "education"
    FDI = "fdi", "đầu tư trực tiếp nước ngoài (FDI)", "foreign direct investment"
    FINANCE = "finance", "kinh phí", "finance"
    INBOUND = "inbound", "đoàn vào", "incoming delegations"
    LABOUR = "labour", "lao động", "labour"
    NGO = "ngo", "phi chính phủ nước ngoài (PCPNN)", "foreign NGOs"
    OUTBOUND = "outbound", "đoàn ra", "outgoing delegations"
    PARTNERS = "partners", "đối tác", "partners"
    PLAN = "plan", "kế hoạch", "plans"
    PRESS = "press", "báo chí", "press"
    PROJECT = "project", "dự án", "projects"
    TARGET = "target", "chỉ tiêu", "targets"
    TOURISM = "tourism", "du lịch", "tourism"


class PlaceKind(Vocabulary):
    """Size of a place."""

    CITY = "city", "thành phố", "city"
    TOWN = "town", "đô thị", "town"
    VILLAGE = "village", "điểm dân cư", "village"


class SourceKind(Vocabulary):
    """Kind of a source."""

    DOCUMENT = "document", "văn bản", "official document"
    LAW = "law", "pháp luật", "law"
    NEWS = "news", "báo chí", "press"
    DATASET = "dataset", "bộ dữ liệu", "data set"
    REFERENCE = "reference", "tài liệu tra cứu", "reference work"
    KNOWLEDGE = "knowledge", "hiểu biết chung, chưa có tài liệu", "general knowledge, undocumented"
    EXERCISE = "exercise", "diễn tập", "exercise"
