"""What the table of models shows and takes: a row a model, a column for each thing that can be said of it."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from forgeapp.domain.request import Tier
from forgeapp.ui.wording import number_text, tr, when

if TYPE_CHECKING:
    from forgeapp.ledger.providers import ModelRow, ProviderRow
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.registry import ListPrice

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    ON = 0
    NAME = 1
    TIER = 2
    CONTEXT = 3
    PRICE = 4
    TEMPERATURE = 5
    OUTPUT = 6


ROLE: Final = Qt.ItemDataRole.UserRole
"""The role of the colour a cell's words have."""
NOTE: Final = Qt.ItemDataRole.UserRole + 1
"""What stands behind a name, in another colour."""
SHORT_NOTE: Final = Qt.ItemDataRole.UserRole + 2
"""The same where there is little room."""
PATTERNS: Final[dict[int, str]] = {
    Column.PRICE: r"\s*(\d{1,7}([.,]\d{1,9})?\s*/\s*\d{1,7}([.,]\d{1,9})?)?\s*",
    Column.TEMPERATURE: r"\s*(\d([.,]\d{1,3})?)?\s*",
    Column.OUTPUT: r"\s*\d{0,8}\s*",
}
"""What may be typed into the cells of a column; other columns are not typed into."""
_PRICE: Final = re.compile(r"\s*([\d.]+)\s*/\s*([\d.]+)\s*", re.ASCII)


class ModelsModel(QAbstractTableModel):
    """Edits go to the registry; what holds comes back from it."""

    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self.provider: ProviderRow | None = None

    def refresh(self) -> None:
        """Takes over what the registry says; what stayed the same only is painted again."""
        row = self._workbench.registry.selected_row
        before = self._names
        after = (row.name, [model.name for model in row.models]) if row else None
        if before != after:
            self.beginResetModel()
            self.provider = row
            self.endResetModel()
        else:
            self.provider = row
            if row is not None and row.models:
                self.dataChanged.emit(self.index(0, 0), self.index(len(row.models) - 1, Column.OUTPUT))

    @property
    def _names(self) -> tuple[str, list[str]] | None:
        row = self.provider
        return (row.name, [model.name for model in row.models]) if row else None

    def model_at(self, index: Index) -> ModelRow:
        assert self.provider is not None
        return self.provider.models[index.row()]

    def price_of(self, model: ModelRow) -> ListPrice | None:
        if self.provider is None:
            return None
        return self._workbench.registry.list_prices.get((self.provider.name, model.name))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() or self.provider is None else len(self.provider.models)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                tr("On"),
                tr("Model"),
                tr("Tier"),
                tr("Context"),
                tr("$ in / out"),
                tr("Temperature"),
                tr("Most output"),
            )[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                tr("Whether it may be asked"),
                tr("As the provider calls it"),
                tr("Cheap for everyday work, premium for the rest"),
                tr("Tokens of a request and its reply together"),
                tr("USD per million tokens, of the price list or your own"),
                tr("How freely it answers; blank leaves it to the provider"),
                tr("Longest reply in tokens; blank leaves it to the settings"),
            )[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section >= Column.CONTEXT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        model = self.model_at(index)
        column = index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(model, column)
            case Qt.ItemDataRole.EditRole:
                return self._edited(model, column)
            case Qt.ItemDataRole.CheckStateRole if column == Column.ON:
                return Qt.CheckState.Checked if model.is_enabled else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole:
                return self._tooltip(model, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(model, column)
            case _ if role == ROLE:
                return self._role(model, column)
            case _ if role == NOTE:
                return _vanished(model) if column == Column.NAME else ""
            case _ if role == SHORT_NOTE:
                return tr("not listed")
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        assert self.provider is not None
        registry, provider, model = self._workbench.registry, self.provider.name, self.model_at(index)
        if role == Qt.ItemDataRole.CheckStateRole:
            registry.change_model(provider, model.name, is_enabled=not model.is_enabled)
            return True
        text = str(value).strip().replace(",", ".")
        if text == self._edited(model, index.column()):
            return False
        match index.column():
            case Column.PRICE:
                prices = read_price(text)
                registry.set_price(provider, model.name, *(prices or (None, None)))
            case Column.TEMPERATURE:
                registry.change_model(provider, model.name, temperature=min(float(text), 2.0) if text else None)
            case Column.OUTPUT:
                registry.change_model(provider, model.name, output_tokens=int(text) or None if text else None)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() in PATTERNS else flags

    def _text(self, model: ModelRow, column: int) -> str:
        match column:
            case Column.NAME:
                return model.name
            case Column.TIER:
                return tier_text(model.tier)
            case Column.CONTEXT:
                return number_text(model.context_tokens) if model.context_tokens else "–"
            case Column.PRICE:
                return self._price_text(model)
            case Column.TEMPERATURE:
                temperature = model.parameters.temperature
                return "–" if temperature is None else _decimal(temperature)
            case Column.OUTPUT:
                most = model.parameters.max_output_tokens
                return number_text(most) if most else "–"
        return ""

    def _price_text(self, model: ModelRow) -> str:
        if _has_own_price(model):
            return f"{model.input_usd_per_million} / {model.output_usd_per_million}"
        if self.provider is not None and self.provider.is_local:
            return tr("free")
        price = self.price_of(model)
        if price is None:
            return "…"
        if price.input_usd is None or price.output_usd is None:
            return tr("unknown")
        return f"{_usd(price.input_usd)} / {_usd(price.output_usd)}"

    def _edited(self, model: ModelRow, column: int) -> str:
        match column:
            case Column.PRICE if _has_own_price(model):
                return f"{model.input_usd_per_million} / {model.output_usd_per_million}"
            case Column.TEMPERATURE if model.parameters.temperature is not None:
                return _decimal(model.parameters.temperature)
            case Column.OUTPUT if model.parameters.max_output_tokens:
                return str(model.parameters.max_output_tokens)
        return ""

    def _tooltip(self, model: ModelRow, column: int) -> str | None:
        if column == Column.NAME:
            return " · ".join(filter(None, [model.name, _vanished(model)]))
        if column == Column.PRICE:
            if _has_own_price(model):
                return tr("Your own price; clear it to go back to the price list.")
            return tr("Write IN / OUT in USD per million tokens to set your own.")
        return None

    def _spoken(self, model: ModelRow, column: int) -> str:
        if column == Column.ON:
            return tr("{model} is on", model=model.name) if model.is_enabled else tr("{model} is off", model=model.name)
        return " ".join(filter(None, [self._text(model, column), _vanished(model) if column == Column.NAME else ""]))

    def _role(self, model: ModelRow, column: int) -> str:
        if not model.is_usable:
            return "ink_3"
        if column == Column.NAME:
            return "ink"
        if column == Column.PRICE:
            if _has_own_price(model):
                return "accent"
            return "warn" if self._price_text(model) == tr("unknown") else "ink_2"
        return "ink_2"


def tier_text(tier: Tier | None) -> str:
    match tier:
        case Tier.CHEAP:
            return tr("cheap")
        case Tier.PREMIUM:
            return tr("premium")
    return "–"


def read_price(text: str) -> tuple[str, str] | None:
    """'0.10 / 0.40' -> ('0.10', '0.40'); None for anything else."""
    match = _PRICE.fullmatch(text)
    return (match[1], match[2]) if match else None


def _has_own_price(model: ModelRow) -> bool:
    return model.input_usd_per_million is not None and model.output_usd_per_million is not None


def _vanished(model: ModelRow) -> str:
    return tr("no longer listed since {day}", day=when(model.vanished_at)) if model.vanished_at else ""


def _usd(value: float) -> str:
    """At least two decimals, as many as it has."""
    exact = format(Decimal(str(value)).normalize(), "f")
    whole, _, decimals = exact.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def _decimal(value: float) -> str:
    return format(Decimal(str(value)).normalize(), "f")
