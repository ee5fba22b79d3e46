//! The room of a partnership: begun, filled with parties and people, what one side reads of another,
//! its stages, and what becomes of two changes at once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::harm::{check, payloads};
use support::steps::{assert_status, done, field, text, undo_of, undone_id};
use support::world::{COLLEAGUE, MEMBER, TWO_OTHERS, mail_of, unit_of};
use support::{Browser, Kit, TestApp, percent_bytes};
use tieline_model::access::Role;
use tieline_model::job::{Job, Letter};

const SECRET: &str = "two nurses and a quiet fear of audits";
const THEIRS: &str = "a crew of six, from the rainy-day fund";

/// A room with two parties: one person leads Nursing, [`MEMBER`] leads Beacon Homes.
struct Table {
    app: TestApp,
    owner: Browser,
    lead: Browser,
    other: Browser,
    base: String,
    ours: String,
    theirs: String,
}

impl Table {
    async fn laid() -> Self {
        Self::in_(TestApp::new().await).await
    }

    async fn in_(app: TestApp) -> Self {
        let owner = app.as_(Role::Owner).await;
        let fields = [("name", "Warm homes"), ("about", "Nobody is cold at home.")];
        let made = owner.post("/partnerships/new", &fields).await;
        assert_status(&made, 303);
        let base = made.location().split("/people").next().unwrap().to_owned();
        let unit = unit_of("Nursing").to_string();
        let page = done(&owner, &format!("{base}/parties"), &[("unit", &unit)]).await;
        assert!(page.contains("Party added.") && page.contains("Nursing"));
        let ours = undone_id(&page);
        let page = done(&owner, &format!("{base}/parties"), &[("name", "Beacon Homes")]).await;
        let theirs = undone_id(&page);
        for (party, name) in [(&ours, TWO_OTHERS.0), (&theirs, MEMBER)] {
            let mail = mail_of(name);
            let fields = [("party", &**party), ("who", name), ("mail", &mail), ("duty", "lead")];
            let page = done(&owner, &format!("{base}/people"), &fields).await;
            assert!(page.contains("Person added.") && page.contains(name));
        }
        let lead = app.as_person(TWO_OTHERS.0).await;
        let other = app.as_(Role::Member).await;
        Self { app, owner, lead, other, base, ours, theirs }
    }

    fn at(&self, rest: &str) -> String {
        format!("{}{rest}", self.base)
    }

    fn side(&self, party: &str) -> String {
        self.at(&format!("/parties/{party}/side"))
    }
}

#[tokio::test]
async fn a_partnership_is_begun_taken_back_and_restored() {
    let app = TestApp::new().await;
    let steward = app.as_(Role::Steward).await;
    assert!(text(&steward, "/partnerships").await.contains("You are in no partnership yet"));
    let blank = steward.post("/partnerships/new", &[("name", " "), ("last", "soon")]).await;
    assert_status(&blank, 422);
    assert!(blank.text.contains("There is a problem") && blank.text.contains("value=\"soon\""));
    let order = [("name", "x"), ("begins", "2026-01-02"), ("last", "2026-01-01")];
    assert_status(&steward.post("/partnerships/new", &order).await, 422);
    let fields = [("name", "Warm homes"), ("begins", "2026-01-02"), ("last", "2099-01-01")];
    let page = done(&steward, "/partnerships/new", &fields).await;
    let removal = undo_of(&page);
    let list = text(&steward, "/partnerships").await;
    assert!(list.contains("Warm homes") && list.contains("Ends 1 January 2099"), "{list}");
    assert_status(&app.as_(Role::Owner).await.post(&removal, &[]).await, 404);
    let page = done(&steward, &removal, &[]).await;
    assert!(page.contains("Partnership taken back.") && !page.contains("Warm homes"));
    let page = done(&steward, &undo_of(&page), &[]).await;
    assert!(page.contains("<h1 translate=\"no\">Warm homes</h1>"));
}

#[tokio::test]
async fn a_room_is_there_for_its_people_alone_and_in_their_list() {
    let table = Table::laid().await;
    for inside in [&table.owner, &table.lead, &table.other] {
        assert!(text(inside, "/partnerships").await.contains(&table.base));
        let page = text(inside, &table.base).await;
        assert!(page.contains("Nobody is cold at home.") && page.contains("2 parties, 2 people"));
    }
    let outside = [
        table.app.as_person(COLLEAGUE).await,
        table.app.as_(Role::Steward).await,
        table.app.as_(Role::Guest).await,
    ];
    for outside in &outside {
        let list = text(outside, "/partnerships").await;
        assert!(!list.contains("Warm homes"));
        for rest in ["", "/people", "/stage", "/edit"] {
            assert_status(&outside.get(&table.at(rest)).await, 404);
        }
    }
    let page = text(&table.owner, &table.at("/people")).await;
    let own = format!("{}/people/", table.base);
    let action = page.split("action=\"").find(|part| part.starts_with(&own)).unwrap();
    let seat = action.split('"').next().unwrap().rsplit_once('/').unwrap().0.to_owned();
    let page = done(&table.owner, &format!("{seat}/removal"), &[]).await;
    assert!(page.contains("Person removed."));
    done(&table.owner, &undo_of(&page), &[]).await;
}

#[tokio::test]
async fn what_one_side_wrote_is_never_sent_to_the_other_before_each_has_written() {
    let table = Table::laid().await;
    let fields = [("benefits", "fewer admissions"), ("costs", SECRET), ("version", "0")];
    let page = done(&table.lead, &table.side(&table.ours), &fields).await;
    assert!(page.contains(SECRET) && page.contains("Read by your party alone"));
    let ours = table.side(&table.ours);
    for browser in [&table.other, &table.owner] {
        assert_status(&browser.get(&ours).await, 404);
        assert_status(&browser.post(&ours, &fields).await, 404);
        for rest in ["", "/people", "/stage"] {
            let page = text(browser, &table.at(rest)).await;
            assert!(!page.contains(SECRET) && !page.contains("admissions"), "{rest}");
        }
        assert!(text(browser, &table.base).await.contains("Not written yet: Beacon Homes."));
    }
    let id = table.base.trim_start_matches("/partnerships/");
    let (status, seen) = table.app.api(Role::Member, &format!("/partnerships/{id}")).await;
    assert_eq!((status, seen["sides"]["mutual"].as_bool()), (200, Some(false)));
    assert!(!seen.to_string().contains(SECRET));
    let (status, _) = table.app.api(Role::Steward, &format!("/partnerships/{id}")).await;
    assert_eq!(status, 404);

    let fields = [("benefits", "warm tenants"), ("costs", THEIRS), ("version", "0")];
    let page = done(&table.other, &table.side(&table.theirs), &fields).await;
    assert!(page.contains(SECRET) && page.contains(THEIRS));
    for browser in [&table.lead, &table.owner] {
        let page = text(browser, &table.base).await;
        assert!(page.contains(SECRET) && page.contains(THEIRS));
    }
}

#[tokio::test]
async fn two_changes_at_once_are_shown_side_by_side_and_nothing_is_lost() {
    let table = Table::laid().await;
    let edit = table.at("/edit");
    let page = text(&table.lead, &edit).await;
    let version = field(&page, "version").to_owned();
    let first = [("name", "Warm streets"), ("version", &*version)];
    done(&table.lead, &edit, &first).await;
    let late = table.owner.post(&edit, &[("name", "Warm towns"), ("version", &version)]).await;
    assert_status(&late, 409);
    for shown in ["Warm streets", "Warm towns", "Keep what is there now"] {
        assert!(late.text.contains(shown), "{shown}");
    }
    let again = [("name", "Warm towns"), ("version", field(&late.text, "version"))];
    assert!(done(&table.owner, &edit, &again).await.contains("Warm towns"));

    let side = table.side(&table.ours);
    let mine = |cost| [("benefits", "gain"), ("costs", cost), ("version", "0")];
    done(&table.lead, &side, &mine("one nurse")).await;
    let late = table.lead.post(&side, &mine("three nurses")).await;
    assert_status(&late, 409);
    assert!(late.text.contains("one nurse") && late.text.contains("three nurses"));
    let ask = table.at("/questions/not-alone");
    let answer = |note| [("answer", "yes"), ("note", note), ("version", "0")];
    done(&table.lead, &ask, &answer("heating")).await;
    let late = table.other.post(&ask, &answer("roofs")).await;
    assert_status(&late, 409);
    assert!(late.text.contains("heating") && late.text.contains("roofs"));
    let blank = table.lead.post(&side, &[("benefits", " "), ("costs", "x")]).await;
    assert_status(&blank, 422);
}

#[tokio::test]
async fn a_stage_names_what_is_missing_and_goes_on_when_it_is_there() {
    let table = Table::laid().await;
    let stage = table.at("/stage");
    let page = text(&table.lead, &stage).await;
    assert!(page.contains("What can none of us do alone?") && page.contains("Go to Forming"));
    let step = [("to", "forming"), ("version", field(&page, "version"))];
    let version = page.split("name=\"to\" value=\"forming\"").nth(1).unwrap();
    let step = [step[0], ("version", field(version, "version"))];
    let page = done(&table.lead, &stage, &step).await;
    assert!(
        page.contains("The partnership came to a new stage.") && page.contains("Who is missing?")
    );
    let missing = "Each party writes what it gains and what it costs.";
    assert!(page.contains(missing), "{page}");
    let version = page.split("name=\"to\" value=\"closed\"").nth(1).unwrap();
    let version = field(version, "version").to_owned();
    let early = table.lead.post(&stage, &[("to", "agreed"), ("version", &version)]).await;
    assert_status(&early, 422);
    assert!(early.text.contains(missing));
    let silent = table.lead.post(&stage, &[("to", "closed"), ("version", &version)]).await;
    assert_status(&silent, 422);
    assert!(silent.text.contains("Say why it ends."));
    let closed = [("to", "closed"), ("reason", "no money"), ("version", &*version)];
    assert!(done(&table.lead, &stage, &closed).await.contains("It is closed."));
    assert!(text(&table.other, &table.base).await.contains("no money"));
}

#[tokio::test]
async fn objectives_that_nobody_carries_are_told_until_a_partnership_serves_them() {
    let table = Table::laid().await;
    let unit = unit_of("Nursing").to_string();
    let path = "/partnerships/objectives";
    let member = &table.other;
    let fields = [("unit", &*unit), ("text", "Shorter stays")];
    assert_status(&member.post(path, &fields).await, 404);
    let page = done(&table.owner, path, &fields).await;
    assert!(page.contains("Shorter stays") && page.contains("Nobody carries it"));
    let aim = undo_of(&page).split('/').nth(3).unwrap().to_owned();
    let list = text(&table.owner, "/partnerships").await;
    assert!(list.contains("Objectives that nobody carries") && list.contains("Shorter stays"));
    let page = done(&table.lead, &table.at("/objectives"), &[("aim", &aim)]).await;
    assert!(page.contains("Objective added.") && page.contains("Shorter stays"));
    assert!(text(member, path).await.contains("Carried by"));
    let colleague = table.app.as_person(COLLEAGUE).await;
    let seen = text(&colleague, path).await;
    assert!(!seen.contains("Warm homes") && !seen.contains("Carried by"), "not their room");
    let page = done(&table.lead, &undo_of(&page), &[]).await;
    done(&table.lead, &undo_of(&page), &[]).await;
    let page = done(&table.owner, &format!("{path}/{aim}/removal"), &[]).await;
    assert!(!page.contains("Shorter stays"));
    assert!(done(&table.owner, &undo_of(&page), &[]).await.contains("Shorter stays"));
}

#[tokio::test]
async fn much_that_rests_on_one_partner_is_told_with_its_number() {
    let app = TestApp::new().await;
    let owner = app.as_(Role::Owner).await;
    for n in 0..3 {
        let name = format!("Partnership {n}");
        let made = owner.post("/partnerships/new", &[("name", &*name)]).await;
        let base = made.location().split("/people").next().unwrap().to_owned();
        done(&owner, &format!("{base}/parties"), &[("name", "Fenwick")]).await;
    }
    let list = text(&owner, "/partnerships").await;
    assert!(list.contains("Fenwick is in 3 of your 3 partnerships that go on."), "{list}");
}

#[tokio::test]
async fn someone_new_comes_into_the_directory_by_a_seat_and_one_person_sits_once() {
    let table = Table::laid().await;
    let fields = [("party", &*table.ours), ("who", "Nadia Bly"), ("mail", "nadia@fen.example")];
    let people = table.at("/people");
    let page = done(&table.lead, &people, &fields).await;
    assert!(page.contains("Nadia Bly"));
    assert!(text(&table.owner, "/people?q=nadia").await.contains("Nadia Bly"));
    let twice = table.lead.post(&people, &fields).await;
    assert_status(&twice, 422);
    assert!(twice.text.contains("This person sits in this partnership already."));
    let theirs = [("party", &*table.theirs), ("who", "Ann Oe"), ("mail", "ann@fen.example")];
    assert_status(&table.lead.post(&people, &theirs).await, 404);
    assert!(!text(&table.owner, "/people?q=ann+oe").await.contains("Ann Oe"));
    let party = [("name", "Beacon Homes")];
    let again = table.owner.post(&table.at("/parties"), &party).await;
    assert_status(&again, 422);
    assert!(again.text.contains("This party takes part already."));
}

#[tokio::test]
async fn what_happens_in_a_room_is_told_to_nobody_outside() {
    let table = Table::laid().await;
    let steward = table.app.as_(Role::Steward).await;
    let past = text(&steward, "/settings/history").await;
    assert!(!past.to_lowercase().contains("party added") && !past.contains("Seat given"), "{past}");
    let held = text(&table.other, "/me/data").await;
    assert!(held.contains("Warm homes") && held.contains("Beacon Homes"), "it is held on them");
}

#[tokio::test]
async fn a_charter_is_drafted_together_assented_to_and_asks_again_after_a_change() {
    let table = Table::laid().await;
    let charter = table.at("/agreement");
    assert!(text(&table.lead, &charter).await.contains("Nothing is drafted yet"));
    let draft = |vision, after| [("vision", vision), ("decisions", "by consent"), ("after", after)];
    done(&table.lead, &charter, &draft("Nobody is cold.", "0")).await;
    let late = table.other.post(&charter, &draft("No cold homes.", "0")).await;
    assert_status(&late, 409);
    assert!(late.text.contains("Nobody is cold.") && late.text.contains("No cold homes."));
    assert_eq!(field(&late.text, "after"), "1");
    assert_status(&table.other.post(&charter, &draft(" ", "1")).await, 303);
    let answers = table.at("/agreement/answers");
    let assent = |version| [("answer", "assents"), ("version", version)];
    let early = table.lead.post(&answers, &assent("1")).await;
    assert_status(&early, 422);
    assert!(early.text.contains("A newer version was saved meanwhile"));
    done(&table.other, &charter, &draft("Nobody is cold or damp.", "2")).await;
    assert_status(&table.owner.post(&answers, &assent("3")).await, 404);
    for browser in [&table.lead, &table.other] {
        done(browser, &answers, &assent("3")).await;
    }
    let page = text(&table.owner, &charter).await;
    assert!(page.contains("Every party assents: this version holds."), "{page}");
    assert!(text(&table.owner, &table.base).await.contains("agreed by all parties"));
    let page = done(&table.lead, &charter, &draft("Nobody is cold, damp or alone.", "3")).await;
    assert!(page.contains("Version 3 holds until") && page.contains("asked again"));
    assert!(page.contains("<ins>") && page.contains("<del>"));
    let old = text(&table.lead, &format!("{charter}?version=1")).await;
    assert!(old.contains("Version 1") && !old.contains("alone"));
    assert_status(&table.lead.get(&format!("{charter}?version=9")).await, 404);

    let comments = table.at("/agreement/comments");
    let said = [("version", "4"), ("section", "vision"), ("comment", "alone is new")];
    let page = done(&table.lead, &comments, &said).await;
    assert!(page.contains("alone is new") && page.contains("for Nursing"));
    let removal = undo_of(&page);
    assert_status(&table.other.post(&removal, &[]).await, 404);
    let page = done(&table.lead, &removal, &[]).await;
    assert!(!page.contains("alone is new"));
    assert!(done(&table.lead, &undo_of(&page), &[]).await.contains("alone is new"));
    let outside = table.app.as_(Role::Steward).await;
    assert_status(&outside.get(&charter).await, 404);
}

/// What a page says that can be copied from a field.
fn given_link(page: &str) -> String {
    let link = page.split("value=\"/guest/").nth(1).expect("the link is shown");
    format!("/guest/{}", link.split('"').next().unwrap())
}

/// The browser of whoever opens a link.
async fn open_link(table: &Table, link: &str) -> Browser {
    let came = table.app.stranger().post(link, &[("zone", "Asia/Tokyo")]).await;
    assert_status(&came, 303);
    assert_eq!(came.location(), table.base);
    let cookie = came.header("set-cookie");
    assert!(cookie.starts_with("tieline_guest_") && cookie.contains("HttpOnly"), "{cookie}");
    assert!(cookie.contains("Path=/partnerships"), "sent to no other page: {cookie}");
    table.app.with_cookie(cookie.split(';').next().unwrap())
}

#[tokio::test]
async fn an_outside_partner_takes_part_by_link_in_one_partnership_alone() {
    let table = Table::laid().await;
    let fields = [("party", &*table.theirs), ("who", "Nadia Bly"), ("mail", "nadia@fen.example")];
    let page = done(&table.other, &table.at("/people"), &fields).await;
    let seat = undo_of(&page).replace("/removal", "");
    let at = format!("{seat}/link");
    assert_status(&table.lead.get(&at).await, 404);
    assert_status(&table.lead.post(&at, &[]).await, 404);
    let told = text(&table.other, &at).await;
    assert!(told.contains("whoever opens it first takes part in that name"), "{told}");
    assert!(told.contains("There is no link now."));
    let made = table.other.post(&at, &[]).await;
    assert_status(&made, 200);
    let link = given_link(&made.text);
    let stranger = table.app.stranger();
    for _ in 0..2 {
        let asked = text(&stranger, &link).await;
        assert!(asked.contains("Warm homes") && asked.contains("Nadia Bly"), "nothing used up");
    }
    assert_status(&stranger.post(&link, &[("zone", "Nowhere/At all")]).await, 422);
    let guest = open_link(&table, &link).await;
    assert_status(&stranger.post(&link, &[]).await, 410);
    assert_status(&stranger.get(&link).await, 410);
    assert!(text(&table.other, &at).await.contains("Comes by link in one browser"));

    let page = guest.get_as_guest(&table.base).await;
    assert_status(&page, 200);
    assert!(page.text.contains("Times are those of Asia/Tokyo."));
    let closed = ["\"/people", "\"/settings", "\"/search", "\"/organisations", "/link\"", "\"/\""];
    for closed in closed {
        assert!(!page.text.contains(&format!("href={closed}")), "no link to {closed}");
    }
    for elsewhere in ["/", "/people", "/settings", "/network"] {
        assert_status(&guest.get_as_guest(elsewhere).await, 303);
    }
    assert_eq!(guest.get_as_guest("/partnerships").await.location(), table.base);
    let another = table.owner.post("/partnerships/new", &[("name", "Another")]).await;
    let another = another.location().split("/people").next().unwrap().to_owned();
    assert!(guest.get_as_guest(&another).await.location().starts_with("/sign-in"));
    let id = another.rsplit('/').next().unwrap().replace('-', "");
    let held = guest.cookie.as_deref().unwrap().split('=').nth(1).unwrap();
    let renamed = table.app.with_cookie(&format!("tieline_guest_{id}={held}"));
    assert_status(&renamed.get_as_guest(&another).await, 303);
}

#[tokio::test]
async fn a_guest_reads_writes_and_answers_as_their_party_until_the_link_ends() {
    let table = Table::laid().await;
    let fields = [("party", &*table.theirs), ("who", "Nadia Bly"), ("mail", "nadia@fen.example")];
    let page = done(
        &table.other,
        &table.at("/people"),
        &[fields[0], fields[1], fields[2], ("duty", "lead")],
    )
    .await;
    let seat = undo_of(&page).replace("/removal", "");
    let made = table.other.post(&format!("{seat}/link"), &[]).await;
    let guest = open_link(&table, &given_link(&made.text)).await;
    let ours = [("benefits", "gain"), ("costs", SECRET), ("version", "0")];
    done(&table.lead, &table.side(&table.ours), &ours).await;
    assert!(!guest.get_as_guest(&table.base).await.text.contains(SECRET));
    let theirs = [("benefits", "warm tenants"), ("costs", THEIRS), ("version", "0")];
    assert_status(&guest.post_as_guest(&table.side(&table.theirs), &theirs).await, 303);
    assert_status(&guest.post_as_guest(&table.side(&table.ours), &theirs).await, 404);
    assert!(guest.get_as_guest(&table.base).await.text.contains(SECRET), "both have written");
    let charter = table.at("/agreement");
    let drafted = [("vision", "warm"), ("after", "0")];
    assert_status(&guest.post_as_guest(&charter, &drafted).await, 303);
    let said = [("version", "1"), ("comment", "ours to say")];
    let said = guest.post_as_guest(&table.at("/agreement/comments"), &said).await;
    assert_status(&said, 303);
    let answer = [("version", "1"), ("answer", "assents")];
    assert_status(&guest.post_as_guest(&table.at("/agreement/answers"), &answer).await, 303);
    let read = text(&table.lead, &charter).await;
    assert!(read.contains("Nadia Bly, by link") && read.contains("ours to say"), "{read}");
    let undo = undo_of(&guest.get_as_guest(said.location()).await.text);
    assert_status(&table.lead.post(&undo, &[]).await, 404);
    assert_status(&guest.post_as_guest(&undo, &[]).await, 303);
    assert!(!text(&table.lead, &charter).await.contains("ours to say"));

    assert_status(&guest.get_as_guest(&format!("{seat}/link")).await, 404);
    let page = done(&table.other, &format!("{seat}/link/renewal"), &[]).await;
    assert!(page.contains("It works 30 days from now."));
    let again = given_link(&table.other.post(&format!("{seat}/link"), &[]).await.text);
    let second = open_link(&table, &again).await;
    let out = second.post_as_guest(&table.at("/guest-session/end"), &[]).await;
    assert!(out.text.contains("You are out"));
    assert_status(&second.get_as_guest(&table.base).await, 303);
    assert_status(&guest.get_as_guest(&table.base).await, 200);
    let page = done(&table.other, &format!("{seat}/link/removal"), &[]).await;
    assert!(page.contains("The link is ended"));
    assert_status(&guest.get_as_guest(&table.base).await, 303);
}

#[tokio::test]
async fn a_link_goes_by_mail_where_there_is_mail_and_to_nobody_who_signs_in() {
    let table = Table::in_(TestApp::of(Kit { mails: true, ..Kit::default() }).await).await;
    let fields = [("party", &*table.theirs), ("who", "Nadia Bly"), ("mail", "nadia@fen.example")];
    let page = done(&table.other, &table.at("/people"), &fields).await;
    let seat = undo_of(&page).replace("/removal", "");
    let sent = done(&table.other, &format!("{seat}/link/mail"), &[]).await;
    assert!(sent.contains("The link is on its way by mail."));
    let by = table.app.account(Role::Member);
    let id = seat.rsplit('/').next().unwrap().parse().unwrap();
    let jobs = table.app.store.jobs(None, 9).await.unwrap();
    let letter = Job::Mail { letter: Letter::Guest { seat: id, by } };
    assert!(jobs.iter().any(|job| job.job == letter), "{jobs:?}");
    let people = text(&table.owner, &table.at("/people")).await;
    let known = people.split("/people/").filter_map(|rest| rest.split("/link").next());
    let known: Vec<&str> = known.filter(|id| id.len() == 36 && !seat.ends_with(id)).collect();
    for own in known {
        let path = table.at(&format!("/people/{own}/link"));
        assert!(text(&table.owner, &path).await.contains("has an account and signs in"));
        assert_status(&table.owner.post(&path, &[]).await, 422);
        assert_status(&table.owner.post(&format!("{path}/mail"), &[]).await, 404);
    }
}

#[tokio::test]
async fn forms_of_a_room_stand_what_is_put_into_any_field() {
    let table = Table::laid().await;
    let forms: [(String, &[(&str, &str)]); 11] = [
        (table.at("/agreement"), &[("vision", "warm"), ("exit", ""), ("after", "0")]),
        (table.at("/agreement/answers"), &[("version", "1"), ("answer", "asks"), ("note", "")]),
        (table.at("/agreement/comments"), &[("version", "1"), ("section", ""), ("comment", "so")]),
        (table.at("/edit"), &[("name", "x"), ("about", ""), ("last", ""), ("version", "1")]),
        (table.at("/parties"), &[("unit", ""), ("name", "")]),
        (table.at(&format!("/parties/{}/name", table.ours)), &[("name", ""), ("version", "1")]),
        (table.side(&table.ours), &[("benefits", "x"), ("costs", "y"), ("version", "0")]),
        (table.at("/people"), &[("party", &table.ours), ("who", ""), ("mail", ""), ("duty", "")]),
        (table.at("/questions/not-alone"), &[("answer", "no"), ("note", ""), ("version", "0")]),
        (table.at("/stage"), &[("to", "closed"), ("reason", ""), ("version", "1")]),
        (table.at("/objectives"), &[("aim", "")]),
    ];
    for (path, fields) in &forms {
        for (hostile, _) in *fields {
            for value in payloads() {
                let encode = |(name, usual): &(&str, &str)| {
                    let value = if name == hostile { &value } else { usual.as_bytes() };
                    format!("{name}={}", percent_bytes(value))
                };
                let body: Vec<String> = fields.iter().map(encode).collect();
                let answer = table.lead.post_bytes(path, body.join("&").into_bytes(), &[]).await;
                check(&format!("POST {path} with {hostile}"), &answer);
            }
        }
    }
    for rest in
        ["", "/people", "/stage", "/edit", "/people?party=x&after=%00", "/people?done=%3Cx%3E"]
    {
        check(rest, &table.lead.get(&table.at(rest)).await);
    }
    for rest in ["/parties/%00/side", "/parties/x/removal", "/people/..%2f/removal", "/questions/x"]
    {
        check(rest, &table.lead.post(&table.at(rest), &[]).await);
    }
    check("/partnerships", &table.lead.get("/partnerships").await);
}
