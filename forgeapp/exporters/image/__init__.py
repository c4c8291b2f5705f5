"""Images as picture files, coded with Pillow."""
