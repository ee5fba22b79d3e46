//! How far an import is: a bar on a terminal, plain lines elsewhere.

use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tieline_import::walk::Progress as Bytes;

use crate::output::{grouped, note, on_a_terminal};

/// Records between two looks at the bytes.
const EVERY: u64 = 512;

/// Shows bytes, records, rate and time left.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    bytes: Bytes,
    total: u64,
    records: u64,
    started: Instant,
    /// Nothing is told: whoever asked for the import looks elsewhere.
    is_quiet: bool,
    /// Tenths of the bytes already told on plain lines.
    told: u64,
}

impl Progress {
    /// For an import of `total` bytes.
    pub(crate) fn new(total: u64, bytes: Bytes, is_quiet: bool) -> Self {
        let bar = (on_a_terminal() && !is_quiet).then(|| {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template(
                "{bar:28} {binary_bytes}/{binary_total_bytes}  {msg}  {eta} left",
            );
            if let Ok(style) = style {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, bytes, total, records: 0, started: Instant::now(), is_quiet, told: 0 }
    }

    /// A file is being read now.
    pub(crate) fn file(&mut self, _name: &str) {
        self.show();
    }

    /// One more record.
    pub(crate) fn record(&mut self) {
        self.records += 1;
        if self.records.is_multiple_of(EVERY) {
            self.show();
        }
    }

    fn rate(&self) -> u64 {
        (self.records as f64 / self.started.elapsed().as_secs_f64().max(0.001)) as u64
    }

    fn show(&mut self) {
        let bytes = self.bytes.bytes().min(self.total);
        if let Some(bar) = &self.bar {
            bar.set_position(bytes);
            let (records, rate) = (grouped(self.records), grouped(self.rate()));
            bar.set_message(format!("{records} records, {rate}/s"));
            return;
        }
        if self.is_quiet {
            return;
        }
        let tenth = (bytes * 10).checked_div(self.total).unwrap_or(10);
        if tenth > self.told && tenth < 10 {
            self.told = tenth;
            note(format!("{}0 % read, {} records", tenth, grouped(self.records)));
        }
    }

    /// Everything is read.
    pub(crate) fn finish(&self) {
        if self.is_quiet {
            return;
        }
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        note(format!(
            "read {} records in {:.1} s, {} a second",
            grouped(self.records),
            self.started.elapsed().as_secs_f64(),
            grouped(self.rate())
        ));
    }
}
