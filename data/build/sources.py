"""`sources.csv`: every source that the other themes cited, in the order of their ids."""

from data.build.common import FACTS, Context, record, write_csv

FILE = "sources.csv"


def build(context: Context) -> None:
    """Write the sources; runs after all other themes."""
    write_csv(context, FILE, [context.sources[key] for key in sorted(context.sources)])
    record(
        context,
        FILE,
        layer="sources",
        title="Sources of the embedded data",
        source="the other files of this data set",
        version="1",
        rights=FACTS,
        method="collected while the data set is built",
    )
