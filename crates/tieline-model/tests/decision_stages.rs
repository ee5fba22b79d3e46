//! The stages of a decision: no path skips a gate.

use std::collections::BTreeSet;

use tieline_model::decision::stage::{Gate, Progress, Stage};
use tieline_model::decision::{MethodKind, Verdict};
use tieline_model::step::Refused;
use tieline_model::time::Moment;

static NOW: std::sync::LazyLock<Moment> = std::sync::LazyLock::new(|| Moment::from_ms(0));

/// A ranked decision with everything that its gates ask for; the poll closed early.
fn whole() -> Progress {
    Progress {
        rules_fit: true,
        question: true,
        parties_heard: 2,
        proposal: true,
        options: 2,
        voters: 3,
        voted: 2,
        closes_at: Some(NOW.plus_days(2.0)),
        closed_early: true,
        commitment: true,
        verdict: Some(Verdict::Chosen),
        statement: true,
        objective: true,
        people_bound: true,
        owner: true,
        first_step: true,
        review_on: Some(NOW.plus_days(90.0)),
        review_note: true,
        ..Progress::new(MethodKind::Ranked, *NOW)
    }
}

fn broken(gate: Gate) -> Progress {
    let mut progress = whole();
    match gate {
        Gate::Question => progress.question = false,
        Gate::Discussion => progress.parties_heard = 1,
        Gate::Proposal => progress.proposal = false,
        Gate::Options => progress.options = 1,
        Gate::Rules => progress.rules_fit = false,
        Gate::Voters => progress.voters = 0,
        Gate::Deadline => progress.closes_at = Some(*NOW),
        Gate::Commitment => progress.commitment = false,
        Gate::PollClosed => progress.closed_early = false,
        Gate::Decided => progress.verdict = Some(Verdict::NoQuorum),
        Gate::Statement => progress.statement = false,
        Gate::Objective => progress.objective = false,
        Gate::PeopleBound => progress.people_bound = false,
        Gate::Owner => progress.owner = false,
        Gate::FirstStep => progress.first_step = false,
        Gate::ReviewDate => progress.review_on = None,
        Gate::ReviewNote => progress.review_note = false,
    }
    progress
}

fn reachable(progress: &Progress) -> BTreeSet<Stage> {
    let mut reached = BTreeSet::from([Stage::Discuss]);
    let mut open = vec![Stage::Discuss];
    while let Some(from) = open.pop() {
        for to in Stage::ALL {
            if from.advance(*to, progress).is_ok() && reached.insert(*to) {
                open.push(*to);
            }
        }
    }
    reached
}

#[test]
fn no_path_skips_a_gate() {
    assert_eq!(reachable(&whole()).len(), Stage::ALL.len());
    for gate in Gate::ALL {
        let behind = match gate {
            Gate::Question | Gate::Discussion => Stage::Propose,
            Gate::Proposal
            | Gate::Options
            | Gate::Rules
            | Gate::Voters
            | Gate::Deadline
            | Gate::Commitment => Stage::Decide,
            Gate::PollClosed | Gate::Decided => Stage::Outcome,
            Gate::Statement
            | Gate::Objective
            | Gate::PeopleBound
            | Gate::Owner
            | Gate::FirstStep
            | Gate::ReviewDate => Stage::Review,
            Gate::ReviewNote => Stage::Settled,
        };
        let reached = reachable(&broken(*gate));
        let skipped = reached.iter().any(|stage| (behind..=Stage::Settled).contains(stage));
        assert!(!skipped, "{gate:?} does not hold {behind:?} back");
        assert!(gate.sentence().ends_with('.'));
    }
}

#[test]
fn a_poll_is_closed_by_its_deadline_by_all_votes_or_early() {
    let open = Progress { closed_early: false, ..whole() };
    assert!(!open.is_poll_closed());
    assert!(Progress { voted: 3, ..open }.is_poll_closed());
    assert!(Progress { closes_at: Some(*NOW), ..open }.is_poll_closed());
    assert!(!Progress { voters: 0, voted: 0, ..open }.is_poll_closed());
}

#[test]
fn what_was_not_decided_goes_back_and_ballots_are_never_overtaken_by_a_new_proposal() {
    let voting = Progress { verdict: None, closed_early: false, ..whole() };
    let to = |to, progress: &Progress| Stage::Decide.advance(to, progress);
    let no_step = |to| Err(Refused::NoSuchStep { from: Stage::Decide, to });
    assert_eq!(to(Stage::Propose, &voting), no_step(Stage::Propose));
    assert_eq!(to(Stage::Discuss, &voting), no_step(Stage::Discuss));
    assert_eq!(to(Stage::Propose, &Progress { voted: 0, ..voting }), Ok(Stage::Propose));
    let blocked = Progress { verdict: Some(Verdict::Blocked), ..whole() };
    assert_eq!(to(Stage::Discuss, &blocked), Ok(Stage::Discuss));
    assert_eq!(to(Stage::Outcome, &blocked), Err(Refused::Missing(vec![Gate::Decided])));
    assert_eq!(to(Stage::Discuss, &whole()), no_step(Stage::Discuss));
}

#[test]
fn a_proposal_needs_no_options_and_a_review_fires_on_its_day() {
    let yes_no =
        Progress { options: 0, commitment: false, method: MethodKind::Majority, ..whole() };
    assert_eq!(Stage::Propose.advance(Stage::Decide, &yes_no), Ok(Stage::Decide));
    let due = Progress { now: NOW.plus_days(90.0), ..whole() };
    assert!(Stage::Review.is_review_due(&due) && !Stage::Review.is_review_due(&whole()));
    assert!(!Stage::Settled.is_review_due(&due));
    assert!(Stage::Withdrawn.shut_gates(Stage::Discuss, &whole()).is_none());
}
