//! The steps of a decision from stage to stage, with the gates of the model; the list of voters is
//! fixed when its poll opens.

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult};
use tieline_model::decision::VoterUnit;
use tieline_model::decision::stage::{Gate, Progress, Stage};
use tieline_model::decision::tie_break::{Hash32, Nonce};
use tieline_model::id::{AccountId, DecisionId, PartnershipId, PartyId, SeatId, VoterId};
use tieline_model::room::{Duty, Participant};
use tieline_model::step::Refused;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::ballots::{VoterRow, n_voted, voters_of};
use crate::entity::{decision_voter, joint_decision};
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::joint::{JointDecision, closed, decision_of, options_of};
use crate::rooms::SEATED;
use crate::store::{Store, Tx, number, rows};

/// A step of a decision.
#[derive(Debug, Clone)]
pub struct JointStep {
    /// Where to.
    pub to: Stage,
    /// The version that steps.
    pub version: i64,
    /// Who votes for each party, and who stands in; only said when a poll opens. A party that is not
    /// named is given its first lead, or else whoever sat there first.
    pub delegates: Vec<(PartyId, SeatId, Option<SeatId>)>,
    /// The secret of the tie-break, for when a poll opens: thirty-two random bytes.
    pub nonce: Nonce,
}

impl Tx {
    /// Takes a decision to another stage, when the gates are open; for whoever drives it.
    ///
    /// # Errors
    /// [`Constraint::Undecided`] with all gates that are shut, [`Constraint::Value`] when there is no
    /// such step, [`Constraint::Stale`] when it was changed since, [`StoreError::NotFound`].
    pub async fn step_joint_decision(
        &self,
        (id, decision): (PartnershipId, DecisionId),
        step: &JointStep,
        by: Participant,
    ) -> Result<(), StoreError> {
        let known = self.driving(id, decision, by).await?;
        if known.version != step.version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let voters = voters_of(&self.db, decision).await?;
        let mut progress = progress_of(&self.db, &known, &voters, self.now).await?;
        let opens = known.stage == Stage::Propose && step.to == Stage::Decide;
        let electors = if opens { self.electors(&known, step).await? } else { Vec::new() };
        if opens {
            progress.voters = electors.len() as u64;
            progress.commitment = true;
        }
        let to = stepped(known.stage.advance(step.to, &progress))?;
        match to {
            Stage::Decide => self.open_poll(decision, electors, &step.nonce).await?,
            Stage::Discuss | Stage::Propose => self.reset_poll(decision).await?,
            Stage::Withdrawn => self.forget_poll(decision).await?,
            _ => {}
        }
        let sql = "UPDATE joint_decision SET stage = ?, changed_at = ?, version = version + 1 \
                   WHERE id = ?";
        self.run(sql, [to.name().into(), self.now.ms().into(), decision.0.into()]).await?;
        self.record(Verb::JointStepped, &id, format!("{decision} {}", to.name())).await
    }

    /// Fixes who votes, and commits to the secret of the tie-break.
    async fn open_poll(
        &self,
        decision: DecisionId,
        electors: Vec<VoterRow>,
        nonce: &Nonce,
    ) -> Result<(), StoreError> {
        self.forget_poll(decision).await?;
        let rows: Vec<decision_voter::Model> = electors
            .into_iter()
            .map(|one| decision_voter::Model {
                id: one.id.0,
                decision: decision.0,
                party: one.party.map(|party| party.0),
                holder: one.holder.0,
                stand_in: one.stand_in.map(|seat| seat.0),
                cast_as: None,
                passed_to: None,
                created_at: self.now.ms(),
            })
            .collect();
        self.insert::<decision_voter::Entity>(&rows, None).await?;
        let sql = "UPDATE joint_decision SET commitment = ?, nonce = ?, opened_at = ?, \
                   reminded_at = NULL, verdict = NULL WHERE id = ?";
        let values = [
            nonce.commitment().to_string().into(),
            Hash32(nonce.0).to_string().into(),
            self.now.ms().into(),
            decision.0.into(),
        ];
        self.run(sql, values).await.map(drop)
    }

    /// Before it is talked about anew: what was counted stays, what was cast goes.
    pub(crate) async fn reset_poll(&self, decision: DecisionId) -> Result<(), StoreError> {
        self.forget_poll(decision).await?;
        let sql = "UPDATE joint_decision SET commitment = NULL, nonce = NULL, opened_at = NULL, \
                   reminded_at = NULL, verdict = NULL, review_note = '' \
                   WHERE id = ?";
        self.run(sql, [decision.0.into()]).await.map(drop)
    }

    async fn forget_poll(&self, decision: DecisionId) -> Result<(), StoreError> {
        for table in ["decision_ballot", "decision_voter"] {
            let sql = format!("DELETE FROM {table} WHERE decision = ?");
            self.run(&sql, [decision.0.into()]).await?;
        }
        Ok(())
    }

    /// Who will vote: everyone who sits at a party, or each party at which someone sits.
    async fn electors(
        &self,
        known: &JointDecision,
        step: &JointStep,
    ) -> Result<Vec<VoterRow>, StoreError> {
        let seats = seats_of(&self.db, known.partnership).await?;
        let vote = |party, holder, stand_in| VoterRow {
            id: VoterId(Uuid::now_v7()),
            party,
            holder,
            stand_in,
            cast: None,
            passed_to: None,
        };
        if known.rules.voter_unit == VoterUnit::Person {
            return Ok(seats.iter().map(|(seat, ..)| vote(None, *seat, None)).collect());
        }
        let mut parties: Vec<PartyId> = seats.iter().map(|(_, party, _)| *party).collect();
        parties.sort();
        parties.dedup();
        let of = |party: PartyId| seats.iter().filter(move |(_, at, _)| *at == party);
        let one = |party: PartyId| {
            let sits = |seat: &SeatId| of(party).any(|(known, ..)| known == seat);
            let usual = of(party).find(|(.., duty)| *duty == Duty::Lead).or(of(party).next());
            let said = step.delegates.iter().find(|(named, ..)| *named == party);
            let said = said.filter(|(_, delegate, _)| sits(delegate));
            let delegate =
                said.map(|(_, delegate, _)| *delegate).or(usual.map(|(seat, ..)| *seat))?;
            let stand_in = said.and_then(|(.., stand_in)| *stand_in);
            let stand_in = stand_in.filter(|seat| sits(seat) && *seat != delegate);
            Some(vote(Some(party), delegate, stand_in))
        };
        Ok(parties.into_iter().filter_map(one).collect())
    }

    /// Notes that those who have not voted are reminded, once for each poll; for whoever drives the
    /// decision. The accounts that are reminded: those in the room that can vote and have not.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`Constraint::PollClosed`] when no ballots are taken, or they were
    /// reminded before.
    pub async fn remind_voters(
        &self,
        (id, decision): (PartnershipId, DecisionId),
        by: Participant,
    ) -> Result<Vec<AccountId>, StoreError> {
        let known = self.driving(id, decision, by).await?;
        let voters = voters_of(&self.db, decision).await?;
        let progress = progress_of(&self.db, &known, &voters, self.now).await?;
        let is_open = known.stage == Stage::Decide && !progress.is_poll_closed();
        if !is_open || known.verdict.is_some() || known.reminded.is_some() {
            return Err(closed());
        }
        let sql = "UPDATE joint_decision SET reminded_at = ? WHERE id = ?";
        self.run(sql, [self.now.ms().into(), decision.0.into()]).await?;
        self.record(Verb::VotersReminded, &id, decision.to_string()).await?;
        waiting_accounts(&self.db, decision).await
    }
}

impl Store {
    /// What there is of a decision, as far as its gates ask.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn joint_progress(
        &self,
        known: &JointDecision,
        now: Moment,
        by: Participant,
    ) -> Result<Progress, StoreError> {
        crate::rooms::standing(&self.db, known.partnership, by).await?;
        let voters = voters_of(&self.db, known.id).await?;
        let mut progress = progress_of(&self.db, known, &voters, now).await?;
        if known.stage == Stage::Propose {
            // Who votes and the secret of the tie-break are settled by the step itself.
            progress.voters = seats_of(&self.db, known.partnership).await?.len() as u64;
            progress.commitment = true;
        }
        Ok(progress)
    }

    /// Whether an account can vote in a poll that takes ballots and has not: for a letter that reminds.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn waits_for_vote(
        &self,
        decision: DecisionId,
        account: AccountId,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT COUNT(*) FROM joint_decision WHERE id = ? AND stage = 'decide' \
                   AND verdict IS NULL";
        let is_open = number(&self.db, sql, [decision.0.into()]).await? > 0;
        Ok(is_open && waiting_accounts(&self.db, decision).await?.contains(&account))
    }
}

impl Store {
    /// A decision, for a letter that asks someone for their vote.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn decision_to_vote_on(
        &self,
        decision: DecisionId,
    ) -> Result<JointDecision, StoreError> {
        let row = joint_decision::Entity::find_by_id(decision.0).one(&self.db).await?;
        decision_of(row.ok_or_else(|| StoreError::not_found("decision", &decision))?)
    }
}

/// Accounts of those who have not voted.
async fn waiting_accounts(
    db: &impl ConnectionTrait,
    decision: DecisionId,
) -> Result<Vec<AccountId>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let waits = format!(
        "FROM {SEATED} JOIN decision_voter v ON (v.holder = m.id OR v.stand_in = m.id) \
         AND v.decision = ? AND v.cast_as IS NULL AND v.passed_to IS NULL"
    );
    let sql = format!(
        "SELECT a.id {waits} JOIN actor_address own ON own.address = m.address \
         JOIN actor_address theirs ON theirs.actor = own.actor \
         JOIN account a ON a.actor = theirs.address \
         UNION SELECT a.id {waits} JOIN account a ON a.actor = m.address"
    );
    let found: Vec<Row> = rows(db, &sql, [decision.0.into(), decision.0.into()]).await?;
    Ok(found.into_iter().map(|row| AccountId(row.id)).collect())
}

/// Everyone who sits in a room, in the order in which they came.
async fn seats_of(
    db: &impl ConnectionTrait,
    id: PartnershipId,
) -> Result<Vec<(SeatId, PartyId, Duty)>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        party: Uuid,
        duty: String,
    }
    let sql =
        format!("SELECT m.id, m.party, m.duty FROM {SEATED} WHERE q.partnership = ? ORDER BY m.id");
    let found: Vec<Row> = rows(db, &sql, [id.0.into()]).await?;
    let one = |row: Row| {
        let duty = crate::store::word("partnership_member.duty", &row.duty, Duty::from_name)?;
        Ok((SeatId(row.id), PartyId(row.party), duty))
    };
    found.into_iter().map(one).collect()
}

/// A step that was refused, as the store says it.
pub(crate) fn stepped(step: Result<Stage, Refused<Stage, Gate>>) -> Result<Stage, StoreError> {
    step.map_err(|refused| {
        StoreError::Conflict(match refused {
            Refused::Missing(gates) => Constraint::Undecided(gates),
            Refused::NoSuchStep { .. } => Constraint::Value(refused.to_string()),
        })
    })
}

/// What is there of a decision.
pub(crate) async fn progress_of(
    db: &impl ConnectionTrait,
    known: &JointDecision,
    voters: &[VoterRow],
    now: Moment,
) -> Result<Progress, StoreError> {
    let heard = "SELECT COUNT(DISTINCT party) FROM decision_statement \
                 WHERE decision = ? AND removed_at IS NULL AND party IS NOT NULL";
    let heard = number(db, heard, [known.id.0.into()]).await?;
    let bound = "SELECT COUNT(*) FROM decision_bound WHERE decision = ?";
    let bound = number(db, bound, [known.id.0.into()]).await?;
    let outcome = &known.outcome;
    Ok(Progress {
        rules_fit: known.rules.check().is_ok(),
        question: !known.question.is_empty(),
        parties_heard: usize::try_from(heard).unwrap_or(0),
        discuss_until: known.discuss_until,
        proposal: !known.proposal.is_empty(),
        options: options_of(db, known.id).await?.len(),
        voters: voters.len() as u64,
        voted: n_voted(known, voters),
        closes_at: known.closes_at,
        // What was counted takes no ballots any more, also where it was closed early.
        closed_early: known.verdict.is_some(),
        commitment: known.commitment.is_some(),
        verdict: known.verdict,
        statement: !outcome.statement.is_empty(),
        objective: outcome.aim.is_some(),
        people_bound: bound > 0,
        owner: outcome.owner.is_some(),
        first_step: !outcome.first_step.is_empty(),
        review_on: outcome.review_on,
        review_note: !known.review_note.is_empty(),
        ..Progress::new(known.rules.method.kind(), now)
    })
}
