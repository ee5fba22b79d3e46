//! Three departments of eight people and an office of three, invented. Departments are dense; one
//! person of Nursing holds the two ties to Housing, Transport has none to either.

use std::collections::BTreeMap;

use tieline_insight::{
    ActorNode, AnalysisOptions, Names, Network, NetworkInput, PairContact, View, analyse, people,
};
use tieline_lake::Rules;
use tieline_model::address::Address;
use tieline_model::claim::{Claim, ClaimSource};
use tieline_model::id::{ActorId, AddressId, ImportId, UnitId};
use tieline_model::org::{Affiliation, FactSource, Unit, UnitKind};
use tieline_model::tie::{Contact, Strength};
use tieline_model::time::{DAY_MS, Moment, Window};
use tieline_store::{Actor, ActorKind, IdentityState, NewImport, Review, Sighting, Store, Tallies};
use tieline_web::{Lens, Lookout, Pulse, Snapshot, TieKind};

/// Day of the newest contact, since 1970.
const TODAY: i64 = 20_000;

/// Each department with its people; no name is part of another or of a word of a page.
pub(crate) const UNITS: [(&str, &[&str]); 4] = [
    (
        "Nursing",
        &[
            "Yevgenia Quill",
            "Bartholomew Ruskin",
            "Ottoline Vance",
            "Ignatius Pell",
            "Philippa Zorn",
            "Leopold Ashgrove",
            "Wilhelmina Tace",
            "Cornelius Yarrow",
        ],
    ),
    (
        "Housing",
        &[
            "Henrietta Oakum",
            "Thaddeus Brill",
            "Rosalind Fitch",
            "Ambrose Kettle",
            "Clementine Dray",
            "Evander Hollis",
            "Josephine Urquhart",
            "Montague Sprule",
        ],
    ),
    (
        "Transport",
        &[
            "Beatrix Noonan",
            "Casimir Thrale",
            "Delphine Wragg",
            "Fabian Ixworth",
            "Gwendolyn Mott",
            "Horatio Vickery",
            "Imogen Skelter",
            "Jocasta Plume",
        ],
    ),
    ("Chaplaincy", &["Kasper Eddowes", "Lavinia Grubb", "Mortimer Jessop"]),
];

/// The person that the member's account is.
pub(crate) const MEMBER: &str = "Bartholomew Ruskin";

/// Tied to [`MEMBER`], of the same department.
pub(crate) const COLLEAGUE: &str = "Ottoline Vance";

/// Two who are tied to each other and not the member.
pub(crate) const TWO_OTHERS: (&str, &str) = ("Rosalind Fitch", "Ambrose Kettle");

/// Joins Nursing to Housing.
pub(crate) const BROKER: &str = "Yevgenia Quill";

pub(crate) fn everyone() -> impl Iterator<Item = (&'static str, &'static str)> {
    UNITS.iter().flat_map(|(unit, people)| people.iter().map(move |name| (*name, *unit)))
}

pub(crate) fn mail_of(name: &str) -> String {
    format!("{}@harbour.example", name.to_lowercase().replace(' ', "."))
}

fn address(name: &str) -> Address {
    Address::email(&mail_of(name)).unwrap()
}

pub(crate) fn address_of(name: &str) -> AddressId {
    address(name).id()
}

pub(crate) fn actor_of(name: &str) -> ActorId {
    ActorId::derived(&[&address_of(name).as_i64().to_le_bytes()])
}

pub(crate) fn unit_of(name: &str) -> UnitId {
    UnitId::derived(&[name.as_bytes()])
}

fn moment(day: i64) -> Moment {
    Moment::from_ms(day * DAY_MS)
}

fn units(rename: fn(&str) -> String) -> Vec<Unit> {
    let unit = |name: &str, kind, parent| Unit {
        id: unit_of(name),
        kind,
        name: rename(name),
        parent,
        domains: Vec::new(),
    };
    let trust = unit("Harbour Trust", UnitKind::Organisation, None);
    let parent = Some(trust.id);
    let departments = UNITS.iter().map(|(name, _)| unit(name, UnitKind::Department, parent));
    let departments: Vec<Unit> = departments.collect();
    std::iter::once(trust).chain(departments).collect()
}

/// Pairs with contact, as places in the order of [`everyone`].
fn pairs() -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    let mut start = 0;
    for (_, people) in UNITS {
        let n = people.len() as u32;
        for a in 0..n {
            for b in (a + 1)..n {
                pairs.push((start + a, start + b));
            }
        }
        start += n;
    }
    // The broker, first of Nursing, with two of Housing.
    pairs.extend([(0, 8), (0, 9)]);
    pairs
}

fn contact(a: u32, b: u32) -> PairContact {
    let days: Vec<i64> = (1..=6).rev().map(|week| TODAY - 7 * week).collect();
    let contact = Contact {
        strength: Strength { x_ij: 2.0, x_ji: 2.0 },
        count_ij: 6,
        count_ji: 6,
        first: moment(days[0]),
        last: moment(days[5]),
        days,
    };
    PairContact { a, b, contact }
}

/// Looks at the world at any other moment: the broker had no tie to Housing then, but both had one to
/// Transport, whose newest person knew nobody.
#[derive(Debug)]
pub(crate) struct Earlier {
    pub(crate) rename: fn(&str) -> String,
}

impl Lookout for Earlier {
    fn look(&self, lens: &Lens, live: &Snapshot) -> Result<Snapshot, String> {
        if lens.kind == Some(TieKind::Call) {
            return Err("the calls cannot be read".to_owned());
        }
        let newest = 23;
        let is_then = |(a, b): &(u32, u32)| !(*a == 0 && *b >= 8) && *b != newest;
        let pairs = match lens.as_of {
            Some(_) => pairs().into_iter().filter(is_then).chain([(0, 16), (8, 16)]).collect(),
            None => pairs(),
        };
        let mut then = snapshot_of(network(self.rename, pairs), self.rename);
        then.as_of = lens.as_of.or(live.as_of);
        Ok(then)
    }
}

fn network(rename: fn(&str) -> String, pairs: Vec<(u32, u32)>) -> Network {
    let actors = everyone().map(|(name, unit)| ActorNode {
        id: actor_of(name),
        name: rename(name),
        unit: Some(unit_of(unit)),
        organisation: Some(unit_of("Harbour Trust")),
        is_organisation: false,
        listed: true,
        seen: true,
        opted_out: false,
    });
    let input = NetworkInput {
        actors: actors.collect(),
        units: units(rename),
        contacts: pairs.into_iter().map(|(a, b)| contact(a, b)).collect(),
        as_of: Some(moment(TODAY)),
        window: Some(window()),
        seed: 7,
        ..NetworkInput::default()
    };
    Network::build(input).unwrap()
}

fn window() -> Window {
    Window::days_before(moment(TODAY), 365.0)
}

/// The snapshot that pages show.
pub(crate) fn snapshot(rename: fn(&str) -> String) -> Snapshot {
    snapshot_of(network(rename, pairs()), rename)
}

fn snapshot_of(network: Network, rename: fn(&str) -> String) -> Snapshot {
    let options = AnalysisOptions { permutations: 200, resamples: 0, ..AnalysisOptions::default() };
    let hidden = AnalysisOptions { names: Names::Hidden, ..options.clone() };
    let pulse = |back: i64| Pulse {
        at: moment(TODAY - 7 * back),
        steps: Some(1.5),
        across: Some(0.02),
        ties: 89,
        connected: 27,
    };
    Snapshot {
        named: analyse(&network, None, &options),
        unnamed: analyse(&network, None, &hidden),
        measures: people(&View::new(&network, None, Names::Shown)),
        units: units(rename).into_iter().map(|unit| (unit.id, unit)).collect::<BTreeMap<_, _>>(),
        actor_of: everyone().map(|(name, _)| (address_of(name), actor_of(name))).collect(),
        pulse: (0..4).rev().map(pulse).collect(),
        as_of: Some(moment(TODAY)),
        window: Some(window()),
        since: Some(moment(TODAY - 400)),
        imports: Vec::new(),
        rules: Rules::default(),
        built: moment(TODAY),
        network,
    }
}

/// Puts one import with everyone's address into the store, and the identities over it.
pub(crate) async fn fill(store: &Store, rename: fn(&str) -> String) {
    let import = NewImport {
        id: ImportId::of(&[b"harbour"]),
        label: "harbour.mbox".to_owned(),
        bytes: 1,
        tool_version: "0.1.0".to_owned(),
    };
    let addresses: Vec<Address> = everyone().map(|(name, _)| address(name)).collect();
    let sightings: Vec<Sighting> =
        addresses.iter().map(|address| Sighting::named(address.id())).collect();
    let claims: Vec<Claim> = everyone().map(|(name, _)| claim(import.id, name)).collect();
    let tx = store.begin().await.unwrap();
    tx.begin_import(&import).await.unwrap();
    tx.add_addresses(&addresses).await.unwrap();
    tx.add_sightings(import.id, &sightings).await.unwrap();
    tx.add_claims(&claims).await.unwrap();
    tx.finish_import(import.id, &Tallies::default()).await.unwrap();
    tx.replace_identity(&identity(rename)).await.unwrap();
    tx.commit().await.unwrap();
}

fn claim(import: ImportId, name: &str) -> Claim {
    Claim {
        import,
        source: ClaimSource::SelfNamed,
        addresses: vec![address_of(name)],
        name: Some(name.to_owned()),
        given: None,
        family: None,
        nicknames: Vec::new(),
        organisation: None,
        units: Vec::new(),
        title: None,
        manager: None,
        from: None,
        to: None,
        count: 1,
        first: Some(moment(TODAY)),
        last: Some(moment(TODAY)),
        is_organisation: false,
    }
}

fn identity(rename: fn(&str) -> String) -> IdentityState {
    let actor = |name: &str| Actor {
        id: actor_of(name),
        anchor: address_of(name),
        name: rename(name),
        given: name.split_once(' ').map(|(given, _)| given.to_owned()),
        family: name.split_once(' ').map(|(_, family)| family.to_owned()),
        kind: ActorKind::Person,
        addresses: vec![address_of(name)],
        merges: Vec::new(),
    };
    let belongs = |(name, unit): (&str, &str)| Affiliation {
        actor: actor_of(name),
        unit: unit_of(unit),
        title: Some("Coordinator".to_owned()),
        from: None,
        to: None,
        manager: None,
        source: FactSource::Directory,
        proposed: false,
    };
    let review = Review {
        a: address_of(TWO_OTHERS.0),
        b: address_of(TWO_OTHERS.1),
        probability: 0.7,
        reasons_for: vec!["a like name".to_owned()],
        reasons_against: Vec::new(),
    };
    IdentityState {
        actors: everyone().map(|(name, _)| actor(name)).collect(),
        reviews: vec![review],
        units: units(rename),
        affiliations: everyone().map(belongs).collect(),
    }
}

/// A made-up network of `people` in teams of equal size: everyone works with four of the team, the
/// first three of each team with the next team.
pub(crate) fn crowd(people: u32, teams: u32) -> Snapshot {
    let team_of = |person: u32| format!("Team {}", person % teams);
    let unit = |team: u32| Unit {
        id: unit_of(&format!("Team {team}")),
        kind: UnitKind::Department,
        name: format!("Team {team}"),
        parent: None,
        domains: Vec::new(),
    };
    let actor = |person: u32| ActorNode {
        id: ActorId::derived(&[&person.to_le_bytes()]),
        name: format!("Person {person:05}"),
        unit: Some(unit_of(&team_of(person))),
        organisation: None,
        is_organisation: false,
        listed: true,
        seen: true,
        opted_out: false,
    };
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for person in 0..people {
        for step in 1..=2 {
            pairs.push((person, (person + step * teams) % people));
        }
        if person < 3 * teams {
            pairs.push((person, (person + 1) % people));
        }
    }
    let all: Vec<Unit> = (0..teams).map(unit).collect();
    let network = Network::build(NetworkInput {
        actors: (0..people).map(actor).collect(),
        units: all.clone(),
        contacts: pairs.into_iter().map(|(a, b)| contact(a, b)).collect(),
        as_of: Some(moment(TODAY)),
        window: Some(window()),
        seed: 7,
        ..NetworkInput::default()
    });
    let mut crowd = snapshot_of(network.unwrap(), str::to_owned);
    crowd.units = all.into_iter().map(|unit| (unit.id, unit)).collect();
    crowd
}
