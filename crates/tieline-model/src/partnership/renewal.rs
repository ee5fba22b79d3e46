//! Renewal: alerts before an agreement ends, lapsing, and how often to look (METHODS 13).

use crate::time::Moment;

/// Days before the date that counts on which word is given.
pub const ALERT_DAYS: [u32; 3] = [180, 90, 30];

/// How long something runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// First moment after its end.
    pub ends_at: Moment,
    /// Until when notice must be given, where the agreement says so.
    pub notice_by: Option<Moment>,
}

/// How a term stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermState {
    /// More than 180 days to go.
    Running,
    /// An alert was due: 180, 90 or 30 days before.
    Alert {
        /// Which.
        days: u32,
    },
    /// The date for notice is past, the end is not.
    NoticePassed,
    /// Past its end without a decision. It is never extended silently.
    Lapsed,
    /// What happens at its end was decided.
    Decided,
}

impl Term {
    /// The date that counts: notice or end, whichever is first.
    pub fn due(&self) -> Moment {
        self.notice_by.map_or(self.ends_at, |notice| notice.min(self.ends_at))
    }

    /// When word is given, earliest first.
    pub fn alerts(&self) -> [Moment; 3] {
        ALERT_DAYS.map(|days| self.due().plus_days(-f64::from(days)))
    }

    /// How it stands at a moment.
    pub fn state(&self, is_decided: bool, now: Moment) -> TermState {
        if is_decided {
            return TermState::Decided;
        }
        if now >= self.ends_at {
            return TermState::Lapsed;
        }
        if now >= self.due() {
            return TermState::NoticePassed;
        }
        let passed = ALERT_DAYS.into_iter().zip(self.alerts()).rfind(|(_, alert)| *alert <= now);
        passed.map_or(TermState::Running, |(days, _)| TermState::Alert { days })
    }
}

/// Days between reviews ([Tieline]): risk = importance (0 to 1) times what health (0 to 100) lacks;
/// 30 days from 0.6 on, 60 from 0.35, 90 from 0.15, else 180; 60 where health is not known.
pub fn review_every_days(importance: f64, health: Option<f64>) -> u32 {
    let Some(health) = health else { return 60 };
    let risk = importance * (1.0 - health / 100.0);
    // Thresholds are reached despite the last bits of a product of decimals.
    let cadence = [(0.6, 30), (0.35, 60), (0.15, 90)];
    cadence.into_iter().find(|(least, _)| risk >= least - 1e-12).map_or(180, |(_, days)| days)
}
