"""What went wrong, in the customers' words, and what was done about it. All invented."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One kind of complaint, from the first words to the gesture; `cause` names an entry of `cause_stories.CAUSES`."""

    category: str
    channel: str
    title: str
    text: str
    remedy: str
    expected: str
    promised: str
    delivered: str
    theirs: str
    ours: str
    said: str
    promise: str
    contain: str
    offer: str
    result: str
    gesture: str
    kind: str
    why: str
    cause: str


STORIES = (
    Story(
        "Delivery", "phone", "Third late delivery of spindle housings stopped our line",
        "This is the third time this year. The housings promised for the 12th are still not here and my line has been"
        " standing since six this morning. I have your e-mail with the date in front of me.",
        "I need forty housings on my dock by Friday noon and one person who tells me the truth about dates.",
        "Forty housings on the 12th", "The 12th, in the order confirmation", "Nothing until the 17th",
        "The line stood from 06:00 to 14:30", "The pallet left us on the 10th and stood at the carrier",
        "Owned the delay as ours and asked what would make it right.",
        "A call with the courier's tracking number",
        "Twelve housings from the safety stock flown in; shipments with this carrier frozen for automotive customers",
        "Forty housings by courier, arriving Friday 09:30; Sven Baum as single contact; a written forecast"
        " every Monday",
        "40 housings arrived Friday 09:30. Sven Baum is your single contact. A written forecast comes every Monday.",
        "One month of buffer stock, kept by us at no charge", "trust",
        "They lost trust in our dates; a buffer makes the next weeks safe whatever we promise.", "carrier",
    ),
    Story(
        "Invoicing", "email", "Invoices doubled after the March migration",
        "We were billed twice for five deliveries. Your reminder department now threatens to stop our account. I have"
        " written twice and nobody answers.",
        "Cancel the doubles, stop the reminders, and tell me in writing that our account is in order.",
        "One invoice for each delivery", "Monthly billing by delivery note, in the frame contract", "Ten invoices",
        "Two letters of ours were not answered", "Both systems billed on 3 and 4 March",
        "Said that the mistake is ours and that no reminder goes out while we put it right.",
        "A list of all invoices concerned",
        "Reminders stopped for this account; billing of the old system blocked",
        "Credit notes for five invoices, a corrected statement, a written apology from the head of accounts",
        "Five credit notes are booked, the statement shows zero open, the reminders are withdrawn.",
        "A named accountant for the next two quarters", "effort",
        "It cost them hours of checking; a named person spares them the next ones.", "migration",
    ),
    Story(
        "Product quality", "email", "Wrong alloy certificate on the last lot",
        "The certificate says EN-GJS-400, the parts are marked GJS-500. We cannot install anything without the right"
        " paper, and our customer inspects on Thursday.",
        "The right certificate before Thursday, and certainty about the parts already installed.",
        "A certificate that belongs to the lot", "3.1 certificate with each lot, in the order", "One of another melt",
        "Sixty parts are already installed", "The spectrometer record of the melt is here and is in order",
        "Said that the paper is wrong and that we check the parts, not only the paper.",
        "The spectrometer record of the lot",
        "Lot blocked in the warehouse; the sixty parts checked by the melt's record",
        "Right certificate today, and a hardness test of ten installed parts on site at our cost",
        "Certificate sent at 15:10. Ten parts tested on site: all GJS-500 as ordered.",
        "A day of our metallurgist for their own audit", "trust",
        "Their customer doubts them now; an expert of ours beside them says it was us.", "certificate",
    ),
    Story(
        "Delivery", "phone", "Pallets mixed up between two sites",
        "You sent the pump casings for our northern site to the south and the other way round. Two trucks for nothing.",
        "Swap them at your cost before Monday and label the site so that it can be read from the forklift.",
        "Each site its own parts", "Two delivery addresses, in the order", "Crossed over",
        "Both sites sent us photos of the labels", "The labels show the order number only",
        "Agreed the swap on the phone.", "The time the truck arrives",
        "Both pallets found and held; other split orders of the week checked",
        "A truck swaps both pallets on Saturday; labels with the site in large letters from now on",
        "Both pallets were swapped on Saturday 11:00. The new labels are on this week's pallets.",
        "Their next split delivery by our own driver", "effort", "They had the trouble; the next one costs them none.",
        "carrier",
    ),
    Story(
        "Service", "phone", "Support hand-over lost at shift change",
        "I was promised a call back at four. Nobody called. In the morning nobody knew of me and I told the story again"
        " from the start.",
        "A call from somebody who knows the whole story, and one number that works after five.",
        "A call back at 16:00", "By phone, at 14:20", "No call until we rang again",
        "Our call log shows 14:20 and 08:05", "The sheet of open calls of that day is not kept",
        "Apologised and repeated the story back until it was right.", "A call at 10:00 with the answer",
        "Open calls of the day before rung back one by one",
        "The answer today from the engineer himself, and his direct number for six months",
        "The engineer called at 09:40 and solved it; his number is with you in writing.",
        "A visit of the engineer to go through open questions", "time",
        "They lost two days of waiting; he gives a day back.", "handover",
    ),
    Story(
        "Product quality", "meeting", "Porosity in gear housings of lot 7714",
        "Every fifth housing leaks at the test bench. We have sorted two hundred by hand. This is not what we agreed"
        " when you raised the price.",
        "Sorted parts, our hours paid, and a process that I am shown and not only told about.",
        "Leak rate below 0.5 %", "In the specification, revision C", "21 % of lot 7714",
        "Test bench protocol of 214 parts", "The gating was changed in week 40",
        "Took the protocol along and said the change of gating was ours.", "Our first findings on the gating",
        "All parts of the new gating held back; sorting at the customer taken over by us",
        "Replacement of the whole lot by the 28th, sorting hours paid, visit to the foundry with the process engineer",
        "The lot is replaced, 46 hours are credited, you saw the new gating at work on the 27th.",
        "Their quality manager at our next process release", "trust",
        "They want to see, not to be told; being there is the answer.", "promise",
    ),
    Story(
        "Information", "email", "Nobody told us that the drawing had changed",
        "Revision D has a different bore. We learned it when the bearing did not fit. Forty assemblies are scrap.",
        "Tell us who changed it and pay the assemblies. And never change a drawing without us again.",
        "A release by us before a change", "Change notice four weeks ahead, in the quality agreement", "No notice",
        "The assembly protocol names forty scrapped", "The notice was written and not sent",
        "Confirmed that the notice never left us.", "The history of the change",
        "Production of revision D stopped; other customers of this drawing listed",
        "Revision C again from today; forty assemblies paid; each change signed by you before it takes effect",
        "Parts of revision C left on Tuesday; forty assemblies are credited; the release form is in use.",
        "Free first-article inspection for the next three changes", "money",
        "It cost them material; the inspection spares them the next risk.", "order",
    ),
    Story(
        "Delivery", "email", "Half the order, no word about the rest",
        "The confirmation says 400, the pallet holds 200, and there is no note. My planner asks when, and I have no"
        " answer.",
        "A date for the other two hundred that you mean.", "400 pieces", "400, in the confirmation", "200 pieces",
        "Goods receipt of 200", "The rest waits for cores", "Called and gave the reason.", "The date, from production",
        "Other part deliveries of the week checked for a missing note",
        "The other 200 by Wednesday by special truck", "The other 200 arrived on Wednesday at 07:45.",
        "Their next order first in line", "time", "They lost planning time; the next order gives some back.", "promise",
    ),
    Story(
        "Behaviour", "phone", "Told to wait your turn",
        "Your colleague said we should wait our turn like everybody else. We are customers for eleven years.",
        "Somebody who listens and the date we asked for.", "A date", "A call back", "A rebuke",
        "The call was on Monday at 11:10", "The line was busy with three calls at once",
        "Listened for ten minutes, repeated what was said, apologised for the tone.", "The date they asked for",
        "The other callers of that morning rung back",
        "The date in writing today and a direct line to me", "The date went out in writing; it was met.",
        "Lunch with the head of sales at their plant", "trust", "Eleven years deserve a face.", "handover",
    ),
    Story(
        "Invoicing", "letter", "Price of last year's contract charged",
        "We agreed 3.20 and you charge 3.45 since January. I have the signed sheet.",
        "Correct it back to January without our asking for each invoice.", "3.20 a piece", "Signed price sheet", "3.45",
        "Copy of the signed sheet", "The sheet was filed, not entered",
        "Said that the sheet is right and we are wrong.", "The corrected total",
        "Other contracts signed in December compared with the system",
        "One credit note for all invoices since January, and the new price entered today",
        "The credit note is booked and the price is 3.20 since Tuesday.",
        "A yearly statement of prices before the year begins", "effort", "They should not have to check us.", "order",
    ),
    Story(
        "Product quality", "phone", "Castings packed without corner guards",
        "Eleven of forty-eight have knocked edges. They fell against each other, there was nothing between them.",
        "Eleven good ones this week and packaging that survives a truck.", "Undamaged parts", "Packing rule 3",
        "Eleven damaged", "Photos of the box", "The packer was new and had no instruction at the place",
        "Asked for the photos and said it was ours.", "When the eleven leave us",
        "Boxes of the same day opened and repacked",
        "Eleven replacements on Thursday, and a returnable tray for this part",
        "Eleven arrived on Thursday in the new tray.", "The trays at no cost for a year", "money",
        "Damage cost them parts and hours.", "certificate",
    ),
    Story(
        "Service", "web", "Spare part ordered three weeks ago, still no date",
        "Our press stands still every second day. I have asked four times. The answer is always that"
        " somebody will call.",
        "The part, or an honest no so that I can buy elsewhere.", "Two weeks", "Two weeks, by phone", "No date",
        "Four calls in our log", "The order waits for a supplier", "Gave the supplier's date and the risk in it.",
        "The supplier's answer", "A used part from our workshop lent to them",
        "The new part by the 24th, the lent part until then", "The new part is installed; the press runs.",
        "Fitting by our mechanic", "time", "Their press stood; our mechanic saves them a day.", "handover",
    ),
    Story(
        "Delivery", "found", "Wrong heat treatment on the last lot",
        "Our own check found that 30 bearing seats of last week's shipment were tempered at the wrong temperature.",
        "", "Hardness 220 to 250", "In the drawing", "Hardness 195",
        "They have installed none yet", "Oven record of the batch",
        "Called them before they found out and told them what we do.", "When the replacements arrive",
        "Batch blocked at the customer, the oven's other batches measured",
        "Thirty new parts by courier and collection of the old ones",
        "The thirty new parts were there before production started.", "First look at the oven's weekly report", "trust",
        "We told them first; the report lets them watch.", "certificate",
    ),
    Story(
        "Other", "social", "Public post about rust on delivered parts",
        "Posted with photos: ordered bright, received brown. Ask Alder how they store castings.",
        "Clean parts and an answer under our post.", "Bright parts", "Surface class B", "Flash rust",
        "Photos of 14 July", "The film was torn at loading",
        "Answered under the post with name and number, then called.", "The day the clean parts arrive",
        "Loading checked for torn film on all open trucks",
        "Cleaned parts by Monday, answer under the post with what we changed",
        "Clean parts arrived Monday; our answer stands under your post.", "A box of corrosion paper for their stock",
        "effort", "They had the cleaning; this spares it.", "carrier",
    ),
)  # fmt: skip
