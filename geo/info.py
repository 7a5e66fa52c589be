"""Descriptions made from the declarations: fields, vocabularies, sources, viewpoint."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import Any

from geo import schema
from geo import vocabulary as v
from geo.layers import LAYERS
from geo.load import catalogue

OPENAPI = "application/vnd.oai.openapi+json;version=3.1"
OPENAPI_3_0 = "application/vnd.oai.openapi+json;version=3.0"
STATEMENTS = {
    "vn": {
        "vi": "Bản đồ theo quan điểm của Việt Nam: quần đảo Hoàng Sa thuộc thành phố Đà Nẵng,"
        " quần đảo Trường Sa thuộc tỉnh Khánh Hòa.",
        "en": "Drawn from the viewpoint of Việt Nam: Hoàng Sa is shown under Đà Nẵng,"
        " Trường Sa under Khánh Hòa.",
    },
    "neutral": {
        "vi": "Bản đồ không thể hiện yêu sách nào về các đảo tranh chấp.",
        "en": "No claim to disputed islands is drawn.",
    },
}


def version() -> str:
    """Return the version of the installed program."""
    return metadata.version("cotmoc")


def field(declared: schema.Field) -> dict[str, Any]:
    """Describe a field."""
    return {
        "name": declared.name,
        "kind": declared.kind.value,
        "title_vi": declared.title.vi,
        "title_en": declared.title.en,
        "unit": declared.unit,
        "vocabulary": _vocabulary_name(declared.vocabulary) if declared.vocabulary else None,
    }


def layer(declared: schema.Layer) -> dict[str, Any]:
    """Describe a layer."""
    return {
        "name": declared.name,
        "title_vi": declared.title.vi,
        "title_en": declared.title.en,
        "geometry": declared.geometry,
        "fields": [field(f) for f in declared.fields],
    }


def _vocabulary_name(words: type[v.Vocabulary]) -> str:
    """Return the snake_case name of a vocabulary: MarkerKind becomes marker_kind."""
    name = words.__name__
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def vocabularies(*more: type[v.Vocabulary]) -> dict[str, list[dict[str, str]]]:
    """Return each vocabulary that layers use, and more, with the labels of its values."""
    used = {f.vocabulary for one in LAYERS.values() for f in one.fields if f.vocabulary} | {*more}
    return {
        _vocabulary_name(words): [{"value": w.value, "vi": w.vi, "en": w.en} for w in words]
        for words in sorted(used, key=_vocabulary_name)
    }


def attribution(folder: Path) -> list[dict[str, str]]:
    """Return the distinct attributions that the embedded data ask for."""
    seen: dict[str, str] = {}
    for item in catalogue(folder):
        if item.get("attribution"):
            seen.setdefault(item["attribution"], item["licence"])
    return [{"text": text, "licence": licence} for text, licence in seen.items()]
