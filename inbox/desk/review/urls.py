"""The URLs of the second reading."""

from django.urls import path

from inbox.desk.review import correction, review

urlpatterns = [
    path("<slug:column>/reviews/", review.reviews, name="reviews"),
    path("<slug:column>/reviews/<uuid:draft>/", review.review, name="review"),
    path("<slug:column>/reviews/<uuid:draft>/text/", review.text, name="review_text"),
    path("<slug:column>/reviews/<uuid:draft>/correction/", correction.correction, name="correction"),
]
