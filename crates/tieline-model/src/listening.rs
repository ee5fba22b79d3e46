//! The listening record: what was said, what was done, what was not and why (Tieline's own).
//!
//! Whoever speaks learns what came of it: an answer may change, but what was said never goes back to
//! having none.

use crate::access::words;
use crate::tie::median;
use crate::time::Moment;

/// What came of something that was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Reply {
    /// Nothing yet.
    #[default]
    Waits,
    /// Something is being done.
    Doing,
    /// Something was done.
    Done,
    /// Nothing will be done.
    Declined,
}
words!(Reply { Waits "waits", Doing "doing", Done "done", Declined "declined", });

/// Why an answer is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// It says nothing.
    #[error("say what is being done, what was done, or why nothing will be")]
    Wordless,
    /// It takes an answer away.
    #[error("an answer says what is done or why not: it may change, but not go back to none")]
    None,
}

impl Reply {
    /// That this is an answer in these words.
    ///
    /// # Errors
    /// It is none, or has no word: also what was done is told, and why nothing is.
    pub fn in_words(self, words: &str) -> Result<(), ReplyError> {
        match self {
            Self::Waits => Err(ReplyError::None),
            _ if words.trim().is_empty() => Err(ReplyError::Wordless),
            _ => Ok(()),
        }
    }
}

/// Something that was said, and when it was first answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// When it was written down.
    pub said: Moment,
    /// When it was first answered.
    pub answered: Option<Moment>,
    /// What came of it so far.
    pub reply: Reply,
}

/// How a partnership answers.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Answering {
    /// Things said and not answered.
    pub n_waits: u64,
    /// Things being done.
    pub n_doing: u64,
    /// Things done.
    pub n_done: u64,
    /// Things that will not be done, with the reason.
    pub n_declined: u64,
    /// Median days until the first answer, of those that have one; `None` where none has.
    pub median_days: Option<f64>,
    /// Days since the oldest of those without an answer was said; `None` where none waits.
    pub oldest_days: Option<f64>,
}

/// **Summary** – how many were answered how, how soon, and how long the others have waited.
/// **Complexity** – O(n log n) in what was said.
pub fn answering(all: &[Heard], now: Moment) -> Answering {
    let mut found = Answering::default();
    let mut days = Vec::new();
    for one in all {
        match one.reply {
            Reply::Waits => found.n_waits += 1,
            Reply::Doing => found.n_doing += 1,
            Reply::Done => found.n_done += 1,
            Reply::Declined => found.n_declined += 1,
        }
        match one.answered {
            Some(at) => days.push(at.days_since(one.said).max(0.0)),
            None => {
                let waits = now.days_since(one.said).max(0.0);
                found.oldest_days = Some(found.oldest_days.map_or(waits, |old| old.max(waits)));
            }
        }
    }
    found.median_days = median(&mut days);
    found
}
