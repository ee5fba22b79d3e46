//! Joint decisions over the pages: asked, talked about, voted on without scripts, counted, written up,
//! looked at again; anonymous ballots and their tokens; and what is never sent.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::harm::{check, payloads};
use support::steps::{assert_status, done, field, text};
use support::world::{COLLEAGUE, MEMBER, TWO_OTHERS, address_of, unit_of};
use support::{Browser, TestApp, percent_bytes};
use tieline_model::access::Role;
use tieline_model::room::{Duty, Participant};
use tieline_store::NewPartnership;

/// A room of two parties: one person leads Nursing, [`MEMBER`] leads Beacon.
struct Table {
    app: TestApp,
    lead: Browser,
    other: Browser,
    base: String,
}

impl Table {
    async fn laid() -> Self {
        let app = TestApp::new().await;
        let owner = app.account(Role::Owner);
        let by = Participant::Account(owner);
        let new = NewPartnership {
            name: "Warm homes".to_owned(),
            about: String::new(),
            begins: None,
            ends: None,
            notice: None,
            by: owner,
        };
        let tx = app.store.begin().await.unwrap();
        let id = tx.add_partnership(&new).await.unwrap();
        for (name, party) in [(TWO_OTHERS.0, "Nursing"), (MEMBER, "Beacon")] {
            let party = tx.add_party(id, (None, party), by).await.unwrap();
            tx.give_seat((id, party), address_of(name), Duty::Lead, by).await.unwrap();
        }
        let aim = tx.add_aim(unit_of("Nursing"), "Shorter stays", owner).await.unwrap();
        tx.serve_aim(id, aim, by).await.unwrap();
        tx.commit().await.unwrap();
        let lead = app.as_person(TWO_OTHERS.0).await;
        let other = app.as_(Role::Member).await;
        Self { app, lead, other, base: format!("/partnerships/{id}") }
    }

    /// A question that is asked, spoken to by both, and open for ballots; its address.
    async fn open(&self, fields: &[(&str, &str)]) -> String {
        let mut all = vec![
            ("question", "Where should the hub go?"),
            ("proposal", "Open a second hub."),
            ("closes", "2199-01-01T12:00"),
            ("quorum", "1/2"),
        ];
        all.extend(fields);
        let asked = self.lead.post(&format!("{}/decisions/new", self.base), &all).await;
        assert_status(&asked, 303);
        let path = asked.location().split('?').next().unwrap().to_owned();
        for browser in [&self.lead, &self.other] {
            let said = [("stance", "concern"), ("text", "Mind the school run.")];
            let page = done(browser, &format!("{path}/statements"), &said).await;
            assert!(page.contains("Mind the school run.") && page.contains("Said."));
        }
        self.step(&path, "propose").await;
        self.step(&path, "decide").await;
        path
    }

    async fn step(&self, path: &str, to: &str) -> String {
        let version = field(&text(&self.lead, path).await, "version").to_owned();
        done(&self.lead, &format!("{path}/stage"), &[("to", to), ("version", &version)]).await
    }
}

/// The ids of the options on a ballot, in their order.
fn options(page: &str) -> Vec<String> {
    let named = page.split("id=\"option-").skip(1);
    named.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_ranked_decision_is_lived_from_question_to_review() {
    let table = Table::laid().await;
    let list = format!("{}/decisions", table.base);
    let fields = [("question", " "), ("quorum", "most")];
    let blank = table.lead.post(&format!("{list}/new"), &fields).await;
    assert_status(&blank, 422);
    assert!(
        blank.text.contains("Ask something, in a line.") && blank.text.contains("Write a share")
    );
    let options_text = "Tannery | closest\nDepot\nCollege";
    let path = table.open(&[("method", "ranked"), ("options", options_text)]).await;
    let page = text(&table.other, &path).await;
    assert!(page.contains("Ballot of Beacon") && page.contains("0 of 2 have voted"));
    let today = text(&table.other, "/").await;
    assert!(today.contains("Your vote is asked for: Where should the hub go?"));
    let ids = options(&page);
    assert_eq!(ids.len(), 3);
    let names: Vec<String> = ids.iter().map(|id| format!("option-{id}")).collect();
    for browser in [&table.other, &table.lead] {
        let voter = field(&text(browser, &path).await, "voter").to_owned();
        let fields = [("voter", &*voter), (&*names[1], "1"), (&*names[0], "2")];
        let page = done(browser, &format!("{path}/ballot"), &fields).await;
        assert!(page.contains("Ballot saved."));
    }
    let page = done(&table.other, &format!("{path}/closure"), &[]).await;
    assert!(page.contains("Depot was chosen") && page.contains("Check this count"), "{page}");
    assert!(page.contains("Beats every other one to one"));
    let form = text(&table.lead, &path).await;
    let aim = form.split("<option value=\"").nth(2).unwrap().split('"').next().unwrap();
    let seat = field(&form, "bound");
    let fields = [
        ("version", field(&form, "version")),
        ("statement", "The hub goes to the depot."),
        ("aim", aim),
        ("owner", seat),
        ("bound", seat),
        ("first_step", "Sign the lease"),
        ("review_on", "2020-01-02"),
    ];
    let page = done(&table.lead, &format!("{path}/outcome"), &fields).await;
    assert!(page.contains("Shorter stays") && page.contains("Sign the lease"));
    let stale = table.lead.post(&format!("{path}/outcome"), &fields).await;
    assert_status(&stale, 409);
    assert!(stale.text.contains("Keep what is there now"));
    table.step(&path, "review").await;
    let bound = [&table.lead, &table.other];
    let mut due = 0;
    for browser in bound {
        due +=
            usize::from(text(browser, "/").await.contains("Look again: Where should the hub go?"));
    }
    assert_eq!(due, 1, "it is on Today of whoever is bound");
    let record = text(&table.other, &format!("{path}/record")).await;
    assert!(record.contains("The hub goes to the depot.") && record.contains("2 of 2 voted"));
    let version = field(&text(&table.lead, &path).await, "version").to_owned();
    let fields = [("note", "It works."), ("to", "settled"), ("version", &*version)];
    let page = done(&table.lead, &format!("{path}/review"), &fields).await;
    assert!(page.contains("It works.") && page.contains("is done"));
    let found = text(&table.other, &format!("{list}?q=depot")).await;
    assert!(found.contains(&path) && found.contains("Settled"));
    assert!(!text(&table.other, &format!("{list}?q=harbour")).await.contains(&path));
}

#[tokio::test]
async fn every_method_is_voted_on_with_a_plain_form() {
    let table = Table::laid().await;
    let two = "Tannery\nDepot";
    for (method, says, value) in [
        ("consent", "says", "concern"),
        ("gradients", "says", "2"),
        ("majority", "says", "yes"),
        ("approval", "approved", ""),
        ("score", "", "5"),
        ("dot", "", "3"),
        ("quadratic", "", "-4"),
    ] {
        let path = table.open(&[("method", method), ("options", two), ("voters", "person")]).await;
        let page = text(&table.other, &path).await;
        let voter = field(&page, "voter");
        let ids = options(&page);
        let named = ids.first().map(|id| format!("option-{id}")).unwrap_or_default();
        let (name, value) = match (says, value) {
            ("", value) => (&*named, value),
            (says, "") => (says, &*ids[0]),
            (says, value) => (says, value),
        };
        let ballot = format!("{path}/ballot");
        let fields = [("voter", voter), (name, value), ("reason", "a fear of floods")];
        done(&table.other, &ballot, &fields).await;
        let strange = [("voter", voter), (name, "9999"), ("says", "perhaps")];
        let strange = table.other.post(&ballot, &strange).await;
        assert_status(&strange, 422);
        assert!(strange.text.contains("There is a problem"), "{method}");
        let hidden = text(&table.lead, &path).await;
        assert!(!hidden.contains("a fear of floods"), "{method}: hidden until it closes");
        let page = done(&table.lead, &format!("{path}/closure"), &[("early", "on")]).await;
        assert!(page.contains("closed before its deadline"), "{method}");
    }
}

#[tokio::test]
async fn an_anonymous_ballot_shows_its_token_once_and_is_changed_by_it_alone() {
    let table = Table::laid().await;
    let refused = [("question", "Who?"), ("method", "consent"), ("secrecy", "anonymous")];
    let refused = table.lead.post(&format!("{}/decisions/new", table.base), &refused).await;
    assert_status(&refused, 422);
    let path = table.open(&[("method", "majority"), ("secrecy", "anonymous")]).await;
    let voter = field(&text(&table.other, &path).await, "voter").to_owned();
    let ballot = format!("{path}/ballot");
    let sealed = table.other.post(&ballot, &[("voter", &voter), ("says", "no")]).await;
    assert_status(&sealed, 200);
    let token = sealed.text.split("id=\"kept\" value=\"").nth(1).unwrap();
    let token = token.split('"').next().unwrap().to_owned();
    let again = table.other.post(&ballot, &[("voter", &voter), ("says", "yes")]).await;
    assert_status(&again, 422);
    assert!(again.text.contains("Only whoever holds its token"));
    let fields = [("voter", &*voter), ("says", "yes"), ("token", &*token)];
    done(&table.other, &ballot, &fields).await;
    for browser in [&table.lead, &table.other] {
        let page = text(browser, &path).await;
        assert!(!page.contains(&token) && !page.contains(" checked"), "nothing tells what it says");
    }
    let strangers = table.lead.post(&ballot, &fields).await;
    assert_status(&strangers, 404);
    let page = done(&table.lead, &format!("{path}/closure"), &[("early", "on")]).await;
    assert!(
        page.contains("{&quot;majority&quot;") || page.contains("{&#34;majority&#34;"),
        "{page}"
    );
}

#[tokio::test]
async fn outside_the_room_a_decision_does_not_exist_and_two_writers_lose_nothing() {
    let table = Table::laid().await;
    let fields = [("question", "A quiet question"), ("method", "consent"), ("quorum", "1/2")];
    let asked = table.lead.post(&format!("{}/decisions/new", table.base), &fields).await;
    let path = asked.location().split('?').next().unwrap().to_owned();
    let outside = [table.app.as_person(COLLEAGUE).await, table.app.as_(Role::Steward).await];
    for browser in &outside {
        for rest in ["", "/record", "/edit"] {
            let answer = browser.get(&format!("{path}{rest}")).await;
            assert_status(&answer, 404);
            assert!(!answer.text.contains("quiet"));
        }
    }
    let edit = format!("{path}/edit");
    let version = field(&text(&table.lead, &edit).await, "version").to_owned();
    let mine = |question| [("question", question), ("quorum", "1/2"), ("version", &*version)];
    done(&table.lead, &edit, &mine("One")).await;
    let late = table.other.post(&edit, &mine("Two")).await;
    assert_status(&late, 409);
    assert!(late.text.contains("One") && late.text.contains("Two"));
}

#[tokio::test]
async fn whatever_is_sent_to_a_decision_is_answered_as_it_should_be() {
    let table = Table::laid().await;
    let path = table.open(&[("method", "score"), ("options", "A\nB")]).await;
    let list = format!("{}/decisions", table.base);
    let forms: [(String, &[&str]); 8] = [
        (format!("{list}/new"), &["question", "options", "method", "threshold", "closes"]),
        (format!("{path}/ballot"), &["voter", "token"]),
        (format!("{path}/statements"), &["stance", "text"]),
        (format!("{path}/stage"), &["to", "version"]),
        (format!("{path}/delegation"), &["voter", "to"]),
        (format!("{path}/outcome"), &["statement", "aim", "review_on"]),
        (format!("{path}/review"), &["note", "to"]),
        (format!("{path}/closure"), &["early"]),
    ];
    for payload in payloads() {
        for (form, fields) in &forms {
            for field in *fields {
                let body = format!("{field}={}", percent_bytes(&payload));
                let answer = table.lead.post_bytes(form, body.into_bytes(), &[]).await;
                check(&format!("POST {form} with {field}"), &answer);
            }
        }
        // Longer addresses than this no client can ask for.
        if payload.len() > 2_000 {
            continue;
        }
        let asked = format!("{list}?q={0}&before={0}&open_before={0}", percent_bytes(&payload));
        check("GET a list", &table.lead.get(&asked).await);
        let one = format!("{list}/{}", percent_bytes(&payload));
        check("GET a decision", &table.lead.get(&one).await);
    }
}
