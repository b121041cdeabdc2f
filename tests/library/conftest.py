"""Checks content files."""

import pytest

from assistant.library.check import check_file


@pytest.fixture
def problems_of(tmp_path):
    """Check a file with this content, and return its problems without the path."""

    def check(content: str | bytes, name: str = "mine.yaml") -> list[str]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        problems = check_file(path)
        assert all(problem.startswith(f"{path}:") for problem in problems)
        return [problem.removeprefix(f"{path}:") for problem in problems]

    return check
