"""Exports as jobs: a file for who cannot wait for it on the line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson

from geo import exports, layers, load, query
from geo.audience import Audience, Sight
from geo.errors import StoreError
from geo.exports import Order
from geo.register import Register
from office.jobs import Facts
from office.work import Outcome, Task

KIND = "export"
_AUDIENCES = {one.value: one for one in Audience}


def written(sight: Sight) -> Facts:
    """Return a sight as JSON values."""
    places = {"units": sorted(sight.units), "borders": sorted(sight.borders)}
    return {"outside": sight.outside.value, "inside": sight.inside.value, **places}


def read(sight: Facts) -> Sight:
    """Return the sight that `written` wrote."""
    outside, inside = (_AUDIENCES[sight[side]] for side in ("outside", "inside"))
    return Sight(outside, inside, frozenset(sight["units"]), frozenset(sight["borders"]))


def ordered(register: Register, data: Path, given: Facts) -> Order:
    """Return the order of an export job.

    `given` holds layer, f, in `query` the words and in `sight` what its owner was shown when he
    asked; `data` is the folder of the embedded data.

    Raises:
        UnknownLayerError, BadInputError: no such file can be made.
    """
    order = exports.ordered(
        register,
        layers.get(given["layer"]),
        given["query"],
        sight=read(given["sight"]),
        catalogue=load.catalogue(data),
    )
    exports.check(given["f"], order.system)
    query.condition(order.layer, order.asked)  # finds values that cannot be
    return order


def run(task: Task) -> Outcome:
    """Write the file. It tells one state of the register, so a further try begins anew."""
    shop, given = task.shop, task.job.given
    order = ordered(shop.register, shop.data, given)
    path = task.result(exports.FORMATS[given["f"]].suffix)
    try:
        shop.results.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"Cannot make {shop.results}: {error.strerror}") from error
    engine = shop.register.engine
    with engine.connect() as conn:
        matched = query.matched(conn, order.layer, order.asked)
    total = matched if order.most is None else min(matched, order.most)
    exports.to_file(engine, replace(order, tell=_teller(task, total)), path)
    return Outcome(_facts(path, order, given["f"]), path.name)


def _teller(task: Task, total: int) -> Callable[[int], None]:
    """Return what adds up the features read; a format that reads them twice stays at the total."""
    read = 0

    def tell(count: int) -> None:
        nonlocal read
        read = min(read + count, total)
        task.progress(read, total, vi="Đang ghi tệp", en="Writing the file")

    return tell


def _facts(path: Path, order: Order, form: str) -> Facts:
    beside = path.with_name(f"{path.name}.metadata.json")
    metadata = orjson.loads(beside.read_bytes())
    beside.unlink()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": exports.file_name(order.layer, form, exercise=order.exercise),
        "media_type": exports.FORMATS[form].media_type,
        "bytes": path.stat().st_size,
        "sha256": digest,
        "count": metadata["count"],
        "metadata": metadata,
    }
