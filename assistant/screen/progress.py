"""Shows on standard error how far a download is: a bar in a terminal, else a line per quarter."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def download_progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function to call with the bytes that are here and the bytes that are wanted."""
    if sys.stderr.isatty():
        with _bar(title) as show:
            yield show
    else:
        yield _lines(title)


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn(title, markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)
        yield lambda here, wanted: bar.update(task, completed=here, total=wanted)


def _lines(title: str) -> Callable[[int, int], None]:
    shown = -1

    def show(here: int, wanted: int) -> None:
        nonlocal shown
        quarter = 4 * here // wanted
        if quarter != shown:
            shown = quarter
            line = f"{title}: {quarter * 25} % of {wanted / 1e6:.0f} MB"
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    return show
