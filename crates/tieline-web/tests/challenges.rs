//! Challenges as people see them: what each side sees, why, what could be done, trials, what comes of it.
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

/// A room with a challenge: its page and its path.
async fn stated() -> (TwoSides, String, String) {
    let room = TwoSides::met("challenges").await;
    let fields = [("title", "Beds stay blocked"), ("text", "Since March.")];
    let (page, at) = led(&room.ours, &room.tab, &fields).await;
    (room, page, at)
}

#[tokio::test]
async fn a_problem_goes_from_evidence_to_what_was_learnt() {
    let (room, page, at) = stated().await;
    assert!(page.contains("2 parties have not said what they see"), "{page}");
    assert!(done(&room.ours, &undo_of(&page), &[]).await.contains("Taken back."));
    assert_eq!(room.ours.get(&at).await.status, 404);
    done(&room.ours, &format!("{at}/restoration"), &[]).await;
    let nameless = room.ours.post(&room.tab, &[("title", " ")]).await;
    assert!(nameless.status == 422 && nameless.text.contains("Say what the problem is."));

    let points = format!("{at}/points");
    let say = [("kind", "evidence"), ("text", "Nine beds a week"), ("source", "the ward log")];
    let page = done(&room.ours, &points, &say).await;
    assert!(page.contains("From the ward log") && page.contains("Has not said yet."), "{page}");
    assert!(page.contains("Beacon Homes has not said what it sees."), "{page}");
    let mute = room.ours.post(&points, &[("kind", "cause"), ("text", " ")]).await;
    assert!(mute.status == 422 && mute.text.contains("Say it in a line."));
    done(&room.ours, &points, &[("kind", "cause"), ("text", "Homes hear late")]).await;
    let page = text(&room.theirs, &at).await;
    assert!(!page.contains("Take it back<span class=\"vh\" translate=\"no\"> Nine"), "{page}");
    let seen = action(&page, "stance");
    let page = done(&room.theirs, &seen, &[("agrees", "yes")]).await;
    assert!(page.contains("Beacon Homes sees it too"), "{page}");
    let mute = room.theirs.post(&seen, &[("agrees", "no"), ("text", "")]).await;
    assert!(mute.status == 400 && mute.text.contains("Say why your party doubts it."));
    let page = done(&room.theirs, &seen, &[("agrees", "no"), ("text", "Four by ours")]).await;
    assert!(page.contains("Beacon Homes doubts it") && page.contains("Four by ours"), "{page}");
    assert_eq!(room.ours.post(&seen, &[("agrees", "yes")]).await.status, 404, "its own point");
    let cause =
        page.split("<option value=\"").skip(1).find(|one| one.contains(">Homes hear late<"));
    let cause = cause.unwrap().split('"').next().unwrap().to_owned();
    let deeper = [("kind", "cause"), ("text", "Letters go by post"), ("parent", &*cause)];
    let page = done(&room.theirs, &points, &deeper).await;
    assert!(page.contains("class=\"why-1\""), "{page}");
    let option = [("kind", "option"), ("text", "Call at noon"), ("parent", &*cause)];
    let page = done(&room.theirs, &points, &option).await;
    assert!(page.contains("Answers: Homes hear late"), "{page}");
    done(&room.ours, &points, &[("kind", "option"), ("text", "A shared list")]).await;

    let (begins, ends) = (day(-9.0), day(-1.0));
    let trial = [("trial", "Two wards call"), ("sign", "Six beds"), ("begins", &*begins)];
    let trial = [&trial[..], &[("ends", &*ends)]].concat();
    let page = done(&room.ours, &format!("{at}/trials"), &trial).await;
    assert!(page.contains("A trial is over, and nobody said what it showed."), "{page}");
    let one = page.split("/challenges/trials/").nth(1).unwrap().split(['"', '/']).next().unwrap();
    let one = format!("{}/trials/{one}", room.tab);
    let mute = room.ours.post(&one, &[("result", "worked"), ("version", "1")]).await;
    assert!(mute.status == 422 && mute.text.contains("Say what was seen."));
    let shown = [("result", "worked"), ("seen", "Five beds"), ("version", "1")];
    let page = done(&room.ours, &one, &shown).await;
    assert!(page.contains("It worked") && page.contains("Five beds"), "{page}");
    let late =
        room.theirs.post(&one, &[("result", "failed"), ("seen", "Nine"), ("version", "1")]).await;
    assert!(late.status == 422 && late.text.contains("Nine") && late.text.contains("meanwhile"));

    let (page, decision) = led(&room.ours, &format!("{at}/decision"), &[]).await;
    assert!(page.contains("What do we do about this: Beds stay blocked"), "{page}");
    assert!(page.contains("Call at noon") && page.contains("A shared list"), "{page}");
    assert!(decision.contains("/decisions/"));
    let again = done(&room.ours, &format!("{at}/decision"), &[]).await;
    assert!(again.contains("Something came of it already."), "{again}");
    let (page, _) = led(&room.theirs, &format!("{at}/initiative"), &[]).await;
    assert!(page.contains("From the challenge") && page.contains("Since March."), "{page}");

    let page = text(&room.ours, &at).await;
    let version = field(&page, "version").to_owned();
    let change = [("title", "Beds stay blocked at night"), ("version", &*version)];
    let page = done(&room.ours, &at, &change).await;
    let now = field(&page, "version").to_owned();
    let late = room.theirs.post(&at, &[("title", "Mine"), ("version", &*version)]).await;
    assert!(late.status == 409 && late.text.contains("Mine"));
    let mute = room.ours.post(&format!("{at}/end"), &[("ended", "solved")]).await;
    assert!(mute.status == 422 && mute.text.contains("Say what was learnt"));
    let end = [("ended", "solved"), ("learnt", "A call beats a letter."), ("version", &*now)];
    let page = done(&room.ours, &format!("{at}/end"), &end).await;
    assert!(page.contains("Solved") && page.contains("A call beats a letter."), "{page}");
    let stands = done(&room.ours, &format!("{at}/removal"), &[]).await;
    assert!(stands.contains("End it instead."));
    assert_eq!(room.app.as_(Role::Steward).await.get(&at).await.status, 404);
}

#[tokio::test]
async fn a_program_reads_challenges_and_makes_something_of_them() {
    let (room, _, at) = stated().await;
    let ends = day(20.0);
    let trial = [("trial", "Two wards call"), ("ends", &*ends)];
    done(&room.ours, &format!("{at}/trials"), &trial).await;
    let (status, found) = room.app.api(Role::Member, &room.tab).await;
    assert_eq!((status, &found["items"][0]["wants"][0]), (200, &"evidence".into()));
    let (status, found) = room.app.api(Role::Member, &at).await;
    assert_eq!((status, &found["trials"][0]["ends"]), (200, &ends.clone().into()));
    let (status, _) = room.app.api(Role::Steward, &at).await;
    assert_eq!(status, 404);
    let (status, found) = room.app.api(Role::Member, &format!("{}/export", room.base)).await;
    assert_eq!((status, &found["challenges"][0]["title"]), (200, &"Beds stay blocked".into()));
    let dates = room.ours.get(&format!("{}/dates.ics", room.base)).await.text;
    assert!(dates.replace("\r\n ", "").contains("Last day of the trial: Two wards call"));
    let brief = text(&room.theirs, &format!("{}/brief", room.base)).await;
    assert!(brief.contains("Beds stay blocked") && brief.contains("1 trial"), "{brief}");
}

#[tokio::test]
async fn nothing_typed_breaks_the_pages() {
    let (room, _, at) = stated().await;
    let say = [("kind", "evidence"), ("text", "Nine beds")];
    done(&room.ours, &format!("{at}/points"), &say).await;
    let stance = action(&text(&room.theirs, &at).await, "stance");
    let page = done(&room.ours, &format!("{at}/trials"), &[("trial", "Call")]).await;
    let trial = page.split("/challenges/trials/").nth(1).unwrap().split(['"', '/']).next().unwrap();
    let trial = format!("{}/trials/{trial}", room.tab);
    for value in payloads() {
        let value = percent_bytes(&value);
        for (path, body) in [
            (room.tab.clone(), "title={}&text={}&objective="),
            (at.clone(), "title={}&version={}"),
            (format!("{at}/end"), "ended=solved&learnt={}&version={}"),
            (format!("{at}/points"), "kind={}&text={}&source={}"),
            (format!("{at}/points"), "kind=cause&text=x&parent={}"),
            (format!("{at}/trials"), "trial={}&sign={}&begins={}&ends={}"),
            (format!("{at}/trials"), "trial=x&option={}&party={}"),
            (trial.clone(), "result={}&seen={}&version={}"),
        ] {
            let body = body.replace("{}", &value).into_bytes();
            check(&path, &room.ours.post_bytes(&path, body, &[]).await);
        }
        let body = "agrees=no&text={}".replace("{}", &value).into_bytes();
        check(&stance, &room.theirs.post_bytes(&stance, body, &[]).await);
    }
    check("the page", &room.ours.get(&at).await);
}
