"""`boundaries/islands.geojson`: Hoàng Sa and Trường Sa, with whose view says what of them."""

import shapely

from data.build.common import NATURAL_EARTH, Context, Row, read_geodata, record, write_geojson

FILE = "boundaries/islands.geojson"
GROUPS: dict[str, Row] = {
    "Quần đảo Hoàng Sa": {
        "id": "hoang-sa",
        "name_en": "Hoang Sa (Paracel) Islands",
        "province": "Đà Nẵng",
        "province_id": "vn.da-nang.2025",
        "province_origin_id": "vn.da-nang",
        "statement_vi": "Quần đảo Hoàng Sa (thành phố Đà Nẵng, Việt Nam)",
        "statement_en": "Hoang Sa (Da Nang City, Viet Nam)",
        "label_lon": 112.3,
        "label_lat": 16.5,
    },
    "Quần đảo Trường Sa": {
        "id": "truong-sa",
        "name_en": "Truong Sa (Spratly) Islands",
        "province": "Khánh Hòa",
        "province_id": "vn.khanh-hoa.2025",
        "province_origin_id": "vn.khanh-hoa",
        "statement_vi": "Quần đảo Trường Sa (tỉnh Khánh Hòa, Việt Nam)",
        "statement_en": "Truong Sa (Khanh Hoa Province, Viet Nam)",
        "label_lon": 114.3,
        "label_lat": 10.0,
    },
}
ALIKE = {
    "viewpoint": "vn",
    "source": "Hình dạng: Natural Earth 10 m; đơn vị hành chính: pháp luật Việt Nam",
    "source_id": "natural-earth-10m",
    "confidence": "medium",
    "note": "Only a few islets of each group have a shape here; the label stands for the group.",
}


def build(context: Context) -> None:
    """Write both groups; a deployment with the viewpoint `neutral` leaves rows of `vn` out."""
    features = [
        ({**GROUPS[row["name_vi"]], "name_vi": row["name_vi"], **ALIKE}, shape)
        for row, shape in read_geodata(context, "islands_ne10m")
    ]
    write_geojson(context, FILE, [(row, shapely.orient_polygons(shape)) for row, shape in features])
    record(
        context,
        FILE,
        layer="islands",
        title="Hoàng Sa and Trường Sa",
        source="Natural Earth 10 m",
        version="5.1",
        rights=NATURAL_EARTH,
        method="Shapes as they are; province, label and viewpoint are this project's.",
        viewpoint="vn: Hoàng Sa under Đà Nẵng, Trường Sa under Khánh Hòa, as Vietnamese law asks "
        "of maps published in Viet Nam.",
    )
