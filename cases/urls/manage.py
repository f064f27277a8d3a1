"""Addresses: administration of rules, imports and what runs by itself."""

from django.urls import path

from cases.views import letter_texts, manage, rulebook, rulesets, webhooks

urlpatterns = [
    path("manage/", manage.hub, name="manage"),
    path("manage/policy/", rulebook.policy, name="policy"),
    path("manage/calendar/", rulebook.calendar, name="calendar"),
    path("manage/policies/", rulesets.policies, name="policies"),
    path("manage/policies/<int:pk>/", rulebook.policy, name="policy_of"),
    path("manage/policies/<int:pk>/apply/", rulesets.apply, name="policy_apply"),
    path("manage/calendars/", rulesets.calendars, name="calendars"),
    path("manage/calendars/<int:pk>/", rulebook.calendar, name="calendar_of"),
    path("manage/calendars/<int:pk>/weeks/", rulesets.weeks, name="calendar_weeks"),
    path("manage/calendars/<int:pk>/uses/", rulesets.use, name="calendar_use"),
    path("manage/calendars/<int:pk>/uses/<int:use>/", rulesets.leave, name="calendar_leave"),
    path("manage/lists/<slug:what>/", rulebook.entries, name="entries"),
    path("manage/lists/<slug:what>/<int:pk>/", rulebook.entry, name="entry_change"),
    path("manage/letter-texts/", letter_texts.listed, name="letter_texts"),
    path("manage/letter-texts/new/", letter_texts.text, name="letter_text_new"),
    path("manage/letter-texts/preview/", letter_texts.preview, name="letter_text_preview"),
    path("manage/letter-texts/<int:pk>/", letter_texts.text, name="letter_text"),
    path("manage/letter-texts/<int:pk>/retire/", letter_texts.retire, name="letter_text_retire"),
    path("manage/rates/", rulebook.rates, name="rates"),
    path("manage/log/", manage.log, name="manage_log"),
    path("manage/sweeps/", manage.sweeps, name="sweeps"),
    path("manage/sweeps/rows/<int:pk>/", manage.retry, name="retry"),
    path("manage/webhooks/", webhooks.listed, name="webhooks"),
    path("manage/webhooks/<int:pk>/", webhooks.one, name="webhook"),
    path("manage/webhooks/<int:pk>/<slug:what>/", webhooks.act, name="webhook_act"),
    path("manage/webhooks/<int:pk>/told/<int:delivery>/", webhooks.retry, name="webhook_retry"),
    path("manage/imports/", manage.imports, name="imports"),
    path("manage/imports/<int:pk>/", manage.import_run, name="import"),
    path("manage/imports/open/", manage.open_history, name="open_history"),
    path("manage/imports/open/take-up/", manage.take_up_some, name="take_up_some"),
    path("manage/people/<int:pk>/leave/", manage.leave, name="leave"),
    path("cases/RC-<int:pk>/take-up/", manage.take_up, name="take_up"),
]
