//! Writes a lake of made-up messages for benchmarks, through the real writer.
//!
//! `generate_interactions --rows N --out DIR [--people N] [--months N] [--skip N] [--seed N]`
//!
//! Events come in order of time over the months from 2023-01, or from `--skip` months after it.
//! Each run adds an import of its own to the lake, known by its seed. A sender is drawn with probability
//! proportional to rank^-0.7; each person has up to 60 habitual partners, of whom the k-th is drawn
//! about twice as often as the 2k-th, and one recipient in 25 is anyone. 60% of messages have one
//! recipient, the others 2 to 12; one in five is a chat.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use tieline_lake::Lake;
use tieline_model::id::{AddressId, EventId, ImportId, ListId};
use tieline_model::interaction::{Channel, EventHead, Interaction, LeftOut, Role, Status};
use tieline_model::time::{Moment, Month};

const PARTNERS: u64 = 60;

struct Options {
    rows: u64,
    out: PathBuf,
    people: u64,
    months: u64,
    skip: i32,
    seed: u64,
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut found = Options {
        rows: 1_000_000,
        out: PathBuf::new(),
        people: 20_000,
        months: 36,
        skip: 0,
        seed: 1,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or("every option takes a value")?;
        match word.as_str() {
            "--rows" => found.rows = value.parse()?,
            "--out" => found.out = value.into(),
            "--people" => found.people = value.parse()?,
            "--months" => found.months = value.parse()?,
            "--skip" => found.skip = value.parse()?,
            "--seed" => found.seed = value.parse()?,
            other => return Err(format!("unknown option {other}").into()),
        }
    }
    if found.out.as_os_str().is_empty() {
        return Err("--out DIR is missing".into());
    }
    Ok(found)
}

fn unit(random: &mut ChaCha8Rng) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// 0..n with probability about proportional to (k+1)^-s, by inversion of the continuous law.
fn heavy(random: &mut ChaCha8Rng, n: u64, s: f64) -> u64 {
    let power = 1.0 - s;
    let top = ((n + 1) as f64).powf(power) - 1.0;
    ((1.0 + unit(random) * top).powf(1.0 / power) - 1.0) as u64 % n
}

/// The k-th habitual partner of a person, fixed by both numbers.
fn partner(person: u64, k: u64, people: u64) -> u64 {
    let mixed = (person * PARTNERS + k).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) % people
}

fn recipients(random: &mut ChaCha8Rng, sender: u64, people: u64) -> Vec<u64> {
    let wanted = if unit(random) < 0.6 { 1 } else { 2 + random.next_u64() % 11 };
    let mut chosen = Vec::new();
    for _ in 0..wanted {
        let one = if random.next_u64().is_multiple_of(25) {
            random.next_u64() % people
        } else {
            partner(sender, heavy(random, PARTNERS, 0.99), people)
        };
        if one != sender && !chosen.contains(&one) {
            chosen.push(one);
        }
    }
    chosen
}

/// A message as an importer would hand it over.
fn message(
    at: Moment,
    channel: Channel,
    event: EventId,
    from: AddressId,
    to: &[AddressId],
) -> (EventHead, Vec<Interaction>) {
    let group = to.len() as u32;
    let row = |to: &AddressId| Interaction {
        at,
        channel,
        event,
        thread: event,
        parent: EventId::NONE,
        from,
        to: *to,
        role: Role::To,
        status: Status::None,
        list: ListId::NONE,
        group,
        minutes: 0,
        import: ImportId::NONE,
    };
    let head = EventHead {
        event,
        at,
        author: from,
        parent: EventId::NONE,
        list: ListId::NONE,
        participants: group + 1,
        left_out: LeftOut::Kept,
        revision: 0,
        counts: true,
    };
    (head, to.iter().map(row).collect())
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let mut random = ChaCha8Rng::seed_from_u64(options.seed);
    let import = ImportId::of(&[b"generated", &options.seed.to_le_bytes()]);
    let ids: Vec<AddressId> =
        (0..options.people).map(|i| AddressId::of(&[b"person", &i.to_le_bytes()])).collect();
    let lake = Lake::open(&options.out)?;
    let mut writer = lake.writer(import)?;
    let mut written = 0;
    let first_month = Month::new(2023, 1).index() + options.skip;
    for month in 0..options.months {
        let goal = options.rows * (month + 1) / options.months;
        let month = Month::from_index(first_month + month as i32);
        let (start, end) = (month.start().ms(), month.end().ms());
        let first = written;
        while written < goal {
            let share = (written - first) as f64 / (goal - first) as f64;
            let at = Moment::from_ms(start + (share * (end - start) as f64) as i64);
            let sender = heavy(&mut random, options.people, 0.7);
            let others = recipients(&mut random, sender, options.people);
            let mut event = EventId::NONE;
            random.fill_bytes(&mut event.0);
            let chat = random.next_u64().is_multiple_of(5);
            let to: Vec<AddressId> = others.iter().map(|to| ids[*to as usize]).collect();
            let channel = if chat { Channel::Chat } else { Channel::Email };
            let (head, rows) = message(at, channel, event, ids[sender as usize], &to);
            writer.push(&head, &rows)?;
            written += rows.len() as u64;
        }
    }
    let files = writer.finish()?;
    let path = options.out.join("imports");
    let mut imports = std::fs::OpenOptions::new().append(true).create(true).open(path)?;
    writeln!(imports, "{import}")?;
    let mut out = std::io::stdout();
    writeln!(out, "rows {} heads {} bytes {}", files.rows, files.heads, files.size_bytes)?;
    Ok(())
}
