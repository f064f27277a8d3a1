"""Who may use each address (promise S1). An address that is not listed here fails the suite.

ANYONE needs no sign-in and shows nothing of anybody. LINK needs a customer's link. STAFF needs a sign-in; which
rows are seen is then a matter of `cases.access`. A tuple of roles needs one of them beside the sign-in.
"""

from accounts.models import Role

ANYONE, LINK, STAFF = "anyone", "link", "staff"
LETTERS = (Role.ADMIN, Role.AUDITOR)
ADMINS = (Role.ADMIN,)
RULES = (Role.ADMIN, Role.AUDITOR)  # an auditor reads, and changes nothing
PEOPLE = (Role.ADMIN, Role.AUDITOR, Role.LEAD)  # a lead sees the team
CUSTOMERS = (Role.MANAGER, Role.LEAD, Role.ADMIN)
HISTORY = (Role.MANAGER, Role.LEAD)
LOGGING = (Role.MANAGER, Role.LEAD, Role.QUALITY, Role.COUNCIL, Role.CHAIR, Role.SPONSOR)
ASSIGNING = (Role.LEAD, Role.COUNCIL, Role.CHAIR, Role.SPONSOR)

AUDIENCES: dict[str, str | tuple[str, ...]] = {
    "healthz": ANYONE,
    "readyz": ANYONE,
    "metrics": ANYONE,  # and a token, or this very machine: tests/recovery/test_health.py
    "draft": ANYONE,  # answers 401 to whoever is not signed in, so that what was typed is not lost
    # Signing in
    "account_login": ANYONE,
    "account_logout": ANYONE,
    "account_inactive": ANYONE,
    "account_signup": ANYONE,
    "account_reset_password": ANYONE,
    "account_reset_password_done": ANYONE,
    "account_reset_password_from_key": ANYONE,
    "account_reset_password_from_key_done": ANYONE,
    "mfa_authenticate": ANYONE,
    "mfa_login_webauthn": ANYONE,
    # One's own account
    "accounts:settings": STAFF,
    "account_reauthenticate": STAFF,
    "account_change_password": STAFF,
    "account_set_password": STAFF,
    "mfa_index": STAFF,
    "mfa_reauthenticate": STAFF,
    "mfa_activate_totp": STAFF,
    "mfa_deactivate_totp": STAFF,
    "mfa_view_recovery_codes": STAFF,
    "mfa_generate_recovery_codes": STAFF,
    "mfa_download_recovery_codes": STAFF,
    "mfa_list_webauthn": STAFF,
    "mfa_add_webauthn": STAFF,
    "mfa_reauthenticate_webauthn": STAFF,
    "mfa_remove_webauthn": STAFF,
    "mfa_edit_webauthn": STAFF,
    "usersessions_list": STAFF,
    # Letters and notices
    "mail:letters": LETTERS,
    "mail:letter": LETTERS,
    "mail:preview": LETTERS,
    "mail:retry": LETTERS,
    "mail:notices": STAFF,
    "mail:read_all": STAFF,
    "mail:read": STAFF,
    # Pages of customers
    "surveys:confirm": LINK,
    "surveys:confirm_person": LINK,
    "surveys:confirm_fresh": LINK,
    "surveys:survey": LINK,
    "surveys:keep": LINK,
    "surveys:stop": LINK,
    "surveys:survey_person": LINK,
    "surveys:survey_fresh": LINK,
    # Surveys and council
    "surveys:list": STAFF,
    "surveys:decide": STAFF,
    "council:docket": STAFF,
    "council:log": STAFF,
    "council:mandate": STAFF,
    "council:brief": STAFF,
    "council:see": STAFF,
    "council:decide": STAFF,
    "council:answer": STAFF,
    # Cases
    "cases:today": STAFF,
    "cases:list": STAFF,
    "cases:assign": ASSIGNING,
    "cases:log": LOGGING,
    "cases:log_discard": LOGGING,
    "cases:log_preview": LOGGING,
    "cases:log_customers": LOGGING,
    "cases:log_contacts": LOGGING,
    "cases:search": STAFF,
    "cases:case": STAFF,
    "cases:print": STAFF,
    "cases:change": STAFF,
    "cases:entry": STAFF,
    "cases:facts": STAFF,
    "cases:fact": STAFF,
    "cases:gap": STAFF,
    "cases:promises": STAFF,
    "cases:promise": STAFF,
    "cases:actions": STAFF,
    "cases:action": STAFF,
    "cases:discovery": STAFF,
    "cases:question": STAFF,
    "cases:files": STAFF,
    "cases:file": STAFF,
    "cases:step": STAFF,
    "cases:customers": STAFF,
    "cases:customer": STAFF,
    "cases:customer_new": CUSTOMERS,
    "cases:customer_edit": CUSTOMERS,
    "cases:customer_links": CUSTOMERS,
    "cases:customer_link": CUSTOMERS,
    "cases:contact_new": CUSTOMERS,
    "cases:contact": CUSTOMERS,
    # Learnings; who enters results, checks and changes is a matter of each cause
    "cases:learnings": STAFF,
    "cases:cause": STAFF,
    "cases:cause_checks": STAFF,
    "cases:cause_check": STAFF,
    "cases:cause_changes": STAFF,
    "cases:cause_action": STAFF,
    # Imported history
    "cases:open_history": (*HISTORY, Role.ADMIN, Role.AUDITOR),
    "cases:take_up_some": HISTORY,
    "cases:take_up": HISTORY,
    # Administration
    "accounts:people": PEOPLE,
    "accounts:person": PEOPLE,
    "accounts:person_new": ADMINS,
    "accounts:invite": ADMINS,
    "accounts:come_back": ADMINS,
    "accounts:absences": ADMINS,
    "accounts:absence": ADMINS,
    "accounts:teams": PEOPLE,
    "accounts:team": ADMINS,
    "cases:manage": RULES,
    "cases:policy": RULES,
    "cases:calendar": RULES,
    "cases:entries": RULES,
    "cases:entry_change": ADMINS,
    "cases:rates": RULES,
    "cases:manage_log": RULES,
    "cases:sweeps": RULES,
    "cases:retry": ADMINS,
    "cases:imports": RULES,
    "cases:import": RULES,
    "cases:leave": ADMINS,
}
