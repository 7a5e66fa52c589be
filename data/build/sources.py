"""`sources.csv`: every source that the other themes cited, in the order of their ids."""

from data.build.common import Context, Row
from data.build.facts import PUBLIC, table
from geo.vocabulary import SourceKind

FILE = "sources.csv"
RELIANCE = {  # what a source of a kind is worth as such; a row of data says its own
    SourceKind.DOCUMENT: "high",
    SourceKind.LAW: "high",
    SourceKind.DATASET: "high",
    SourceKind.KNOWLEDGE: "low",
}


def listed(source: Row) -> Row:
    """A cited source as a row, which is its own source."""
    return {
        **source,
        "source": source["name_vi"],
        "source_id": source["id"],
        "confidence": RELIANCE.get(source["kind"], "medium"),
        **PUBLIC,
    }


def build(context: Context) -> None:
    """Write the sources; runs after all other themes."""
    table(
        context,
        "sources",
        FILE,
        [listed(source) for source in context.sources.values()],
        source="the other files of this data set",
        method="collected while the data set is built",
    )
