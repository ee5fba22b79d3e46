# Partnerships: the list, the room, parties and people, stages, aims.

partnerships-title = Partnerships
partnerships-short = Partners
partnerships-partnership = Partnership
partnerships-mine = My partnerships
partnerships-all = All partnerships
partnerships-parties = Parties
partnerships-stage = Stage
partnerships-next-date = Next date
partnerships-scrolls = Partnerships; scrolls sideways on small screens
partnerships-lede = { $n ->
    [one] You are in one partnership.
   *[other] You are in { $n } partnerships.
}
partnerships-lede-none = A partnership is a room of two or more parties, equal-sided: no party owns it.
partnerships-none = You are in no partnership yet
partnerships-none-steward = Begin one, add the parties, then the people who sit there.
partnerships-none-member = As soon as someone gives you a seat in one, it shows here.
partnerships-begin = Begin a partnership
partnerships-begin-lede = It begins as an idea. Parties and people come next.
partnerships-edit = Edit the partnership
partnerships-edit-short = Edit
partnerships-save = Save
partnerships-remove = Take the partnership back
partnerships-remove-what = Nobody sees it any more; it can be brought back.
partnerships-name = Name
partnerships-name-missing = Write the name of the partnership.
partnerships-about = What it is for
partnerships-about-hint = In a sentence that each party would sign.
partnerships-about-missing = What it is for is not said yet.
partnerships-about-say = Say it
partnerships-optional = (optional)
partnerships-first-day = First day
partnerships-last-day = Last day
partnerships-notice = Last day to give notice
partnerships-last-too-early = The last day is not before the first one.
partnerships-notice-too-late = The last day to give notice is not after the end.
partnerships-changed-at = It was changed on { $when }.
partnerships-parts = Parts of the partnership
partnerships-tab-overview = Overview
partnerships-tab-people = Parties and people
partnerships-tab-stage = Stage
partnerships-size = { $parties ->
    [one] { $parties } party
   *[other] { $parties } parties
}, { $people ->
    [one] { $people } person
   *[other] { $people } people
}.
partnerships-size-since = { $parties ->
    [one] { $parties } party
   *[other] { $parties } parties
}, { $people ->
    [one] { $people } person
   *[other] { $people } people
}, since { $day }.
partnerships-ends = Ends { $day }
partnerships-notice-by = Notice by { $day }
partnerships-notice-passed = Notice is past, ends { $day }
partnerships-lapsed = Lapsed: ended { $day } without a decision

partnerships-dependence = { $name } is in { $n } of your { $of } partnerships that go on.
partnerships-dependence-next = Above 60 percent, much rests on one partner: if it leaves, most of them change. Look for a second one.
partnerships-uncarried = Objectives that nobody carries
partnerships-uncarried-n = { $n } of { $of }
partnerships-uncarried-none = Each objective is carried by a partnership of yours.
partnerships-uncarried-why = Strategic objectives of units and organisations that no partnership serves which you are in and which goes on.

partnerships-stage-idea = Idea
partnerships-stage-forming = Forming
partnerships-stage-agreed = Agreed
partnerships-stage-working = Working
partnerships-stage-renewing = Renewing
partnerships-stage-closing = Closing
partnerships-stage-closed = Closed
partnerships-stages = Stages of a partnership
partnerships-duty-lead = Leads
partnerships-duty-member = Takes part
partnerships-answer = Answer
partnerships-answer-yes = Yes
partnerships-answer-partly = Partly
partnerships-answer-no = No
partnerships-answer-missing = Choose yes, partly or no.
partnerships-answer-save = Save answer
partnerships-answer-them = Answer
partnerships-note = Note
partnerships-note-on = Note: { $question }
partnerships-no-next = A no is a next step: agree who looks after it.
partnerships-open = Open
partnerships-asks = What the stage { $stage } asks
partnerships-asks-nothing = This stage asks nothing more.
partnerships-before = Before { $stage }:
partnerships-ways = Where it can go from here
partnerships-ways-none = It is closed.
partnerships-missing = Still missing:
partnerships-can-go = Nothing is missing. Whoever leads a party can take it there.
partnerships-go-to = Go to { $stage }
partnerships-reason = Why it ends
partnerships-reason-is = Why it ends:
partnerships-renewal-renew = The renewal came to: go on as agreed.
partnerships-renewal-renegotiate = The renewal came to: go on, on other terms.
partnerships-renewal-close = The renewal came to: end it.
partnerships-gate-parties = Name at least two parties.
partnerships-gate-purpose = Say in a sentence why it matters.
partnerships-gate-benefits = Each party writes what it gains and what it costs.
partnerships-gate-charter = Every party must assent to the newest charter.
partnerships-gate-roles-read-back = Everyone with a role reads it back and accepts it.
partnerships-gate-decision-rights = Say which decisions are taken how, and by whom.
partnerships-gate-terms = Sign the terms on money and data, or mark that none are needed.
partnerships-gate-review-date = Set the date of the next review or of the end.
partnerships-gate-renewal-decision = Decide first whether to renew, to renegotiate or to close.
partnerships-gate-reason = Say why it ends.
partnerships-gate-told = Tell everyone concerned.
partnerships-gate-handed-back = Hand back what is still lent or reserved.
partnerships-gate-commitments-settled = Settle the commitments that are still open.
partnerships-gate-learnt = Write down what was learnt.
partnerships-ask-whose-problem = Whose problem is it, and do they agree?
partnerships-ask-who-else = Who else works on it?
partnerships-ask-not-alone = What can none of us do alone?
partnerships-ask-own-benefit = Is each side’s benefit written by that side?
partnerships-ask-who-is-missing = Who is missing?
partnerships-ask-what-would-stop-us = What would make us stop?
partnerships-ask-vision-assented = Is the vision assented to by all?
partnerships-ask-roles-read-back = Are the roles read back?
partnerships-ask-decision-rights-known = Are the decision rights known?
partnerships-ask-terms-signed = Are the terms on money and data signed?
partnerships-ask-promises-kept = Are promises kept on both sides?
partnerships-ask-each-speaks = Does each party speak?
partnerships-ask-results-together = Are results looked at together?
partnerships-ask-overload = Is nobody overloaded?
partnerships-ask-what-changed = What changed in each organisation?
partnerships-ask-which-objective-holds = Which objective still holds?
partnerships-ask-what-to-drop = What do we drop?
partnerships-ask-who-follows = Who follows each key person?
partnerships-ask-who-was-told = Who was told?
partnerships-ask-handed-back = What is handed back?
partnerships-ask-what-was-learnt = What was learnt?
partnerships-ask-who-is-thanked = Who is thanked?
partnerships-ask-which-ties-stay = Which ties should stay?

partnerships-why = Why it matters
partnerships-serves = Serves
partnerships-serves-too = Objective that it serves too
partnerships-serve = Add objective
partnerships-drop = Remove
partnerships-drop-aim = Remove: { $aim }
partnerships-aim-of = { $whose }: { $aim }
partnerships-sides = What each side gains and gives
partnerships-sides-waiting = What a party writes is read by its own people alone until each party has written. Then all of it is shown together.
partnerships-sides-waits-for = Not written yet: { $parties }.
partnerships-sides-own = Read by your party alone
partnerships-write-ours = Write ours
partnerships-benefits = Gains
partnerships-costs = Gives
partnerships-side-title = Gains and costs
partnerships-side-of = What { $party } gains and gives
partnerships-side-who-reads = The people of your party read this. The other parties read it once each party has written; then you read theirs too.
partnerships-side-missing = Write something, in one line at least.
partnerships-benefits-ours = What we gain
partnerships-costs-ours = What it costs us

partnerships-parties-people = Parties and people
partnerships-all-people = All people
partnerships-no-parties = No party takes part yet
partnerships-no-parties-next = A party is a unit or an organisation of the directory, or one known by its name.
partnerships-nobody-sits = Nobody sits here yet.
partnerships-nobody-known = Someone who is not in the directory now
partnerships-people-scrolls = People of { $party }; scrolls sideways on small screens
partnerships-more-people = More people of { $party }
partnerships-person = Person
partnerships-duty = For the party
partnerships-since = Since
partnerships-actions = Actions
partnerships-make-lead = Let lead
partnerships-make-member = Lead no more
partnerships-leave = Leave
partnerships-remove-person = Remove
partnerships-add-person = Add a person
partnerships-add-person-what = Whoever sits at a party sees this partnership. Someone new comes into the directory too.
partnerships-at-party = At which party
partnerships-who = Name of the person
partnerships-who-missing = Write the name of the person.
partnerships-mail = E-mail address of the person
partnerships-mail-missing = Write an e-mail address.
partnerships-as-lead = Leads the party: arranges the room, and gives the party’s word
partnerships-seat-taken = This person sits in this partnership already.
partnerships-add-party = Add a party
partnerships-party-unit = Unit or organisation of the directory
partnerships-party-outside = None: known by its name alone
partnerships-party-name = Name of the party
partnerships-party-name-hint = As it calls itself here. Empty: as in the directory.
partnerships-party-missing = Write the name of the party, or choose a unit.
partnerships-party-taken = This party takes part already.
partnerships-party-change = Change this party
partnerships-rename = Rename
partnerships-remove-party = Remove the party
partnerships-unit-unknown = Choose a unit of the list.
partnerships-unit-gone = A unit that is not in the directory now

partnerships-aims = Strategic objectives
partnerships-aims-lede = What units and organisations strive for by their own strategy, and which partnerships of yours carry it.
partnerships-aims-none = No objective is written down yet
partnerships-aims-none-steward = Write down what each organisation strives for: then it shows which partnership carries it.
partnerships-aims-none-member = Stewards write down what each organisation strives for.
partnerships-aim = Objective
partnerships-aim-add = Add an objective
partnerships-aim-change = Change
partnerships-aim-remove = Remove
partnerships-aim-whose = Whose
partnerships-aim-text = What it strives for, in a line
partnerships-aim-missing = Write what is striven for.
partnerships-aim-uncarried = Nobody carries it
partnerships-carried-by = Carried by

partnerships-done-added = Partnership begun.
partnerships-done-removed = Partnership taken back.
partnerships-done-party = Party added.
partnerships-done-party-left = Party removed.
partnerships-done-seat = Person added.
partnerships-done-seat-ended = Person removed.
partnerships-done-aim-served = Objective added.
partnerships-done-aim-dropped = Objective removed.
partnerships-done-aim = Objective written down.
partnerships-done-aim-removed = Objective removed.
partnerships-done-left = You left the partnership.
partnerships-done-stage = The partnership came to a new stage.
partnerships-done-back = It is back.
