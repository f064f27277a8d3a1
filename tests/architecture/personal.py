"""Which fields may hold what a person at a customer said or is called (promise S9); one not listed fails the tests.

ERASED: emptied by `cases.erasure`, or by what it calls. COLLEAGUES: about people of ours, who are entered and leave by
`accounts.people`. PLAIN: codes, hashes, names of things and of companies, rules, texts of ours for many.
"""

ERASED = {
    "cases.CaseFile": "name",
    "cases.Contact": "name title email phone",
    "cases.Outgoing": "draft typed meant held_why",
    "cases.Words": "text salt",
    "mail.Attachment": "name cid",
    "mail.Enclosure": "name",
    "mail.Inbound": "error receivers sender sender_name subject text reply html bounce answers message_id",
    "mail.Message": "facts subject text html error",
    "mail.Notice": "facts",
    "mail.Recipient": "address name error",
}

COLLEAGUES = {
    "accounts.AdminEvent": "kind facts",
    "accounts.ApiToken": "name",
    "accounts.Draft": "key body",
    "accounts.Team": "name",
    "accounts.User": "password email name title role_marks zone language phone signature",
    "cases.Offer": "carried_out_by",
    "mail.Mailbox": "name host username secret folder error",
}

PLAIN = {
    "accounts.ApiToken": "token_hash",
    "accounts.Heartbeat": "name",
    "accounts.Pass": "target nonce token_hash",
    "accounts.SentOnce": "mark",
    "cases.Calendar": "name country region",
    "cases.CalendarVersion": "facts",
    # The title is ours; whoever erases is asked to look through it.
    "cases.Case": (
        "title competitor stated_outcome source external_ref form_token mandate_ref next_kind "
        "stake_currency stake_sum seam"
    ),
    "cases.Category": "name",
    "cases.Cause": "title",
    "cases.CauseKind": "name",
    "cases.Chain": "head",
    "cases.Change": "where",
    "cases.Contact": "language zone",
    "cases.Customer": "name folded place currency source",
    "cases.Discovery": "evidence",
    "cases.Due": "allowed",
    "cases.Escalation": "reason",
    "cases.Event": "kind facts previous hash",
    "cases.Fact": "source",
    "cases.Gap": "promised_where",
    "cases.Gesture": "currency",
    "cases.Holiday": "name hours",
    "cases.ImportRefusal": "reason",
    "cases.ImportRun": "file_name mapping",
    "cases.LetterText": "name subject body",
    "cases.Link": "name",
    "cases.Pause": "steps",
    "cases.Policy": "name tier",
    "cases.PolicyVersion": "facts",
    "cases.Rate": "currency",
    "cases.Round": "why",
    "cases.SetAside": "sweep kind error",
    "cases.Signal": "reference currency",
    "cases.Step": "note",
    "cases.Sweep": "name error",
    "cases.Delivery": "kind error",
    "cases.Webhook": "name address kinds secret",
    "cases.Words": "part commitment",
    "council.Export": "what query error",
    "council.LetGoForm": "currency",
    "council.Sheet": "name audience body",
    "council.Tally": "state",
    "council.Undo": "before letters",
    "council.Wall": "place",
    "mail.Attachment": "content_type",
    "mail.Blob": "sha256 content_type",
    "mail.Inbound": "kind note",
    "mail.Message": "key message_id template language reply_to claim",
    "mail.Notice": "key kind url",
    "mail.Suppression": "digest",
    "mail.Thread": "key reply_token",
    "surveys.Answer": "held_why",
    "surveys.AnswerTag": "name",
    "surveys.ExtraAnswer": "key",
    "surveys.FormVersion": "facts",
    "surveys.Invitation": "reason",
    # Past answers name a customer by the number of another system; who answered is a contact, and their words go.
    "surveys.PastAnswer": "source external_ref customer_ref others",
    "surveys.Submission": "marks",
}
