imports-who-is-who = Who is who
imports-directory = Directory
imports-pairs = Pairs
imports-to-decide = To decide
imports-decided = Decided
imports-for-one-person = For one person
imports-for-two-people = For two people
imports-how-you-know = How you know (optional)
imports-one-person = One person
imports-two-people = Two people
imports-nothing-waits-for = Nothing waits for a look
imports-new-pairs-appear = New pairs appear here when an import brings people who look alike.
imports-take-back = Take back
imports-nothing-is-decided = Nothing is decided yet
imports-what-you-say = What you say about a pair stays through every import, and can be taken back here.
imports-next-20 = Next 20
imports-sources = Sources
imports-the-files-this = The files this network is made of. Each import can be taken back, and leaves exactly what the others alone leave.
imports-bring-files = Bring files
imports-files = Files
imports-the-whole-path = The whole path of a folder or file that whoever runs the server opened for imports
imports-nothing-is-imported = Nothing is imported before you have seen what is in them. Only headers are read, never what a message says.
imports-imports = Imports
imports-nothing-is-imported-yet = Nothing is imported yet
imports-bring-a-mailbox = Bring a mailbox, a calendar or a staff list.
imports-imports-scrolls-sideways = Imports; scrolls sideways on small screens
imports-imports-the-newest = Imports, the newest first
imports-what = What
imports-when = When
imports-read = Read
imports-new = New
imports-known = Known
imports-left-out = Left out
imports-not-readable = Not readable
imports-next-50 = Next 50
imports-read-new-known = Read = new + known already + left out of ties + not readable.
imports-at-work = At work
imports-look-and-decide = Look and decide
imports-looked-at-nothing = Looked at; nothing is imported yet. Uploaded files are deleted after a day.
imports-import = Import
imports-what-became-of = What became of it
imports-files-scrolls-sideways = Files; scrolls sideways on small screens
imports-files-in-the = Files in the order of reading
imports-file = File
imports-kind = Kind
imports-size = Size
imports-records = Records
imports-repaired = Repaired
imports-issues = Issues
imports-everything-could-be = Everything could be read.
imports-there-are-no = There are no more.
imports-issues-scrolls-sideways = Issues; scrolls sideways on small screens
imports-what-could-not = What could not be read, or only after a repair
imports-where = Where
imports-why = Why
imports-kept-after-a = Kept after a repair
imports-next-100 = Next 100
imports-look-at-files = Look at files
imports-job = Job
imports-these-files-are = These files are here already
imports-what-an-import = What an import would do
imports-linked = Linked
imports-examples = Examples
imports-recognised-with-addresses = Recognised, with addresses that are new
imports-needs-review = Needs review
imports-nothing-is-in = Nothing is in doubt.
imports-side-by-side = Side by side
imports-addresses-that-are = Addresses that are nobody’s own
imports-do-not-import = Do not import
imports-an-import-can = An import can be taken back at any time.
imports-who-may-be = Who may be one person
imports-against = Against:
imports-how-columns-are = How columns are understood
imports-column = Column
imports-means = Means
imports-how-sure = How sure
imports-not-read = Not read
imports-sure = Sure
imports-check = Check
imports-skip = Skip
imports-keep-these-matches = Keep these matches as (optional)
imports-look-again-with = Look again with these
imports-or-matches-that = Or matches that were kept
imports-use-them = Use them
imports-what-the-files = What the files are
imports-files-and-their = Files and their kinds
imports-what-came-in = What came in
imports-see-what-changed = See what changed
imports-files-and-issues = Files and issues
imports-the-network-is = The network is being worked out; Today shows it in a moment.
imports-what-was-looked = What was looked at is not kept any more. Bring the files again to import them.
imports-nothing-of-it = Nothing of it is in the workspace.
imports-it-is-done = It is done.
imports-go-to-sources = Go to sources
imports-how-far-it = How far it is
imports-working = Working
imports-network = Network
imports-working-this-out = Working this out
imports-reading-the-history = Reading the history
imports-the-ties-are = The ties are added up again and the groups compared anew, beside the pages you may go on to use. This page opens by itself when it is done; it is then kept for a while.
imports-look-again = Look again
imports-back-to-the = Back to the network as it is
imports-pause = Pause
imports-go-on = Go on
imports-stop-and-take = Stop and take back
imports-first-thing-we = First thing we noticed:
imports-would-come-in = { $n } of { $read } records would come in
imports-nothing-yet = { $title }. Nothing is imported yet.
imports-known-as-html = They are <a href="/imports/{ $import }">import { $import }</a>. Importing them again changes nothing.
imports-come-in = { $n } come in, { $known } are known already and count once.
imports-n-pairs-html = { $n ->
    [one] <b class="num">{ $n }</b> pair
   *[other] <b class="num">{ $n }</b> pairs
}
imports-dropped = { $n } make no ties, { $issues } not readable.
imports-no-ties-why = No ties: { $reasons }.
imports-n-for = { $n } { $why }
imports-first-pairs = { $n }; the first { $shown }
imports-pairs-wait-html = They look alike, but not enough to join them without you. After the import they wait under <a href="/identities">Who is who</a>.
imports-likely-percent = { $n } % likely one person.
imports-n-to-check = { $n } to check
imports-columns-of = Columns of { $file }; scrolls sideways on small screens
imports-sheet-of = { $file }, sheet { $sheet }
imports-column-means = What { $column } means
imports-file-not-read = Not read: { $why }
imports-more-files = { $n ->
    [one] { $n } more file is not listed.
   *[other] { $n } more files are not listed.
}
imports-about = Imported on { $when }, { $size }. Import { $id }, by version { $version }.
imports-issues-csv = All as CSV
imports-sum = { $read } read = { $new } new + { $known } known already + { $left_out } left out of ties + { $issues } not readable.
imports-sum-repaired = { $n ->
    [one] { $n } was kept after a repair.
   *[other] { $n } were kept after a repair.
}
imports-left-out-why = Left out: { $reasons }.
imports-file-kinds = Mail (mbox, eml, Maildir archives), calendars, contacts, staff lists, spreadsheets, network files; also inside zip, tar and compressed files. Up to { $most } at a time.
imports-folder = Or a folder of the server
imports-look = Look at the files
imports-take-back-of = Take back { $import }
imports-preliminary = { $n ->
    [one] Preliminary, from the first record.
   *[other] Preliminary, from the first { $n } records.
}
imports-others-first = { $n ->
    [one] { $n } other comes first
   *[other] { $n } others come first
}
imports-pairs-open = { $n ->
    [one] { $n } pair to decide. They look alike, but not enough to join them without you.
   *[other] { $n } pairs to decide. They look alike, but not enough to join them without you.
}
imports-likely = { $chance } likely one person
imports-how-about = How you know, about { $a } and { $b } (optional)
imports-decided-on = Decided on { $when }.
imports-take-back-decision = Take back the decision on { $a } and { $b }
imports-to-decide-pairs = { $pairs } to decide
imports-people-new = { $n ->
    [one] { $n } person
   *[other] { $n } people
} new
imports-people-known = { $n ->
    [one] { $n } person
   *[other] { $n } people
} recognised
imports-people-new-known = { $new ->
    [one] { $new } person
   *[other] { $new } people
} new, { $known } recognised
imports-doubt-pairs = { $n ->
    [one] { $n } pair that look alike
   *[other] { $n } pairs that look alike
}
imports-doubt-columns = { $n ->
    [one] { $n } column to check
   *[other] { $n } columns to check
}
imports-doubt-repaired = { $n } kept after a repair
imports-n-pairs = { $n ->
    [one] { $n } pair
   *[other] { $n } pairs
}
job-state-queued = Waiting
job-state-running = Running
job-state-paused = Paused
job-state-stopping = Stopping
job-state-done = Done
job-state-failed = Did not work
job-state-stopped = Stopped
job-stage-queued = Waits for its turn
job-stage-paused = Nothing of it counts yet. Other work goes first; then, and after ten minutes, it begins anew
job-stage-stopping = Taking back what was read
job-asked = asked for { $ago }
job-counts = { $records ->
    [one] { $records } record
   *[other] { $records } records
}, { $done } of { $all }
job-look-at = Look at { $files }
job-import = Import { $files }
job-take-back = Take back { $label }
job-files-more = { $names } and { $n } more
job-erase = Forget a person
job-import-gone = Import
job-take-back-gone = Take an import back
job-refresh = Bring the network up to date
job-mail-sign-in = Mail a link to sign in
job-mail-invitation = Mail an invitation
job-mail-own-data = Mail a link to own data
job-mail-vote = Mail a reminder to vote
job-mail-guest = Mail a link to a partnership
job-uploaded-files = uploaded files
imports-field-name = Full name
imports-field-given = Given name
imports-field-family = Family name
imports-field-email = E-mail address
imports-field-phone = Phone
imports-field-reference = Number or login
imports-field-organisation = Organisation
imports-field-unit = Department
imports-field-title = Job title
imports-field-grade = Grade
imports-field-location = Place of work
imports-field-manager = Manager
imports-field-from = In the post since
imports-field-to = In the post until
imports-address-gone = an address that is in no import any more
imports-no-traffic = no mail or meeting yet
imports-traffic = { $sent } sent, { $received } received
imports-traffic-last = { $sent } sent, { $received } received, last on { $last }
