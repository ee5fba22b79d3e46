report-method = Method:
report-the-numbers-behind = The numbers behind this
report-patchy = patchy
report-next = Next:
report-why-am-i = Why am I seeing this?
report-why-you-re = Why you’re seeing this
report-skip-to-content = Skip to content
report-workspace = Workspace
report-today = Today
report-network = Network
report-directory = Directory
report-over-time = Over time
report-save-as-a = Save as a file
report-names-of-individuals = Names of individuals are left out of this copy.
report-contents = Contents
report-where-we-re = Where we’re joined up, and where we aren’t
report-what-we-suggest = What we suggest
report-how-this-was = How this was made
report-gaps-between-groups = Gaps between groups beyond chance
report-gap-between = Gap between
report-ties-found = Ties found
report-expected = Expected
report-p-corrected = p, corrected
report-in-resamples = In resamples
report-each-cell-compares = Each cell compares the ties we found with the ties we’d expect from how active each group is: 1.0 is as many as expected, amber means fewer.
report-ties-between-each = Ties between each pair of groups, as a share of what we would expect. Below 1 is fewer.
report-fewer-than-expected = fewer than expected
report-as-expected = as expected
report-more = more
report-a-gap-beyond = a gap beyond chance
report-too-few-to = too few to compare
report-groups-how-much = Groups, how much of each was seen, and how its ties fall
report-group = Group
report-people = People
report-seen = Seen
report-ties-inside = Ties inside
report-ties-outside = Ties outside
report-e-i-index = E-I index
report-by-chance = By chance
report-seen-share-of = Seen: share of the people a directory lists who appear in what was read. E-I index: −1 = all ties inside, 1 = all outside.
report-people-who-work = People who work mainly with another group than their own
report-person = Person
report-on-the-chart = On the chart
report-ties-to-it = Ties to it
report-works-mainly-with = Works mainly with
report-ties-to-that = Ties to that
report-people-who-join = People who join groups up
report-shortest-routes = Shortest routes
report-ties = Ties
report-groups-reached = Groups reached
report-constraint = Constraint
report-load = Load
report-shortest-routes-share = Shortest routes: share of those between two other people. Constraint: low where contacts do not know each other. Load: contact against the median person.
report-what-would-be = What would be lost without a person
report-without = Without
report-pairs-who-lose = Pairs who lose each other
report-left-without-a = Left without a tie
report-contacts-elsewhere-lost = Contacts elsewhere lost
report-groups-that-lose = Groups that lose their only tie
report-links-between-groups = Links between groups and who carries them
report-link = Link
report-carried-mostly-by = Carried mostly by
report-share = Share
report-carriers = Carriers
report-alert = Alert
report-one-person = one person
report-none = none
report-share-of-the = Share: of the link’s strength. Carriers: people of the first group with at least one tie.
report-ties-that-have = Ties that have gone quiet
report-tie = Tie
report-state = State
report-quiet-for = Quiet for
report-usual-rhythm = Usual rhythm
report-strength-now = Strength now
report-the-most-useful = The most useful new ties for the widest gaps
report-new-tie = New tie
report-way-in = Way in
report-pairs-brought-closer = Pairs brought closer
report-every-new-tie = Every new tie for every gap
report-what-was-read = What was read
report-import = Import
report-read = Read
report-new = New
report-known-already = Known already
report-not-readable = Not readable
report-left-out = Left out
report-why-left-out = Why left out of ties
report-how-each-number = How each number is made
report-the-network-in = The network in numbers
report-parameters = Parameters
report-words = Words
report-map-of-groups = Map of groups
report-gaps = Gaps
report-ties-between = Ties between groups
report-groups = Groups
report-elsewhere = Working elsewhere
report-brokers = Brokers
report-departures = Departures
report-dependence = Dependence
report-cooling = Cooling ties
report-new-ties = New ties
report-all-new-ties = All new ties
report-as-of = As of { $day }
report-map-label = Map of groups. { $summary } The table below holds the numbers.
report-figure-map-html = <b>Figure 1.</b> { $summary } Circles grow with the number of people. { $window }.
report-more-gaps = { $n ->
    [one] { $n } more is outlined in Figure 2.
   *[other] { $n } more are outlined in Figure 2.
}
report-figure-heat-html = { $n ->
    [one] <b>Figure 2.</b> Ties between groups, observed over expected (configuration model, Newman 2003). { $n } person, { $window }.
   *[other] <b>Figure 2.</b> Ties between groups, observed over expected (configuration model, Newman 2003). { $n } people, { $window }.
}
report-plan-gain = from { $before } to { $after } of the ties expected, with all { $n } new ties
report-one-to-other = { $a } to { $b }
report-headers-only = { $n ->
    [one] Only the headers of messages and calendar entries are read; subjects and bodies are never kept. { $n } record was read.
   *[other] Only the headers of messages and calendar entries are read; subjects and bodies are never kept. { $n } records were read.
}
report-show-names = Show names
report-hide-names = Hide names
report-map = { $groups } groups; the thicker a line, the more working ties.
report-map-thinner = { $groups } groups; the thicker a line, the more working ties. Thinner links are not drawn.
report-map-widest-gaps = The { $n } widest gaps are dashed in amber.
report-map-gaps = { $n ->
    [0] No gap stands out.
    [one] The gap beyond chance is dashed in amber.
   *[other] { $n } gaps beyond chance are dashed in amber.
}
report-line = { $one } and { $two }: { $ties }
report-gap-line = Gap between { $one } and { $two }: { $ties } where about { $expected } would be expected
report-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
report-working-ties = { $n ->
    [one] { $n } working tie
   *[other] { $n } working ties
}
report-cell-within = inside the group: not compared
report-cell-unclear = { $ties }, too few expected to compare
report-cell = { $ties }, about { $expected } expected
report-left-out-n = { $n } { $why }
report-why-auto-submitted = auto submitted
report-why-bulk = bulk
report-why-delivery-report = delivery report
report-why-automated-sender = automated sender
report-why-role-mailbox = role mailbox
report-why-broadcast = broadcast
report-why-newsletter = newsletter
report-why-no-gathering = no gathering
report-why-erased = erased
report-why-no-sender = no sender
report-no-chain = no chain of three steps or fewer
report-chain-direct = they know each other (chance { $chance })
report-chain = through { $names } (chance { $chance })
report-stable = stable: { $share }
report-not-certain = not certain: { $share }
report-not-computed = not computed
report-undated = no dated data
report-more-imports = { $n } more
report-window = { $days } days to { $to }
report-everything = Everything to { $to }
report-ties-undated = Ties without dates
