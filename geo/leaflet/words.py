"""What the offline map says in Vietnamese and English, beside the vocabularies."""

from __future__ import annotations

from geo.schema import Title

WORDS = {
    "title": Title("Cột Mốc – bản đồ biên giới", "Cột Mốc – border map"),
    "state_of": Title("Tình hình ngày", "As of"),
    "legend": Title("Chú giải", "Legend"),
    "sources": Title("Nguồn bản đồ", "Map sources"),
    "positions": Title("vị trí", "positions"),
    "markers": Title("cột mốc", "markers"),
    "unplaced": Title(
        "chưa có tọa độ công khai, không vẽ trên bản đồ",
        "without public coordinates, not drawn on the map",
    ),
    "stage": Title("Giai đoạn", "Stage"),
    "condition": Title("Tình trạng", "Condition"),
    "gate_class": Title("Loại cửa khẩu", "Gate class"),
    "finance_kind": Title("Nguồn vốn", "Finance"),
    "no_stage": Title("chưa rõ giai đoạn", "stage unknown"),
    "indicative": Title("vị trí minh họa", "indicative position"),
    "indicative_sign": Title(
        "Viền chấm: vị trí minh họa, không phải tọa độ đo",
        "Dotted ring: indicative position, not a surveyed coordinate",
    ),
    "indicative_means": Title(
        "Điểm này chỉ để định hướng trên bản đồ, không phải tọa độ đo và không dùng để đo đạc.",
        "This point is for orientation only; it is not a surveyed coordinate"
        " and not for measuring.",
    ),
    "area_sign": Title(
        "Gạch chéo: chỉ biết vùng, không rõ điểm",
        "Hatched: the area is known, the point is not",
    ),
    "schematic": Title(
        "Viền đứt: nét vẽ sơ đồ qua các điểm đã biết",
        "Dashed edge: schematic line through known points",
    ),
    "demarcated": Title("đã phân giới", "demarcated"),
    "not_demarcated": Title("chưa phân giới hoặc chưa rõ", "not demarcated, or not known to be"),
    "names": Title("Địa giới và địa danh", "Provinces and places"),
    "marker": Title("Mốc", "Marker"),
    "coordinates": Title("tọa độ (WGS 84)", "coordinates (WGS 84)"),
    "zoom_in": Title("Phóng to", "Zoom in"),
    "zoom_out": Title("Thu nhỏ", "Zoom out"),
    "map": Title("Bản đồ biên giới", "Border map"),
    "inset": Title("Các quần đảo ngoài khung bản đồ", "Islands outside the map"),
    "no_script": Title(
        "Bản đồ cần JavaScript của trình duyệt.", "The map needs the browser's JavaScript."
    ),
    "yes": Title("có", "yes"),
    "no": Title("không", "no"),
}


def words(lang: str) -> dict[str, str]:
    """Return all texts in one language, vi or en."""
    return {name: str(getattr(text, lang)) for name, text in WORDS.items()}
