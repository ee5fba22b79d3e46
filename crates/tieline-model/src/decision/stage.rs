//! The stages of a decision and the gates between them: discuss, propose, decide, outcome, review.

use super::{MethodKind, Verdict};
use crate::access::words;
use crate::step::{self, Refused};
use crate::time::Moment;

/// Where a decision stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// People talk about the question.
    Discuss,
    /// A proposal or options are drafted.
    Propose,
    /// Ballots are cast.
    Decide,
    /// Counted; the outcome is written up.
    Outcome,
    /// In force until it is looked at again.
    Review,
    /// Looked at again and done.
    Settled,
    /// Taken off the table.
    Withdrawn,
}
words!(Stage {
    Discuss "discuss", Propose "propose", Decide "decide", Outcome "outcome", Review "review",
    Settled "settled", Withdrawn "withdrawn",
});

/// What must be there before a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// A question.
    Question,
    /// Two parties have said something, or the time for it is over.
    Discussion,
    /// The text of the proposal.
    Proposal,
    /// At least two options, where the method chooses between options.
    Options,
    /// Rules that do not contradict themselves.
    Rules,
    /// At least one voter.
    Voters,
    /// A deadline that lies ahead.
    Deadline,
    /// The commitment of the tie-break, where the method chooses between options.
    Commitment,
    /// The deadline is past, everyone has voted, or the poll was closed early.
    PollClosed,
    /// A proposal or an option that was decided for: otherwise it goes back to discussion.
    Decided,
    /// The outcome in words.
    Statement,
    /// The objective that it serves.
    Objective,
    /// Who is bound by it.
    PeopleBound,
    /// Who sees to it.
    Owner,
    /// The first step.
    FirstStep,
    /// When it is looked at again.
    ReviewDate,
    /// What the review found.
    ReviewNote,
}
words!(Gate {
    Question "question", Discussion "discussion", Proposal "proposal", Options "options",
    Rules "rules", Voters "voters", Deadline "deadline", Commitment "commitment",
    PollClosed "poll-closed", Decided "decided", Statement "statement", Objective "objective",
    PeopleBound "people-bound", Owner "owner", FirstStep "first-step", ReviewDate "review-date",
    ReviewNote "review-note",
});

impl Gate {
    /// What is missing, as a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Question => "Write the question.",
            Self::Discussion => {
                "At least two parties should have said something, or the time for it be over."
            }
            Self::Proposal => "Write the proposal.",
            Self::Options => "List at least two options.",
            Self::Rules => "Choose rules that fit together.",
            Self::Voters => "List who has a vote.",
            Self::Deadline => "Set a deadline that lies ahead.",
            Self::Commitment => "The tie-break must be committed to first.",
            Self::PollClosed => "The poll is still open.",
            Self::Decided => "Nothing was decided for: take it back to discussion.",
            Self::Statement => "Say the outcome in a sentence.",
            Self::Objective => "Name the objective that it serves.",
            Self::PeopleBound => "Name who is bound by it.",
            Self::Owner => "Name who sees to it.",
            Self::FirstStep => "Name the first step.",
            Self::ReviewDate => "Set the date on which it is looked at again.",
            Self::ReviewNote => "Write what the review found.",
        }
    }
}

/// What is there of a decision, as far as its gates ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Now.
    pub now: Moment,
    /// How it will be decided.
    pub method: MethodKind,
    /// Whether the rules passed [`super::DecisionRules::check`].
    pub rules_fit: bool,
    /// Whether the question is written.
    pub question: bool,
    /// Parties that have said something.
    pub parties_heard: usize,
    /// Until when people talk, where a limit is set.
    pub discuss_until: Option<Moment>,
    /// Whether the proposal is written.
    pub proposal: bool,
    /// Options listed.
    pub options: usize,
    /// Votes there are.
    pub voters: u64,
    /// Votes cast.
    pub voted: u64,
    /// Until when ballots are taken.
    pub closes_at: Option<Moment>,
    /// Whether someone who may do so closed the poll early.
    pub closed_early: bool,
    /// Whether the commitment of the tie-break is published.
    pub commitment: bool,
    /// The verdict of the count, once counted.
    pub verdict: Option<Verdict>,
    /// Whether the outcome is written up.
    pub statement: bool,
    /// Whether an objective is named.
    pub objective: bool,
    /// Whether the people bound are named.
    pub people_bound: bool,
    /// Whether someone sees to it.
    pub owner: bool,
    /// Whether the first step is named.
    pub first_step: bool,
    /// When it is looked at again.
    pub review_on: Option<Moment>,
    /// Whether the review is written.
    pub review_note: bool,
}

impl Progress {
    /// Nothing but a method, at a moment.
    pub const fn new(method: MethodKind, now: Moment) -> Self {
        Self {
            now,
            method,
            rules_fit: false,
            question: false,
            parties_heard: 0,
            discuss_until: None,
            proposal: false,
            options: 0,
            voters: 0,
            voted: 0,
            closes_at: None,
            closed_early: false,
            commitment: false,
            verdict: None,
            statement: false,
            objective: false,
            people_bound: false,
            owner: false,
            first_step: false,
            review_on: None,
            review_note: false,
        }
    }

    /// Whether ballots are no longer taken: all in, past the deadline, or closed early.
    pub fn is_poll_closed(&self) -> bool {
        let is_past = self.closes_at.is_some_and(|closes_at| closes_at <= self.now);
        self.closed_early || is_past || (self.voters > 0 && self.voted >= self.voters)
    }

    /// Whether the count decided for something.
    pub const fn is_decided(&self) -> bool {
        matches!(self.verdict, Some(Verdict::Passed | Verdict::Chosen))
    }
}

impl Stage {
    /// Whether nothing more happens to it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Settled | Self::Withdrawn)
    }

    /// Whether its review is due: the date that was set has come.
    pub fn is_review_due(self, progress: &Progress) -> bool {
        self == Self::Review && progress.review_on.is_some_and(|on| on <= progress.now)
    }

    /// The gates of a step that are shut; `None` where there is no such step.
    ///
    /// Forward: each stage to the next. Back: a proposal to discussion; a poll to the proposal while
    /// nobody has voted, or to discussion once it is counted without a decision; a review to
    /// discussion. Everything that is not over can be withdrawn.
    pub fn shut_gates(self, to: Self, progress: &Progress) -> Option<Vec<Gate>> {
        use Stage::{Decide, Discuss, Outcome, Propose, Review, Settled, Withdrawn};
        let p = progress;
        let is_proposal = p.method.is_of_proposal();
        let shut = match (self, to) {
            (Discuss, Propose) => {
                let is_over = p.discuss_until.is_some_and(|until| until <= p.now);
                let is_heard = p.parties_heard >= 2 || is_over;
                step::shut([(p.question, Gate::Question), (is_heard, Gate::Discussion)])
            }
            (Propose, Discuss) => Vec::new(),
            (Propose, Decide) => step::shut([
                (p.proposal, Gate::Proposal),
                (is_proposal || p.options >= 2, Gate::Options),
                (p.rules_fit, Gate::Rules),
                (p.voters > 0, Gate::Voters),
                (p.closes_at.is_some_and(|closes_at| closes_at > p.now), Gate::Deadline),
                (is_proposal || p.commitment, Gate::Commitment),
            ]),
            (Decide, Propose) if p.voted == 0 => Vec::new(),
            (Decide, Discuss) if p.verdict.is_some() && !p.is_decided() => {
                step::shut([(p.is_poll_closed(), Gate::PollClosed)])
            }
            (Decide, Outcome) => step::shut([
                (p.is_poll_closed(), Gate::PollClosed),
                (p.is_decided(), Gate::Decided),
            ]),
            (Outcome, Review) => step::shut([
                (p.statement, Gate::Statement),
                (p.objective, Gate::Objective),
                (p.people_bound, Gate::PeopleBound),
                (p.owner, Gate::Owner),
                (p.first_step, Gate::FirstStep),
                (p.review_on.is_some(), Gate::ReviewDate),
            ]),
            (Review, Settled | Discuss) => step::shut([(p.review_note, Gate::ReviewNote)]),
            (from, Withdrawn) if !from.is_over() => Vec::new(),
            _ => return None,
        };
        Some(shut)
    }

    /// The stage after a step.
    ///
    /// # Errors
    /// There is no such step, or gates of it are shut; all of them are named.
    pub fn advance(self, to: Self, progress: &Progress) -> Result<Self, Refused<Self, Gate>> {
        step::step(self, to, self.shut_gates(to, progress))
    }
}
