"""The texts an installation begins with. Administrators change them under Administration, Letter texts."""

# (step, 0 for any; name; language; subject; body)
TEXTS = (
    (
        1,
        "We heard you",
        "en",
        "We have your complaint, and it is mine now",
        "thank you for telling us about this: {title}. It should not have happened.\n\n"
        "I have read what you wrote on {received_on}, and from now on it is with me. "
        "These are the next two things I do:\n\n- \n- \n\n"
        "If something changes on your side before you hear from me, call me: {owner_phone}.",
    ),
    (
        2,
        "It cannot get worse",
        "en",
        "What we have stopped",
        "so that this does not get worse while we look for the cause, we have done the following:\n\n- \n\n"
        "It stays like this until the cause is gone. Please tell me if you see anything that should not be.",
    ),
    (
        3,
        "How far we are",
        "en",
        "Where we stand",
        "here is where we stand with {number}.\n\nDone since my last letter:\n\n- \n\nNext, and by when:\n\n- ",
    ),
    (
        3,
        "What would make it right?",
        "en",
        "One question before we begin",
        "before we decide anything ourselves: what can we do to make this right for you? "
        "Answer in a line, or call me: {owner_phone}. I do not offer anything before I have heard it from you.",
    ),
    (
        5,
        "What we found so far",
        "en",
        "What we know by now",
        "you asked how this could happen. This is what we know, and what we do not know yet:\n\n- \n\n"
        "I write again once the cause is proved, and say what we change.",
    ),
    (
        0,
        "Confirming what we said",
        "en",
        "What we agreed today",
        "thank you for your time today. So that we both have it in writing:\n\n- \n\n"
        "If I understood something wrongly, please answer this letter.",
    ),
    (
        1,
        "Wir haben Sie gehört",
        "de",
        "Ihre Beschwerde ist bei mir",
        "danke, dass Sie es uns gesagt haben: {title}. Das hätte nicht geschehen dürfen.\n\n"
        "Ich habe gelesen, was Sie am {received_on} geschrieben haben, und kümmere mich selbst darum. "
        "Das sind meine nächsten zwei Schritte:\n\n- \n- \n\n"
        "Wenn sich bei Ihnen vorher etwas ändert, rufen Sie mich an: {owner_phone}.",
    ),
    (
        3,
        "So weit sind wir",
        "de",
        "Stand der Dinge",
        "so weit sind wir mit {number}.\n\nSeit meinem letzten Brief erledigt:\n\n- \n\n"
        "Als Nächstes, und bis wann:\n\n- ",
    ),
    (
        0,
        "Was wir besprochen haben",
        "de",
        "Was wir heute vereinbart haben",
        "danke für das Gespräch. Damit wir beide es schriftlich haben:\n\n- \n\n"
        "Wenn ich etwas falsch verstanden habe, antworten Sie bitte auf diesen Brief.",
    ),
    (
        1,
        "Nous avons lu votre réclamation",
        "fr",
        "Votre réclamation est entre mes mains",
        "merci de nous l’avoir dit : {title}. Cela n’aurait pas dû arriver.\n\n"
        "J’ai lu ce que vous avez écrit le {received_on} et je m’en occupe personnellement. "
        "Voici mes deux prochaines démarches :\n\n- \n- \n\n"
        "Si quelque chose change d’ici là, appelez-moi : {owner_phone}.",
    ),
    (
        3,
        "Où nous en sommes",
        "fr",
        "Où nous en sommes",
        "voici où nous en sommes avec {number}.\n\nFait depuis ma dernière lettre :\n\n- \n\n"
        "La suite, et pour quand :\n\n- ",
    ),
    (
        0,
        "Ce dont nous sommes convenus",
        "fr",
        "Ce dont nous sommes convenus aujourd’hui",
        "merci pour cet échange. Pour que nous l’ayons tous deux par écrit :\n\n- \n\n"
        "Si j’ai mal compris quelque chose, répondez simplement à cette lettre.",
    ),
)
