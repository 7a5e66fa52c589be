"""What is asked of a layer, in words."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Request

from api.html import values, words
from geo.asking import RESERVED
from geo.schema import Layer


def conditions(request: Request, layer: Layer, lang: str) -> list[str]:
    """Return each condition of the request as a phrase; one phrase says that there is none."""
    return list(_conditions(request, layer, lang)) or [words.of(lang).unfiltered]


def _conditions(request: Request, layer: Layer, lang: str) -> Iterator[str]:
    said, asked = words.of(lang), request.query_params
    if asked.get("datetime"):
        yield _when(asked["datetime"], lang)
    if asked.get("province"):
        yield said.in_province.format(name=asked["province"])
    if asked.get("bbox"):
        yield said.within.format(box=asked["bbox"])
    for name, given in asked.multi_items():
        if name not in RESERVED:
            yield _equals(layer, name, given, lang)
    if asked.get("filter"):
        yield said.expression.format(text=asked["filter"])


def _when(text: str, lang: str) -> str:
    said = words.of(lang)
    start, slash, end = text.partition("/")
    if not slash:
        return said.as_of.format(day=values.day(text, lang))
    first, last = (None if side in ("", "..") else values.day(side, lang) for side in (start, end))
    if first and last:
        return said.between.format(start=first, end=last)
    if first:
        return said.from_day.format(start=first)
    return said.until_day.format(end=last) if last else said.every_version


def _equals(layer: Layer, name: str, given: str, lang: str) -> str:
    said, field = words.of(lang), layer.field(name)
    parts = [
        values.text(field, one, lang) if field and field.vocabulary else one
        for one in given.split(",")
    ]
    title = getattr(field.title, lang) if field else name
    return said.equals.format(title=title, value=said.or_.join(parts))
