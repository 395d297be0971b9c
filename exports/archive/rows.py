from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet


def of_firm(model: Any, firm: UUID, *related: str) -> Callable[[], QuerySet[Any]]:
    """For a section: the firm's rows of a model that has its key, with what they name."""

    def rows() -> QuerySet[Any]:
        found: QuerySet[Any] = model.objects.filter(firm=firm)
        return found.select_related(*related) if related else found

    return rows
