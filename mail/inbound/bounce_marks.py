"""Words by which mail servers say what became of a letter, in lower case: data for `bounces`."""

SENDERS = (
    "mailer-daemon", "postmaster", "mail delivery", "mail-daemon", "mailerdaemon", "bounce", "double-bounce",
    "maildelivery", "mail administrator", "mail system", "delivery subsystem",
)  # fmt: skip
SUBJECTS = (
    "undeliver", "delivery status", "delivery failure", "delivery fail", "delivery delayed", "delivery problem",
    "failure notice", "returned mail", "mail delivery", "mail could not be delivered", "non-deliver", "nondeliver",
    "delivery notification", "message delivery", "unzustellbar", "nicht zustellbar", "unable to deliver",
    "delivery error", "warning: could not send", "warning: message", "not delivered", "delivery report",
    "mail failure", "échec de remise", "no se puede entregar", "returned to sender", "user unknown", "undelivered",
    "rejected mail", "considered unsolicited", "error sending your mail", "mail system error", "failed delivery",
    "failed mail",
)  # fmt: skip
TEXTS = (
    "this is the qmail-send program", "this message was created automatically by mail delivery",
    "could not be delivered", "wasn't able to deliver", "was not able to deliver", "transcript of session follows",
    "delivery has failed", "delivery to the following", "did not reach the following recipient", "undeliverable",
    "unable to deliver", "the following address", "your message could not", "permanent fatal errors",
    "could not deliver", "wasn't delivered", "konnte nicht zugestellt werden", "n'a pas pu être", "delivery failed",
    "not be delivered", "user unknown", "has been rejected", "trouble delivering your message",
    "error delivering your mail",
)  # fmt: skip
NO_SUCH = (
    "user unknown", "unknown user", "no such user", "no such recipient", "user doesn't exist", "user not found",
    "recipient not found", "unknown recipient", "recipient unknown", "no mailbox here", "does not exist",
    "doesn't exist", "no such mailbox", "unknown local", "invalid recipient", "invalid mailbox", "unknown address",
    "address unknown", "account that you tried to reach", "not our customer", "no such address", "user_unknown",
    "unknown or illegal", "recipient address rejected: user", "is not a known user", "recipientnotfound",
    "resolver.adr", "recipient does not", "no account by that name", "not listed in", "isn't listed",
    "bad destination mailbox", "no longer valid", "account has been disabled", "not a valid user", "no such person",
    "user does not", "invalid user", "could not be found", "couldn't be found", "wasn't found", "has moved",
    "account not found", "mailbox not found", "unrouteable address", "no valid recipients", "this user doesn't have",
    "address not found", "utilisateur inconnu", "empfänger unbekannt", "existiert nicht",
    "delivery to this address is restricted", "is not available or disabled",
    "recipient address rejected: access denied",
)  # fmt: skip
NO_HOST = (
    "host unknown", "unknown host", "domain not found", "no such domain", "host or domain name not found",
    "name or service not known", "nxdomain", "host not found", "domain does not exist", "no mx", "unknown domain",
    "domain name not found", "couldn't find any host", "does not resolve", "no such host", "null mx", "hostunknown",
    "invalid domain", "dns lookup failure", "could not find any host", "domain or host not found", "not accept mail",
    "no route to domain",
)  # fmt: skip
SOFT = (
    "mailbox full", "mailbox is full", "quota", "over limit", "exceed", "too large", "too big", "spam", "blocked",
    "blacklist", "block list", "blocklist", "spamhaus", "reputation", "policy", "spf", "dkim", "dmarc",
    "unauthenticated", "authentication", "greylist", "gray-list", "try again", "temporar", "timed out", "timeout",
    "retry", "deferred", "too many", "rate limit", "throttl", "virus", "banned", "rejected for", "prohibited",
    "denied", "insufficient", "connection refused", "loop", "too many hops", "not accepted from", "reverse", "ptr",
    "content", "over its", "inactive", "suspended", "sender", "from address",
)  # fmt: skip
BELOW = (
    "--- below this line is a copy", "------ this is a copy of", "--- original message", "----- original message",
    "unsent message follows", "original message follows", "--- message header", "message headers follow",
    "returned message below", "--- the header of the original", "received: from", "----- forwarded message",
)  # fmt: skip
# What no filter says of somebody who exists, not even after it has read the letter.
SURE = ("doesn't have a", "account that you tried to reach", "no such account")
