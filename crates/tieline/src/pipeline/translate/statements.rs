//! Records that are no messages: cards, directory rows, nodes, stated ties, attendance.

use tieline_model::address::{Address, AddressKind};
use tieline_model::claim::{Claim, ClaimSource};
use tieline_model::id::{AddressId, EventId, ListId};
use tieline_model::interaction::{Channel, Interaction, LeftOut, Role, Status};
use tieline_model::record::{Attendance, Card, Node, Post, StatedTie};
use tieline_model::tie::gathering_share;
use tieline_model::time::Moment;

use super::{ROWS_MAX, Rows, Translator};
use crate::pipeline::facts::{StatedTie as StatedFact, empty_claim};

impl Translator<'_> {
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
        self.facts.claim(head.event, claim);
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

    pub(super) fn card(&mut self, card: &Card, out: &mut dyn Rows) -> Result<(), anyhow::Error> {
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

    pub(super) fn post(&mut self, post: &Post, out: &mut dyn Rows) -> Result<(), anyhow::Error> {
        let mut addresses: Vec<Address> =
            post.emails.iter().filter_map(|raw| Address::mail(raw)).collect();
        let scope = self.scope.clone();
        addresses.extend(post.reference.as_deref().and_then(|text| Address::label(&scope, text)));
        addresses.extend(post.phones.iter().filter_map(|raw| Address::phone(raw)));
        if addresses.iter().all(|a| a.kind() == AddressKind::Phone) {
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

    pub(super) fn node(&mut self, node: &Node, out: &mut dyn Rows) -> Result<(), anyhow::Error> {
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

    pub(super) fn stated_tie(
        &mut self,
        tie: &StatedTie,
        out: &mut dyn Rows,
    ) -> Result<(), anyhow::Error> {
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

    pub(super) fn attendance(
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
    pub(super) fn attended(
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
    pub(super) fn attended_undated(&mut self, people: &[AddressId]) {
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
