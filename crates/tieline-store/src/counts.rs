//! The count of a poll: made once by the model and kept as it was, with the ballots it was made of and
//! the secret of its tie-break, so that anyone can make it again.

use std::collections::BTreeMap;

use sea_orm::EntityTrait;
use serde_json::{Value as Json, json};
use tieline_model::decision::points::PointsCount;
use tieline_model::decision::stage::{Gate, Stage};
use tieline_model::decision::tie_break::{Hash32, Nonce, TieBreak};
use tieline_model::decision::{
    Cast, Count, Options, Outcome, Secrecy, Verdict, count, count::RankedCount, ranked::PairTable,
    runoff::RoundEnd,
};
use tieline_model::fraction::Fraction;
use tieline_model::id::{DecisionId, OptionId, PartnershipId};
use tieline_model::room::Participant;
use tieline_model::time::Moment;

use crate::ballots::{VoterRow, ballot_of, ballots_of, options_for, resolved, voters_of};
use crate::entity::{decision_count, joint_decision};
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::joint::{JointDecision, closed, options_of};
use crate::joint_stage::progress_of;
use crate::rooms::allowed;
use crate::store::{Store, Tx, number, rows, to_u64, word};

/// A count of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCount {
    /// From 1.
    pub number: u64,
    /// When it was made.
    pub at: Moment,
    /// What it says.
    pub verdict: Verdict,
    /// Whether someone closed the poll before its time.
    pub early: bool,
    /// JSON: the whole count, with the options as they were.
    pub tally: String,
    /// The ballots, sorted, with their weights and without their voters; `None` where an import of
    /// the workspace brought the count without them.
    pub ballots: Option<Vec<String>>,
    /// Published at opening, hex.
    pub commitment: String,
    /// The secret of the tie-break, hex.
    pub nonce: String,
    /// Stands for all ballots, hex.
    pub root: String,
}

impl Tx {
    /// Closes a poll and counts it: for everyone in the room once it is over, before that for whoever
    /// drives the decision and says so.
    ///
    /// # Errors
    /// [`crate::Constraint::Undecided`] while the poll is open, [`crate::Constraint::PollClosed`] when
    /// there is none, or it was counted, [`StoreError::NotFound`].
    pub async fn close_poll(
        &self,
        (id, decision): (PartnershipId, DecisionId),
        early: bool,
        by: Participant,
    ) -> Result<Verdict, StoreError> {
        let (standing, known) = self.deciding(id, decision, by).await?;
        if known.stage != Stage::Decide || known.verdict.is_some() {
            return Err(closed());
        }
        let voters = voters_of(&self.db, decision).await?;
        let mut progress = progress_of(&self.db, &known, &voters, self.now).await?;
        let is_early = early && !progress.is_poll_closed();
        allowed(!is_early || known.is_driven_by(&standing, by), id)?;
        progress.closed_early = is_early;
        if !progress.is_poll_closed() {
            return Err(StoreError::Conflict(Constraint::Undecided(vec![Gate::PollClosed])));
        }
        let counted = self.counted(&known, &voters).await?;
        let verdict = counted.outcome.verdict;
        self.keep_count(&known, &counted, is_early).await?;
        progress.verdict = Some(verdict);
        let stage = known.stage.advance(Stage::Outcome, &progress).unwrap_or(known.stage);
        let sql = "UPDATE joint_decision SET verdict = ?, stage = ?, nonce = NULL, changed_at = ?, \
                   version = version + 1 WHERE id = ?";
        let at = self.now.ms();
        let values = [verdict.name().into(), stage.name().into(), at.into(), decision.0.into()];
        self.run(sql, values).await?;
        if known.rules.secrecy == Secrecy::Anonymous {
            // What they said is in the count; that they belong to tokens is not needed any more.
            let sql = "DELETE FROM decision_ballot WHERE decision = ?";
            self.run(sql, [decision.0.into()]).await?;
        }
        let detail = format!("{decision} {}", verdict.name());
        self.record(Verb::JointCounted, &id, detail).await?;
        Ok(verdict)
    }

    async fn counted(
        &self,
        known: &JointDecision,
        voters: &[VoterRow],
    ) -> Result<Counted, StoreError> {
        let weights = resolved(known, voters).weights;
        let kind = known.rules.method.kind();
        let mut casts = Vec::new();
        for row in ballots_of(&self.db, known.id).await? {
            let weight = match row.voter {
                Some(voter) => weights.iter().find(|(one, _)| one.0 == voter).map(|(_, n)| *n),
                None => Some(1),
            };
            let Some(weight) = weight else { continue };
            casts.push(Cast { ballot: ballot_of(kind, &row)?, weight });
        }
        let options = options_for(&self.db, known).await?;
        let mut ballots: Vec<String> =
            casts.iter().map(|cast| cast.ballot.canonical(cast.weight)).collect();
        ballots.sort_unstable();
        let row = joint_decision::Entity::find_by_id(known.id.0).one(&self.db).await?;
        let nonce = row.and_then(|row| row.nonce).and_then(|text| text.parse::<Hash32>().ok());
        let nonce = nonce.ok_or_else(|| StoreError::damaged("joint_decision.nonce", &known.id))?;
        let proof = TieBreak::made(&known.id.to_string(), Nonce(nonce.0), &ballots, &options);
        let outcome = count(&known.rules, &options, &casts, voters.len() as u64, &proof.order)
            .map_err(|error| StoreError::Internal(Box::new(error)))?;
        Ok(Counted { outcome, options, ballots, proof })
    }

    async fn keep_count(
        &self,
        known: &JointDecision,
        counted: &Counted,
        early: bool,
    ) -> Result<(), StoreError> {
        let sql = "SELECT MAX(number) FROM decision_count WHERE decision = ?";
        let last = number(&self.db, sql, [known.id.0.into()]).await?;
        let texts = options_of(&self.db, known.id).await?;
        let texts: BTreeMap<OptionId, String> =
            texts.into_iter().map(|option| (option.id, option.text)).collect();
        let row = decision_count::Model {
            decision: known.id.0,
            number: last + 1,
            at: self.now.ms(),
            verdict: counted.outcome.verdict.name().to_owned(),
            early,
            tally: counted.tally(&texts).to_string(),
            ballots: Some(json!(counted.ballots).to_string()),
            commitment: counted.proof.commitment.to_string(),
            nonce: Hash32(counted.proof.nonce.0).to_string(),
            root: counted.proof.root.to_string(),
            created_at: self.now.ms(),
        };
        self.insert::<decision_count::Entity>(&[row], None).await.map(drop)
    }
}

/// A count as it was made.
struct Counted {
    outcome: Outcome,
    options: Options,
    ballots: Vec<String>,
    proof: TieBreak,
}

impl Counted {
    /// The whole of it as JSON: whole numbers, and fractions as texts, so that they stay exact.
    fn tally(&self, texts: &BTreeMap<OptionId, String>) -> Json {
        let id = |id: &OptionId| id.to_string();
        let ids = |ids: &[OptionId]| ids.iter().map(id).collect::<Vec<_>>();
        let outcome = &self.outcome;
        let options = self.options.ids().iter();
        let options = options.map(|one| json!({ "id": id(one), "text": texts.get(one) }));
        json!({
            "verdict": outcome.verdict.name(),
            "eligible": outcome.participation.eligible,
            "cast": outcome.participation.cast,
            "needed": outcome.participation.needed,
            "options": options.collect::<Vec<_>>(),
            "winners": ids(&outcome.winners),
            "ranking": ids(&outcome.ranking),
            "used_tie_break": outcome.used_tie_break,
            "tie_order": ids(&self.proof.order),
            "count": count_json(&outcome.count),
        })
    }
}

fn count_json(count: &Count) -> Json {
    match count {
        Count::Consent(said) => json!({ "consent": {
            "consents": said.consents,
            "concerns": said.concerns,
            "abstains": said.abstains,
            "objections": said.objections,
        }}),
        Count::Gradients(said) => json!({ "gradients": {
            "levels": said.histogram,
            "support": said.support_share().map(text),
            "median": said.median_level().map(text),
        }}),
        Count::Majority(said) => json!({ "majority": {
            "yes": said.yes, "no": said.no, "abstain": said.abstain, "eligible": said.eligible,
        }}),
        Count::Points(points) => json!({ "points": points_json(points) }),
        Count::Ranked(ranked) => json!({ "ranked": ranked_json(ranked) }),
    }
}

fn points_json(points: &PointsCount) -> Json {
    let one = |(at, standing): (usize, &tieline_model::decision::points::Standing)| {
        json!({
            "value": standing.value.map(text),
            "total": i64::try_from(standing.total).unwrap_or(i64::MAX),
            "raters": standing.raters,
            "share": points.share(at).map(text),
        })
    };
    json!(points.standings.iter().enumerate().map(one).collect::<Vec<_>>())
}

fn ranked_json(ranked: &RankedCount) -> Json {
    let texts = |all: &[Fraction]| all.iter().copied().map(text).collect::<Vec<_>>();
    let round = |round: &tieline_model::decision::runoff::Round| {
        let votes: Vec<Option<String>> = round.votes.iter().map(|votes| votes.map(text)).collect();
        let (elected, dropped) = match &round.end {
            RoundEnd::Elected(at) => (Some(*at), None),
            RoundEnd::Eliminated(at) => (None, Some(*at)),
        };
        json!({ "votes": votes, "elected": elected, "dropped": dropped })
    };
    json!({
        "pairwise": table(&ranked.pairwise),
        "condorcet": ranked.condorcet_winner,
        "smith": ranked.smith_set,
        "first_choices": texts(&ranked.first_choices),
        "borda": texts(&ranked.borda),
        "schulze": ranked.schulze.ranking,
        "ranked_pairs": ranked.ranked_pairs.ranking,
        "runoff": ranked.runoff.ranking,
        "rounds": ranked.runoff.rounds.iter().map(round).collect::<Vec<_>>(),
    })
}

fn table(pairs: &PairTable) -> Vec<Vec<u64>> {
    let n = pairs.n_options();
    (0..n).map(|row| (0..n).map(|column| pairs.get(row, column)).collect()).collect()
}

fn text(fraction: Fraction) -> String {
    fraction.to_string()
}

impl Store {
    /// The counts of a decision, the first one first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn counts(
        &self,
        (id, decision): (PartnershipId, DecisionId),
        by: Participant,
    ) -> Result<Vec<KeptCount>, StoreError> {
        crate::rooms::standing(&self.db, id, by).await?;
        crate::joint::decision_in(&self.db, id, decision).await?;
        let sql = "SELECT * FROM decision_count WHERE decision = ? ORDER BY number";
        let found: Vec<decision_count::Model> = rows(&self.db, sql, [decision.0.into()]).await?;
        let one = |row: decision_count::Model| {
            let ballots = row.ballots.as_deref().map(serde_json::from_str).transpose()?;
            Ok(KeptCount {
                number: to_u64(row.number),
                at: Moment::from_ms(row.at),
                verdict: word("decision_count.verdict", &row.verdict, Verdict::from_name)?,
                early: row.early,
                tally: row.tally,
                ballots,
                commitment: row.commitment,
                nonce: row.nonce,
                root: row.root,
            })
        };
        found.into_iter().map(one).collect()
    }
}
