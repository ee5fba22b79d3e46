//! What is held on one person, gathered once for the page and for the file.

use std::collections::HashMap;

use serde::Serialize;
use tieline_model::access::TieConsent;
use tieline_model::id::AccountId;
use tieline_store::Person;

use super::stakeholders::{level_name, percent};
use crate::api::types::{Post, time};
use crate::app::App;
use crate::error::AppError;

/// Notes, contacts and looks shown.
const MOST: u64 = 500;

/// Whom nothing is visible to but what the whole workspace may read.
const NOBODY: AccountId = AccountId(uuid::Uuid::nil());

/// All that is held on a person.
#[derive(Debug, Serialize)]
pub(crate) struct Held {
    /// The name shown.
    pub(crate) name: String,
    /// Every name that a source gives.
    pub(crate) names: Vec<NameHeld>,
    pub(crate) addresses: Vec<AddressHeld>,
    /// Why these addresses count as one person.
    pub(crate) joined: Vec<String>,
    pub(crate) affiliations: Vec<Post>,
    pub(crate) tags: Vec<String>,
    pub(crate) fields: Vec<(String, String)>,
    /// Notes that the workspace may read.
    pub(crate) notes: Vec<NoteHeld>,
    /// Contacts that the workspace may read.
    pub(crate) contacts: Vec<NoteHeld>,
    pub(crate) looks: Vec<LookHeld>,
    /// Seats at parties of partnerships.
    pub(crate) seats: Vec<SeatHeld>,
    /// What registers of stakeholders say.
    pub(crate) stakes: Vec<StakeHeld>,
    /// What others see of ties: nothing | exists | band.
    pub(crate) ties_shown: &'static str,
    pub(crate) stays_off_the_map: bool,
    /// Interactions that name the person, as the addresses count them.
    pub(crate) sent: u64,
    pub(crate) received: u64,
}

/// A name, and where it comes from.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub(crate) struct NameHeld {
    pub(crate) name: String,
    pub(crate) source: String,
}

/// An address.
#[derive(Debug, Serialize)]
pub(crate) struct AddressHeld {
    pub(crate) address: String,
    pub(crate) sent: u64,
    pub(crate) received: u64,
    pub(crate) first: Option<String>,
    pub(crate) last: Option<String>,
}

/// What someone wrote down.
#[derive(Debug, Serialize)]
pub(crate) struct NoteHeld {
    pub(crate) at: String,
    pub(crate) by: String,
    pub(crate) text: String,
}

/// A seat in a partnership.
#[derive(Debug, Serialize)]
pub(crate) struct SeatHeld {
    pub(crate) partnership: String,
    pub(crate) party: String,
    pub(crate) duty: &'static str,
    pub(crate) since: String,
    pub(crate) until: Option<String>,
}

/// What a register of stakeholders says: all of it but by whom, and where they are placed from five
/// people on.
#[derive(Debug, Serialize)]
pub(crate) struct StakeHeld {
    pub(crate) register: String,
    pub(crate) about: String,
    pub(crate) wants: String,
    pub(crate) power_claim: Option<bool>,
    pub(crate) legitimacy: Option<bool>,
    pub(crate) urgency: Option<bool>,
    /// unaware | resistant | neutral | supportive | leading
    pub(crate) stance: Option<&'static str>,
    pub(crate) wanted: Option<&'static str>,
    pub(crate) placed_by: usize,
    /// Power and interest, 0 to 100: the middle.
    pub(crate) placed: Option<(u32, u32)>,
    /// The stance in words.
    #[serde(skip)]
    pub(crate) stands: String,
}

/// That someone looked.
#[derive(Debug, Serialize)]
pub(crate) struct LookHeld {
    pub(crate) at: String,
    pub(crate) by: String,
    pub(crate) page: String,
}

/// Gathers it.
pub(crate) async fn held(app: &App, person: &Person) -> Result<Held, AppError> {
    let ids = &person.actor.addresses;
    let store = &app.store;
    let mut people = Accounts { app, names: HashMap::new() };
    let mut notes = Vec::new();
    for note in store.notes_about(ids, NOBODY, true, MOST).await? {
        let by = people.name(note.author).await?;
        notes.push(NoteHeld { at: time(note.created), by, text: note.text });
    }
    let mut contacts = Vec::new();
    for contact in store.contacts_about(ids, NOBODY, true, None, MOST).await? {
        let text = format!("{}: {}", contact.kind.name(), contact.line);
        contacts.push(NoteHeld { at: time(contact.at), by: people.name(contact.by).await?, text });
    }
    let mut looks = Vec::new();
    for look in store.looks_at(ids, None, MOST).await? {
        let by = people.name(look.account).await?;
        looks.push(LookHeld { at: time(look.at), by, page: look.page });
    }
    let said = store.consent_of(ids).await?;
    let addresses: Vec<AddressHeld> = addresses(person);
    Ok(Held {
        name: person.actor.name.clone(),
        names: names(app, person).await?,
        joined: person.actor.merges.iter().map(|merge| merge.sentence.clone()).collect(),
        affiliations: person.affiliations.iter().map(Post::from).collect(),
        tags: tags(app, person).await?,
        fields: fields(app, person).await?,
        notes,
        contacts,
        looks,
        seats: seats(app, person).await?,
        stakes: stakes(app, person).await?,
        // Of several entries the least open counts.
        ties_shown: said.iter().map(|one| one.ties).min().unwrap_or(TieConsent::Nothing).name(),
        stays_off_the_map: said.iter().any(|one| one.opted_out),
        sent: addresses.iter().map(|address| address.sent).sum(),
        received: addresses.iter().map(|address| address.received).sum(),
        addresses,
    })
}

/// Names of accounts, each read once.
struct Accounts<'a> {
    app: &'a App,
    names: HashMap<AccountId, String>,
}

impl Accounts<'_> {
    async fn name(&mut self, id: AccountId) -> Result<String, AppError> {
        if let Some(name) = self.names.get(&id) {
            return Ok(name.clone());
        }
        let name = self.app.store.account(id).await?.name;
        self.names.insert(id, name.clone());
        Ok(name)
    }
}

fn addresses(person: &Person) -> Vec<AddressHeld> {
    let seen = person.addresses.iter().filter_map(|address| address.seen.as_ref());
    seen.map(|seen| AddressHeld {
        address: seen.address.to_string(),
        sent: seen.sent,
        received: seen.received,
        first: seen.first.map(time),
        last: seen.last.map(time),
    })
    .collect()
}

/// The names that live imports give, each once a source.
async fn names(app: &App, person: &Person) -> Result<Vec<NameHeld>, AppError> {
    let mut names = Vec::new();
    for claim in app.store.claims_about(&person.actor.addresses).await? {
        let source = claim.source.name().to_owned();
        for name in claim.name.into_iter().chain(claim.nicknames) {
            let held = NameHeld { name, source: source.clone() };
            if !names.contains(&held) {
                names.push(held);
            }
        }
    }
    Ok(names)
}

async fn seats(app: &App, person: &Person) -> Result<Vec<SeatHeld>, AppError> {
    let seats = app.store.seats_of(&person.actor.addresses).await?.into_iter();
    let held = seats.map(|seat| SeatHeld {
        partnership: seat.partnership,
        party: seat.party,
        duty: seat.duty.name(),
        since: time(seat.since),
        until: seat.until.map(time),
    });
    Ok(held.collect())
}

async fn stakes(app: &App, person: &Person) -> Result<Vec<StakeHeld>, AppError> {
    let all = app.store.stakeholder_held(&person.actor.addresses).await?.into_iter();
    let held = all.map(|one| StakeHeld {
        register: one.register,
        about: one.said.about,
        wants: one.said.wants,
        power_claim: one.said.power,
        legitimacy: one.said.legitimacy,
        urgency: one.said.urgency,
        stance: one.stance.map(|(now, _)| now.name()),
        wanted: one.stance.and_then(|(_, wanted)| wanted).map(|wanted| wanted.name()),
        placed_by: one.n_placed,
        placed: one.placed.map(|placed| (percent(placed.power), percent(placed.interest))),
        stands: match one.stance {
            None => String::new(),
            Some((now, None)) => t!("stakeholders-held-stance", now = level_name(now)),
            Some((now, Some(wanted))) => {
                let (now, wanted) = (level_name(now), level_name(wanted));
                t!("stakeholders-held-wanted", now = now, wanted = wanted)
            }
        },
    });
    Ok(held.collect())
}

async fn tags(app: &App, person: &Person) -> Result<Vec<String>, AppError> {
    let all = app.store.tags_of(&person.actor.addresses).await?;
    let mut tags: Vec<String> = all.into_iter().map(|(_, tag)| tag).collect();
    tags.sort();
    tags.dedup();
    Ok(tags)
}

async fn fields(app: &App, person: &Person) -> Result<Vec<(String, String)>, AppError> {
    let known = app.store.fields().await?;
    let values = app.store.field_values(&person.actor.addresses).await?;
    let named = |id: uuid::Uuid| known.iter().find(|field| field.id == id);
    Ok(values
        .into_iter()
        .filter_map(|(_, field, value)| named(field).map(|field| (field.name.clone(), value)))
        .collect())
}
