"""The URLs of the desk. Those of a column begin with its slug."""

from django.urls import include, path

app_name = "desk"

urlpatterns = [
    path("", include("inbox.desk.account.urls")),
    path("", include("inbox.desk.inbox.urls")),
    path("", include("inbox.desk.writing.urls")),
    path("", include("inbox.desk.review.urls")),
    path("", include("inbox.desk.owner.urls")),
]
