"""The provider of laptops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.errors import Misconfigured
from jobs.image_generation.providers import Made

if TYPE_CHECKING:
    from common.runtime import Context
    from jobs.image_generation.params import ImageParams

__all__ = ["Local"]


class Local:
    """Draws here, with Pillow."""

    name = "local"
    model = None
    usage = None
    at_once = 1

    def __init__(self, params: ImageParams, run: Context) -> None:
        self._params, self._run = params, run

    def picture(self, number: int) -> Made:
        """Raises Misconfigured where there is no Pillow."""
        try:
            from jobs.image_generation.local.scene import Scene
        except ImportError as error:
            raise Misconfigured("No Pillow is here: pip install 'runjobs[image]'.") from error
        seed = self._params.drawn_seed_of(number)
        scene = Scene(prompt=self._params.prompt, seed=seed)
        drawing = scene.draw(*self._params.pixels, check=self._run.check)
        said: tuple[str, ...] = ()
        if drawing.left_out:
            said = (f"The font draws no {drawing.left_out[:100]}: left out of the words.",)
        return Made(picture=drawing.image, seed=seed, warnings=said)

    def close(self) -> None:
        """Nothing is open."""
