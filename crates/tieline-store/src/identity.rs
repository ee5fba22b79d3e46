//! What identity resolution found: replaced as a whole, read as a whole or by page.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};
use tieline_model::id::{ActorId, AddressId, UnitId};
use tieline_model::org::{Affiliation, FactSource, Unit};
use tieline_model::time::Moment;

use crate::decisions::ordered;
use crate::entity::{actor, actor_address, actor_merge, affiliation, review, unit, unit_domain};
use crate::error::StoreError;
use crate::fold::fold;
use crate::said::{overlay, said_of};
use crate::store::{Store, Tx, rows, to_i64, to_u64};
use crate::units::units_of;

/// Everything that is derived from claims and decisions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IdentityState {
    /// Persons and organisations.
    pub actors: Vec<Actor>,
    /// Pairs that may be one.
    pub reviews: Vec<Review>,
    /// Organisations and their parts; parents may come after children.
    pub units: Vec<Unit>,
    /// Who belongs where and when, proposals included; per actor the strongest source first.
    pub affiliations: Vec<Affiliation>,
}

/// What an actor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActorKind {
    /// A person.
    Person,
    /// An organisation or a group with an address of its own.
    Organisation,
}

impl ActorKind {
    /// The word used in the store and in listings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
        }
    }

    /// From the word.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Person, Self::Organisation].into_iter().find(|kind| kind.name() == name)
    }
}

/// A person or organisation in the data.
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    /// Derived from the anchor.
    pub id: ActorId,
    /// The address first seen by the earliest live import.
    pub anchor: AddressId,
    /// Best display name.
    pub name: String,
    /// Given name.
    pub given: Option<String>,
    /// Family name.
    pub family: Option<String>,
    /// What it is.
    pub kind: ActorKind,
    /// Its addresses, the anchor first. No address has two actors.
    pub addresses: Vec<AddressId>,
    /// Why its addresses are one actor.
    pub merges: Vec<Merge>,
}

/// Why two addresses are one actor.
#[derive(Debug, Clone, PartialEq)]
pub struct Merge {
    /// One address.
    pub a: AddressId,
    /// The other.
    pub b: AddressId,
    /// Name of the rule.
    pub rule: String,
    /// That they are one, 0..1.
    pub probability: f64,
    /// Sum of the parts, bits.
    pub weight_bits: f64,
    /// What the score is made of.
    pub parts: Vec<MergePart>,
    /// The reason in words.
    pub sentence: String,
}

/// One part of a merge's score.
#[derive(Debug, Clone, PartialEq)]
pub struct MergePart {
    /// Which field was compared.
    pub field: String,
    /// How well it agrees (exact, close, else, missing).
    pub level: String,
    /// What it adds, bits.
    pub weight: f64,
}

/// Two actors that may be one.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// Anchor of one.
    pub a: AddressId,
    /// Anchor of the other.
    pub b: AddressId,
    /// That they are one, 0..1.
    pub probability: f64,
    /// Why they may be one, a sentence each.
    pub reasons_for: Vec<String>,
    /// Why they may be two, a sentence each.
    pub reasons_against: Vec<String>,
}

/// What a person said about a review; computed from the decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewState {
    /// Nothing yet.
    Open,
    /// They are one.
    Merged,
    /// They are two.
    KeptApart,
}

/// A review with its number and state.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredReview {
    /// Order, from 0: the cursor of [`Store::reviews`].
    pub ordinal: u64,
    /// The review.
    pub review: Review,
    /// What a person said.
    pub state: ReviewState,
}

/// Derived tables, children before parents.
const DERIVED: [&str; 8] = [
    "actor_search",
    "actor_merge",
    "actor_address",
    "affiliation",
    "review",
    "unit_domain",
    "unit",
    "actor",
];

impl Tx {
    /// Replaces everything derived, and puts what people said by hand over it.
    ///
    /// # Errors
    /// [`crate::Constraint::Taken`] when two actors share an id or an address,
    /// [`crate::Constraint::MissingParent`] when an affiliation names an unknown actor or unit.
    pub async fn replace_identity(&self, state: &IdentityState) -> Result<(), StoreError> {
        for table in DERIVED {
            self.run(&format!("DELETE FROM {table}"), []).await?;
        }
        let said = said_of(&self.db, None).await?;
        let mut state = state.clone();
        overlay(&mut state, &said);
        let state = &state;
        self.insert_actors(&state.actors).await?;
        self.insert_units(&state.units).await?;
        self.insert_affiliations(&state.affiliations).await?;
        let created_at = self.now.ms();
        let reviews = state.reviews.iter().zip(0..).map(|(found, ordinal)| {
            Ok(review::Model {
                ordinal,
                a: found.a.as_i64(),
                b: found.b.as_i64(),
                probability: found.probability,
                reasons_for: serde_json::to_string(&found.reasons_for)?,
                reasons_against: serde_json::to_string(&found.reasons_against)?,
                created_at,
            })
        });
        let reviews = reviews.collect::<Result<Vec<_>, StoreError>>()?;
        self.insert::<review::Entity>(&reviews, None).await?;
        self.index_all_actors(state).await
    }

    pub(crate) async fn insert_actors(&self, actors: &[Actor]) -> Result<(), StoreError> {
        let created_at = self.now.ms();
        let mut rows: Vec<_> = actors
            .iter()
            .map(|one| actor::Model {
                id: one.id.0,
                anchor: one.anchor.as_i64(),
                name: one.name.clone(),
                name_folded: fold(&one.name),
                given: one.given.clone(),
                family: one.family.clone(),
                kind: one.kind.name().to_owned(),
                created_at,
            })
            .collect();
        rows.sort_unstable_by_key(|row| row.id);
        self.insert::<actor::Entity>(&rows, None).await?;
        let mut addresses = Vec::new();
        let mut merges = Vec::new();
        for one in actors {
            addresses.extend(one.addresses.iter().zip(0..).map(|(address, position)| {
                actor_address::Model {
                    address: address.as_i64(),
                    actor: one.id.0,
                    position,
                    created_at,
                }
            }));
            for (merge, ordinal) in one.merges.iter().zip(0..) {
                merges.push(merge_row(one.id, ordinal, merge, created_at)?);
            }
        }
        addresses.sort_unstable_by_key(|row| row.address);
        self.insert::<actor_address::Entity>(&addresses, None).await?;
        self.insert::<actor_merge::Entity>(&merges, None).await?;
        Ok(())
    }

    pub(crate) async fn insert_units(&self, units: &[Unit]) -> Result<(), StoreError> {
        let created_at = self.now.ms();
        let mut domains = Vec::new();
        let mut rows = Vec::with_capacity(units.len());
        for one in units {
            rows.push(unit::Model {
                id: one.id.0,
                kind: one.kind.name().to_owned(),
                name: one.name.clone(),
                name_folded: fold(&one.name),
                parent: one.parent.map(|parent| parent.0),
                created_at,
            });
            domains.extend(one.domains.iter().map(|domain| unit_domain::Model {
                unit: one.id.0,
                domain: domain.clone(),
                created_at,
            }));
        }
        self.insert::<unit::Entity>(&rows, None).await?;
        self.insert::<unit_domain::Entity>(&domains, None).await?;
        Ok(())
    }

    pub(crate) async fn insert_affiliations(&self, all: &[Affiliation]) -> Result<(), StoreError> {
        let mut ordinals: HashMap<ActorId, i64> = HashMap::new();
        let rows: Vec<_> = all
            .iter()
            .map(|one| {
                let next = ordinals.entry(one.actor).or_insert(0);
                let ordinal = *next;
                *next += 1;
                affiliation::Model {
                    actor: one.actor.0,
                    ordinal,
                    unit: one.unit.0,
                    title: one.title.clone(),
                    from_ms: one.from.map(Moment::ms),
                    to_ms: one.to.map(Moment::ms),
                    manager: one.manager.map(|manager| manager.0),
                    source: one.source.name().to_owned(),
                    proposed: one.proposed,
                    created_at: self.now.ms(),
                }
            })
            .collect();
        self.insert::<affiliation::Entity>(&rows, None).await?;
        Ok(())
    }
}

impl Store {
    /// Everything derived, for building the network: actors by id, reviews and affiliations in the
    /// order in which they were given (affiliations grouped by actor id), units by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn identity(&self) -> Result<IdentityState, StoreError> {
        let actors = actor::Entity::find().order_by_asc(actor::Column::Id).all(&self.db).await?;
        let mut addresses: HashMap<uuid::Uuid, Vec<AddressId>> = HashMap::new();
        let query = actor_address::Entity::find().order_by_asc(actor_address::Column::Position);
        for row in query.all(&self.db).await? {
            addresses.entry(row.actor).or_default().push(AddressId::from_i64(row.address));
        }
        let mut merges: HashMap<uuid::Uuid, Vec<Merge>> = HashMap::new();
        let query = actor_merge::Entity::find().order_by_asc(actor_merge::Column::Ordinal);
        for row in query.all(&self.db).await? {
            merges.entry(row.actor).or_default().push(merge_of(row)?);
        }
        let actors = actors.into_iter().map(|row| {
            let addresses = addresses.remove(&row.id).unwrap_or_default();
            let merges = merges.remove(&row.id).unwrap_or_default();
            actor_of(row, addresses, merges)
        });
        let actors = actors.collect::<Result<Vec<_>, _>>()?;
        let affiliations = affiliation::Entity::find()
            .order_by_asc(affiliation::Column::Actor)
            .order_by_asc(affiliation::Column::Ordinal)
            .all(&self.db)
            .await?;
        let reviews = self.reviews(None, u64::MAX).await?;
        Ok(IdentityState {
            actors,
            reviews: reviews.into_iter().map(|stored| stored.review).collect(),
            units: units_of(&self.db).await?,
            affiliations: affiliations
                .into_iter()
                .map(affiliation_of)
                .collect::<Result<Vec<_>, _>>()?,
        })
    }

    /// Which actor each address belongs to, by address: the identity map of the network.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn identity_map(&self) -> Result<Vec<(AddressId, ActorId)>, StoreError> {
        let rows = actor_address::Entity::find()
            .order_by_asc(actor_address::Column::Address)
            .all(&self.db)
            .await?;
        let pair =
            |row: actor_address::Model| (AddressId::from_i64(row.address), ActorId(row.actor));
        Ok(rows.into_iter().map(pair).collect())
    }

    /// The anchor addresses of these actors, in no order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn anchors(&self, actors: &[ActorId]) -> Result<Vec<AddressId>, StoreError> {
        let mut all = Vec::with_capacity(actors.len());
        for portion in actors.chunks(500) {
            let ids = portion.iter().map(|id| id.0);
            let rows = actor::Entity::find().filter(actor::Column::Id.is_in(ids)).all(&self.db);
            all.extend(rows.await?.into_iter().map(|row| AddressId::from_i64(row.anchor)));
        }
        Ok(all)
    }

    /// The actor that an address belongs to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn actor_of(&self, address: AddressId) -> Result<Option<ActorId>, StoreError> {
        let row = actor_address::Entity::find_by_id(address.as_i64()).one(&self.db).await?;
        Ok(row.map(|row| ActorId(row.actor)))
    }

    /// Reviews after an ordinal, at most `limit`, with what persons said about them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn reviews(
        &self,
        after: Option<u64>,
        limit: u64,
    ) -> Result<Vec<StoredReview>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            ordinal: i64,
            a: i64,
            b: i64,
            probability: f64,
            reasons_for: String,
            reasons_against: String,
            same: Option<bool>,
        }
        let found: Vec<Row> = rows(
            &self.db,
            "SELECT r.ordinal, r.a, r.b, r.probability, r.reasons_for, r.reasons_against, d.same \
             FROM review r LEFT JOIN decision d ON d.a = CASE WHEN r.a < r.b THEN r.a ELSE r.b END \
             AND d.b = CASE WHEN r.a < r.b THEN r.b ELSE r.a END \
             WHERE r.ordinal > ? ORDER BY r.ordinal LIMIT ?",
            [after.map_or(-1, to_i64).into(), to_i64(limit).into()],
        )
        .await?;
        let stored = |row: Row| {
            let review = Review {
                a: AddressId::from_i64(row.a),
                b: AddressId::from_i64(row.b),
                probability: row.probability,
                reasons_for: serde_json::from_str(&row.reasons_for)?,
                reasons_against: serde_json::from_str(&row.reasons_against)?,
            };
            let state = match row.same {
                None => ReviewState::Open,
                Some(true) => ReviewState::Merged,
                Some(false) => ReviewState::KeptApart,
            };
            Ok(StoredReview { ordinal: to_u64(row.ordinal), review, state })
        };
        found.into_iter().map(stored).collect()
    }

    /// Merges that join two given addresses, directly or over others: those of their actor; empty
    /// when they are not one actor.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn merges_between(
        &self,
        a: AddressId,
        b: AddressId,
    ) -> Result<Vec<Merge>, StoreError> {
        let (a, b) = ordered(a, b);
        match (self.actor_of(a).await?, self.actor_of(b).await?) {
            (Some(one), Some(other)) if one == other => self.merges(one).await,
            _ => Ok(Vec::new()),
        }
    }

    pub(crate) async fn merges(&self, id: ActorId) -> Result<Vec<Merge>, StoreError> {
        let rows = actor_merge::Entity::find()
            .filter(actor_merge::Column::Actor.eq(id.0))
            .order_by_asc(actor_merge::Column::Ordinal)
            .all(&self.db)
            .await?;
        rows.into_iter().map(merge_of).collect()
    }
}

pub(crate) fn actor_of(
    row: actor::Model,
    addresses: Vec<AddressId>,
    merges: Vec<Merge>,
) -> Result<Actor, StoreError> {
    let kind = ActorKind::from_name(&row.kind)
        .ok_or_else(|| StoreError::damaged("actor.kind", &row.kind))?;
    Ok(Actor {
        id: ActorId(row.id),
        anchor: AddressId::from_i64(row.anchor),
        name: row.name,
        given: row.given,
        family: row.family,
        kind,
        addresses,
        merges,
    })
}

pub(crate) fn affiliation_of(row: affiliation::Model) -> Result<Affiliation, StoreError> {
    let source = FactSource::from_name(&row.source)
        .ok_or_else(|| StoreError::damaged("affiliation.source", &row.source))?;
    Ok(Affiliation {
        actor: ActorId(row.actor),
        unit: UnitId(row.unit),
        title: row.title,
        from: row.from_ms.map(Moment::from_ms),
        to: row.to_ms.map(Moment::from_ms),
        manager: row.manager.map(ActorId),
        source,
        proposed: row.proposed,
    })
}

fn merge_row(
    id: ActorId,
    ordinal: i64,
    merge: &Merge,
    created_at: i64,
) -> Result<actor_merge::Model, StoreError> {
    let parts: Vec<_> =
        merge.parts.iter().map(|part| (&part.field, &part.level, part.weight)).collect();
    Ok(actor_merge::Model {
        actor: id.0,
        ordinal,
        a: merge.a.as_i64(),
        b: merge.b.as_i64(),
        rule: merge.rule.clone(),
        probability: merge.probability,
        weight_bits: merge.weight_bits,
        parts: serde_json::to_string(&parts)?,
        sentence: merge.sentence.clone(),
        created_at,
    })
}

fn merge_of(row: actor_merge::Model) -> Result<Merge, StoreError> {
    let parts: Vec<(String, String, f64)> = serde_json::from_str(&row.parts)?;
    let part = |(field, level, weight)| MergePart { field, level, weight };
    Ok(Merge {
        a: AddressId::from_i64(row.a),
        b: AddressId::from_i64(row.b),
        rule: row.rule,
        probability: row.probability,
        weight_bits: row.weight_bits,
        parts: parts.into_iter().map(part).collect(),
        sentence: row.sentence,
    })
}
