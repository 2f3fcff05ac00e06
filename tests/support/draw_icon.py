"""Draws the app's icon and splash: a lit window in a house, on the deep blue of the app's actions.

`python -m tests.support.draw_icon` writes them into `assets/`. Kept here so that the bundle holds only the
pictures.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

ASSETS = Path(__file__).parents[2] / "assets"
BLUE, PALE, LIT, NIGHT = "#0B3C7A", "#FFFFFF", "#FFCE85", "#0C0F14"
SIZE = 512
_FINE = 4  # drawn larger and scaled down, so that slopes are smooth


def house(size: int, ground: str | None, *, scale: float) -> Image.Image:
    """The sign in the middle of a square; `scale` is its share of the square."""
    big = size * _FINE
    picture = Image.new("RGBA", (big, big), ground or (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    half = big * scale / 2
    middle = big / 2

    def at(x: float, y: float) -> tuple[float, float]:
        return middle + x * half, middle + y * half

    outline = [(0, -0.95), (1, -0.05), (0.78, -0.05), (0.78, 0.9), (-0.78, 0.9), (-0.78, -0.05), (-1, -0.05)]
    pen.polygon([at(x, y) for x, y in outline], fill=PALE)
    pen.rounded_rectangle([at(-0.28, 0.12), at(0.28, 0.9)], radius=half * 0.06, fill=BLUE)
    pen.ellipse([at(-0.17, -0.42), at(0.17, -0.08)], fill=LIT, outline=BLUE, width=round(half * 0.05))
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Write the three pictures."""
    house(SIZE, BLUE, scale=0.58).convert("RGB").quantize(64).save(ASSETS / "icon.png", optimize=True)
    house(SIZE, BLUE, scale=0.4).convert("RGB").quantize(64).save(ASSETS / "splash.png", optimize=True)
    house(SIZE, NIGHT, scale=0.4).convert("RGB").quantize(64).save(ASSETS / "splash_dark.png", optimize=True)


if __name__ == "__main__":
    main()
