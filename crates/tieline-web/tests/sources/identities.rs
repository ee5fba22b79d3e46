use tieline_model::address::Address;
use tieline_model::id::{ActorId, AddressId};
use tieline_store::{Actor, ActorKind, IdentityState, Review};

use crate::bench::{Bench, words};

/// Pairs of one name at two addresses, each waiting for a word.
fn pairs(bench: &Bench, n: usize) -> Vec<(AddressId, AddressId)> {
    let import = bench.import("mail.mbox", 0);
    let mut state = IdentityState::default();
    let mut pairs = Vec::new();
    for n in 0..n {
        let at = |place: &str| Address::email(&format!("person{n}@{place}.example")).unwrap();
        let ids = bench.sight(import, &[at("acme"), at("trust")]);
        for id in &ids {
            state.actors.push(Actor {
                id: ActorId::derived(&[&id.as_i64().to_be_bytes()]),
                anchor: *id,
                name: format!("Person <{n}>"),
                given: None,
                family: None,
                kind: ActorKind::Person,
                addresses: vec![*id],
                merges: Vec::new(),
            });
        }
        state.reviews.push(Review {
            a: ids[0],
            b: ids[1],
            probability: 0.8,
            reasons_for: vec!["the same full name".to_owned()],
            reasons_against: vec!["different addresses".to_owned()],
        });
        pairs.push((ids[0], ids[1]));
    }
    bench.wait(async {
        let tx = bench.store.begin().await?;
        tx.replace_identity(&state).await?;
        tx.commit().await
    });
    pairs
}

#[test]
fn both_people_stand_side_by_side_with_what_speaks_for_and_against() {
    let bench = Bench::new();
    pairs(&bench, 1);
    let page = bench.get("/identities").text;
    let said = words(&page);
    for text in [
        "1 pair to decide",
        "80% likely one person",
        "person0@acme.example",
        "person0@trust.example",
        "3 sent, 4 received",
        "The same full name.",
        "Different addresses.",
    ] {
        assert!(said.contains(text), "{text}: {said}");
    }
    assert!(!page.contains("Person <0>"), "names are text");
}

#[test]
fn pairs_come_twenty_at_a_time_and_each_once() {
    let bench = Bench::new();
    pairs(&bench, 45);
    let (mut next, mut seen) = ("/identities".to_owned(), Vec::new());
    for count in [20, 20, 5] {
        let page = bench.get(&next).text;
        let here: Vec<String> = (0..45)
            .map(|n| format!("person{n}@acme.example"))
            .filter(|address| page.contains(address.as_str()))
            .collect();
        assert_eq!(here.len(), count);
        seen.extend(here);
        next = page
            .split("href=\"")
            .find(|rest| rest.starts_with("/identities?after="))
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .unwrap_or_default();
    }
    assert_eq!(next, "", "the last page has no next");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 45);
    assert_eq!(bench.get("/identities?after=x").status, 400);
    assert_eq!(bench.get("/identities?state=decided&after=x").status, 400);
}

#[test]
fn a_word_is_recorded_and_can_be_taken_back() {
    let bench = Bench::new();
    let (a, b) = pairs(&bench, 1)[0];
    let form = format!("a={a}&b={b}&decision=same&reason=both+are+mine");
    let answer = bench.post("/identities/decisions", &form);
    assert_eq!((answer.status, answer.to), (303, format!("/identities?done=same&undo={a}-{b}")));
    let decisions = bench.wait(bench.store.decisions());
    assert_eq!((decisions.len(), decisions[0].decision.same), (1, true));
    let page = bench.get(&format!("/identities?done=same&undo={a}-{b}")).text;
    assert!(page.contains("One person from now on."));
    assert!(words(&page).contains("Nothing waits for a look"));
    let undo = format!("/identities/decisions/{a}/{b}/undo");
    assert!(page.contains(&undo), "the toast offers it");
    let decided = words(&bench.get("/identities?state=decided").text);
    assert!(decided.contains("One person") && decided.contains("“both are mine”"), "{decided}");
    let answer = bench.post(&undo, "");
    assert_eq!((answer.status, answer.to.as_str()), (303, "/identities?done=decision-undone"));
    assert!(bench.wait(bench.store.decisions()).is_empty());
    assert!(words(&bench.get("/identities").text).contains("1 pair to decide"));
    assert_eq!(bench.post(&undo, "").status, 404, "there is nothing more to take back");
}

#[test]
fn words_on_nobody_and_words_that_are_none_are_refused() {
    let bench = Bench::new();
    let (a, b) = pairs(&bench, 1)[0];
    let stranger = AddressId::of(&[b"nobody"]);
    let check = |form: String, status: u16| {
        assert_eq!(bench.post("/identities/decisions", &form).status, status, "{form}");
    };
    check(format!("a={a}&b={stranger}&decision=same"), 404);
    check(format!("a={a}&b=x&decision=same"), 404);
    check(String::new(), 404);
    check(format!("a={a}&b={b}&decision=perhaps"), 400);
    check(format!("a={a}&b={a}&decision=same"), 409);
    check(format!("a={a}&b={b}&decision=different&reason={}", "x".repeat(501)), 422);
    assert!(bench.wait(bench.store.decisions()).is_empty());
    check(format!("a={a}&b={b}&decision=different&reason={}", "x".repeat(500)), 303);
}
