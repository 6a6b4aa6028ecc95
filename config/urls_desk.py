"""The URLs of the desk process: sign-in and the desk."""

from django.urls import include, path, re_path

from config import views
from inbox.desk.account import invitation

#: Pages of django-allauth that are not offered: nobody signs up, addresses and first passwords come with an invitation.
NOT_OFFERED = r"^accounts/(signup|inactive|email|confirm-email|password/set|login/code)/"

urlpatterns = [
    re_path(NOT_OFFERED, views.not_offered),
    path("accounts/invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("desk/", include("inbox.desk.urls")),
]
