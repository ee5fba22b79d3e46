//! Builds networks by hand for tests.
#![allow(dead_code, reason = "each test file uses a part")]

use tieline_insight::{ActorNode, EventShare, NetworkInput, PairContact, ReportsTo, StatedPair};
use tieline_model::id::{ActorId, EventId, UnitId};
use tieline_model::org::{Unit, UnitKind};
use tieline_model::tie::{Contact, Strength};
use tieline_model::time::{DAY_MS, Moment};

/// A world under construction. Nobody is known to a directory unless `listed` says so.
#[derive(Debug, Default, Clone)]
pub(crate) struct World {
    pub(crate) input: NetworkInput,
}

pub(crate) fn actor_id(name: &str) -> ActorId {
    ActorId::derived(&[name.as_bytes()])
}

pub(crate) fn unit_id(name: &str) -> UnitId {
    UnitId::derived(&[name.as_bytes()])
}

impl World {
    pub(crate) fn new() -> Self {
        let mut world = Self::default();
        world.input.seed = 7;
        world
    }

    pub(crate) fn unit(&mut self, name: &str, kind: UnitKind, parent: Option<&str>) {
        self.input.units.push(Unit {
            id: unit_id(name),
            kind,
            name: name.to_owned(),
            parent: parent.map(unit_id),
            domains: Vec::new(),
        });
    }

    /// Adds `n` people "NAME 0", "NAME 1", ... of a department; returns their input indices.
    pub(crate) fn department(&mut self, name: &str, n: usize) -> Vec<u32> {
        self.unit(name, UnitKind::Department, None);
        (0..n).map(|at| self.person(&format!("{name} {at}"), Some(name))).collect()
    }

    pub(crate) fn person(&mut self, name: &str, department: Option<&str>) -> u32 {
        self.input.actors.push(ActorNode {
            id: actor_id(name),
            name: name.to_owned(),
            unit: department.map(unit_id),
            organisation: None,
            is_organisation: false,
            listed: false,
            seen: true,
            opted_out: false,
        });
        self.input.actors.len() as u32 - 1
    }

    pub(crate) fn tie(&mut self, a: u32, b: u32, weight: f64) {
        self.input.stated.push(StatedPair { a, b, weight, directed: false, kind: None });
    }

    /// Everyone with the next `k` in a ring: k ties a person inside a group.
    pub(crate) fn ring(&mut self, people: &[u32], k: usize) {
        for (at, a) in people.iter().enumerate() {
            for step in 1..=k {
                self.tie(*a, people[(at + step) % people.len()], 2.0);
            }
        }
    }

    pub(crate) fn reports(&mut self, report: u32, manager: u32) {
        self.input.formal.push(ReportsTo { report, manager });
    }

    /// A dated contact on some days (days since 1970), as of the world's moment, half-life 90.
    pub(crate) fn contact(&mut self, a: u32, b: u32, days: &[i64]) {
        let as_of = self.input.as_of.unwrap();
        let moment = |day: i64| Moment::from_ms(day * DAY_MS);
        let decayed = |day: &i64| (-as_of.days_since(moment(*day)) / 90.0).exp2();
        let sum: f64 = days.iter().map(decayed).sum();
        self.input.contacts.push(PairContact {
            a,
            b,
            contact: Contact {
                strength: Strength { x_ij: sum, x_ji: sum },
                count_ij: days.len() as u64,
                count_ji: days.len() as u64,
                first: moment(days[0]),
                last: moment(days[days.len() - 1]),
                days: days.to_vec(),
            },
        });
    }
}

/// One event a stated tie, with the same weight both ways: the events of a world of stated ties,
/// whose ties then become contacts.
pub(crate) fn as_events(input: &NetworkInput) -> (NetworkInput, Vec<EventShare>) {
    let mut dated = input.clone();
    let mut events = Vec::new();
    dated.as_of = Some(Moment::from_ms(100 * DAY_MS));
    for (number, tie) in input.stated.iter().enumerate() {
        // Strength is 2 x when both directions are x; eight events share it.
        let each = tie.weight / 2.0 / 8.0;
        for part in 0..8_u8 {
            let event = EventId::of(&[&number.to_le_bytes(), &[part]]);
            for (from, to) in [(tie.a, tie.b), (tie.b, tie.a)] {
                events.push(EventShare { event, from, to, increment: each });
            }
        }
        dated.contacts.push(PairContact {
            a: tie.a,
            b: tie.b,
            contact: Contact {
                strength: Strength { x_ij: tie.weight / 2.0, x_ji: tie.weight / 2.0 },
                count_ij: 8,
                count_ji: 8,
                first: Moment::from_ms(99 * DAY_MS),
                last: Moment::from_ms(99 * DAY_MS),
                days: vec![99],
            },
        });
    }
    dated.stated.clear();
    (dated, events)
}
