"""Addresses: customers and the people there."""

from django.urls import path

from cases.views import customers, erasing

urlpatterns = [
    path("customers/", customers.listed, name="customers"),
    path("customers/new/", customers.new, name="customer_new"),
    path("customers/<int:pk>/", customers.customer, name="customer"),
    path("customers/<int:pk>/edit/", customers.edit, name="customer_edit"),
    path("customers/<int:pk>/links/", customers.share, name="customer_links"),
    path("customers/<int:pk>/links/<int:link>/", customers.unshare, name="customer_link"),
    path("customers/<int:pk>/marks/", customers.note_mark, name="customer_marks"),
    path("customers/<int:pk>/marks/<int:mark>/", customers.take_mark_back, name="customer_mark"),
    path("customers/<int:pk>/people/new/", customers.new_contact, name="contact_new"),
    path("customers/<int:pk>/people/<int:contact>/", customers.contact, name="contact"),
    path("customers/<int:pk>/people/<int:contact>/data/", erasing.shown, name="contact_data"),
    path("customers/<int:pk>/people/<int:contact>/data/copy/", erasing.copied, name="contact_copy"),
    path("customers/<int:pk>/people/<int:contact>/data/erase/", erasing.erased, name="contact_erase"),
]
