//! The stages of a conflict case and their gates (METHODS 7.1, [Tieline], after Fisher & Ury 1981,
//! *Getting to Yes*): raised, listening, interests, options, agreement, follow-up, closed.

use std::collections::BTreeSet;

use crate::access::words;
use crate::step::{self, Refused};
use crate::time::{DAY_MS, Moment};

/// Days after the agreement on which the parties are asked how it goes.
pub const FOLLOW_UP_DAYS: [f64; 2] = [14.0, 45.0];

/// Days after closing during which a case can be taken up again.
pub const REOPEN_DAYS: f64 = 90.0;

/// Fewest cases over which something is counted for anyone else to see (METHODS 14.2).
pub const K: usize = 5;

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Someone named it.
    Raised,
    /// Each side says back what the other said.
    Listening,
    /// What each side needs, apart from what it demands.
    Interests,
    /// Ways out are collected, without judging.
    Options,
    /// What both accept, with who does what by when.
    Agreement,
    /// Looking whether it holds.
    FollowUp,
    /// Done, and confirmed by all.
    Closed,
    /// Taken back.
    Withdrawn,
    /// Handed to someone above, or outside.
    Escalated,
}
words!(Stage {
    Raised "raised", Listening "listening", Interests "interests", Options "options",
    Agreement "agreement", FollowUp "follow_up", Closed "closed", Withdrawn "withdrawn",
    Escalated "escalated",
});

/// What must be there before a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// At least two parties.
    Parties,
    /// Each party's view, said back by another, confirmed by the party itself.
    Understood,
    /// At least one interest of each party that is not just its position.
    Interests,
    /// At least two options.
    Options,
    /// Every party accepts.
    Acceptance,
    /// At least one action, and each with who and by when.
    Actions,
    /// Every action is done.
    ActionsDone,
    /// Every party confirms that it is settled.
    Confirmed,
    /// Closed no longer ago than [`REOPEN_DAYS`].
    Recent,
}
words!(Gate {
    Parties "parties", Understood "understood", Interests "interests", Options "options",
    Acceptance "acceptance", Actions "actions", ActionsDone "actions-done",
    Confirmed "confirmed", Recent "recent",
});

impl Gate {
    /// What is missing, as a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Parties => "Name at least two parties.",
            Self::Understood => {
                "Each side says back what the other said, until the other says: yes, that is what I mean."
            }
            Self::Interests => {
                "Each side names at least one interest: why it wants what it wants, not only what."
            }
            Self::Options => "Collect at least two options.",
            Self::Acceptance => "Every party must accept the agreement.",
            Self::Actions => "Name at least one action, each with who does it and by when.",
            Self::ActionsDone => "Actions of the agreement are still open.",
            Self::Confirmed => "Every party must confirm that it is settled.",
            Self::Recent => "It was closed more than 90 days ago: raise a new case.",
        }
    }
}

/// One party's view, said back by another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restatement<P> {
    /// Whose view.
    pub of: P,
    /// Who said it back.
    pub by: P,
    /// Whether the one whose view it is said "yes, that is what I mean".
    pub is_confirmed: bool,
}

/// Why a party wants something, beside the demand itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interest<P> {
    /// Whose.
    pub party: P,
    /// In words.
    pub text: String,
}

/// Something that the agreement asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Action {
    /// Whether someone is named for it.
    pub has_owner: bool,
    /// By when.
    pub due: Option<Moment>,
    /// Whether it is done.
    pub is_done: bool,
}

/// A case as far as its gates ask. `P` names a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case<P> {
    /// Who is in conflict.
    pub parties: BTreeSet<P>,
    /// What each demands.
    pub positions: Vec<Interest<P>>,
    /// Views said back.
    pub restatements: Vec<Restatement<P>>,
    /// Why each wants what it wants.
    pub interests: Vec<Interest<P>>,
    /// Options collected.
    pub n_options: usize,
    /// Who accepts the agreement as it stands.
    pub accepted: BTreeSet<P>,
    /// What the agreement asks for.
    pub actions: Vec<Action>,
    /// Who says that it is settled.
    pub confirmed: BTreeSet<P>,
    /// When it was closed, if it was.
    pub closed_at: Option<Moment>,
}

impl<P: Ord + Copy> Case<P> {
    /// A case between these parties, with nothing said yet.
    pub fn between(parties: impl IntoIterator<Item = P>) -> Self {
        Self {
            parties: parties.into_iter().collect(),
            positions: Vec::new(),
            restatements: Vec::new(),
            interests: Vec::new(),
            n_options: 0,
            accepted: BTreeSet::new(),
            actions: Vec::new(),
            confirmed: BTreeSet::new(),
            closed_at: None,
        }
    }

    /// Whether this party's view was said back by another party and confirmed by this one.
    pub fn is_understood(&self, party: P) -> bool {
        self.restatements.iter().any(|said| {
            said.of == party
                && said.by != party
                && self.parties.contains(&said.by)
                && said.is_confirmed
        })
    }

    /// Whether this party named an interest whose words are not those of a position of its own.
    pub fn has_interest(&self, party: P) -> bool {
        let own = |all: &[Interest<P>]| -> Vec<String> {
            let own = all.iter().filter(|one| one.party == party);
            own.map(|one| folded(&one.text)).filter(|text| !text.is_empty()).collect()
        };
        let positions = own(&self.positions);
        own(&self.interests).iter().any(|interest| !positions.contains(interest))
    }

    /// Forgets what was agreed and confirmed, as a step back asks: the words stay, assent does not.
    pub fn taken_back(self) -> Self {
        let (accepted, confirmed) = (BTreeSet::new(), BTreeSet::new());
        Self { accepted, confirmed, closed_at: None, ..self }
    }

    fn all_in(&self, set: &BTreeSet<P>) -> bool {
        self.parties.is_subset(set)
    }

    fn has_dated_actions(&self) -> bool {
        let is_dated = |action: &Action| action.has_owner && action.due.is_some();
        !self.actions.is_empty() && self.actions.iter().all(is_dated)
    }

    /// Each gate of the way from raised to closed, and whether it is open. Gates stay in force: what
    /// opened an earlier one must still be there at each later step.
    fn gates_until(&self, stage: Stage) -> Vec<(bool, Gate)> {
        let is_understood = self.parties.iter().all(|party| self.is_understood(*party));
        let has_interests = self.parties.iter().all(|party| self.has_interest(*party));
        let all = [
            (Stage::Listening, self.parties.len() >= 2, Gate::Parties),
            (Stage::Interests, is_understood, Gate::Understood),
            (Stage::Options, has_interests, Gate::Interests),
            (Stage::Agreement, self.n_options >= 2, Gate::Options),
            (Stage::FollowUp, self.all_in(&self.accepted), Gate::Acceptance),
            (Stage::FollowUp, self.has_dated_actions(), Gate::Actions),
            (Stage::Closed, self.actions.iter().all(|action| action.is_done), Gate::ActionsDone),
            (Stage::Closed, self.all_in(&self.confirmed), Gate::Confirmed),
        ];
        let until = all.into_iter().filter(|(before, _, _)| *before <= stage);
        until.map(|(_, is_open, gate)| (is_open, gate)).collect()
    }
}

/// Words as compared: lower case, one space between words, no full stop at the end.
fn folded(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ").trim_end_matches('.').to_owned()
}

impl Stage {
    /// Whether nothing more happens to it, short of taking it up again.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Withdrawn | Self::Escalated)
    }

    /// The stage that follows when all goes well.
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Raised => Some(Self::Listening),
            Self::Listening => Some(Self::Interests),
            Self::Interests => Some(Self::Options),
            Self::Options => Some(Self::Agreement),
            Self::Agreement => Some(Self::FollowUp),
            Self::FollowUp => Some(Self::Closed),
            Self::Closed | Self::Withdrawn | Self::Escalated => None,
        }
    }

    /// The gates of a step that are shut; `None` where there is no such step.
    ///
    /// A case goes forward one stage at a time, back to any earlier stage of talk, out by withdrawal
    /// or escalation while it is not over, and from closed back to interests for 90 days. After a step
    /// back, what was agreed is asked again ([`Case::taken_back`]).
    pub fn shut_gates<P: Ord + Copy>(
        self,
        to: Self,
        case: &Case<P>,
        now: Moment,
    ) -> Option<Vec<Gate>> {
        if self.next() == Some(to) {
            return Some(step::shut(case.gates_until(to)));
        }
        match (self, to) {
            (Self::Closed, Self::Interests) => {
                let is_recent =
                    case.closed_at.is_some_and(|closed| now <= closed.plus_days(REOPEN_DAYS));
                Some(step::shut([(is_recent, Gate::Recent)]))
            }
            (from, Self::Withdrawn | Self::Escalated) if !from.is_over() => Some(Vec::new()),
            (from, to) if !from.is_over() && Self::Listening <= to && to < from => Some(Vec::new()),
            _ => None,
        }
    }

    /// The stage after a step.
    ///
    /// # Errors
    /// There is no such step, or gates of it are shut; all of them are named.
    pub fn advance<P: Ord + Copy>(
        self,
        to: Self,
        case: &Case<P>,
        now: Moment,
    ) -> Result<Self, Refused<Self, Gate>> {
        step::step(self, to, self.shut_gates(to, case, now))
    }
}

/// When the parties are asked how it goes.
pub fn follow_ups(agreed_at: Moment) -> [Moment; 2] {
    FOLLOW_UP_DAYS.map(|days| agreed_at.plus_days(days))
}

/// The course of one case, for measures over many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Stages entered and when, oldest first.
    pub entered: Vec<(Stage, Moment)>,
}

/// How cases go here. Nothing in it leads back to a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Practice {
    /// Cases counted.
    pub n_cases: usize,
    /// Mean days in each stage, over the stays that have ended; `None` for fewer than [`K`] of them.
    pub days_per_stage: Vec<(Stage, Option<f64>)>,
    /// Cases taken up again, as a share of those closed; `None` for fewer than [`K`] closed.
    pub reopen_rate: Option<f64>,
    /// Cases that came to an agreed follow-up, as a share of those that reached agreement or left
    /// before; `None` for fewer than [`K`].
    pub accept_rate: Option<f64>,
}

/// Measures over cases; `None` for fewer than [`K`] (METHODS 14.2).
pub fn practice(courses: &[Course]) -> Option<Practice> {
    if courses.len() < K {
        return None;
    }
    let has = |course: &Course, stage| course.entered.iter().any(|(at, _)| *at == stage);
    let with = |stage| courses.iter().filter(|course| has(course, stage)).count();
    let reopened = courses.iter().filter(|course| is_reopened(course)).count();
    let is_judged = |course: &&Course| {
        let stages = [Stage::FollowUp, Stage::Withdrawn, Stage::Escalated];
        stages.into_iter().any(|stage| has(course, stage))
    };
    let judged = courses.iter().filter(is_judged).count();
    let share = |part: usize, of: usize| (of >= K).then(|| part as f64 / of as f64);
    let days_per_stage = Stage::ALL
        .iter()
        .filter(|stage| !stage.is_over())
        .map(|stage| (*stage, mean_days(courses, *stage)));
    Some(Practice {
        n_cases: courses.len(),
        days_per_stage: days_per_stage.collect(),
        reopen_rate: share(reopened, with(Stage::Closed)),
        accept_rate: share(with(Stage::FollowUp), judged),
    })
}

fn is_reopened(course: &Course) -> bool {
    course
        .entered
        .windows(2)
        .any(|pair| (pair[0].0, pair[1].0) == (Stage::Closed, Stage::Interests))
}

fn mean_days(courses: &[Course], stage: Stage) -> Option<f64> {
    let stays: Vec<i64> = courses
        .iter()
        .flat_map(|course| course.entered.windows(2))
        .filter(|pair| pair[0].0 == stage)
        .map(|pair| pair[1].1.ms() - pair[0].1.ms())
        .collect();
    let total: i64 = stays.iter().sum();
    (stays.len() >= K).then(|| total as f64 / (stays.len() as f64 * DAY_MS as f64))
}
