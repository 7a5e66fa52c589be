"""What columns are called in Vietnamese and English sheets, beyond the titles of the layers.

Written without accents, as geo.names folds them. A target that begins with @ is not a property:
it says where the row lies, or what becomes a row of another layer.
"""

from __future__ import annotations

from enum import StrEnum


class Target(StrEnum):
    """What a column may hold besides a property of the layer."""

    ID = "@id"
    LON = "@lon"
    LAT = "@lat"
    EAST = "@east"  # of a plane system, metres
    NORTH = "@north"
    PLACE = "@place"  # both coordinates in one cell
    GEOMETRY = "@geometry"  # of a file with geometry: GeoJSON
    CRS = "@crs"
    CHECKED = "@checked"  # date on which the condition was seen
    CONDITION = "@condition"
    STAGE = "@stage"
    LOCATED = "@located"  # dates of the steps of a marker
    BUILT = "@built"
    MEASURED = "@measured"
    ACCEPTED = "@accepted"
    HANDED_OVER = "@handed_over"
    COUNT = "@count"  # the running number of a row, which is left out


# In Vietnamese sheets X points north and Y east, as Gauss-Krüger has it.
PLACES: dict[str, tuple[str, ...]] = {
    Target.LON: ("kinh do", "longitude", "lon", "long", "lng", "kinh do dong", "kd"),
    Target.LAT: ("vi do", "latitude", "lat", "vi do bac", "vd"),
    Target.NORTH: (
        "x", "toa do x", "x m", "x bac", "north", "northing", "toa do bac", "n",
        "toa do phang x", "vn 2000 x", "x vn 2000", "x vn2000", "bac",
    ),
    Target.EAST: (
        "y", "toa do y", "y m", "y dong", "east", "easting", "toa do dong", "e",
        "toa do phang y", "vn 2000 y", "y vn 2000", "y vn2000", "dong",
    ),
    Target.PLACE: ("toa do", "vi tri toa do", "coordinates", "gps", "toa do gps", "toa do dia ly"),
    Target.GEOMETRY: ("geometry",),
    Target.CRS: ("he toa do", "he quy chieu", "crs", "srs", "coordinate system"),
    Target.ID: ("id", "ma", "ma doi tuong", "ma dinh danh", "identifier"),
    Target.COUNT: ("stt", "tt", "so tt", "so thu tu", "no.", "#", "order", "row"),
}  # fmt: skip
OF_MARKERS: dict[str, tuple[str, ...]] = {
    Target.CONDITION: ("tinh trang", "hien trang", "tinh trang moc", "condition", "hien trang moc"),
    Target.CHECKED: (
        "ngay kiem tra", "kiem tra ngay", "ngay kiem tra gan nhat", "inspected", "inspection date",
        "date of inspection", "kiem tra gan nhat",
    ),
    Target.STAGE: ("giai doan", "stage", "tien do", "giai doan hien tai"),
    Target.LOCATED: ("ngay xac dinh", "ngay xac dinh vi tri", "located", "date located"),
    Target.BUILT: (
        "ngay xay dung", "ngay cam moc", "ngay cam", "nam xay dung", "built", "date built",
        "thoi gian xay dung", "nam cam moc",
    ),
    Target.MEASURED: ("ngay do", "ngay do dac", "measured", "date measured"),
    Target.ACCEPTED: ("ngay nghiem thu", "nghiem thu", "accepted", "date accepted"),
    Target.HANDED_OVER: (
        "ngay ban giao", "ban giao", "handed over", "handover date", "date handed over",
        "ngay giao nhan", "nam ban giao",
    ),
}  # fmt: skip
# Of properties, by their names; the titles in geo.layers count too.
FIELDS: dict[str, tuple[str, ...]] = {
    "number": (
        "so hieu moc", "so moc", "ky hieu", "ky hieu moc", "ten moc", "moc so", "marker no",
        "marker number", "marker", "sh moc", "sh", "so hieu cot moc", "cot moc", "no", "so",
    ),
    "name_vi": ("ten", "ten goi", "ten du an", "ten cua khau", "ten don", "name", "noi dung"),
    "name_en": ("ten tieng anh", "english name", "name en"),
    "border": ("tuyen", "bien gioi", "tuyen bien gioi", "duong bien gioi", "border line"),
    "province": ("tinh", "tinh/tp", "tinh, thanh pho", "tinh thanh", "dia phuong", "province"),
    "locality": ("xa", "dia danh", "xa, phuong", "dia diem", "thon, ban", "commune", "location"),
    "kind": ("loai", "loai moc", "type", "kind", "phan loai"),
    "multiplicity": ("don doi ba", "moc don/doi/ba", "don/doi", "so luong moc"),
    "marker_class": ("co", "co moc", "hang moc", "class", "kich thuoc"),
    "side": ("ben", "phia", "ben cam", "quoc gia cam", "side"),
    "height_m": ("cao do", "do cao", "h", "h m", "elevation", "height", "cao trinh"),
    "note_vi": ("ghi chu", "luu y", "remarks", "remark"),
    "source": ("nguon", "can cu", "nguon so lieu", "van ban", "source"),
    "post_id": ("don bien phong", "don phu trach", "don quan ly", "don bp"),
    "position_uncertainty_m": ("sai so", "sai so vi tri", "accuracy", "do chinh xac"),
    "classification": ("do mat", "muc chia se", "phan loai chia se"),
    "gate_class": ("loai", "loai cua khau", "cap cua khau"),
    "amounts": (
        "tong muc dau tu", "tong von", "von", "von dau tu", "kinh phi", "gia tri", "tmdt", "budget",
        "amount", "total investment",
    ),
    "finance_kind": ("nguon von", "loai von", "funding"),
    "start_date": ("ngay khoi cong", "khoi cong", "bat dau", "nam bat dau", "start"),
    "end_date": ("hoan thanh", "ngay hoan thanh", "ket thuc", "nam hoan thanh", "end"),
    "signed": ("ngay ky", "ky ngay", "signed on", "date signed"),
    "as_of": ("tinh den", "thoi diem", "den ngay", "as of"),
    "value": ("gia tri", "so lieu", "value"),
    "population": ("dan so",),
    "status": ("trang thai", "tinh trang", "status"),
}  # fmt: skip
ABBREVIATIONS = {
    "sh": "so hieu", "kd": "kinh do", "vd": "vi do", "td": "toa do", "tt": "thu tu", "vt": "vi tri",
    "cm": "cot moc", "bg": "bien gioi", "dbp": "don bien phong", "tp": "thanh pho",
}  # fmt: skip
TOTALS = (
    "tong cong", "tong so", "tong", "cong", "cong chung", "toan tinh", "total", "grand total",
    "subtotal", "sum", "cong don", "luy ke",
)  # fmt: skip
SIGNATURES = (
    "nguoi lap", "nguoi lap bieu", "thu truong don vi", "ky ten", "xac nhan", "ghi chu:", "nguon:",
    "truong phong", "chi huy truong", "noi nhan", "ngay thang nam",
)  # fmt: skip
