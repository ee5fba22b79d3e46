//! Notes on people and organisations. Each read says who reads, and sees what that account may.

use sea_orm::{EntityTrait, Value};
use tieline_model::access::Visibility;
use tieline_model::id::{AccountId, AddressId, NoteId};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::contacts::reads;
use crate::entity::note;
use crate::error::StoreError;
use crate::history::Verb;
use crate::people::address_list;
use crate::store::{Store, Tx, changed, rows, to_i64, word};

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// An address of whom it is about.
    pub about: AddressId,
    /// Who wrote it.
    pub author: AccountId,
    /// What it says.
    pub text: String,
    /// Who may read it.
    pub visibility: Visibility,
    /// When it was written.
    pub created: Moment,
    /// When it was last changed.
    pub changed: Moment,
    /// Grows with each change.
    pub version: i64,
}

/// A note to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNote {
    /// An address of whom it is about.
    pub about: AddressId,
    /// Who writes it.
    pub author: AccountId,
    /// What it says.
    pub text: String,
    /// Who may read it.
    pub visibility: Visibility,
}

impl Tx {
    /// Writes a note.
    ///
    /// # Errors
    /// [`crate::Constraint::Value`] for an empty one, [`crate::Constraint::MissingParent`] without
    /// the account.
    pub async fn add_note(&self, new: &NewNote) -> Result<NoteId, StoreError> {
        let id = NoteId(Uuid::now_v7());
        let row = note::Model {
            id: id.0,
            address: new.about.as_i64(),
            account: new.author.0,
            text: text_of(&new.text)?,
            visibility: new.visibility.name().to_owned(),
            version: 1,
            changed_at: self.now.ms(),
            deleted_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<note::Entity>(&[row], None).await?;
        self.index_note(id.0, Some(&new.text)).await?;
        self.record(Verb::NoteAdded, &id, "").await?;
        Ok(id)
    }

    /// Changes text and visibility of the version given; only its author can.
    ///
    /// # Errors
    /// [`crate::Constraint::Stale`] when it was changed since, [`StoreError::NotFound`],
    /// [`crate::Constraint::Value`] for an empty one.
    pub async fn update_note(&self, note: &Note) -> Result<(), StoreError> {
        let n = self
            .run(
                "UPDATE note SET text = ?, visibility = ?, changed_at = ?, version = version + 1 \
                 WHERE id = ? AND account = ? AND version = ? AND deleted_at IS NULL",
                [
                    text_of(&note.text)?.into(),
                    note.visibility.name().into(),
                    self.now.ms().into(),
                    note.id.0.into(),
                    note.author.0.into(),
                    note.version.into(),
                ],
            )
            .await?;
        if n == 0 {
            let key = vec![note.id.0.into(), note.author.0.into()];
            let row = ("note WHERE id = ? AND account = ? AND deleted_at IS NULL", key);
            return Err(self.stale_or_gone("note", &note.id, row).await?);
        }
        self.index_note(note.id.0, Some(&note.text)).await?;
        self.record(Verb::NoteChanged, &note.id, "").await
    }

    /// Deletes a note so that it can be restored until it is swept; only its author can.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn delete_note(&self, id: NoteId, author: AccountId) -> Result<(), StoreError> {
        let sql = "UPDATE note SET deleted_at = ?, version = version + 1 \
                   WHERE id = ? AND account = ? AND deleted_at IS NULL";
        let values = [self.now.ms().into(), id.0.into(), author.0.into()];
        changed(self.run(sql, values).await?, "note", &id)?;
        self.index_note(id.0, None).await?;
        self.record(Verb::NoteDeleted, &id, "").await
    }

    /// Takes a deletion back.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such deleted note of this author.
    pub async fn undelete_note(&self, id: NoteId, author: AccountId) -> Result<(), StoreError> {
        let sql = "UPDATE note SET deleted_at = NULL, version = version + 1 \
                   WHERE id = ? AND account = ? AND deleted_at IS NOT NULL";
        changed(self.run(sql, [id.0.into(), author.0.into()]).await?, "note", &id)?;
        let row = note::Entity::find_by_id(id.0).one(&self.db).await?;
        self.index_note(id.0, row.as_ref().map(|row| row.text.as_str())).await?;
        self.record(Verb::NoteRestored, &id, "").await
    }

    /// Removes notes for good that were deleted before a moment; how many.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sweep_notes(&self, before: Moment) -> Result<u64, StoreError> {
        self.run("DELETE FROM note WHERE deleted_at < ?", [before.ms().into()]).await
    }
}

impl Store {
    /// Notes on the person of these addresses that `viewer` may read, the latest first.
    /// `workspace_ok`: whether it may read what is visible to the workspace.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notes_about(
        &self,
        addresses: &[AddressId],
        viewer: AccountId,
        workspace_ok: bool,
        limit: u64,
    ) -> Result<Vec<Note>, StoreError> {
        let (scope, mut values) = reads("note", viewer, workspace_ok);
        let (list, theirs) = address_list(addresses);
        values.extend(theirs);
        values.push(to_i64(limit).into());
        let sql = format!(
            "SELECT note.* FROM note WHERE {scope} AND note.address IN ({list}) \
             AND deleted_at IS NULL ORDER BY id DESC LIMIT ?"
        );
        rows::<note::Model>(&self.db, &sql, values).await?.into_iter().map(note_of).collect()
    }

    /// Notes that an account wrote, the latest first; those written before `after`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notes_by(
        &self,
        author: AccountId,
        after: Option<NoteId>,
        limit: u64,
    ) -> Result<Vec<Note>, StoreError> {
        let before = after.map_or(Uuid::max(), |after| after.0);
        let values: [Value; 3] = [author.0.into(), before.into(), to_i64(limit).into()];
        let sql = "SELECT * FROM note WHERE account = ? AND id < ? AND deleted_at IS NULL \
                   ORDER BY id DESC LIMIT ?";
        rows::<note::Model>(&self.db, sql, values).await?.into_iter().map(note_of).collect()
    }

    /// Whom a note of an account is about, whether it is deleted or not.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn note_about(&self, id: NoteId, author: AccountId) -> Result<AddressId, StoreError> {
        let row = note::Entity::find_by_id(id.0).one(&self.db).await?;
        row.filter(|row| row.account == author.0)
            .map(|row| AddressId::from_i64(row.address))
            .ok_or_else(|| StoreError::not_found("note", &id))
    }

    /// One note, when `viewer` may read it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn note(
        &self,
        id: NoteId,
        viewer: AccountId,
        workspace_ok: bool,
    ) -> Result<Note, StoreError> {
        let row = note::Entity::find_by_id(id.0).one(&self.db).await?;
        let row = row.filter(|row| {
            let open = workspace_ok && row.visibility == Visibility::Workspace.name();
            row.deleted_at.is_none() && (row.account == viewer.0 || open)
        });
        note_of(row.ok_or_else(|| StoreError::not_found("note", &id))?)
    }
}

fn note_of(row: note::Model) -> Result<Note, StoreError> {
    Ok(Note {
        id: NoteId(row.id),
        about: AddressId::from_i64(row.address),
        author: AccountId(row.account),
        text: row.text,
        visibility: word("note.visibility", &row.visibility, Visibility::from_name)?,
        created: Moment::from_ms(row.created_at),
        changed: Moment::from_ms(row.changed_at),
        version: row.version,
    })
}

fn text_of(text: &str) -> Result<String, StoreError> {
    match text.trim() {
        "" => Err(StoreError::value("a note says something")),
        text => Ok(text.to_owned()),
    }
}
