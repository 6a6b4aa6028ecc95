"""The URLs of a process that serves the public side and the desk."""

from config import urls_desk, urls_public

urlpatterns = [*urls_desk.urlpatterns, *urls_public.urlpatterns]
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
