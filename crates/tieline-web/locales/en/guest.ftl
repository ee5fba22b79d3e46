# Outside partners who take part by link.

guest-role = Takes part by link
guest-link = Link
guest-link-for = Take part by link: { $name }
guest-link-what = Someone without an account takes part by a link of their seat. It works once, for the browser that opens it first, and opens this partnership alone for 30 days: they read what their party may read, comment and answer. Everything they do carries their name with the words "by link".
guest-link-forwarded = A link is bound to { $name }, but whoever opens it first takes part in that name. If it is forwarded before it is opened, that is someone else; once it is open, forwarding it opens nothing. If you are not sure who came, end it: whoever came by it is out at once.
guest-link-signs-in = { $name } has an account and signs in; a link would let someone else speak in that name.
guest-holds-none = There is no link now.
guest-holds-waits = A link waits to be opened, until { $until }.
guest-holds-came =
    { $n ->
        [one] Comes by link in one browser, until { $until }.
       *[other] Comes by link in { $n } browsers, until { $until }.
    }
guest-holds-both =
    { $n ->
        [one] Comes by link in one browser, and another link waits to be opened, until { $until }.
       *[other] Comes by link in { $n } browsers, and another link waits to be opened, until { $until }.
    }
guest-now = Now
guest-hand-over = Make a link to hand over
guest-mail = Mail a link
guest-again = A new link ends the one that was not opened yet. Browsers that are in stay in.
guest-renew = Renew for 30 days
guest-end = End it
guest-made-give = Give this link to { $name } by a way that only they read. It is shown this once, and works until { $until }.
guest-link-behind = Link, behind the address of this server
guest-link-back = Back to the people
guest-enter = Take part
guest-enter-what = This link is for { $name }. It works once, in this browser, opens this partnership alone, and ends on { $until }. You need no account.
guest-enter-forwarded = If you are not { $name }, close this page: what you do here would be in that name. If you forward the link before you open it, whoever opens it takes part in your name.
guest-enter-zone = Your time zone
guest-enter-zone-what = Dates and times are shown as they are where you are.
guest-used = This link does not work any more
guest-used-next = It works once, and was used, ended or replaced. Ask whoever gave it to you for a new one.
guest-left = You are out
guest-left-next = This browser does not open the partnership any more. To come back, ask whoever gave you the link for a new one.
guest-zone-is = Times are those of { $zone }.
guest-done-ended = The link is ended, and whoever came by it is out.
guest-done-renewed = It works 30 days from now.
guest-done-mailed = The link is on its way by mail.
