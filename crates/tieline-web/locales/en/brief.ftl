# A partnership taken along: its brief, its dates, the whole of it.
dates-begins = { $name } begins
dates-notice = Last day to give notice: { $name }
dates-ends = Last day of { $name }
dates-commitment = Due: { $text } ({ $party })
dates-talk-ends = Talk ends: { $question }
dates-vote-ends = Voting ends: { $question }
dates-review = Look at it again: { $question }
dates-objective = Objective ends: { $title }
dates-result = Key result due: { $metric }

brief-title = Brief
brief-take = Take it along
brief-take-what = What you may read here, on paper or in another program.
brief-open = Brief to print
brief-dates = Dates as a calendar
brief-json = All of it as JSON
brief-subscribe = To subscribe to the dates, give your calendar the address of this server with { $path }, any name, and as the password a token that reads (Settings).
brief-people-of = { $party }: { $n ->
    [one] one person
   *[other] { $n } people
}
brief-people-more = { $names } and { $n } more
brief-purpose = Purpose and vision
brief-nothing-agreed = No agreement is written yet.
brief-objectives = Objectives
brief-no-objectives = No objectives are written yet.
brief-roles = Who does what
brief-no-roles = No roles are written yet.
brief-work = Work
brief-decided = Decided
brief-no-decisions = Nothing is decided yet.
brief-owner-step = First step: { $step }
brief-dates-ahead = Dates
brief-no-dates = No dates stand.
brief-when = When
brief-what-is-due = What
brief-scrolls = { $title }; scrolls sideways
brief-more = Only the first { $n } are listed.
brief-made = Made { $at }. It says what whoever made it may read. Conflict cases, ballots and what one party keeps for itself are not in it.
