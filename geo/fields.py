"""Fields that several layers have, and sets of names that several layers guard."""

from __future__ import annotations

from geo import vocabulary as v
from geo.schema import GEOMETRY, code_, real_, ref_, text_

NAMES = (
    text_("name_vi", "tên", "name (Vietnamese)"),
    text_("name_en", "tên tiếng Anh", "name"),
)
BORDER = text_("border", "tuyến biên giới", "border")
# The unit valid at the row's date, by name and id, and the smallest unit that ever held it.
PROVINCE = (
    text_("province", "tỉnh", "province", derived=True),
    ref_("province_id", "admin_units", "mã tỉnh", "province id"),
    ref_("province_origin_id", "admin_units", "mã tỉnh gốc", "id of the original province"),
)
POSITION = (
    code_("position_quality", v.PositionQuality, "chất lượng vị trí", "position quality"),
    real_("position_uncertainty_m", "sai số vị trí", "position uncertainty", "m"),
    text_("position_method", "cách xác định vị trí (tiếng Anh)", "how the position was found"),
    text_("position_method_vi", "cách xác định vị trí", "how it was found (Vietnamese)"),
)
# The coordinates as they were surveyed, and how they came to WGS 84.
SURVEYED = ("surveyed_x", "surveyed_y", "surveyed_crs", "datum_operation")
UNSAID = (None, v.PositionQuality.UNKNOWN.value)  # position qualities that say nothing of a place
# What only changes with somebody else's agreement, though everybody may see it: where a thing
# stands and how that is known, as it was surveyed, and when it was so.
PLACE = frozenset(
    (
        GEOMETRY, "position_quality", "position_uncertainty_m", "position_method",
        "position_method_vi",
    )
)  # fmt: skip
SURVEY = frozenset((*SURVEYED, "height_m", "height_datum"))
PERIOD = frozenset(("valid_from", "valid_to"))
