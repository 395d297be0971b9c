"""The months as bars: where each stands in a drawing of fixed size, with an axis of round numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 8, 12, 30
_MONTHS: Final = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_STEPS: Final = 4


@dataclass(frozen=True)
class Month:
    first: date
    purchases: int
    sales: int


@dataclass(frozen=True)
class Bar:
    label: str
    year: int
    purchases: int
    sales: int
    x: float
    width: float
    purchases_y: float
    purchases_height: float
    sales_x: float
    sales_y: float
    sales_height: float
    middle: float


@dataclass(frozen=True)
class Tick:
    value: int
    y: float


@dataclass(frozen=True)
class Chart:
    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    total: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    labels_y: int = HEIGHT - 10

    @classmethod
    def of(cls, months: Sequence[Month]) -> "Chart":
        top = ceiling(max((max(month.purchases, month.sales) for month in months), default=0))
        slot = (WIDTH - _LEFT - _RIGHT) / max(len(months), 1)
        steps = [top * step // _STEPS for step in range(_STEPS + 1)]
        return cls(
            bars=[_bar(month, _LEFT + slot * place, slot, top) for place, month in enumerate(months)],
            ticks=[Tick(value, _y(value, top)) for value in steps],
            total=sum(month.purchases + month.sales for month in months),
        )


def ceiling(most: int) -> int:
    """The round number that the axis ends at: 4, 8, 20, 40, 80, 200… so that its quarters are whole."""
    unit = _STEPS
    while True:
        for factor in (1, 2, 5):
            if most <= unit * factor:
                return unit * factor
        unit *= 10


def _y(value: int, top: int) -> float:
    return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / top, 1)


def _bar(month: Month, x: float, slot: float, top: int) -> Bar:
    width = round(slot * 0.34, 1)
    floor = _y(0, top)
    purchases, sales = _y(month.purchases, top), _y(month.sales, top)
    start = x + slot * 0.14
    return Bar(
        label=_MONTHS[month.first.month - 1],
        year=month.first.year,
        purchases=month.purchases,
        sales=month.sales,
        x=round(start, 1),
        width=width,
        purchases_y=purchases,
        purchases_height=round(floor - purchases, 1),
        sales_x=round(start + width + 2, 1),
        sales_y=sales,
        sales_height=round(floor - sales, 1),
        middle=round(x + slot / 2, 1),
    )
