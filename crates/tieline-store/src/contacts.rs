//! Contacts that people log by hand. Each read says who reads, and sees what that account may.

use std::collections::HashMap;

use sea_orm::{EntityTrait, FromQueryResult, Value};
use tieline_model::access::Visibility;
use tieline_model::contact::ContactKind;
use tieline_model::id::{AccountId, AddressId, ContactId};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{contact, contact_person};
use crate::error::StoreError;
use crate::history::Verb;
use crate::people::address_list;
use crate::promises::NewPromise;
use crate::store::{Store, Tx, marks, rows, to_i64, word};

/// A logged contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// Who had and logged it.
    pub by: AccountId,
    /// What was done.
    pub kind: ContactKind,
    /// When.
    pub at: Moment,
    /// What it was about, one line; may be empty.
    pub line: String,
    /// Who may read it.
    pub visibility: Visibility,
    /// With whom, in the order given; one at least.
    pub people: Vec<AddressId>,
    /// Grows with each change.
    pub version: i64,
}

/// A contact to be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewContact {
    /// Who had and logs it.
    pub by: AccountId,
    /// What was done.
    pub kind: ContactKind,
    /// When.
    pub at: Moment,
    /// What it was about, one line; may be empty.
    pub line: String,
    /// Who may read it.
    pub visibility: Visibility,
    /// With whom; one at least.
    pub people: Vec<AddressId>,
}

/// Where a page of contacts ended: time and id of its last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContactCursor {
    /// When it was.
    pub at: Moment,
    /// Its id.
    pub id: ContactId,
}

impl Contact {
    /// The cursor of a page that ends with this contact.
    pub fn cursor(&self) -> ContactCursor {
        ContactCursor { at: self.at, id: self.id }
    }
}

/// What a logged contact adds to a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContactTie {
    /// Which contact.
    pub contact: ContactId,
    /// An address of the account's person.
    pub own: AddressId,
    /// An address of the other person.
    pub other: AddressId,
    /// What was done.
    pub kind: ContactKind,
    /// When.
    pub at: Moment,
}

impl Tx {
    /// Logs a contact.
    ///
    /// # Errors
    /// [`crate::Constraint::Value`] without people or when the line is several,
    /// [`crate::Constraint::MissingParent`] without the account.
    pub async fn log_contact(&self, new: &NewContact) -> Result<ContactId, StoreError> {
        let id = ContactId(Uuid::now_v7());
        let row = contact::Model {
            id: id.0,
            account: new.by.0,
            kind: new.kind.name().to_owned(),
            at: new.at.ms(),
            line: one_line(&new.line)?,
            visibility: new.visibility.name().to_owned(),
            version: 1,
            created_at: self.now.ms(),
        };
        self.insert::<contact::Entity>(&[row], None).await?;
        self.set_people(id, &new.people).await?;
        self.record(Verb::ContactLogged, &id, new.kind.name()).await?;
        Ok(id)
    }

    /// Logs a contact with what was promised at it: whether we promised, and what. What they promise
    /// is of the first person named.
    ///
    /// # Errors
    /// As [`Tx::log_contact`] and [`Tx::add_promise`].
    pub async fn log_contact_with(
        &self,
        new: &NewContact,
        promises: &[(bool, String)],
    ) -> Result<ContactId, StoreError> {
        let id = self.log_contact(new).await?;
        for (by_us, text) in promises {
            // A contact without people was refused above.
            let Some(who) = new.people.first().copied() else { break };
            let promise = NewPromise {
                contact: Some(id),
                by_us: *by_us,
                who,
                text: text.clone(),
                due: None,
                author: new.by,
                visibility: new.visibility,
            };
            self.add_promise(&promise).await?;
        }
        Ok(id)
    }

    /// Changes the version given of a contact; only who logged it can (`by`).
    ///
    /// # Errors
    /// [`crate::Constraint::Stale`] when it was changed since, [`StoreError::NotFound`], and as
    /// [`Tx::log_contact`].
    pub async fn update_contact(&self, contact: &Contact) -> Result<(), StoreError> {
        let n = self
            .run(
                "UPDATE contact SET kind = ?, at = ?, line = ?, visibility = ?, \
                 version = version + 1 WHERE id = ? AND account = ? AND version = ?",
                [
                    contact.kind.name().into(),
                    contact.at.ms().into(),
                    one_line(&contact.line)?.into(),
                    contact.visibility.name().into(),
                    contact.id.0.into(),
                    contact.by.0.into(),
                    contact.version.into(),
                ],
            )
            .await?;
        if n == 0 {
            let key = vec![contact.id.0.into(), contact.by.0.into()];
            let row = ("contact WHERE id = ? AND account = ?", key);
            return Err(self.stale_or_gone("contact", &contact.id, row).await?);
        }
        self.run("DELETE FROM contact_person WHERE contact = ?", [contact.id.0.into()]).await?;
        self.set_people(contact.id, &contact.people).await?;
        self.record(Verb::ContactChanged, &contact.id, "").await
    }

    /// Takes a logged contact back, with the promises made at it; only who logged it can.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn undo_contact(&self, id: ContactId, by: AccountId) -> Result<(), StoreError> {
        let own = contact::Entity::find_by_id(id.0).one(&self.db).await?;
        if own.is_none_or(|row| row.account != by.0) {
            return Err(StoreError::not_found("contact", &id));
        }
        for table in ["promise", "contact_person"] {
            let sql = format!("DELETE FROM {table} WHERE contact = ?");
            self.run(&sql, [id.0.into()]).await?;
        }
        self.run("DELETE FROM contact WHERE id = ?", [id.0.into()]).await?;
        self.record(Verb::ContactUndone, &id, "").await
    }

    async fn set_people(&self, id: ContactId, people: &[AddressId]) -> Result<(), StoreError> {
        let mut distinct: Vec<AddressId> = Vec::with_capacity(people.len());
        for address in people {
            if !distinct.contains(address) {
                distinct.push(*address);
            }
        }
        if distinct.is_empty() {
            return Err(StoreError::value("a contact is with one person at least"));
        }
        let row = |(address, position): (AddressId, i64)| contact_person::Model {
            contact: id.0,
            address: address.as_i64(),
            position,
            created_at: self.now.ms(),
        };
        let people: Vec<_> = distinct.into_iter().zip(0..).map(row).collect();
        self.insert::<contact_person::Entity>(&people, None).await?;
        Ok(())
    }
}

/// Condition that an account reads a row: it wrote it, or its visibility is one of those bound.
/// Sides come with partnerships; until then a party is the author alone.
pub(crate) fn reads(table: &str, viewer: AccountId, workspace_ok: bool) -> (String, Vec<Value>) {
    match workspace_ok {
        true => (
            format!("({table}.account = ? OR {table}.visibility = ?)"),
            vec![viewer.0.into(), Visibility::Workspace.name().into()],
        ),
        false => (format!("{table}.account = ?"), vec![viewer.0.into()]),
    }
}

impl Store {
    /// Contacts with the person of these addresses that `viewer` may read, the latest first.
    /// `workspace_ok`: whether it may read what is visible to the workspace.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn contacts_about(
        &self,
        addresses: &[AddressId],
        viewer: AccountId,
        workspace_ok: bool,
        after: Option<ContactCursor>,
        limit: u64,
    ) -> Result<Vec<Contact>, StoreError> {
        let (scope, mut values) = reads("contact", viewer, workspace_ok);
        let (list, theirs) = address_list(addresses);
        values.extend(theirs);
        let condition = format!(
            "{scope} AND contact.id IN (SELECT p.contact FROM contact_person p \
             WHERE p.address IN ({list}))"
        );
        self.contacts_where(&condition, values, after, limit).await
    }

    /// Contacts that an account logged, the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn contacts_by(
        &self,
        account: AccountId,
        after: Option<ContactCursor>,
        limit: u64,
    ) -> Result<Vec<Contact>, StoreError> {
        self.contacts_where("contact.account = ?", vec![account.0.into()], after, limit).await
    }

    /// What all logged contacts add to ties, by time: those of accounts that say which person they
    /// are. Who may see the tie is for the reader of ties to say.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn all_contacts(&self) -> Result<Vec<ContactTie>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            own: i64,
            other: i64,
            kind: String,
            at: i64,
        }
        let found: Vec<Row> = rows(
            &self.db,
            "SELECT c.id, a.actor AS own, p.address AS other, c.kind, c.at FROM contact c \
             JOIN account a ON a.id = c.account JOIN contact_person p ON p.contact = c.id \
             WHERE a.actor IS NOT NULL ORDER BY c.at, c.id, p.position",
            [],
        )
        .await?;
        let tie = |row: Row| {
            Ok(ContactTie {
                contact: ContactId(row.id),
                own: AddressId::from_i64(row.own),
                other: AddressId::from_i64(row.other),
                kind: word("contact.kind", &row.kind, ContactKind::from_name)?,
                at: Moment::from_ms(row.at),
            })
        };
        found.into_iter().map(tie).collect()
    }

    async fn contacts_where(
        &self,
        condition: &str,
        mut values: Vec<Value>,
        after: Option<ContactCursor>,
        limit: u64,
    ) -> Result<Vec<Contact>, StoreError> {
        let mut page = String::new();
        if let Some(after) = after {
            page.push_str(" AND (contact.at, contact.id) < (?, ?)");
            values.extend([Value::from(after.at.ms()), Value::from(after.id.0)]);
        }
        values.push(to_i64(limit).into());
        let sql = format!(
            "SELECT contact.* FROM contact WHERE {condition}{page} \
             ORDER BY contact.at DESC, contact.id DESC LIMIT ?"
        );
        let found: Vec<contact::Model> = rows(&self.db, &sql, values).await?;
        let mut people: HashMap<Uuid, Vec<AddressId>> = HashMap::new();
        for portion in found.chunks(500) {
            let sql = format!(
                "SELECT * FROM contact_person WHERE contact IN ({}) ORDER BY position",
                marks(portion.len())
            );
            let ids = portion.iter().map(|row| row.id.into());
            for row in rows::<contact_person::Model>(&self.db, &sql, ids).await? {
                people.entry(row.contact).or_default().push(AddressId::from_i64(row.address));
            }
        }
        found
            .into_iter()
            .map(|row| {
                let with = people.remove(&row.id).unwrap_or_default();
                contact_of(row, with)
            })
            .collect()
    }
}

fn contact_of(row: contact::Model, people: Vec<AddressId>) -> Result<Contact, StoreError> {
    Ok(Contact {
        id: ContactId(row.id),
        by: AccountId(row.account),
        kind: word("contact.kind", &row.kind, ContactKind::from_name)?,
        at: Moment::from_ms(row.at),
        line: row.line,
        visibility: word("contact.visibility", &row.visibility, Visibility::from_name)?,
        people,
        version: row.version,
    })
}

fn one_line(text: &str) -> Result<String, StoreError> {
    if text.trim().contains(['\n', '\r']) {
        return Err(StoreError::value("a logged contact has one line: write more into a note"));
    }
    Ok(text.trim().to_owned())
}
