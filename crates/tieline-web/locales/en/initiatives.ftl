# Joint initiatives: parts, plan, risks, and how they go.

initiatives-title = Initiatives
initiatives-none = Nothing is done together yet
initiatives-none-next = Write down what you do together: what it is for, from when to when, and the objective that it serves. Then each party says what it brings.
initiatives-new = Begin an initiative
initiatives-name = Name
initiatives-title-missing = Give it a name.
initiatives-text = What it is for
initiatives-objective = Objective that it serves
initiatives-no-objective = None
initiatives-serves = It serves
initiatives-ends-first = It must end after it begins.
initiatives-save = Write it down
initiatives-change = Save
initiatives-change-short = Change
initiatives-edit = Change name, purpose and days
initiatives-cancel = Cancel
initiatives-planned = Planned
initiatives-on-the-way = On the way
initiatives-at-risk = At risk
initiatives-behind = Behind
initiatives-done = Done
initiatives-stopped = Stopped
initiatives-ended-on = It ended on { $day }.
initiatives-no-tasks = No tasks are written down yet.
initiatives-n-done = { $n } of { $all } tasks and milestones done.
initiatives-next = Next: { $title }, { $day }.
initiatives-can-end = { $n ->
    [one] What is left can be done by { $day }; this task decides it: { $names }.
    [2] What is left can be done by { $day }; these decide it: { $names }.
    [3] What is left can be done by { $day }; these decide it: { $names }.
    [4] What is left can be done by { $day }; these decide it: { $names }.
    [5] What is left can be done by { $day }; these decide it: { $names }.
   *[other] What is left can be done by { $day }; { $n } tasks decide it, first of all { $names }.
}
initiatives-sign-past = Its last day is past.
initiatives-sign-late = { $n ->
    [one] What is left ends a day after its last day.
   *[other] What is left ends { $n } days after its last day.
}
initiatives-sign-milestones = { $n ->
    [one] A milestone is late.
   *[other] { $n } milestones are late.
}
initiatives-sign-tasks = { $n ->
    [one] A promised task is late.
   *[other] { $n } promised tasks are late.
}
initiatives-sign-parts = { $n ->
    [one] Of one part much less was given than time went by.
   *[other] Of { $n } parts much less was given than time went by.
}
initiatives-sign-risks = { $n ->
    [one] A risk is high.
   *[other] { $n } risks are high.
}
initiatives-how = How this is worked out
initiatives-how-text = Behind: its last day is past, what is left ends after it, or a milestone is late. At risk: a promised task is late, a part is behind, or a risk is high. A part is behind when less than seven tenths of what time would ask for was given and confirmed, once a tenth of the time is past. It says nothing about how well the work is done, or whose fault a delay is.
initiatives-from-to = { $begins } to { $ends }
initiatives-from = From { $begins }
initiatives-to = Until { $ends }
initiatives-plan = Plan
initiatives-plan-scrolls = Plan, a table that scrolls
initiatives-plan-what = When each task can be done at the earliest, weekends counted, after what it waits for; what is open cannot begin before today. The tasks that decide the end have no days to spare (critical path).
initiatives-timeline = Timeline
initiatives-task = Task or milestone
initiatives-task-missing = Say what is to be done.
initiatives-task-new = Add a task or a milestone
initiatives-task-what = 0 days make a milestone. The day of a task is a promise: the party that does it gives it, it stands among the commitments, and another day needs the other side.
initiatives-task-add = Add it
initiatives-task-change = Change a task
initiatives-task-keep = Save
initiatives-days = Days it takes
initiatives-days-bad = Write a whole number from 0 to { $n }; 0 is a milestone.
initiatives-doer = Who does it
initiatives-does = Actions
initiatives-nobody-yet = Nobody yet, or all
initiatives-nobody = Nobody yet
initiatives-who = { $who }, { $party }
initiatives-milestone = Milestone
initiatives-due = Promised for, or day of the milestone
initiatives-due-others = The party that does a task promises its day. Leave the day empty, or choose your own party.
initiatives-needs = Waits for
initiatives-needs-how = Hold Ctrl or Command to choose several.
initiatives-circle = These tasks would wait for each other, and none could begin.
initiatives-promised-stays = What was promised stays with its party, and stays a task.
initiatives-promised-for = Promised for { $day }. Another day needs the other side:
initiatives-seat-others = Choose someone of your own party, for a task of your party.
initiatives-full = This initiative holds no more of these.
initiatives-state = How it stands
initiatives-when = When at the earliest
initiatives-open = Open
initiatives-begun = Begun
initiatives-late = Late
initiatives-done-on = Done { $day }
initiatives-reached-on = Reached { $day }
initiatives-promised = Promised for { $day }
initiatives-day = { $day }
initiatives-after = After { $needs }
initiatives-critical = Decides the end
initiatives-slack = { $n ->
    [one] 1 day to spare
   *[other] { $n } days to spare
}
initiatives-begin = Begin
initiatives-finish = Done
initiatives-reopen-task = Open again
initiatives-parts = What each party brings
initiatives-no-parts = No party has said yet what it brings.
initiatives-parts-what = Each party says its own part and what it gave of it. It counts when another party confirms it.
initiatives-part-new = What { $party } brings
initiatives-part = What
initiatives-part-missing = Say what your party brings.
initiatives-part-amount = How much in all
initiatives-part-planned = Planned
initiatives-part-given = Given and confirmed
initiatives-part-add = Add our part
initiatives-part-out = Take this part back
initiatives-no-amount = Without an amount
initiatives-n-given = { $n ->
    [one] Once
   *[other] { $n } times
}
initiatives-n-wait = { $n ->
    [one] 1 waits for a word
   *[other] { $n } wait for a word
}
initiatives-give = Say what was given
initiatives-give-save = Enter
initiatives-given-missing = Say what was given, or how much.
initiatives-how-much = How much
initiatives-what-given = What
initiatives-amount-text = { $amount }: { $text }
initiatives-confirm = Confirm
initiatives-send = Ask
initiatives-answered-by = { $answer } by { $party }
initiatives-risks = Risks
initiatives-no-risks = No risks are written down.
initiatives-risks-what = Likelihood times impact, each from 1 to 5: an order of what to look at first, not a measure. From 15 on a risk is high.
initiatives-risk-new = Add a risk
initiatives-risk = What may go wrong
initiatives-risk-missing = Say what may go wrong.
initiatives-likelihood = Likelihood
initiatives-impact = Impact
initiatives-level-1 = 1, very low
initiatives-level-2 = 2, low
initiatives-level-3 = 3, middling
initiatives-level-4 = 4, high
initiatives-level-5 = 5, very high
initiatives-level-bad = Choose a step from 1 to 5.
initiatives-answer = What is done about it
initiatives-watcher = Who watches it
initiatives-watches = { $party } watches it
initiatives-nobody-watches = Nobody watches it
initiatives-score = { $n } of 25
initiatives-risk-high = High
initiatives-risk-open = Open
initiatives-risk-happened = It happened
initiatives-risk-over = Over
initiatives-risk-keep = Save
initiatives-risk-add = Add the risk
initiatives-end = End it
initiatives-end-done = It is done
initiatives-end-stopped = It is stopped
initiatives-go-on = It ended
initiatives-go-on-do = Let it go on
initiatives-learnt = What came of it, and what was learnt
initiatives-learnt-missing = Say what came of it before it ends.
initiatives-late-change = Someone changed this initiative meanwhile. Look at it, then save again.
initiatives-take-back = Take it back
initiatives-stands = What was given or promised in it stands. End it instead.
initiatives-done-added = Written down.
initiatives-done-changed = Saved.
initiatives-done-ended = Ended.
initiatives-done-on-again = It goes on.
initiatives-done-removed = Taken back.
initiatives-done-part = Your part is added.
initiatives-done-given = Entered. Another party confirms it.
initiatives-done-answered = Answered.
initiatives-done-task = Added.
initiatives-done-risk = Risk added.
initiatives-done-out = Taken out.
initiatives-date-ends = Last day of { $title }
initiatives-date-milestone = Milestone of { $of }: { $title }
