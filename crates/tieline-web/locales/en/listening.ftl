# What was said in a partnership, what was done, what was not and why.

listening-title = Listening
listening-list = What was said
listening-which = Which of what was said
listening-all = All
listening-none = Nothing is written down yet
listening-none-next = Write down what people say: a complaint, a wish, an idea. Everyone in the room sees it until it is answered with what was done, or why not.
listening-none-so = Nothing stands here.
listening-waits = Waits for an answer
listening-doing = Being done
listening-was-done = Done
listening-declined = Not done
listening-said = Written down { $when }
listening-said-for = Written down for { $party }, { $when }
listening-said-by = { $voice }, written down { $when }
listening-said-by-for = { $voice }, written down for { $party }, { $when }
listening-answered = Answered { $when }
listening-answered-for = Answered for { $party }, { $when }
listening-say-what = Say what came of it
listening-change = Change the answer
listening-came-of-it = What came of it
listening-answer = Answer
listening-answer-how = What is being done, what was done, or why nothing will be. An answer can be changed, but not taken away.
listening-answer-save = Save the answer
listening-answer-missing = Say what is being done, what was done, or why nothing will be.
listening-new = Write down what was said
listening-text = What was said
listening-text-missing = Write down what was said.
listening-voice = Who said it, if it may be told
listening-voice-how = "Tenants of Elm Street", or nothing. Your party stands with it; your own name does not.
listening-save = Write it down
listening-how = How we answer
listening-median = { $n ->
    [0] Half of the answers came within a day.
    [one] Half of the answers came within 1 day.
   *[other] Half of the answers came within { $n } days.
}
listening-oldest = { $n ->
    [0] The longest wait so far is less than a day.
    [one] The longest wait so far is 1 day.
   *[other] The longest wait so far is { $n } days.
}
listening-what-is = What these numbers mean
listening-what = Counted is what stands in this record. The days to an answer run from when something was written down to its first answer; half took less. They tell how soon people learn what came of what they said, not whether the answer was good.
listening-done = Written down.
listening-done-removed = Taken back.
listening-done-answered = Answered.
