//! Writing the facts of an import: addresses and sightings, lists, claims, stated ties, attendance.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, IntoIden, OnConflict};
use tieline_model::address::Address;
use tieline_model::claim::Claim;
use tieline_model::id::{AddressId, EventId, ImportId, ListId};
use tieline_model::time::Moment;

use crate::entity::{
    address, attendance, claim, claim_address, list, list_sender, list_sighting, sighting,
    stated_tie,
};
use crate::error::{Constraint, StoreError};
use crate::imports::ignore;
use crate::store::{Tx, to_i64};

/// What one import saw of one address. Every address that an import mentions in any fact needs one,
/// with zero counts where it was only named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Which address.
    pub address: AddressId,
    /// Events it sent or organised.
    pub sent: u64,
    /// Events it was addressed by.
    pub received: u64,
    /// First event, where dated.
    pub first: Option<Moment>,
    /// Last event, where dated.
    pub last: Option<Moment>,
    /// Who wrote to it, as a sketch of one bit in 64 for each sender; sketches join by OR.
    pub senders_sketch: u64,
    /// A header named it as a list's posting address.
    pub was_list_post: bool,
    /// A calendar named it as a room or resource.
    pub was_resource: bool,
}

impl Sighting {
    /// An address that is named and no more.
    pub const fn named(address: AddressId) -> Self {
        Self {
            address,
            sent: 0,
            received: 0,
            first: None,
            last: None,
            senders_sketch: 0,
            was_list_post: false,
            was_resource: false,
        }
    }
}

/// What one import saw of one mailing list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSighting {
    /// Which list.
    pub list: ListId,
    /// Its canonical List-Id.
    pub text: String,
    /// Messages over it.
    pub messages: u64,
    /// Messages that answer another one.
    pub answers: u64,
    /// Address to post to, where a header states it.
    pub post: Option<AddressId>,
}

/// How much one address wrote to one list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListSender {
    /// Which list.
    pub list: ListId,
    /// Who.
    pub address: AddressId,
    /// Messages.
    pub messages: u64,
}

/// A tie stated by a file, with its ends as addresses.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedTieRow {
    /// Which import says so.
    pub import: ImportId,
    /// One end.
    pub from: AddressId,
    /// The other end.
    pub to: AddressId,
    /// Finite; larger = stronger; 1 where the file has none.
    pub weight: f64,
    /// Whether the file says that direction matters.
    pub directed: bool,
    /// Kind of tie as the file names it.
    pub kind: Option<String>,
    /// First moment, where stated.
    pub since: Option<Moment>,
    /// First moment after, where stated.
    pub until: Option<Moment>,
}

/// One person at one undated event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttendanceRow {
    /// Which import says so.
    pub import: ImportId,
    /// The person's address.
    pub person: AddressId,
    /// The event as written, unique within its file.
    pub event: String,
}

impl Tx {
    /// Adds addresses; those already known stay.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn add_addresses(&self, addresses: &[Address]) -> Result<(), StoreError> {
        let mut rows: Vec<_> = addresses
            .iter()
            .map(|address| address::Model {
                id: address.id().as_i64(),
                kind: address.kind().name().to_owned(),
                text: address.text().to_owned(),
                created_at: self.now.ms(),
            })
            .collect();
        // In the order of the key an index is appended to, not searched.
        rows.sort_unstable_by_key(|row| row.id);
        self.insert::<address::Entity>(&rows, Some(ignore())).await?;
        Ok(())
    }

    /// Adds sightings of an import; counts add to those already there. An import's sightings may
    /// come in any number of portions.
    ///
    /// # Errors
    /// [`Constraint::MissingParent`] when an address was not added before.
    pub async fn add_sightings(
        &self,
        import: ImportId,
        sightings: &[Sighting],
    ) -> Result<(), StoreError> {
        let mut merged: BTreeMap<i64, sighting::Model> = BTreeMap::new();
        for seen in sightings {
            let row = sighting::Model {
                address: seen.address.as_i64(),
                import: import.as_i64(),
                sent: to_i64(seen.sent),
                received: to_i64(seen.received),
                first_ms: seen.first.map(Moment::ms),
                last_ms: seen.last.map(Moment::ms),
                senders_sketch: seen.senders_sketch.cast_signed(),
                was_list_post: seen.was_list_post,
                was_resource: seen.was_resource,
                created_at: self.now.ms(),
            };
            // One statement may not touch a row twice.
            merged
                .entry(row.address)
                .and_modify(|known| {
                    known.sent = known.sent.saturating_add(row.sent);
                    known.received = known.received.saturating_add(row.received);
                    known.first_ms = earlier(known.first_ms, row.first_ms);
                    known.last_ms = known.last_ms.max(row.last_ms);
                    known.senders_sketch |= row.senders_sketch;
                    known.was_list_post |= row.was_list_post;
                    known.was_resource |= row.was_resource;
                })
                .or_insert(row);
        }
        let rows: Vec<_> = merged.into_values().collect();
        let mut add = OnConflict::columns([sighting::Column::Address, sighting::Column::Import]);
        add_count(&mut add, "sighting", &["sent", "received"]);
        widen(&mut add, "sighting");
        let join = "sighting.senders_sketch | excluded.senders_sketch";
        add.value("senders_sketch", Expr::cust(join));
        for flag in ["was_list_post", "was_resource"] {
            add.value(flag, Expr::cust(format!("sighting.{flag} OR excluded.{flag}")));
        }
        self.insert::<sighting::Entity>(&rows, Some(add)).await?;
        Ok(())
    }

    /// Adds lists and what an import saw of them; counts add to those already there, the first
    /// posting address stays.
    ///
    /// # Errors
    /// [`Constraint::MissingParent`] without the import.
    pub async fn add_lists(
        &self,
        import: ImportId,
        lists: &[ListSighting],
    ) -> Result<(), StoreError> {
        let created_at = self.now.ms();
        let known: Vec<_> = lists
            .iter()
            .map(|seen| list::Model { id: seen.list.as_i64(), text: seen.text.clone(), created_at })
            .collect();
        self.insert::<list::Entity>(&known, Some(ignore())).await?;
        let mut merged: BTreeMap<i64, list_sighting::Model> = BTreeMap::new();
        for seen in lists {
            let row = merged.entry(seen.list.as_i64()).or_insert(list_sighting::Model {
                list: seen.list.as_i64(),
                import: import.as_i64(),
                messages: 0,
                answers: 0,
                post: None,
                created_at,
            });
            row.messages = row.messages.saturating_add(to_i64(seen.messages));
            row.answers = row.answers.saturating_add(to_i64(seen.answers));
            row.post = earlier(row.post, seen.post.map(AddressId::as_i64));
        }
        let rows: Vec<_> = merged.into_values().collect();
        use list_sighting::Column::{Import, List};
        let mut add = OnConflict::columns([List, Import]);
        add_count(&mut add, "list_sighting", &["messages", "answers"]);
        // The smallest id, so that the order of portions does not matter.
        add.value("post", Expr::cust(smaller("list_sighting", "post", "<")));
        self.insert::<list_sighting::Entity>(&rows, Some(add)).await?;
        Ok(())
    }

    /// Adds senders of lists; counts add to those already there.
    ///
    /// # Errors
    /// [`Constraint::MissingParent`] when the import did not add the list or sight the address.
    pub async fn add_list_senders(
        &self,
        import: ImportId,
        senders: &[ListSender],
    ) -> Result<(), StoreError> {
        let mut merged: BTreeMap<(i64, i64), i64> = BTreeMap::new();
        for sender in senders {
            let messages =
                merged.entry((sender.list.as_i64(), sender.address.as_i64())).or_insert(0);
            *messages = messages.saturating_add(to_i64(sender.messages));
        }
        let rows: Vec<_> = merged
            .into_iter()
            .map(|((list, address), messages)| list_sender::Model {
                list,
                address,
                import: import.as_i64(),
                messages,
                created_at: self.now.ms(),
            })
            .collect();
        use list_sender::Column::{Address, Import, List};
        let mut add = OnConflict::columns([List, Address, Import]);
        add_count(&mut add, "list_sender", &["messages"]);
        self.insert::<list_sender::Entity>(&rows, Some(add)).await?;
        Ok(())
    }

    /// Adds claims; equal claims of one import are counted, their times widened.
    ///
    /// # Errors
    /// [`Constraint::MissingParent`] when a claim names an address that its import has not sighted;
    /// [`Constraint::Value`] for a claim without any address.
    pub async fn add_claims(&self, claims: &[Claim]) -> Result<(), StoreError> {
        let mut merged: BTreeMap<(i64, i64), claim::Model> = BTreeMap::new();
        let mut addresses = Vec::with_capacity(claims.len());
        for said in claims {
            if said.addresses.is_empty() {
                let text = "a claim names one address at least".to_owned();
                return Err(StoreError::Conflict(Constraint::Value(text)));
            }
            let row = claim_row(said, self.now.ms())?;
            let key = (row.import, row.hash);
            if let Some(known) = merged.get_mut(&key) {
                known.said = known.said.saturating_add(row.said);
                known.first_ms = earlier(known.first_ms, row.first_ms);
                known.last_ms = known.last_ms.max(row.last_ms);
                continue;
            }
            merged.insert(key, row);
            addresses.extend(said.addresses.iter().zip(0..).map(|(address, position)| {
                claim_address::Model {
                    import: key.0,
                    claim: key.1,
                    position,
                    address: address.as_i64(),
                    created_at: self.now.ms(),
                }
            }));
        }
        let rows: Vec<_> = merged.into_values().collect();
        let mut add = OnConflict::columns([claim::Column::Import, claim::Column::Hash]);
        add_count(&mut add, "claim", &["said"]);
        widen(&mut add, "claim");
        self.insert::<claim::Entity>(&rows, Some(add)).await?;
        addresses.sort_unstable_by_key(|row| (row.import, row.claim, row.position));
        self.insert::<claim_address::Entity>(&addresses, Some(ignore())).await?;
        Ok(())
    }

    /// Appends stated ties.
    ///
    /// # Errors
    /// [`Constraint::MissingParent`] when an end was not sighted by the import;
    /// [`Constraint::Value`] for a weight that is not finite.
    pub async fn add_stated_ties(
        &self,
        import: ImportId,
        ties: &[StatedTieRow],
    ) -> Result<(), StoreError> {
        if ties.iter().any(|tie| !tie.weight.is_finite()) {
            let text = "the weight of a stated tie is a finite number".to_owned();
            return Err(StoreError::Conflict(Constraint::Value(text)));
        }
        let start = self.next_ordinal("stated_tie", import).await?;
        let rows: Vec<_> = ties
            .iter()
            .zip(start..)
            .map(|(tie, ordinal)| stated_tie::Model {
                import: import.as_i64(),
                ordinal,
                from_address: tie.from.as_i64(),
                to_address: tie.to.as_i64(),
                weight: tie.weight,
                directed: tie.directed,
                kind: tie.kind.clone(),
                from_ms: tie.since.map(Moment::ms),
                to_ms: tie.until.map(Moment::ms),
                created_at: self.now.ms(),
            })
            .collect();
        self.insert::<stated_tie::Entity>(&rows, None).await?;
        Ok(())
    }

    /// Appends undated attendance.
    ///
    /// # Errors
    /// [`Constraint::MissingParent`] when a person's address was not sighted by the import.
    pub async fn add_attendance(
        &self,
        import: ImportId,
        attendance: &[AttendanceRow],
    ) -> Result<(), StoreError> {
        let start = self.next_ordinal("attendance", import).await?;
        let rows: Vec<_> = attendance
            .iter()
            .zip(start..)
            .map(|(row, ordinal)| attendance::Model {
                import: import.as_i64(),
                ordinal,
                person: row.person.as_i64(),
                event: row.event.clone(),
                created_at: self.now.ms(),
            })
            .collect();
        self.insert::<attendance::Entity>(&rows, None).await?;
        Ok(())
    }
}

fn claim_row(said: &Claim, created_at: i64) -> Result<claim::Model, StoreError> {
    let addresses: Vec<i64> = said.addresses.iter().map(|address| address.as_i64()).collect();
    let (from_ms, to_ms) = (said.from.map(Moment::ms), said.to.map(Moment::ms));
    let content = serde_json::to_vec(&(
        (said.source.name(), addresses, &said.name, &said.given, &said.family, &said.nicknames),
        (&said.organisation, &said.units, &said.title, &said.manager),
        (from_ms, to_ms, said.is_organisation),
    ))?;
    let digest = EventId::of(&[&content]).0;
    let mut eight = [0; 8];
    eight.copy_from_slice(&digest[..8]);
    Ok(claim::Model {
        import: said.import.as_i64(),
        hash: i64::from_le_bytes(eight) & i64::MAX,
        source: said.source.name().to_owned(),
        name: said.name.clone(),
        given: said.given.clone(),
        family: said.family.clone(),
        nicknames: serde_json::to_string(&said.nicknames)?,
        organisation: said.organisation.clone(),
        units: serde_json::to_string(&said.units)?,
        title: said.title.clone(),
        manager: said.manager.clone(),
        from_ms,
        to_ms,
        said: i64::from(said.count),
        first_ms: said.first.map(Moment::ms),
        last_ms: said.last.map(Moment::ms),
        is_organisation: said.is_organisation,
        created_at,
    })
}

/// The smaller of those that are there.
fn earlier(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    a.into_iter().chain(b).min()
}

fn add_count(conflict: &mut OnConflict, table: &str, columns: &[&'static str]) {
    for column in columns {
        let sum = Expr::cust(format!("{table}.{column} + excluded.{column}"));
        conflict.value(column.into_iden(), sum);
    }
}

fn widen(conflict: &mut OnConflict, table: &str) {
    conflict.value("first_ms", Expr::cust(smaller(table, "first_ms", "<")));
    conflict.value("last_ms", Expr::cust(smaller(table, "last_ms", ">")));
}

/// The one of the stored and the new value that comes first under `order`; null loses. Written out
/// because MIN and LEAST differ between databases, in name and in what they do with null.
fn smaller(table: &str, column: &str, order: &str) -> String {
    format!(
        "CASE WHEN {table}.{column} IS NULL OR excluded.{column} {order} {table}.{column} \
         THEN excluded.{column} ELSE {table}.{column} END"
    )
}
