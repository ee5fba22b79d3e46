# Objectives of a partnership, what measures them, and how they bear on each other.

objectives-title = Objectives
objectives-lede = What you want to have reached by a day. What measures it comes after.
objectives-add = Add an objective
objectives-change = Change the objective
objectives-more = More objectives
objectives-none = No objectives yet
objectives-none-next = Write down what you want to reach together, or what your party wants from it.
objectives-shared = Shared by all parties
objectives-owner = Whose
objectives-owner-unknown = Choose whose objective it is.
objectives-title-is = Objective
objectives-title-hint = What will be so, in a line.
objectives-title-missing = Write the objective.
objectives-why = Why it matters
objectives-last-too-early = The last day is on or after the first.
objectives-part-of = Part of
objectives-part-of-hint = The shared objective that your party’s own one helps to reach.
objectives-parent-unknown = Choose a shared objective that stands.
objectives-parent-of-shared = Only the objective of a party is part of a shared one.
objectives-of-none = None
objectives-serves = Serves the strategic objective
objectives-aim-unknown = Choose a strategic objective that this partnership serves.
objectives-parts = Objectives that are part of it
objectives-around = What it belongs to
objectives-remove = Remove the objective
objectives-remove-what = You can take this back.
objectives-days = { $from } to { $to }
objectives-until = until { $to }
objectives-unmeasured = Not measured yet
objectives-not-counted = Not counted
objectives-at-risk = At risk
objectives-on-pace = On pace
objectives-score-why = { $of ->
        [one] The score is { $score }: that of its one key result.
       *[other] The score is { $score }: the mean of the scores of its key results by their weights. { $n } of { $of } are counted; one that was never measured counts as 0 once it is due.
    }
objectives-score-none = There is no score before a key result is measured.
objectives-pace-why = { $elapsed } of its time is gone. Pace is the score by that share: { $pace }. Below { $least } it is at risk.
objectives-pace-none = Pace is told once it has a first and a last day and a score.
objectives-results = Key results
objectives-results-scroll = Key results, a table that scrolls
objectives-result = Key result
objectives-the-way = From, to, now
objectives-progress = Progress
objectives-score = Score
objectives-no-results = Nothing measures it yet.
objectives-result-add = Add a key result
objectives-result-change = Change the key result
objectives-result-remove = Remove the key result
objectives-metric = What is measured
objectives-metric-hint = In the words that your partners use for the same thing: that is how conflicts are found.
objectives-metric-missing = Write what is measured.
objectives-unit = Unit
objectives-baseline = It began at
objectives-target = It should come to
objectives-weight = Weight
objectives-due = Due
objectives-number-missing = Write a number, with a point before decimal places.
objectives-no-way = Write another number than where it began. For yes or no, begin at 0 and come to 1.
objectives-weight-wrong = Write a number above 0; 1 is usual.
objectives-way = from { $from } to { $to }, not measured yet
objectives-way-now = from { $from } to { $to }, now { $now }
objectives-check-in = Check in
objectives-checks = Check-ins, the newest first
objectives-no-checks = Nobody has checked in yet.
objectives-value = Where it stands now
objectives-line = In a line
objectives-earlier = Earlier check-ins
objectives-confidence = How sure are you that it will be reached?
objectives-confidence-high = Sure
objectives-confidence-medium = Uncertain
objectives-confidence-low = Doubtful
objectives-confidence-missing = Choose how sure you are.
objectives-alignment = Alignment
objectives-alignment-lede = How the objectives of each party bear on those of the others. Choose a cell for its pairs.
objectives-matrix = Alignment of objectives, by whose they are
objectives-matrix-scroll = Alignment, a table that scrolls
objectives-nothing = Nothing
objectives-n-tied = { $n ->
        [one] { $n } tie
       *[other] { $n } ties
    }
objectives-n-conflicts = { $n ->
        [one] { $n } conflict
       *[other] { $n } conflicts
    }
objectives-n-proposed = { $n ->
        [one] { $n } to look at
       *[other] { $n } to look at
    }
objectives-serving = Serve a strategic objective
objectives-tied-share = Tied
objectives-tied-what = Tied: the share of objectives that are confirmed to support or to need one of someone else, or the one that they are part of.
objectives-orphans = Tied to none
objectives-proposed = To look at
objectives-proposed-what = Proposed from likeness of words, or from one thing that one wants to rise and the other to fall. It holds once someone confirms it.
objectives-none-proposed = There is nothing to look at.
objectives-all-pairs = All pairs
objectives-between = { $one } and { $other }
objectives-confirm = Confirm
objectives-refuse = Refuse
objectives-answered = What you said
objectives-none-answered = Nobody has said how objectives bear on each other.
objectives-take-back = Take back
objectives-tie = Tie two objectives
objectives-one = One
objectives-other = Other
objectives-how = How it bears on the other
objectives-supports = supports
objectives-depends-on = needs
objectives-conflicts-with = is at odds with
objectives-duplicates = overlaps with
objectives-confirmed = Confirmed
objectives-rejected = Refused
objectives-said = { $state } by { $who }, { $when }
objectives-pair = { $one } { $kind } { $other }
objectives-choose = Choose an objective.
objectives-choose-two = Choose two objectives.
objectives-choose-kind = Choose how one bears on the other.
objectives-why-text = Their words are alike by { $share }.
objectives-why-metric = One wants “{ $metric }” to rise, the other to fall.
objectives-why-resource = Together they ask for more of a resource than there is.
objectives-done = Objective added.
objectives-done-removed = Objective removed.
objectives-done-result = Key result added.
objectives-done-result-removed = Key result removed.
objectives-done-check = Checked in.
objectives-done-check-removed = Check-in removed.
objectives-done-link = Your answer is noted.
objectives-done-link-removed = Your answer is taken back.
