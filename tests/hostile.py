"""Strings that have broken programs before. Made up here; every form and every page of the project meets them."""

STRINGS = [
    "<script>alert('steady')</script>",
    "\"><img src=x onerror=alert('steady')>",
    "'; DROP TABLE inbox_letter; --",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "</textarea><script>steady()</script>",
    "javascript:steady()",
    "%s %d %n %x {0} {name} ${jndi:ldap://x}",
    "../../../../etc/passwd\\..\\..",
    "\x00\x01\x08\x1b[31mred\x7f",
    "\ud83d\ude00 half a pair: \ud800",
    "😀👩‍👩‍👧‍👦🏳️‍🌈 e\u0301\u0301\u0301 Z͑ͫ̓ͪ̂ͫ̽a̴l̷g̵o",
    "\u202eright to left\u202c \u200b\ufeff\u2028\u2029",
    "שלום مرحبا 你好 नमस्ते สวัสดี",
    "= cmd|' /C calc'!A0",
    "null undefined NaN Infinity -0 1e309 0x1F",
    "a" * 3000,
    "<" * 500 + ">" * 500,
    "[x](javascript:steady()) ![x](http://x.invalid/y.png) [^1] <!-- -->",
    "\r\nSet-Cookie: steady=1\r\n\r\n",
    "&lt;b&gt; &amp;amp; &#x27; &nbsp;",
]

#: What a database or its driver could take amiss: quotes, placeholders, a zero byte, half of a pair, combining marks.
FOR_A_DATABASE = [
    text for text in STRINGS if any(sign in text for sign in ("DROP TABLE", "%s", "\x00", "\ud800", "\u0301"))
]


def letter(text: str) -> str:
    """The string inside a letter that is long enough."""
    return f"This is a letter that is long enough to be taken. {text} And this is its end."
