"""What the user can choose, frozen while in use."""
