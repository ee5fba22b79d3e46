//! What one side promised the other.

use sea_orm::EntityTrait;
use tieline_model::access::Visibility;
use tieline_model::id::{AccountId, AddressId, ContactId, PromiseId};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::contacts::reads;
use crate::entity::promise;
use crate::error::StoreError;
use crate::history::Verb;
use crate::people::address_list;
use crate::store::{Store, Tx, number, rows, to_i64, word};

/// Something promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Its id.
    pub id: PromiseId,
    /// The contact at which it was made.
    pub contact: Option<ContactId>,
    /// Whether the author promised it; else the other person did.
    pub by_us: bool,
    /// The other person.
    pub who: AddressId,
    /// What.
    pub text: String,
    /// Until when.
    pub due: Option<Moment>,
    /// When it was kept; `None`: it is open.
    pub kept: Option<Moment>,
    /// Who wrote it down.
    pub author: AccountId,
    /// Who may read it.
    pub visibility: Visibility,
    /// Grows with each change.
    pub version: i64,
}

/// A promise to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPromise {
    /// The contact at which it was made; of the same author.
    pub contact: Option<ContactId>,
    /// Whether the author promised it; else the other person did.
    pub by_us: bool,
    /// The other person.
    pub who: AddressId,
    /// What.
    pub text: String,
    /// Until when.
    pub due: Option<Moment>,
    /// Who writes it down.
    pub author: AccountId,
    /// Who may read it.
    pub visibility: Visibility,
}

impl Tx {
    /// Writes a promise down.
    ///
    /// # Errors
    /// [`crate::Constraint::Value`] without a text, [`crate::Constraint::MissingParent`] without
    /// the account;
    /// [`StoreError::NotFound`] when the author logged no such contact.
    pub async fn add_promise(&self, new: &NewPromise) -> Result<PromiseId, StoreError> {
        if new.text.trim().is_empty() {
            return Err(StoreError::value("say what was promised"));
        }
        if let Some(contact) = new.contact {
            let own = "SELECT COUNT(*) FROM contact WHERE id = ? AND account = ?";
            if number(&self.db, own, [contact.0.into(), new.author.0.into()]).await? == 0 {
                return Err(StoreError::not_found("contact", &contact));
            }
        }
        let id = PromiseId(Uuid::now_v7());
        let row = promise::Model {
            id: id.0,
            contact: new.contact.map(|contact| contact.0),
            by_us: new.by_us,
            address: new.who.as_i64(),
            text: new.text.trim().to_owned(),
            due_ms: new.due.map(Moment::ms),
            kept_ms: None,
            account: new.author.0,
            visibility: new.visibility.name().to_owned(),
            version: 1,
            created_at: self.now.ms(),
        };
        self.insert::<promise::Entity>(&[row], None).await?;
        self.record(Verb::PromiseAdded, &id, "").await?;
        Ok(id)
    }

    /// Says that a promise was kept at a moment; only its author can. A kept one keeps its moment.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn keep_promise(
        &self,
        id: PromiseId,
        author: AccountId,
        at: Moment,
    ) -> Result<(), StoreError> {
        let open = self.own_promise(id, author).await?.kept_ms.is_none();
        if !open {
            return Ok(());
        }
        let sql = "UPDATE promise SET kept_ms = ?, version = version + 1 WHERE id = ?";
        self.run(sql, [at.ms().into(), id.0.into()]).await?;
        self.record(Verb::PromiseKept, &id, "").await
    }

    /// Takes that back.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn reopen_promise(&self, id: PromiseId, author: AccountId) -> Result<(), StoreError> {
        if self.own_promise(id, author).await?.kept_ms.is_none() {
            return Ok(());
        }
        let sql = "UPDATE promise SET kept_ms = NULL, version = version + 1 WHERE id = ?";
        self.run(sql, [id.0.into()]).await?;
        self.record(Verb::PromiseReopened, &id, "").await
    }

    /// Takes a promise back as if it had never been written down; only its author can.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn withdraw_promise(
        &self,
        id: PromiseId,
        author: AccountId,
    ) -> Result<(), StoreError> {
        self.own_promise(id, author).await?;
        self.run("DELETE FROM promise WHERE id = ?", [id.0.into()]).await?;
        self.record(Verb::PromiseWithdrawn, &id, "").await
    }

    async fn own_promise(
        &self,
        id: PromiseId,
        author: AccountId,
    ) -> Result<promise::Model, StoreError> {
        let row = promise::Entity::find_by_id(id.0).one(&self.db).await?;
        row.filter(|row| row.account == author.0)
            .ok_or_else(|| StoreError::not_found("promise", &id))
    }
}

impl Store {
    /// Open promises that an account wrote down: those that are due first, then those without a
    /// date, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn promises_open(
        &self,
        viewer: AccountId,
        limit: u64,
    ) -> Result<Vec<Promise>, StoreError> {
        let found: Vec<promise::Model> = rows(
            &self.db,
            "SELECT * FROM promise WHERE account = ? AND kept_ms IS NULL \
             ORDER BY CASE WHEN due_ms IS NULL THEN 1 ELSE 0 END, due_ms, id LIMIT ?",
            [viewer.0.into(), to_i64(limit).into()],
        )
        .await?;
        found.into_iter().map(promise_of).collect()
    }

    /// One promise that an account wrote down.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn promise(&self, id: PromiseId, author: AccountId) -> Result<Promise, StoreError> {
        let row = promise::Entity::find_by_id(id.0).one(&self.db).await?;
        let row = row.filter(|row| row.account == author.0);
        promise_of(row.ok_or_else(|| StoreError::not_found("promise", &id))?)
    }

    /// Promises between authors and the person of these addresses that `viewer` may read: open ones
    /// first, then the latest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn promises_about(
        &self,
        addresses: &[AddressId],
        viewer: AccountId,
        workspace_ok: bool,
        limit: u64,
    ) -> Result<Vec<Promise>, StoreError> {
        let (scope, mut values) = reads("promise", viewer, workspace_ok);
        let (list, theirs) = address_list(addresses);
        values.extend(theirs);
        values.push(to_i64(limit).into());
        let sql = format!(
            "SELECT promise.* FROM promise WHERE {scope} AND promise.address IN ({list}) \
             ORDER BY CASE WHEN kept_ms IS NULL THEN 0 ELSE 1 END, id DESC LIMIT ?"
        );
        let found: Vec<promise::Model> = rows(&self.db, &sql, values).await?;
        found.into_iter().map(promise_of).collect()
    }
}

fn promise_of(row: promise::Model) -> Result<Promise, StoreError> {
    Ok(Promise {
        id: PromiseId(row.id),
        contact: row.contact.map(ContactId),
        by_us: row.by_us,
        who: AddressId::from_i64(row.address),
        text: row.text,
        due: row.due_ms.map(Moment::from_ms),
        kept: row.kept_ms.map(Moment::from_ms),
        author: AccountId(row.account),
        visibility: word("promise.visibility", &row.visibility, Visibility::from_name)?,
        version: row.version,
    })
}
