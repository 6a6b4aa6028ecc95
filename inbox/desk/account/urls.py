"""The URLs of a person's account at the desk: unlocking, invitations to them, and their own settings."""

from django.urls import path

from inbox.desk.account import copies, invitation, profile, unlock

urlpatterns = [
    path("unlock/", unlock.unlock, name="unlock"),
    path("invitations/<uuid:invitation>/", invitation.answer, name="invitation"),
    path("me/", profile.me, name="me"),
    path("copy-key/", copies.copy_key, name="copy_key"),
]
