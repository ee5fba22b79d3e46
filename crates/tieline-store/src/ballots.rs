//! Ballots: cast once for each vote, changed until the poll is over, passed on where the rules allow.
//!
//! An anonymous ballot has a random id, names no voter, bears no time of its own and leaves no event.
//! All ballots of such a poll are written anew, in the order of their ids, whenever one comes in, so
//! that their order in the database does not tell in which order they came.

use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::Value as Json;
use tieline_model::decision::ballot::{Consent, Gradient, ObjectionState, Vote};
use tieline_model::decision::stage::Stage;
use tieline_model::decision::voter::{CastAs, Electorate, Seat as PartySeat, Voter as Eligible};
use tieline_model::decision::{Ballot, Delegating, MethodKind, Options, Secrecy, delegation};
use tieline_model::id::{
    ActorId, BallotId, DecisionId, OptionId, PartnershipId, PartyId, SeatId, VoterId,
};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::{Builder, Uuid};

use crate::entity::{decision_ballot, decision_voter};
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::joint::{JointDecision, closed, options_of, party};
use crate::rooms::allowed;
use crate::store::{Tx, rows, word};

/// Someone with a vote in a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoterRow {
    /// The vote.
    pub id: VoterId,
    /// The party whose vote it is; `None`: the person's own.
    pub party: Option<PartyId>,
    /// Seat of whoever casts it.
    pub holder: SeatId,
    /// Seat of whoever casts it where the holder has not.
    pub stand_in: Option<SeatId>,
    /// Whether and how it was cast.
    pub cast: Option<CastAs>,
    /// The vote that it is passed on to.
    pub passed_to: Option<VoterId>,
}

/// A ballot as it is cast.
#[derive(Debug, Clone, Copy)]
pub struct NewBallot<'a> {
    /// Whose vote.
    pub voter: VoterId,
    /// What it says.
    pub ballot: &'a Ballot,
    /// Hash of the token of an anonymous ballot that is changed by this one.
    pub token: Option<&'a str>,
    /// Random bytes for the id of a ballot that is new, where it is anonymous.
    pub random: [u8; 16],
    /// Hash of the token of a ballot that is new, where it is anonymous.
    pub fresh: &'a str,
}

/// What became of a ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It names its voter.
    Named,
    /// It is anonymous and new: the fresh token changes it from now on.
    Sealed,
    /// It is anonymous and was changed by its token.
    Changed,
}

impl VoterRow {
    /// Whether someone casts it.
    pub fn is_cast_by(&self, seat: SeatId) -> bool {
        self.holder == seat || self.stand_in == Some(seat)
    }

    /// Those who may cast it, for the rules of the model. In a room a person is known by their seat.
    fn electorate(&self) -> (Electorate, Eligible) {
        let person = |seat: SeatId| ActorId(seat.0);
        match self.party {
            Some(party) => {
                let delegate = person(self.holder);
                let seat = PartySeat { delegate, stand_in: self.stand_in.map(person) };
                (Electorate::of_parties([(party, seat)]), Eligible::Party(party))
            }
            None => {
                let own = person(self.holder);
                (Electorate::of_persons([own]), Eligible::Person(own))
            }
        }
    }
}

impl Tx {
    /// Casts a ballot, or changes the one that was cast.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever has no such vote, [`Constraint::PollClosed`],
    /// [`Constraint::Ballot`], [`Constraint::Cast`] when the ballot is anonymous, was cast, and the
    /// token is not the one that changes it.
    pub async fn cast_ballot(
        &self,
        (id, decision): (PartnershipId, DecisionId),
        new: &NewBallot<'_>,
        by: Participant,
    ) -> Result<Taken, StoreError> {
        let (standing, known) = self.deciding(id, decision, by).await?;
        let seat = standing.seat.ok_or_else(|| StoreError::not_found("vote", &new.voter))?.id;
        let voters = voters_of(&self.db, decision).await?;
        let voter = voters.iter().find(|one| one.id == new.voter && one.is_cast_by(seat));
        let voter = voter.ok_or_else(|| StoreError::not_found("vote", &new.voter))?;
        self.is_open(&known, &voters)?;
        let options = options_for(&self.db, &known).await?;
        let checked = new.ballot.check(&known.rules.method, &options);
        checked.map_err(|error| StoreError::Conflict(Constraint::Ballot(error)))?;
        if known.rules.secrecy == Secrecy::Anonymous {
            return self.seal(&known, voter, new, seat).await;
        }
        let cast = may_cast(voter, seat, voter.cast)?;
        let sql = "DELETE FROM decision_ballot WHERE voter = ?";
        self.run(sql, [voter.id.0.into()]).await?;
        let row = decision_ballot::Model {
            voter: Some(voter.id.0),
            ..blank(&known, Uuid::now_v7(), new.ballot, self.now)
        };
        self.insert::<decision_ballot::Entity>(&[row], None).await?;
        self.note_cast(voter.id, cast).await?;
        self.record(Verb::BallotCast, &id, decision.to_string()).await?;
        Ok(Taken::Named)
    }

    /// The vote that someone casts in a poll.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever has none.
    pub async fn vote_held_by(
        &self,
        (id, decision): (PartnershipId, DecisionId),
        by: Participant,
    ) -> Result<VoterId, StoreError> {
        let (standing, _) = self.deciding(id, decision, by).await?;
        let voters = voters_of(&self.db, decision).await?;
        let own = |one: &&VoterRow| standing.seat.is_some_and(|seat| one.is_cast_by(seat.id));
        let found = voters.iter().find(own);
        found.map(|one| one.id).ok_or_else(|| StoreError::not_found("vote", &decision))
    }

    async fn note_cast(&self, voter: VoterId, cast: CastAs) -> Result<(), StoreError> {
        let word = match cast {
            CastAs::Holder => "holder",
            CastAs::StandIn => "stand-in",
        };
        let sql = "UPDATE decision_voter SET cast_as = ? WHERE id = ?";
        self.run(sql, [word.into(), voter.0.into()]).await.map(drop)
    }

    /// Keeps an anonymous ballot.
    async fn seal(
        &self,
        known: &JointDecision,
        voter: &VoterRow,
        new: &NewBallot<'_>,
        seat: SeatId,
    ) -> Result<Taken, StoreError> {
        let opened = known.opened.unwrap_or(self.now);
        let mut all = ballots_of(&self.db, known.id).await?;
        let taken = if voter.cast.is_some() {
            let own = |row: &&mut decision_ballot::Model| {
                row.token.is_some() && row.token.as_deref() == new.token
            };
            let held = all.iter_mut().find(own).ok_or(StoreError::Conflict(Constraint::Cast))?;
            let (row, token) = (blank(known, held.id, new.ballot, opened), held.token.take());
            *held = decision_ballot::Model { token, ..row };
            Taken::Changed
        } else {
            let cast = may_cast(voter, seat, None)?;
            self.note_cast(voter.id, cast).await?;
            let id = Builder::from_random_bytes(new.random).into_uuid();
            let row = blank(known, id, new.ballot, opened);
            all.push(decision_ballot::Model { token: Some(new.fresh.to_owned()), ..row });
            Taken::Sealed
        };
        all.sort_by_key(|row| row.id);
        self.run("DELETE FROM decision_ballot WHERE decision = ?", [known.id.0.into()]).await?;
        self.insert::<decision_ballot::Entity>(&all, None).await?;
        Ok(taken)
    }

    /// Passes a vote on, or takes it back; for the person whose vote it is.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever has no such vote, or where it goes to none,
    /// [`Constraint::PollClosed`] when votes cannot be passed on, or not any more.
    pub async fn pass_vote(
        &self,
        (id, decision): (PartnershipId, DecisionId),
        (from, to): (VoterId, Option<VoterId>),
        by: Participant,
    ) -> Result<(), StoreError> {
        let (standing, known) = self.deciding(id, decision, by).await?;
        let seat = standing.seat.map(|seat| seat.id);
        let voters = voters_of(&self.db, decision).await?;
        let own = voters.iter().any(|one| one.id == from && Some(one.holder) == seat);
        let goes = to.is_none_or(|to| to != from && voters.iter().any(|one| one.id == to));
        allowed(own && goes, id)?;
        self.is_open(&known, &voters)?;
        if known.rules.delegating == Delegating::No {
            return Err(closed());
        }
        let sql = "UPDATE decision_voter SET passed_to = ? WHERE id = ?";
        self.run(sql, [to.map(|to| to.0).into(), from.0.into()]).await?;
        self.record(Verb::VotePassed, &id, decision.to_string()).await
    }

    /// Says what became of an objection, while the poll is open: whoever raised it takes it back,
    /// whoever drives the decision finds it met or paramount. Only where ballots are open to all.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also when it was answered before, [`Constraint::PollClosed`].
    pub async fn answer_objection(
        &self,
        (id, decision, ballot): (PartnershipId, DecisionId, BallotId),
        state: ObjectionState,
        by: Participant,
    ) -> Result<(), StoreError> {
        let (standing, known) = self.deciding(id, decision, by).await?;
        allowed(known.rules.secrecy == Secrecy::Open, id)?;
        let voters = voters_of(&self.db, decision).await?;
        self.is_open(&known, &voters)?;
        let row = decision_ballot::Entity::find_by_id(ballot.0).one(&self.db).await?;
        let row = row.filter(|row| row.decision == decision.0);
        let row = row.ok_or_else(|| StoreError::not_found("ballot", &ballot))?;
        let was = row.objection.as_deref().and_then(ObjectionState::from_name);
        allowed(was.is_some_and(|was| was.may_become(state)), id)?;
        let is_own = standing.seat.is_some_and(|seat| {
            voters.iter().any(|one| Some(one.id.0) == row.voter && one.is_cast_by(seat.id))
        });
        allowed(
            match state {
                ObjectionState::Withdrawn => is_own,
                _ => known.is_driven_by(&standing, by),
            },
            id,
        )?;
        let sql = "UPDATE decision_ballot SET objection = ? WHERE id = ?";
        self.run(sql, [state.name().into(), ballot.0.into()]).await?;
        self.record(Verb::ObjectionAnswered, &id, decision.to_string()).await
    }

    /// Whether ballots are taken now.
    fn is_open(&self, known: &JointDecision, voters: &[VoterRow]) -> Result<(), StoreError> {
        let is_past = known.closes_at.is_some_and(|at| at <= self.now);
        let all_in = n_voted(known, voters) >= voters.len() as u64;
        let is_open = known.stage == Stage::Decide && known.verdict.is_none();
        if is_open && !is_past && !all_in { Ok(()) } else { Err(closed()) }
    }
}

fn may_cast(voter: &VoterRow, seat: SeatId, earlier: Option<CastAs>) -> Result<CastAs, StoreError> {
    let (electorate, vote) = voter.electorate();
    let cast = electorate.may_cast(ActorId(seat.0), vote, earlier);
    cast.map_err(|error| StoreError::Conflict(Constraint::Ballot(error)))
}

fn blank(known: &JointDecision, id: Uuid, ballot: &Ballot, at: Moment) -> decision_ballot::Model {
    let (reason, objection) = match ballot {
        Ballot::Consent(Consent::Objection { reason, state }) => (reason.trim(), Some(*state)),
        Ballot::Consent(Consent::Concern { reason }) => (reason.trim(), None),
        _ => ("", None),
    };
    decision_ballot::Model {
        id,
        decision: known.id.0,
        voter: None,
        token: None,
        says: ballot.canonical(1),
        reason: reason.to_owned(),
        objection: objection.map(|state| state.name().to_owned()),
        created_at: at.ms(),
    }
}

/// Where the votes of a poll went: those that count, by the vote that was cast.
pub(crate) fn resolved(
    known: &JointDecision,
    voters: &[VoterRow],
) -> delegation::Delegation<VoterId> {
    let eligible = voters.iter().map(|one| one.id).collect();
    let direct = voters.iter().filter(|one| one.cast.is_some()).map(|one| one.id).collect();
    let (passed, most) = match known.rules.delegating {
        Delegating::No => (Default::default(), None),
        Delegating::Yes { max_chain } => {
            let passed = voters.iter().filter_map(|one| Some((one.id, one.passed_to?)));
            (passed.collect(), max_chain)
        }
    };
    delegation::resolve(&eligible, &direct, &passed, most)
}

/// Votes that are in, those passed on included.
pub(crate) fn n_voted(known: &JointDecision, voters: &[VoterRow]) -> u64 {
    resolved(known, voters).n_votes()
}

/// What is chosen between; nothing where the ballots are about one proposal.
pub(crate) async fn options_for(
    db: &impl ConnectionTrait,
    known: &JointDecision,
) -> Result<Options, StoreError> {
    if known.rules.method.kind().is_of_proposal() {
        return Ok(Options::none());
    }
    let ids = options_of(db, known.id).await?.into_iter().map(|option| option.id).collect();
    Options::new(ids).map_err(|error| StoreError::value(error.to_string()))
}

/// Everyone with a vote in a poll.
pub(crate) async fn voters_of(
    db: &impl ConnectionTrait,
    decision: DecisionId,
) -> Result<Vec<VoterRow>, StoreError> {
    let sql = "SELECT * FROM decision_voter WHERE decision = ? ORDER BY id";
    let found: Vec<decision_voter::Model> = rows(db, sql, [decision.0.into()]).await?;
    let cast = |text: &str| match text {
        "holder" => Some(CastAs::Holder),
        "stand-in" => Some(CastAs::StandIn),
        _ => None,
    };
    let one = |row: decision_voter::Model| {
        let known = |text: String| word("decision_voter.cast_as", &text, cast);
        Ok(VoterRow {
            id: VoterId(row.id),
            party: party(row.party),
            holder: SeatId(row.holder),
            stand_in: row.stand_in.map(SeatId),
            cast: row.cast_as.map(known).transpose()?,
            passed_to: row.passed_to.map(VoterId),
        })
    };
    found.into_iter().map(one).collect()
}

/// All ballots of a poll that is not counted, or of the last one that was.
pub(crate) async fn ballots_of(
    db: &impl ConnectionTrait,
    decision: DecisionId,
) -> Result<Vec<decision_ballot::Model>, StoreError> {
    let sql = "SELECT * FROM decision_ballot WHERE decision = ? ORDER BY id";
    rows(db, sql, [decision.0.into()]).await
}

/// What a stored ballot says.
pub(crate) fn ballot_of(
    kind: MethodKind,
    row: &decision_ballot::Model,
) -> Result<Ballot, StoreError> {
    let said: Json = serde_json::from_str(&row.says)?;
    let read = ballot_from(kind, &said, &row.reason);
    let read = read.ok_or_else(|| StoreError::damaged("decision_ballot.says", &row.says))?;
    let state = row.objection.as_deref().and_then(ObjectionState::from_name);
    Ok(match (read, state) {
        (Ballot::Consent(Consent::Objection { reason, .. }), Some(state)) => {
            Ballot::Consent(Consent::Objection { reason, state })
        }
        (read, _) => read,
    })
}

/// A ballot from its JSON form, such as `{"ranked":[["..."],["..."]]}`; `None` when it is not one of
/// this method. That of consent takes its reason apart, since it is no part of the form.
pub fn ballot_from(kind: MethodKind, said: &Json, reason: &str) -> Option<Ballot> {
    let of = said.get(kind_key(kind))?;
    Some(match kind {
        MethodKind::Consent => Ballot::Consent(consent(of.as_str()?, reason)?),
        MethodKind::Gradients => {
            Ballot::Gradient(Gradient::from_level(u8::try_from(of.as_u64()?).ok()?)?)
        }
        MethodKind::Majority => Ballot::Majority(Vote::from_name(of.as_str()?)?),
        MethodKind::Approval => Ballot::Approval(ids(of)?),
        MethodKind::Score => Ballot::Score(marks(of, |n| u32::try_from(n).ok())?),
        MethodKind::Dot => Ballot::Dot(marks(of, |n| u32::try_from(n).ok())?),
        MethodKind::Quadratic => Ballot::Quadratic(marks(of, |n| i32::try_from(n).ok())?),
        MethodKind::Ranked => {
            Ballot::Ranked(of.as_array()?.iter().map(ids).collect::<Option<_>>()?)
        }
    })
}

/// The word under which a ballot of a method stands in its JSON form.
const fn kind_key(kind: MethodKind) -> &'static str {
    match kind {
        MethodKind::Gradients => "gradient",
        other => other.name(),
    }
}

fn consent(word: &str, reason: &str) -> Option<Consent> {
    let reason = reason.to_owned();
    Some(match word {
        "consents" => Consent::Consents,
        "concern" => Consent::Concern { reason },
        "objection" => Consent::Objection { reason, state: ObjectionState::Raised },
        "abstains" => Consent::Abstains,
        _ => return None,
    })
}

fn ids(of: &Json) -> Option<Vec<OptionId>> {
    of.as_array()?.iter().map(|id| id.as_str()?.parse().ok()).collect()
}

fn marks<N>(of: &Json, number: fn(i64) -> Option<N>) -> Option<Vec<(OptionId, N)>> {
    let pairs = of.as_object()?.iter();
    pairs.map(|(id, n)| Some((id.parse().ok()?, number(n.as_i64()?)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ballot_reads_back_from_its_canonical_text() {
        let id = |n| OptionId(Uuid::from_u128(n));
        for (kind, ballot) in [
            (MethodKind::Consent, Ballot::Consent(Consent::Abstains)),
            (MethodKind::Gradients, Ballot::Gradient(Gradient::Veto)),
            (MethodKind::Majority, Ballot::Majority(Vote::No)),
            (MethodKind::Approval, Ballot::Approval(vec![id(1), id(2)])),
            (MethodKind::Score, Ballot::Score(vec![(id(1), 0), (id(2), 5)])),
            (MethodKind::Dot, Ballot::Dot(vec![(id(2), 3)])),
            (MethodKind::Quadratic, Ballot::Quadratic(vec![(id(1), -4)])),
            (MethodKind::Ranked, Ballot::Ranked(vec![vec![id(2)], vec![id(1), id(3)]])),
        ] {
            let said = serde_json::from_str(&ballot.canonical(1)).unwrap();
            assert_eq!(ballot_from(kind, &said, ""), Some(ballot));
            assert_eq!(ballot_from(kind, &Json::Null, ""), None);
        }
    }
}
