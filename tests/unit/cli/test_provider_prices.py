from __future__ import annotations

import pytest

from forgeapp.cli.provider_changes import own_price
from forgeapp.errors import UsageError
from forgeapp.ledger.providers import ModelRow


@pytest.mark.parametrize("price", ["", "1", "1/2/3", "a/b", "-1/2", "nan/1", "1/inf", "1e99/1"])
def test_what_is_no_price_is_refused(price: str) -> None:
    with pytest.raises(UsageError, match=r"0\.15/0\.60"):
        own_price(f"m-1={price}")


def test_a_price_is_kept_as_it_was_written_also_one_of_nothing() -> None:
    assert own_price("org/m=1=0.15/0.60") == ModelRow("org/m=1", "0.15", "0.60")
    assert own_price("m-1=0/0") == ModelRow("m-1", "0", "0")
