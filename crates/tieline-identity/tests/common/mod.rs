//! A small world for tests: addresses by text, claims and decisions in a line each.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, reason = "each test file uses its part")]

use tieline_identity::{
    AddressFacts, Evidence, Organisations, Params, Resolution, ResolvedActor, organisations,
    resolve,
};
use tieline_model::address::{Address, AddressClass};
use tieline_model::claim::{Claim, ClaimSource, Decision};
use tieline_model::id::{AddressId, ImportId};
use tieline_model::time::Moment;

/// The address that a text means: `tel:` a number, `#` a label, else mail.
pub fn address(text: &str) -> Address {
    if let Some(label) = text.strip_prefix('#') {
        Address::label("staff", label).unwrap()
    } else if text.starts_with("tel:") {
        Address::phone(text).unwrap()
    } else {
        Address::mail(text).unwrap()
    }
}

pub fn id(text: &str) -> AddressId {
    address(text).id()
}

#[derive(Default, Clone, Debug)]
pub struct World {
    pub addresses: Vec<AddressFacts>,
    pub claims: Vec<Claim>,
    pub decisions: Vec<Decision>,
}

pub fn claim(source: ClaimSource, name: &str, addresses: &[&str]) -> Claim {
    Claim {
        import: ImportId::of(&[b"test"]),
        source,
        addresses: addresses.iter().map(|text| id(text)).collect(),
        name: (!name.is_empty()).then(|| name.to_owned()),
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
        first: None,
        last: None,
        is_organisation: false,
    }
}

impl World {
    pub fn see(&mut self, text: &str) -> &mut AddressFacts {
        let address = address(text);
        let id = address.id();
        let at = self.addresses.iter().position(|known| known.id == id).unwrap_or_else(|| {
            let class = address.class_by_pattern();
            self.addresses.push(AddressFacts {
                id,
                address,
                class,
                sent: 1,
                received: 1,
                first: None,
                last: None,
                rank: self.addresses.len() as u32,
            });
            self.addresses.len() - 1
        });
        &mut self.addresses[at]
    }

    pub fn says(mut self, source: ClaimSource, name: &str, addresses: &[&str]) -> Self {
        for text in addresses {
            self.see(text);
        }
        self.claims.push(claim(source, name, addresses));
        self
    }

    pub fn mail(self, name: &str, email: &str) -> Self {
        self.says(ClaimSource::SelfNamed, name, &[email])
    }

    pub fn card(self, name: &str, addresses: &[&str]) -> Self {
        self.says(ClaimSource::Card, name, addresses)
    }

    pub fn row(self, name: &str, addresses: &[&str]) -> Self {
        self.says(ClaimSource::Directory, name, addresses)
    }

    /// Changes the claim made last.
    pub fn with(mut self, change: impl FnOnce(&mut Claim)) -> Self {
        change(self.claims.last_mut().unwrap());
        self
    }

    pub fn class(mut self, email: &str, class: AddressClass) -> Self {
        self.see(email).class = class;
        self
    }

    pub fn seen(mut self, email: &str, messages: u64, days: (i64, i64)) -> Self {
        let facts = self.see(email);
        (facts.sent, facts.received) = (messages, 0);
        facts.first = Some(Moment::from_seconds(days.0 * 86_400));
        facts.last = Some(Moment::from_seconds(days.1 * 86_400));
        self
    }

    pub fn decide(mut self, a: &str, b: &str, same: bool) -> Self {
        let reason = "asked them".to_owned();
        self.decisions.push(Decision { a: id(a), b: id(b), same, reason });
        self
    }

    pub fn evidence(&self) -> Evidence<'_> {
        Evidence { addresses: &self.addresses, claims: &self.claims, decisions: &self.decisions }
    }

    pub fn resolve(&self) -> Resolution {
        resolve(&self.evidence(), &Params::default())
    }

    pub fn organisations(&self) -> (Resolution, Organisations) {
        let resolution = self.resolve();
        let organisations = organisations(&self.evidence(), &resolution.actors);
        (resolution, organisations)
    }
}

pub fn actor_of<'a>(resolution: &'a Resolution, text: &str) -> &'a ResolvedActor {
    let wanted = id(text);
    resolution.actors.iter().find(|actor| actor.addresses.contains(&wanted)).unwrap()
}

pub fn are_one(resolution: &Resolution, a: &str, b: &str) -> bool {
    resolution.actors.iter().any(|x| x.addresses.contains(&id(a)) && x.addresses.contains(&id(b)))
}

pub fn is_reviewed(resolution: &Resolution, a: &str, b: &str) -> bool {
    let (a, b) = (id(a), id(b));
    resolution.reviews.iter().any(|review| {
        let (x, y) = (&review.a_addresses, &review.b_addresses);
        (x.contains(&a) && y.contains(&b)) || (x.contains(&b) && y.contains(&a))
    })
}
