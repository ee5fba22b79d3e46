# What a partnership talks about, and who is heard.

talk-title = Talk
talk-parts = Parts of the talk
talk-topics = Topics
talk-voices = Who is heard
talk-search = Search what was said
talk-search-do = Search
talk-open = Open
talk-closed = Closed
talk-which = Open or closed topics
talk-none = Nothing is talked about yet
talk-none-next = Open a topic: one question or matter each, so that everyone finds it again.
talk-none-closed = No topic is closed. Close one when it is settled; it can be opened again.
talk-found = Posts with these words, the newest first
talk-none-found = No post has these words.
talk-all = All topics
talk-more = Show more
talk-posts-last = { $n ->
    [one] 1 post
   *[other] { $n } posts
}, the last { $at }.
talk-new-n = { $n } new
talk-mentions-you = Mentions you
talk-new = Open a topic
talk-topic-title = What it is about
talk-text = What you say
talk-how-mention = An @ and a name mentions someone in the room: @Ada Ek. They find it on their Today until they have read it. Everyone in the room reads what you write.
talk-save = Open the topic
talk-title-missing = Say what it is about.
talk-text-missing = Say something.
talk-is-closed = This topic is closed. Open it again to answer.
talk-said = { $who }, { $when }
talk-said-for = { $who } for { $party }, { $when }
talk-opened = Opened by { $who }, { $when }.
talk-closed-on = Closed { $when }
talk-summary = Summary
talk-summed-by = Summed up by { $who }, { $when }.
talk-since = { $n ->
    [0] No post since.
    [one] 1 post since.
   *[other] { $n } posts since.
}
talk-no-summary = Nobody has summed this up yet. Anyone may.
talk-sum-up = Sum up
talk-sum-up-again = Change the summary
talk-sum-what = What was said so far, fairly to each side. It stands on top for everyone.
talk-sum-save = Save the summary
talk-posts = What was said
talk-no-posts = Nothing stands here.
talk-earlier = Earlier posts
talk-later = Later posts
talk-new-one = New
talk-answers-n = In answer to post { $n }
talk-number = Post { $n }
talk-mentions = Mentions { $names }
talk-answer = Answer
talk-answer-title = Say something
talk-not-answering = Say it to everyone instead
talk-say = Post
talk-take-back = Take back
talk-read = Mark as read up to here
talk-read-what = How far you have read is shown to nobody else.
talk-close = Close the topic
talk-close-what = Close it when it is settled. Nobody can post to a closed topic; anyone can open it again.
talk-reopen = Open it again
talk-invitation = We would like to hear you: { $names }.
talk-someone = Someone
talk-heard = How even the talk is
talk-evenness = Evenness
talk-gini = Gini coefficient
talk-heard-what = Shares are of the words in all posts that stand; invitations do not count. Evenness is 100% when everyone says as much, and 0% when one says all; the Gini coefficient is 0 when everyone says as much. A group is hardly heard when it has less than half of an even share.
talk-few-people = Shares are told in rooms of { $n } people or more, so that they point at nobody.
talk-nothing-said = Nothing was said yet.
talk-own = Your own
talk-own-share = You wrote { $n ->
    [one] 1 post
   *[other] { $n } posts
}, { $share } of all words. Only you are shown this line.
talk-own-none = Nothing was said yet.
talk-by-party = By party
talk-by-duty = By what people do for their party
talk-party = Party
talk-duty = Duty
talk-people = People
talk-share = Share
talk-hardly = Hardly heard
talk-too-few = Too few people to tell
talk-unheard = Voices not yet heard
talk-unheard-what = They have said less than half of what an even share would be. One press asks them in a topic: "We would like to hear you". It is an offer; nobody has to answer.
talk-unheard-none = Everyone is heard.
talk-unheard-more = And { $n } more.
talk-unheard-no-topic = Open a topic first: an invitation is written in one.
talk-in-topic = In which topic
talk-invite = Invite
talk-is-invited = Invited
talk-today-mentioned = { $who } mentions you: { $topic }
talk-today-mentioned-why = A post in a partnership of yours mentions you, and you have not marked it as read.
talk-today-mentioned-do = Read
talk-today-invited = You are asked to speak: { $topic }
talk-today-invited-why = People of a partnership of yours would like to hear you in this topic.
talk-today-invited-do = Read
talk-today-text = In { $room }, { $at }.
talk-done-topic = Topic opened.
talk-done-topic-removed = Topic taken back.
talk-done-closed = Topic closed.
talk-done-reopened = Topic opened again.
talk-done-summed = Summary saved.
talk-done-read = Read.
talk-done-posted = Posted.
talk-done-unposted = Post taken back.
talk-done-invited = Invited.
