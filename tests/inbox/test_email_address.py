"""What counts as an e-mail address.

The cases are of the kinds of the public test set of Dominic Sayers' ``is_email`` (github.com/dominicsayers/isemail,
``test/tests.xml``, 279 addresses), written anew with example domains, and of RFC 5321's limits. That set asks what the
grammar of RFC 5322 allows; here it is asked what mail servers deliver to, so quoted names, comments and addresses
of machines are refused.
"""

from __future__ import annotations

import pytest
from django import forms
from django.core.exceptions import ValidationError

from inbox.email_address import EmailAddressField, checked

LABEL = "d" * 63
#: What is taken, and the form in which it is kept.
TAKEN = {
    "somebody@example.org": "somebody@example.org",
    "Some.Body@EXAMPLE.Org": "Some.Body@example.org",
    "a@b.example": "a@b.example",
    "first.last+tag@mail.example.co.uk": "first.last+tag@mail.example.co.uk",
    "!#$%&*+/=?^`{|}~'@example.org": "!#$%&*+/=?^`{|}~'@example.org",
    "1234567890@example.org": "1234567890@example.org",
    "_______@example.org": "_______@example.org",
    "somebody@123.example": "somebody@123.example",
    "somebody@a--b.example": "somebody@a--b.example",
    "somebody@example.museum": "somebody@example.museum",
    "somebody@bücher.example": "somebody@bücher.example",
    "somebody@xn--bcher-kva.example": "somebody@bücher.example",
    f"{'l' * 64}@example.org": f"{'l' * 64}@example.org",
    f"somebody@{LABEL}.example": f"somebody@{LABEL}.example",
    f"a@{LABEL}.{LABEL}.{LABEL}.{'e' * 57}.io": f"a@{LABEL}.{LABEL}.{LABEL}.{'e' * 57}.io",
}
REFUSED = [
    # without a part
    "test", "@", "test@", "@example.org", "@@example.org", "test@@example.org", "test..example.org",
    # dots and hyphens in the wrong place
    ".test@example.org", "test.@example.org", "te..st@example.org", "test@.example.org", "test@example.org.",
    "test@example..org", "test@-example.org", "test@example-.org",
    # too long: the name, a label, the domain, the whole (the last is what was taken before)
    f"{'l' * 65}@example.org", f"test@{'d' * 64}.example", f"a@{'.'.join(['d'] * 128)}",
    f"a@{LABEL}.{LABEL}.{LABEL}.{'e' * 60}.io", f"{'l' * 304}@example.org",
    # this machine, no top level, numbers, addresses of machines
    "x@localhost", "x@io", "root@mail.local", "x@host.localhost", "x@a.test", "x@a.invalid", "x@1.0.0.127.in-addr.arpa",
    "x@hidden.onion", "x@127.0.0.1", "x@[127.0.0.1]", "x@[IPv6:::1]", "x@example.123", "x@255.255.255.255",
    # quoted names, comments, display names, routes, several
    '"test"@example.org', '""@example.org', '"te st"@example.org', '"test\\"@example.org', 'te"st@example.org',
    "test(comment)@example.org", "test@(comment)example.org", "Some Body <test@example.org>", "<test@example.org>",
    "@relay.example:test@example.org", "a@example.org,b@example.org", "a@example.org; b@example.org",
    "mailto:a@b.example@",
    # what would begin another header or command
    "test@example.org\nBcc: x@example.org", "test@example.org\r\nDATA", "te\nst@example.org", "test\x00@example.org",
    "test@exam\tple.org", "te st@example.org", " test@example.org", "test@example.org ", "test@example.org\u2028",
    # look-alikes and invisible characters
    "tëst@example.org", "test＠example.org", "test@exam\u200bple.org", "te\u202est@example.org", "test@example。org。",
    "test@ex_ample.org", "test@xn--a.example", "test@exa mple.org", "test@exam/ple.org", "test@example.org/path",
    "", " ",
]  # fmt: skip


@pytest.mark.parametrize("text", TAKEN)
def test_taken(text: str) -> None:
    assert checked(text) == TAKEN[text]


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        checked(text)
    assert refused.value.messages == ["This is not a full e-mail address."]
    assert refused.value.__cause__ is None


class _AForm(forms.Form):
    email = EmailAddressField(required=False)
    said = EmailAddressField(required=False, error_messages={"invalid": "In other words."})


def test_a_form_says_it_in_its_own_words_and_keeps_the_text() -> None:
    form = _AForm({"email": "x@localhost", "said": "a" * 316})
    assert form.errors == {"email": ["This is not a full e-mail address."], "said": ["In other words."]}
    assert 'value="x@localhost"' in str(form["email"])
    assert f'value="{"a" * 316}"' in str(form["said"])


def test_a_form_takes_what_stands_between_spaces() -> None:
    form = _AForm({"email": "  Test@EXAMPLE.org ", "said": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"email": "Test@example.org", "said": ""}
