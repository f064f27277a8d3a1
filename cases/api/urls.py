"""Addresses of the API about cases and customers."""

from django.urls import path

from cases.api import cases, customers, record

urlpatterns = [
    path("cases/", cases.Cases.as_view(), name="cases"),
    path("cases/<int:pk>/", cases.OneCase.as_view(), name="case"),
    path("cases/<int:pk>/timeline/", record.Timeline.as_view(), name="timeline"),
    path("cases/<int:pk>/entries/", record.Entries.as_view(), name="entries"),
    path("customers/", customers.Customers.as_view(), name="customers"),
    path("customers/<int:pk>/", customers.OneCustomer.as_view(), name="customer"),
]
