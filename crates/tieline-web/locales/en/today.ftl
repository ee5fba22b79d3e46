today-record-a-contact = Record a contact
today-it-counts-as = It counts as a tie like mail and meetings do, and can be undone.
today-who = Who
today-names-or-addresses = Names or addresses, separated by commas
today-how = How
today-when = When
today-who-may-read = Who may read the line and the promises
today-only-me = Only me
today-members-of-this = Members of this workspace
today-record = Record
today-words = Words
today-what-the-words = What the words mean
today-the-words-of = The words of these pages, and those of the field behind them.
today-findings-over-time = Findings over time
today-insights = Insights
today-over-time = Over time
today-how-this-is = How this is kept
today-promise = Promise
today-write-it-down = Write it down
today-promises = Promises
today-directory = Directory
today-what-you-wrote = What you wrote down and is still open. Kept ones are on the page of each person.
today-nothing-is-open = Nothing is open.
today-with = With
today-due = Due
today-state = State
today-action = Action
today-nobody-here-now = nobody here now
today-mark-kept = Mark kept
today-most-useful-thing = Most useful thing to know
today-why-am-i = Why am I seeing this?
today-next = Next:
today-nothing-stands-out = Nothing stands out
today-needs-you = Needs you
today-nothing-needs-you = Nothing needs you.
today-why-you-re = Why you’re seeing this
today-not-now = Not now
today-worth-doing = Worth doing
today-most-useful-first = Most useful first
today-also-worth-knowing = Also worth knowing
today-the-whole-report = The whole report
today-network-pulse = Network pulse
today-past-12-weeks = past 12 weeks
today-what-changed = What changed
today-what-this-rests = What this rests on
today-nothing-is-shared = Nothing is shared with you yet
today-what-a-partnership = What a partnership shares with you appears here.
today-what-was-promised = What was promised
today-who-promised = Who promised
today-you = You
today-who-may-read-it = Who may read it
today-read = Read
today-new = New
today-known-already = Known already
today-left-out-of = Left out of ties
today-not-readable = Not readable
today-what-changed-in = What changed in the network
today-the-report = The report
today-history-how-html = Each time the network is computed anew, its findings are kept as sentences on groups; people are never named in them. A finding is the same while it speaks of the same groups, whatever its numbers. A gap that closed, and a finding that fell below what is certain enough to tell, both count as gone. What a { $gap } is, and how { $stability } counts, is said in the report.
today-not-now-of = Not now: { $item }
today-met = Met
today-called = Called
today-wrote = Wrote
today-in-a-line = In a line
today-you-promised = You promised
today-they-promised = They promised
today-by-when = By when
today-promise-between = Promise between you and { $name }
today-n-open = { $n } open
today-good-morning = Good morning, { $name }
today-good-afternoon = Good afternoon, { $name }
today-good-evening = Good evening, { $name }
today-waiting = { $n ->
    [0] Nothing needs you.
    [1] One thing needs you; the rest can wait.
    [2] Two things need you; the rest can wait.
    [3] Three things need you; the rest can wait.
   *[other] Some things need you; the rest can wait.
}
today-kind-gap = Gap in the network
today-open-gap = See the gap
today-kind-broker = Joins groups up
today-open-broker = See who joins groups up
today-kind-dependence = Hangs on one person
today-open-dependence = See the link
today-kind-departure = If someone leaves
today-open-departure = Try what if
today-kind-cooling = Gone quiet
today-open-cooling = See quiet ties
today-kind-chart = Chart and practice
today-open-chart = Compare
today-kind-orientation = Looks inward
today-open-orientation = Compare groups
today-kind-summary = The whole network
today-reviews-text = They look alike, but not enough to join them without you.
today-reviews-why = You are a steward of this workspace. Pairs of people with the same name at other addresses, or a similar name at the same organisation, wait for a person to decide; nothing is joined alone.
today-review = Review
today-open = Open
today-quiet-why = A tie cools when the gap since the last contact is over 30 days and over twice the usual interval between your contacts.
today-touch-pill = Keeping in touch
today-touch-why = You set this rhythm on their page. Anyone's recorded contact that you may read counts.
today-introduce-joint = Nobody in between knows both; a joint meeting would do.
today-see-plan = See the plan
today-stat-steps = steps apart
today-stat-steps-meaning = Mean number of introductions on the shortest way between two connected people, plus one.
today-stat-steps-source = Average shortest path; Watts and Strogatz 1998.
today-stat-across = ties across groups
today-stat-across-meaning = Share of working ties whose two ends belong to different groups.
today-stat-across-source = Share of external ties; Krackhardt and Stern 1988.
today-stat-ties = working ties
today-stat-ties-meaning = Pairs of people whose contact, fading with time, is worth at least one exchange now.
today-stat-ties-source = Tie strength; after Granovetter 1973.
today-stat-carriers = people carry most bridges
today-stat-carriers-meaning = People named as joining groups up: most shortest routes between groups pass through them.
today-stat-carriers-source = Betweenness centrality; Freeman 1977.
today-pulse-unknown = Too little is dated to say how the network moves.
today-touch-record = Record a contact
today-reviews = { $n ->
    [one] { $n } pair to decide: one person or two?
   *[other] { $n } pairs to decide: one person or two?
}
today-quiet = { $name } has gone quiet
today-quiet-text = { $gap ->
    [one] { $gap } day
   *[other] { $gap } days
} since you last spoke. You two usually talk every { $usual ->
    [one] { $usual } day
   *[other] { $usual } days
}.
today-touch = Get in touch with { $name }
today-touch-text = { $gap ->
    [one] { $gap } day
   *[other] { $gap } days
} since the last contact; you want one every { $days ->
    [one] { $days } day
   *[other] { $days } days
}.
today-introduce = Introduce { $one } and { $two }
today-introduce-pill = Joins { $one } and { $two }
today-introduce-why = A new tie between the two groups that brings many people closer: { $pairs ->
    [one] { $pairs } pair
   *[other] { $pairs } pairs
} of people. { $ties ->
    [one] { $ties } new tie is
   *[other] { $ties } new ties are
} in this plan; people who already carry much are spared.
today-pulse-same = About as joined up as twelve weeks ago: { $now } of ties cross groups, then { $then }.
today-pulse-better = Better joined up than twelve weeks ago: { $now } of ties cross groups, then { $then }.
today-pulse-less = Less joined up than twelve weeks ago: { $now } of ties cross groups, then { $then }.
today-rests-on = { $interactions ->
    [one] { $interactions } interaction
   *[other] { $interactions } interactions
} of { $people ->
    [one] { $people } person
   *[other] { $people } people
} from { $imports ->
    [one] { $imports } import
   *[other] { $imports } imports
}.
today-rests-until = The newest contact is of { $day }.
today-nothing-stands = No gap, no bottleneck and no tie gone quiet stands out from chance.
today-computed = Computed { $ago }.
today-history-first = As of { $day }, for the first time: later ones are compared with it. People are not named here.
today-history-span = From { $from } to { $to }, { $n ->
    [one] { $n } computation
   *[other] { $n } computations
}. People are not named here.
today-history-gone = from { $since }, gone by { $until }
today-history-since = since { $since }
today-history-none = Findings are kept from the next time that they are computed.
today-history-new = New
today-history-nothing-new = Nothing is new.
today-history-stays = Still so
today-history-nothing-stays = Nothing stays from before.
today-history-gone-title = Not so any more
today-history-nothing-gone = Nothing went.
today-finding-silo = Gap
today-finding-orientation = Inward or outward
today-finding-chart = Chart and work
today-finding-broker = Joins groups up
today-finding-departure = If someone leaves
today-finding-dependence = Hangs on one person
today-finding-cooling = Cooling
today-finding-bridges = New ties
today-finding-other = Finding
