# Signed agreements between parties, and the duties in them.

pacts-title = Signed agreements
pacts-parts = Parts of what was agreed
pacts-none = Nothing is signed yet
pacts-none-next = Write down a memorandum, a data-sharing agreement or the like: whom it binds, until when, and who owes what.
pacts-what = Everyone in the room reads what stands here. Word is given 180, 90 and 30 days before the day that counts: that of notice, or the end. Nothing is ever extended in silence.
pacts-new = Write an agreement down
pacts-name = Name
pacts-title-missing = Give it a name.
pacts-kind = Kind
pacts-kind-memorandum = Memorandum of understanding
pacts-kind-data-sharing = Data sharing
pacts-kind-funding = Funding
pacts-kind-service = Service
pacts-kind-other = Other
pacts-binds = Whom it binds
pacts-parties-missing = Choose two parties or more.
pacts-party-stays = A party that a duty names stays bound. Take the duty out first.
pacts-text = What it says, or the sum of it
pacts-place = Where the signed document is
pacts-begins = First day
pacts-ends = Last day
pacts-notice = Notice by
pacts-ends-first = It must end after it begins.
pacts-notice-late = Notice is given before the last day.
pacts-save = Write it down
pacts-change = Save the new wording
pacts-edit = Change the wording
pacts-edit-what = A change of the wording or of the duties asks each party to sign again.
pacts-state-draft = Not signed by all
pacts-state-changed = Changed, sign again
pacts-state-holds = Holds
pacts-state-due = { $n ->
    [one] 1 day left
   *[other] { $n } days left
}
pacts-state-notice = Notice is past
pacts-state-lapsed = Lapsed
pacts-state-ended = Ended
pacts-told-draft = It holds when a lead of each party has signed.
pacts-told-changed = It was changed after it was signed. It holds again when each party has signed this wording.
pacts-told-open = It holds until it is ended.
pacts-told-until = It holds until { $day }.
pacts-told-due = The day that counts is { $day }. Decide together: renew it with new days, change it, or end it.
pacts-told-notice = The day for notice is past; it holds until { $day }.
pacts-told-lapsed = Its last day was { $day }, and nothing was decided. It does not go on by itself: give it new days and sign again, or end it.
pacts-signatures = Signatures
pacts-signed-on = Signed { $day }
pacts-signed-earlier = Signed an earlier wording
pacts-signed-not = Not signed
pacts-sign = Sign for our party
pacts-sign-what = A lead of each party signs this wording. The signature here records the assent; what binds in law is the document itself.
pacts-duties = Duties
pacts-duties-none = No duties are written down.
pacts-duty-new = Write a duty down
pacts-duty = What is owed
pacts-duty-missing = Say what is owed.
pacts-duty-to-itself = A party owes something to another one.
pacts-duty-late = Someone changed this agreement meanwhile. Look at it, then save again.
pacts-party-missing = Choose a party.
pacts-who-owes = Who owes it
pacts-to-whom = To whom
pacts-all-others = All others
pacts-first-due = First due
pacts-due-missing = Say when it is first due.
pacts-again-after = Again after months
pacts-every-range = Write a number of months from 1 to { $n }, or leave it empty.
pacts-duty-save = Add the duty
pacts-duty-out = Take out
pacts-owes = { $party } to { $to }
pacts-once = On { $day }
pacts-every = { $n ->
    [one] From { $day }, every month
   *[other] From { $day }, every { $n } months
}
pacts-promised-n = { $n ->
    [one] 1 commitment
   *[other] { $n } commitments
}
pacts-promise = Make commitments of the duties
pacts-promise-what = Each day of a duty within the next twelve months becomes a commitment of the party that owes it. What is one already stays as it is; press again next year.
pacts-unsigned = Each party must sign this wording first.
pacts-end = End it
pacts-end-what = The parties decided that it does not go on. Commitments that came of it stay.
pacts-end-do = It is ended
pacts-take-back = Take it back
pacts-take-back-what = Nobody has signed it.
pacts-take-back-do = Take it back
pacts-done = Written down.
pacts-done-removed = Taken back.
pacts-done-changed = Saved. Each party signs again.
pacts-done-signed = Signed.
pacts-done-promised = The duties are commitments now.
pacts-done-ended = Ended.
pacts-done-duty = Duty added. Each party signs again.
pacts-done-duty-removed = Duty taken out. Each party signs again.
pacts-today = { $title }: { $state }
pacts-today-text = A signed agreement in { $room }. { $told }
pacts-today-why = You lead a party that this agreement binds. Word is given 180, 90 and 30 days before the day that counts, when it is past, and when the agreement lapsed.
pacts-today-do = Look at it
pacts-date-notice = Notice of { $title }
pacts-date-ends = Last day of { $title }
