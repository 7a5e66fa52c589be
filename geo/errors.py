"""Every error that the geo layer raises; each class says what it means."""

from __future__ import annotations

from collections.abc import Sequence


class AskAgainError(Exception):
    """An answer could not be had by itself; a transaction will have it or say why not."""


_LONG = (
    "đã ngừng đọc; hãy hỏi ít hơn: vùng nhỏ hơn, một ngày, điều kiện ít và đơn giản hơn",
    "The read was given up because it takes too long. Ask for less: a smaller bbox, a single day,"
    " fewer or simpler conditions",
)


class GeoError(Exception):
    """Base of all errors of the geo layer.

    `parameter` names the input at fault, `value` is what was given and
    `allowed` what would have been accepted; all three may be None. `vi` says in Vietnamese
    what `detail` says in English; where it is empty, Vietnamese tells the other three.
    """

    code = "geo_error"

    def __init__(
        self,
        detail: str,
        *,
        vi: str = "",
        parameter: str | None = None,
        value: object = None,
        allowed: Sequence[str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.vi = vi
        self.parameter = parameter
        self.value = value
        self.allowed = allowed


class BadInputError(GeoError):
    """A value that a caller gave cannot be used."""

    code = "bad_input"


class UnknownLayerError(GeoError):
    """No layer has this name."""

    code = "unknown_layer"


class UnknownPropertyError(BadInputError):
    """The layer has no such property."""

    code = "unknown_property"


class UnknownCrsError(BadInputError):
    """The coordinate reference system is not one that we support."""

    code = "unknown_crs"


class NotFoundError(GeoError):
    """No row with this identifier can be seen by this reader at this date."""

    code = "not_found"


class RowError(BadInputError):
    """A row of a file breaks the declaration of its layer."""

    code = "bad_row"


class StoreError(GeoError):
    """The store cannot be opened, read or written."""

    code = "store_error"


class LongReadError(GeoError):
    """A read takes longer than it may where others wait for it."""

    code = "long_read"

    def __init__(self, detail: str = _LONG[1]) -> None:
        super().__init__(detail, vi=_LONG[0])


class UnsureError(StoreError):
    """The store was lost while a change was being kept: nobody knows whether it was."""

    code = "store_unsure"


class ForeignStoreError(StoreError):
    """The file is not a register of ours, or is damaged; it was not touched."""

    code = "foreign_store"


class OldStoreError(ForeignStoreError):
    """An older version made it; it was not touched and has to be upgraded first."""

    code = "old_store"


class OperationNeededError(BadInputError):
    """No coordinate operation can be chosen safely; the caller has to name one."""

    code = "operation_needed"


class OutsideError(BadInputError):
    """The place lies outside what the line or the raster covers."""

    code = "outside"


class ConflictError(GeoError):
    """What is asked for does not go together with what the register holds."""

    code = "conflict"


class StaleError(GeoError):
    """The row has changed since the client read it.

    `base` is the revision that the client knew, or None if it named none that we know;
    `revision` is the present one and `state` the present state, see geo.state; both are None
    where the row is gone.
    """

    code = "stale"

    def __init__(
        self, detail: str, *, base: int | None, revision: int | None, state: str | None
    ) -> None:
        super().__init__(detail)
        self.base = base
        self.revision = revision
        self.state = state


class FullStoreError(StoreError):
    """The store has no room left; nothing of the change was kept."""

    code = "store_full"
