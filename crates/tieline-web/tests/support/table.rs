//! A room of two parties in the store.

use tieline_model::access::Role;
use tieline_model::room::{Duty, Participant};
use tieline_store::NewPartnership;

use super::world::{MEMBER, TWO_OTHERS, address_of};
use super::{Browser, TestApp};

/// A room with two parties: one person sits at Beacon, [`MEMBER`] at Fenwick.
pub(crate) struct Table {
    pub(crate) app: TestApp,
    pub(crate) owner: Browser,
    pub(crate) ours: Browser,
    pub(crate) theirs: Browser,
    /// Path of the part that is looked at.
    pub(crate) base: String,
    pub(crate) party: String,
    pub(crate) other: String,
}

impl Table {
    /// The room; `part`: what of it is looked at.
    pub(crate) async fn laid(part: &str) -> Self {
        let app = TestApp::new().await;
        let by = app.account(Role::Owner);
        let new = NewPartnership {
            name: "Warm homes".to_owned(),
            about: String::new(),
            begins: None,
            ends: None,
            notice: None,
            by,
        };
        let by = Participant::Account(by);
        let tx = app.store.begin().await.unwrap();
        let id = tx.add_partnership(&new).await.unwrap();
        let party = tx.add_party(id, (None, "Beacon Homes"), by).await.unwrap();
        let other = tx.add_party(id, (None, "Fenwick"), by).await.unwrap();
        let (one, two) = (address_of(TWO_OTHERS.0), address_of(MEMBER));
        tx.give_seat((id, party), one, Duty::Member, by).await.unwrap();
        tx.give_seat((id, other), two, Duty::Member, by).await.unwrap();
        tx.commit().await.unwrap();
        Self {
            owner: app.as_(Role::Owner).await,
            ours: app.as_person(TWO_OTHERS.0).await,
            theirs: app.as_(Role::Member).await,
            base: format!("/partnerships/{id}{part}"),
            party: party.to_string(),
            other: other.to_string(),
            app,
        }
    }
}
