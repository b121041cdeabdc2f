"""Where the content is: inside an installed wheel, or in the checkout, next to the package."""

from importlib.resources import files
from pathlib import Path


def resource(name: str) -> Path:
    """Return the folder `name` ("routines" or "models") of the wheel, else of the checkout."""
    packaged = Path(str(files("assistant"))) / "_data" / name
    return packaged if packaged.exists() else Path(__file__).parent.parent / name
