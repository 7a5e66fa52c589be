"""The API for a person: every resource as a plain page that loads nothing and runs nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from api import links, negotiate
from api.html import values, words
from api.links import Link
from geo import info
from geo.later import later

if TYPE_CHECKING:
    import jinja2
else:
    jinja2 = later("jinja2")

MEDIA_TYPE = "text/html"
_SHOWN_ELSEWHERE = ("alternate", "self", "collection", "next", "prev")  # collection: the trail
_HERE = Path(__file__).parent
_STYLE = (_HERE / "page.css").read_text(encoding="utf-8")
STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


@cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.globals["style"] = Markup(_STYLE)  # noqa: S704
    made.filters["number"] = values.number
    made.filters["day"] = values.day
    made.filters["form_name"] = words.form_name
    return made


def page(
    request: Request,
    template: str,
    *,
    title: str,
    crumb: str | None = None,
    trail: Sequence[tuple[str, str]],
    made_of: Sequence[Link],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """Return a page in the language asked for.

    `trail` leads from the landing page to this one, each step with its path below /api and its
    name, and ends with `crumb`, else with the title; `made_of` are the links of the resource, all
    of which the page shows.
    """
    lang = negotiate.language(request)
    settings = request.app.state.settings
    other = "en" if lang == "vi" else "vi"
    text = (
        _environment()
        .get_template(template)
        .render(
            title=title,
            crumb=crumb or title,
            lang=lang,
            t=words.of(lang),
            root=links.root(request),
            base=links.base(request),
            trail=trail,
            other=str(links.here(request).include_query_params(lang=other)),
            forms=[link for link in made_of if link["rel"] == "alternate"],
            related=[link for link in made_of if link["rel"] not in _SHOWN_ELSEWHERE],
            exercise=request.app.state.register.exercise,
            statement=info.STATEMENTS[settings.viewpoint.value][lang],
            version=info.version(),
            **context,
        )
    )
    return HTMLResponse(text, status, {"content-language": lang, **(headers or {})})
