//! The stages of a partnership: what each asks (METHODS 15, [Tieline]) and the gates between them.

use crate::access::words;
use crate::step::{self, Refused};

/// Where a partnership stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Someone sees a problem that nobody solves alone.
    Idea,
    /// Parties come together and draft what they want.
    Forming,
    /// The charter is assented to; the ground for work is laid.
    Agreed,
    /// Joint work.
    Working,
    /// Looking at whether and how to go on.
    Renewing,
    /// Ending well.
    Closing,
    /// Ended.
    Closed,
}
words!(Stage {
    Idea "idea", Forming "forming", Agreed "agreed", Working "working", Renewing "renewing",
    Closing "closing", Closed "closed",
});

/// How a question of a stage is answered. A "no" proposes a next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StageAnswer {
    /// Yes.
    Yes,
    /// In part.
    Partly,
    /// No.
    No,
}
words!(StageAnswer { Yes "yes", Partly "partly", No "no", });

/// One question that a stage asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StageQuestion {
    /// Stable name, unique over all stages.
    pub key: &'static str,
    /// The question in English.
    pub text: &'static str,
}

const fn ask(key: &'static str, text: &'static str) -> StageQuestion {
    StageQuestion { key, text }
}

const IDEA: &[StageQuestion] = &[
    ask("whose-problem", "Whose problem is it, and do they agree?"),
    ask("who-else", "Who else works on it?"),
    ask("not-alone", "What can none of us do alone?"),
];
const FORMING: &[StageQuestion] = &[
    ask("own-benefit", "Is each side's benefit written by that side?"),
    ask("who-is-missing", "Who is missing?"),
    ask("what-would-stop-us", "What would make us stop?"),
];
const AGREED: &[StageQuestion] = &[
    ask("vision-assented", "Is the vision assented to by all?"),
    ask("roles-read-back", "Are the roles read back?"),
    ask("decision-rights-known", "Are the decision rights known?"),
    ask("terms-signed", "Are the terms on money and data signed?"),
];
const WORKING: &[StageQuestion] = &[
    ask("promises-kept", "Are promises kept on both sides?"),
    ask("each-speaks", "Does each party speak?"),
    ask("results-together", "Are results looked at together?"),
    ask("overload", "Is nobody overloaded?"),
];
const RENEWING: &[StageQuestion] = &[
    ask("what-changed", "What changed in each organisation?"),
    ask("which-objective-holds", "Which objective still holds?"),
    ask("what-to-drop", "What do we drop?"),
    ask("who-follows", "Who follows each key person?"),
];
const CLOSING: &[StageQuestion] = &[
    ask("who-was-told", "Who was told?"),
    ask("handed-back", "What is handed back?"),
    ask("what-was-learnt", "What was learnt?"),
    ask("who-is-thanked", "Who is thanked?"),
    ask("which-ties-stay", "Which ties should stay?"),
];

/// What must be there before a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// At least two parties.
    Parties,
    /// Why it matters, in a sentence.
    Purpose,
    /// Each party's benefits and costs, written by that party.
    Benefits,
    /// A charter version that every party assents to.
    Charter,
    /// Each person with a role has read it back and accepts.
    RolesReadBack,
    /// Which decisions are taken how and by whom.
    DecisionRights,
    /// Agreements on money and data signed, or marked as not needed.
    Terms,
    /// The next review or end date.
    ReviewDate,
    /// What the renewal came to: renew, renegotiate or close.
    RenewalDecision,
    /// Why it ends.
    Reason,
    /// Everyone concerned was told.
    Told,
    /// Nothing lent or reserved is still out.
    HandedBack,
    /// Every commitment is kept, withdrawn or handed over.
    CommitmentsSettled,
    /// What was learnt, in writing.
    Learnt,
}
words!(Gate {
    Parties "parties", Purpose "purpose", Benefits "benefits", Charter "charter",
    RolesReadBack "roles-read-back", DecisionRights "decision-rights", Terms "terms",
    ReviewDate "review-date", RenewalDecision "renewal-decision", Reason "reason", Told "told",
    HandedBack "handed-back", CommitmentsSettled "commitments-settled", Learnt "learnt",
});

impl Gate {
    /// What is missing, as a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Parties => "Name at least two parties.",
            Self::Purpose => "Say in a sentence why it matters.",
            Self::Benefits => "Each party writes what it gains and what it costs.",
            Self::Charter => "Every party must assent to the newest charter.",
            Self::RolesReadBack => "Everyone with a role reads it back and accepts it.",
            Self::DecisionRights => "Say which decisions are taken how, and by whom.",
            Self::Terms => "Sign the terms on money and data, or mark that none are needed.",
            Self::ReviewDate => "Set the date of the next review.",
            Self::RenewalDecision => "Decide first whether to renew, to renegotiate or to close.",
            Self::Reason => "Say why it ends.",
            Self::Told => "Tell everyone concerned.",
            Self::HandedBack => "Hand back what is still lent or reserved.",
            Self::CommitmentsSettled => "Settle the commitments that are still open.",
            Self::Learnt => "Write down what was learnt.",
        }
    }
}

/// What a renewal came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RenewalDecision {
    /// Go on as agreed, until a new date.
    Renew,
    /// Go on, but on other terms.
    Renegotiate,
    /// End it.
    Close,
}
words!(RenewalDecision { Renew "renew", Renegotiate "renegotiate", Close "close", });

/// What is there of a partnership, as far as its gates ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Parties that take part.
    pub n_parties: usize,
    /// Whether the purpose is written.
    pub purpose: bool,
    /// Parties that wrote their own benefits and costs.
    pub n_benefits: usize,
    /// Whether every party assents to the newest charter ([`super::charter::Charter::is_assented`]).
    pub charter: bool,
    /// Whether every role is read back and accepted.
    pub roles_read_back: bool,
    /// Whether decision rights are set.
    pub decision_rights: bool,
    /// Whether terms are signed, or marked as not needed.
    pub terms: bool,
    /// Whether a date of review or end lies ahead.
    pub review_date: bool,
    /// What the renewal under way came to.
    pub renewal: Option<RenewalDecision>,
    /// Whether it is written why it ends.
    pub reason: bool,
    /// Whether everyone concerned was told.
    pub told: bool,
    /// Resources still lent or reserved.
    pub n_out: usize,
    /// Commitments still open or late.
    pub n_open_commitments: usize,
    /// Whether it is written what was learnt.
    pub learnt: bool,
}

impl Stage {
    /// What the stage asks; nothing once it is closed.
    pub const fn questions(self) -> &'static [StageQuestion] {
        match self {
            Self::Idea => IDEA,
            Self::Forming => FORMING,
            Self::Agreed => AGREED,
            Self::Working => WORKING,
            Self::Renewing => RENEWING,
            Self::Closing => CLOSING,
            Self::Closed => &[],
        }
    }

    /// The gates of a step that are shut; `None` where there is no such step.
    ///
    /// Forward: idea, forming, agreed, working, renewing. A renewal leads back to working, to forming
    /// or on to closing, as was decided. An idea or a partnership that is forming can be dropped; one
    /// that was agreed is closed over closing. One that was agreed can go back to forming.
    pub fn shut_gates(self, to: Self, progress: &Progress) -> Option<Vec<Gate>> {
        use Stage::{Agreed, Closed, Closing, Forming, Idea, Renewing, Working};
        let p = progress;
        let decided = |decision| (p.renewal == Some(decision), Gate::RenewalDecision);
        let shut = match (self, to) {
            (Idea, Forming) => {
                step::shut([(p.n_parties >= 2, Gate::Parties), (p.purpose, Gate::Purpose)])
            }
            (Forming, Agreed) => step::shut(to_agree(p)),
            (Forming, Idea) | (Agreed, Forming) | (Working, Renewing) => Vec::new(),
            (Agreed, Working) => step::shut(to_agree(p).into_iter().chain(to_work(p))),
            (Renewing, Working) => {
                let renewed = [decided(RenewalDecision::Renew)];
                step::shut(renewed.into_iter().chain(to_agree(p)).chain(to_work(p)))
            }
            (Renewing, Forming) => step::shut([decided(RenewalDecision::Renegotiate)]),
            (Renewing, Closing) => step::shut([decided(RenewalDecision::Close)]),
            (Agreed | Working, Closing) | (Idea | Forming, Closed) => {
                step::shut([(p.reason, Gate::Reason)])
            }
            (Closing, Closed) => step::shut([
                (p.told, Gate::Told),
                (p.n_out == 0, Gate::HandedBack),
                (p.n_open_commitments == 0, Gate::CommitmentsSettled),
                (p.learnt, Gate::Learnt),
            ]),
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

fn to_agree(p: &Progress) -> [(bool, Gate); 4] {
    [
        (p.n_parties >= 2, Gate::Parties),
        (p.purpose, Gate::Purpose),
        (p.n_benefits >= p.n_parties, Gate::Benefits),
        (p.charter, Gate::Charter),
    ]
}

fn to_work(p: &Progress) -> [(bool, Gate); 4] {
    [
        (p.roles_read_back, Gate::RolesReadBack),
        (p.decision_rights, Gate::DecisionRights),
        (p.terms, Gate::Terms),
        (p.review_date, Gate::ReviewDate),
    ]
}
