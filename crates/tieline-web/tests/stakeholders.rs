//! Registers of stakeholders: who reads them, what one learns of the placements of others, what a
//! person learns of their own, and what becomes of two words at once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::harm::{check, payloads};
use support::steps::{assert_status, done, text};
use support::world::{COLLEAGUE, MEMBER, TWO_OTHERS, address_of, mail_of, unit_of};
use support::{Browser, TestApp, percent_bytes};
use tieline_model::access::Role;
use tieline_model::id::PartnershipId;
use tieline_model::room::{Duty, Participant};
use tieline_store::NewPartnership;

/// A room with two people of one party, and one outside.
struct Table {
    app: TestApp,
    id: PartnershipId,
    base: String,
    ros: Browser,
    bart: Browser,
    outside: Browser,
}

impl Table {
    async fn laid() -> Self {
        let app = TestApp::new().await;
        let new = NewPartnership {
            name: "Warm homes".to_owned(),
            about: String::new(),
            begins: None,
            ends: None,
            notice: None,
            by: app.account(Role::Owner),
        };
        let by = Participant::Account(new.by);
        let tx = app.store.begin().await.unwrap();
        let id = tx.add_partnership(&new).await.unwrap();
        let party = tx.add_party(id, (None, "Beacon"), by).await.unwrap();
        for name in [TWO_OTHERS.0, MEMBER] {
            tx.give_seat((id, party), address_of(name), Duty::Member, by).await.unwrap();
        }
        tx.commit().await.unwrap();
        let ros = app.as_person(TWO_OTHERS.0).await;
        let bart = app.as_(Role::Member).await;
        let outside = app.as_(Role::Steward).await;
        let base = format!("/partnerships/{id}/stakeholders");
        Self { app, id, base, ros, bart, outside }
    }

    /// Adds one, and gives its path.
    async fn add(&self, fields: &[(&str, &str)]) -> String {
        let answer = self.ros.post(&self.base, fields).await;
        assert_status(&answer, 303);
        let one = answer.location().split("one=").nth(1).unwrap().split('&').next().unwrap();
        format!("/stakeholders/{one}")
    }

    fn picked(&self, one: &str) -> String {
        format!("{}?one={}", self.base, one.rsplit('/').next().unwrap())
    }
}

const PLACED: [(&str, &str); 3] =
    [("power", "93"), ("interest", "17"), ("why", "they hold the permits")];

#[tokio::test]
async fn where_others_place_someone_is_sent_to_whoever_placed_them_too() {
    let table = Table::laid().await;
    let one = table.add(&[("name", "City council"), ("about", "decides on permits")]).await;
    let place = format!("{one}/placement");
    let page = done(&table.ros, &place, &PLACED).await;
    assert!(page.contains("Placed.") && page.contains("left:17%;top:7%"), "{page}");
    let seen = text(&table.bart, &table.picked(&one)).await;
    assert!(seen.contains("City council") && seen.contains("One person placed them."));
    for secret in ["value=\"93\"", "power 93", "they hold the permits", "top:7%"] {
        assert!(!seen.contains(secret), "{secret}");
    }
    let api = format!("/stakeholders?partnership={}", table.id);
    let (status, seen) = table.app.api(Role::Member, &api).await;
    assert_eq!((status, seen["items"][0]["placed_by"].as_u64()), (200, Some(1)));
    assert!(!seen.to_string().contains("0.93"));
    let page = done(&table.bart, &place, &[("power", "30"), ("interest", "20")]).await;
    assert!(page.contains("power 30 to 93") && page.contains("they hold the permits"), "{page}");
    assert!(page.contains("They disagree on what to do"), "{page}");
    let (_, seen) = table.app.api(Role::Member, &api).await;
    assert_eq!(seen["items"][0]["placements"].as_array().unwrap().len(), 2);
    let page = done(&table.bart, &format!("{place}/removal"), &[]).await;
    assert!(!page.contains("power 30 to 93"));
    for wrong in ["101", "-1", "x", ""] {
        let wrong = table.bart.post(&place, &[("power", wrong), ("interest", "5")]).await;
        assert_status(&wrong, 422);
    }
    for outside in [&table.outside, &table.app.as_person(COLLEAGUE).await] {
        assert_status(&outside.get(&table.base).await, 404);
        assert_status(&outside.post(&place, &PLACED).await, 404);
        assert!(!text(outside, "/stakeholders").await.contains("Warm homes"));
    }
    assert_eq!(table.app.api(Role::Steward, &api).await.0, 404);
}

#[tokio::test]
async fn a_person_reads_what_is_held_on_them_and_places_nobody_less_than_themself() {
    let table = Table::laid().await;
    let mail = mail_of(MEMBER);
    let one = table.add(&[("mail", &*mail), ("about", "keeps the ward open")]).await;
    let place = format!("{one}/placement");
    done(&table.ros, &place, &PLACED).await;
    assert_status(&table.bart.post(&place, &PLACED).await, 422);
    let seen = text(&table.bart, &table.picked(&one)).await;
    assert!(seen.contains("This is you.") && !seen.contains("they hold the permits"));
    let held = text(&table.bart, "/me/data").await;
    assert!(held.contains("Warm homes") && held.contains("keeps the ward open"));
    assert!(held.contains("One person placed you.") && !held.contains("power 93"), "{held}");
    let file = text(&table.bart, "/me/data/export.json").await;
    assert!(file.contains("keeps the ward open") && !file.contains("they hold the permits"));
    let unknown = table.ros.post(&table.base, &[("mail", "nobody@x.example")]).await;
    assert_status(&unknown, 422);
    assert_status(&table.ros.post(&table.base, &[("name", " ")]).await, 422);
    assert_status(&table.ros.post(&table.base, &[("mail", &mail)]).await, 422);
}

#[tokio::test]
async fn stances_steps_and_influence_are_said_and_two_words_are_shown_side_by_side() {
    let table = Table::laid().await;
    let one = table.add(&[("name", "City council")]).await;
    let other = table.add(&[("name", "Tenants")]).await;
    let stances = format!("{one}/stances");
    let said = |now, evidence| {
        [("now", now), ("wanted", "supportive"), ("evidence", evidence), ("after", "0")]
    };
    let page = done(&table.ros, &stances, &said("resistant", "the vote in May")).await;
    assert!(page.contains("2 levels to go.") && page.contains("the vote in May"), "{page}");
    let late = table.bart.post(&stances, &said("neutral", "spoke to them")).await;
    assert_status(&late, 409);
    assert!(late.text.contains("the vote in May") && late.text.contains("spoke to them"));
    done(&table.ros, &format!("{one}/placement"), &PLACED).await;
    let page = text(&table.ros, &table.base).await;
    assert!(page.contains("One to act on.") && page.contains("Resistant now, wanted Supportive"));

    let facts = [("wants", "quiet streets"), ("will", "yes"), ("urgency", "yes"), ("version", "1")];
    let page = done(&table.ros, &one, &facts).await;
    assert!(
        page.contains("Dangerous (may use force, without a fair claim) / Definitive"),
        "{page}"
    );
    let late = table.bart.post(&one, &[("wants", "low rents"), ("version", "1")]).await;
    assert_status(&late, 409);
    assert!(late.text.contains("quiet streets") && late.text.contains("low rents"));

    let step = [("step", "Write to them"), ("due", "2020-01-02")];
    let page = done(&table.ros, &format!("{one}/steps"), &step).await;
    let id = page.split("/stakeholders/steps/").nth(1).unwrap().split('/').next().unwrap();
    let page = done(&table.bart, &format!("/stakeholders/steps/{id}/done"), &[]).await;
    assert!(page.contains("<s>Write to them</s>"));
    let page = done(&table.bart, &format!("/stakeholders/steps/{id}/removal"), &[]).await;
    assert!(!page.contains("<s>Write to them</s>"));

    let to = other.rsplit('/').next().unwrap();
    let sway = [("to", to), ("strength", "strong"), ("note", "sits on its board")];
    let page = done(&table.ros, &format!("{one}/influence"), &sway).await;
    assert!(page.contains("Is followed by") && page.contains("sits on its board"));
    assert!(text(&table.bart, &table.picked(&other)).await.contains("Follows"));
    done(&table.bart, &format!("{one}/influence/{to}/removal"), &[]).await;
    let page = done(&table.bart, &format!("{one}/removal"), &[]).await;
    assert!(!page.contains("City council") && page.contains("data-undo"));
    assert!(done(&table.bart, &format!("{one}/restoration"), &[]).await.contains("City council"));
}

#[tokio::test]
async fn the_register_of_an_organisation_is_of_its_people() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    let colleague = app.as_person(COLLEAGUE).await;
    let elsewhere = app.as_person(TWO_OTHERS.0).await;
    assert!(text(&member, "/stakeholders").await.contains("/stakeholders\""));
    let base = format!("/organisations/{}/stakeholders", unit_of("Nursing"));
    let unit = unit_of("Transport").to_string();
    let page = done(&member, &base, &[("unit", &unit)]).await;
    assert!(page.contains("Transport") && page.contains("External"), "{page}");
    assert!(text(&colleague, &base).await.contains("Transport"));
    assert_status(&elsewhere.get(&base).await, 404);
    assert_status(&app.as_(Role::Owner).await.get(&base).await, 404);
}

#[tokio::test]
async fn forms_of_a_register_stand_what_is_put_into_any_field() {
    let table = Table::laid().await;
    let one = table.add(&[("name", "City council")]).await;
    let at = |rest: &str| format!("{one}{rest}");
    let forms: [(String, &[(&str, &str)]); 6] = [
        (table.base.clone(), &[("mail", ""), ("unit", ""), ("name", "x"), ("about", "")]),
        (at(""), &[("about", ""), ("wants", ""), ("side", "both"), ("will", ""), ("version", "1")]),
        (at("/placement"), &[("power", "5"), ("interest", "5"), ("why", "")]),
        (
            at("/stances"),
            &[
                ("now", "neutral"),
                ("wanted", ""),
                ("wanted_by", ""),
                ("evidence", ""),
                ("after", "0"),
            ],
        ),
        (at("/steps"), &[("step", "x"), ("due", "")]),
        (at("/influence"), &[("to", ""), ("strength", "some"), ("note", "")]),
    ];
    for (path, fields) in &forms {
        for (hostile, _) in *fields {
            for value in payloads() {
                let encode = |(name, usual): &(&str, &str)| {
                    let value = if name == hostile { &value } else { usual.as_bytes() };
                    format!("{name}={}", percent_bytes(value))
                };
                let body: Vec<String> = fields.iter().map(encode).collect();
                let answer = table.ros.post_bytes(path, body.join("&").into_bytes(), &[]).await;
                check(&format!("POST {path} with {hostile}"), &answer);
            }
        }
    }
    for rest in ["?one=%00", "?after=x", "?one=x&done=%3Cx%3E"] {
        check(rest, &table.ros.get(&format!("{}{rest}", table.base)).await);
    }
    for path in ["/stakeholders/%00/removal", "/stakeholders/steps/x/done", "/stakeholders/x"] {
        check(path, &table.ros.post(path, &[]).await);
    }
}
