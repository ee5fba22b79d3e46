//! Decisions in words: stages, methods, verdicts, and what is missing for a step.

use tieline_model::decision::ballot::{BallotError, Gradient, ObjectionState};
use tieline_model::decision::stage::{Gate, Stage};
use tieline_model::decision::{
    MajorityBase, MethodKind, RankedRule, RulesError, Secrecy, Stance, Verdict, VoterUnit,
};

/// A stage in words.
pub(crate) fn stage_name(stage: Stage) -> String {
    match stage {
        Stage::Discuss => t!("decisions-stage-discuss"),
        Stage::Propose => t!("decisions-stage-propose"),
        Stage::Decide => t!("decisions-stage-decide"),
        Stage::Outcome => t!("decisions-stage-outcome"),
        Stage::Review => t!("decisions-stage-review"),
        Stage::Settled => t!("decisions-stage-settled"),
        Stage::Withdrawn => t!("decisions-stage-withdrawn"),
    }
}

/// Class of the pill of a stage.
pub(crate) fn stage_tone(stage: Stage) -> &'static str {
    match stage {
        Stage::Discuss | Stage::Propose => "acc",
        Stage::Decide | Stage::Outcome => "warn",
        Stage::Review | Stage::Settled => "good",
        Stage::Withdrawn => "",
    }
}

/// A method in words.
pub(crate) fn method_name(kind: MethodKind) -> String {
    match kind {
        MethodKind::Consent => t!("decisions-method-consent"),
        MethodKind::Gradients => t!("decisions-method-gradients"),
        MethodKind::Majority => t!("decisions-method-majority"),
        MethodKind::Approval => t!("decisions-method-approval"),
        MethodKind::Score => t!("decisions-method-score"),
        MethodKind::Dot => t!("decisions-method-dot"),
        MethodKind::Quadratic => t!("decisions-method-quadratic"),
        MethodKind::Ranked => t!("decisions-method-ranked"),
    }
}

/// How a ballot of a method is filled in.
pub(super) fn method_hint(kind: MethodKind) -> String {
    match kind {
        MethodKind::Consent => t!("decisions-hint-consent"),
        MethodKind::Gradients => t!("decisions-hint-gradients"),
        MethodKind::Majority => t!("decisions-hint-majority"),
        MethodKind::Approval => t!("decisions-hint-approval"),
        MethodKind::Score => t!("decisions-hint-score"),
        MethodKind::Dot => t!("decisions-hint-dot"),
        MethodKind::Quadratic => t!("decisions-hint-quadratic"),
        MethodKind::Ranked => t!("decisions-hint-ranked"),
    }
}

/// Who has a vote, in words.
pub(crate) fn unit_name(unit: VoterUnit) -> String {
    match unit {
        VoterUnit::Person => t!("decisions-unit-person"),
        VoterUnit::Party => t!("decisions-unit-party"),
    }
}

/// Who sees ballots, in words.
pub(crate) fn secrecy_name(secrecy: Secrecy) -> String {
    match secrecy {
        Secrecy::Open => t!("decisions-secrecy-open"),
        Secrecy::OpenAtClose => t!("decisions-secrecy-close"),
        Secrecy::Anonymous => t!("decisions-secrecy-anonymous"),
    }
}

pub(super) fn base_name(base: MajorityBase) -> String {
    match base {
        MajorityBase::Simple => t!("decisions-base-simple"),
        MajorityBase::Present => t!("decisions-base-present"),
        MajorityBase::Absolute => t!("decisions-base-absolute"),
    }
}

pub(super) fn ranked_name(rule: RankedRule) -> String {
    match rule {
        RankedRule::Schulze => t!("decisions-rule-schulze"),
        RankedRule::RankedPairs => t!("decisions-rule-ranked-pairs"),
        RankedRule::InstantRunoff => t!("decisions-rule-runoff"),
    }
}

/// A verdict in words.
pub(crate) fn verdict_name(verdict: Verdict) -> String {
    match verdict {
        Verdict::NoQuorum => t!("decisions-verdict-no-quorum"),
        Verdict::NoDecision => t!("decisions-verdict-no-decision"),
        Verdict::Passed => t!("decisions-verdict-passed"),
        Verdict::Rejected => t!("decisions-verdict-rejected"),
        Verdict::Blocked => t!("decisions-verdict-blocked"),
        Verdict::DiscussMore => t!("decisions-verdict-discuss-more"),
        Verdict::Chosen => t!("decisions-verdict-chosen"),
    }
}

/// How someone stands to a question, with the class of its pill.
pub(super) fn stance_name(stance: Stance) -> (String, &'static str) {
    match stance {
        Stance::Supports => (t!("decisions-supports"), "good"),
        Stance::Concern => (t!("decisions-concern"), "warn"),
        Stance::Neither => (t!("decisions-neither"), ""),
    }
}

/// What became of an objection.
pub(super) fn objection_name(state: ObjectionState) -> String {
    match state {
        ObjectionState::Raised => t!("decisions-objection-raised"),
        ObjectionState::Integrated => t!("decisions-objection-integrated"),
        ObjectionState::Withdrawn => t!("decisions-objection-withdrawn"),
        ObjectionState::Upheld => t!("decisions-objection-upheld"),
    }
}

/// A level of agreement in words.
pub(super) fn gradient_name(gradient: Gradient) -> String {
    match gradient {
        Gradient::Endorse => t!("decisions-level-1"),
        Gradient::MinorPoint => t!("decisions-level-2"),
        Gradient::Reservations => t!("decisions-level-3"),
        Gradient::Abstain => t!("decisions-level-4"),
        Gradient::Discuss => t!("decisions-level-5"),
        Gradient::Tolerate => t!("decisions-level-6"),
        Gradient::Disagree => t!("decisions-level-7"),
        Gradient::Veto => t!("decisions-level-8"),
    }
}

/// What is missing for a step, in a sentence.
pub(crate) fn gate_sentence(gate: Gate) -> String {
    match gate {
        Gate::Question => t!("decisions-gate-question"),
        Gate::Discussion => t!("decisions-gate-discussion"),
        Gate::Proposal => t!("decisions-gate-proposal"),
        Gate::Options => t!("decisions-gate-options"),
        Gate::Rules => t!("decisions-gate-rules"),
        Gate::Voters => t!("decisions-gate-voters"),
        Gate::Deadline => t!("decisions-gate-deadline"),
        Gate::Commitment => t!("decisions-gate-commitment"),
        Gate::PollClosed => t!("decisions-gate-poll-closed"),
        Gate::Decided => t!("decisions-gate-decided"),
        Gate::Statement => t!("decisions-gate-statement"),
        Gate::Objective => t!("decisions-gate-objective"),
        Gate::PeopleBound => t!("decisions-gate-people-bound"),
        Gate::Owner => t!("decisions-gate-owner"),
        Gate::FirstStep => t!("decisions-gate-first-step"),
        Gate::ReviewDate => t!("decisions-gate-review-date"),
        Gate::ReviewNote => t!("decisions-gate-review-note"),
    }
}

/// The field and words of rules that contradict themselves.
pub(super) fn rules_fault(error: RulesError) -> (&'static str, String) {
    match error {
        RulesError::DelegatedAnonymity => ("secrecy", t!("decisions-fault-passing")),
        RulesError::AnonymousConsent => ("secrecy", t!("decisions-fault-consent")),
        RulesError::NoThreshold => ("threshold", t!("decisions-fault-threshold")),
        RulesError::ScoreRange => ("most", t!("decisions-fault-most")),
        RulesError::DotRange => ("dots", t!("decisions-fault-dots")),
        RulesError::BudgetRange => ("budget", t!("decisions-fault-budget")),
    }
}

/// What is wrong with a ballot, for its voter.
pub(super) fn ballot_fault(error: &BallotError) -> String {
    match error {
        BallotError::NoReason => t!("decisions-ballot-reason"),
        BallotError::MarkTooHigh { max, .. } => t!("decisions-ballot-mark", max = max),
        BallotError::TooManyDots { spent, dots } => {
            t!("decisions-ballot-dots", spent = spent, dots = dots)
        }
        BallotError::TooManyDotsOnOption { most, .. } => t!("decisions-ballot-each", most = most),
        BallotError::OverBudget { cost, budget } => {
            t!("decisions-ballot-budget", cost = cost, budget = budget)
        }
        BallotError::DelegateVoted => t!("decisions-ballot-delegate"),
        BallotError::NotEligible => t!("decisions-ballot-not-eligible"),
        BallotError::WrongMethod
        | BallotError::UnknownOption(_)
        | BallotError::OptionTwice(_)
        | BallotError::EmptyTier => t!("decisions-ballot-unreadable"),
    }
}

/// What a field of the form is called.
pub(super) fn field_name(field: &str) -> String {
    match field {
        "question" => t!("decisions-question"),
        "why" => t!("decisions-why"),
        "proposal" => t!("decisions-proposal"),
        "options" => t!("decisions-options"),
        "method" => t!("decisions-method"),
        "base" => t!("decisions-base"),
        "threshold" => t!("decisions-threshold"),
        "veto" => t!("decisions-vetoes"),
        "support" => t!("decisions-support"),
        "discuss" => t!("decisions-discuss-above"),
        "most" => t!("decisions-most"),
        "dots" => t!("decisions-dots"),
        "per_option" => t!("decisions-per-option"),
        "budget" => t!("decisions-budget"),
        "rule" => t!("decisions-rule"),
        "voters" => t!("decisions-voters"),
        "quorum" => t!("decisions-quorum"),
        "secrecy" => t!("decisions-secrecy"),
        "passing" => t!("decisions-passing"),
        "chain" => t!("decisions-chain"),
        "talk" => t!("decisions-talk"),
        _ => t!("decisions-deadline"),
    }
}
