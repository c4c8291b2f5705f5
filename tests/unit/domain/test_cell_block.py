from forgeapp.domain.cell_block import Block


def test_a_block_between_two_cells_does_not_ask_which_corner_is_first() -> None:
    assert Block.between((7, 1), (2, 4)) == Block.between((2, 4), (7, 1)) == Block(2, 1, 7, 4)


def test_a_block_counts_both_of_its_edges() -> None:
    block = Block(2, 1, 7, 4)
    assert (block.height, block.width, block.size) == (6, 4, 24)
    assert block.holds(2, 1)
    assert block.holds(7, 4)
    assert not block.holds(8, 4)
    assert not block.holds(7, 5)


def test_what_lies_outside_a_grid_is_cut_off() -> None:
    assert Block(2, 1, 7, 4).within(5, 3) == Block(2, 1, 4, 2)
    assert Block(5, 0, 7, 4).within(5, 3) is None


def test_the_cells_of_a_block_come_row_by_row() -> None:
    assert list(Block(0, 1, 1, 2).cells()) == [(0, 1), (0, 2), (1, 1), (1, 2)]
