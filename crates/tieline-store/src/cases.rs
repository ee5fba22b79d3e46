//! Conflict cases of a partnership: what they hold, and raising one. To whoever is neither side,
//! mediator nor the one who raised it, there is no case.

use std::collections::BTreeSet;

use tieline_model::conflict::PointKind;
use tieline_model::conflict::stage::{Action, Case, Interest, Restatement, Stage};
use tieline_model::id::{
    AddressId, CaseActionId, CaseId, CommitmentId, PartnershipId, PartyId, PointId, SeatId,
};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{conflict_case, conflict_side, conflict_step};
use crate::error::StoreError;
use crate::history::Verb;
use crate::rooms::allowed;
use crate::say::named;
use crate::store::Tx;

/// A case to be raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCase {
    /// What it is about, in a line.
    pub title: String,
    /// In words that all sides can share; may be empty.
    pub about: String,
    /// Between whom: two parties or more.
    pub sides: BTreeSet<PartyId>,
}

/// What someone is in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InCase {
    /// The side that they are on.
    pub side: Option<PartyId>,
    /// Whether they mediate: all sides accepted them.
    pub mediates: bool,
    /// Whether they raised it.
    pub raised: bool,
}

impl InCase {
    pub(crate) fn is_in(self) -> bool {
        self.side.is_some() || self.mediates || self.raised
    }
}

/// A side of a case, with what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseSide {
    /// Which party.
    pub party: PartyId,
    /// Its name.
    pub name: String,
    /// How it sees things.
    pub view: String,
    /// What it demands.
    pub position: String,
    /// Its view as another side said it back, and which.
    pub restated: Option<(PartyId, String)>,
    /// Whether it said: yes, that is what I mean.
    pub understood: bool,
    /// Whether it accepts the agreement as it stands.
    pub accepts: bool,
    /// Whether it confirms that it is settled.
    pub settled: bool,
    /// Whether it accepts the mediator.
    pub mediator_ok: bool,
    /// Grows with each change of its words.
    pub version: i64,
}

/// Something collected in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePoint {
    /// Its id.
    pub id: PointId,
    /// What it is.
    pub kind: PointKind,
    /// Whose interest.
    pub party: Option<PartyId>,
    /// The issue that a choice belongs to.
    pub topic: String,
    /// In words.
    pub text: String,
}

/// What the agreement asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseAction {
    /// Its id.
    pub id: CaseActionId,
    /// Which side does it.
    pub party: PartyId,
    /// Who sees to it.
    pub seat: Option<SeatId>,
    /// What.
    pub text: String,
    /// First moment after the day it is due.
    pub due: Moment,
    /// The promise that it became.
    pub commitment: Option<CommitmentId>,
    /// Whether that was kept, by whatever date both agreed on since.
    pub is_done: bool,
}

/// A conflict case as someone in it reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictCase {
    /// Its id.
    pub id: CaseId,
    /// In which partnership.
    pub partnership: PartnershipId,
    /// What it is about, in a line.
    pub title: String,
    /// In words that all sides share; may be empty.
    pub about: String,
    /// Where it stands.
    pub stage: Stage,
    /// Whoever is asked to mediate, with their name in the directory.
    pub mediator: Option<(AddressId, String)>,
    /// What the sides agree on; may be empty.
    pub agreement: String,
    /// What is kept of it without names; may be empty.
    pub learnt: String,
    /// When all sides had accepted.
    pub agreed: Option<Moment>,
    /// When it was closed.
    pub closed: Option<Moment>,
    /// The sides, in the order in which they came into the partnership.
    pub sides: Vec<CaseSide>,
    /// What was collected and stands, in the order in which it came.
    pub points: Vec<CasePoint>,
    /// What the agreement asks for.
    pub actions: Vec<CaseAction>,
    /// What the reader is in it.
    pub reader: InCase,
    /// When it was last changed.
    pub changed: Moment,
    /// Grows with each change of what all share.
    pub version: i64,
}

impl ConflictCase {
    /// As the gates of the model ask.
    pub fn state(&self) -> Case<PartyId> {
        let sides = || self.sides.iter();
        let of = |kind| self.points.iter().filter(move |point| point.kind == kind);
        let named = |point: &CasePoint| {
            point.party.map(|party| Interest { party, text: point.text.clone() })
        };
        let with = |is: fn(&CaseSide) -> bool| {
            sides().filter(|side| is(side)).map(|side| side.party).collect()
        };
        let position =
            |side: &CaseSide| Interest { party: side.party, text: side.position.clone() };
        let restated = |side: &CaseSide| {
            side.restated.as_ref().map(|(by, _)| Restatement {
                of: side.party,
                by: *by,
                is_confirmed: side.understood,
            })
        };
        let action = |one: &CaseAction| Action {
            has_owner: one.seat.is_some(),
            due: Some(one.due),
            is_done: one.is_done,
        };
        Case {
            parties: sides().map(|side| side.party).collect(),
            positions: sides().map(position).collect(),
            restatements: sides().filter_map(restated).collect(),
            interests: of(PointKind::Interest).filter_map(named).collect(),
            n_options: of(PointKind::Option).count(),
            accepted: with(|side| side.accepts),
            actions: self.actions.iter().map(action).collect(),
            confirmed: with(|side| side.settled),
            closed_at: self.closed,
        }
    }

    /// A side by its party.
    pub fn side(&self, party: PartyId) -> Option<&CaseSide> {
        self.sides.iter().find(|side| side.party == party)
    }

    /// Both sides, the first and the second, where there are two: methods for two ask for this.
    pub fn two(&self) -> Option<[PartyId; 2]> {
        match &self.sides[..] {
            [one, two] => Some([one.party, two.party]),
            _ => None,
        }
    }
}

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseLine {
    /// Its id.
    pub id: CaseId,
    /// In which partnership.
    pub partnership: PartnershipId,
    /// What it is about.
    pub title: String,
    /// Where it stands.
    pub stage: Stage,
    /// Names of its sides.
    pub sides: Vec<String>,
    /// When all sides had accepted.
    pub agreed: Option<Moment>,
    /// When it was last changed.
    pub changed: Moment,
}

/// Someone of a side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePerson {
    /// Their seat.
    pub seat: SeatId,
    /// At which party.
    pub party: PartyId,
    /// An address of theirs.
    pub who: AddressId,
    /// Their name in the directory.
    pub name: Option<String>,
}

impl Tx {
    /// Raises a case; for people of a side, and whoever opened the room.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`crate::Constraint::Value`] without a title or with fewer than two
    /// sides.
    pub async fn raise_case(
        &self,
        id: PartnershipId,
        new: &NewCase,
        by: Participant,
    ) -> Result<CaseId, StoreError> {
        let standing = self.in_room(id, by).await?;
        let is_side = standing.party().is_some_and(|party| new.sides.contains(&party));
        allowed(is_side || standing.convenes, id)?;
        if new.sides.len() < 2 {
            return Err(StoreError::value("a case is between two parties or more"));
        }
        let case = CaseId(Uuid::now_v7());
        let row = conflict_case::Model {
            id: case.0,
            partnership: id.0,
            title: named(&new.title, "a case")?,
            about: new.about.trim().to_owned(),
            stage: Stage::Raised.name().to_owned(),
            mediator: None,
            agreement: String::new(),
            learnt: String::new(),
            agreed_at: None,
            closed_at: None,
            account: by.account().map(|account| account.0),
            changed_at: self.now.ms(),
            version: 1,
            created_at: self.now.ms(),
        };
        self.insert::<conflict_case::Entity>(&[row], None).await?;
        self.mark_seat(case.0).await?;
        for party in &new.sides {
            self.takes_part(id, *party).await?;
        }
        let side = |party: &PartyId| conflict_side::Model {
            conflict: case.0,
            party: party.0,
            view: String::new(),
            position: String::new(),
            restated: String::new(),
            restated_by: None,
            understood: false,
            accepts: false,
            settled: false,
            mediator_ok: false,
            version: 1,
            created_at: self.now.ms(),
        };
        let sides: Vec<_> = new.sides.iter().map(side).collect();
        self.insert::<conflict_side::Entity>(&sides, None).await?;
        self.came_to(case, Stage::Raised).await?;
        self.record(Verb::CaseRaised, &case, "").await?;
        Ok(case)
    }

    /// Notes a stage that a case came to.
    pub(crate) async fn came_to(&self, case: CaseId, stage: Stage) -> Result<(), StoreError> {
        let row = conflict_step::Model {
            id: Uuid::now_v7(),
            conflict: case.0,
            stage: stage.name().to_owned(),
            created_at: self.now.ms(),
        };
        self.insert::<conflict_step::Entity>(&[row], None).await.map(drop)
    }
}
