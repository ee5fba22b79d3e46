# Challenges: a shared problem from its statement to what was learnt.

challenges-title = Challenges
challenges-none = No shared problem is written down
challenges-none-next = Write down what stands in your way together. Then each party says what it sees, you look for the causes, try something, and keep what you learnt.
challenges-new = Write a problem down
challenges-name = The problem in a line
challenges-title-missing = Say what the problem is.
challenges-text = What happens, to whom, since when
challenges-objective = Objective that it stands in the way of
challenges-no-objective = None
challenges-hinders = It stands in the way of
challenges-save = Write it down
challenges-change = Save
challenges-edit = Change the problem
challenges-open = Being worked on
challenges-solved = Solved
challenges-accepted = Lived with
challenges-stopped = Stopped
challenges-ended-on = It ended on { $day }.
challenges-counts = { $points ->
    [0] Nothing said yet
    [one] 1 point
   *[other] { $points } points
}, { $trials ->
    [0] nothing tried
    [one] 1 trial
   *[other] { $trials } trials
}.
challenges-next = What is missing
challenges-nothing-missing = Nothing is missing: what runs may run.
challenges-want-evidence = { $parties } has not said what it sees.
challenges-want-evidence-many = { $n } parties have not said what they see: { $parties }.
challenges-want-causes = Nobody said why it happens.
challenges-want-shared = No cause is seen by two parties. Say of each other's causes whether you see them too.
challenges-want-options = Nobody said what could be done.
challenges-want-unanswered = { $n ->
    [one] One cause has no option that answers it.
   *[other] { $n } causes have no option that answers them.
}
challenges-want-trial = Try an option, or take the options into a decision or an initiative.
challenges-want-results = { $n ->
    [one] A trial is over, and nobody said what it showed.
   *[other] { $n } trials are over, and nobody said what they showed.
}
challenges-want-learning = A trial showed something. Say what you learnt and end it, or try the next.
challenges-how = What this means
challenges-how-text = What is missing is told from what is written here: what each party sees, causes that at least two parties see, an option for each of the lowest causes, a trial, and what it showed. No step is forced. It says nothing about how hard the problem is, or who is to blame.
challenges-evidence = What each party sees
challenges-evidence-what = Facts with their source: a count, a complaint, a case. Keep why it happens for the causes.
challenges-silent = Has not said yet.
challenges-evidence-new = What { $party } sees
challenges-source = Where it comes from
challenges-source-from = From { $source }
challenges-causes = Why it happens
challenges-no-causes = No cause is written down.
challenges-causes-what = Ask why of each cause until you reach one that you can act on; a fifth why is the last.
challenges-cause-new = Why, as { $party } sees it
challenges-under = Why does this happen
challenges-under-none = The problem itself
challenges-options = What could be done
challenges-no-options = No option is written down.
challenges-option-new = What { $party } could imagine
challenges-answers = Which cause it answers
challenges-answers-none = None in particular
challenges-answers-to = Answers: { $cause }
challenges-point-missing = Say it in a line.
challenges-point-add = Add it
challenges-point-out = Take it back
challenges-too-deep = Causes go five deep. Act on this one, or begin another one below the problem itself.
challenges-full = This challenge holds no more of these.
challenges-seen-by = { $parties } sees it too
challenges-seen-by-many = Seen too by { $parties }
challenges-doubted = { $party } doubts it
challenges-agree = We see it too
challenges-doubt = We doubt it
challenges-doubt-why = Why you doubt it
challenges-doubt-send = Say so
challenges-doubt-missing = Say why your party doubts it.
challenges-trials = What is tried
challenges-no-trials = Nothing is tried yet.
challenges-trials-what = Something small with an end, and a sign by which you will know.
challenges-trial-new = Try something
challenges-trial = What is tried
challenges-trial-missing = Say what is tried.
challenges-tried = Option that is tried
challenges-tried-none = None of them
challenges-sign = By what you will know
challenges-sign-is = You will know by: { $sign }
challenges-runs = Who runs it
challenges-runs-all = All together
challenges-run-by = Run by { $party }
challenges-run-together = Run together
challenges-trial-add = Begin the trial
challenges-trial-out = Take it out
challenges-trial-end = Say what it showed
challenges-trial-again = It goes on
challenges-ends-first = It must end after it begins.
challenges-result = What it showed
challenges-seen = What was seen
challenges-seen-missing = Say what was seen.
challenges-result-save = Save
challenges-result-choose = Choose what it showed.
challenges-trial-runs = Runs
challenges-trial-over = Over: what did it show?
challenges-worked = It worked
challenges-partly = It worked in part
challenges-failed = It did not work
challenges-feed = What comes of it
challenges-feed-what = A decision takes the options along, so that you choose together; an initiative plans the work.
challenges-feed-decision = Take the options into a decision
challenges-feed-initiative = Begin an initiative
challenges-fed-decision = Decision
challenges-fed-initiative = Initiative
challenges-why-of = From the challenge “{ $title }”.
challenges-question-of = What do we do about this: { $title }
challenges-option-note = Said by { $party }
challenges-fed-already = Something came of it already. Here is how it stands.
challenges-end = End it
challenges-learnt = What was learnt
challenges-learnt-missing = Say what was learnt before it ends.
challenges-end-solved = It is solved
challenges-end-accepted = We live with it
challenges-end-stopped = We stop here
challenges-go-on = It ended
challenges-go-on-do = Work on it again
challenges-take-back = Take it back
challenges-late-change = Someone changed this challenge meanwhile. Look at it, then save again.
challenges-stands = Others spoke in it, something was tried, or something came of it. End it instead.
challenges-done-added = Written down.
challenges-done-changed = Saved.
challenges-done-ended = Ended.
challenges-done-again = It is worked on again.
challenges-done-removed = Taken back.
challenges-done-point = Added.
challenges-done-out = Taken out.
challenges-done-answered = Noted as the word of your party.
challenges-done-trial = The trial is written down.
challenges-done-shown = Saved.
challenges-trial-stands = What a trial showed stands.
challenges-date-ends = Last day of the trial: { $trial }
