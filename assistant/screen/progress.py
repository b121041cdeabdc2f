"""Shows the progress of a download on standard error: a bar in a terminal, otherwise four lines."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def download_progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function to call with the bytes received so far and the bytes in total."""
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
        yield lambda received, total: bar.update(task, completed=received, total=total)


def _lines(title: str) -> Callable[[int, int], None]:
    shown = -1

    def show(received: int, total: int) -> None:
        nonlocal shown
        quarter = 4 * received // total
        if quarter != shown:
            shown = quarter
            line = f"{title}: {quarter * 25} % of {total / 1e6:.0f} MB"
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    return show
