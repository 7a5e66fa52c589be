"""What only PostgreSQL has: addresses, databases of somebody else, values that it refuses."""

import psycopg
import pytest
from sqlalchemy import select

from geo import cql, load, query, store
from geo.errors import BadInputError, ForeignStoreError, StoreError
from geo.functions import fold_accents, fold_case, like_text
from geo.layers import LAYERS, MARKERS
from geo.period import parse
from geo.query import Filter
from geo.register import Register
from geo.store import Target
from geo.tables import VIEWS
from tests.geo.build import event, marker, register

pytestmark = [
    pytest.mark.usefixtures("back_end"),
    pytest.mark.parametrize("back_end", ["postgis"], indirect=True, scope="session"),
]
WORDS = [
    "Đắk Nông", "LAO BẢO", "Straße", "ສະຫວັນນະເຂດ", "មណ្ឌលគិរី", "มุกดาหาร", "广西", "50%", "a_b",
    "back\\slash", "", "İĞ", "ΣΑΣ", "e\u0301", "\u1e09\u0323",
]  # fmt: skip
PATTERNS = ["%", "L%", "_ao%", "50\\%", "a\\_b", "back\\\\%", "", "%\\", "\\", "a\\\\\\", "Đ_k%"]


def tables_in(address: str) -> list[str]:
    """The names of the tables outside PostgreSQL's own, by a connection of our own."""
    sql = """SELECT schemaname || '.' || tablename FROM pg_tables
             WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"""
    with psycopg.connect(address) as db:
        return [name for (name,) in db.execute(sql)]


@pytest.mark.parametrize(
    "address", ["mysql://host/name", "postgresql+asyncpg://h/n", "://", "x://"]
)
def test_an_address_of_something_else_is_refused(address: str) -> None:
    with pytest.raises(StoreError) as caught:
        store.open_store(address)
    assert "postgresql://" in str(caught.value.allowed)


@pytest.mark.parametrize("name", ["Robert'); DROP", "pg_catalog", "a-b", ""])
def test_a_schema_has_a_plain_name(database: str, name: str) -> None:
    with pytest.raises(StoreError, match="no name for a schema"):
        store.open_store(f"{database}&schema={name or '%20'}")


def test_no_message_tells_the_password(database: str) -> None:
    address = "postgresql://me:secret@127.0.0.1:1/name"
    assert store.shown(address) == "postgresql://me@127.0.0.1:1/name"
    with pytest.raises(StoreError, match="Cannot use postgresql://me@127") as caught:
        store.open_store(address)
    assert "secret" not in caught.value.detail


def test_a_database_that_is_not_there_is_named(database: str) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        store.open_store(database.replace("/cotmoc?", "/nowhere?"))


def test_opening_writes_nothing(database: str, place: Target) -> None:
    before = tables_in(database)
    with pytest.raises(StoreError, match="make one with: cotmoc init postgresql://"):
        store.open_store(place)
    assert tables_in(database) == before


@pytest.mark.parametrize(
    "theirs", ["roads (id int)", "register (id int)", "register (key text, value text)"]
)
def test_a_schema_of_somebody_else_is_left_as_it_is(database: str, theirs: str) -> None:
    with psycopg.connect(database) as db:
        db.execute("DROP SCHEMA IF EXISTS theirs CASCADE")
        db.execute("CREATE SCHEMA theirs")
        db.execute(f"CREATE TABLE theirs.{theirs}")
    before = tables_in(database)
    with pytest.raises(ForeignStoreError):
        store.open_store(f"{database}&schema=theirs")
    with pytest.raises(StoreError, match="holds tables already"):
        register(f"{database}&schema=theirs")
    assert tables_in(database) == before


def test_a_load_that_fails_leaves_nothing(database: str, place: Target) -> None:
    before = tables_in(database)
    lost = marker("a", 107.5, 12.5, province_origin_id="vn.nowhere")
    with pytest.raises(BadInputError, match="no unit"):
        register(place, markers=[lost])
    assert tables_in(database) == before


def test_tables_of_others_in_public_do_not_show(database: str, place: Target) -> None:
    with psycopg.connect(database) as db:
        db.execute("CREATE TABLE IF NOT EXISTS public.places (id int)")
    made = register(place, markers=[marker("a", 107, 12)])
    with made.engine.connect() as conn:
        held = load.row_counts(conn)
    assert (held["markers"], held["places"]) == (1, 0)
    with psycopg.connect(database) as db:
        db.execute("DROP TABLE public.places")


def test_a_box_is_looked_up_in_the_index(place: Target) -> None:
    markers = [marker(f"m{n}", 105 + n % 70 / 10, 10 + n / 300) for n in range(2_000)]
    made = register(place, markers=markers)
    asked = Filter(parse(None), bbox=(107, 12, 107.1, 12.1))
    view = VIEWS[MARKERS.name]
    found = select(view.c.vid).where(query.condition(MARKERS, asked)).order_by(view.c.vid)
    statement = found.limit(10).compile(made.engine)
    with made.engine.connect() as conn:
        plan = conn.exec_driver_sql(f"EXPLAIN {statement}", dict(statement.params)).scalars().all()
    assert any("markers_box" in line for line in plan), plan


def test_views_that_nothing_follows_lie_side_by_side(place: Target) -> None:
    markers = [marker(f"m{n}", 107.5, 12.5) for n in range(60)]
    steps = [event(m.id, "built", f"20{n:02}-01-01") for m in markers for n in range(10, 15)]
    made = register(place, markers=markers, marker_events=steps)
    sql = """SELECT t_next = '9999-12-31', count(*), count(DISTINCT (ctid::text::point)[0])
             FROM markers_view GROUP BY 1 ORDER BY 1"""
    with made.engine.connect() as conn:
        [_, (_, latest, pages)] = conn.exec_driver_sql(sql).all()
    assert latest == len(markers)
    assert latest > 4 * (pages - 1)


def test_words_fold_and_match_as_on_a_file(place: Target) -> None:
    made = register(place)
    with made.engine.connect() as conn:
        for word in WORDS:
            sql = "SELECT fold_accents(%s), fold_case(%s)"
            accents, case = conn.exec_driver_sql(sql, (word, word)).one()
            assert accents == fold_accents(word)
            assert case == fold_case(word) or word == "İĞ"  # dotted İ: two letters in Python
            for pattern in PATTERNS:
                sql = "SELECT like_text(%s, %s)"
                found = conn.exec_driver_sql(sql, (word, pattern)).scalar()
                assert found == like_text(word, pattern), (word, pattern)


@pytest.mark.parametrize(
    "text", ["number + 1 = 2", "number = main", "CASEI(main) = 'a'", "main LIKE 'a%'"]
)
def test_values_that_do_not_fit_are_the_callers_mistake(place: Target, text: str) -> None:
    made = register(place, markers=[marker("a", 107, 12)])
    with pytest.raises(BadInputError):
        matched(made, text)


def matched(made: Register, text: str) -> int:
    asked = Filter(parse(None), expression=cql.condition(MARKERS, cql.parse(text)))
    with made.engine.connect() as conn:
        return query.matched(conn, MARKERS, asked)


def test_every_layer_with_geometry_is_known_to_postgis(database: str, place: Target) -> None:
    register(place)
    schema = str(place).rpartition("=")[2]
    sql = """SELECT f_table_name, type, srid FROM geometry_columns
             WHERE f_table_schema = %s AND f_table_name NOT LIKE '%%_view'"""
    with psycopg.connect(database) as db:
        known = {name: (kind, srid) for name, kind, srid in db.execute(sql, (schema,))}
    shapes = {n: x.geometry for n, x in LAYERS.items() if x.geometry}
    assert known == {name: (kind.upper(), 4326) for name, kind in shapes.items()}
