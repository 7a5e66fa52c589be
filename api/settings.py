"""Settings of the server, from environment variables that begin with COTMOC_."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Viewpoint(StrEnum):
    """Whose view of disputed places the map draws."""

    VN = "vn"
    NEUTRAL = "neutral"


class Settings(BaseSettings):
    """All that an operator can set; a value out of range stops the start with its name."""

    model_config = SettingsConfigDict(env_prefix="COTMOC_")

    store: Path | str = ROOT / "var" / "cotmoc.gpkg"
    data: Path = ROOT / "data"
    web: Path = ROOT / "web" / "dist"
    viewpoint: Viewpoint = Viewpoint.VN
    root_path: str = ""
    max_limit: int = Field(default=10_000, ge=1, le=100_000)  # features of one answer
    cache_seconds: int = Field(default=0, ge=0, le=86_400)  # how long a client need not ask again
