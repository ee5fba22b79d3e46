//! What a person said: decisions on identity, classes of addresses, settings, column mappings,
//! suppressions. All of it outlives imports.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use tieline_model::address::AddressClass;
use tieline_model::claim::Decision;
use tieline_model::id::AddressId;
use tieline_model::time::Moment;

use crate::entity::{address_class, column_mapping, decision, setting, suppression};
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::store::{Store, Tx};

/// A decision and when it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDecision {
    /// The decision; `a < b`.
    pub decision: Decision,
    /// When.
    pub at: Moment,
}

/// A person's word on what an address stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassOverride {
    /// Which address.
    pub address: AddressId,
    /// What it stands for.
    pub class: AddressClass,
    /// Why, in the person's words.
    pub reason: String,
    /// When.
    pub at: Moment,
}

impl Tx {
    /// Records a person's word on two addresses; it replaces an earlier one on the same pair.
    ///
    /// # Errors
    /// [`Constraint::Value`] when both sides are the same address.
    pub async fn add_decision(&self, word: &Decision) -> Result<(), StoreError> {
        if word.a == word.b {
            let text = "a decision is about two different addresses".to_owned();
            return Err(StoreError::Conflict(Constraint::Value(text)));
        }
        let (a, b) = ordered(word.a, word.b);
        let row = decision::Model {
            a: a.as_i64(),
            b: b.as_i64(),
            same: word.same,
            reason: word.reason.clone(),
            created_at: self.now.ms(),
        };
        use decision::Column::{A, B, CreatedAt, Reason, Same};
        let replace =
            OnConflict::columns([A, B]).update_columns([Same, Reason, CreatedAt]).to_owned();
        self.insert::<decision::Entity>(&[row], Some(replace)).await?;
        let verb = if word.same { Verb::IdentitiesMerged } else { Verb::IdentitiesSplit };
        self.record(verb, &format!("{a} {b}"), "").await
    }

    /// Takes a person's word on two addresses back.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none.
    pub async fn remove_decision(&self, a: AddressId, b: AddressId) -> Result<(), StoreError> {
        let (a, b) = ordered(a, b);
        let pair = [a.as_i64().into(), b.as_i64().into()];
        if self.run("DELETE FROM decision WHERE a = ? AND b = ?", pair).await? == 0 {
            return Err(StoreError::not_found("decision", &format!("{a} {b}")));
        }
        self.record(Verb::DecisionRemoved, &format!("{a} {b}"), "").await
    }

    /// Records what an address stands for, whatever is computed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_address_class(
        &self,
        address: AddressId,
        class: AddressClass,
        reason: &str,
    ) -> Result<(), StoreError> {
        let row = address_class::Model {
            address: address.as_i64(),
            class: class.name().to_owned(),
            reason: reason.to_owned(),
            created_at: self.now.ms(),
        };
        use address_class::Column::{Address, Class, CreatedAt, Reason};
        let replace =
            OnConflict::column(Address).update_columns([Class, Reason, CreatedAt]).to_owned();
        self.insert::<address_class::Entity>(&[row], Some(replace)).await?;
        self.record(Verb::ClassSet, &address, class.name()).await
    }

    /// Takes that back: the computed class holds again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when nothing was said.
    pub async fn remove_address_class(&self, address: AddressId) -> Result<(), StoreError> {
        let sql = "DELETE FROM address_class WHERE address = ?";
        if self.run(sql, [address.as_i64().into()]).await? == 0 {
            return Err(StoreError::not_found("class of address", &address));
        }
        self.record(Verb::ClassRemoved, &address, "").await
    }

    /// Remembers a value under a key.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let row = setting::Model {
            key: key.to_owned(),
            value: value.to_owned(),
            created_at: self.now.ms(),
        };
        use setting::Column::{CreatedAt, Key, Value};
        let replace = OnConflict::column(Key).update_columns([Value, CreatedAt]).to_owned();
        self.insert::<setting::Entity>(&[row], Some(replace)).await?;
        Ok(())
    }

    /// The value remembered under a key, as this transaction sees it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        Ok(setting::Entity::find_by_id(key).one(&self.db).await?.map(|row| row.value))
    }

    /// Saves how the columns of a kind of table are read, as JSON.
    ///
    /// # Errors
    /// [`Constraint::Value`] when the text is no JSON.
    pub async fn save_column_mapping(&self, name: &str, mapping: &str) -> Result<(), StoreError> {
        if let Err(fault) = serde_json::from_str::<serde_json::Value>(mapping) {
            let text = format!("the column mapping is no JSON: {fault}");
            return Err(StoreError::Conflict(Constraint::Value(text)));
        }
        let row = column_mapping::Model {
            name: name.to_owned(),
            mapping: mapping.to_owned(),
            created_at: self.now.ms(),
        };
        use column_mapping::Column::{CreatedAt, Mapping, Name};
        let replace = OnConflict::column(Name).update_columns([Mapping, CreatedAt]).to_owned();
        self.insert::<column_mapping::Entity>(&[row], Some(replace)).await?;
        self.record(Verb::MappingSaved, name, "").await
    }
}

impl Store {
    /// All decisions by pair.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn decisions(&self) -> Result<Vec<StoredDecision>, StoreError> {
        let rows = decision::Entity::find()
            .order_by_asc(decision::Column::A)
            .order_by_asc(decision::Column::B)
            .all(&self.db)
            .await?;
        let stored = |row: decision::Model| StoredDecision {
            decision: Decision {
                a: AddressId::from_i64(row.a),
                b: AddressId::from_i64(row.b),
                same: row.same,
                reason: row.reason,
            },
            at: Moment::from_ms(row.created_at),
        };
        Ok(rows.into_iter().map(stored).collect())
    }

    /// All classes that persons set, by address.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn class_overrides(&self) -> Result<Vec<ClassOverride>, StoreError> {
        let rows = address_class::Entity::find()
            .order_by_asc(address_class::Column::Address)
            .all(&self.db)
            .await?;
        rows.into_iter()
            .map(|row| {
                let class = AddressClass::from_name(&row.class)
                    .ok_or_else(|| StoreError::damaged("address_class.class", &row.class))?;
                Ok(ClassOverride {
                    address: AddressId::from_i64(row.address),
                    class,
                    reason: row.reason,
                    at: Moment::from_ms(row.created_at),
                })
            })
            .collect()
    }

    /// The value remembered under a key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        Ok(setting::Entity::find_by_id(key).one(&self.db).await?.map(|row| row.value))
    }

    /// A saved column mapping, as JSON.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn column_mapping(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(column_mapping::Entity::find_by_id(name).one(&self.db).await?.map(|row| row.mapping))
    }

    /// Saved column mappings as (name, JSON), by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn column_mappings(&self) -> Result<Vec<(String, String)>, StoreError> {
        let rows = column_mapping::Entity::find()
            .order_by_asc(column_mapping::Column::Name)
            .all(&self.db)
            .await?;
        Ok(rows.into_iter().map(|row| (row.name, row.mapping)).collect())
    }

    /// Keyed hashes of the addresses that erased persons had: no import brings them back.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn suppressions(&self) -> Result<Vec<[u8; 32]>, StoreError> {
        let rows = suppression::Entity::find()
            .filter(suppression::Column::Mac.ne(""))
            .order_by_asc(suppression::Column::Mac)
            .all(&self.db)
            .await?;
        rows.into_iter()
            .map(|row| {
                let bad = || StoreError::damaged("suppression.mac", &"a text that is no hash");
                from_hex(&row.mac).ok_or_else(bad)
            })
            .collect()
    }
}

/// Both ids, the smaller first.
pub(crate) fn ordered(a: AddressId, b: AddressId) -> (AddressId, AddressId) {
    if a <= b { (a, b) } else { (b, a) }
}

pub(crate) fn to_hex(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()?;
    }
    Some(bytes)
}
