"""The addresses of the desk: sign-in, and everything behind it."""

from django.urls import include, path

from inbox.views import staff

urlpatterns = [
    path("accounts/invitation/<str:token>/", staff.invitation, name="invitation"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("desk/", include("inbox.urls_desk")),
]
