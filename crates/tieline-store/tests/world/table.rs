//! A room with two parties, for tests of what happens between them.

use tieline_model::access::Role;
use tieline_model::id::{PartnershipId, PartyId, SeatId};
use tieline_model::room::{Duty, Participant};
use tieline_store::{NewAccount, NewPartnership, Store};

use super::{Home, address, done, identity};

/// A room of two parties with a seat each, whose people come by link; a third person is outside.
pub(crate) struct Table {
    pub(crate) store: Store,
    pub(crate) id: PartnershipId,
    pub(crate) ours: PartyId,
    pub(crate) theirs: PartyId,
    pub(crate) seat: SeatId,
    /// The seat of the other party.
    pub(crate) other: SeatId,
    pub(crate) convener: Participant,
    pub(crate) ada: Participant,
    pub(crate) bo: Participant,
}

impl Table {
    pub(crate) async fn laid(home: &Home) -> Self {
        let store = home.open().await;
        done!(store, tx => tx.replace_identity(&identity())).unwrap();
        let new = NewAccount {
            login: "own".to_owned(),
            name: "own".to_owned(),
            role: Role::Owner,
            password_hash: None,
            actor: None,
        };
        let account = done!(store, tx => tx.add_account(&new)).unwrap();
        let new = NewPartnership {
            name: "Warm homes".to_owned(),
            about: String::new(),
            begins: None,
            ends: None,
            notice: None,
            by: account,
        };
        let id = done!(store, tx => tx.add_partnership(&new)).unwrap();
        let by = Participant::Account(account);
        let ours = done!(store, tx => tx.add_party(id, (None, "Beacon"), by)).unwrap();
        let theirs = done!(store, tx => tx.add_party(id, (None, "Fenwick"), by)).unwrap();
        let (a, b) = (address("ada@one.example"), address("bo@two.example"));
        let seat = done!(store, tx => tx.give_seat((id, ours), a, Duty::Member, by)).unwrap();
        let other = done!(store, tx => tx.give_seat((id, theirs), b, Duty::Member, by)).unwrap();
        let (ada, bo) = (Participant::Guest(seat), Participant::Guest(other));
        Self { store, id, ours, theirs, seat, other, convener: by, ada, bo }
    }
}
