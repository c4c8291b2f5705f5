"""A picture to look at: decoded off the UI thread, fitted or zoomed, and what it shows in words."""

from forgeapp.ui.artifact.image.description import DescriptionField
from forgeapp.ui.artifact.image.picture_view import PictureView
from forgeapp.ui.artifact.image.sizes import DecodedPicture, decode

__all__ = ["DecodedPicture", "DescriptionField", "PictureView", "decode"]
