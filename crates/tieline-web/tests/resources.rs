//! What parties share, as people see it: the register, bookings and the next free time, who can help,
//! give and take.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::harm::{check, payloads};
use support::steps::{action, done, text};
use support::table::Table;
use support::world::{COLLEAGUE, TWO_OTHERS};
use support::{Browser, percent_bytes};
use tieline_model::access::Role;

/// Lists a van of the first party; its path.
async fn van(table: &Table) -> String {
    let path = format!("{}/resources", table.base);
    let fields =
        [("title", "A van"), ("kind", "equipment"), ("amount", "1"), ("conditions", "Full tank.")];
    let page = done(&table.ours, &path, &fields).await;
    let from = page.find(&format!("{path}/")).unwrap();
    page[from..].split('"').next().unwrap().to_owned()
}

/// Posts what is refused with a page that says why.
async fn refused(browser: &Browser, path: &str, fields: &[(&str, &str)], says: &str) -> String {
    let answer = browser.post(path, fields).await;
    assert_eq!(answer.status, 422, "{path}");
    assert!(answer.text.contains(says), "{says}: {}", answer.text);
    answer.text
}

/// Posts something of a version that is not the last; both texts are on the page that answers.
async fn late(browser: &Browser, path: &str, fields: &[(&str, &str)], both: [&str; 2]) {
    let answer = browser.post(path, fields).await;
    assert_eq!(answer.status, 409, "{path}: {}", answer.text);
    for one in both {
        assert!(answer.text.contains(one), "nothing typed is lost: {one}");
    }
}

#[tokio::test]
async fn what_one_needs_and_another_offers_is_pointed_out() {
    let table = Table::laid("").await;
    let path = format!("{}/resources", table.base);
    assert!(text(&table.ours, &path).await.contains("Nothing is listed yet."));
    refused(&table.ours, &path, &[("title", " ")], "Say what it is.").await;
    refused(&table.ours, &path, &[("title", "x"), ("amount", "-1")], "Say a whole number").await;
    let van = van(&table).await;
    let need = [("title", "Something to drive"), ("direction", "ask"), ("kind", "equipment")];
    let page = done(&table.theirs, &path, &need).await;
    assert!(page.contains("This may meet it:") && page.contains("Someone needs something"));
    let undo = action(&page, "removal").to_owned();
    assert!(done(&table.theirs, &undo, &[]).await.contains("Taken out of the register."));
    assert!(!text(&table.ours, &path).await.contains("This may meet it:"));
    let rooms = text(&table.ours, &format!("{path}?kind=room")).await;
    assert!(rooms.contains("Nothing of this kind is listed."));

    assert!(text(&table.theirs, &van).await.contains("Full tank."));
    let two = [("title", "Two vans"), ("amount", "2"), ("kind", "equipment"), ("version", "1")];
    assert_eq!(table.theirs.post(&van, &two).await.status, 404, "it is the other party's");
    assert!(done(&table.ours, &van, &two).await.contains("Two vans"));
    let mine = [("title", "An old van"), ("amount", "1"), ("version", "1")];
    late(&table.ours, &van, &mine, ["Two vans", "An old van"]).await;
    assert_eq!(table.app.as_person(COLLEAGUE).await.get(&van).await.status, 404);
}

#[tokio::test]
async fn a_thing_is_booked_once_given_back_thanked_for_and_written_down() {
    let table = Table::laid("").await;
    let van = van(&table).await;
    let book = format!("{van}/bookings");
    refused(&table.theirs, &book, &[], "Say from when until when.").await;
    let over = [("from", "2020-01-01T08:00"), ("to", "2020-01-01T10:00")];
    refused(&table.theirs, &book, &over, "This time is over.").await;
    let turned = [("from", "2099-01-01T10:00"), ("to", "2099-01-01T08:00")];
    refused(&table.theirs, &book, &turned, "It must end after it begins.").await;
    let when = [("from", "2020-01-01T08:00"), ("to", "2099-01-01T10:00"), ("purpose", "pipes")];
    let page = done(&table.theirs, &book, &when).await;
    assert!(page.contains("In use") && page.contains("Taken") && page.contains("pipes"), "{page}");
    let wanted = [("from", "2099-01-01T09:00"), ("to", "2099-01-01T11:00")];
    let page = refused(&table.ours, &book, &wanted, "Next free: 1 January 2099, 10:00").await;
    assert!(page.contains("Book this time instead") && page.contains("2099-01-01T10:00"));
    assert!(page.contains("only 0 is free"), "{page}");
    let instead = [("from", "2099-01-01T10:00"), ("to", "2099-01-01T12:00")];
    assert!(done(&table.ours, &book, &instead).await.contains("Booked."));

    let page = text(&table.theirs, &van).await;
    let (back, thanks) = (action(&page, "return"), action(&page, "thanks"));
    let said = [("condition", "scratched"), ("version", "1")];
    assert!(done(&table.theirs, &back, &said).await.contains("Given back."));
    let said = [("condition", "a dent"), ("version", "1")];
    late(&table.ours, &back, &said, ["scratched", "a dent"]).await;
    let said = [("thanks", "It helped a lot."), ("version", "2")];
    assert_eq!(table.ours.post(&thanks, &said).await.status, 404);
    assert!(done(&table.theirs, &thanks, &said).await.contains("Your thanks are with them."));

    let ledger = format!("{}/ledger", table.base);
    let theirs = text(&table.theirs, &ledger).await;
    assert!(theirs.contains("It helped a lot.") && !theirs.contains("From bookings"));
    let page = text(&table.ours, &ledger).await;
    assert!(page.contains("A van (1) to Fenwick"), "{page}");
    let field = |name: &str| {
        let from = page.find(&format!("type=\"hidden\" name=\"{name}\" value=\"")).unwrap();
        page[from..].split("value=\"").nth(1).unwrap().split('"').next().unwrap()
    };
    let names = ["receiver", "kind", "text", "amount", "unit", "day", "booking"];
    let fields = names.map(|name| (name, field(name)));
    let page = done(&table.ours, &ledger, &fields).await;
    assert!(page.contains("Waits for the receiver") && !page.contains("From bookings"));
}

#[tokio::test]
async fn the_balance_is_told_by_kind_once_the_receiver_confirms() {
    let table = Table::laid("").await;
    let path = format!("{}/ledger", table.base);
    refused(&table.ours, &path, &[("text", "x")], "Choose another party").await;
    let given = |receiver, n| {
        [
            ("text", "A survey"),
            ("receiver", receiver),
            ("kind", "time"),
            ("amount", n),
            ("unit", "hours"),
        ]
    };
    let page = done(&table.ours, &path, &given(&table.other, "30")).await;
    assert!(page.contains("Nothing is confirmed yet.") && page.contains("Beacon Homes to Fenwick"));
    let page = text(&table.theirs, &path).await;
    let answer = action(&page, "receipt");
    let confirm = [("receipt", "confirmed"), ("version", "1")];
    assert_eq!(table.ours.post(&answer, &confirm).await.status, 404, "the giver confirms nothing");
    let asked = [("receipt", "questioned"), ("question", "was it 25?"), ("version", "1")];
    assert!(done(&table.theirs, &answer, &asked).await.contains("was it 25?"));
    let again = [("receipt", "questioned"), ("question", "or 20?"), ("version", "1")];
    late(&table.theirs, &answer, &again, ["was it 25?", "or 20?"]).await;
    let confirm = [("receipt", "confirmed"), ("version", "2")];
    let page = done(&table.theirs, &answer, &confirm).await;
    assert!(page.contains("Gave more") && page.contains("30 hours"), "{page}");
    assert!(page.contains("0% of it came back in kind") && page.contains("is no debt"));
    assert!(!text(&table.ours, &path).await.contains("/removal\""), "what is confirmed stands");
    let owner = text(&table.owner, &path).await;
    assert!(owner.contains("30 hours") && !owner.contains("Something we gave"));
}

#[tokio::test]
async fn who_can_help_is_found_and_a_question_stays_between_the_two() {
    let table = Table::laid("").await;
    let path = format!("{}/expertise", table.base);
    let own = [("about", "Grant law"), ("tags", "heat pumps, Heat pumps"), ("version", "0")];
    let page = done(&table.ours, &path, &own).await;
    assert_eq!(page.matches(">heat pumps</a>").count(), 1);
    let mine = [("about", "Boats"), ("version", "0")];
    late(&table.ours, &path, &mine, ["Grant law", "Boats"]).await;
    let found = text(&table.theirs, &format!("{path}?q=pumps")).await;
    assert!(found.contains("Grant law") && found.contains(TWO_OTHERS.0));
    assert!(text(&table.theirs, &format!("{path}?q=boats")).await.contains("Nobody wrote these"));
    let ask = action(&found, "questions");
    refused(&table.theirs, &ask, &[("question", " ")], "Write what you ask.").await;
    assert_eq!(table.ours.post(&ask, &[("question", "x")]).await.status, 404, "oneself");
    done(&table.theirs, &ask, &[("question", "Who pays for pipes?")]).await;
    let page = text(&table.ours, &path).await;
    assert!(page.contains("Who pays for pipes?"));
    let from = page.find("/expertise/questions/").unwrap();
    let answer = format!("{}{}", table.base, page[from..].split('"').next().unwrap());
    let said = [("answer", "The city does."), ("version", "1")];
    assert_eq!(table.theirs.post(&answer, &said).await.status, 404);
    assert!(done(&table.ours, &answer, &said).await.contains("Answered."));
    let again = [("answer", "We do."), ("version", "1")];
    late(&table.ours, &answer, &again, ["The city does.", "We do."]).await;
    assert!(text(&table.theirs, &path).await.contains("The city does."));
    let id = table.base.split('/').nth(2).unwrap();
    for path in ["expertise", "expertise/questions"] {
        let (status, body) =
            table.app.api(Role::Owner, &format!("/partnerships/{id}/{path}")).await;
        assert_eq!(status, 200);
        assert!(!body.to_string().contains("pipes"), "{body}");
    }
    assert!(!text(&table.owner, &path).await.contains("Who pays for pipes?"));
}

#[tokio::test]
async fn forms_of_what_is_shared_stand_what_is_put_into_any_field() {
    let table = Table::laid("").await;
    let van = van(&table).await;
    let own = [("about", "Grant law"), ("version", "0")];
    let found = done(&table.theirs, &format!("{}/expertise", table.base), &own).await;
    assert!(found.contains("Grant law"));
    let ask = action(&text(&table.ours, &format!("{}/expertise", table.base)).await, "questions");
    let when = [("from", "2020-01-01T08:00"), ("to", "2099-01-01T10:00")];
    let page = done(&table.ours, &format!("{van}/bookings"), &when).await;
    let back = action(&page, "return");
    let forms: [(String, &[&str]); 8] = [
        (
            format!("{}/resources", table.base),
            &["direction", "kind", "title", "amount", "unit", "conditions"],
        ),
        (van.clone(), &["kind", "title", "amount", "unit", "conditions", "version"]),
        (format!("{van}/bookings"), &["from", "to", "amount", "purpose"]),
        (back.clone(), &["condition", "version"]),
        (back.replace("/return", "/thanks"), &["thanks", "version"]),
        (format!("{}/expertise", table.base), &["about", "tags", "version"]),
        (ask, &["question"]),
        (
            format!("{}/ledger", table.base),
            &["receiver", "kind", "text", "amount", "unit", "day", "booking"],
        ),
    ];
    for (path, fields) in &forms {
        for hostile in *fields {
            for value in payloads() {
                let encode = |name: &&str| {
                    let value = if name == hostile { &*value } else { b"" };
                    format!("{name}={}", percent_bytes(value))
                };
                let body: Vec<String> = fields.iter().map(encode).collect();
                let answer = table.ours.post_bytes(path, body.join("&").into_bytes(), &[]).await;
                check(&format!("POST {path} with {hostile}"), &answer);
            }
        }
    }
    for rest in [
        "/resources?kind=%00&direction=x",
        "/resources?after=x",
        "/expertise?q=%00&after=x",
        "/expertise?before=x",
        "/ledger?before=x",
        "/ledger/x/receipt",
        "/resources/%00/bookings",
        "/bookings/x/return",
    ] {
        let path = format!("{}{rest}", table.base);
        check(&path, &table.ours.get(&path).await);
        check(&path, &table.ours.post(&path, &[("version", "1")]).await);
    }
    for from in ["9999-12-31", "-9999-01-01", "x", "2026-02-30"] {
        check(from, &table.ours.get(&format!("{van}?from={from}")).await);
    }
}
