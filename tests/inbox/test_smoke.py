import pytest
from inbox.workflow import *
from tests import factories
@pytest.mark.parametrize("s", list(LetterStatus))
def test_l(column, s):
    assert factories.make_letter(column, s).status == s
@pytest.mark.parametrize("s", list(DraftStatus))
def test_d(column, s):
    assert factories.make_draft(column, s).status == s
