"""`markers/progress.csv`: officially reported figures of demarcation, as reported."""

from data.build.common import Context, Row
from data.build.facts import curated, number, origin, sourced, table

FILE = "markers/progress.csv"


def figure(context: Context, fact: dict[str, str]) -> Row:
    """One reported figure; a scope without a province is the whole line."""
    kept = ("id", "border", "measure", "unit", "as_of", "qualifier", "note")
    return {
        **{name: fact[name] or None for name in kept},
        **(origin(fact["province"]) if fact["province"] else {}),
        "numerator": number(fact["numerator"]),
        "denominator": number(fact["denominator"]),
        "basis": "reported",
        **sourced(context, fact["source"], fact["confidence"]),
    }


def build(context: Context) -> None:
    """Write the reported figures."""
    table(
        context,
        "progress",
        FILE,
        [figure(context, fact) for fact in curated("progress")],
        source="Đắk Nông's department of external relations 2014, press, National Border Committee",
        method="Written down by hand from the sources; a figure of a year bears its last day",
    )
