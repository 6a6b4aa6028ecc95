"""The letter's path. No cookie, no script needed, nothing of the letter in any address."""

from django.urls import path

from inbox.writer import privacy, search, write, your_letter

app_name = "writer"
urlpatterns = [
    path("privacy/", privacy.privacy, name="privacy"),
    path("<slug:column>/search/", search.search, name="search"),
    path("<slug:column>/before-you-write/", write.before, name="before"),
    path("<slug:column>/helped/", write.helped, name="helped"),
    path("<slug:column>/write/", write.write, name="write"),
    path("<slug:column>/write/send/", write.send, name="send"),
    path("<slug:column>/write/kept/", write.kept, name="kept"),
    path("<slug:column>/write/file/", write.receipt_file, name="receipt_file"),
    path("<slug:column>/letter/", your_letter.receipt, name="receipt"),
    path("<slug:column>/letter/open/", your_letter.letter, name="your_letter"),
    path("<slug:column>/letter/reply/", your_letter.reply, name="writer_reply"),
    path("<slug:column>/letter/text/", your_letter.answer, name="approval_answer"),
    path("<slug:column>/letter/allow/", your_letter.allow, name="allow"),
    path("<slug:column>/letter/change/", your_letter.change_code, name="change_code"),
    path("<slug:column>/letter/withdraw/", your_letter.withdraw, name="withdraw"),
]
