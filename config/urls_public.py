"""The URLs of the public process: columns, and the letter's path."""

from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from columns.caching import for_everybody
from columns.machine_readable.sitemaps import SITEMAPS
from config import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", for_everybody(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("", include("inbox.writer.urls")),
    path("", include("columns.urls")),
]
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
