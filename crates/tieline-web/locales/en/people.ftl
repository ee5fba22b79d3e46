people-change-many = Change many
people-directory = Directory
people-change-everyone-in = Change everyone in the list
people-tag-or-organisation = Tag or organisation
people-back-to-the = Back to the list
people-changed-meanwhile = Changed meanwhile
people-someone-else-changed = Someone else changed this meanwhile
people-both-versions = Both versions
people-both-versions-scrolls = Both versions; scrolls sideways on small screens
people-what-is-kept = What is kept now, and what you typed
people-what = What
people-kept-now = Kept now
people-yours = Yours
people-nothing = nothing
people-differs = differs
people-keep-what-is = Keep what is there now
people-save-mine-instead = Save mine instead
people-edit = Edit
people-what-you-say = What you say here comes before what files say, and stays when they are read again.
people-name = Name
people-save-name = Save name
people-save-place = Save place
people-remove = Remove
people-add-where-they = Add where they work
people-add-place = Add place
people-five-people = Five people
people-five-people-by = Five people by hand
people-a-first-map = A first map without any file. Names are enough; leave lines empty that you do not need.
people-who = Who
people-who-works-with = Who works with whom
people-tick-the-pairs = Tick the pairs that work together now, by the number of each person above.
people-pairs-who-work = Pairs who work together
people-make-the-map = Make the map
people-note = Note
people-back-to-the-page = Back to the page
people-save-note = Save note
people-remove-note = Remove note
people-organisations = Organisations
people-people = People
people-nobody-is-known = Nobody is known to work here. Say it on the page of a person, under Edit.
people-people-scrolls-sideways = People; scrolls sideways on small screens
people-role = Role
people-you-and-them = You and them
people-last = Last
people-parts-of-it = Parts of it
people-how-it-is = How it is known
people-take-it-back = Take it back
people-from-files-that = From files that were read.
people-e-mail-domains = E-mail domains:
people-add-an-organisation = Add an organisation
people-add = Add
people-add-an-organisation-or = Add an organisation or department
people-part-of = Part of
people-nothing-it-is = Nothing: it is an organisation
people-found-by-e = Found by e-mail domain, staff lists and contacts; the largest first.
people-no-organisation-is = No organisation is known yet
people-they-come-with = They come with addresses, staff lists and contacts.
people-organisations-scrolls-sideways = Organisations; scrolls sideways on small screens
people-organisations-and-their = Organisations and their departments
people-organisation = Organisation
people-departments = Departments
people-people-and-organisations = People and organisations found in what was read, and what is known of them.
people-promises = Promises
people-review-who-is = Review who is who
people-name-address-organisation = Name, address, organisation or role
people-name-organisation-or = Name, organisation or role
people-organisation-or-department = Organisation or department
people-everywhere = Everywhere
people-people-or-organisations = People or organisations
people-everyone = Everyone
people-tag = Tag
people-any-tag = Any tag
people-any-role = Any role
people-last-seen = Last seen
people-seen-at-any = Seen at any time
people-search = Search
people-shared = shared
people-for-all-members = For all members
people-save-view = Save view
people-nobody-fits = Nobody fits
people-check-the-spelling = Check the spelling, or look everywhere.
people-show-everyone = Show everyone
people-nobody-is-here = Nobody is here yet
people-people-appear-as = People appear as soon as mail, calendars, contacts or a staff list are read.
people-bring-files = Bring files
people-directory-scrolls-sideways = Directory; scrolls sideways on small screens
people-people-and-organisations-86 = People and organisations
people-department = Department
people-change-everyone-in-this = Change everyone in this list
people-add-a-tag = Add a tag
people-say-where-they = Say where they work
people-keep-off-the = Keep off the map
people-look-first = Look first
people-the-next-page = The next page says how many would change. It can be taken back.
people-next-50 = Next 50
people-this-is-you = This is you
people-what-happened = What happened
people-nothing-is-written = Nothing is written yet. Contacts that you record and notes appear here.
people-change = Change
people-write-a-note = Write a note
people-keep-note = Keep note
people-promises-between-you = Promises between you
people-promises-scrolls-sideways = Promises; scrolls sideways on small screens
people-promises-on-both = Promises on both sides
people-promise = Promise
people-by = By
people-due = Due
people-state = State
people-action = Action
people-you = You
people-mark-kept = Mark kept
people-open-again = Open again
people-none-is-open = None is open.
people-write-a-promise = Write a promise down
people-write-it-down = Write it down
people-contacts-scrolls-sideways = Contacts; scrolls sideways on small screens
people-days-of-contact = Days of contact with each person over twelve months
people-with = With
people-days-of-contact-118 = Days of contact
people-not-shown = not shown
people-where-and-since = Where, and since when
people-no-organisation-is-known = No organisation is known.
people-proposed = proposed
people-your-tie = Your tie
people-of-100 = of 100
people-keeping-in-touch = Keeping in touch
people-every = Every
people-details = Details
people-save-details = Save details
people-place-in-the = Place in the network
people-of-routes-and = Of routes and gaps, never of worth: not for rating people.
people-addresses = Addresses
people-someone-else = Someone else
people-why-these-are = Why these are one person
people-here-twice = Here twice?
people-who-is-who = Who is who
people-say-who-else = Say who else this is. Everything of both is then on one page; it can be taken back.
people-join-with-someone = Join with someone
people-one-person = One person
people-their-data = Their data
people-make-a-link = Make a link
people-add-a-person = Add a person
people-for-people-whom = For people whom no file names. If a file names them later, what you write here stays.
people-add-person = Add person
people-same-person = Same person
people-search-people-organisations = Search people, organisations, pages and things to do
people-type-a-name = Type a name, an organisation or a page.
people-nothing-is-called = Nothing is called so.
people-months-with-contact = Months with contact
people-all = All
people-no-dated-interaction = No dated interaction: a source stated this tie.
people-nothing-of-this = Nothing of this kind in this time.
people-interactions-scrolls-sideways = Interactions; scrolls sideways on small screens
people-interactions-the-newest = Interactions, the newest first
people-when = When
people-direction = Direction
people-among = Among
people-what-a-message = What a message says is never read; its subject is not kept.
people-strength = Strength
people-twelve-months-scrolls = Twelve months; scrolls sideways on small screens
people-who-may-read = Who may read it
people-only-me = Only me
people-members-of-this = Members of this workspace
people-name-or-address = Name or address of the other one
people-how-is-this = How is this worked out?
people-gone-quiet = Gone quiet
people-remove-tag = Remove the tag { $tag }
people-year-with = The last twelve months, you and { $name }
people-a-colleague = a colleague
people-mark-kept-of = Mark kept: { $promise }
people-open-again-of = Open again: { $promise }
people-who-knows = Who knows { $name }
people-no-tie-shown = No tie of { $name } can be shown here.
people-contact-days = { $n ->
    [one] { $n } day of contact
   *[other] { $n } days of contact
}
people-tie-exists = There is a tie
people-tie-bars = Tie strength { $n } of 5
people-rhythm-days = days
people-rhythm-save = Save
people-rhythm-hint-html = Leave it empty to go by how often you usually speak. Anyone's recorded contact that you may read counts. Only you see this. A tie is { $cooling } when it is quiet for longer than this lets expect.
people-someone-else-of = Someone else: { $address }
people-data-link = A link on which { $name } sees what is held, corrects it, limits it, or has it erased. It works for 30 days.
people-mail-it = Mail it to { $address }
people-others-stay = Whoever is so already stays as they are.
people-and-more = and { $n } more
people-change-n = Change { $n }
people-nothing-is-lost = Nothing is lost: choose which stays.
people-edit-of = Edit { $name }
people-remove-of = Remove { $place }
people-person-n = Person { $n }
people-part-of-html = { $kind } of { $above }
people-all-in-directory = All in the directory
people-first-by-name = { $n }; the first { $shown } by name
people-of = People of { $unit }
people-of-with-days = People of { $unit }, with your days of contact over twelve months
people-seen-month = Seen within 30 days
people-seen-quarter = Seen within 90 days
people-seen-year = Seen within a year
people-remove-view = Remove the view { $view }
people-save-this-view = Save this view
people-in-list = { $n } in this list
people-how-you-know = How you know
people-same-as = Who is the same person as { $name }?
people-tie-score = The score is 1 - exp(-strength / saturation), in hundredths.
people-behind-tie = What is behind this tie
people-behind-tie-part = What is behind this tie: { $part }
people-newest-n = the newest { $n }
people-n-in-all = { $n } in all
people-unit-link-html = <a href="{ $href }">{ $unit }</a>
people-search-page = Page
people-nothing-dated = nothing is dated
people-as-of = as of { $day }
people-since-unknown = since an unknown day
people-works-with = Works with
people-ties-hidden = Ties are shown as both people allow. Some may be hidden here.
people-measure-ties = Working ties
people-measure-ties-meaning = People with whom contact, fading with time, is worth at least one exchange now.
people-measure-bridging = Bridging
people-measure-bridging-meaning = Share of the shortest routes between two other people that pass here (betweenness; Freeman 1977).
people-measure-constraint = Room to broker
people-measure-constraint-meaning = Constraint: low where contacts do not know each other (Burt 2004). Around 0.1 is free, 1 is tied in.
people-measure-ei = Inward or outward
people-measure-ei-meaning = E-I index: -1 = all ties inside the own group, 1 = all outside (Krackhardt and Stern 1988).
people-month-days = { $month }: { $n ->
    [one] { $n } day
   *[other] { $n } days
}
people-tie-sum = Strength { $strength } = { $both } of the sum of both directions, and { $lesser } of twice the lesser one. Each message counts 1 / recipients, each meeting by its length and size; both halve every { $days } days.
people-tie-sum-stated = Strength { $strength } = { $both } of the sum of both directions, and { $lesser } of twice the lesser one, and what was stated. Each message counts 1 / recipients, each meeting by its length and size; both halve every { $days } days.
people-rhythm-today = Last contact today.
people-rhythm-ago = { $n ->
    [one] Last contact { $n } day ago.
   *[other] Last contact { $n } days ago.
}
people-rhythm-unknown = Too few contacts to know a rhythm.
people-rhythm-usual = { $n ->
    [one] Usually every { $n } day.
   *[other] Usually every { $n } days.
}
people-rhythm-cooling = This tie is cooling.
people-rhythm-dormant = This tie is dormant.
people-tie-stated = Stated by a source
people-tie-stated-undated = Someone stated this tie, without a date; it does not fade.
people-tie-undated = No dated contact.
people-tie-towards = Towards the other
people-tie-from = From the other
people-tie-both = Both ways
people-due-unknown = No contact is known yet: any day is a good one.
people-due-today = The next contact is due today.
people-due-in = { $n ->
    [one] The next contact is due in { $n } day.
   *[other] The next contact is due in { $n } days.
}
people-overdue = { $n ->
    [one] A contact is { $n } day overdue: the last was on { $last }.
   *[other] A contact is { $n } days overdue: the last was on { $last }.
}
people-promises-owe = What I owe
people-promises-owed = What I am owed
people-lanes = Twelve months of contact: { $meetings ->
    [one] { $meetings } day
   *[other] { $meetings } days
} of meetings, { $messages ->
    [one] { $messages } day
   *[other] { $messages } days
} of messages; the last { $days ->
    [one] { $days } day
   *[other] { $days } days
} ago.
people-lane-gap = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
people-lane-meetings = { $month }: { $n ->
    [one] { $n } day
   *[other] { $n } days
} of meetings
people-lane-messages = { $month }: { $n ->
    [one] { $n } day
   *[other] { $n } days
} of messages
people-lane-name-meetings = Meetings
people-lane-name-messages = Messages
people-lane-name-promises = Promises
people-your-note = Your note
people-changed-elsewhere = You changed it elsewhere.
people-who-reads = Who reads it
people-said-by = said by { $who }, { $day }
people-the-name-of = The name of { $name }
people-not-known-who = it is not known who
people-where-someone-works = Where someone works
people-bulk-tag = { $n ->
    [one] { $n } person would get the tag “{ $tag }”.
   *[other] { $n } people would get the tag “{ $tag }”.
}
people-bulk-place = { $n ->
    [one] { $n } person would be said to work at “{ $unit }” from today.
   *[other] { $n } people would be said to work at “{ $unit }” from today.
}
people-bulk-opt-out = { $n ->
    [one] { $n } person would stay off maps and out of findings.
   *[other] { $n } people would stay off maps and out of findings.
}
people-kept = Kept: you { $we } of { $ours }, they { $they } of { $theirs }
people-you-met = You met{ $n ->
    [0] {""}
    [1] , with one other
   *[other] , with { $n } others
}
people-they-met = { $who } met{ $n ->
    [0] {""}
    [1] , with one other
   *[other] , with { $n } others
}
people-you-called = You called{ $n ->
    [0] {""}
    [1] , with one other
   *[other] , with { $n } others
}
people-they-called = { $who } called{ $n ->
    [0] {""}
    [1] , with one other
   *[other] , with { $n } others
}
people-you-wrote = You wrote{ $n ->
    [0] {""}
    [1] , with one other
   *[other] , with { $n } others
}
people-they-wrote = { $who } wrote{ $n ->
    [0] {""}
    [1] , with one other
   *[other] , with { $n } others
}
people-logged-by-hand = Logged by hand, { $readers }
people-note-own = Note by you, { $readers }
people-note-own-changed = Note by you, { $readers }, changed { $day }
people-note-by = Note by { $who }, { $readers }
people-note-by-changed = Note by { $who }, { $readers }, changed { $day }
people-recorded-by-you = recorded by you
people-only-them = only them
people-together = together
people-n-named = { $n } people named
people-n-together = { $n } people
people-to-n = to { $n } people
people-one-to-other = { $from } to { $to }
people-part-meetings = meetings
people-part-messages = messages
