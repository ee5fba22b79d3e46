//! From records as written to rows of the lake and facts for the store. Pure but for its own memory.

use std::collections::{BTreeMap, HashMap, HashSet};

use tieline_model::address::Address;
use tieline_model::claim::{Claim, ClaimSource};
use tieline_model::id::{AddressId, EventId, ImportId, ListId};
use tieline_model::interaction::{Channel, EventHead, Interaction, LeftOut, Role, Status};
use tieline_model::record::{
    Attendance, Card, Gathering, Mailbox, Message, Node, Post, Record, StatedTie,
};
use tieline_model::tie::{TieParams, gathering_share};
use tieline_model::time::Moment;

use super::classify::sender_bit;
use super::facts::{Facts, StatedTie as StatedFact, empty_claim};

/// Raw texts remembered with their address; forgotten together when there are too many.
const INTERNED_MAX: usize = 200_000;

/// Recipients of one message kept as rows; larger ones are broadcasts under any configuration.
const ROWS_MAX: usize = 1_000;

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
            facts: Facts::default(),
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
        let raw = mailbox.address.as_deref()?;
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
            if let (Some(id), Some(name)) = (self.mailbox(other), other.name.as_deref())
                && !self.erased.contains(&id)
            {
                let source =
                    if id == author { ClaimSource::SelfNamed } else { ClaimSource::NamedByOthers };
                self.facts.name(self.import, source, id, name, Some(message.at));
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
            let is_new = if distinct.len() < 16 {
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
        if let Some(name) = mailbox.name.as_deref()
            && !name.is_empty()
        {
            self.facts.name(self.import, source, id, name, Some(at));
        }
        self.facts.sighting(id, Some(at))
    }

    fn note_list(&mut self, message: &Message, author: AddressId, id: ListId) {
        let Some(list) = &message.list else { return };
        let post = list.post.as_deref().and_then(Address::mail).map(|post| self.address(post));
        if let Some(post) = post {
            self.facts.sighting(post, None).is_list_post = true;
        }
        let sighting = self.facts.lists.entry(id).or_default();
        if sighting.text.is_empty() {
            sighting.text.clone_from(&list.id);
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

    fn claim(&mut self, kind: &str, claim: Claim, out: &mut dyn Rows) -> Result<(), anyhow::Error> {
        let ids: Vec<String> = claim.addresses.iter().map(ToString::to_string).collect();
        let joined = ids.join(",");
        let units = claim.units.join("\u{1f}");
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let day = |value: Option<Moment>| value.map_or(String::new(), |at| at.to_string());
        let (name, organisation, title) =
            (text(&claim.name), text(&claim.organisation), text(&claim.title));
        let (manager, from, to) = (text(&claim.manager), day(claim.from), day(claim.to));
        let head = self.fact_head(
            kind,
            &[&joined, &name, &organisation, &units, &title, &manager, &from, &to],
        );
        for address in &claim.addresses {
            self.facts.sighting(*address, None);
        }
        self.facts
            .claims
            .entry(head.event)
            .and_modify(|known| known.count = known.count.saturating_add(1))
            .or_insert(claim);
        out.push(&head, &[])
    }

    /// Addresses that are not erased; a person with an erased address stays out altogether.
    fn own_addresses(&mut self, addresses: Vec<Address>) -> Option<Vec<AddressId>> {
        let ids: Vec<AddressId> =
            addresses.into_iter().map(|address| self.address(address)).collect();
        if ids.iter().any(|id| self.erased.contains(id)) {
            for id in &ids {
                self.facts.addresses.remove(id);
            }
            return None;
        }
        let mut distinct = Vec::with_capacity(ids.len());
        for id in ids {
            if !distinct.contains(&id) {
                distinct.push(id);
            }
        }
        Some(distinct)
    }

    fn left_out(&mut self, kind: &str, out: &mut dyn Rows) -> Result<(), anyhow::Error> {
        let ordinal = self.ordinal.to_string();
        let digest = self.digest.clone();
        let mut head = self.fact_head(kind, &["erased", &digest, &ordinal]);
        head.left_out = LeftOut::Erased;
        out.push(&head, &[])
    }

    fn card(&mut self, card: &Card, out: &mut dyn Rows) -> Result<(), anyhow::Error> {
        let mut addresses: Vec<Address> =
            card.emails.iter().filter_map(|raw| Address::mail(raw)).collect();
        addresses.extend(card.handles.iter().filter_map(|raw| Address::handle(raw)));
        addresses.extend(card.phones.iter().filter_map(|raw| Address::phone(raw)));
        if addresses.is_empty() {
            addresses.extend(card.name.as_deref().and_then(|name| Address::label("card", name)));
        }
        let Some(ids) = self.own_addresses(addresses) else { return self.left_out("card", out) };
        let claim = Claim {
            name: card.name.clone(),
            given: card.given.clone(),
            family: card.family.clone(),
            nicknames: card.nicknames.clone(),
            organisation: card.organisation.clone(),
            units: card.department.clone().into_iter().collect(),
            title: card.title.clone(),
            is_organisation: card.is_organisation,
            ..empty_claim(self.import, ClaimSource::Card, ids)
        };
        self.claim("card", claim, out)
    }

    fn post(&mut self, post: &Post, out: &mut dyn Rows) -> Result<(), anyhow::Error> {
        let mut addresses: Vec<Address> =
            post.emails.iter().filter_map(|raw| Address::mail(raw)).collect();
        let scope = self.scope.clone();
        addresses.extend(post.reference.as_deref().and_then(|text| Address::label(&scope, text)));
        addresses.extend(post.phones.iter().filter_map(|raw| Address::phone(raw)));
        if addresses.iter().all(|a| a.kind() == tieline_model::address::AddressKind::Phone) {
            addresses.extend(post.name.as_deref().and_then(|name| Address::label(&scope, name)));
        }
        let Some(ids) = self.own_addresses(addresses) else { return self.left_out("post", out) };
        let claim = Claim {
            name: post.name.clone(),
            given: post.given.clone(),
            family: post.family.clone(),
            organisation: post.organisation.clone(),
            units: post.units.clone(),
            title: post.title.clone(),
            manager: post.manager.clone(),
            from: post.from,
            to: post.to,
            ..empty_claim(self.import, ClaimSource::Directory, ids)
        };
        self.claim("post", claim, out)
    }

    fn node(&mut self, node: &Node, out: &mut dyn Rows) -> Result<(), anyhow::Error> {
        let mut addresses: Vec<Address> =
            node.email.as_deref().and_then(Address::mail).into_iter().collect();
        addresses.extend(self.end(&node.id));
        let Some(ids) = self.own_addresses(addresses) else { return self.left_out("node", out) };
        let claim = Claim {
            name: node.label.clone(),
            organisation: node.organisation.clone(),
            units: node.unit.clone().into_iter().collect(),
            ..empty_claim(self.import, ClaimSource::NetworkFile, ids)
        };
        self.claim("node", claim, out)
    }

    /// One end of a tie: an e-mail address where it is one, else a label of this file.
    fn end(&self, text: &str) -> Option<Address> {
        Address::email(text).ok().or_else(|| Address::label(&self.scope, text))
    }

    fn stated_tie(&mut self, tie: &StatedTie, out: &mut dyn Rows) -> Result<(), anyhow::Error> {
        let (Some(from), Some(to)) = (self.end(&tie.from), self.end(&tie.to)) else {
            return self.left_out("tie", out);
        };
        let (from, to) = (self.address(from), self.address(to));
        if self.erased.contains(&from) || self.erased.contains(&to) {
            return self.left_out("tie", out);
        }
        self.facts.sighting(from, tie.at);
        self.facts.sighting(to, tie.at);
        let ordinal = self.ordinal.to_string();
        let digest = self.digest.clone();
        let mut head = self.fact_head("tie", &[&digest, &ordinal]);
        let Some(at) = tie.at else {
            self.facts.stated.push(StatedFact {
                from,
                to,
                weight: tie.weight,
                directed: tie.directed,
                kind: tie.kind.clone(),
            });
            return out.push(&head, &[]);
        };
        head.at = at;
        head.author = from;
        head.participants = 2;
        let row = Interaction {
            at,
            channel: Channel::Contact,
            event: head.event,
            thread: head.event,
            parent: EventId::NONE,
            from,
            to,
            role: Role::To,
            status: Status::None,
            list: ListId::NONE,
            group: 1,
            minutes: 0,
            import: self.import,
        };
        out.push(&head, &[row])
    }

    fn attendance(
        &mut self,
        attendance: &Attendance,
        out: &mut dyn Rows,
    ) -> Result<(), anyhow::Error> {
        let Some(person) = self.end(&attendance.person) else {
            return self.left_out("attendance", out);
        };
        let person = self.address(person);
        if self.erased.contains(&person) {
            return self.left_out("attendance", out);
        }
        self.facts.sighting(person, attendance.at);
        let digest = self.digest.clone();
        let head = self.fact_head("attendance", &[&digest, &person.to_string(), &attendance.event]);
        let entry =
            self.gatherings.entry(attendance.event.clone()).or_insert((attendance.at, Vec::new()));
        entry.0 = entry.0.or(attendance.at);
        if !entry.1.contains(&person) {
            entry.1.push(person);
        }
        out.push(&head, &[])
    }

    /// People at one dated event: a meeting of unstated length.
    fn attended(
        &mut self,
        event: &str,
        at: Moment,
        people: &[AddressId],
        out: &mut dyn Rows,
    ) -> Result<(), anyhow::Error> {
        let event = EventId::of(&[b"event", self.digest.as_bytes(), event.as_bytes()]);
        let mut head = self.head(event, at);
        head.counts = false;
        head.participants = people.len() as u32;
        let rows: Vec<Interaction> = people
            .iter()
            .take(ROWS_MAX)
            .map(|person| Interaction {
                at,
                channel: Channel::Meeting,
                event,
                thread: event,
                parent: EventId::NONE,
                from: *person,
                to: *person,
                role: Role::Attendee,
                status: Status::Accepted,
                list: ListId::NONE,
                group: people.len() as u32,
                minutes: 0,
                import: self.import,
            })
            .collect();
        out.push(&head, &rows)
    }

    /// People at one undated event: a stated tie of each pair, with the weight a meeting would give
    /// (METHODS 1.1 without decay).
    fn attended_undated(&mut self, people: &[AddressId]) {
        let n = people.len() as u32;
        if n > self.params.max_group {
            return;
        }
        let share = gathering_share(n, 0) * self.params.channel_weights.of(Channel::Meeting);
        for (i, from) in people.iter().enumerate() {
            for to in &people[i + 1..] {
                self.facts.stated.push(StatedFact {
                    from: *from,
                    to: *to,
                    weight: 2.0 * share,
                    directed: false,
                    kind: Some("attended together".to_owned()),
                });
            }
        }
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
mod tests {
    use super::*;

    #[derive(Default)]
    struct Collected(Vec<(EventHead, Vec<Interaction>)>);

    impl Rows for Collected {
        fn push(&mut self, head: &EventHead, rows: &[Interaction]) -> Result<(), anyhow::Error> {
            self.0.push((*head, rows.to_vec()));
            Ok(())
        }
    }

    fn mailbox(text: &str) -> Mailbox {
        Mailbox { name: None, address: Some(text.to_owned()) }
    }

    fn message(from: &str, to: &[&str]) -> Message {
        Message {
            event: EventId::of_message_id("1@example.org"),
            at: Moment::from_seconds(1_000_000),
            thread: EventId::of_message_id("1@example.org"),
            parent: None,
            from: mailbox(from),
            recipients: to.iter().map(|to| (mailbox(to), Role::To)).collect(),
            list: None,
            left_out: LeftOut::Kept,
            also_named: Vec::new(),
        }
    }

    fn translate(records: &[Record], erased: &str) -> (Collected, Facts) {
        let is_erased = |address: &Address| address.text() == erased;
        let params = TieParams::default();
        let mut translator = Translator::new(ImportId::of(&[b"x"]), &params, &is_erased);
        translator.start_file("club-edges.csv", "d");
        let mut out = Collected::default();
        for record in records {
            translator.record(record, &mut out).unwrap();
        }
        translator.end_file(&mut out).unwrap();
        (out, translator.facts)
    }

    #[test]
    fn recipients_are_distinct_and_never_the_sender() {
        let record = Record::Message(Box::new(message(
            "a@example.org",
            &["b@example.org", "B@example.org", "a@example.org", "c@example.org"],
        )));
        let (out, facts) = translate(&[record], "");
        assert_eq!((out.0[0].0.participants, out.0[0].1.len(), out.0[0].1[0].group), (3, 2, 2));
        assert_eq!(facts.sightings.len(), 3);
    }

    #[test]
    fn a_message_to_nobody_keeps_its_event() {
        let (out, _) = translate(&[Record::Message(Box::new(message("a@example.org", &[])))], "");
        assert_eq!((out.0[0].1.len(), out.0[0].1[0].role), (1, Role::Nobody));
    }

    #[test]
    fn erased_people_leave_no_trace() {
        let records = [
            Record::Message(Box::new(message(
                "a@example.org",
                &["b@example.org", "c@example.org"],
            ))),
            Record::Message(Box::new(message("b@example.org", &["a@example.org"]))),
            Record::Card(Box::new(Card {
                name: Some("B".into()),
                emails: vec!["b@example.org".into(), "b@home.example".into()],
                ..Card::default()
            })),
        ];
        let (out, facts) = translate(&records, "b@example.org");
        let id = Address::email("b@example.org").unwrap().id();
        assert!(
            out.0.iter().all(|(head, rows)| head.author != id && rows.iter().all(|r| r.to != id))
        );
        assert!(!facts.addresses.contains_key(&id) && facts.claims.is_empty());
        assert_eq!(facts.addresses.len(), 2, "the other address of the card is not kept either");
        assert_eq!(out.0[1].0.left_out, LeftOut::Erased);
    }

    #[test]
    fn a_series_counts_once_and_each_occurrence_has_its_rows() {
        let occurrence = |day: i64| tieline_model::record::Occurrence {
            event: EventId::of(&[&day.to_le_bytes()]),
            at: Moment::from_seconds(day * 86_400),
            minutes: 60,
            cancelled: day == 2,
        };
        let gathering = Gathering {
            channel: Channel::Meeting,
            revision: 0,
            organiser: Some(mailbox("a@example.org")),
            attendees: vec![
                (mailbox("b@example.org"), Status::Accepted),
                (mailbox("room@example.org"), Status::Resource),
                (mailbox("c@example.org"), Status::Declined),
            ],
            occurrences: vec![occurrence(1), occurrence(2)],
        };
        let (out, facts) = translate(&[Record::Gathering(Box::new(gathering))], "");
        assert_eq!(out.0.iter().filter(|(head, _)| head.counts).count(), 1);
        assert_eq!((out.0[1].1.len(), out.0[1].1[0].group), (4, 2));
        assert!(out.0[2].1.iter().all(|row| row.status == Status::Cancelled));
        let room = Address::email("room@example.org").unwrap().id();
        assert!(facts.sightings[&room].is_resource);
    }

    #[test]
    fn nodes_and_edges_of_one_network_share_their_scope() {
        let import = ImportId::of(&[b"x"]);
        assert_eq!(label_scope("a/karate-nodes.csv", import), "karate");
        assert_eq!(label_scope("z.zip!karate_edges.csv.xz", import), "karate");
        assert_eq!(label_scope("email-Eu-core-department-labels.txt", import), "email-eu-core");
        assert_eq!(label_scope("edges.csv", import), import.to_string());
    }

    #[test]
    fn attendance_without_dates_becomes_stated_ties() {
        let at = |person: &str| {
            Record::Attendance(Box::new(Attendance {
                person: person.to_owned(),
                event: "dinner".to_owned(),
                at: None,
            }))
        };
        let (out, facts) = translate(&[at("Ada"), at("Bo"), at("Cy")], "");
        assert_eq!((out.0.len(), facts.stated.len()), (3, 3));
        // Three attendees: each ordered pair gets 0.5 * 2 * 1/(3-1) = 0.5, so each pair 1.
        assert!((facts.stated[0].weight - 1.0).abs() < 1e-12);
    }
}
