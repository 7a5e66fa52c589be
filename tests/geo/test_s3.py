"""Files as evidence in S3, kept on a server that speaks it and asks who one is."""

import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.errors import NotFoundError, StoreError
from geo.evidence import keeping, register
from geo.evidence.place import Place
from geo.register import Register
from office.backup import backup
from office.restore import restore
from tests import s3
from tests.geo import build
from tests.geo.test_evidence import PDF, bring, photo, problems
from tests.s3 import S3


@pytest.fixture(scope="module")
def server() -> Iterator[S3]:
    with s3.serving() as made:
        yield made


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    made = build.register(tmp_path_factory.mktemp("s3") / "r.gpkg")
    yield made
    made.engine.dispose()


def noted(held: Register, data: bytes) -> bool:
    """Whether the register knows of a file."""
    with held.engine.connect() as conn:
        try:
            register.brought(conn, hashlib.sha256(data).hexdigest(), "anna")
        except NotFoundError:
            return False
    return True


def document(size: int = 64) -> bytes:
    """A document that nobody has brought yet."""
    return PDF[:9] + secrets.token_bytes(size) + PDF[9:]


def test_files_are_kept_listed_given_out_and_missed(server: S3, held: Register) -> None:
    where = Place(server.address("kept/deep"))
    assert list(where.names()) == []
    data = photo(1_200, 600)
    file = bring(held, where, data)
    with where.open(file.sha256) as original:
        assert b"".join(keeping.pieces(original)) == data
    with keeping.opened(where, file, "small") as made:
        assert made.read(2) == b"\xff\xd8"
    assert bring(held, where, data) == file
    names = set(where.names())
    assert {file.sha256, keeping.made_name(file.sha256, "small")} <= names
    assert all(where.has(name) for name in names)
    assert problems(held, where, file) == set()
    elsewhere = Place(server.address("nothing"))
    assert not elsewhere.has(file.sha256)
    with pytest.raises(FileNotFoundError):
        elsewhere.open(file.sha256)
    assert problems(held, elsewhere, file) == {f"evidence: {file.sha256} is missing"}
    with elsewhere.incoming() as path:
        path.write_bytes(b"another")
        elsewhere.put(path, file.sha256)
    assert problems(held, elsewhere, file) == {f"evidence: {file.sha256} is not what it was"}


@pytest.mark.parametrize(
    ("key", "bucket", "said"),
    [
        ("AKIAWRONG00000000000", s3.BUCKET, "INVALID_ACCESS_KEY_ID|ACCESS_DENIED"),
        ("", "no-such-bucket", "Bucket"),
    ],
    ids=["credentials", "bucket"],
)
def test_who_may_not_write_is_told_and_nothing_is_half_there(
    server: S3, held: Register, key: str, bucket: str, said: str
) -> None:
    folder, data = f"refused-{said[:6]}", document()
    where = Place(server.address(folder, key=key, bucket=bucket))
    with pytest.raises(StoreError, match=said) as refused:
        bring(held, where, data)
    assert server.secret not in refused.value.detail
    assert not noted(held, data)
    assert list(Place(server.address(folder)).names()) == []


def test_a_secret_does_not_work_for_another_key(server: S3, held: Register) -> None:
    where = Place(server._replace(secret="wrong/secret").address("forged"))
    data = document()
    with pytest.raises(StoreError, match="SIGNATURE"):
        bring(held, where, data)
    assert not noted(held, data)


@pytest.mark.parametrize("size", [200_000, 12_000_000], ids=["one piece", "pieces"])
def test_an_upload_that_breaks_off_leaves_nothing(server: S3, held: Register, size: int) -> None:
    data, folder = document(size), f"half-{size}"
    with (
        s3.breaking(server.port, after=size // 2) as port,
        pytest.raises(StoreError, match="Files cannot be kept"),
    ):
        bring(held, Place(server.address(folder, port=port)), data)
    assert not noted(held, data)
    where = Place(server.address(folder))
    assert list(where.names()) == []


def test_the_environment_says_where_and_who(
    server: S3, held: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.port}/",
        "AWS_ACCESS_KEY_ID": server.key,
        "AWS_SECRET_ACCESS_KEY": server.secret,
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    file = bring(held, Place(f"s3://{s3.BUCKET}/environment"), document())
    assert Place(server.address("environment")).has(file.sha256)


def test_an_address_is_told_without_its_secret(server: S3) -> None:
    with pytest.raises(StoreError) as refused:
        Place(f"{server.address('x')}&nosuch=1")
    assert s3.BUCKET in refused.value.detail
    assert server.secret not in refused.value.detail


def test_a_backup_takes_them_and_brings_them_back(server: S3, tmp_path: Path) -> None:
    own = build.register(tmp_path / "r.gpkg")
    there, again = server.address("before"), server.address("after")
    file = bring(own, Place(there), photo())
    made = backup(tmp_path / "r.gpkg", tmp_path / "b", evidence=there)
    assert f"evidence/{file.sha256[:2]}/{file.sha256}" in [one.path for one in made.files]
    restore(tmp_path / "b", tmp_path / "again.gpkg", evidence=again)
    assert set(Place(again).names()) == set(Place(there).names())
    restore(tmp_path / "b", tmp_path / "third.gpkg", evidence=tmp_path / "folder")
    for place in (again, tmp_path / "folder"):
        assert list(keeping.problems(own.engine, Place(place))) == []
    own.engine.dispose()
