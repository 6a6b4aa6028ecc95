"""The URLs of the public process: columns, and the letter's path."""

from django.urls import include, path

from columns.machine_readable import sitemaps
from config import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:column>.xml", sitemaps.of_column, name="sitemap_of_column"),
    path("", include("inbox.writer.urls")),
    path("", include("columns.urls")),
]
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
