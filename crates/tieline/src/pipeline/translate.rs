//! From records as written to rows of the lake and facts for the store. Pure but for its own memory.

mod statements;

use std::collections::{BTreeMap, HashSet};

use hashbrown::HashMap;
use tieline_model::address::Address;
use tieline_model::claim::ClaimSource;
use tieline_model::id::{AddressId, EventId, ImportId, ListId};
use tieline_model::interaction::{Channel, EventHead, Interaction, LeftOut, Role, Status};
use tieline_model::record::{Gathering, Mailbox, Message, Record};
use tieline_model::tie::TieParams;
use tieline_model::time::Moment;

use super::classify::sender_bit;
use super::facts::Facts;

/// Raw texts remembered with their address; forgotten together when there are too many.
const INTERNED_MAX: usize = 200_000;

/// Recipients of one message kept as rows; larger ones are broadcasts under any configuration.
const ROWS_MAX: usize = 1_000;

/// Up to this many recipients are compared one by one.
const FEW_RECIPIENTS: usize = 64;

/// Receives what a record turns into.
pub(crate) trait Rows {
    /// Takes one head with its rows.
    fn push(&mut self, head: &EventHead, rows: &[Interaction]) -> Result<(), anyhow::Error>;
}

/// Turns the records of one import into heads, rows and facts.
pub(crate) struct Translator<'a> {
    import: ImportId,
    is_erased: &'a dyn Fn(&Address) -> bool,
    params: &'a TieParams,
    interned: HashMap<Box<str>, Option<AddressId>>,
    erased: HashSet<AddressId>,
    scope: String,
    digest: String,
    ordinal: u64,
    gatherings: BTreeMap<String, (Option<Moment>, Vec<AddressId>)>,
    rows: Vec<Interaction>,
    /// Facts since they were last taken.
    pub(crate) facts: Facts,
}

impl<'a> Translator<'a> {
    /// For one import. `is_erased` tells whether an address belongs to a person who asked to be
    /// erased and stays out.
    pub(crate) fn new(
        import: ImportId,
        params: &'a TieParams,
        is_erased: &'a dyn Fn(&Address) -> bool,
    ) -> Self {
        Self {
            import,
            is_erased,
            params,
            interned: HashMap::new(),
            erased: HashSet::new(),
            scope: String::new(),
            digest: String::new(),
            ordinal: 0,
            gatherings: BTreeMap::new(),
            rows: Vec::new(),
            facts: Facts::new(import),
        }
    }

    /// Starts a file: labels in it mean something within its scope only.
    pub(crate) fn start_file(&mut self, name: &str, digest: &str) {
        self.scope = label_scope(name, self.import);
        self.digest = digest.to_owned();
        self.ordinal = 0;
    }

    /// Ends a file: attendance at one event, spread over many rows, is complete now.
    pub(crate) fn end_file(&mut self, out: &mut dyn Rows) -> Result<(), anyhow::Error> {
        for (event, (at, people)) in std::mem::take(&mut self.gatherings) {
            match at {
                Some(at) => self.attended(&event, at, &people, out)?,
                None => self.attended_undated(&people),
            }
        }
        Ok(())
    }

    /// Translates one record.
    pub(crate) fn record(
        &mut self,
        record: &Record,
        out: &mut dyn Rows,
    ) -> Result<(), anyhow::Error> {
        self.ordinal += 1;
        match record {
            Record::Message(message) => self.message(message, out),
            Record::Gathering(gathering) => self.gathering(gathering, out),
            Record::Card(card) => self.card(card, out),
            Record::Post(post) => self.post(post, out),
            Record::StatedTie(tie) => self.stated_tie(tie, out),
            Record::Node(node) => self.node(node, out),
            Record::Attendance(attendance) => self.attendance(attendance, out),
        }
    }

    /// The address of a mail header, remembered by its raw text.
    fn mailbox(&mut self, mailbox: &Mailbox) -> Option<AddressId> {
        self.raw_address(mailbox.address.as_deref()?)
    }

    fn raw_address(&mut self, raw: &str) -> Option<AddressId> {
        if let Some(known) = self.interned.get(raw) {
            let known = *known;
            // After facts were handed over the store has the address already.
            return known;
        }
        let id = Address::mail(raw).map(|address| self.address(address));
        if self.interned.len() >= INTERNED_MAX {
            self.interned.clear();
        }
        self.interned.insert(raw.into(), id);
        id
    }

    /// Notes an address; erased ones are noted as such and never stored.
    fn address(&mut self, address: Address) -> AddressId {
        let id = address.id();
        if (self.is_erased)(&address) {
            self.erased.insert(id);
        } else {
            self.facts.addresses.insert(id, address);
        }
        id
    }

    fn head(&self, event: EventId, at: Moment) -> EventHead {
        EventHead {
            event,
            at,
            author: AddressId::NONE,
            parent: EventId::NONE,
            list: ListId::NONE,
            participants: 0,
            left_out: LeftOut::Kept,
            revision: 0,
            counts: true,
        }
    }

    /// A head for a record that is no event: a card, a directory row, an undated tie.
    fn fact_head(&self, kind: &str, parts: &[&str]) -> EventHead {
        let mut bytes: Vec<&[u8]> = vec![kind.as_bytes()];
        bytes.extend(parts.iter().map(|part| part.as_bytes()));
        self.head(EventId::of(&bytes), Moment::from_ms(0))
    }

    fn message(&mut self, message: &Message, out: &mut dyn Rows) -> Result<(), anyhow::Error> {
        let mut head = self.head(message.event, message.at);
        head.parent = message.parent.unwrap_or(EventId::NONE);
        head.left_out = message.left_out;
        head.list =
            message.list.as_ref().map_or(ListId::NONE, |list| ListId::of(&[list.id.as_bytes()]));
        if head.left_out != LeftOut::Kept {
            // Machines' mail names nobody we need to know: only the count is kept.
            head.participants = message.recipients.len() as u32 + 1;
            return out.push(&head, &[]);
        }
        let Some(author) = self.mailbox(&message.from) else {
            head.left_out = LeftOut::NoSender;
            return out.push(&head, &[]);
        };
        if self.erased.contains(&author) {
            head.left_out = LeftOut::Erased;
            return out.push(&head, &[]);
        }
        head.author = author;
        self.seen(author, &message.from, ClaimSource::SelfNamed, message.at).sent += 1;
        let recipients = self.recipients(message, author);
        head.participants = recipients.len() as u32 + 1;
        self.note_list(message, author, head.list);
        for other in &message.also_named {
            if let (Some(id), Some(name)) = (self.mailbox(other), other.name.as_ref())
                && !self.erased.contains(&id)
            {
                let source =
                    if id == author { ClaimSource::SelfNamed } else { ClaimSource::NamedByOthers };
                self.facts.name(source, id, name, Some(message.at));
            }
        }
        let row = Interaction {
            at: message.at,
            channel: Channel::Email,
            event: message.event,
            thread: message.thread,
            parent: head.parent,
            from: author,
            to: AddressId::NONE,
            role: Role::Nobody,
            status: Status::None,
            list: head.list,
            group: recipients.len() as u32,
            minutes: 0,
            import: self.import,
        };
        self.rows.clear();
        self.rows.extend(recipients.iter().take(ROWS_MAX).map(|(to, role)| Interaction {
            to: *to,
            role: *role,
            ..row
        }));
        if self.rows.is_empty() {
            self.rows.push(row);
        }
        out.push(&head, &self.rows)
    }

    /// Distinct recipients without the author and without erased people.
    fn recipients(&mut self, message: &Message, author: AddressId) -> Vec<(AddressId, Role)> {
        let mut distinct: Vec<(AddressId, Role)> = Vec::with_capacity(message.recipients.len());
        let mut known: HashSet<AddressId> = HashSet::new();
        for (mailbox, role) in &message.recipients {
            let Some(id) = self.mailbox(mailbox) else { continue };
            if id == author || self.erased.contains(&id) {
                continue;
            }
            // A linear look is faster for the few recipients most messages have.
            let is_new = if distinct.len() < FEW_RECIPIENTS {
                distinct.iter().all(|(other, _)| *other != id)
            } else {
                if known.is_empty() {
                    known.extend(distinct.iter().map(|(other, _)| *other));
                }
                known.insert(id)
            };
            if is_new {
                let sighting = self.seen(id, mailbox, ClaimSource::NamedByOthers, message.at);
                sighting.received += 1;
                sighting.senders_sketch |= sender_bit(author);
                distinct.push((id, *role));
            }
        }
        distinct
    }

    /// Notes that an address was seen, with the name it was given.
    fn seen(
        &mut self,
        id: AddressId,
        mailbox: &Mailbox,
        source: ClaimSource,
        at: Moment,
    ) -> &mut super::facts::Sighting {
        match mailbox.name.as_ref().filter(|name| !name.is_empty()) {
            Some(name) => self.facts.name(source, id, name, Some(at)),
            None => self.facts.sighting(id, Some(at)),
        }
    }

    fn note_list(&mut self, message: &Message, author: AddressId, id: ListId) {
        let Some(list) = &message.list else { return };
        let post = list.post.as_deref().and_then(|post| self.raw_address(post));
        if let Some(post) = post {
            self.facts.sighting(post, None).is_list_post = true;
        }
        let sighting = self.facts.lists.entry(id).or_default();
        if sighting.text.is_empty() {
            sighting.text = list.id.to_string();
        }
        sighting.post = sighting.post.or(post);
        sighting.messages += 1;
        sighting.answers += u64::from(message.parent.is_some());
        *sighting.senders.entry(author).or_default() += 1;
    }

    fn gathering(
        &mut self,
        gathering: &Gathering,
        out: &mut dyn Rows,
    ) -> Result<(), anyhow::Error> {
        let Some(first) = gathering.occurrences.first() else { return Ok(()) };
        let organiser = gathering.organiser.as_ref().and_then(|who| {
            let id = self.mailbox(who).filter(|id| !self.erased.contains(id))?;
            self.seen(id, who, ClaimSource::Calendar, first.at);
            Some(id)
        });
        let attendees = self.attendees(gathering, organiser, first.at);
        let attending = attendees
            .iter()
            .filter(|(_, _, status)| {
                !matches!(status, Status::Declined | Status::Cancelled | Status::Resource)
            })
            .count() as u32;
        let recurring = gathering.occurrences.len() > 1;
        if recurring {
            let series = EventId::of(&[b"series", &first.event.0]);
            let mut head = self.head(series, first.at);
            head.author = organiser.unwrap_or(AddressId::NONE);
            head.participants = attending;
            head.revision = gathering.revision;
            if attending < 2 {
                head.left_out = LeftOut::NoGathering;
            }
            out.push(&head, &[])?;
        }
        for occurrence in &gathering.occurrences {
            let mut head = self.head(occurrence.event, occurrence.at);
            head.author = organiser.unwrap_or(AddressId::NONE);
            head.participants = attending;
            head.revision = gathering.revision;
            head.counts = !recurring;
            if attending < 2 || occurrence.cancelled {
                head.left_out = LeftOut::NoGathering;
            }
            self.rows.clear();
            self.rows.extend(attendees.iter().map(|(to, role, status)| Interaction {
                at: occurrence.at,
                channel: gathering.channel,
                event: occurrence.event,
                thread: occurrence.event,
                parent: EventId::NONE,
                from: organiser.unwrap_or(*to),
                to: *to,
                role: *role,
                status: if occurrence.cancelled { Status::Cancelled } else { *status },
                list: ListId::NONE,
                group: attending,
                minutes: occurrence.minutes,
                import: self.import,
            }));
            out.push(&head, &self.rows)?;
        }
        Ok(())
    }

    /// Distinct attendees with the organiser first. An organiser who does not appear in the list of
    /// attendees takes part.
    fn attendees(
        &mut self,
        gathering: &Gathering,
        organiser: Option<AddressId>,
        at: Moment,
    ) -> Vec<(AddressId, Role, Status)> {
        let mut all: Vec<(AddressId, Role, Status)> = Vec::new();
        if let Some(organiser) = organiser {
            all.push((organiser, Role::Organiser, Status::Accepted));
        }
        for (mailbox, status) in &gathering.attendees {
            let Some(id) = self.mailbox(mailbox) else { continue };
            if self.erased.contains(&id) {
                continue;
            }
            self.seen(id, mailbox, ClaimSource::Calendar, at);
            if *status == Status::Resource {
                self.facts.sighting(id, None).is_resource = true;
            }
            if let Some(known) = all.iter_mut().find(|(other, _, _)| *other == id) {
                known.2 = *status;
            } else if all.len() < ROWS_MAX {
                all.push((id, Role::Attendee, *status));
            }
        }
        all
    }
}

/// The scope of labels: the file's stem without the words that tell its part of a network, so that
/// `karate-nodes.csv` and `karate-edges.csv` speak of the same people; the import where nothing is
/// left.
fn label_scope(file: &str, import: ImportId) -> String {
    let base = file.rsplit(['/', '\\', '!']).next().unwrap_or(file).to_lowercase();
    let stem = base.split('.').next().unwrap_or(&base);
    let parts = [
        "department-labels",
        "nodes",
        "node",
        "edgelist",
        "edges",
        "edge",
        "links",
        "ties",
        "vertices",
        "labels",
        "attributes",
        "attr",
        "people",
        "network",
        "graph",
    ];
    let mut stem = stem.trim_end_matches(['-', '_', ' ']);
    while let Some(rest) = parts.iter().find_map(|part| {
        stem.strip_suffix(part).filter(|rest| rest.is_empty() || rest.ends_with(['-', '_', ' ']))
    }) {
        stem = rest.trim_end_matches(['-', '_', ' ']);
    }
    if stem.is_empty() { import.to_string() } else { stem.to_owned() }
}

#[cfg(test)]
mod tests;
