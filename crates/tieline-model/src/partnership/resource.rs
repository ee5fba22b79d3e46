//! What parties share: what there is of it, and when an offer may meet an ask (Tieline's own).

use crate::access::words;
use crate::id::PartyId;

/// What is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum ResourceKind {
    /// People's time.
    Time,
    /// Things that are lent.
    #[default]
    Equipment,
    /// Places to meet or to work.
    Room,
    /// Money.
    Funds,
    /// Data.
    Data,
    /// What someone knows, and shows others.
    Knowledge,
}
words!(ResourceKind {
    Time "time", Equipment "equipment", Room "room", Funds "funds", Data "data",
    Knowledge "knowledge",
});

/// Whether a party has something or needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Direction {
    /// It has it, and others may use it.
    #[default]
    Offer,
    /// It needs it.
    Ask,
}
words!(Direction { Offer "offer", Ask "ask", });

/// One line of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed<'a> {
    /// Whose it is, or who needs it.
    pub party: PartyId,
    /// What.
    pub kind: ResourceKind,
    /// Offer or ask.
    pub direction: Direction,
    /// How much; `None`: it does not run out, or it does not matter.
    pub amount: Option<u64>,
    /// In which unit; may be empty.
    pub unit: &'a str,
}

/// **Summary** – whether an offer may meet an ask: another party's, of the same kind, of as much, in
/// the same unit where both name one. Words are for people to compare: this points out, and decides
/// nothing.
pub fn may_meet(offer: &Listed<'_>, ask: &Listed<'_>) -> bool {
    let is_enough = match (offer.amount, ask.amount) {
        (Some(there), Some(needed)) => there >= needed,
        _ => true,
    };
    let (ours, theirs) = (offer.unit.trim().to_lowercase(), ask.unit.trim().to_lowercase());
    offer.direction == Direction::Offer
        && ask.direction == Direction::Ask
        && offer.party != ask.party
        && offer.kind == ask.kind
        && is_enough
        && (ours.is_empty() || theirs.is_empty() || ours == theirs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const fn listed(party: u128, direction: Direction, amount: Option<u64>) -> Listed<'static> {
        let kind = ResourceKind::Equipment;
        Listed { party: PartyId(Uuid::from_u128(party)), kind, direction, amount, unit: "pieces" }
    }

    #[test]
    fn an_offer_of_another_party_of_the_same_kind_and_of_enough_meets_an_ask() {
        let (offer, ask) =
            (listed(1, Direction::Offer, Some(5)), listed(2, Direction::Ask, Some(3)));
        assert!(may_meet(&offer, &ask));
        assert!(may_meet(&Listed { amount: None, unit: "", ..offer }, &ask));
        assert!(may_meet(&offer, &Listed { unit: " Pieces", ..ask }));
        assert!(!may_meet(&ask, &offer) && !may_meet(&offer, &offer));
        assert!(!may_meet(&offer, &Listed { party: offer.party, ..ask }), "of the same party");
        assert!(!may_meet(&offer, &Listed { amount: Some(6), ..ask }), "not enough");
        assert!(!may_meet(&offer, &Listed { unit: "hours", ..ask }), "another unit");
        assert!(!may_meet(&offer, &Listed { kind: ResourceKind::Room, ..ask }), "another kind");
    }
}
