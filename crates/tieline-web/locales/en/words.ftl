# Roles, kinds, states, and the forms of dates and numbers.

word-role-owner = Owner
word-role-steward = Steward
word-role-member = Member
word-role-guest = Guest
date-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
date-weekday = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
date-day = { $day } { $month } { $year }
date-day-american = { $month } { $day }, { $year }
date-month-year = { $month } { $year }
date-weekday-day = { $weekday } { $day } { $month }
date-moment = { $day }, { $time }
date-before-noon = { $time } AM
date-after-noon = { $time } PM
number-percent = { $n }%
number-percent-under = under 1%
number-percent-over = over 99%
number-list = { $most } and { $last }
date-ago-now = just now
date-ago-minutes = { $n ->
    [one] { $n } minute ago
   *[other] { $n } minutes ago
}
date-ago-hours = { $n ->
    [one] { $n } hour ago
   *[other] { $n } hours ago
}
date-ago-days = { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
}
number-bytes = { $n ->
    [one] { $n } byte
   *[other] { $n } bytes
}
word-class-list = mailing list
word-class-role = role mailbox
word-class-automated = machine
word-class-resource = room or resource
word-left-out-auto-submitted = sent by a program
word-left-out-bulk = bulk mail
word-left-out-delivery-report = delivery reports
word-left-out-automated-sender = from no-reply addresses
word-left-out-role-mailbox = from shared mailboxes
word-left-out-broadcast = to very many people
word-left-out-newsletter = newsletters
word-left-out-no-gathering = cancelled, or with fewer than two people
word-left-out-erased = of people who asked to be erased
word-left-out-no-sender = without a sender
word-organisation = Organisation
word-not-defined = not defined
date-from-to = from { $from } to { $to }
date-up-to = up to { $to }
date-without = without dates
date-since = since { $from }
date-until = until { $to }
date-range = { $from } to { $to }
word-fact-person = said by a person
word-fact-directory = from a staff list
word-fact-card = from a contact card
word-fact-domain = from the domain of an address
word-fact-network-file = from a network file
word-fact-community = from who works with whom
word-tie-cooling = cooling
word-tie-dormant = dormant
word-promise-kept = kept { $day }
word-promise-open = open
word-promise-due-today = due today
word-promise-due = { $n ->
    [one] due in { $n } day
   *[other] due in { $n } days
}
word-promise-late = { $n ->
    [one] { $n } day late
   *[other] { $n } days late
}
date-month-short = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
word-someone-erased = someone who was erased
word-someone-left = someone who left
word-readers-members = read by members
word-readers-own = only you
word-contact-met = met
word-contact-called = called
word-contact-wrote = wrote
word-unit-organisation = Organisation
word-unit-department = Department or team
word-unit-community = Group that formed by itself
word-channel-email = email
word-channel-chat = chat
word-channel-call = call
word-channel-meeting = meeting
word-channel-co-edit = co-edit
word-channel-introduction = introduction
word-channel-contact = contact
