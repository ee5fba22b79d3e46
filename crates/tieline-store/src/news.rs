//! What happened since: for whoever shows pages that stay current. Reads of rows that are indexed, so
//! that a server may ask every second.

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use tieline_model::access::Visibility;
use tieline_model::id::{AccountId, AddressId};
use tieline_model::job::JobState;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{history, job};
use crate::error::StoreError;
use crate::history::Verb;
use crate::jobs::{StoredJob, job_of};
use crate::store::{Store, rows, word};

/// One event of the history, with its place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Its id: grows with each event, whichever program wrote it and whatever its clock said.
    pub id: Uuid,
    /// When.
    pub at: Moment,
    /// What was done.
    pub verb: Verb,
    /// Id of what changed.
    pub subject: String,
}

/// Whom something written is about, and who may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Who wrote it.
    pub author: AccountId,
    /// Who may read it.
    pub visibility: Visibility,
    /// An address of each person whom it is about.
    pub about: Vec<AddressId>,
}

/// A table of what people write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenKind {
    /// Notes.
    Note,
    /// Promises.
    Promise,
    /// Contacts.
    Contact,
}

#[derive(FromQueryResult)]
struct WrittenRow {
    account: Uuid,
    visibility: String,
    address: i64,
}

impl Store {
    /// The newest event; `None` before the first. One look at the end of an index.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn last_event(&self) -> Result<Option<Uuid>, StoreError> {
        crate::history::last_event(&self.db).await
    }

    /// Events after this one, the oldest first; at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn events_after(
        &self,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<News>, StoreError> {
        let mut query = history::Entity::find().order_by_asc(history::Column::Id).limit(limit);
        if let Some(after) = after {
            query = query.filter(history::Column::Id.gt(after));
        }
        let news = |row: history::Model| {
            Ok(News {
                id: row.id,
                at: Moment::from_ms(row.at),
                verb: word("history.verb", &row.verb, Verb::from_name)?,
                subject: row.subject,
            })
        };
        query.all(&self.db).await?.into_iter().map(news).collect()
    }

    /// Jobs that are not over, the oldest first; at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn jobs_at_work(&self, limit: u64) -> Result<Vec<StoredJob>, StoreError> {
        let states = JobState::ALL.iter().filter(|state| !state.is_over());
        let query = job::Entity::find()
            .filter(job::Column::State.is_in(states.map(|state| state.name())))
            .order_by_asc(job::Column::Id)
            .limit(limit);
        query.all(&self.db).await?.into_iter().map(job_of).collect()
    }

    /// Whom a note, promise or contact is about and who may read it, whether it stands or was taken
    /// back; `None` when it is not there any more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn written(
        &self,
        kind: WrittenKind,
        id: Uuid,
    ) -> Result<Option<Written>, StoreError> {
        let sql = match kind {
            WrittenKind::Note => "SELECT account, visibility, address FROM note WHERE id = ?",
            WrittenKind::Promise => "SELECT account, visibility, address FROM promise WHERE id = ?",
            WrittenKind::Contact => {
                "SELECT c.account, c.visibility, p.address FROM contact c \
                 JOIN contact_person p ON p.contact = c.id WHERE c.id = ? ORDER BY p.position"
            }
        };
        let found: Vec<WrittenRow> = rows(&self.db, sql, [id.into()]).await?;
        let Some(first) = found.first() else { return Ok(None) };
        Ok(Some(Written {
            author: AccountId(first.account),
            visibility: word("visibility", &first.visibility, Visibility::from_name)?,
            about: found.iter().map(|row| AddressId::from_i64(row.address)).collect(),
        }))
    }
}
