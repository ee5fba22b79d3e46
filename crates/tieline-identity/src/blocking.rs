//! Blocking: which actors are worth comparing (METHODS 12.3, the full name, and
//! mailboxes without a name that spell one).

use crate::names::{PersonName, soundex};
use crate::resolve::SkippedBlock;

/// What an actor is blocked by.
pub(crate) struct Keys<'a> {
    pub(crate) names: Vec<&'a PersonName>,
    /// What unnamed mailboxes spell, letters only.
    pub(crate) spellings: &'a [String],
    /// Mailboxes behind aliases.
    pub(crate) mailboxes: &'a [String],
    /// Domains of the e-mail addresses.
    pub(crate) domains: &'a [String],
    /// Telephone numbers, digits.
    pub(crate) phones: &'a [String],
}

/// The key's kind, as reports name it, and its text.
type Key = (&'static str, String);

fn keys_of(keys: &Keys<'_>) -> Vec<Key> {
    let mut all: Vec<Key> = Vec::new();
    all.extend(keys.mailboxes.iter().map(|mailbox| ("e-mail", mailbox.clone())));
    all.extend(keys.spellings.iter().map(|spelling| ("spelling", spelling.clone())));
    for name in &keys.names {
        all.extend(name.spellings().map(|spelling| ("spelling", spelling)));
        all.push(("full name", name.full_key.clone()));
        let start: String = name.family_key.chars().take(3).collect();
        for domain in keys.domains {
            all.push(("domain and family name", format!("{domain} {start}")));
        }
        let initial = name.given_key.chars().next();
        let sound = soundex(&name.family_key);
        if let (Some(initial), false) = (initial, sound.is_empty()) {
            all.push(("sound of family name and initial", format!("{sound} {initial}")));
        }
    }
    for phone in keys.phones {
        let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
        let last: String = digits[digits.len().saturating_sub(7)..].iter().collect();
        all.push(("telephone", last));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// The blocks of a set of actors.
pub(crate) struct Blocks {
    /// Members of each block, ascending.
    blocks: Vec<Vec<u32>>,
    /// Blocks of each actor, ascending.
    of_actor: Vec<Vec<u32>>,
    /// Blocks too large to compare.
    pub(crate) skipped: Vec<SkippedBlock>,
}

impl Blocks {
    /// Groups actors (numbered in the order given) by each of their keys.
    pub(crate) fn new<'a>(actors: impl Iterator<Item = Keys<'a>>, max_block: usize) -> Self {
        let mut entries: Vec<(Key, u32)> = Vec::new();
        let mut n_actors = 0;
        for (actor, keys) in actors.enumerate() {
            n_actors = actor + 1;
            entries.extend(keys_of(&keys).into_iter().map(|key| (key, actor as u32)));
        }
        entries.sort_unstable();
        let mut found =
            Self { blocks: Vec::new(), of_actor: vec![Vec::new(); n_actors], skipped: Vec::new() };
        for run in entries.chunk_by(|x, y| x.0 == y.0).filter(|run| run.len() > 1) {
            let (rule, key) = &run[0].0;
            if run.len() > max_block {
                found.skipped.push(SkippedBlock { rule, key: key.clone(), size: run.len() });
                continue;
            }
            let block = found.blocks.len() as u32;
            found.blocks.push(run.iter().map(|(_, actor)| *actor).collect());
            for (_, actor) in run {
                found.of_actor[*actor as usize].push(block);
            }
        }
        found
    }

    /// Calls `visit` once for each pair of actors that share a block.
    pub(crate) fn each_pair(&self, mut visit: impl FnMut(u32, u32)) {
        for (block, members) in self.blocks.iter().enumerate() {
            for (i, a) in members.iter().enumerate() {
                for b in &members[i + 1..] {
                    // A pair that shares several blocks is met in the first of them only.
                    if self.first_common(*a, *b) == Some(block as u32) {
                        visit(*a, *b);
                    }
                }
            }
        }
    }

    fn first_common(&self, a: u32, b: u32) -> Option<u32> {
        let (left, right) = (&self.of_actor[a as usize], &self.of_actor[b as usize]);
        left.iter().copied().find(|block| right.binary_search(block).is_ok())
    }
}
