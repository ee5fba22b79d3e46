//! Custom fields of people and organisations.

use sea_orm::{EntityTrait, QueryOrder};
use tieline_model::id::AddressId;
use uuid::Uuid;

use crate::entity::{field, field_before, field_value};
use crate::error::StoreError;
use crate::fold::fold;
use crate::history::Verb;
use crate::people::address_list;
use crate::store::{Store, Tx, changed, rows};

/// What values a custom field has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Any text.
    Text,
    /// A decimal number.
    Number,
    /// A day, as YYYY-MM-DD.
    Date,
    /// One of these.
    Choice(Vec<String>),
}

/// A custom field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its id, version 7.
    pub id: Uuid,
    /// Its name; case and accents do not tell names apart.
    pub name: String,
    /// What values it has.
    pub kind: FieldKind,
}

impl FieldKind {
    const fn name(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Date => "date",
            Self::Choice(_) => "choice",
        }
    }

    /// Why a value does not fit; `None` when it does.
    fn objection(&self, value: &str) -> Option<String> {
        let fits = match self {
            Self::Text => true,
            Self::Number => value.parse::<f64>().is_ok_and(f64::is_finite),
            Self::Date => is_date(value),
            Self::Choice(choices) => choices.iter().any(|choice| choice == value),
        };
        (!fits).then(|| match self {
            Self::Number => format!("'{value}' is not a number"),
            Self::Date => format!("'{value}' is not a day: write it like 2026-11-16"),
            _ => format!("'{value}' is not one of the choices"),
        })
    }
}

/// A day of the calendar, written YYYY-MM-DD.
fn is_date(value: &str) -> bool {
    value.len() == 10 && value.parse::<tieline_model::time::Moment>().is_ok()
}

impl Tx {
    /// Makes a custom field.
    ///
    /// # Errors
    /// [`crate::Constraint::Taken`] when there is one of this name, [`crate::Constraint::Value`]
    /// without a name or, for a choice, without choices.
    pub async fn add_field(&self, name: &str, kind: &FieldKind) -> Result<Uuid, StoreError> {
        let choices = match kind {
            FieldKind::Choice(choices) if choices.is_empty() => {
                return Err(StoreError::value("a field of choices needs choices"));
            }
            FieldKind::Choice(choices) => choices.as_slice(),
            _ => &[],
        };
        let folded = fold(name);
        if folded.is_empty() {
            return Err(StoreError::value("a field needs a name"));
        }
        let row = field::Model {
            id: Uuid::now_v7(),
            name: name.trim().to_owned(),
            folded,
            kind: kind.name().to_owned(),
            choices: serde_json::to_string(choices)?,
            created_at: self.now.ms(),
        };
        let id = row.id;
        self.insert::<field::Entity>(&[row], None).await?;
        self.record(Verb::FieldAdded, &id, kind.name()).await?;
        Ok(id)
    }

    /// Removes a custom field with all its values.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_field(&self, id: Uuid) -> Result<(), StoreError> {
        self.run("DELETE FROM field_value WHERE field = ?", [id.into()]).await?;
        self.run("DELETE FROM field_before WHERE field = ?", [id.into()]).await?;
        changed(self.run("DELETE FROM field WHERE id = ?", [id.into()]).await?, "field", &id)?;
        self.record(Verb::FieldRemoved, &id, "").await
    }

    /// Sets the value of a custom field of the person of an address; `None` clears it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without the field, [`crate::Constraint::Value`] when the value does
    /// not fit it.
    pub async fn set_field(
        &self,
        id: Uuid,
        address: AddressId,
        value: Option<&str>,
    ) -> Result<(), StoreError> {
        let row = field::Entity::find_by_id(id).one(&self.db).await?;
        let known = field_of(row.ok_or_else(|| StoreError::not_found("field", &id))?)?;
        let value = value.map(str::trim).filter(|value| !value.is_empty());
        if let Some(objection) = value.and_then(|value| known.kind.objection(value)) {
            return Err(StoreError::value(objection));
        }
        self.keep_field_before(id, address).await?;
        let sql = "DELETE FROM field_value WHERE field = ? AND address = ?";
        self.run(sql, [id.into(), address.as_i64().into()]).await?;
        if let Some(value) = value {
            let row = field_value::Model {
                field: id,
                address: address.as_i64(),
                value: value.to_owned(),
                created_at: self.now.ms(),
            };
            self.insert::<field_value::Entity>(&[row], None).await?;
        }
        self.record(Verb::FieldSet, &address, id.to_string()).await
    }

    /// Sets the value again that was there before the last change; done twice, it is as it was.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the value was never changed.
    pub async fn set_field_before(&self, id: Uuid, address: AddressId) -> Result<(), StoreError> {
        let row = field_before::Entity::find_by_id((id, address.as_i64())).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("value before", &id))?;
        self.set_field(id, address, row.value.as_deref()).await
    }

    async fn keep_field_before(&self, id: Uuid, address: AddressId) -> Result<(), StoreError> {
        let key = (id, address.as_i64());
        let now = field_value::Entity::find_by_id(key).one(&self.db).await?;
        let sql = "DELETE FROM field_before WHERE field = ? AND address = ?";
        self.run(sql, [id.into(), address.as_i64().into()]).await?;
        let row = field_before::Model {
            field: id,
            address: address.as_i64(),
            value: now.map(|row| row.value),
            created_at: self.now.ms(),
        };
        self.insert::<field_before::Entity>(&[row], None).await.map(drop)
    }
}

impl Store {
    /// All custom fields, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn fields(&self) -> Result<Vec<Field>, StoreError> {
        let query = field::Entity::find().order_by_asc(field::Column::Folded);
        query.all(&self.db).await?.into_iter().map(field_of).collect()
    }

    /// Values of custom fields of these addresses, as (address, field, value).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn field_values(
        &self,
        addresses: &[AddressId],
    ) -> Result<Vec<(AddressId, Uuid, String)>, StoreError> {
        let (list, values) = address_list(addresses);
        let sql =
            format!("SELECT * FROM field_value WHERE address IN ({list}) ORDER BY field, address");
        let found: Vec<field_value::Model> = rows(&self.db, &sql, values).await?;
        let value =
            |row: field_value::Model| (AddressId::from_i64(row.address), row.field, row.value);
        Ok(found.into_iter().map(value).collect())
    }
}

fn field_of(row: field::Model) -> Result<Field, StoreError> {
    let kind = match row.kind.as_str() {
        "text" => FieldKind::Text,
        "number" => FieldKind::Number,
        "date" => FieldKind::Date,
        "choice" => FieldKind::Choice(serde_json::from_str(&row.choices)?),
        _ => return Err(StoreError::damaged("field.kind", &row.kind)),
    };
    Ok(Field { id: row.id, name: row.name, kind })
}
