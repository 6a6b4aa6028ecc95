"""The addresses of the columns. An article's address never changes."""

from django.urls import path

from columns import views
from columns.machine_readable import feeds, pictures

app_name = "columns"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:column>/", views.home, name="home"),
    path("<slug:column>/about/", views.about, name="about"),
    path("<slug:column>/archive/", views.archive, name="archive"),
    path("<slug:column>/archive/<int:year>/<int:month>/", views.archive_month, name="archive_month"),
    path("<slug:column>/topics/", views.topics, name="topics"),
    path("<slug:column>/topics/<slug:topic>/", views.topic, name="topic"),
    path("<slug:column>/feeds/", feeds.feeds, name="feeds"),
    path("<slug:column>/feed.atom", feeds.atom, name="feed"),
    path("<slug:column>/feed.json", feeds.json_feed, name="feed_json"),
    path("<slug:column>/picture-<slug:version>.png", pictures.column_picture, name="picture"),
    path("<slug:column>/<int:year>/<slug:slug>/", views.article, name="article"),
    path(
        "<slug:column>/<int:year>/<slug:slug>/picture-<slug:version>.png",
        pictures.article_picture,
        name="article_picture",
    ),
]
