//! Between a running import and whoever asked for it: go on, pause, stop, and how far it is.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tieline_import::walk::Progress as Bytes;
use tieline_insight::voice::{count, grouped};
use tieline_model::job::JobProgress;

/// What an import is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Asked {
    /// Go on.
    #[default]
    Go,
    /// Wait between two records.
    Pause,
    /// End, and take back what was done. Final.
    Stop,
    /// End: the job is someone else's, or a later worker's. Final.
    Leave,
}

/// Why an import ended before it was published. Nothing of it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Interrupted {
    /// Someone asked for it.
    #[error("stopped")]
    Stopped,
    /// This worker has to let go of it.
    #[error("left to another worker")]
    Left,
}

/// How long an import stands still before it lets go of the data folder for good: commands and other
/// servers wait for it. It begins anew when it is to go on.
const PATIENCE: Duration = Duration::from_secs(600);

/// Shared by an import and whoever watches it. The default never interrupts and tells the terminal.
#[derive(Debug, Default)]
pub(crate) struct Control {
    is_of_a_job: bool,
    /// How long it stands still, at most; `None`: without end.
    patience: Option<Duration>,
    /// Whether anything but [`Asked::Go`] is asked: all that is looked at for every record.
    is_disturbed: AtomicBool,
    state: Mutex<State>,
    changed: Condvar,
    records: AtomicU64,
    total: AtomicU64,
    bytes: Bytes,
}

#[derive(Debug, Default)]
struct State {
    asked: Asked,
    /// Since when the import waits.
    waits: Option<Instant>,
    stage: &'static str,
    /// When reading began, and how long it stood still since.
    reading: Option<(Instant, Duration)>,
}

impl Control {
    /// For a job; `asked` is what is known to be asked already.
    pub(crate) fn for_job(asked: Asked) -> Self {
        Self::waiting(asked, PATIENCE)
    }

    /// As [`Control::for_job`], standing still for so long at most.
    fn waiting(asked: Asked, patience: Duration) -> Self {
        let patience = Some(patience);
        let control = Self { is_of_a_job: true, patience, ..Self::default() };
        control.ask(asked);
        control
    }

    /// Whether a job is controlled, not a command at a terminal.
    pub(crate) fn is_of_a_job(&self) -> bool {
        self.is_of_a_job
    }

    /// Where the import is to count the bytes that it reads.
    pub(crate) fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for something.
    pub(crate) fn ask(&self, asked: Asked) {
        let mut state = self.lock();
        if !matches!(state.asked, Asked::Stop | Asked::Leave) {
            state.asked = asked;
        }
        self.is_disturbed.store(state.asked != Asked::Go, Ordering::Relaxed);
        self.changed.notify_all();
    }

    /// Called wherever the import may wait or end. Returns when it is to go on.
    ///
    /// # Errors
    /// When it is to end.
    pub(crate) fn step(&self) -> Result<(), Interrupted> {
        if !self.is_disturbed.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut state = self.lock();
        loop {
            match state.asked {
                Asked::Pause => {
                    let since = *state.waits.get_or_insert_with(Instant::now);
                    self.changed.notify_all();
                    state = match self.patience {
                        None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                        Some(patience) => {
                            let left = patience.saturating_sub(since.elapsed());
                            if left.is_zero() {
                                state.asked = Asked::Leave;
                                continue;
                            }
                            let waited = self.changed.wait_timeout(state, left);
                            waited.unwrap_or_else(PoisonError::into_inner).0
                        }
                    };
                }
                asked => {
                    let waited = state.waits.take().map(|since| since.elapsed());
                    if let (Some(waited), Some((_, still))) = (waited, state.reading.as_mut()) {
                        *still += waited;
                    }
                    return match asked {
                        Asked::Stop => Err(Interrupted::Stopped),
                        Asked::Leave => Err(Interrupted::Left),
                        Asked::Go | Asked::Pause => Ok(()),
                    };
                }
            }
        }
    }

    /// One more record, after [`Control::step`].
    ///
    /// # Errors
    /// As [`Control::step`].
    pub(crate) fn record(&self) -> Result<(), Interrupted> {
        self.step()?;
        self.records.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Says what is done now, in a few words.
    pub(crate) fn stage(&self, stage: &'static str) {
        let mut state = self.lock();
        state.stage = stage;
        state.reading = None;
    }

    /// Says that `total` bytes are read now: from here on rate and time left are told.
    pub(crate) fn reads(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
        let mut state = self.lock();
        state.stage = "Reading";
        state.reading = Some((Instant::now(), Duration::ZERO));
    }

    /// How far it is.
    pub(crate) fn progress(&self) -> JobProgress {
        let total = self.total.load(Ordering::Relaxed);
        let bytes = self.bytes.bytes().min(total);
        let records = self.records.load(Ordering::Relaxed);
        let state = self.lock();
        let stage = match (state.reading, state.waits) {
            (Some((began, still)), None) => {
                let active = began.elapsed().saturating_sub(still).as_secs_f64();
                pace(state.stage, records, bytes, total, active)
            }
            _ => state.stage.to_owned(),
        };
        JobProgress { bytes, bytes_total: total, records, stage }
    }

    /// Until the import waits.
    #[cfg(test)]
    pub(crate) fn until_it_waits(&self) {
        let mut state = self.lock();
        while state.waits.is_none() {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Rate and time left, in words; nothing before the first second, when neither means much.
fn pace(stage: &str, records: u64, bytes: u64, total: u64, seconds: f64) -> String {
    if seconds < 1.0 || bytes == 0 {
        return stage.to_owned();
    }
    let rate = grouped((records as f64 / seconds) as u64);
    let left = total.saturating_sub(bytes) as f64 * seconds / bytes as f64;
    let left = if left < 90.0 {
        count(left.ceil() as u64, "second")
    } else {
        count((left / 60.0).ceil() as u64, "minute")
    };
    format!("{stage} {rate} records a second, about {left} left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_time_left_are_of_the_time_at_work() {
        let check = |records, bytes, seconds: f64, text: &str| {
            assert_eq!(pace("Reading", records, bytes, 4_000, seconds), text);
        };
        check(10, 100, 0.5, "Reading");
        check(0, 0, 5.0, "Reading");
        check(5_000, 1_000, 2.0, "Reading 2,500 records a second, about 6 seconds left");
        check(10, 1_000, 60.0, "Reading 0 records a second, about 3 minutes left");
    }

    #[test]
    fn who_stands_still_for_too_long_lets_go_for_good() {
        let control = Control::waiting(Asked::Pause, Duration::ZERO);
        assert_eq!(control.step(), Err(Interrupted::Left));
        control.ask(Asked::Go);
        assert_eq!(control.step(), Err(Interrupted::Left));
    }

    #[test]
    fn what_was_asked_last_holds_but_an_end_is_an_end() {
        let control = Control::for_job(Asked::Pause);
        control.ask(Asked::Go);
        assert_eq!(control.step(), Ok(()));
        control.ask(Asked::Stop);
        control.ask(Asked::Go);
        assert_eq!(control.record(), Err(Interrupted::Stopped));
        assert_eq!(control.progress().records, 0);
    }
}
