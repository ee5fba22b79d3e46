//! Conflict cases: private to those in them, through each gate, with numbers that stay with their side.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::harm::{check, payloads};
use support::world::{BROKER, COLLEAGUE, MEMBER, TWO_OTHERS, address_of};
use support::{Answer, Browser, TestApp, percent_bytes};
use tieline_model::access::Role;
use tieline_model::id::{PartnershipId, PartyId, SeatId};
use tieline_model::room::{Duty, Participant};
use tieline_store::NewPartnership;

/// A room of three parties: one person at Beacon, [`MEMBER`] and a guest at Fenwick, one at the
/// Council, which is no side of the case.
struct Table {
    app: TestApp,
    id: PartnershipId,
    base: String,
    owner: Browser,
    ours: Browser,
    theirs: Browser,
    third: Browser,
    guest: Browser,
    parties: Vec<PartyId>,
    seats: Vec<SeatId>,
}

impl Table {
    async fn laid() -> Self {
        let app = TestApp::new().await;
        let by = app.account(Role::Owner);
        let new = NewPartnership {
            name: "Warm homes".to_owned(),
            about: String::new(),
            begins: None,
            ends: None,
            notice: None,
            by,
        };
        let by = Participant::Account(by);
        let tx = app.store.begin().await.unwrap();
        let id = tx.add_partnership(&new).await.unwrap();
        let (mut parties, mut seats) = (Vec::new(), Vec::new());
        let there: [(&str, &[&str]); 3] = [
            ("Beacon Homes", &[TWO_OTHERS.0]),
            ("Fenwick", &[MEMBER, BROKER]),
            ("Council", &[COLLEAGUE]),
        ];
        for (name, people) in there {
            let party = tx.add_party(id, (None, name), by).await.unwrap();
            for who in people {
                let seat = tx.give_seat((id, party), address_of(who), Duty::Member, by).await;
                seats.push(seat.unwrap());
            }
            parties.push(party);
        }
        tx.commit().await.unwrap();
        Self {
            owner: app.as_(Role::Owner).await,
            ours: app.as_person(TWO_OTHERS.0).await,
            theirs: app.as_(Role::Member).await,
            third: app.as_person(COLLEAGUE).await,
            guest: app.at_seat(id, seats[2]).await,
            base: format!("/partnerships/{id}/conflicts"),
            id,
            parties,
            seats,
            app,
        }
    }

    /// Raises a case between Beacon and Fenwick: its path.
    async fn raised(&self) -> String {
        let fenwick = self.parties[1].to_string();
        let fields = [("title", "Who pays for the boilers"), ("side", &*fenwick)];
        let answer = self.ours.post(&self.base, &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        answer.location().split('?').next().unwrap().to_owned()
    }

    /// Version of what a hidden field of the form of a word holds.
    async fn version(&self, browser: &Browser, case: &str, what: &str) -> String {
        let page = read(browser, case).await;
        let form = page.find(&format!("name=\"what\" value=\"{what}\"")).unwrap_or_else(|| {
            panic!("no way to say {what} in {page}");
        });
        let from = page[form..].find("name=\"version\" value=\"").unwrap() + form + 22;
        page[from..].split('"').next().unwrap().to_owned()
    }

    /// Says a word of the version that the page shows.
    async fn say(&self, browser: &Browser, case: &str, what: &str, fields: &[(&str, &str)]) {
        let version = self.version(browser, case, what).await;
        let own = [("what", what), ("version", &*version)];
        let all: Vec<(&str, &str)> = own.iter().chain(fields).copied().collect();
        let answer = post(browser, case, &all).await;
        assert_eq!(answer.status, 303, "{what}: {}", answer.text);
        let to = answer.location();
        assert!(to.contains("done=case-said"), "{what}: {to}");
    }

    async fn collect(&self, browser: &Browser, case: &str, fields: &[(&str, &str)]) {
        let answer = post(browser, case, fields).await;
        assert!(answer.location().contains("done=case-point"), "{}", answer.location());
    }

    /// Tries to take a case to a stage.
    async fn step(&self, case: &str, to: &str) -> Answer {
        let page = read(&self.ours, case).await;
        let from = page.find("/stage\">").and_then(|at| page[at..].find("version").map(|n| at + n));
        let from = from.unwrap() + "version\" value=\"".len();
        let version = page[from..].split('"').next().unwrap();
        let fields = [("to", to), ("version", version)];
        self.ours.post(&format!("{case}/stage"), &fields).await
    }

    async fn steps(&self, case: &str, to: &str) {
        let answer = self.step(case, to).await;
        assert_eq!(answer.status, 303, "{to}: {}", answer.text);
        assert!(answer.location().contains("case-stage"), "{to}: {}", answer.location());
    }

    /// That the way to a stage is shut for what a sentence says.
    async fn is_shut(&self, case: &str, to: &str, why: &str) {
        let answer = self.step(case, to).await;
        assert_eq!(answer.status, 422, "{to}");
        assert!(answer.text.contains(why), "{to}: {}", answer.text);
    }

    async fn listened(&self, case: &str) {
        let (ours, fenwick) = (self.parties[0].to_string(), self.parties[1].to_string());
        self.steps(case, "listening").await;
        self.is_shut(case, "interests", "Each side says back").await;
        let view = [("view", "We paid last year."), ("position", "They pay.")];
        self.say(&self.ours, case, "view", &view).await;
        self.say(&self.guest, case, "view", &[("view", "Nobody asked us.")]).await;
        let back = [("of", &*fenwick), ("restated", "You were not asked.")];
        self.say(&self.ours, case, "restated", &back).await;
        let back = [("of", &*ours), ("restated", "You carried it alone.")];
        self.say(&self.guest, case, "restated", &back).await;
        self.say(&self.ours, case, "understood", &[("is", "yes")]).await;
        self.say(&self.theirs, case, "understood", &[("is", "yes")]).await;
        self.steps(case, "interests").await;
        let demand = [("what", "interest"), ("interest", "they pay")];
        self.collect(&self.ours, case, &demand).await;
        let need = [("what", "interest"), ("interest", "a say in what is bought")];
        self.collect(&self.guest, case, &need).await;
        self.is_shut(case, "options", "Each side names at least one interest").await;
        let need = [("what", "interest"), ("interest", "a budget that holds")];
        self.collect(&self.ours, case, &need).await;
        self.steps(case, "options").await;
    }
}

/// A page as whoever holds the browser reads it: a guest's cookie has its own name.
async fn read(browser: &Browser, path: &str) -> String {
    let answer = get(browser, path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.text
}

async fn get(browser: &Browser, path: &str) -> Answer {
    match browser.is_guest() {
        true => browser.get_as_guest(path).await,
        false => browser.get(path).await,
    }
}

async fn post(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    match browser.is_guest() {
        true => browser.post_as_guest(path, fields).await,
        false => browser.post(path, fields).await,
    }
}

#[tokio::test]
async fn a_case_goes_through_each_gate_and_leaves_promises_and_a_lesson() {
    let table = Table::laid().await;
    let case = table.raised().await;
    for to in ["interests", "options", "agreement", "follow_up", "closed"] {
        let skipped = table.step(&case, to).await;
        assert!(skipped.location().contains("case-changed"), "{to} skips a stage");
    }
    table.listened(&case).await;
    table.collect(&table.guest, &case, &[("what", "option"), ("option", "Share it")]).await;
    table.is_shut(&case, "agreement", "at least two options").await;
    table.collect(&table.ours, &case, &[("what", "option"), ("option", "Lease them")]).await;
    table.steps(&case, "agreement").await;
    let agreed = [("agreement", "We share the bill.")];
    table.say(&table.ours, &case, "agreement", &agreed).await;
    table.is_shut(&case, "follow_up", "Name at least one action").await;
    let action = [("what", "action"), ("action", "Ask for an offer")];
    let unfit = table.ours.post(&case, &action).await;
    assert_eq!(unfit.status, 422);
    assert!(unfit.text.contains("Say who sees to it.") && unfit.text.contains("Ask for an offer"));
    let seat = table.seats[0].to_string();
    let dated = [action[0], action[1], ("seat", &*seat), ("due", "2099-03-01")];
    assert_eq!(table.ours.post(&case, &dated).await.status, 303);
    for browser in [&table.ours, &table.guest] {
        table.say(browser, &case, "accepts", &[("is", "yes")]).await;
    }
    let page = read(&table.guest, &case).await;
    assert!(page.contains("We share the bill.") && page.contains("1 March 2099"));
    table.steps(&case, "follow_up").await;
    let late = [("what", "agreement"), ("agreement", "We do not."), ("version", "1")];
    assert!(table.ours.post(&case, &late).await.location().contains("case-changed"));
    table.steps(&case, "agreement").await;
    assert!(!read(&table.ours, &case).await.contains("Take that back"), "both are asked again");
}

#[tokio::test]
async fn a_case_is_settled_once_its_promises_are_kept_and_a_line_without_names_stays() {
    let table = Table::laid().await;
    let case = table.raised().await;
    table.listened(&case).await;
    for option in ["Share it", "Lease them"] {
        table.collect(&table.ours, &case, &[("what", "option"), ("option", option)]).await;
    }
    table.steps(&case, "agreement").await;
    let seat = table.seats[0].to_string();
    let action = [("what", "action"), ("action", "Ask for an offer"), ("seat", &*seat)];
    let dated: Vec<(&str, &str)> = action.into_iter().chain([("due", "2099-03-01")]).collect();
    assert_eq!(table.ours.post(&case, &dated).await.status, 303);
    for browser in [&table.ours, &table.theirs] {
        table.say(browser, &case, "accepts", &[("is", "yes")]).await;
    }
    table.steps(&case, "follow_up").await;
    assert!(table.ours.page(&table.base).await.contains("Look again on"));
    let list = format!("/partnerships/{}/commitments", table.id);
    let promises = table.third.page(&list).await;
    assert!(promises.contains("Ask for an offer") && promises.contains("From an agreement"));
    let version = table.version(&table.ours, &case, "learnt").await;
    for name in ["fenwick: ask first", "Rosalind  FITCH asks first"] {
        let learnt = [("what", "learnt"), ("learnt", name), ("version", &*version)];
        let named = table.ours.post(&case, &learnt).await;
        assert_eq!(named.status, 422);
        assert!(named.text.contains("Leave out names"), "{}", named.text);
    }
    table.say(&table.ours, &case, "learnt", &[("learnt", "Ask before buying.")]).await;
    for browser in [&table.ours, &table.guest] {
        table.say(browser, &case, "settled", &[("is", "yes")]).await;
    }
    table.is_shut(&case, "closed", "Actions of the agreement are still open").await;
    let mine = table.ours.page(&list).await;
    let kept = mine.find("/kept\"").unwrap();
    let kept = &mine[mine[..kept].rfind("action=\"").unwrap() + 8..kept + 5];
    table.ours.done(kept, &[("version", "1")]).await;
    table.steps(&case, "closed").await;
    let lessons = table.third.page(&table.base).await;
    assert!(lessons.contains("Ask before buying.") && !lessons.contains("boilers"));
    table.steps(&case, "interests").await;
}

#[tokio::test]
async fn a_case_is_hidden_from_all_who_are_not_in_it() {
    let table = Table::laid().await;
    let case = table.raised().await;
    let view = [("view", "We paid last year.")];
    table.say(&table.ours, &case, "view", &view).await;
    let outside = table.app.as_person(TWO_OTHERS.1).await;
    for nobody in [&table.owner, &table.third, &outside, &table.app.as_(Role::Steward).await] {
        assert_eq!(nobody.get(&case).await.status, 404);
        for rest in ["", "/stage", "/numbers"] {
            let fields = [("what", "view"), ("to", "withdrawn"), ("kind", "item")];
            assert_eq!(nobody.post(&format!("{case}{rest}"), &fields).await.status, 404);
        }
    }
    for nobody in [&table.owner, &table.third] {
        assert!(!nobody.page(&table.base).await.contains("boilers"));
    }
    for inside in [&table.ours, &table.theirs, &table.guest] {
        assert!(read(inside, &table.base).await.contains("Who pays for the boilers"));
        assert!(read(inside, &case).await.contains("We paid last year."));
    }
    let (status, listed) = table.app.api(Role::Owner, &table.base).await;
    assert_eq!((status, listed["items"].as_array().unwrap().len()), (200, 0));
    assert_eq!(table.app.api(Role::Owner, &case).await.0, 404);
    let (status, seen) = table.app.api(Role::Member, &case).await;
    assert_eq!((status, &seen["sides"][0]["view"]), (200, &"We paid last year.".into()));
    // A case between two others is nobody else's to raise.
    let other = [("title", "x"), ("side", &*table.parties[0].to_string())];
    let answer = table.third.post(&table.base, &other).await;
    assert_eq!(answer.status, 303, "with one's own party among the sides");
    assert_eq!(table.guest.get_as_guest(answer.location()).await.status, 404);
}

#[tokio::test]
async fn a_mediator_comes_in_once_every_side_accepts_and_leaves_with_the_next() {
    let table = Table::laid().await;
    let case = table.raised().await;
    let outside = table.app.as_person(TWO_OTHERS.1).await;
    let page = table.ours.page(&case).await;
    assert!(page.contains(COLLEAGUE) && page.contains("Sits at Council, which is no side."));
    let version = table.version(&table.ours, &case, "mediator").await;
    let side = address_of(MEMBER).to_string();
    let wrong = [("what", "mediator"), ("who", &*side), ("version", &*version)];
    let answer = table.ours.post(&case, &wrong).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("sits at none of the sides"), "{}", answer.text);
    let who = address_of(TWO_OTHERS.1).to_string();
    table.say(&table.ours, &case, "mediator", &[("who", &*who)]).await;
    table.say(&table.ours, &case, "mediator-accepted", &[("is", "yes")]).await;
    assert_eq!(outside.get(&case).await.status, 404, "one side alone lets nobody in");
    table.say(&table.guest, &case, "mediator-accepted", &[("is", "yes")]).await;
    assert!(outside.page(&case).await.contains("Who pays for the boilers"));
    assert!(outside.page("/partnerships").await.contains(&case));
    for closed in [&*table.base, &*format!("/partnerships/{}", table.id)] {
        assert_eq!(outside.get(closed).await.status, 404, "{closed}: the case and nothing else");
    }
    let accept = [("what", "accepts"), ("is", "yes"), ("version", "9")];
    let spoken = outside.post(&case, &accept).await;
    assert_ne!(spoken.status, 200, "a mediator speaks for no side");
    table.say(&table.theirs, &case, "mediator", &[("who", "")]).await;
    assert_eq!(outside.get(&case).await.status, 404);
    assert!(!outside.page("/partnerships").await.contains(&case));
}

/// The ids of fields for numbers in a page.
fn numbers_of(page: &str) -> Vec<String> {
    let found = page.split("name=\"worth-").skip(1);
    found.map(|rest| format!("worth-{}", rest.split('"').next().unwrap())).collect()
}

#[tokio::test]
async fn numbers_of_a_side_are_in_no_answer_to_the_other() {
    let table = Table::laid().await;
    let case = table.raised().await;
    table.listened(&case).await;
    for item in ["the house", "the van"] {
        table.collect(&table.ours, &case, &[("what", "item"), ("item", item)]).await;
    }
    let at = format!("{case}/numbers");
    let fields = numbers_of(&table.ours.page(&case).await);
    let given = |one: &'static str, two: &'static str| {
        [("kind", "item"), (&*fields[0], one), (&*fields[1], two)]
    };
    let sum = table.ours.post(&at, &given("61", "38")).await;
    assert_eq!(sum.status, 422);
    assert!(sum.text.contains("add up to 100") && sum.text.contains("value=\"61\""));
    table.ours.done(&at, &given("83", "17")).await;
    assert!(table.ours.page(&case).await.contains("value=\"83\""));
    for other in [&table.theirs, &table.guest] {
        let page = read(other, &case).await;
        assert!(page.contains("Numbers are in from: Beacon Homes."));
        for own in ["value=\"83\"", "value=\"17\"", "83 to you", "17 to you"] {
            assert!(!page.contains(own), "{own} is in a page of the other side");
        }
    }
    let (_, told) = table.app.api(Role::Member, &case).await;
    assert_eq!((&told["items"]["own"], &told["shares"]), (&().into(), &().into()));
    let answer = table.guest.post_as_guest(&at, &given("29", "71")).await;
    assert_eq!(answer.status, 303);
    // Each gets what it wants more; then the first, who has more, gives of the house.
    let page = table.ours.page(&case).await;
    assert!(page.contains("the van: to Fenwick"), "{page}");
    assert!(page.contains("the house: ") && page.contains(" to Beacon Homes, "));
    assert!(page.contains("83 to you") && !page.contains("29 to") && !page.contains("71 to"));
    let (_, told) = table.app.api(Role::Member, &case).await;
    let text = told.to_string();
    assert!(text.contains(":29") && text.contains(":71"), "one's own: {text}");
    assert!(!text.contains(":83") && !text.contains(":17"), "the other's: {text}");
    let again = table.ours.post(&at, &given("50", "50")).await;
    assert_eq!(again.status, 422, "what both gave stays, so that nobody tries out numbers");
    let anew = [("kind", "item"), ("anew", "yes")];
    let page = table.ours.done(&at, &anew).await;
    assert!(page.contains("No side has given numbers yet."));
}

#[tokio::test]
async fn packages_are_shown_and_never_what_they_are_worth_to_the_other() {
    let table = Table::laid().await;
    let case = table.raised().await;
    table.listened(&case).await;
    for (topic, choice) in [("Lead", "ours"), ("Lead", "theirs"), ("Pace", "fast")] {
        let fields = [("what", "choice"), ("topic", topic), ("choice", choice)];
        table.collect(&table.ours, &case, &fields).await;
    }
    let at = format!("{case}/numbers");
    let fields = numbers_of(&table.ours.page(&case).await);
    let given = |worth: [&'static str; 3], none: &'static str| {
        let own = fields.iter().map(|field| &**field).zip(worth);
        let rest = [("kind", "choice"), ("no_deal", none)];
        own.chain(rest).collect::<Vec<(&str, &str)>>()
    };
    table.ours.done(&at, &given(["541", "12", "7"], "3")).await;
    let page = table.theirs.done(&at, &given(["263", "9", "5"], "4")).await;
    assert!(page.contains("Lead: ours; Pace: fast"), "{page}");
    assert!(page.contains("for you 264 better than no deal") && !page.contains("541"));
    let (_, told) = table.app.api(Role::Member, &case).await;
    assert_eq!(told["packages"][0]["own_gain"], 264);
    assert!(!told.to_string().contains("541") && !told.to_string().contains("545"), "{told}");
}

#[tokio::test]
async fn of_two_who_write_at_once_both_texts_are_shown() {
    let table = Table::laid().await;
    let case = table.raised().await;
    let fields = |view: &'static str| [("what", "view"), ("view", view), ("version", "1")];
    assert_eq!(table.theirs.post(&case, &fields("Nobody asked us.")).await.status, 303);
    let late = table.guest.post_as_guest(&case, &fields("It came too late.")).await;
    assert_eq!(late.status, 409);
    assert!(late.text.contains("Nobody asked us.") && late.text.contains("It came too late."));
    let next = [("what", "view"), ("view", "It came too late."), ("version", "2")];
    assert_eq!(table.guest.post_as_guest(&case, &next).await.status, 303);
    let stale = [("to", "listening"), ("version", "7")];
    let answer = table.ours.post(&format!("{case}/stage"), &stale).await;
    assert!(answer.location().contains("case-changed"));
}

#[tokio::test]
async fn what_was_added_is_taken_back_and_undone() {
    let table = Table::laid().await;
    let case = table.raised().await;
    table.listened(&case).await;
    let fields = [("what", "option"), ("option", "Share it")];
    let page = table.ours.done(&case, &fields).await;
    assert!(page.contains("Added.") && page.contains("Share it"));
    let from = page.find("data-undo").unwrap();
    let from = page[..from].rfind("action=\"").unwrap() + 8;
    let undo = page[from..].split('"').next().unwrap().to_owned();
    assert_eq!(table.third.post(&undo, &[]).await.status, 404);
    let gone = table.ours.done(&undo, &[]).await;
    assert!(gone.contains("Removed."));
    let back = undo.replace("/removal", "/restoration");
    assert!(table.theirs.done(&back, &[]).await.contains("Share it"));
    let interest = read(&table.theirs, &case).await;
    let own = interest.find("a budget that holds").unwrap();
    assert!(!interest[own..].starts_with("a budget that holds</span><form"), "of the other side");
}

#[tokio::test]
async fn forms_of_a_case_stand_what_is_put_into_any_field() {
    let table = Table::laid().await;
    let case = table.raised().await;
    table.listened(&case).await;
    let forms: [(&str, &[&str]); 6] = [
        (&table.base, &["title", "about", "side"]),
        (&case, &["what", "view", "position", "version"]),
        (&case, &["what=choice", "topic", "choice"]),
        (&case, &["what=mediator", "who", "version"]),
        (&format!("{case}/stage"), &["to", "version"]),
        (&format!("{case}/numbers"), &["kind", "worth-x", "no_deal", "anew"]),
    ];
    for (path, fields) in forms {
        for hostile in fields {
            for value in payloads() {
                let encode = |name: &&str| match name.contains('=') {
                    true => (*name).to_owned(),
                    false => {
                        let value = if name == hostile { &*value } else { b"" };
                        format!("{name}={}", percent_bytes(value))
                    }
                };
                let body: Vec<String> = fields.iter().map(encode).collect();
                let answer = table.ours.post_bytes(path, body.join("&").into_bytes(), &[]).await;
                check(&format!("POST {path} with {hostile}"), &answer);
            }
        }
    }
    for rest in ["?after=%00", "/x", "/%00", "/points/x/removal"] {
        let path = format!("{}{rest}", table.base);
        check(&path, &table.ours.get(&path).await);
        check(&path, &table.ours.post(&path, &[("what", "view")]).await);
    }
}
