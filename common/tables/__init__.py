"""Lists: the base table, the few kinds of column that every list is made of, and which of them a person sees."""

from common.tables.base import Table, choosable
from common.tables.choice import Choice, columns_from
from common.tables.columns import (
    DASH,
    AmountColumn,
    CheckColumn,
    DateColumn,
    MenuColumn,
    NameColumn,
    NumberColumn,
    SirenColumn,
    StateColumn,
    addresses,
    cell,
    name_link,
)
from common.tables.keyset import MOST_COUNTED, KeysetPages
from common.tables.menus import Entry, row_menu
from common.tables.paging import DEFAULT_PAGE_SIZE, PAGE_SIZES

__all__ = [
    "DASH",
    "DEFAULT_PAGE_SIZE",
    "MOST_COUNTED",
    "PAGE_SIZES",
    "AmountColumn",
    "CheckColumn",
    "Choice",
    "DateColumn",
    "Entry",
    "KeysetPages",
    "MenuColumn",
    "NameColumn",
    "NumberColumn",
    "SirenColumn",
    "StateColumn",
    "Table",
    "addresses",
    "cell",
    "choosable",
    "columns_from",
    "name_link",
    "row_menu",
]
