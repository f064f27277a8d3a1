"""What people write on a case: entries, facts, promises, actions, discovery answers, files."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import drafts
from accounts.models import User
from cases import access, actions, discovery, entries, facts, files, promise_moves, promises
from cases.enums import EntryKind
from cases.forms.record import ActionForm, CommitmentForm, EntryForm, FactForm, FilesForm, GapForm, QuestionForm
from cases.models import Action, Case, CaseFile, Contact, Fact, Promise
from cases.queries.case_page import SELECT, draft_key
from cases.views import answers
from cases.views.case import show
from cases.views.doors import back, case_to_work, took
from cases.views.tabs import KINDS, entry_url
from mail import blobs


@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Open the composer for one kind of entry, or write the entry down."""
    case = case_to_work(request, pk)
    if kind not in KINDS:
        return back(request, case)
    if request.method == "GET":
        return answers.composer(request, pk, kind)
    people = Contact.objects.filter(customer=case.customer_id, erased_at=None)
    key = draft_key(case, "entry")
    about = {"kind": KINDS[kind], "contacts": people, "action": entry_url(case, kind), "draft": key}
    form = EntryForm(request.POST, request.FILES, **about)
    if form.is_valid() and took(form, _add_entry, case=case, actor=request.user, kind=KINDS[kind], form=form):
        drafts.drop(user=request.user, key=key)
        return back(request, case.merged_into or case, place="timeline")
    return show(request, pk, record={"entry": form}, tab="timeline", status=422)


def _add_entry(*, case: Case, actor: User, kind: EntryKind, form: EntryForm) -> None:
    now = timezone.now()
    given = {name: value for name, value in form.cleaned_data.items() if name != "files"}
    stored = _store(form.cleaned_data["files"], now)
    entries.add_entry(case=case, actor=actor, kind=kind, now=now, files=stored, **given)


def _store(uploads, now) -> list:
    return [(blobs.shown_name(upload.name), blobs.store(upload=upload, now=now)) for upload in uploads]


@require_POST
def add_fact(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a fact of one side."""
    case = case_to_work(request, pk)
    key = draft_key(case, "fact")
    form = FactForm(request.POST, action=request.path, draft=key)
    facts_of = {"case": case, "actor": request.user, "now": timezone.now()}
    if form.is_valid() and took(form, facts.add_fact, **facts_of, **form.cleaned_data):
        drafts.drop(user=request.user, key=key)
        return back(request, case, tab="facts", place="tab")
    return show(request, pk, record={"fact": form}, tab="facts", status=422)


@require_POST
def verify_fact(request: HttpRequest, pk: int, fact: int) -> HttpResponse:
    """Mark a fact as verified, or take the mark back."""
    case = case_to_work(request, pk)
    row = get_object_or_404(Fact, pk=fact, case=case)
    facts.verify_fact(fact=row, actor=request.user, verified=not row.verified, now=timezone.now())
    return back(request, case, tab="facts", place="tab")


@require_POST
def write_gap(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the expectation gap."""
    case = case_to_work(request, pk)
    key = draft_key(case, "gap")
    form = GapForm(request.POST, action=request.path, draft=key)
    if form.is_valid():
        drafts.drop(user=request.user, key=key)
        given = dict(form.cleaned_data)
        texts = {part: given.pop(part) for part in facts.GAP_PARTS}
        facts.write_gap(case=case, actor=request.user, texts=texts, now=timezone.now(), **given)
        return back(request, case, tab="facts", place="tab")
    return show(request, pk, record={"gap": form}, tab="facts", status=422)


@require_POST
def make_promise(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a promise to the customer."""
    case = case_to_work(request, pk)
    key = draft_key(case, "promise")
    staff = User.objects.taking_work()
    form = CommitmentForm(request.POST, staff=staff, action=request.path, draft=key)
    if form.is_valid() and took(form, _make_promise, case=case, actor=request.user, given=form.cleaned_data):
        drafts.drop(user=request.user, key=key)
        return back(request, case, tab="promises", place="tab")
    return show(request, pk, record={"promise": form}, tab="promises", status=422)


def _make_promise(*, case: Case, actor: User, given: dict) -> None:
    told = {"text": given["promise"], "due_at": given["promise_due_at"]}
    named = ("kind", "form", "owner", "unambiguous", "achievable", "every_days", "until_on")
    same = {name: given[name] for name in named}
    promises.make_promise(case=case, actor=actor, now=timezone.now(), **told, **same)


@require_POST
def settle_promise(request: HttpRequest, pk: int, promise: int) -> HttpResponse:
    """Mark a promise kept or broken: whoever made it, or works the case."""
    case = access.case_for(request.user, pk, select=SELECT)
    row = get_object_or_404(Promise.objects.select_related("owner"), pk=promise, case=case)
    row.case = case
    if not promise_moves.may_mark(user=request.user, promise=row):
        raise PermissionDenied
    # Anything but the two words is refused by the verb: an empty form never breaks a promise.
    state = request.POST.get("state", "")
    verb = promises.settle_promise
    return answers.acted(
        request, case, verb, tab="promises", promise=row, actor=request.user, state=state, now=timezone.now()
    )


@require_POST
def plan_action(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan an action with owner and due time."""
    case = case_to_work(request, pk)
    key = draft_key(case, "action")
    form = ActionForm(request.POST, staff=User.objects.taking_work(), action=request.path, draft=key)
    about = {"case": case, "actor": request.user, "now": timezone.now()}
    if form.is_valid() and took(form, actions.plan_action, **about, **form.cleaned_data):
        drafts.drop(user=request.user, key=key)
        return back(request, case, tab="actions", place="tab")
    return show(request, pk, record={"action": form}, tab="actions", status=422)


@require_POST
def settle_action(request: HttpRequest, pk: int, action: int) -> HttpResponse:
    """Mark an action done, confirm that it holds, or take a containment off the list."""
    case = case_to_work(request, pk)
    row = get_object_or_404(Action, pk=action, case=case)
    act = request.POST.get("act")
    if act in Action.Removal.values:
        verb = partial(actions.remove_containment, why=Action.Removal(act))
    else:
        verb = actions.check_action if act == "check" else actions.finish_action
    return answers.acted(request, case, verb, tab="actions", action=row, actor=request.user, now=timezone.now())


@require_POST
def answer_question(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """Answer one discovery question, or accept the answer the record proposes."""
    case = case_to_work(request, pk)
    if question not in discovery.QUESTIONS:
        raise Http404
    if request.POST.get("act") == "accept":
        return answers.accept(request, case, [question])
    form = QuestionForm(request.POST)
    about = {"case": case, "actor": request.user, "question": question, "now": timezone.now()}
    if form.is_valid() and took(form, discovery.answer, **about, **form.cleaned_data):
        drafts.drop(user=request.user, key=draft_key(case, f"question-{question}"))
        return back(request, case, tab="discovery", place=f"question-{question}")
    return show(request, pk, record={"discovery": (question, form)}, tab="discovery", status=422)


@require_POST
def accept_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept every answer the record proposes for a question still open."""
    case = case_to_work(request, pk)
    return answers.accept(request, case, discovery.unanswered(case))


@require_POST
def add_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Put files on the case."""
    case = case_to_work(request, pk)
    form = FilesForm(request.POST, request.FILES, action=request.path)
    if form.is_valid():
        now = timezone.now()
        files.add_files(case=case, actor=request.user, files=_store(form.cleaned_data["files"], now), now=now)
        return back(request, case, tab="files", place="tab")
    return show(request, pk, record={"files": form}, tab="files", status=422)


@require_GET
def download(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """Give a file back as an attachment, to whoever may see the case."""
    case = access.case_for(request.user, pk)
    row = get_object_or_404(CaseFile.objects.select_related("blob"), pk=file, case=case)
    return blobs.attachment_response(row.blob, row.name)
