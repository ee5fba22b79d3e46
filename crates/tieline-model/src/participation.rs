//! Open communication: who is heard, and who gets answers (METHODS 1.3, Tieline's own).

use crate::access::words;
use crate::time::Moment;

/// Hours within which an answer counts.
pub const ANSWER_HOURS: f64 = 168.0;

const HOUR_MS: f64 = 3_600_000.0;

/// What is posted to a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum PostKind {
    /// Someone says something.
    #[default]
    Said,
    /// Someone is asked to say something: no contribution of whoever asks.
    Invited,
}
words!(PostKind { Said "said", Invited "invited", });

/// What one person, role or party contributed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Voice<P> {
    /// Whose.
    pub of: P,
    /// Share of all contributions, 0 to 1.
    pub share: f64,
    /// Whether it is under half of an even share: someone to invite.
    pub is_unheard: bool,
}

/// Voices from amounts (turns, comments or minutes, at least 0), in the order given; those who said
/// nothing must be listed with 0. Empty where nothing was said at all.
pub fn voices<P: Copy>(amounts: &[(P, f64)]) -> Vec<Voice<P>> {
    let total: f64 = amounts.iter().map(|(_, amount)| amount).sum();
    if total <= 0.0 {
        return Vec::new();
    }
    let least = 0.5 / amounts.len() as f64;
    let voice = |(of, amount): &(P, f64)| {
        let share = amount / total;
        Voice { of: *of, share, is_unheard: share < least }
    };
    amounts.iter().map(voice).collect()
}

/// The first message of a thread, from one person to one other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opener {
    /// When it was sent.
    pub at: Moment,
    /// When the other first answered in the thread, if ever.
    pub answered_at: Option<Moment>,
}

/// How openers were answered. Shown per team (METHODS 14.2), never as a ranking of people.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Responsiveness {
    /// Answered in time.
    pub answered: u64,
    /// Not answered in time.
    pub unanswered: u64,
    /// Still young enough to be answered.
    pub pending: u64,
    /// Median hours to an answer, over those answered in time; `None` without any.
    pub median_hours: Option<f64>,
}

impl Responsiveness {
    /// From openers as of a moment; later ones are left out.
    pub fn of(openers: &[Opener], now: Moment) -> Self {
        let mut found = Self::default();
        let mut hours = Vec::new();
        for opener in openers.iter().filter(|opener| opener.at <= now) {
            let until = |at: Moment| (at.ms() - opener.at.ms()) as f64 / HOUR_MS;
            let answer = opener.answered_at.filter(|at| *at <= now).map(until);
            match answer.filter(|hours| *hours <= ANSWER_HOURS) {
                Some(after) => hours.push(after),
                None if until(now) >= ANSWER_HOURS => found.unanswered += 1,
                None => found.pending += 1,
            }
        }
        hours.sort_by(f64::total_cmp);
        found.answered = hours.len() as u64;
        found.median_hours = match hours.len() {
            0 => None,
            n => Some(f64::midpoint(hours[(n - 1) / 2], hours[n / 2])),
        };
        found
    }

    /// Share of openers answered in time; `None` where none could have been.
    pub fn reply_rate(&self) -> Option<f64> {
        let counted = self.answered + self.unanswered;
        (counted > 0).then(|| self.answered as f64 / counted as f64)
    }
}
