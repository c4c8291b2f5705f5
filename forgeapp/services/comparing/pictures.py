"""Two images: another picture is one change, and what it shows in words another."""

from __future__ import annotations

from dataclasses import dataclass, replace

from forgeapp.domain.image import Image
from forgeapp.services.comparing.hunks import DescriptionChange, Hunk, PictureChange


@dataclass(frozen=True, slots=True)
class PictureWeave:
    """`picture` and `description`: the numbers of their hunks, None where both have the same."""

    before: Image
    after: Image
    picture: int | None
    description: int | None

    def accepted(self, chosen: frozenset[int]) -> Image:
        return self._with(self.before, self.picture in chosen, self.description in chosen)

    def onto(self, newest: Image) -> tuple[Image, frozenset[int]]:
        """`newest` with what changed, and the hunks for which it changed there itself."""
        has_picture = _pixels(newest) in (_pixels(self.before), _pixels(self.after))
        has_description = newest.alt in (self.before.alt, self.after.alt)
        unplaced = {
            number for number, has in ((self.picture, has_picture), (self.description, has_description)) if not has
        }
        taken = self._with(
            newest, self.picture is not None and has_picture, self.description is not None and has_description
        )
        return taken, frozenset(number for number in unplaced if number is not None)

    def _with(self, image: Image, takes_picture: bool, takes_description: bool) -> Image:
        after = self.after
        if takes_picture:
            image = replace(image, media_type=after.media_type, data=after.data, width=after.width, height=after.height)
        return replace(image, alt=after.alt) if takes_description else image


def weave_pictures(before: Image, after: Image, hunks: list[Hunk]) -> PictureWeave:
    """Adds what differs to `hunks`."""
    picture = description = None
    if _pixels(before) != _pixels(after):
        picture = len(hunks)
        hunks.append(Hunk("picture", _facts(before), _facts(after), PictureChange()))
    if before.alt != after.alt:
        description = len(hunks)
        hunks.append(Hunk("description", before.alt, after.alt, DescriptionChange()))
    return PictureWeave(before, after, picture, description)


def _pixels(image: Image) -> tuple[str, bytes]:
    return image.media_type, image.data


def _facts(image: Image) -> str:
    return f"{image.format_name}, {image.width:,} x {image.height:,} pixels, {len(image.data):,} bytes"
