//! What programs say, set and keep: places, fields, units, views, rhythms, what is put off, and changes
//! of many at once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod api {
    pub(crate) mod world;
}

use api::world::{World, address, bob, wait};
use serde_json::{Value, json};
use tieline_model::access::Role;
use tieline_store::{FieldKind, TokenScope, Verb};

fn problem(body: &Value) -> &str {
    body["error"]["code"].as_str().unwrap_or_default()
}

async fn writer(world: &World, role: Role) -> String {
    world.token(role, TokenScope::Write).await.0
}

fn of_bob(rest: &str) -> String {
    format!("/people/{}/{rest}", bob())
}

#[test]
fn a_place_is_read_changed_and_goes_back_by_one_step() {
    wait(async {
        let world = World::new().await;
        let token = writer(&world, Role::Member).await;
        let said = json!({ "organisation": "Ferry Board", "title": "Pilot" });
        let (status, made) = world.post(&of_bob("places"), Some(&token), None, &said).await;
        assert_eq!(status, 201);
        let first = world.get(&of_bob("places"), Some(&token)).await.1["items"][0].clone();
        assert_eq!((&first["id"], &first["title"]), (&made["id"], &json!("Pilot")));
        let path = format!("/places/{}", made["id"].as_str().unwrap());
        let change = json!({
            "place": { "organisation": "Ferry Board", "title": "Captain" },
            "version": first["version"],
        });
        assert_eq!(world.post(&path, Some(&token), Some("k"), &change).await.0, 200);
        assert_eq!(world.post(&path, Some(&token), Some("k"), &change).await.0, 200, "one change");
        let (status, body) = world.post(&path, Some(&token), None, &change).await;
        assert_eq!((status, problem(&body)), (409, "conflict"), "of a version that is gone");
        let now = world.get(&of_bob("places"), Some(&token)).await.1["items"][0].clone();
        assert_eq!(now["title"], "Captain");
        let before = format!("{path}/before");
        assert_eq!(world.post(&before, Some(&token), None, &json!({})).await.0, 200);
        let then = world.get(&of_bob("places"), Some(&token)).await.1["items"][0].clone();
        assert_eq!(then["title"], "Pilot");
        let guest = writer(&world, Role::Guest).await;
        assert_eq!(world.get(&of_bob("places"), Some(&guest)).await.0, 404);
        assert_eq!(world.post(&path, Some(&guest), None, &change).await.0, 404);
    });
}

#[test]
fn a_note_is_changed_by_its_author_alone() {
    wait(async {
        let world = World::new().await;
        let (author, other) =
            (writer(&world, Role::Member).await, writer(&world, Role::Steward).await);
        let note = json!({ "text": "keeps bees", "visibility": "workspace" });
        let made = world.post(&of_bob("notes"), Some(&author), None, &note).await.1;
        let path = format!("/notes/{}", made["id"].as_str().unwrap());
        let change = json!({ "note": { "text": "keeps goats" }, "version": 1 });
        assert_eq!(world.post(&path, Some(&other), None, &change).await.0, 404);
        assert_eq!(world.post(&path, Some(&author), None, &change).await.0, 200);
        let (status, body) = world.post(&path, Some(&author), None, &change).await;
        assert_eq!((status, problem(&body)), (409, "conflict"));
        let seen = world.get(&of_bob("notes"), Some(&other)).await.1["items"][0].clone();
        assert_eq!(seen["text"], "keeps goats");
        assert_eq!(seen["visibility"], "workspace", "what is not said stays");
    });
}

#[test]
fn values_of_fields_are_set_and_cleared_and_must_fit() {
    wait(async {
        let world = World::new().await;
        let token = writer(&world, Role::Member).await;
        let tx = world.app.store.begin().await.unwrap();
        let choices = FieldKind::Choice(vec!["North".to_owned(), "South".to_owned()]);
        let field = tx.add_field("Region", &choices).await.unwrap().to_string();
        tx.commit().await.unwrap();
        let fields = world.get("/fields", Some(&token)).await.1;
        assert_eq!(fields["items"][0]["choices"], json!(["North", "South"]));
        let set = async |values: Value| {
            let body = json!({ "values": values });
            world.post(&of_bob("fields"), Some(&token), None, &body).await
        };
        assert_eq!(set(json!({ &field: "North" })).await.0, 200);
        let seen = world.get(&of_bob("fields"), Some(&token)).await.1;
        assert_eq!(seen["items"], json!([{ "field": field, "value": "North" }]));
        for wrong in [json!({ &field: "West" }), json!({ "no field": "x" })] {
            let (status, body) = set(wrong).await;
            assert_eq!((status, problem(&body)), (422, "invalid"));
        }
        assert_eq!(set(json!({ &field: "" })).await.0, 200);
        assert_eq!(world.get(&of_bob("fields"), Some(&token)).await.1["items"], json!([]));
    });
}

#[test]
fn a_unit_is_added_shown_with_its_people_and_taken_back() {
    wait(async {
        let world = World::new().await;
        let (token, account) = world.token(Role::Member, TokenScope::Write).await;
        let add = async |body: Value| world.post("/units", Some(&token), None, &body).await;
        let (status, board) = add(json!({ "name": "Ferry Board" })).await;
        assert_eq!(status, 201);
        let (status, crew) = add(json!({ "name": "Crew", "parent": board["id"] })).await;
        assert_eq!(status, 201);
        for wrong in [json!({ "name": "" }), json!({ "name": "X", "parent": crew["id"] })] {
            assert_eq!(add(wrong).await.0, 422);
        }
        let said = json!({ "organisation": "Ferry Board", "department": "Crew" });
        assert_eq!(world.post(&of_bob("places"), Some(&token), None, &said).await.0, 201);
        let path = format!("/units/{}", crew["id"].as_str().unwrap());
        let (status, seen) = world.get(&path, Some(&token)).await;
        assert_eq!((status, &seen["total"]), (200, &json!(1)));
        assert_eq!(seen["above"], json!([{ "id": board["id"], "name": "Ferry Board" }]));
        assert_eq!(seen["people"][0]["person"]["name"], "Bob Elk");
        assert_eq!(seen["people"][0]["tie"], Value::Null);
        let looks = world.app.store.looks_at(&[address("bob").id()], None, 9).await.unwrap();
        assert!(looks.iter().any(|look| look.account == account && look.page == "organisation"));
        let withdrawal = format!("{path}/withdrawal");
        let (status, body) = world.post(&withdrawal, Some(&token), None, &json!({})).await;
        assert_eq!((status, problem(&body)), (422, "invalid"), "somebody works there");
        let empty = add(json!({ "name": "Empty" })).await.1;
        let withdrawal = format!("/units/{}/withdrawal", empty["id"].as_str().unwrap());
        assert_eq!(world.post(&withdrawal, Some(&token), None, &json!({})).await.0, 200);
        let guest = writer(&world, Role::Guest).await;
        assert_eq!(world.get(&path, Some(&guest)).await.0, 404);
        let nobody = format!("/units/{}", uuid::Uuid::nil());
        assert_eq!(world.get(&nobody, Some(&token)).await.0, 404);
    });
}

#[test]
fn views_rhythms_and_what_is_put_off_are_the_accounts_own() {
    wait(async {
        let world = World::new().await;
        let (mine, other) =
            (writer(&world, Role::Member).await, writer(&world, Role::Steward).await);
        let view = json!({ "name": "Elks", "filters": { "q": "elk" } });
        let (status, made) = world.post("/views", Some(&mine), None, &view).await;
        assert_eq!(status, 201);
        let seen = world.get("/views", Some(&mine)).await.1["items"].clone();
        assert_eq!((&seen[0]["name"], &seen[0]["query"]), (&json!("Elks"), &json!("q=elk")));
        assert_eq!(world.get("/views", Some(&other)).await.1["items"], json!([]));
        let shared = json!({ "name": "Elks", "shared": true, "filters": { "q": "elk" } });
        assert_eq!(world.post("/views", Some(&mine), None, &shared).await.1, made);
        let theirs = world.get("/views", Some(&other)).await.1["items"].clone();
        assert_eq!((&theirs[0]["shared"], &theirs[0]["own"]), (&json!(true), &json!(false)));
        let removal = format!("/views/{}/removal", made["id"].as_str().unwrap());
        assert_eq!(world.post(&removal, Some(&other), None, &json!({})).await.0, 404);
        assert_eq!(world.post(&removal, Some(&mine), None, &json!({})).await.0, 200);

        let rhythm = json!({ "days": 30 });
        assert_eq!(world.post(&of_bob("rhythm"), Some(&mine), None, &rhythm).await.0, 200);
        assert_eq!(world.get(&of_bob("rhythm"), Some(&mine)).await.1, rhythm);
        assert_eq!(world.get(&of_bob("rhythm"), Some(&other)).await.1, json!({ "days": null }));
        let wrong = json!({ "days": 0 });
        assert_eq!(world.post(&of_bob("rhythm"), Some(&mine), None, &wrong).await.0, 422);

        let item = json!({ "item": "reviews" });
        assert_eq!(world.post("/snoozes", Some(&mine), None, &item).await.0, 200);
        assert_eq!(world.get("/snoozes", Some(&mine)).await.1["items"][0]["item"], "reviews");
        assert_eq!(world.get("/snoozes", Some(&other)).await.1["items"], json!([]));
        assert_eq!(world.post("/snoozes/end", Some(&mine), None, &item).await.0, 200);
        assert_eq!(world.post("/snoozes/end", Some(&mine), None, &item).await.0, 404);
    });
}

#[test]
fn many_are_changed_at_once_by_stewards_as_the_preview_said_and_taken_back_as_one() {
    wait(async {
        let world = World::new().await;
        let (steward, account) = world.token(Role::Steward, TokenScope::Write).await;
        let member = writer(&world, Role::Member).await;
        assert_eq!(world.get("/people/bulk", Some(&member)).await.0, 404);
        let (status, seen) = world.get("/people/bulk?kind=person", Some(&steward)).await;
        assert_eq!((status, &seen["n"]), (200, &json!(3)));
        let change = |n: u64, what: &str| json!({ "what": what, "with": "Board", "n": n, "filters": { "kind": "person" } });
        let path = "/people/bulk";
        assert_eq!(world.post(path, Some(&member), None, &change(3, "tag")).await.0, 404);
        assert_eq!(world.post(path, Some(&steward), None, &change(2, "tag")).await.0, 409);
        assert_eq!(world.post(path, Some(&steward), None, &change(3, "dance")).await.0, 422);
        let (status, made) = world.post(path, Some(&steward), Some("k"), &change(3, "tag")).await;
        assert_eq!((status, &made["changed"]), (201, &json!(3)));
        let again = world.post(path, Some(&steward), Some("k"), &change(3, "tag")).await;
        assert_eq!(again, (201, made.clone()));
        let tagged = async || {
            let found = world.get("/people?tag=board", Some(&steward)).await.1;
            found["items"].as_array().unwrap().len()
        };
        assert_eq!(tagged().await, 3);
        let events = world.app.store.history(20).await.unwrap();
        let told = events.iter().find(|event| event.verb == Verb::BulkEdited).unwrap();
        assert_eq!(told.by, Some(account), "the history says who did it");
        let undo = format!("/people/bulk/{}/undo", made["id"].as_str().unwrap());
        assert_eq!(world.post(&undo, Some(&member), None, &json!({})).await.0, 404);
        assert_eq!(world.post(&undo, Some(&steward), None, &json!({})).await.0, 200);
        assert_eq!(tagged().await, 0);
    });
}

#[test]
fn a_program_makes_renews_and_ends_the_link_of_a_seat() {
    wait(async {
        let world = World::new().await;
        let token = writer(&world, Role::Owner).await;
        let post =
            async |path: &str, body: &Value| world.post(path, Some(&token), None, body).await;
        let begun = json!({ "name": "Warm homes" });
        let (status, made) = post("/partnerships", &begun).await;
        assert_eq!(status, 201, "{made}");
        let room = format!("/partnerships/{}", made["id"].as_str().unwrap());
        let (_, party) = post(&format!("{room}/parties"), &json!({ "name": "Fenwick" })).await;
        let seat = json!({
            "party": party["id"], "name": "Nadia Bly", "address": "nadia@fen.example",
        });
        let (status, seat) = post(&format!("{room}/people"), &seat).await;
        assert_eq!(status, 201, "{seat}");
        let link = format!("{room}/people/{}/link", seat["id"].as_str().unwrap());
        let nothing = json!({});
        let (status, first) = post(&link, &nothing).await;
        assert_eq!(status, 201, "{first}");
        let (_, second) = post(&link, &nothing).await;
        assert_ne!(first["path"], second["path"], "no answer with a secret is kept");
        let links = world.get(&format!("{room}/links"), Some(&token)).await.1;
        assert_eq!(links["items"].as_array().unwrap().len(), 1);
        assert_eq!(links["items"][0]["waits"], true);
        assert_eq!(post(&format!("{link}/renewal"), &nothing).await.0, 200);
        assert_eq!(post(&format!("{link}/mail"), &nothing).await.0, 422, "there is no mail");
        let reads = world.token(Role::Owner, TokenScope::Read).await.0;
        assert_eq!(world.post(&link, Some(&reads), None, &nothing).await.0, 403);
        let other = writer(&world, Role::Steward).await;
        assert_eq!(world.post(&link, Some(&other), None, &nothing).await.0, 404);
        assert_eq!(post(&format!("{link}/removal"), &nothing).await.0, 200);
        let links = world.get(&format!("{room}/links"), Some(&token)).await.1;
        assert_eq!(links["items"], json!([]));
        let links = [Verb::GuestRevoked, Verb::GuestRenewed, Verb::GuestInvited];
        let mut events = world.app.store.history(20).await.unwrap();
        events.retain(|event| links.contains(&event.verb));
        let done: Vec<_> = events.iter().map(|event| event.verb).collect();
        assert_eq!(done, [links.as_slice(), &[Verb::GuestInvited]].concat(), "tells each");
        assert!(events.iter().all(|event| event.by.is_some()));
    });
}
