from __future__ import annotations

import copy
import json
import pickle

from forgeapp.domain.wording import Text
from forgeapp.errors import KeyMissing


def test_a_text_is_its_english() -> None:
    text = Text("left_blank", "Left blank: {slots}.", slots="Date")
    assert text == str(text) == "Left blank: Date."
    assert (text.key, text.template, dict(text.params)) == ("left_blank", "Left blank: {slots}.", {"slots": "Date"})
    assert json.dumps([text]) == '["Left blank: Date."]'


def test_parameters_may_be_texts_errors_and_lists_of_them() -> None:
    part = Text("part", "{count} rows", count=3)
    text = Text("cut", "Cut: {parts}. {cause}", parts=(part, "x {y}"), cause=KeyMissing(provider="acme"))
    assert text == "Cut: 3 rows; x {y}. No key is set for acme."


def test_a_copy_elsewhere_is_plain_english() -> None:
    text = Text("a", "{b}", b="c")
    for copied in (copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
        assert copied == "c"
