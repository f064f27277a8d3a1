"""Addresses: the case page and what is written on it."""

from django.urls import path

from cases.views import case, change, clocks, letters, record

urlpatterns = [
    path("cases/RC-<int:pk>/", case.case, name="case"),
    path("cases/RC-<int:pk>/why/", clocks.why_next, name="why_next"),
    path("cases/RC-<int:pk>/why/<int:due>/", clocks.why, name="why"),
    path("cases/RC-<int:pk>/why/<int:due>/snooze/", clocks.snooze, name="snooze"),
    path("cases/RC-<int:pk>/pauses/<int:pause>/end/", clocks.end_pause, name="pause_end"),
    path("cases/RC-<int:pk>/print/", case.printed, name="print"),
    path("cases/RC-<int:pk>/8d/", case.eight_d, name="eight_d"),
    path("cases/RC-<int:pk>/change/<slug:what>/", change.change, name="change"),
    path("cases/RC-<int:pk>/write/email/", letters.compose, name="letter"),
    path("cases/RC-<int:pk>/write/email/preview/", letters.preview, name="letter_preview"),
    path("cases/RC-<int:pk>/leaving/<int:outgoing_pk>/", letters.leaving, name="leaving"),
    path("cases/RC-<int:pk>/letters/<int:message>/", letters.again, name="letter_again"),
    path("cases/RC-<int:pk>/write/<slug:kind>/", record.entry, name="entry"),
    path("cases/RC-<int:pk>/facts/", record.add_fact, name="facts"),
    path("cases/RC-<int:pk>/facts/<int:fact>/", record.verify_fact, name="fact"),
    path("cases/RC-<int:pk>/gap/", record.write_gap, name="gap"),
    path("cases/RC-<int:pk>/promises/", record.make_promise, name="promises"),
    path("cases/RC-<int:pk>/promises/<int:promise>/", record.settle_promise, name="promise"),
    path("cases/RC-<int:pk>/actions/", record.plan_action, name="actions"),
    path("cases/RC-<int:pk>/actions/<int:action>/", record.settle_action, name="action"),
    path("cases/RC-<int:pk>/discovery/", record.accept_all, name="discovery"),
    path("cases/RC-<int:pk>/discovery/<int:question>/", record.answer_question, name="question"),
    path("cases/RC-<int:pk>/files/", record.add_files, name="files"),
    path("cases/RC-<int:pk>/files/<int:file>/", record.download, name="file"),
]
