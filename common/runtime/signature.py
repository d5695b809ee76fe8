"""Which params a job's function takes, as its annotations say."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from common.errors import Misconfigured

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["params_model"]


def params_model(name: str, function: Callable[..., Any]) -> type[BaseModel] | None:
    """The annotation of the first of two arguments; others may be for type checkers only.

    None where there is but one, the context. Raises Misconfigured.
    """
    arguments = list(inspect.signature(function).parameters.values())
    if len(arguments) == 1:
        return None
    annotation = arguments[0].annotation if arguments else None
    if isinstance(annotation, str):
        annotation = _evaluated(name, annotation, function)
    from pydantic import BaseModel

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    raise Misconfigured(
        f"Job {name}: its function takes params, annotated with a pydantic model, and a Context; "
        "or a Context alone."
    )


def _evaluated(name: str, annotation: str, function: Callable[..., Any]) -> Any:
    names = getattr(inspect.unwrap(function), "__globals__", {})
    try:
        (found,) = typing.get_type_hints(_bearer(annotation), names).values()
    except (NameError, AttributeError, SyntaxError, TypeError) as error:
        raise Misconfigured(
            f"Job {name}: its params, {annotation}, are not known where the job runs ({error}): "
            "import or define them in the function's module, and not for type checkers only."
        ) from error
    return found


def _bearer(annotation: str) -> Any:
    """Something that has just this one annotation."""

    def bearer() -> None: ...

    bearer.__annotations__ = {"params": annotation}
    return bearer
