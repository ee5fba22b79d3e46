//! Events as a few words, and a lake in a temporary folder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tieline_lake::{Lake, Rules};
use tieline_model::id::{AddressId, EventId, ImportId, ListId};
use tieline_model::interaction::{Channel, EventHead, Interaction, LeftOut, Role, Status};
use tieline_model::time::{DAY_MS, Moment};

pub(crate) const DAY: i64 = DAY_MS;

pub(crate) fn address(n: u32) -> AddressId {
    AddressId::of(&[b"test", &n.to_le_bytes()])
}

pub(crate) fn event_id(n: u32) -> EventId {
    EventId::of(&[b"test", &n.to_le_bytes()])
}

pub(crate) fn import(n: u32) -> ImportId {
    ImportId::of(&[b"test", &n.to_le_bytes()])
}

pub(crate) fn list_id(n: u32) -> ListId {
    if n == 0 { ListId::NONE } else { ListId::of(&[b"test", &n.to_le_bytes()]) }
}

pub(crate) fn at(text: &str) -> i64 {
    text.parse::<Moment>().unwrap().ms()
}

/// One event as an importer would hand it over. People are small numbers, 0 is nobody.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) id: u32,
    pub(crate) at: i64,
    pub(crate) channel: Channel,
    pub(crate) from: u32,
    /// Recipients, or attendees with their answers.
    pub(crate) to: Vec<(u32, Status)>,
    pub(crate) list: u32,
    pub(crate) parent: u32,
    pub(crate) revision: u32,
    pub(crate) minutes: u32,
}

pub(crate) fn mail(id: u32, at: i64, from: u32, to: &[u32]) -> Event {
    Event {
        id,
        at,
        channel: Channel::Email,
        from,
        to: to.iter().map(|one| (*one, Status::None)).collect(),
        list: 0,
        parent: 0,
        revision: 0,
        minutes: 0,
    }
}

pub(crate) fn meeting(id: u32, at: i64, minutes: u32, attendees: &[u32]) -> Event {
    Event { channel: Channel::Meeting, minutes, ..mail(id, at, attendees[0], attendees) }
}

impl Event {
    pub(crate) fn answers(self, parent: u32) -> Self {
        Self { parent, ..self }
    }

    pub(crate) fn on_list(self, list: u32) -> Self {
        Self { list, ..self }
    }

    pub(crate) fn revised(self, revision: u32) -> Self {
        Self { revision, ..self }
    }

    pub(crate) fn head(&self) -> EventHead {
        EventHead {
            event: event_id(self.id),
            at: Moment::from_ms(self.at),
            author: if self.from == 0 { AddressId::NONE } else { address(self.from) },
            parent: if self.parent == 0 { EventId::NONE } else { event_id(self.parent) },
            list: list_id(self.list),
            participants: self.to.len() as u32 + 1,
            left_out: LeftOut::Kept,
            revision: self.revision,
            counts: true,
        }
    }

    pub(crate) fn rows(&self) -> Vec<Interaction> {
        let head = self.head();
        let mut distinct = self.to.clone();
        distinct.sort();
        distinct.dedup_by_key(|(to, _)| *to);
        let gathering = self.channel.is_gathering();
        let row = |to: AddressId, role: Role, status: Status| Interaction {
            at: head.at,
            channel: self.channel,
            event: head.event,
            thread: head.event,
            parent: head.parent,
            from: head.author,
            to,
            role,
            status,
            list: head.list,
            group: distinct.len() as u32,
            minutes: self.minutes,
            import: ImportId::NONE,
        };
        if self.to.is_empty() {
            return vec![row(AddressId::NONE, Role::Nobody, Status::None)];
        }
        let role = if gathering { Role::Attendee } else { Role::To };
        self.to.iter().map(|(to, status)| row(address(*to), role, *status)).collect()
    }
}

pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) lake: Lake,
    pub(crate) rules: Rules,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        Self { folder, lake, rules: Rules::default() }
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("lake")
    }

    pub(crate) fn import(&self, n: u32, events: &[Event]) -> ImportId {
        self.import_in_parts(n, events, 1_000_000)
    }

    pub(crate) fn import_in_parts(&self, n: u32, events: &[Event], rows: usize) -> ImportId {
        let mut writer = self.lake.writer(import(n)).unwrap().with_part_rows(rows);
        for event in events {
            writer.push(&event.head(), &event.rows()).unwrap();
        }
        writer.finish().unwrap();
        import(n)
    }

    pub(crate) fn derive(&self, live: &[ImportId]) -> Vec<tieline_lake::ImportTally> {
        let tallies = self.lake.relink(live, &|head| head.left_out).unwrap();
        self.lake.refresh(live, &self.rules).unwrap();
        tallies
    }

    /// All files below the lake with their content.
    pub(crate) fn files(&self) -> HashMap<PathBuf, Vec<u8>> {
        let mut found = HashMap::new();
        read_all(&self.root(), &self.root(), &mut found);
        found
    }
}

fn read_all(root: &Path, folder: &Path, found: &mut HashMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(root, &path, found);
        } else {
            let name = path.strip_prefix(root).unwrap().to_owned();
            found.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

pub(crate) fn nodes(people: std::ops::RangeInclusive<u32>) -> HashMap<AddressId, u32> {
    people.map(|n| (address(n), n)).collect()
}
