import pytest

from tests.factories import Cabinet, make_cabinet


@pytest.fixture
def cabinet(db: None) -> Cabinet:
    return make_cabinet()


@pytest.fixture
def other_cabinet(db: None) -> Cabinet:
    return make_cabinet()
