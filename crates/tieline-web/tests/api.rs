//! The interface for programs: who gets in, what comes back, and that asking twice does once.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod api {
    pub(crate) mod world;
}

use api::world::{Asked, World, bob, cyd, wait};
use serde_json::{Value, json};
use tieline_model::access::Role;
use tieline_store::TokenScope;

/// What is wrong, in the one form.
fn problem(answer: &Value) -> &str {
    assert!(answer["error"]["message"].as_str().is_some_and(|text| !text.is_empty()), "{answer}");
    answer["error"]["code"].as_str().unwrap()
}

#[test]
fn without_a_token_that_holds_nothing_comes_back_but_the_description() {
    wait(async {
        let world = World::new().await;
        for path in
            ["/me", "/people", "/units", "/findings", "/network/summary", "/imports", "/jobs"]
        {
            let (status, body) = world.get(path, None).await;
            assert_eq!((status, problem(&body)), (401, "unauthorized"), "{path}");
            let (status, _) = world.get(path, Some("made-up")).await;
            assert_eq!(status, 401, "{path}");
        }
        let (status, body) = world.post("/contacts", None, None, &json!({})).await;
        assert_eq!((status, problem(&body)), (401, "unauthorized"));
        let (status, document) = world.get("/openapi.json", None).await;
        assert_eq!((status, &document["info"]["title"]), (200, &json!("Tieline")));
    });
}

#[test]
fn a_cookie_reads_from_pages_of_the_same_site_and_never_writes() {
    wait(async {
        let world = World::new().await;
        let session = world.session(Role::Owner).await;
        let from = |site| Asked { cookie: Some(session.clone()), site, ..Asked::default() };
        assert_eq!(world.ask("GET", "/me", from(Some("same-origin"))).await.0, 200);
        assert_eq!(world.ask("GET", "/me", from(Some("cross-site"))).await.0, 401);
        assert_eq!(world.ask("GET", "/me", from(None)).await.0, 401);
        let write = Asked { body: Some(json!({})), ..from(Some("same-origin")) };
        assert_eq!(world.ask("POST", "/contacts", write).await.0, 401);
    });
}

#[test]
fn a_token_shows_its_account_and_what_it_opens() {
    wait(async {
        let world = World::new().await;
        let (token, account) = world.token(Role::Member, TokenScope::Read).await;
        let (status, me) = world.get("/me", Some(&token)).await;
        let wanted = json!({
            "id": account.to_string(), "name": "member", "role": "member", "person": null,
            "scopes": ["read"],
        });
        assert_eq!((status, me), (200, wanted));
    });
}

#[test]
fn people_come_in_parts_that_join_to_the_whole() {
    wait(async {
        let world = World::new().await;
        let (token, _) = world.token(Role::Member, TokenScope::Read).await;
        let (mut names, mut path) = (Vec::new(), "/people?limit=1".to_owned());
        loop {
            let (status, part) = world.get(&path, Some(&token)).await;
            assert_eq!(status, 200);
            names.extend(part["items"].as_array().unwrap().iter().map(|one| one["name"].clone()));
            let Some(next) = part["next"].as_str() else { break };
            path = format!("/people?limit=1&cursor={next}");
        }
        assert_eq!(names, ["Ann Ox", "Bob Elk", "Cyd Roe"]);
        let (_, found) = world.get("/people?q=elk", Some(&token)).await;
        let wanted = json!({
            "items": [{
                "id": bob().to_string(), "name": "Bob Elk", "kind": "person", "title": null,
                "unit": null, "organisation": null,
            }],
            "next": null,
        });
        assert_eq!(found, wanted);
        for bad in ["limit=0", "limit=201", "limit=x", "cursor=!", "kind=dog", "unit=1"] {
            let (status, body) = world.get(&format!("/people?{bad}"), Some(&token)).await;
            assert_eq!((status, problem(&body)), (422, "invalid"), "{bad}");
        }
    });
}

#[test]
fn a_person_is_shown_without_addresses_to_members_and_the_look_is_kept() {
    wait(async {
        let world = World::new().await;
        let (member, account) = world.token(Role::Member, TokenScope::Read).await;
        let (steward, _) = world.token(Role::Steward, TokenScope::Read).await;
        let path = format!("/people/{}", bob());
        let (status, seen) = world.get(&path, Some(&member)).await;
        assert_eq!((status, &seen["addresses"]), (200, &Value::Null));
        let (_, seen) = world.get(&path, Some(&steward)).await;
        assert_eq!(seen["addresses"], json!(["bob@x.example"]));
        let looks = world.app.store.looks(None, 9).await.unwrap();
        assert_eq!(looks.iter().filter(|look| look.account == account).count(), 1);
        for nobody in [format!("/people/{}", uuid::Uuid::nil()), "/people/x".to_owned()] {
            let (status, body) = world.get(&nobody, Some(&member)).await;
            assert_eq!((status, problem(&body)), (404, "not_found"));
        }
    });
}

#[test]
fn what_is_for_stewards_does_not_exist_for_members_nor_the_directory_for_guests() {
    wait(async {
        let world = World::new().await;
        let (member, _) = world.token(Role::Member, TokenScope::Write).await;
        let (guest, _) = world.token(Role::Guest, TokenScope::Write).await;
        let (steward, _) = world.token(Role::Steward, TokenScope::Write).await;
        for path in ["/imports", "/jobs"] {
            assert_eq!(world.get(path, Some(&member)).await.0, 404, "{path}");
            assert_eq!(world.get(path, Some(&steward)).await.0, 200, "{path}");
        }
        let one = format!("/people/{}", bob());
        for path in ["/people", "/units", "/findings", "/network/summary", "/network/groups", &one]
        {
            assert_eq!(world.get(path, Some(&guest)).await.0, 404, "{path}");
        }
        let decision =
            json!({"a": bob().to_string(), "b": "cyd@x.example", "same": false, "reason": ""});
        let (status, _) = world.post("/identities/decisions", Some(&member), None, &decision).await;
        assert_eq!(status, 404);
        let (status, _) =
            world.post("/identities/decisions", Some(&steward), None, &decision).await;
        assert_eq!(status, 201);
        assert_eq!(world.app.store.decisions().await.unwrap().len(), 1);
    });
}

#[test]
fn a_token_that_reads_alone_writes_nothing() {
    wait(async {
        let world = World::new().await;
        let (token, _) = world.token(Role::Owner, TokenScope::Read).await;
        let contact = json!({"kind": "met", "people": [bob().to_string()]});
        let (status, body) = world.post("/contacts", Some(&token), None, &contact).await;
        assert_eq!((status, problem(&body)), (403, "scope"));
        assert_eq!(world.app.store.all_contacts().await.unwrap().len(), 0);
    });
}

#[test]
fn the_same_key_logs_one_contact_and_gets_the_same_answer() {
    wait(async {
        let world = World::new().await;
        let (token, account) = world.token(Role::Member, TokenScope::Write).await;
        let (other, _) = world.token(Role::Steward, TokenScope::Write).await;
        let contact = json!({
            "kind": "called", "people": [bob().to_string(), cyd().to_string()], "line": " lunch ",
            "promises": [{"by_us": true, "text": "send the plan"}],
        });
        let first = world.post("/contacts", Some(&token), Some("k1"), &contact).await;
        assert_eq!(first.0, 201);
        let again = world.post("/contacts", Some(&token), Some("k1"), &contact).await;
        assert_eq!(again, first);
        let logged = world.app.store.contacts_by(account, None, 9).await.unwrap();
        assert_eq!(logged.len(), 1);
        assert_eq!((logged[0].line.as_str(), logged[0].people.len()), ("lunch", 2));
        assert_eq!(first.1["id"], json!(logged[0].id.to_string()));

        let anothers = world.post("/contacts", Some(&other), Some("k1"), &contact).await;
        assert_eq!(anothers.0, 201);
        assert_ne!(anothers.1, first.1, "keys are of the account");
        let undo = format!("/contacts/{}/undo", logged[0].id);
        let (status, body) = world.post(&undo, Some(&token), Some("k1"), &json!({})).await;
        assert_eq!((status, problem(&body)), (422, "invalid"), "the key was for something else");
        assert_eq!(world.post(&undo, Some(&other), None, &json!({})).await.0, 404);
        assert_eq!(world.post(&undo, Some(&token), Some("k2"), &json!({})).await.0, 200);
        assert_eq!(world.post(&undo, Some(&token), Some("k2"), &json!({})).await.0, 200);
        assert_eq!(world.app.store.contacts_by(account, None, 9).await.unwrap().len(), 0);
    });
}

#[test]
fn a_contact_that_makes_no_sense_is_refused_with_the_reason() {
    wait(async {
        let world = World::new().await;
        let (token, _) = world.token(Role::Member, TokenScope::Write).await;
        let who = bob().to_string();
        for (body, why) in [
            (json!({"kind": "danced", "people": [who]}), "kind"),
            (json!({"kind": "met", "people": []}), "people"),
            (json!({"kind": "met", "people": ["x"]}), "people"),
            (json!({"kind": "met", "people": [who], "at": "2999-01-01T00:00:00Z"}), "to come"),
            (json!({"kind": "met", "people": [who], "at": "noon"}), "at is a time"),
            (json!({"kind": "met", "people": [who], "visibility": "all"}), "visibility"),
            (json!({"kind": "met", "people": [who], "line": "x".repeat(501)}), "line"),
            (json!({"kind": "met", "people": [who], "colour": "red"}), "colour"),
            (json!([]), ""),
        ] {
            let (status, answer) = world.post("/contacts", Some(&token), None, &body).await;
            assert_eq!((status, problem(&answer)), (422, "invalid"), "{body}");
            assert!(answer["error"]["message"].as_str().unwrap().contains(why), "{answer}");
        }
        assert_eq!(world.app.store.all_contacts().await.unwrap().len(), 0);
    });
}

#[test]
fn what_is_not_there_is_told_in_the_same_form() {
    wait(async {
        let world = World::new().await;
        let (token, _) = world.token(Role::Owner, TokenScope::Write).await;
        let (status, body) = world.get("/nothing", Some(&token)).await;
        assert_eq!((status, problem(&body)), (404, "not_found"));
        let (status, body) = world.post("/findings", Some(&token), None, &json!({})).await;
        assert_eq!((status, problem(&body)), (405, "method"));
    });
}

#[test]
fn a_program_waits_for_the_first_network_of_a_server_that_just_started() {
    wait(async {
        let world = World::new().await;
        let (token, _) = world.token(Role::Owner, TokenScope::Write).await;
        assert!(world.app.live.is_starting());
        let asked = world.get("/findings", Some(&token));
        // Polled after the question, and the question has other things to wait for.
        let (answer, ()) = tokio::join!(asked, async {
            tokio::task::yield_now().await;
            world.app.live.publish(None);
        });
        assert_eq!((answer.0, problem(&answer.1)), (404, "not_found"), "nothing is imported");
    });
}

/// The description is what programs are built on: a change of it is seen in a review. To renew the
/// file: `TIELINE_RENEW=1 cargo test -p tieline-web --test api`.
#[test]
fn the_description_is_the_committed_one() {
    wait(async {
        let world = World::new().await;
        let (_, document) = world.get("/openapi.json", None).await;
        let text = format!("{}\n", serde_json::to_string_pretty(&document).unwrap());
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/openapi.json");
        if std::env::var_os("TIELINE_RENEW").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        let known: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(document == known, "the description changed: see above how to renew the file");
    });
}

#[test]
fn what_is_written_about_people_is_written_read_and_taken_back() {
    wait(async {
        let world = World::new().await;
        let (member, _) = world.token(Role::Member, TokenScope::Write).await;
        let (steward, _) = world.token(Role::Steward, TokenScope::Write).await;
        let (guest, _) = world.token(Role::Guest, TokenScope::Write).await;
        let of = |rest: &str| format!("/people/{}/{rest}", bob());
        let note = json!({ "text": "keeps bees" });
        assert_eq!(world.post(&of("notes"), Some(&guest), None, &note).await.0, 404);
        let (status, made) = world.post(&of("notes"), Some(&member), Some("n"), &note).await;
        assert_eq!(status, 201);
        assert_eq!(world.post(&of("notes"), Some(&member), Some("n"), &note).await.1, made);
        let notes = world.get(&of("notes"), Some(&member)).await.1;
        assert_eq!(notes["items"][0]["text"], "keeps bees");
        assert_eq!(world.get(&of("notes"), Some(&steward)).await.1["items"], json!([]));
        let removal = format!("/notes/{}/removal", made["id"].as_str().unwrap());
        assert_eq!(world.post(&removal, Some(&steward), None, &json!({})).await.0, 404);
        assert_eq!(world.post(&removal, Some(&member), None, &json!({})).await.0, 200);

        let promise = json!({ "by_us": true, "text": "a list", "due": "2026-12-24" });
        let (status, made) = world.post(&of("promises"), Some(&member), None, &promise).await;
        assert_eq!(status, 201);
        let kept = format!("/promises/{}/kept", made["id"].as_str().unwrap());
        assert_eq!(world.post(&kept, Some(&member), None, &json!({})).await.0, 200);
        let promises = world.get(&of("promises"), Some(&member)).await.1;
        assert!(promises["items"][0]["kept"].is_string());
        let bad = json!({ "by_us": true, "text": "a list", "due": "soon" });
        let (status, body) = world.post(&of("promises"), Some(&member), None, &bad).await;
        assert_eq!((status, problem(&body)), (422, "invalid"));

        let tag = json!({ "tag": "Board" });
        assert_eq!(world.post(&of("tags"), Some(&member), None, &tag).await.0, 200);
        let found = world.get("/people?tag=board", Some(&member)).await.1;
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        assert_eq!(world.post(&of("tags/removal"), Some(&member), None, &tag).await.0, 200);
    });
}

#[test]
fn facts_are_said_by_programs_and_a_stale_version_is_told() {
    wait(async {
        let world = World::new().await;
        let (token, _) = world.token(Role::Steward, TokenScope::Write).await;
        let of = |rest: &str| format!("/people/{}/{rest}", bob());
        let name = json!({ "name": "Bob Moose", "version": 0 });
        assert_eq!(world.post(&of("name"), Some(&token), None, &name).await.0, 200);
        let (status, body) = world.post(&of("name"), Some(&token), None, &name).await;
        assert_eq!((status, problem(&body)), (409, "conflict"));
        let place =
            json!({ "organisation": "Ferry Board", "title": "Pilot", "from": "2024-02-01" });
        let (status, made) = world.post(&of("places"), Some(&token), None, &place).await;
        assert_eq!(status, 201);
        let (_, seen) = world.get(&format!("/people/{}", bob()), Some(&token)).await;
        let first = &seen["affiliations"][0];
        assert_eq!((&seen["name"], &first["title"]), (&json!("Bob Moose"), &json!("Pilot")));
        assert_eq!(first["source"], "person");
        for verb in ["removal", "restoration"] {
            let path = format!("/places/{}/{verb}", made["id"].as_str().unwrap());
            assert_eq!(world.post(&path, Some(&token), None, &json!({})).await.0, 200);
        }
        let dee = json!({ "name": "Dee Ox", "address": "dee@y.example" });
        let (status, made) = world.post("/people", Some(&token), None, &dee).await;
        assert_eq!(status, 201);
        assert_eq!(world.post("/people", Some(&token), None, &dee).await.0, 409);
        let tie = json!({ "a": made["id"], "b": bob().to_string() });
        let (member, _) = world.token(Role::Member, TokenScope::Write).await;
        assert_eq!(world.post("/ties", Some(&member), None, &tie).await.0, 404);
        for path in ["/ties", "/ties/removal"] {
            assert_eq!(world.post(path, Some(&token), None, &tie).await.0, 200);
        }
    });
}
