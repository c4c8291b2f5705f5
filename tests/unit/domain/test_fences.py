import pytest

from forgeapp.domain.fences import open_fence


@pytest.mark.parametrize(
    ("line", "before", "after"),
    [
        ("plain words", "", ""),
        ("```python", "", "```"),
        ("> ~~~~ text", "", "~~~~"),
        ("   - a", "```", "```"),
        ("```", "```", ""),
        ("  > `````  ", "```", ""),
        ("``", "```", "```"),
        ("``` python", "```", "```"),
        ("~~~", "```", "```"),
        ("~~", "", ""),
    ],
)
def test_a_fence_is_open_until_one_of_its_signs_and_at_least_its_length(line: str, before: str, after: str) -> None:
    assert open_fence(line, before) == after
