"""Replies in the manners of many models, read and applied."""

from __future__ import annotations

import pytest

from tests.unit.services.revising.patch_cases import NAMES, wrong


@pytest.mark.parametrize("name", NAMES)
def test_a_model_s_patch_does_what_it_means(name: str) -> None:
    assert wrong(name) is None


def test_there_are_replies_of_many_manners() -> None:
    assert len(NAMES) >= 35
