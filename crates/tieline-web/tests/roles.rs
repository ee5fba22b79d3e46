//! Roles in a partnership: who does what, what is wrong with it, and what people say to their roles.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use support::harm::{check, payloads};
use support::percent_bytes;
use support::steps::{assert_status, done, led, text, undo_of};
use support::two_sides::TwoSides;
use tieline_model::access::Role;

/// Where a piece of work is that the first answers for and the second does.
async fn work(table: &TwoSides) -> String {
    let fields = [
        ("title", "Fit roofs"),
        ("seat-0", &*table.seats[0]),
        ("A-0", "on"),
        ("seat-1", &*table.seats[1]),
        ("R-1", "on"),
        ("deputy-1", &*table.seats[0]),
        ("seat-2", ""),
        ("deputy-2", ""),
    ];
    led(&table.ours, &table.at("/new"), &fields).await.1
}

#[tokio::test]
async fn what_is_wrong_is_told_and_each_reads_their_role_back() {
    let table = TwoSides::met("roles").await;
    assert!(text(&table.theirs, &table.tab).await.contains("No roles yet"));
    let work = work(&table).await;
    let page = text(&table.theirs, &table.tab).await;
    for told in ["Fit roofs", "0 of 2 roles are accepted", "You: does it.", "I have understood"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let say = format!("{work}/read-back");
    let ask = [("answer", "question"), ("question", "How many roofs?"), ("version", "1")];
    let page = done(&table.theirs, &say, &ask).await;
    assert!(page.contains("Your answer is noted.") && page.contains("How many roofs?"));
    assert!(text(&table.ours, &table.tab).await.contains("How many roofs?"), "who answers");
    for path in [&table.tab, &work] {
        assert!(!text(&table.owner, path).await.contains("How many roofs?"), "nobody else");
    }
    let id = table.tab.split('/').nth(2).unwrap();
    let (status, seen) = table.app.api(Role::Owner, &format!("/partnerships/{id}/roles")).await;
    assert_eq!((status, seen["works"][0]["roles"].as_array().unwrap().len()), (200, 2));
    assert!(!seen.to_string().contains("How many"));
    let (status, _) = table.app.api(Role::Steward, &format!("/partnerships/{id}/roles")).await;
    assert_eq!(status, 404);
    assert_status(&table.owner.post(&say, &ask).await, 404);
    let accept = [("answer", "accepted"), ("version", "1")];
    done(&table.ours, &say, &accept).await;
    let page = done(&table.theirs, &say, &accept).await;
    assert!(page.contains("Everyone with a role has read it back and accepts."));

    let fields = [("title", "Fit roofs"), ("version", "1"), ("seat-0", &*table.seats[0])];
    let fields = [fields[0], fields[1], fields[2], ("C-0", "on"), ("I-0", "on")];
    let page = done(&table.owner, &work, &fields).await;
    for told in ["Nobody answers for it", "Nobody does it", "Both asked and told"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let late = table.ours.post(&say, &accept).await;
    assert_status(&late, 422);
    assert!(late.text.contains("was changed meanwhile: read it"));
    let page = done(&table.ours, &format!("{work}/removal"), &[]).await;
    assert!(page.contains("Piece of work removed.") && page.contains("No roles yet"));
    assert!(done(&table.ours, &undo_of(&page), &[]).await.contains("Both asked and told"));
}

#[tokio::test]
async fn two_who_change_one_piece_of_work_see_both_versions_and_lose_nothing() {
    let table = TwoSides::met("roles").await;
    let work = work(&table).await;
    let mine = |letter, title| {
        let seat = ("seat-0", &*table.seats[0]);
        [("title", title), ("version", "1"), seat, (letter, "on"), ("deputy-0", &*table.seats[1])]
    };
    done(&table.ours, &work, &mine("R-0", "Fit all roofs")).await;
    let late = table.theirs.post(&work, &mine("I-0", "Mend roofs")).await;
    assert_status(&late, 409);
    for shown in ["Fit all roofs", "Mend roofs", "does it; deputy", "is told after; deputy"] {
        assert!(late.text.contains(shown), "{shown}: {}", late.text);
    }
    let kept = late.text.split("name=\"roles\" value=\"").nth(1).unwrap();
    let kept = kept.split('"').next().unwrap().replace("&#38;", "&");
    let again = [("title", "Mend roofs"), ("version", "2"), ("roles", &*kept)];
    let page = done(&table.theirs, &work, &again).await;
    assert!(page.contains("Mend roofs") && page.contains("name=\"I-0\" checked"), "{page}");
    let own = [("title", "x"), ("version", "3"), ("seat-0", &*table.seats[0]), ("I-0", "on")];
    let own = [own[0], own[1], own[2], own[3], ("deputy-0", &*table.seats[0])];
    let own = table.theirs.post(&work, &own).await;
    assert_status(&own, 422);
    assert!(own.text.contains("nobody steps in for themselves"));
    let stranger = table.tab.split('/').nth(2).unwrap();
    let stranger = [("title", "x"), ("version", "3"), ("seat-0", stranger), ("I-0", "on")];
    assert_status(&table.theirs.post(&work, &stranger).await, 422);
}

#[tokio::test]
async fn forms_of_roles_stand_what_is_put_into_any_field() {
    let table = TwoSides::met("roles").await;
    let work = work(&table).await;
    let seat = &*table.seats[0];
    let forms: [(String, Vec<(&str, &str)>); 4] = [
        (table.at("/new"), vec![("title", "x"), ("about", ""), ("seat-0", seat), ("I-0", "on")]),
        (work.clone(), vec![("title", "x"), ("version", "1"), ("seat-0", seat), ("A-0", "on")]),
        (work.clone(), vec![("title", "x"), ("version", "1"), ("roles", "")]),
        (
            format!("{work}/read-back"),
            vec![("answer", "question"), ("question", "x"), ("version", "1")],
        ),
    ];
    for (path, fields) in &forms {
        for (hostile, _) in fields {
            for value in payloads() {
                let encode = |(name, usual): &(&str, &str)| {
                    let value = if name == hostile { &value } else { usual.as_bytes() };
                    format!("{name}={}", percent_bytes(value))
                };
                let body: Vec<String> = fields.iter().map(encode).collect();
                let answer = table.ours.post_bytes(path, body.join("&").into_bytes(), &[]).await;
                check(&format!("POST {path} with {hostile}"), &answer);
            }
        }
    }
    for rest in ["", "?after=%00", "/new", "/x"] {
        check(rest, &table.ours.get(&table.at(rest)).await);
    }
}
