network-what-changed = What changed
network-network = Network
network-nothing-is-compared = Nothing is compared yet.
network-which-days = Which days
network-none = None.
network-none-is-shown = None is shown.
network-between = Between
network-and = And
network-strength-then = Strength then
network-now = Now
network-between-groups = Between groups
network-no-pair-of = No pair of groups has more or fewer ties than before.
network-between-groups-scrolls = Between groups; scrolls sideways on small screens
network-working-ties-between = Working ties between pairs of groups, then and now
network-groups = Groups
network-then = Then
network-names-are-hidden = Names are hidden for your role.
network-how-this-is = How this is worked out
network-who-works-with = Who works with whom
network-view = View
network-map-as-png = Map as PNG
network-all-groups = All groups
network-everyone-in-a = Everyone in a table
network-this-workspace-does = This workspace does not show named people in findings to your role. The table of groups is below.
network-nobody-is-on = Nobody is on this page.
network-everyone-scrolls-sideways = Everyone; scrolls sideways on small screens
network-everyone-in-the = Everyone in the map
network-person = Person
network-group = Group
network-ties = Ties
network-across-groups = Across groups
network-bridging = Bridging
network-strongest-ties = Strongest ties
network-next-100 = Next 100
network-map = Map
network-which-ties-are = Which ties are drawn
network-all-ties = All ties
network-map-of-people = Map of people. Arrow keys move to the nearest person, Enter opens, plus, minus and 0 zoom, t shows the table.
network-no-map-yet = No map yet
network-a-map-needs = A map needs three groups of five people or more.
network-where-groups-are = Where groups are joined, and where they aren’t
network-ties-between-groups = Ties between groups; scrolls sideways on small screens
network-ties-between-each = Ties between each pair of groups, as a share of what we would expect. Below 1 is fewer.
network-people-who-join = People who join groups up
network-nobody-stands-out = Nobody stands out, or too little is seen to name anyone.
network-share-of-the = Share of the shortest routes between two other people. They can be a strength and a bottleneck.
network-links-that-hang = Links that hang on one person
network-what-was-done = What was done
network-settings = Settings
network-in-the-workspace = In the workspace, and by whom. What people keep for themselves is shown to them alone.
network-events = Events
network-nothing-here-is = Nothing here is for you to see.
network-events-scrolls-sideways = Events; scrolls sideways on small screens
network-events-the-newest = Events, the newest first
network-when = When
network-what = What
network-who = Who
network-the-program-or = the program or a command
network-earlier = Earlier
network-find-a-path = Find a path
network-path = Path
network-who-can-introduce = Who can introduce whom
network-find = Find
network-a-chance-is = A chance is 1 - exp(-strength / saturation) for each step; those of a chain are multiplied (METHODS 2.18).
network-seen-said-and = Seen, said and formal
network-they-do-not = They do not disagree on anyone.
network-who-they-are = Who they are is shown to themselves alone.
network-no-tie-seen = No tie seen does not mean no contact: what is said in corridors is in no archive.
network-everything-as-it = Everything, as it is now
network-as-of-over = As of, over the whole history
network-kind-of-tie = Kind of tie
network-all-kinds = All kinds
network-organisation = Organisation
network-all = All
network-strength = Strength
network-show = Show
network-clear = Clear
network-what-if = What if?
network-nothing-is-saved = Nothing is saved
network-what-to-try = What to try
network-who-leaves = Who leaves
network-try = Try
network-choose-a-group = Choose a group
network-trying-this-with = Trying this with another person is not open to your role.
network-ties-found-expected = Ties found ÷ expected:
network-why-you-re = Why you’re seeing this
network-table = Table
network-export = Export
network-map-as-svg = Map as SVG
network-as-gexf = Network as GEXF
network-ties-as-csv = Ties as CSV
network-opened-html = { $n ->
    [one] <b>{ $group }</b>, { $n } person.
   *[other] <b>{ $group }</b>, { $n } people.
}
network-opened-part-html = { $n ->
    [one] <b>{ $group }</b>, { $n } person: the { $drawn } with most ties are drawn, the table has all.
   *[other] <b>{ $group }</b>, { $n } people: the { $drawn } with most ties are drawn, the table has all.
}
network-zoom-in = Zoom in
network-zoom-out = Zoom out
network-zoom-all = Show everyone
network-bigger-html = Bigger: more { $bridging }
network-same-as-table = The same as a table
network-layout-organic-html = Layout: organic. <a href="{ $href }">By group</a>
network-layout-groups-html = Layout: by group. <a href="{ $href }">Try organic</a>
network-heat-scale-html = 1.0 = as many ties as { $expected }
network-heat-left-out = { $n ->
    [one] { $n } smaller group is not in the table.
   *[other] { $n } smaller groups are not in the table.
}
network-hangs-on = { $share } of it through { $person }
network-hangs-on-html = { $share } of it through <a href="{ $href }">{ $person }</a>
network-the-network = The network
network-none-yours = { $n }, none of them yours. Ties between others are counted here and not listed.
network-more-changed = { $n } more, which changed less.
network-more-changed-or-others = { $n } more, which changed less or are between others.
network-more-pairs = { $n ->
    [one] { $n } more pair changed less.
   *[other] { $n } more pairs changed less.
}
network-changes-how-html = Two networks are compared, each as of the end of its day and over the same length of time back. What counts is a { $tie }, by its { $strength }. Someone who only went quiet has left by this measure, whether or not they left the organisation. Groups under five people are not shown.
network-path-what-html = The { $path }, not just the shortest: each step counts how likely the two know each other well, and ties gone dormant are not used.
network-lens = Time and filters
network-as-of = As of
network-as-of-range = { $first } to { $last }; empty for now
network-slider-now = now
network-layers-more = { $n } more.
network-someone-leaves = Someone leaves
network-add-a-tie = Add a tie
network-merge-groups = Merge groups
network-lost-links = Groups that lose their only tie: { $links }.
network-left-alone = Left without a tie: { $names }.
network-dot = { $n ->
    [one] { $name }, { $n } tie
   *[other] { $name }, { $n } ties
}
network-dot-of-group = { $n ->
    [one] { $name }, { $group }, { $n } tie
   *[other] { $name }, { $group }, { $n } ties
}
network-lens-message = Mail and chat
network-lens-meeting = Meetings and joint writing
network-lens-call = Calls
network-lens-recorded = Recorded by people
network-lens-stated = Stated in lists
network-lens-working = All working ties
network-lens-middling = Middling and strong
network-lens-strong = Strong only
network-map-note-organic = Each dot is a person, near those tied to them; the same every time.
network-map-note-people = Each dot is a person, near others of the same group; the same every time.
network-map-note-groups = Circles are groups; the thicker a line, the more working ties.
network-size = { $connected } of { $people ->
    [one] { $people } person
   *[other] { $people } people
}, { $groups ->
    [one] { $groups } group
   *[other] { $groups } groups
}, { $window }.
network-opted-out = { $n ->
    [one] { $n } person chose not to appear.
   *[other] { $n } people chose not to appear.
}
network-basis = { $ties ->
    [one] { $ties } working tie
   *[other] { $ties } working ties
}, { $window }.
network-seen = { $share } of the listed people were seen.
network-came-in-text = No working tie then, and one now.
network-went-text = A working tie then, and none now.
network-between-days = Between { $from } and { $to }.
network-fewer-than-five = fewer than 5 people
network-nobody = Nobody.
network-day-from = From
network-day-to = To
network-change-appeared = New ties
network-change-stronger = Stronger
network-change-cooled = Cooled
network-change-vanished = Ended
network-change-appeared-text = No working tie then, one now.
network-change-stronger-text = At least half as strong again.
network-change-cooled-text = A third of the strength gone, or more.
network-change-vanished-text = A working tie then, none now.
network-change-joined = Came in
network-change-left = Have no tie any more
network-lens-as-of = As of { $day }
network-path-from = From
network-path-to = To
network-path-nowhere = One of the two is not in the network.
network-try-between = Between
network-try-and = And
network-try-anyone = Or anyone else
network-no-place = { $name } has no place in the network.
network-if-tied = If { $one } and { $two } worked together
network-if-merged = If { $one } and { $two } were one group
network-pair-of-groups = { $one } and { $two }
network-without = Without { $names }
network-try-not-two = Choose two different ones that are in the network.
network-try-tied = The two have a working tie already.
network-try-too-small = A group with fewer than five people is not reported.
network-try-yourself = Yourself
network-try-row-reach = Pairs who can reach each other
network-try-row-parts = Separate parts
network-try-row-steps = Steps apart
network-try-row-isolated = People left without a tie
network-try-row-orphaned = Contacts elsewhere lost
network-try-without-note = It supposes that nobody steps in; in life, others often do.
network-layer-seen = Seen
network-layer-said = Said
network-layer-formal = Formal
network-layer-formal-unseen = On the chart, and not seen to work together
network-layer-said-unseen = Said, and not seen
network-layer-seen-unsaid = Seen, and not said by either
network-layer-seen-text = working ties from mail, meetings, calls and contacts
network-layer-said-text = ties that someone stated
network-layer-formal-text = reporting lines of the directory
network-layer-said-none = Nobody was asked yet. What people say about their ties comes with surveys and with lists that state ties.
network-layer-formal-none = No directory that was read says who reports to whom.
network-layer-few = fewer than 5
network-gap-figure = Two groups, { $one } and { $two }, joined by { $ties } ties; about { $expected } would be expected
network-gap-ties = { $ties } ties, { $expected } expected
network-map-of-all = Map of { $people } people in { $groups } groups. The same is in the table.
network-map-of-group = Map of { $people } people of { $group }. The same is in the table.
network-map-of-groups = Map of groups. { $summary }
network-open-group = Open { $name }
