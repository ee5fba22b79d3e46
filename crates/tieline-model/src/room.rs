//! The room of a partnership: who is in it, what each may do there, and what one side reads of
//! another. No party owns it: whoever leads a party arranges the room as much as whoever opened it.

use crate::access::words;
use crate::id::{AccountId, PartyId, SeatId};

/// What someone does for their party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Duty {
    /// Takes part, and writes for the party.
    #[default]
    Member,
    /// Also arranges the room, and gives the party's word.
    Lead,
}
words!(Duty { Member "member", Lead "lead", });

/// A section of a charter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Why the partnership exists.
    Purpose,
    /// What will be so when it worked.
    Vision,
    /// What the parties do together to get there.
    Mission,
    /// How they treat each other.
    Principles,
    /// What belongs to it, and what does not.
    Scope,
    /// Who tells whom what, by which channel, how often.
    Communication,
    /// Which decisions, by which method, by whom.
    Decisions,
    /// How often they look together whether it works.
    Review,
    /// How a party leaves.
    Exit,
}
words!(Section {
    Purpose "purpose", Vision "vision", Mission "mission", Principles "principles",
    Scope "scope", Communication "communication", Decisions "decisions", Review "review",
    Exit "exit",
});

/// Who acts in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Participant {
    /// Someone who signed in.
    Account(AccountId),
    /// Someone without an account, who came by the link of their seat.
    Guest(SeatId),
}

impl Participant {
    /// The account, where there is one.
    pub const fn account(self) -> Option<AccountId> {
        match self {
            Self::Account(account) => Some(account),
            Self::Guest(_) => None,
        }
    }
}

/// A place at the table of one party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Seat {
    /// Its id.
    pub id: SeatId,
    /// Of which party.
    pub party: PartyId,
    /// What comes with it.
    pub duty: Duty,
}

/// What someone is in one room. Whoever is nothing in it does not see that it exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Standing {
    /// Whether they opened the room: then they arrange it, whether they sit at a party or not.
    pub convenes: bool,
    /// Their place; one person sits at one party of a room.
    pub seat: Option<Seat>,
}

impl Standing {
    /// Whether the room exists for them.
    pub fn is_in(&self) -> bool {
        self.convenes || self.seat.is_some()
    }

    /// The party whose side they are on.
    pub fn party(&self) -> Option<PartyId> {
        self.seat.map(|seat| seat.party)
    }

    /// Whether they arrange the room: its name and days, its parties, its stage.
    pub fn arranges(&self) -> bool {
        self.convenes || self.seat.is_some_and(|seat| seat.duty == Duty::Lead)
    }

    /// Whether they say who sits at this party: its leads, and whoever opened the room.
    pub fn seats(&self, party: PartyId) -> bool {
        self.convenes || self.gives_word_of(party)
    }

    /// Whether they write what this party says.
    pub fn writes_for(&self, party: PartyId) -> bool {
        self.party() == Some(party)
    }

    /// Whether their assent is that of this party.
    pub fn gives_word_of(&self, party: PartyId) -> bool {
        self.seat.is_some_and(|seat| seat.party == party && seat.duty == Duty::Lead)
    }

    /// Whether they read what a party wrote down as its own. `is_mutual`: whether each party has
    /// written; from then on all of it is shown together, so that nobody shows first and alone.
    pub fn reads_of(&self, party: PartyId, is_mutual: bool) -> bool {
        self.is_in() && (is_mutual || self.writes_for(party))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const OURS: PartyId = PartyId(Uuid::from_u128(1));
    const THEIRS: PartyId = PartyId(Uuid::from_u128(2));

    fn seated(duty: Duty) -> Standing {
        let seat = Seat { id: SeatId(Uuid::from_u128(9)), party: OURS, duty };
        Standing { convenes: false, seat: Some(seat) }
    }

    #[test]
    fn a_side_is_read_by_its_own_until_each_has_written() {
        let (member, convener) =
            (seated(Duty::Member), Standing { convenes: true, ..Standing::default() });
        assert!(member.reads_of(OURS, false) && !member.reads_of(THEIRS, false));
        assert!(!convener.reads_of(OURS, false), "opening a room shows nobody's own");
        assert!(member.reads_of(THEIRS, true) && convener.reads_of(OURS, true));
        assert!(!Standing::default().reads_of(OURS, true), "a stranger reads nothing");
    }

    #[test]
    fn leads_arrange_and_give_their_own_partys_word_alone() {
        let (lead, member) = (seated(Duty::Lead), seated(Duty::Member));
        assert!(lead.arranges() && lead.seats(OURS) && lead.gives_word_of(OURS));
        assert!(!lead.seats(THEIRS) && !lead.gives_word_of(THEIRS) && !lead.writes_for(THEIRS));
        assert!(member.writes_for(OURS) && !member.arranges() && !member.gives_word_of(OURS));
    }

    #[test]
    fn whoever_opened_a_room_seats_everyone_and_speaks_for_nobody() {
        let convener = Standing { convenes: true, ..Standing::default() };
        assert!(convener.arranges() && convener.seats(OURS) && convener.is_in());
        assert!(!convener.writes_for(OURS) && !convener.gives_word_of(OURS));
    }
}
