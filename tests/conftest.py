"""What all tests share: where the shared recordings are, and the skipping of what needs them where they are not."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("backbeat", deadline=None)  # a busy machine is no fault
settings.load_profile("backbeat")

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"  # beside the checkout, never inside it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, and so count, what is marked `corpus` where there is none."""
    if CORPORA.is_dir():
        return
    absent = pytest.mark.skip(reason="the shared recordings (../shared/corpora) are not here")
    for item in items:
        if item.get_closest_marker("corpus"):
            item.add_marker(absent)


@pytest.fixture(scope="session")
def shared_corpora() -> Path:
    """The folder of the corpora; for tests marked `corpus`."""
    return CORPORA
