# Letters.

mail-sign-in-subject = Your link to { $workspace }
mail-sign-in =
    This link signs you in to { $workspace }. It works once, within the hour:

    { $link }

    If you did not ask for it, you need not do anything: nobody else has it.
mail-invitation-subject = You are invited to { $workspace }
mail-invitation =
    There is an account for you in { $workspace }. This link signs you in; it works once, for seven days:

    { $link }

    Your name for signing in later is "{ $name }". You can set a password in the settings, or have a link sent each time.
mail-guest-subject = Your link to { $room }
mail-guest =
    { $who } asks you to take part in the partnership "{ $room }". You need no account: this link opens that partnership alone, for 30 days.

    { $link }

    It works once, in the browser in which you open it first. It is for you: whoever opens it first takes part in your name, so do not forward it. If you did not expect it, leave it.
mail-own-data-subject = What { $workspace } holds on you
mail-own-data =
    { $workspace } keeps who works with whom, made of mail headers, calendars and directories; what was written is never kept. On this page you see what is held on you, who sees it, and can correct it, limit it, take a copy or have it erased. It works for 30 days, for whoever has the link:

    { $link }
mail-vote-subject = Your vote is asked for
mail-vote =
    You have a vote that was not cast yet: { $question }

    { $link }
mail-vote-until =
    You have a vote that was not cast yet: { $question }

    { $link }

    Ballots are taken until { $at }.
