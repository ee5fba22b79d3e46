//! Joint decisions of a partnership while they are talked about: the question, what people say, the
//! proposal or the options, and the rules by which it will be decided.

use sea_orm::{ConnectionTrait, EntityTrait};
use tieline_model::decision::stage::Stage;
use tieline_model::decision::tie_break::Hash32;
use tieline_model::decision::{
    DecisionRules, Delegating, GradientRule, MAX_OPTIONS, MajorityBase, MajorityRule, Method,
    MethodKind, RankedRule, Secrecy, Stance, Verdict, VoterUnit,
};
use tieline_model::id::{
    AccountId, AimId, CommentId, DecisionId, OptionId, PartnershipId, PartyId, SeatId,
};
use tieline_model::room::{Participant, Standing};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{decision_option, decision_statement, joint_decision};
use crate::error::{Constraint, StoreError};
use crate::fold::fold;
use crate::history::Verb;
use crate::rooms::allowed;
use crate::store::{Tx, changed, rows, to_i64, to_u64, word};

/// A question that a partnership decides together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JointDecision {
    /// Its id.
    pub id: DecisionId,
    /// In which partnership.
    pub partnership: PartnershipId,
    /// What is asked, in a line.
    pub question: String,
    /// Why; may be empty.
    pub why: String,
    /// What is proposed; may be empty.
    pub proposal: String,
    /// Where it stands.
    pub stage: Stage,
    /// How it is decided.
    pub rules: DecisionRules,
    /// End of the talk, where one is set.
    pub discuss_until: Option<Moment>,
    /// Until when ballots are taken.
    pub closes_at: Option<Moment>,
    /// Since when ballots are taken.
    pub opened: Option<Moment>,
    /// When those who had not voted were reminded.
    pub reminded: Option<Moment>,
    /// Published when the poll opened: stands for the secret of the tie-break.
    pub commitment: Option<Hash32>,
    /// What the last count says.
    pub verdict: Option<Verdict>,
    /// What follows from it.
    pub outcome: WrittenOutcome,
    /// What the review found; may be empty.
    pub review_note: String,
    /// Who asked; `None`: a guest, or someone erased since.
    pub by: Option<AccountId>,
    /// When it was asked.
    pub asked: Moment,
    /// When it was last changed.
    pub changed: Moment,
    /// Grows with each change.
    pub version: i64,
}

/// What follows from a decision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrittenOutcome {
    /// The outcome in words.
    pub statement: String,
    /// The objective that it serves.
    pub aim: Option<AimId>,
    /// Who sees to it.
    pub owner: Option<SeatId>,
    /// The first step.
    pub first_step: String,
    /// When it is looked at again.
    pub review_on: Option<Moment>,
}

/// A question as it is asked or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionDraft {
    /// What is asked, in a line.
    pub question: String,
    /// Why; may be empty.
    pub why: String,
    /// What is proposed; may be empty.
    pub proposal: String,
    /// Name and note of each option.
    pub options: Vec<(String, String)>,
    /// How it will be decided.
    pub rules: DecisionRules,
    /// End of the talk.
    pub discuss_until: Option<Moment>,
    /// Until when ballots are taken.
    pub closes_at: Option<Moment>,
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionOption {
    /// Its id.
    pub id: OptionId,
    /// Its name.
    pub text: String,
    /// What is to be known about it; may be empty.
    pub note: String,
}

impl Tx {
    /// Asks a question; for everyone in the room.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`Constraint::Value`] without a question or with rules or options
    /// that do not fit.
    pub async fn ask_joint_decision(
        &self,
        id: PartnershipId,
        draft: &DecisionDraft,
        by: Participant,
    ) -> Result<DecisionId, StoreError> {
        self.in_room(id, by).await?;
        let decision = DecisionId(Uuid::now_v7());
        let stored = StoredRules::of(draft)?;
        let row = joint_decision::Model {
            id: decision.0,
            partnership: id.0,
            question: line(&draft.question)?,
            why: draft.why.trim().to_owned(),
            proposal: draft.proposal.trim().to_owned(),
            words: fold(&format!("{} {}", draft.question, draft.proposal)),
            stage: Stage::Discuss.name().to_owned(),
            method: draft.rules.method.kind().name().to_owned(),
            settings: stored.settings,
            voters: draft.rules.voter_unit.name().to_owned(),
            quorum: draft.rules.quorum.to_string(),
            secrecy: draft.rules.secrecy.name().to_owned(),
            delegating: stored.delegating,
            max_chain: stored.max_chain,
            discuss_until: draft.discuss_until.map(Moment::ms),
            closes_at: draft.closes_at.map(Moment::ms),
            opened_at: None,
            reminded_at: None,
            commitment: None,
            nonce: None,
            verdict: None,
            statement: String::new(),
            aim: None,
            owner: None,
            first_step: String::new(),
            review_on: None,
            review_note: String::new(),
            account: by.account().map(|account| account.0),
            changed_at: self.now.ms(),
            version: 1,
            created_at: self.now.ms(),
        };
        self.insert::<joint_decision::Entity>(&[row], None).await?;
        self.list_options(decision, &draft.options).await?;
        self.record(Verb::JointAsked, &id, decision.to_string()).await?;
        Ok(decision)
    }

    /// Changes a question of the version given while nobody can vote yet; for everyone in the room.
    ///
    /// # Errors
    /// [`Constraint::Stale`] when it was changed since, or ballots are taken; else as
    /// [`Tx::ask_joint_decision`].
    pub async fn change_joint_decision(
        &self,
        (id, decision): (PartnershipId, DecisionId),
        draft: &DecisionDraft,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.in_room(id, by).await?;
        let stored = StoredRules::of(draft)?;
        let sql = "UPDATE joint_decision SET question = ?, why = ?, proposal = ?, words = ?, \
                   method = ?, settings = ?, voters = ?, quorum = ?, secrecy = ?, delegating = ?, \
                   max_chain = ?, discuss_until = ?, closes_at = ?, changed_at = ?, \
                   version = version + 1 WHERE id = ? AND partnership = ? AND version = ? \
                   AND stage IN ('discuss', 'propose')";
        let values = [
            line(&draft.question)?.into(),
            draft.why.trim().into(),
            draft.proposal.trim().into(),
            fold(&format!("{} {}", draft.question, draft.proposal)).into(),
            draft.rules.method.kind().name().into(),
            stored.settings.into(),
            draft.rules.voter_unit.name().into(),
            draft.rules.quorum.to_string().into(),
            draft.rules.secrecy.name().into(),
            stored.delegating.into(),
            stored.max_chain.into(),
            draft.discuss_until.map(Moment::ms).into(),
            draft.closes_at.map(Moment::ms).into(),
            self.now.ms().into(),
            decision.0.into(),
            id.0.into(),
            version.into(),
        ];
        if self.run(sql, values).await? == 0 {
            let found = "joint_decision WHERE id = ? AND partnership = ?";
            let row = (found, vec![decision.0.into(), id.0.into()]);
            return Err(self.stale_or_gone("decision", &decision, row).await?);
        }
        self.list_options(decision, &draft.options).await?;
        self.record(Verb::JointChanged, &id, decision.to_string()).await
    }

    /// Lists the options anew; those that read as before keep their ids.
    async fn list_options(
        &self,
        decision: DecisionId,
        options: &[(String, String)],
    ) -> Result<(), StoreError> {
        let known = options_of(&self.db, decision).await?;
        self.run("DELETE FROM decision_option WHERE decision = ?", [decision.0.into()]).await?;
        let place = |at: usize| to_i64(at as u64 + 1);
        let rows = options.iter().enumerate().map(|(at, (text, note))| {
            let before = known.iter().find(|one| one.text == text.trim());
            decision_option::Model {
                id: before.map_or_else(Uuid::now_v7, |one| one.id.0),
                decision: decision.0,
                place: place(at),
                text: text.trim().to_owned(),
                note: note.trim().to_owned(),
                created_at: self.now.ms(),
            }
        });
        let rows: Vec<_> = rows.collect();
        self.insert::<decision_option::Entity>(&rows, None).await.map(drop)
    }

    /// Says something on a question that is not over; for everyone in the room.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`Constraint::Value`] for what says nothing.
    pub async fn speak_to(
        &self,
        (id, decision): (PartnershipId, DecisionId),
        (stance, text): (Stance, &str),
        by: Participant,
    ) -> Result<CommentId, StoreError> {
        let (standing, known) = self.deciding(id, decision, by).await?;
        allowed(!known.stage.is_over(), id)?;
        if text.trim().is_empty() {
            return Err(StoreError::value("a statement says something"));
        }
        let said = CommentId(Uuid::now_v7());
        let row = decision_statement::Model {
            id: said.0,
            decision: decision.0,
            stance: stance.name().to_owned(),
            party: standing.party().map(|party| party.0),
            seat: standing.seat.map(|seat| seat.id.0),
            text: text.trim().to_owned(),
            removed_at: None,
            account: by.account().map(|account| account.0),
            created_at: self.now.ms(),
        };
        self.insert::<decision_statement::Entity>(&[row], None).await?;
        self.record(Verb::JointSpoken, &id, decision.to_string()).await?;
        Ok(said)
    }

    /// Takes back what someone said, or lets it stand again; for whoever said it. The decision that it
    /// was said on.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn unsay(
        &self,
        (id, said): (PartnershipId, CommentId),
        is_removed: bool,
        by: Participant,
    ) -> Result<DecisionId, StoreError> {
        let row = decision_statement::Entity::find_by_id(said.0).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("statement", &said))?;
        let decision = DecisionId(row.decision);
        let (standing, _) = self.deciding(id, decision, by).await?;
        let removed_at = is_removed.then_some(self.now.ms());
        let was = if is_removed { "NULL" } else { "NOT NULL" };
        let sql = format!(
            "UPDATE decision_statement SET removed_at = ? \
             WHERE id = ? AND (account = ? OR seat = ?) AND removed_at IS {was}"
        );
        let values = [
            removed_at.into(),
            said.0.into(),
            by.account().map(|account| account.0).into(),
            standing.seat.map(|seat| seat.id.0).into(),
        ];
        changed(self.run(&sql, values).await?, "statement", &said)?;
        self.record(Verb::JointUnsaid, &id, decision.to_string()).await?;
        Ok(decision)
    }

    /// A decision of a room, for whoever is in it, and what they are there.
    pub(crate) async fn deciding(
        &self,
        id: PartnershipId,
        decision: DecisionId,
        by: Participant,
    ) -> Result<(Standing, JointDecision), StoreError> {
        let standing = self.in_room(id, by).await?;
        Ok((standing, decision_in(&self.db, id, decision).await?))
    }

    /// As [`Tx::deciding`], for whoever drives it.
    pub(crate) async fn driving(
        &self,
        id: PartnershipId,
        decision: DecisionId,
        by: Participant,
    ) -> Result<JointDecision, StoreError> {
        let (standing, known) = self.deciding(id, decision, by).await?;
        allowed(known.is_driven_by(&standing, by), id)?;
        Ok(known)
    }
}

impl JointDecision {
    /// Whether someone takes it from stage to stage: whoever asked, and whoever arranges the room.
    pub fn is_driven_by(&self, standing: &Standing, by: Participant) -> bool {
        let asked = self.by.is_some() && self.by == by.account();
        standing.is_in() && (asked || standing.arranges())
    }

    /// Whether who voted what may be seen: at once, after the count, or never.
    pub fn shows_ballots(&self) -> bool {
        match self.rules.secrecy {
            Secrecy::Open => true,
            Secrecy::OpenAtClose => self.verdict.is_some(),
            Secrecy::Anonymous => false,
        }
    }
}

fn line(text: &str) -> Result<String, StoreError> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { Err(StoreError::value("a question asks something")) } else { Ok(line) }
}

/// What of the rules is kept in one form for all methods.
struct StoredRules {
    settings: String,
    delegating: bool,
    max_chain: Option<i64>,
}

impl StoredRules {
    /// Checks a draft.
    fn of(draft: &DecisionDraft) -> Result<Self, StoreError> {
        let rules = &draft.rules;
        rules.check().map_err(|error| StoreError::value(error.to_string()))?;
        let texts: Vec<&str> = draft.options.iter().map(|(text, _)| text.trim()).collect();
        if texts.len() > MAX_OPTIONS {
            return Err(StoreError::value(format!("there may be at most {MAX_OPTIONS} options")));
        }
        let is_twice = |(at, text): (usize, &&str)| texts[..at].contains(text);
        if texts.iter().any(|text| text.is_empty()) || texts.iter().enumerate().any(is_twice) {
            return Err(StoreError::value("each option has a name of its own"));
        }
        let (delegating, max_chain) = match rules.delegating {
            Delegating::No => (false, None),
            Delegating::Yes { max_chain } => (true, max_chain.map(i64::from)),
        };
        Ok(Self { settings: settings_text(&rules.method), delegating, max_chain })
    }
}

fn settings_text(method: &Method) -> String {
    match method {
        Method::Consent | Method::Approval => String::new(),
        Method::Gradients(rule) => {
            format!("{} {} {}", rule.max_veto, rule.support, rule.discuss_above)
        }
        Method::Majority(rule) => format!("{} {}", rule.base.name(), rule.threshold),
        Method::Score { max } => max.to_string(),
        Method::Dot { dots, per_option: None } => dots.to_string(),
        Method::Dot { dots, per_option: Some(most) } => format!("{dots} {most}"),
        Method::Quadratic { budget } => budget.to_string(),
        Method::Ranked(rule) => rule.name().to_owned(),
    }
}

fn method_from(kind: MethodKind, settings: &str) -> Option<Method> {
    let parts: Vec<&str> = settings.split_whitespace().collect();
    Some(match (kind, parts.as_slice()) {
        (MethodKind::Consent, []) => Method::Consent,
        (MethodKind::Approval, []) => Method::Approval,
        (MethodKind::Gradients, [veto, support, discuss]) => Method::Gradients(GradientRule {
            max_veto: veto.parse().ok()?,
            support: support.parse().ok()?,
            discuss_above: discuss.parse().ok()?,
        }),
        (MethodKind::Majority, [base, threshold]) => Method::Majority(MajorityRule {
            base: MajorityBase::from_name(base)?,
            threshold: threshold.parse().ok()?,
        }),
        (MethodKind::Score, [max]) => Method::Score { max: max.parse().ok()? },
        (MethodKind::Dot, [dots]) => Method::Dot { dots: dots.parse().ok()?, per_option: None },
        (MethodKind::Dot, [dots, most]) => {
            Method::Dot { dots: dots.parse().ok()?, per_option: Some(most.parse().ok()?) }
        }
        (MethodKind::Quadratic, [budget]) => Method::Quadratic { budget: budget.parse().ok()? },
        (MethodKind::Ranked, [rule]) => Method::Ranked(RankedRule::from_name(rule)?),
        _ => return None,
    })
}

/// A decision of a partnership.
///
/// # Errors
/// [`StoreError::NotFound`].
pub(crate) async fn decision_in(
    db: &impl ConnectionTrait,
    id: PartnershipId,
    decision: DecisionId,
) -> Result<JointDecision, StoreError> {
    let row = joint_decision::Entity::find_by_id(decision.0).one(db).await?;
    let row = row.filter(|row| row.partnership == id.0);
    decision_of(row.ok_or_else(|| StoreError::not_found("decision", &decision))?)
}

pub(crate) fn decision_of(row: joint_decision::Model) -> Result<JointDecision, StoreError> {
    let rules = rules_of(&row)?;
    let hash = |text: String| word("joint_decision.commitment", &text, |text| text.parse().ok());
    let verdict = |text: String| word("joint_decision.verdict", &text, Verdict::from_name);
    Ok(JointDecision {
        id: DecisionId(row.id),
        partnership: PartnershipId(row.partnership),
        stage: word("joint_decision.stage", &row.stage, Stage::from_name)?,
        rules,
        question: row.question,
        why: row.why,
        proposal: row.proposal,
        discuss_until: row.discuss_until.map(Moment::from_ms),
        closes_at: row.closes_at.map(Moment::from_ms),
        opened: row.opened_at.map(Moment::from_ms),
        reminded: row.reminded_at.map(Moment::from_ms),
        commitment: row.commitment.map(hash).transpose()?,
        verdict: row.verdict.map(verdict).transpose()?,
        outcome: WrittenOutcome {
            statement: row.statement,
            aim: row.aim.map(AimId),
            owner: row.owner.map(SeatId),
            first_step: row.first_step,
            review_on: row.review_on.map(Moment::from_ms),
        },
        review_note: row.review_note,
        by: row.account.map(AccountId),
        asked: Moment::from_ms(row.created_at),
        changed: Moment::from_ms(row.changed_at),
        version: row.version,
    })
}

fn rules_of(row: &joint_decision::Model) -> Result<DecisionRules, StoreError> {
    let kind = word("joint_decision.method", &row.method, MethodKind::from_name)?;
    let method = method_from(kind, &row.settings);
    let max_chain = row.max_chain.and_then(|most| u32::try_from(to_u64(most)).ok());
    Ok(DecisionRules {
        method: method
            .ok_or_else(|| StoreError::damaged("joint_decision.settings", &row.settings))?,
        voter_unit: word("joint_decision.voters", &row.voters, VoterUnit::from_name)?,
        quorum: word("joint_decision.quorum", &row.quorum, |text| text.parse().ok())?,
        secrecy: word("joint_decision.secrecy", &row.secrecy, Secrecy::from_name)?,
        delegating: if row.delegating { Delegating::Yes { max_chain } } else { Delegating::No },
    })
}

/// The options of a decision, in their order.
pub(crate) async fn options_of(
    db: &impl ConnectionTrait,
    decision: DecisionId,
) -> Result<Vec<DecisionOption>, StoreError> {
    let sql = "SELECT * FROM decision_option WHERE decision = ? ORDER BY place";
    let found: Vec<decision_option::Model> = rows(db, sql, [decision.0.into()]).await?;
    let one = |row: decision_option::Model| DecisionOption {
        id: OptionId(row.id),
        text: row.text,
        note: row.note,
    };
    Ok(found.into_iter().map(one).collect())
}

/// A ballot that a poll does not take.
pub(crate) fn closed() -> StoreError {
    StoreError::Conflict(Constraint::PollClosed)
}

/// The party of a seat id in a row.
pub(crate) fn party(id: Option<Uuid>) -> Option<PartyId> {
    id.map(PartyId)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tieline_model::fraction::Share;

    #[test]
    fn every_method_reads_back_with_its_settings() {
        let majority = MajorityRule { base: MajorityBase::Absolute, threshold: Share::TWO_THIRDS };
        let others = [
            Method::Majority(majority),
            Method::Dot { dots: 9, per_option: Some(3) },
            Method::Ranked(RankedRule::InstantRunoff),
        ];
        let usual = MethodKind::ALL.iter().map(|kind| kind.with_defaults());
        for method in usual.chain(others) {
            assert_eq!(method_from(method.kind(), &settings_text(&method)), Some(method));
        }
        assert_eq!(method_from(MethodKind::Score, "many"), None);
    }
}
