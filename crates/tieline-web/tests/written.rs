//! What people write about people: facts by hand, notes, promises, tags; who reads them, and what
//! becomes of two changes at once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::TestApp;
use support::steps::{assert_status, done, field, text, undo_of};
use support::world::{COLLEAGUE, MEMBER, TWO_OTHERS, actor_of, address_of, unit_of};
use tieline_model::access::Role;

fn page_of(name: &str) -> String {
    format!("/people/{}", actor_of(name))
}

#[tokio::test]
async fn a_name_said_by_hand_is_shown_with_who_said_it_and_goes_back() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    let path = page_of(COLLEAGUE);
    let fields = [("name", "Ottoline Crane"), ("version", "0")];
    let page = done(&member, &format!("{path}/name"), &fields).await;
    assert!(page.contains("<h1>Ottoline Crane</h1>"));
    let facts = text(&member, &format!("{path}/facts")).await;
    assert!(facts.contains("said by A member"), "{facts}");
    let page = done(&member, &undo_of(&page), &[]).await;
    assert!(page.contains(&format!("<h1>{COLLEAGUE}</h1>")));
    let blank = member.post(&format!("{path}/name"), &[("name", " "), ("version", "2")]).await;
    assert_status(&blank, 422);
    assert!(blank.text.contains("There is a problem"));
}

#[tokio::test]
async fn two_changes_of_one_name_are_shown_side_by_side_and_nothing_is_lost() {
    let app = TestApp::new().await;
    let (member, steward) = (app.as_(Role::Member).await, app.as_(Role::Steward).await);
    let path = format!("{}/name", page_of(COLLEAGUE));
    done(&steward, &path, &[("name", "O. Vance"), ("version", "0")]).await;
    let late = member.post(&path, &[("name", "Ottoline Crane"), ("version", "0")]).await;
    assert_status(&late, 409);
    for shown in ["O. Vance", "Ottoline Crane", "A steward", "Keep what is there now"] {
        assert!(late.text.contains(shown), "{shown}");
    }
    let version = field(&late.text, "version").to_owned();
    let fields = [("name", "Ottoline Crane"), ("version", &*version)];
    let page = done(&member, &path, &fields).await;
    assert!(page.contains("<h1>Ottoline Crane</h1>"));
}

#[tokio::test]
async fn a_place_said_by_hand_comes_first_and_is_changed_removed_and_restored() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    let path = page_of(COLLEAGUE);
    let fields = [
        ("organisation", "Ferry Board"),
        ("department", "Tides"),
        ("title", "Pilot"),
        ("from", "2024-02-01"),
        ("to", ""),
    ];
    let page = done(&member, &format!("{path}/places"), &fields).await;
    assert!(page.contains("Pilot, Tides") && page.contains("since 1 February 2024"), "{page}");
    assert!(page.contains("said by A member"));
    let place = undo_of(&page).replace("/removal", "");
    let wrong = [("organisation", "Ferry Board"), ("from", "2024-02-01"), ("to", "2024-01-01")];
    assert_status(&member.post(&place, &wrong).await, 422);
    let changed = [&fields[..2], &[("title", "Master"), ("version", "1")]].concat();
    let page = done(&member, &place, &changed).await;
    assert!(page.contains("Master, Tides"));
    let late = member.post(&place, &changed).await;
    assert_status(&late, 409);
    assert!(late.text.contains("First day"));
    let page = done(&member, &format!("{place}/removal"), &[]).await;
    assert!(!page.contains("Master, Tides"));
    let page = done(&member, &undo_of(&page), &[]).await;
    assert!(page.contains("Master, Tides"));
}

#[tokio::test]
async fn a_note_is_read_by_whom_it_says_and_comes_back() {
    let app = TestApp::new().await;
    let (member, steward) = (app.as_(Role::Member).await, app.as_(Role::Steward).await);
    let path = page_of(COLLEAGUE);
    let notes = format!("{path}/notes");
    let page = done(&member, &notes, &[("note", "keeps bees"), ("visibility", "own")]).await;
    assert!(page.contains("keeps bees") && page.contains("only you"));
    assert!(!text(&steward, &path).await.contains("keeps bees"));
    let removal = undo_of(&page);
    assert_status(&steward.post(&removal, &[]).await, 404);
    assert_status(&steward.get(&removal.replace("/removal", "")).await, 404);
    let note = removal.replace("/removal", "");
    let open = [("note", "keeps geese"), ("visibility", "workspace"), ("version", "1")];
    done(&member, &note, &open).await;
    assert!(text(&steward, &path).await.contains("keeps geese"));
    let late = member.post(&note, &open).await;
    assert_status(&late, 409);
    let page = done(&member, &removal, &[]).await;
    assert!(!page.contains("keeps geese"));
    assert!(done(&member, &undo_of(&page), &[]).await.contains("keeps geese"));
}

#[tokio::test]
async fn promises_on_both_sides_are_listed_kept_and_taken_back() {
    let app = TestApp::new().await;
    let (member, steward) = (app.as_(Role::Member).await, app.as_(Role::Steward).await);
    let promises = format!("{}/promises", page_of(COLLEAGUE));
    let ours = [("promise", "the tide table"), ("by", "us"), ("due", "2020-01-01")];
    let page = done(&member, &promises, &ours).await;
    assert!(page.contains("the tide table") && page.contains("late"));
    let theirs = [("promise", "a rope"), ("by", "them"), ("due", "")];
    let page = done(&member, &promises, &theirs).await;
    let rope = undo_of(&page);
    let list = text(&member, "/promises").await;
    let (owe, owed) = list.split_once("What I am owed").unwrap();
    assert!(owe.contains("the tide table") && owed.contains("a rope"));
    assert!(!text(&steward, "/promises").await.contains("a rope"));
    let page = done(&member, &rope.replace("withdrawal", "kept"), &[]).await;
    assert!(page.contains("they 1 of 1"));
    assert!(done(&member, &undo_of(&page), &[]).await.contains("they 0 of 1"));
    assert!(!done(&member, &rope, &[]).await.contains("a rope"));
    assert_status(&member.post(&promises, &[("promise", "x"), ("due", "soon")]).await, 422);
}

#[tokio::test]
async fn tags_are_given_taken_and_looked_for() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    let path = page_of(COLLEAGUE);
    let page = done(&member, &format!("{path}/tags"), &[("tag", "Spring & Tide/1")]).await;
    assert!(page.contains("Spring &#38; Tide/1"), "{page}");
    let page = done(&member, &undo_of(&page), &[]).await;
    assert!(!page.contains("/people?tag="));
    assert!(done(&member, &undo_of(&page), &[]).await.contains("Spring &#38; Tide/1"));
    assert_status(&member.post(&format!("{path}/tags"), &[("tag", "  ")]).await, 400);
}

#[tokio::test]
async fn people_and_units_are_added_by_hand_and_go_again() {
    let app = TestApp::new().await;
    let (member, steward) = (app.as_(Role::Member).await, app.as_(Role::Steward).await);
    let fields = [("name", "Wren Salter"), ("organisation", "Ferry Board"), ("title", "Pilot")];
    let page = done(&member, "/people/new", &fields).await;
    assert!(page.contains("<h1>Wren Salter</h1>") && page.contains("Pilot"));
    assert!(text(&steward, "/people?q=wren").await.contains("Wren Salter"));
    let undo = undo_of(&page);
    assert_status(&steward.post(&undo, &[]).await, 404);
    done(&member, &undo, &[]).await;
    assert!(!text(&member, "/people?q=wren").await.contains("Wren Salter"));
    let taken = [("name", "Else"), ("address", &*support::world::mail_of(COLLEAGUE))];
    assert_status(&member.post("/people/new", &taken).await, 422);

    let parent = unit_of("Harbour Trust").to_string();
    let fields = [("name", "Moorings"), ("parent", &*parent)];
    let page = done(&member, "/organisations/new", &fields).await;
    assert!(page.contains("<h1>Moorings</h1>") && page.contains("Harbour Trust"));
    done(&member, &undo_of(&page), &[]).await;
    assert!(!text(&member, "/organisations").await.contains("Moorings"));
}

#[tokio::test]
async fn five_people_by_hand_make_a_first_map() {
    let app = TestApp::of(support::Kit { has_world: false, ..support::Kit::default() }).await;
    let owner = app.as_(Role::Owner).await;
    assert!(text(&owner, "/welcome/people").await.contains("Person 5"));
    assert_status(&owner.post("/welcome/people", &[("name-0", "")]).await, 422);
    let lonely = [("name-0", "Ada"), ("tie-0-1", "on")];
    assert_status(&owner.post("/welcome/people", &lonely).await, 422);
    let fields = [
        ("name-0", "Ada Ox"),
        ("organisation-0", "Ferry Board"),
        ("department-0", "Tides"),
        ("name-1", "Bo Ox"),
        ("address-1", "bo@ferry.example"),
        ("tie-0-1", "on"),
    ];
    let page = done(&owner, "/welcome/people", &fields).await;
    assert!(page.contains("Ada Ox") && page.contains("Bo Ox"));
    assert_eq!(app.store.said_ties().await.unwrap().len(), 1);
    let again = owner.post("/welcome/people", &fields).await;
    assert_status(&again, 422);
    assert_eq!(app.store.added_by_hand().await.unwrap().len(), 2, "all or nothing");
}

#[tokio::test]
async fn a_rhythm_is_the_viewers_own_and_an_organisation_notes_who_looked() {
    let app = TestApp::new().await;
    let (member, steward) = (app.as_(Role::Member).await, app.as_(Role::Steward).await);
    let path = page_of(TWO_OTHERS.0);
    let page = done(&member, &format!("{path}/rhythm"), &[("days", "14")]).await;
    assert!(page.contains("value=\"14\"") && page.contains("No contact is known yet"));
    assert!(!text(&steward, &path).await.contains("value=\"14\""));
    assert_status(&member.post(&format!("{path}/rhythm"), &[("days", "0")]).await, 400);

    let of = [address_of(TWO_OTHERS.0)];
    let before = app.store.looks_at(&of, None, 99).await.unwrap().len();
    let units = ["Nursing", "Housing", "Harbour Trust"];
    for unit in units {
        text(&member, &format!("/organisations/{}", unit_of(unit))).await;
    }
    let looks = app.store.looks_at(&of, None, 99).await.unwrap();
    assert!(looks.len() > before && looks.iter().any(|look| look.page == "organisation"));
}

#[tokio::test]
async fn a_list_is_narrowed_saved_and_changed_as_a_whole() {
    let app = TestApp::new().await;
    let (member, steward) = (app.as_(Role::Member).await, app.as_(Role::Steward).await);
    let list = format!("unit={}", unit_of("Chaplaincy"));
    let asked = format!("/people/bulk?what=tag&with=Choir&{list}");
    assert_status(&member.get(&asked).await, 404);
    let look = text(&steward, &asked).await;
    assert!(look.contains("3 people would get the tag"), "{look}");
    let unit = unit_of("Chaplaincy").to_string();
    let mut fields = vec![("what", "tag"), ("with", "Choir"), ("unit", &*unit), ("n", "2")];
    assert_status(&steward.post("/people/bulk", &fields).await, 422);
    fields[3].1 = "3";
    let page = done(&steward, "/people/bulk", &fields).await;
    assert!(text(&member, "/people?tag=choir").await.contains("3 in this list"));
    let undo = undo_of(&page);
    assert_status(&member.post(&undo, &[]).await, 404);
    done(&steward, &undo, &[]).await;
    assert!(text(&member, "/people?tag=choir").await.contains("Nobody fits"));

    let view = [("name", "Chaplains"), ("unit", &*unit), ("shared", "on")];
    let page = done(&steward, "/people/views", &view).await;
    assert!(page.contains("View saved") && page.contains("3 in this list"));
    let shared = text(&member, "/people").await;
    assert!(shared.contains("Chaplains") && shared.contains(&format!("/people?{list}")));
    let seen = text(&member, "/people?seen=30").await;
    assert!(!seen.contains("Seen within"), "when people were seen is for stewards");
    assert!(text(&steward, "/people?seen=30").await.contains("Seen within"));
}

#[tokio::test]
async fn two_are_said_to_be_one_on_a_page_and_it_is_taken_back() {
    let app = TestApp::new().await;
    let steward = app.as_(Role::Steward).await;
    let path = page_of(TWO_OTHERS.0);
    let same = format!("{path}/same");
    assert_status(&steward.post(&same, &[("other", "No Such Person")]).await, 422);
    assert_status(&steward.post(&same, &[("other", TWO_OTHERS.0)]).await, 422);
    let said = [("other", TWO_OTHERS.1), ("reason", "the same desk")];
    let page = done(&steward, &same, &said).await;
    let words = app.store.decisions().await.unwrap();
    assert!(words.iter().any(|word| word.decision.same && word.decision.reason == "the same desk"));
    done(&steward, &undo_of(&page), &[]).await;
    assert!(app.store.decisions().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_custom_field_takes_values_that_fit_it() {
    let app = TestApp::new().await;
    let (member, owner) = (app.as_(Role::Member).await, app.as_(Role::Owner).await);
    let choice = [("field", "Region"), ("kind", "choice"), ("choices", "North, South")];
    let page = done(&owner, "/settings/fields", &choice).await;
    assert!(page.contains("Region"));
    let id = app.store.fields().await.unwrap()[0].id.to_string();
    let fields = format!("{}/fields", page_of(COLLEAGUE));
    let page = done(&member, &fields, &[(&*id, "South")]).await;
    assert!(page.contains("value=\"South\" selected"));
    assert_status(&member.post(&fields, &[(&*id, "East")]).await, 409);
    let gone = format!("/settings/fields/{id}/removal");
    assert!(!done(&owner, &gone, &[]).await.contains("Region"));
}

#[tokio::test]
async fn a_contact_that_is_due_is_worth_doing_and_can_be_put_off() {
    let app = TestApp::new().await;
    let member = app.as_(Role::Member).await;
    done(&member, &format!("{}/rhythm", page_of(COLLEAGUE)), &[("days", "1")]).await;
    let title = format!("Get in touch with {COLLEAGUE}");
    let today = text(&member, "/").await;
    assert!(today.contains(&title) && today.contains("you want one every 1 day"), "{today}");
    let item = format!("touch:{}", actor_of(COLLEAGUE));
    let page = done(&member, "/snoozes", &[("item", &*item)]).await;
    assert!(!page.contains(&title) && page.contains("Put off for two weeks"));
    assert!(done(&member, &undo_of(&page), &[]).await.contains(&title));
    let fields = [("who", COLLEAGUE), ("kind", "met"), ("day", "2024-01-02")];
    done(&member, "/contacts", &fields).await;
}

#[tokio::test]
async fn a_month_of_contact_opens_to_what_is_behind_it_for_the_two_alone() {
    let app = TestApp::new().await;
    let at = tieline_model::time::Moment::from_ms(19_990 * tieline_model::time::DAY_MS);
    let contact = tieline_store::NewContact {
        by: app.account(Role::Member),
        kind: tieline_model::contact::ContactKind::Met,
        at,
        line: "over the ferry plan".to_owned(),
        visibility: tieline_model::access::Visibility::Workspace,
        people: vec![address_of(COLLEAGUE)],
    };
    let tx = app.store.begin().await.unwrap();
    tx.log_contact(&contact).await.unwrap();
    tx.commit().await.unwrap();
    let member = app.as_(Role::Member).await;
    let tie = format!("/people/{}/ties/{}", actor_of(MEMBER), actor_of(COLLEAGUE));
    let month = at.month();
    let cell = format!("href=\"{tie}?month={month}&#38;kind=meetings\"");
    let page = text(&member, &page_of(COLLEAGUE)).await;
    assert!(page.contains(&cell), "{cell}");
    let shown = text(&member, &format!("{tie}?month={month}&kind=meetings")).await;
    assert!(shown.contains("recorded by you") && shown.contains("met"), "{shown}");
    assert!(!shown.contains("ferry plan"), "what it was about is on the page of the person");
    for nothing in [format!("?month={month}&kind=messages"), "?month=2001-01".to_owned()] {
        let shown = text(&member, &format!("{tie}{nothing}")).await;
        assert!(shown.contains("Nothing of this kind in this time."), "{nothing}");
    }
    for nonsense in [
        "?month=soon",
        "?month=2024-13",
        "?month=123456-01",
        "?month=-5-01",
        "?month=99999999999-01",
        "?kind=dances",
    ] {
        assert_status(&member.get(&format!("{tie}{nonsense}")).await, 400);
    }
    for role in [Role::Steward, Role::Owner] {
        let other = app.as_(role).await;
        assert_status(&other.get(&format!("{tie}?month={month}")).await, 404);
        let page = text(&other, &page_of(COLLEAGUE)).await;
        assert!(!page.contains("?month="), "{role:?} has no way to what is not theirs");
    }
}
