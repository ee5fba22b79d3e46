# Stakeholders of a partnership or an organisation.

stakeholders-title = Stakeholders
stakeholders-registers-lede = One register for each organisation that you work in and each partnership that you are in.
stakeholders-no-registers = You work in no organisation that the directory knows, and are in no partnership. Say who you are under Settings.
stakeholders-question = Who can make or break this?
stakeholders-lede = You placed { $placed } of { $n }.
stakeholders-lede-keys = Drag to place, or move with the arrow keys and press Enter.
stakeholders-grid = Power and interest grid, with your own placements
stakeholders-axis-power = Power to affect the outcome →
stakeholders-axis-interest = Interest in the outcome →
stakeholders-keep-satisfied = Keep satisfied
stakeholders-keep-satisfied-is = Powerful, not yet involved
stakeholders-work-closely = Work closely
stakeholders-work-closely-is = Decide together
stakeholders-keep-an-eye = Keep an eye on
stakeholders-keep-an-eye-is = Light touch
stakeholders-keep-informed = Keep informed
stakeholders-keep-informed-is = Close to it, little formal power
stakeholders-not-placed = Not placed by you yet
stakeholders-token = { $name }: power { $power }, interest { $interest }, { $stance }
stakeholders-legend-size = Size: how many of power, a fair claim and urgency are known
stakeholders-legend-for = for it
stakeholders-legend-neutral = neutral or unaware
stakeholders-legend-against = against it
stakeholders-source = Power and interest after Mendelow 1981; salience after Mitchell, Agle and Wood 1997
stakeholders-act = { $n ->
    [one] One to act on.
   *[other] { $n } to act on.
}
stakeholders-act-line = { $name }: { $now } now, wanted { $wanted }.
stakeholders-act-order = Ordered by the gap in engagement, with power at six tenths and interest at four, as you placed them.
stakeholders-none = Nobody is in this register yet
stakeholders-none-next = Begin with whoever could stop this, and whoever is touched by it.
stakeholders-table = All stakeholders
stakeholders-table-scrolls = Table of stakeholders; scrolls sideways on small screens
stakeholders-stakeholder = Stakeholder
stakeholders-power = Power
stakeholders-interest = Interest
stakeholders-do = What to do
stakeholders-salience = Salience
stakeholders-stance = Stance
stakeholders-placed-by = Placed by
stakeholders-differ = People disagree
stakeholders-more = More stakeholders
stakeholders-add = Add a stakeholder
stakeholders-rule = Whoever is in this register reads it. A person can read what is said of them on their own data page; where people placed them only as the middle of five or more, and never by whom.
stakeholders-mail = E-mail address of a person in the directory
stakeholders-mail-unknown = Nobody in the directory has this address. Write a name instead.
stakeholders-unit = Organisation or department in the directory
stakeholders-no-unit = Not in the directory
stakeholders-name = Or a name
stakeholders-name-missing = Write an address, pick an organisation, or write a name.
stakeholders-taken = This stakeholder is in the register already.
stakeholders-about = What they have to do with it
stakeholders-wants = They want
stakeholders-this-is-you = This is you. Nobody places themself; where others place you is on your own data page once five did.
stakeholders-why = Why
stakeholders-place = Place
stakeholders-place-again = Place anew
stakeholders-share = Write a whole number from 0 to 100.
stakeholders-not-oneself = Nobody places themself.
stakeholders-suggested = The network suggests power { $value }: bridging { $bridging } + reach { $reach }, among { $n } people of this register. That is evidence of access, not of authority.
stakeholders-as-suggested = As the network suggests
stakeholders-take-it = Use it
stakeholders-facts = What is known of them
stakeholders-can-impose = Can impose its will (power)
stakeholders-fair-claim = Has a fair claim (legitimacy)
stakeholders-cannot-wait = Cannot wait (urgency)
stakeholders-yes = Yes
stakeholders-no = No
stakeholders-not-known = Not known
stakeholders-not-said = Not said
stakeholders-side = Inside or outside
stakeholders-side-computed = As the directory says
stakeholders-internal = Internal
stakeholders-external = External
stakeholders-both = Internal and external
stakeholders-save = Save
stakeholders-remove = Take out of the register
stakeholders-plan = Engagement plan
stakeholders-now = Stance now
stakeholders-wanted = Wanted
stakeholders-wanted-by = Wanted by the day
stakeholders-by = by { $day }
stakeholders-gap = { $n ->
    [one] One level to go.
   *[other] { $n } levels to go.
}
stakeholders-gap-none = They are where they are wanted.
stakeholders-gap-over = More engaged than wanted: worth a check.
stakeholders-reassess = Look again on
stakeholders-due = Due
stakeholders-evidence = What it rests on
stakeholders-say-stance = Say how they stand
stakeholders-now-missing = Say how they stand now.
stakeholders-unaware = Unaware
stakeholders-resistant = Resistant
stakeholders-neutral = Neutral
stakeholders-supportive = Supportive
stakeholders-leading = Leading
stakeholders-next = Next
stakeholders-no-steps = No step yet.
stakeholders-step = A step
stakeholders-step-missing = Say what to do.
stakeholders-due-day = By the day
stakeholders-add-step = Add step
stakeholders-done = Done
stakeholders-reopen = Open again
stakeholders-step-remove = Take back
stakeholders-where-differ = Where people disagree
stakeholders-spread-hidden = { $n ->
    [0] Nobody placed them yet.
    [one] One person placed them. You see where once you have placed them yourself.
   *[other] { $n } people placed them. You see where once you have placed them yourself.
}
stakeholders-spread = { $n ->
    [one] You alone placed them: power { $power }, interest { $interest }, from { $power_low } to { $power_high } and { $interest_low } to { $interest_high }.
   *[other] { $n } people placed them: power { $power_low } to { $power_high }, half of them below { $power }; interest { $interest_low } to { $interest_high }, half below { $interest }.
}
stakeholders-differ-on = They disagree on what to do: { $quadrants }. Talk it through.
stakeholders-alone = Each places alone. Others read your placement and why without your name, once they have given theirs; where only two did, each can tell whose the other is.
stakeholders-sway = Who sways whom
stakeholders-no-sway = Nothing said yet.
stakeholders-sways-strong = Is followed by
stakeholders-sways-some = Is listened to by
stakeholders-swayed-strong = Follows
stakeholders-swayed-some = Listens to
stakeholders-sways-whom = They sway
stakeholders-how-much = How much
stakeholders-some = Are listened to
stakeholders-strong = Are followed
stakeholders-how-it-shows = How it shows
stakeholders-sway-missing = Choose another stakeholder, and how much.
stakeholders-movement = How it moved
stakeholders-moved = { $day }: someone moved them from power { $power_from } to { $power }, interest { $interest_from } to { $interest }. { $why }
stakeholders-placed-then = { $day }: someone placed them at power { $power }, interest { $interest }. { $why }
stakeholders-stood = { $day }: { $now }, says { $who }. { $why }
stakeholders-class-none = No stake
stakeholders-class-dormant = Dormant
stakeholders-class-discretionary = Discretionary
stakeholders-class-demanding = Demanding
stakeholders-class-dominant = Dominant
stakeholders-class-dangerous = Dangerous (may use force, without a fair claim)
stakeholders-class-dependent = Dependent
stakeholders-class-definitive = Definitive
stakeholders-done-added = Stakeholder added.
stakeholders-done-removed = Stakeholder taken out of the register.
stakeholders-done-placed = Placed.
stakeholders-done-step = Step added.
stakeholders-done-step-removed = Step taken back.
stakeholders-held = Stakeholder registers
stakeholders-held-in = In the register of { $register }.
stakeholders-held-stance = Stance: { $now }.
stakeholders-held-wanted = Stance: { $now }, wanted { $wanted }.
stakeholders-held-placed = { $n } people placed you; the middle is power { $power }, interest { $interest }.
stakeholders-held-few = { $n ->
    [0] Nobody placed you.
    [one] One person placed you. Where is shown from five on.
   *[other] { $n } people placed you. Where is shown from five on.
}
