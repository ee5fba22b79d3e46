//! The poll of a decision as someone in the room sees it: who has voted, their own ballot, and others'
//! as far as they are open.

use tieline_model::decision::ballot::{Ballot, Consent, Gradient, ObjectionState, Vote};
use tieline_model::decision::stage::{Progress, Stage};
use tieline_model::decision::{Delegating, Method, MethodKind, Secrecy};
use tieline_model::id::{BallotId, OptionId, VoterId};
use tieline_store::{DecisionOption, JointDecision, SeenBallot, VoterRow};

use super::decision::Names;
use super::decision_words::{gradient_name, method_hint, objection_name, secrecy_name};
use crate::app::App;
use crate::error::AppError;
use crate::here;
use crate::room::InRoom;

/// Voters that a page names.
const MOST_VOTERS: usize = 200;

/// A poll.
pub(super) struct Poll {
    pub(super) title: String,
    pub(super) needs: String,
    pub(super) percent: u64,
    pub(super) closes: String,
    pub(super) is_open: bool,
    /// Name, whether it is the viewer's, how it stands.
    pub(super) voters: Vec<(String, bool, String)>,
    pub(super) n_waiting: usize,
    pub(super) more: usize,
    pub(super) can_remind: bool,
    pub(super) was_reminded: bool,
    pub(super) form: Option<BallotForm>,
    pub(super) passing: Option<Passing>,
    pub(super) seen: Vec<SeenRow>,
    pub(super) secrecy: String,
    pub(super) commitment: String,
}

/// The viewer's own ballot.
pub(super) struct BallotForm {
    pub(super) voter: VoterId,
    pub(super) whose: String,
    pub(super) hint: String,
    /// Value, label, whether it is chosen: for ballots on one proposal.
    pub(super) choices: Vec<(String, String, bool)>,
    pub(super) reason: Option<String>,
    pub(super) is_approval: bool,
    pub(super) options: Vec<OptionRow>,
    /// Least and most of a number.
    pub(super) range: (i64, i64),
    pub(super) is_cast: bool,
    pub(super) is_anonymous: bool,
}

/// An option on a ballot.
pub(super) struct OptionRow {
    pub(super) id: OptionId,
    pub(super) text: String,
    pub(super) note: String,
    pub(super) value: String,
    pub(super) is_checked: bool,
}

/// Passing one's vote on.
pub(super) struct Passing {
    pub(super) voter: VoterId,
    /// Vote, name, whether it goes there.
    pub(super) to: Vec<(VoterId, String, bool)>,
}

/// Someone's ballot, where it may be seen.
pub(super) struct SeenRow {
    pub(super) id: BallotId,
    pub(super) name: String,
    pub(super) words: String,
    /// Words and labels of what may become of an objection, by the viewer's hand.
    pub(super) answers: Vec<(&'static str, String)>,
}

/// The poll of a decision that has or had one.
pub(super) async fn poll(
    app: &App,
    room: &InRoom,
    names: &Names,
    (one, options): (&JointDecision, &[DecisionOption]),
    progress: &Progress,
) -> Result<Option<Poll>, AppError> {
    let at = (room.id(), one.id);
    let voters = app.store.joint_voters(at, room.by).await?;
    if voters.is_empty() {
        return Ok(None);
    }
    let seat = room.standing().seat.map(|seat| seat.id);
    let own = voters.iter().find(|voter| seat.is_some_and(|seat| voter.is_cast_by(seat)));
    let seen = app.store.seen_ballots(at, room.by).await?;
    let is_open = one.stage == Stage::Decide && one.verdict.is_none() && !progress.is_poll_closed();
    let n = voters.len() as u64;
    let waiting = |voter: &&VoterRow| voter.cast.is_none() && voter.passed_to.is_none();
    let n_waiting = voters.iter().filter(waiting).count();
    let drives = one.is_driven_by(&room.standing(), room.by);
    let own_ballot = own.and_then(|own| seen.iter().find(|ballot| ballot.voter == own.id));
    let form = own.filter(|_| is_open).map(|own| BallotForm {
        whose: whose(names, own),
        ..form_of(one, options, own, own_ballot)
    });
    Ok(Some(Poll {
        title: t!("decisions-n-voted", n = progress.voted, of = n),
        needs: t!("decisions-needs", n = one.rules.quorum.of(n)),
        percent: progress.voted * 100 / n.max(1),
        closes: one.closes_at.map(here::moment).unwrap_or_default(),
        is_open,
        voters: listed(names, &voters, own),
        n_waiting,
        more: voters.len().saturating_sub(MOST_VOTERS),
        can_remind: is_open && drives && one.reminded.is_none() && n_waiting > 0,
        was_reminded: one.reminded.is_some(),
        passing: own
            .filter(|own| is_open && may_pass(one, own))
            .map(|own| passing(names, own, &voters)),
        form,
        seen: seen_rows(room, names, (one, options), (&voters, &seen), is_open),
        secrecy: secrecy_name(one.rules.secrecy),
        commitment: one.commitment.map(|hash| hash.to_string()).unwrap_or_default(),
    }))
}

fn whose(names: &Names, voter: &VoterRow) -> String {
    match voter.party {
        Some(party) => names.party(party),
        None => names.person(voter.holder),
    }
}

/// Those who have not voted first.
fn listed(
    names: &Names,
    voters: &[VoterRow],
    own: Option<&VoterRow>,
) -> Vec<(String, bool, String)> {
    let mut all: Vec<&VoterRow> = voters.iter().collect();
    all.sort_by_key(|voter| (voter.cast.is_some(), voter.passed_to.is_some()));
    let one = |voter: &VoterRow| {
        let stands = match (voter.cast, voter.passed_to) {
            (Some(_), _) => t!("decisions-voted"),
            (None, Some(_)) => t!("decisions-passed-on"),
            (None, None) => t!("decisions-not-yet"),
        };
        (whose(names, voter), own.is_some_and(|own| own.id == voter.id), stands)
    };
    all.into_iter().take(MOST_VOTERS).map(one).collect()
}

fn may_pass(one: &JointDecision, own: &VoterRow) -> bool {
    one.rules.delegating != Delegating::No && own.cast.is_none()
}

fn passing(names: &Names, own: &VoterRow, voters: &[VoterRow]) -> Passing {
    let others = voters.iter().filter(|voter| voter.id != own.id).take(MOST_VOTERS);
    let to = others.map(|voter| (voter.id, whose(names, voter), own.passed_to == Some(voter.id)));
    Passing { voter: own.id, to: to.collect() }
}

fn form_of(
    one: &JointDecision,
    options: &[DecisionOption],
    own: &VoterRow,
    cast: Option<&SeenBallot>,
) -> BallotForm {
    let method = one.rules.method;
    let ballot = cast.map(|seen| &seen.ballot);
    let n = i64::try_from(options.len()).unwrap_or(60);
    let range = match method {
        Method::Score { max } => (0, max.into()),
        Method::Dot { dots, per_option } => (0, per_option.unwrap_or(dots).min(dots).into()),
        Method::Quadratic { budget } => (-i64::from(budget.isqrt()), budget.isqrt().into()),
        _ => (1, n),
    };
    let is_of_options = !method.kind().is_of_proposal();
    let row = |option: &DecisionOption| OptionRow {
        id: option.id,
        text: option.text.clone(),
        note: option.note.clone(),
        value: ballot.map(|ballot| value_on(ballot, option.id)).unwrap_or_default(),
        is_checked: matches!(ballot, Some(Ballot::Approval(ids)) if ids.contains(&option.id)),
    };
    BallotForm {
        voter: own.id,
        whose: String::new(),
        hint: method_hint(method.kind()),
        choices: choices(method.kind(), ballot),
        reason: (method.kind() == MethodKind::Consent).then(|| reason(ballot)),
        is_approval: method.kind() == MethodKind::Approval,
        options: options.iter().filter(|_| is_of_options).map(row).collect(),
        range,
        is_cast: own.cast.is_some(),
        is_anonymous: one.rules.secrecy == Secrecy::Anonymous,
    }
}

fn value_on(ballot: &Ballot, option: OptionId) -> String {
    let of = |found: Option<i64>| found.map(|n| n.to_string()).unwrap_or_default();
    match ballot {
        Ballot::Score(marks) | Ballot::Dot(marks) => {
            of(marks.iter().find(|(id, _)| *id == option).map(|(_, n)| i64::from(*n)))
        }
        Ballot::Quadratic(votes) => {
            of(votes.iter().find(|(id, _)| *id == option).map(|(_, n)| i64::from(*n)))
        }
        Ballot::Ranked(tiers) => {
            let tier = tiers.iter().position(|tier| tier.contains(&option));
            tier.map(|at| (at + 1).to_string()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

fn reason(ballot: Option<&Ballot>) -> String {
    match ballot {
        Some(Ballot::Consent(Consent::Concern { reason } | Consent::Objection { reason, .. })) => {
            reason.clone()
        }
        _ => String::new(),
    }
}

fn choices(kind: MethodKind, ballot: Option<&Ballot>) -> Vec<(String, String, bool)> {
    match kind {
        MethodKind::Consent => {
            let chosen = match ballot {
                Some(Ballot::Consent(said)) => said.word(),
                _ => "",
            };
            ["consents", "concern", "objection", "abstains"]
                .map(|word| (word.to_owned(), consent_name(word), word == chosen))
                .into()
        }
        MethodKind::Gradients => {
            let chosen = |one| matches!(ballot, Some(Ballot::Gradient(said)) if *said == one);
            let one = |one: &Gradient| (one.level().to_string(), gradient_name(*one), chosen(*one));
            Gradient::ALL.iter().map(one).collect()
        }
        MethodKind::Majority => {
            let chosen = |one| matches!(ballot, Some(Ballot::Majority(said)) if *said == one);
            let one = |one: &Vote| (one.name().to_owned(), vote_name(*one), chosen(*one));
            Vote::ALL.iter().map(one).collect()
        }
        _ => Vec::new(),
    }
}

fn consent_name(word: &str) -> String {
    match word {
        "consents" => t!("decisions-consents"),
        "concern" => t!("decisions-consents-concern"),
        "objection" => t!("decisions-objects"),
        _ => t!("decisions-abstains"),
    }
}

pub(super) fn vote_name(vote: Vote) -> String {
    match vote {
        Vote::Yes => t!("decisions-yes"),
        Vote::No => t!("decisions-no"),
        Vote::Abstain => t!("decisions-abstains"),
    }
}

fn seen_rows(
    room: &InRoom,
    names: &Names,
    (one, options): (&JointDecision, &[DecisionOption]),
    (voters, seen): (&[VoterRow], &[SeenBallot]),
    is_open: bool,
) -> Vec<SeenRow> {
    if !one.shows_ballots() {
        return Vec::new();
    }
    let drives = one.is_driven_by(&room.standing(), room.by);
    let seat = room.standing().seat.map(|seat| seat.id);
    let row = |ballot: &SeenBallot| {
        let voter = voters.iter().find(|voter| voter.id == ballot.voter);
        let is_own = voter.zip(seat).is_some_and(|(voter, seat)| voter.is_cast_by(seat));
        let raised = matches!(
            ballot.ballot,
            Ballot::Consent(Consent::Objection { state: ObjectionState::Raised, .. })
        );
        let may = |state: ObjectionState| match state {
            ObjectionState::Withdrawn => is_own,
            ObjectionState::Integrated | ObjectionState::Upheld => drives,
            ObjectionState::Raised => false,
        };
        let answers = ObjectionState::ALL.iter().copied();
        let answers = answers.filter(|state| is_open && raised && may(*state));
        SeenRow {
            id: ballot.id,
            name: voter.map(|voter| whose(names, voter)).unwrap_or_default(),
            words: said(&ballot.ballot, options),
            answers: answers.map(|state| (state.name(), objection_name(state))).collect(),
        }
    };
    seen.iter().take(MOST_VOTERS).map(row).collect()
}

/// What a ballot says, in words.
fn said(ballot: &Ballot, options: &[DecisionOption]) -> String {
    let name = |id: &OptionId| {
        let found = options.iter().find(|option| option.id == *id);
        found.map(|option| option.text.clone()).unwrap_or_default()
    };
    let marks = |all: &mut dyn Iterator<Item = (OptionId, String)>| {
        let each: Vec<String> = all.map(|(id, n)| format!("{} {n}", name(&id))).collect();
        if each.is_empty() { t!("decisions-abstains") } else { each.join(", ") }
    };
    match ballot {
        Ballot::Consent(Consent::Objection { reason, state }) => {
            format!("{}: {reason}", objection_name(*state))
        }
        Ballot::Consent(Consent::Concern { reason }) => {
            format!("{}: {reason}", consent_name("concern"))
        }
        Ballot::Consent(other) => consent_name(other.word()),
        Ballot::Gradient(level) => gradient_name(*level),
        Ballot::Majority(vote) => vote_name(*vote),
        Ballot::Approval(ids) => match ids.is_empty() {
            true => t!("decisions-abstains"),
            false => ids.iter().map(name).collect::<Vec<_>>().join(", "),
        },
        Ballot::Score(all) | Ballot::Dot(all) => {
            marks(&mut all.iter().map(|(id, n)| (*id, n.to_string())))
        }
        Ballot::Quadratic(all) => marks(&mut all.iter().map(|(id, n)| (*id, n.to_string()))),
        Ballot::Ranked(tiers) => {
            let tier = |tier: &Vec<OptionId>| tier.iter().map(name).collect::<Vec<_>>().join(" = ");
            match tiers.is_empty() {
                true => t!("decisions-abstains"),
                false => tiers.iter().map(tier).collect::<Vec<_>>().join(" > "),
            }
        }
    }
}
