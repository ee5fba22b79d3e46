//! Joint initiatives as people see them: parts, plan, risks, how they go, and how they end.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::harm::{check, payloads};
use support::steps::{action, done, field, led, text, undo_of};
use support::two_sides::TwoSides;
use support::{now, percent_bytes};
use tieline_model::access::Role;

/// Days from today as a form sends them.
fn day(days: f64) -> String {
    now().plus_days(days).date().to_string()
}

/// A room with an initiative of a hundred days, half of them past: its page and its path.
async fn begun() -> (TwoSides, String, String) {
    let room = TwoSides::met("initiatives").await;
    let (begins, ends) = (day(-50.0), day(50.0));
    let fields = [("title", "Fit roofs"), ("begins", &*begins), ("ends", &*ends)];
    let (page, at) = led(&room.ours, &room.tab, &fields).await;
    (room, page, at)
}

#[tokio::test]
async fn an_initiative_is_planned_given_to_and_ended() {
    let (room, page, at) = begun().await;
    assert!(page.contains("On the way") && page.contains("No tasks are written down"), "{page}");
    assert!(done(&room.ours, &undo_of(&page), &[]).await.contains("Taken back."));
    assert_eq!(room.ours.get(&at).await.status, 404);
    done(&room.ours, &format!("{at}/restoration"), &[]).await;
    let nameless = room.ours.post(&room.tab, &[("title", " ")]).await;
    assert!(nameless.status == 422 && nameless.text.contains("Give it a name."));

    let part = [("part", "A crew"), ("amount", "100"), ("unit", "days")];
    let page = done(&room.ours, &format!("{at}/parts"), &part).await;
    assert!(page.contains("At risk") && page.contains("much less was given"), "{page}");
    let give = action(&page, "contributions");
    let refused = room.ours.post(&give, &[("amount", "x")]).await;
    assert_eq!(refused.status, 422);
    done(&room.ours, &give, &[("amount", "40"), ("given", "in May")]).await;
    let page = text(&room.theirs, &at).await;
    assert!(page.contains("40 days: in May") && !page.contains("Say what was given"), "{page}");
    let confirm = page.split("/initiatives/contributions/").nth(1).unwrap();
    let confirm = format!("{}/contributions/{}", room.tab, confirm.split('"').next().unwrap());
    let yes = [("receipt", "confirmed"), ("version", "1")];
    let page = done(&room.theirs, &confirm, &yes).await;
    assert!(page.contains("Confirmed by Beacon Homes") && page.contains("On the way"), "{page}");

    let [ours, theirs] = [&*room.parties[0], &*room.parties[1]];
    let due = day(9.0);
    let others = [("task", "Order"), ("days", "60"), ("party", theirs), ("due", &*due)];
    let refused = room.ours.post(&format!("{at}/tasks"), &others).await;
    assert!(refused.status == 422 && refused.text.contains("promises its day"), "{}", refused.text);
    let own = [("task", "Measure"), ("days", "3"), ("party", ours), ("due", &*due)];
    let (page, _) = led(&room.ours, &format!("{at}/tasks"), &own).await;
    assert!(page.contains("Decides the end") && page.contains("Promised for"), "{page}");
    let listed = text(&room.theirs, &format!("{}/commitments", room.base)).await;
    assert!(listed.contains("Measure"), "the day of a task is a commitment");
    let measure = action(&page, "state").rsplit('/').nth(1).unwrap().to_owned();
    let wait = [("task", "Order"), ("days", "60"), ("needs", &*measure)];
    let page = done(&room.ours, &format!("{at}/tasks"), &wait).await;
    assert!(page.contains("Behind") && page.contains("days after its last day"), "{page}");
    assert!(page.contains("After Measure"));

    let task = format!("{}/tasks/{measure}", room.tab);
    assert_eq!(room.theirs.get(&task).await.status, 404, "a promise is its party's");
    let form = text(&room.ours, &task).await;
    let version = field(&form, "version").to_owned();
    let order = form.split("<option value=\"").find(|one| one.contains(">Order<"));
    let order = order.unwrap().split('"').next().unwrap();
    let circle = [("task", "Measure"), ("days", "3"), ("party", ours), ("needs", order)];
    let circle = [&circle[..], &[("version", &*version)]].concat();
    let refused = room.ours.post(&task, &circle).await;
    assert!(refused.status == 422 && refused.text.contains("wait for each other"));
    let done_fields = [("state", "done"), ("version", &*version)];
    let page = done(&room.ours, &format!("{task}/state"), &done_fields).await;
    assert!(page.contains("1 of 2 tasks"), "{page}");
    let ended = text(&room.theirs, &format!("{}/commitments?state=ended", room.base)).await;
    assert!(ended.contains("Measure"), "the promise is kept");
    let late = [("task", "Mine"), ("days", "3"), ("party", ours), ("version", &*version)];
    let answer = room.ours.post(&task, &late).await;
    assert!(answer.status == 409 && answer.text.contains("Mine"));

    let risk = [("risk", "Rain"), ("likelihood", "5"), ("impact", "4")];
    let page = done(&room.theirs, &format!("{at}/risks"), &risk).await;
    assert!(page.contains("20 of 25") && page.contains("A risk is high."), "{page}");
    let version = field(&page, "version").to_owned();
    let mute = room.ours.post(&format!("{at}/end"), &[("ended", "done")]).await;
    assert!(mute.status == 422 && mute.text.contains("Say what came of it"));
    let end = [("ended", "stopped"), ("learnt", "Begin in spring."), ("version", &*version)];
    let page = done(&room.ours, &format!("{at}/end"), &end).await;
    assert!(page.contains("Stopped") && page.contains("Begin in spring."), "{page}");
    let stands = done(&room.ours, &format!("{at}/removal"), &[]).await;
    assert!(stands.contains("End it instead."));
    let stranger = room.app.as_(Role::Steward).await;
    assert_eq!(stranger.get(&at).await.status, 404);
}

#[tokio::test]
async fn a_program_reads_plans_and_their_dates() {
    let (room, _, at) = begun().await;
    let due = day(20.0);
    let milestone = [("task", "Roofs are on"), ("days", "0"), ("due", &*due)];
    done(&room.ours, &format!("{at}/tasks"), &milestone).await;
    let (status, found) = room.app.api(Role::Member, &room.tab).await;
    assert_eq!((status, &found["items"][0]["progress"]), (200, &"on-the-way".into()));
    let (status, found) = room.app.api(Role::Member, &at).await;
    assert_eq!((status, &found["tasks"][0]["due"]), (200, &due.clone().into()));
    assert_eq!(found["tasks"][0]["is_critical"], true);
    let (status, _) = room.app.api(Role::Steward, &at).await;
    assert_eq!(status, 404);
    let (status, found) = room.app.api(Role::Member, &format!("{}/export", room.base)).await;
    assert_eq!((status, &found["initiatives"][0]["title"]), (200, &"Fit roofs".into()));
    let dates = room.ours.get(&format!("{}/dates.ics", room.base)).await.text;
    let dates = dates.replace("\r\n ", "");
    assert!(dates.contains("Roofs are on") && dates.contains("Last day of Fit roofs"), "{dates}");
    let brief = text(&room.theirs, &format!("{}/brief", room.base)).await;
    assert!(brief.contains("Fit roofs") && brief.contains("Next: Roofs are on"), "{brief}");
}

#[tokio::test]
async fn nothing_typed_breaks_the_pages() {
    let (room, _, at) = begun().await;
    let part = done(&room.ours, &format!("{at}/parts"), &[("part", "A crew")]).await;
    let give = action(&part, "contributions");
    for value in payloads() {
        let value = percent_bytes(&value);
        for (path, body) in [
            (room.tab.clone(), "title={}&text={}&objective=&begins={}&ends={}"),
            (at.clone(), "title={}&version={}"),
            (format!("{at}/end"), "ended=done&learnt={}&version={}"),
            (format!("{at}/parts"), "part={}&amount={}&unit={}"),
            (give.clone(), "amount={}&given={}&day={}"),
            (format!("{at}/tasks"), "task={}&days={}&due={}"),
            (format!("{at}/tasks"), "task=x&days=1&party={}&seat={}&needs={}"),
            (format!("{at}/risks"), "risk={}&likelihood={}&impact={}&answer={}"),
        ] {
            let body = body.replace("{}", &value).into_bytes();
            check(&path, &room.ours.post_bytes(&path, body, &[]).await);
        }
    }
    for body in ["task=x&days=0&due=9999-12-31", "task=x&days=999&due=-9999-01-01"] {
        let path = format!("{at}/tasks");
        check(body, &room.ours.post_bytes(&path, body.as_bytes().to_vec(), &[]).await);
    }
    check("the page", &room.ours.get(&at).await);
}
