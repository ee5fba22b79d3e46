//! Signed agreements as people see them: written down, signed, duties promised, about to end.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::harm::{check, payloads};
use support::steps::{done, field, led, text, undo_of};
use support::two_sides::TwoSides;
use support::{now, percent_bytes};
use tieline_model::access::Role;

/// Days from today as a form sends them.
fn day(days: f64) -> String {
    now().plus_days(days).date().to_string()
}

#[tokio::test]
async fn an_agreement_is_written_down_signed_and_becomes_commitments() {
    let room = TwoSides::met("pacts").await;
    let [one, two] = [&*room.parties[0], &*room.parties[1]];
    let page = text(&room.ours, &room.tab).await;
    assert!(page.contains("Nothing is signed yet"), "{page}");
    let answer = room.ours.post(&room.tab, &[("title", " "), ("party", one)]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("Give it a name.") && answer.text.contains("two parties or more"));
    let turned = [("title", "x"), ("party", one), ("party", two), ("begins", "2027-02-01")];
    let answer =
        room.ours.post(&room.tab, &[&turned[..], &[("ends", "2027-01-01")]].concat()).await;
    assert!(answer.status == 422 && answer.text.contains("It must end after it begins."));

    let last = day(60.0);
    let fields = [
        ("title", "Use of data"),
        ("kind", "data-sharing"),
        ("party", one),
        ("party", two),
        ("ends", &*last),
        ("text", "For warmth alone."),
    ];
    let (page, at) = led(&room.ours, &room.tab, &fields).await;
    assert!(page.contains("Not signed by all") && page.contains("Data sharing"), "{page}");
    assert!(done(&room.ours, &undo_of(&page), &[]).await.contains("Taken back."));
    assert_eq!(room.ours.get(&at).await.status, 404);
    done(&room.ours, &format!("{at}/restoration"), &[]).await;

    let version = field(&text(&room.ours, &at).await, "version").to_owned();
    let due = day(10.0);
    let owed = [("party", one), ("to", one), ("duty", "A list"), ("due", &*due)];
    let owed = [&owed[..], &[("version", &*version)]].concat();
    let answer = room.ours.post(&format!("{at}/duties"), &owed).await;
    assert!(answer.status == 422 && answer.text.contains("owes something to another one"));
    let duty = [("party", one), ("to", two), ("duty", "A list of homes"), ("due", &*due)];
    let duty = [&duty[..], &[("every", "1"), ("version", &*version)]].concat();
    let page = done(&room.ours, &format!("{at}/duties"), &duty).await;
    assert!(page.contains("every month") && page.contains("A list of homes"), "{page}");
    let answer = room.ours.post(&format!("{at}/duties"), &duty).await;
    assert!(answer.status == 422 && answer.text.contains("Someone changed this agreement"));

    let version = field(&text(&room.ours, &at).await, "version").to_owned();
    let version = [("version", &*version)];
    let early = done(&room.ours, &format!("{at}/commitments"), &version).await;
    assert!(early.contains("Each party must sign this wording first."));
    assert_eq!(room.ours.post(&format!("{at}/signature"), &version).await.status, 404, "no lead");
    let fields = [("title", "Theirs"), ("party", one), ("party", two), ("version", "1")];
    let answer = room.theirs.post(&at, &fields).await;
    assert_eq!(answer.status, 409);
    assert!(answer.text.contains("Theirs") && answer.text.contains("Use of data"));
    let stranger = room.app.as_(Role::Steward).await;
    assert_eq!(stranger.get(&at).await.status, 404);
}

#[tokio::test]
async fn a_program_reads_what_was_agreed() {
    let room = TwoSides::met("pacts").await;
    let [one, two] = [&*room.parties[0], &*room.parties[1]];
    let last = day(60.0);
    let fields = [("title", "Use of data"), ("party", one), ("party", two), ("ends", &*last)];
    let (_, at) = led(&room.ours, &room.tab, &fields).await;
    let (status, found) = room.app.api(Role::Member, &room.tab).await;
    assert_eq!((status, &found["items"][0]["title"]), (200, &"Use of data".into()));
    assert_eq!(found["items"][0]["ends"], last);
    let (status, found) = room.app.api(Role::Member, &at).await;
    assert_eq!((status, &found["pact"]["state"]), (200, &"draft".into()));
    let (status, _) = room.app.api(Role::Steward, &at).await;
    assert_eq!(status, 404);
    let (status, found) = room.app.api(Role::Member, &format!("{}/export", room.base)).await;
    assert_eq!((status, &found["pacts"][0]["pact"]["title"]), (200, &"Use of data".into()));
}

#[tokio::test]
async fn nothing_typed_breaks_the_pages() {
    let room = TwoSides::met("pacts").await;
    let [one, two] = [&*room.parties[0], &*room.parties[1]];
    let fields = [("title", "Use of data"), ("party", one), ("party", two)];
    let (_, at) = led(&room.ours, &room.tab, &fields).await;
    let duties = format!("{at}/duties");
    let signature = format!("{at}/signature");
    for value in payloads() {
        let value = percent_bytes(&value);
        for (path, body) in [
            (
                &room.tab,
                format!("title={{}}&party={one}&party={two}&text={{}}&place={{}}&ends={{}}"),
            ),
            (&room.tab, "title=x&party={}&kind={}".to_owned()),
            (&at, format!("title={{}}&party={one}&party={two}&version={{}}")),
            (&duties, format!("duty={{}}&party={one}&to={{}}&due={{}}&every={{}}&version=1")),
            (&signature, "version={}".to_owned()),
        ] {
            let body = body.replace("{}", &value).into_bytes();
            check(path, &room.ours.post_bytes(path, body, &[]).await);
        }
    }
    for due in ["9999-12-31", "-9999-01-01", "0000-00-00"] {
        let body = format!("duty=x&party={one}&due={due}&every=60&version=1").into_bytes();
        check(due, &room.ours.post_bytes(&duties, body, &[]).await);
    }
}
