"""What the OGC API peers have in common: parameters, pages by offset, the form of answers."""

from bench import answers
from bench.questions import WINDOW, Equal, MapTile, Page, Question, Whole, Window

MOST = 10_000_000  # features of an answer: none is cut short


def parameters(question: Question) -> dict[str, str | int]:
    """Return the query of a question about many features.

    Raises:
        TypeError: it is about a single item or a tile.
    """
    match question:
        case Window(box):
            return {"bbox": ",".join(map(str, box)), "limit": WINDOW}
        case Page(skipped, limit):
            return {"limit": limit, "offset": skipped}
        case Equal(limit=limit):
            return {**question.given, "limit": limit}
        case Whole(turn):
            return {"limit": MOST - turn}
    raise TypeError(question)


def read(question: Question, body: bytes) -> answers.Answer:
    """Read a vector tile, or GeoJSON."""
    return answers.tile(body) if isinstance(question, MapTile) else answers.geojson(body)
