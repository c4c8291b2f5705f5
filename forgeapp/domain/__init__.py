"""Values and protocols the rooms share; the standard library only."""
