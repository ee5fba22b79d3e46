//! Which requests are sent: the mix of the file, with people and words drawn.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use serde_json::Value;

use crate::Done;
use crate::client::{Account, Client};

/// People and organisations that requests are about.
pub(crate) struct Known {
    /// Ids of people.
    pub(crate) people: Vec<String>,
    names: Vec<String>,
    organisations: Vec<String>,
    words: Vec<String>,
}

/// People asked for.
const PEOPLE: usize = 2_000;

/// People of one answer.
const PORTION: usize = 200;

impl Known {
    /// Asks the API who is there.
    pub(crate) async fn ask(client: &Client, account: &Account) -> Done<Self> {
        let mut known = Self {
            people: Vec::new(),
            names: Vec::new(),
            organisations: Vec::new(),
            words: Vec::new(),
        };
        let mut cursor = String::new();
        while known.people.len() < PEOPLE {
            let path = format!("/api/v1/people?limit={PORTION}{cursor}");
            let part: Value = serde_json::from_str(&client.read(account, &path).await?.text)?;
            for person in part["items"].as_array().ok_or("the API lists no people")? {
                let text = |key: &str| person[key].as_str().unwrap_or_default().to_owned();
                known.people.push(text("id"));
                known.names.push(start_of(&text("name")));
                known.words.push(start_of(&text("title")));
            }
            match part["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let units: Value =
            serde_json::from_str(&client.read(account, "/api/v1/units").await?.text)?;
        for unit in units["items"].as_array().ok_or("the API lists no units")? {
            known.organisations.extend(unit["id"].as_str().map(str::to_owned));
        }
        known.words.retain(|word| !word.is_empty());
        Ok(known)
    }
}

/// The first letters of a text, as someone types them.
fn start_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphabetic).take(4).collect()
}

/// One kind of request.
struct Line {
    weight: usize,
    kind: String,
    path: String,
}

/// The requests and how often each is sent.
pub(crate) struct Mix(Vec<Line>);

impl Mix {
    /// From lines of weight, kind and path.
    pub(crate) fn read(text: &str) -> Done<Self> {
        let mut lines = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split(' ');
            let mut next = || words.next().ok_or("a line of the mix is weight, kind, path");
            let (weight, kind, path) = (next()?.parse()?, next()?.to_owned(), next()?.to_owned());
            lines.push(Line { weight, kind, path });
        }
        Ok(Self(lines))
    }

    /// One request of each line.
    pub(crate) fn each(&self, known: &Known) -> Vec<String> {
        let mut dice = Dice::new();
        self.0.iter().map(|line| fill(&line.path, &mut dice, known)).collect()
    }

    /// A kind and a path.
    pub(crate) fn draw(&self, dice: &mut Dice, known: &Known) -> (&str, String) {
        let total: usize = self.0.iter().map(|line| line.weight).sum();
        let mut at = dice.below(total);
        for line in &self.0 {
            if at < line.weight {
                return (&line.kind, fill(&line.path, dice, known));
            }
            at -= line.weight;
        }
        ("none", "/".to_owned())
    }
}

fn fill(path: &str, dice: &mut Dice, known: &Known) -> String {
    let mut filled = path.to_owned();
    let parts = [
        ("{person}", &known.people),
        ("{organisation}", &known.organisations),
        ("{name}", &known.names),
        ("{word}", &known.words),
    ];
    for (part, from) in parts {
        if filled.contains(part) && !from.is_empty() {
            filled = filled.replace(part, &from[dice.below(from.len())]);
        }
    }
    filled
}

/// The same numbers in each run.
pub(crate) struct Dice(ChaCha20Rng);

impl Dice {
    pub(crate) fn new() -> Self {
        Self(ChaCha20Rng::seed_from_u64(1))
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.0.next_u64() % n.max(1) as u64) as usize
    }
}
