//! Reads a running workspace in an open loop, then writes to it from many sides at once; prints a
//! JSON object for each kind of request.
//!
//! `load LINKS [REQUESTS_A_SECOND [SECONDS [WRITERS]]]`; `LINKS` names a file of one-time links, one
//! account each. The reads are those of `bench/load/mix.txt`.
//!
//! A request's time counts from the moment at which it was due, so that a server that stalls is
//! charged for all that waited (no coordinated omission).

mod client;
mod mix;

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use client::{Account, Client};
use mix::{Dice, Known, Mix};
use tokio::sync::mpsc;

type Done<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// What became of one request.
struct Sample {
    kind: String,
    /// From when it was due to its last byte.
    took: Duration,
    status: u16,
}

/// Contacts that each writer logs.
const CONTACTS: usize = 25;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Done<()> {
    let mut arguments = std::env::args().skip(1);
    let links = arguments.next().ok_or("load LINKS [REQUESTS_A_SECOND [SECONDS [WRITERS]]]")?;
    let rate: u32 = arguments.next().map_or(Ok(200), |text| text.parse())?;
    let seconds: u32 = arguments.next().map_or(Ok(60), |text| text.parse())?;
    let writers: usize = arguments.next().map_or(Ok(20), |text| text.parse())?;
    let links = std::fs::read_to_string(links)?;
    let client = Arc::new(Client::of(links.lines().next().ok_or("no link in the file")?)?);
    let mut accounts = Vec::new();
    for link in links.lines() {
        accounts.push(client.sign_in(link).await?);
    }
    let known = Known::ask(&client, &accounts[0]).await?;
    let mix = Mix::read(include_str!("../../../../bench/load/mix.txt"))?;
    // Everything once, so that what is measured is a server that is up, not one that starts.
    for path in mix.each(&known) {
        client.get(&accounts[0], &path).await?;
    }
    let accounts = Arc::new(accounts);
    report("read", &read(&client, &accounts, &mix, &known, (rate, seconds)).await)?;
    report("write", &write(&client, &accounts, &known, writers).await)
}

/// Sends `rate` requests a second for some seconds, whatever became of those before.
async fn read(
    client: &Arc<Client>,
    accounts: &Arc<Vec<Account>>,
    mix: &Mix,
    known: &Known,
    (rate, seconds): (u32, u32),
) -> Vec<Sample> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let mut dice = Dice::new();
    let start = Instant::now() + Duration::from_millis(100);
    for number in 0..rate * seconds {
        let due = start + Duration::from_secs(1) * number / rate;
        tokio::time::sleep_until(due.into()).await;
        let (kind, path) = mix.draw(&mut dice, known);
        let (kind, client, accounts) = (kind.to_owned(), client.clone(), accounts.clone());
        let sender = sender.clone();
        tokio::spawn(async move {
            let account = &accounts[number as usize % accounts.len()];
            let status = client.get(account, &path).await.unwrap_or(0);
            // The receiver lives until the last sender is gone.
            let _ = sender.send(Sample { kind, took: due.elapsed(), status });
        });
    }
    drop(sender);
    gather(&mut receiver).await
}

/// Contacts logged by many writers at once, each one after the other.
async fn write(
    client: &Arc<Client>,
    accounts: &Arc<Vec<Account>>,
    known: &Known,
    writers: usize,
) -> Vec<Sample> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    for writer in 0..writers {
        let (client, accounts, sender) = (client.clone(), accounts.clone(), sender.clone());
        let people = known.people.clone();
        tokio::spawn(async move {
            let account = &accounts[writer % accounts.len()];
            for number in 0..CONTACTS {
                let person = &people[(writer * CONTACTS + number) % people.len()];
                let began = Instant::now();
                let status = client.log_contact(account, person).await.unwrap_or(0);
                let sample = Sample { kind: "contact".to_owned(), took: began.elapsed(), status };
                let _ = sender.send(sample);
            }
        });
    }
    drop(sender);
    gather(&mut receiver).await
}

async fn gather(receiver: &mut mpsc::UnboundedReceiver<Sample>) -> Vec<Sample> {
    let mut samples = Vec::new();
    while let Some(sample) = receiver.recv().await {
        samples.push(sample);
    }
    samples
}

/// One line a kind and one for all: how many, how long in ms, and what did not succeed.
fn report(step: &str, samples: &[Sample]) -> Done<()> {
    let mut kinds: BTreeMap<&str, Vec<&Sample>> = BTreeMap::new();
    for sample in samples {
        kinds.entry(&sample.kind).or_default().push(sample);
        kinds.entry("all").or_default().push(sample);
    }
    let mut out = std::io::stdout();
    for (kind, samples) in kinds {
        let mut took: Vec<f64> =
            samples.iter().map(|sample| sample.took.as_secs_f64() * 1e3).collect();
        took.sort_by(f64::total_cmp);
        let at = |share: f64| took[((took.len() - 1) as f64 * share).round() as usize];
        let mut failed: BTreeMap<u16, usize> = BTreeMap::new();
        for sample in samples.iter().filter(|sample| !(200..400).contains(&sample.status)) {
            *failed.entry(sample.status).or_default() += 1;
        }
        let line = serde_json::json!({
            "step": step, "kind": kind, "n": took.len(), "p50_ms": round(at(0.5)),
            "p90_ms": round(at(0.9)), "p99_ms": round(at(0.99)), "max_ms": round(at(1.0)),
            "failed": failed,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn round(ms: f64) -> f64 {
    (ms * 10.0).round() / 10.0
}
