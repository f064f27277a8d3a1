"""Addresses of this app."""

from django.urls import path

from council.views import acts, exports, figures, house, let_go, pages

app_name = "council"
urlpatterns = [
    path("council/", pages.docket, name="docket"),
    path("council/log/", pages.log, name="log"),
    path("council/mandate/", pages.mandate, name="mandate"),
    path("council/mandate/edit/", house.edit_mandate, name="mandate_edit"),
    path("council/walls/", house.displays, name="walls"),
    path("council/walls/hang/", house.hang, name="wall_hang"),
    path("council/walls/<int:pk>/take-down/", house.take_down, name="wall_down"),
    path("wall/<str:token>/", house.wall, name="wall"),
    path("council/brief/RC-<int:pk>/", pages.brief, name="brief"),
    path("council/review/", pages.review_page, name="review"),
    path("council/seen/", acts.see, name="see"),
    path("council/<int:pk>/decide/<slug:kind>/", acts.decide, name="decide"),
    path("council/decisions/<int:pk>/undo/", acts.undo, name="undo"),
    path("council/let-go/RC-<int:pk>/", let_go.let_go, name="let_go"),
    path("council/ballots/<int:pk>/", let_go.ballot, name="ballot"),
    path("council/ballots/<int:pk>/withdraw/", let_go.withdraw, name="ballot_withdraw"),
    path("council/<int:pk>/approval/withdraw/", acts.withdraw, name="approval_withdraw"),
    path("council/questions/<int:pk>/answer/", acts.answer, name="answer"),
    path("council/figures/", figures.figures, name="figures"),
    path("council/figures/side-by-side/", figures.side_by_side, name="side_by_side"),
    path("council/figures/value/", figures.value, name="value"),
    path("council/figures/causes/", figures.causes, name="causes"),
    path("council/figures/do-the-repaired-hold/", figures.holding, name="holding"),
    path("council/figures/do-the-repaired-hold/<slug:fate>/", figures.held_by, name="held_by"),
    path("council/figures/report/", exports.report, name="report"),
    path("council/figures/files/<slug:what>/<slug:kind>/", exports.export, name="export"),
    path("council/exports/<int:pk>/", exports.progress, name="export_progress"),
    path("council/exports/<int:pk>/file/", exports.download, name="export_file"),
    path("council/statements/<int:pk>/", figures.statement, name="statement"),
    path("council/figures/<slug:slug>/cases/", figures.counted_rows, name="counted"),
]
