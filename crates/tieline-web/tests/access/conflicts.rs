//! A conflict case, for the routes of one.

use tieline_model::conflict::{PointKind, Stage};
use tieline_model::id::{CaseId, PartnershipId, PartyId};
use tieline_model::room::Participant;
use tieline_store::{CaseWord, NewCase, Tx};

use crate::support::TestApp;

/// A case in which both sides understand each other, so that interests are named.
pub(crate) async fn case_between(
    tx: &Tx,
    id: PartnershipId,
    sides: [(PartyId, Participant); 2],
) -> CaseId {
    let new = NewCase {
        title: "Who pays".to_owned(),
        about: String::new(),
        sides: sides.iter().map(|(party, _)| *party).collect(),
    };
    let case = tx.raise_case(id, &new, sides[0].1).await.unwrap();
    let at = (id, case);
    for (n, (_, by)) in sides.iter().enumerate() {
        let (of, reader) = sides[1 - n];
        let (view, position) = ("We paid.".to_owned(), String::new());
        tx.say_in_case(at, &CaseWord::View { view, position }, 1, reader).await.unwrap();
        let said = CaseWord::Restated { of, text: "You paid.".to_owned() };
        tx.say_in_case(at, &said, 2, *by).await.unwrap();
        tx.say_in_case(at, &CaseWord::Understood(true), 3, reader).await.unwrap();
    }
    for (version, to) in [(1, Stage::Listening), (2, Stage::Interests)] {
        tx.step_case(at, (to, version), sides[0].1).await.unwrap();
    }
    case
}

/// Why the side of a guest wants something.
pub(crate) async fn interest(
    app: &TestApp,
    at: (PartnershipId, CaseId),
    by: Participant,
) -> String {
    let (kind, topic) = (PointKind::Interest, String::new());
    let said = CaseWord::Point { kind, topic, text: "a budget that holds".to_owned() };
    let tx = app.store.begin().await.unwrap();
    let point = tx.say_in_case(at, &said, 0, by).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    point.to_string()
}
