//! Reads files and folders and prints what came out, with the processor time it took:
//! `cargo run --release -p tieline-import --example count_mail -- PATH...`

#![allow(clippy::print_stdout, reason = "an example that prints what it measures")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use tieline_import::walk::{self, FileEnd, FileStart, Inputs, Options, Visitor};
use tieline_import::{Sink, Stop};
use tieline_model::issue::{Position, Severity};
use tieline_model::record::Record;

#[derive(Default)]
struct Count {
    files: u64,
    records: u64,
    bytes: u64,
    lost: u64,
    skipped: BTreeMap<String, u64>,
    issues: BTreeMap<String, u64>,
    left_out: BTreeMap<&'static str, u64>,
    unread: Vec<String>,
}

impl Sink for Count {
    fn record(&mut self, _position: Position, record: Record) -> Result<(), Stop> {
        self.records += 1;
        if let Record::Message(message) = record {
            *self.left_out.entry(message.left_out.name()).or_default() += 1;
        }
        Ok(())
    }

    fn issue(
        &mut self,
        _position: Position,
        severity: Severity,
        reason: String,
    ) -> Result<(), Stop> {
        self.lost += u64::from(severity == Severity::Lost);
        *self.issues.entry(format!("{severity:?}: {reason}")).or_default() += 1;
        Ok(())
    }
}

impl Visitor for Count {
    fn file_started(&mut self, _file: &FileStart<'_>) -> Result<(), Stop> {
        self.files += 1;
        Ok(())
    }

    fn file_finished(&mut self, file: &FileEnd<'_>) -> Result<(), Stop> {
        self.bytes += file.bytes;
        Ok(())
    }

    fn file_skipped(&mut self, _name: &str, why: &str) -> Result<(), Stop> {
        *self.skipped.entry(why.to_owned()).or_default() += 1;
        Ok(())
    }

    fn file_unread(&mut self, name: &str, position: Position, reason: String) -> Result<(), Stop> {
        self.unread.push(format!("{name}, {position}: {reason}"));
        Ok(())
    }
}

fn main() -> Result<(), Stop> {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let mut inputs = Inputs::find(&paths);
    let started = Instant::now();
    let id = inputs.digest();
    let digested = started.elapsed().as_secs_f64();
    let mut count = Count::default();
    let started = Instant::now();
    walk::visit(&inputs, &Options::default(), &mut count)?;
    let seconds = started.elapsed().as_secs_f64();
    println!("import {id}, digest in {digested:.3} s");
    println!("{} files, {} records, {} lost", count.files, count.records, count.lost);
    println!("left out: {:?}", count.left_out);
    println!("skipped: {:?}", count.skipped);
    count.issues.iter().for_each(|(reason, n)| println!("{n:>8}  {reason}"));
    count.unread.iter().for_each(|line| println!("unread: {line}"));
    let (megabytes, records) = (count.bytes as f64 / 1e6, count.records as f64);
    println!("{megabytes:.0} MB read in {seconds:.3} s: {:.0} records/s", records / seconds);
    Ok(())
}
