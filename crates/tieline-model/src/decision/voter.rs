//! Who has a vote: persons, or parties through a delegate and a stand-in. The list is fixed when a
//! decision opens.

use std::collections::{BTreeMap, BTreeSet};

use super::BallotError;
use crate::id::{ActorId, PartyId};

/// Someone or something with one vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Voter {
    /// A person.
    Person(ActorId),
    /// A party.
    Party(PartyId),
}

/// Who casts the ballot of a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// Votes for the party.
    pub delegate: ActorId,
    /// Votes where the delegate has not.
    pub stand_in: Option<ActorId>,
}

/// In which capacity a ballot was cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CastAs {
    /// For a party, in place of its delegate.
    StandIn,
    /// For oneself, or as the delegate of a party.
    Holder,
}

/// Everyone with a vote in one decision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Electorate {
    persons: BTreeSet<ActorId>,
    seats: BTreeMap<PartyId, Seat>,
}

impl Electorate {
    /// Each of these persons one vote.
    pub fn of_persons(persons: impl IntoIterator<Item = ActorId>) -> Self {
        Self { persons: persons.into_iter().collect(), seats: BTreeMap::new() }
    }

    /// Each of these parties one vote.
    pub fn of_parties(seats: impl IntoIterator<Item = (PartyId, Seat)>) -> Self {
        Self { seats: seats.into_iter().collect(), ..Self::default() }
    }

    /// Votes there are.
    pub fn n_votes(&self) -> u64 {
        (self.persons.len() + self.seats.len()) as u64
    }

    /// The votes that this person may cast. Someone may hold the seats of several parties.
    pub fn votes_of(&self, person: ActorId) -> Vec<(Voter, CastAs)> {
        let own = self.persons.get(&person).map(|own| (Voter::Person(*own), CastAs::Holder));
        let seats = self.seats.iter().filter_map(|(party, seat)| {
            let capacity = seat.capacity(person)?;
            Some((Voter::Party(*party), capacity))
        });
        own.into_iter().chain(seats).collect()
    }

    /// Whether this person may cast this vote now, and in which capacity. `earlier`: how the ballot
    /// that counts so far was cast. The delegate's ballot replaces the stand-in's, never the other
    /// way round; the last ballot of the same person counts.
    ///
    /// # Errors
    /// [`BallotError::NotEligible`], [`BallotError::DelegateVoted`].
    pub fn may_cast(
        &self,
        person: ActorId,
        voter: Voter,
        earlier: Option<CastAs>,
    ) -> Result<CastAs, BallotError> {
        let capacity = match voter {
            Voter::Person(own) => {
                (own == person && self.persons.contains(&own)).then_some(CastAs::Holder)
            }
            Voter::Party(party) => self.seats.get(&party).and_then(|seat| seat.capacity(person)),
        };
        let capacity = capacity.ok_or(BallotError::NotEligible)?;
        if earlier.is_some_and(|earlier| earlier > capacity) {
            return Err(BallotError::DelegateVoted);
        }
        Ok(capacity)
    }
}

impl Seat {
    fn capacity(&self, person: ActorId) -> Option<CastAs> {
        if self.delegate == person {
            Some(CastAs::Holder)
        } else {
            (self.stand_in == Some(person)).then_some(CastAs::StandIn)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const PARTY: PartyId = PartyId(Uuid::from_u128(1));
    const ANA: ActorId = ActorId(Uuid::from_u128(11));
    const BEN: ActorId = ActorId(Uuid::from_u128(12));
    const CAY: ActorId = ActorId(Uuid::from_u128(13));

    #[test]
    fn the_delegates_ballot_replaces_the_stand_ins_and_never_the_other_way_round() {
        let seat = Seat { delegate: ANA, stand_in: Some(BEN) };
        let voters = Electorate::of_parties([(PARTY, seat)]);
        let cast = |person, earlier| voters.may_cast(person, Voter::Party(PARTY), earlier);
        assert_eq!(cast(BEN, None), Ok(CastAs::StandIn));
        assert_eq!(cast(ANA, Some(CastAs::StandIn)), Ok(CastAs::Holder));
        assert_eq!(cast(BEN, Some(CastAs::Holder)), Err(BallotError::DelegateVoted));
        assert_eq!(cast(ANA, Some(CastAs::Holder)), Ok(CastAs::Holder));
        assert_eq!(cast(CAY, None), Err(BallotError::NotEligible));
        assert_eq!(voters.n_votes(), 1);
        assert_eq!(voters.votes_of(BEN), vec![(Voter::Party(PARTY), CastAs::StandIn)]);
    }

    #[test]
    fn a_person_votes_for_oneself_alone() {
        let voters = Electorate::of_persons([ANA, BEN, ANA]);
        assert_eq!(voters.n_votes(), 2);
        let other = voters.may_cast(ANA, Voter::Person(BEN), None);
        assert_eq!(other, Err(BallotError::NotEligible));
        let strange = voters.may_cast(ANA, Voter::Party(PARTY), None);
        assert_eq!(strange, Err(BallotError::NotEligible));
        assert_eq!(voters.may_cast(CAY, Voter::Person(CAY), None), Err(BallotError::NotEligible));
    }
}
