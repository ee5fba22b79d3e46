//! What was done to the store, one event per verb.

use sea_orm::{EntityTrait, QueryOrder, QuerySelect};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity;
use crate::error::StoreError;
use crate::store::{Store, Tx};

macro_rules! verbs {
    ($($(#[$doc:meta])* $variant:ident $text:literal,)+) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Verb { $($(#[$doc])* $variant,)+ }

        impl Verb {
            /// The word used in the store and in listings.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// From the word.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

verbs! {
    /// An import was completed; subject: its id.
    ImportFinished "import-finished",
    /// An unfinished import was thrown away; subject: its id.
    ImportDiscarded "import-discarded",
    /// A finished import was taken back; subject: its id.
    ImportUndone "import-undone",
    /// A person said that two addresses are one actor; subject: both ids.
    IdentitiesMerged "identities-merged",
    /// A person said that they are two; subject: both ids.
    IdentitiesSplit "identities-split",
    /// Such a word was taken back; subject: both ids.
    DecisionRemoved "decision-removed",
    /// A person said what an address stands for; subject: its id.
    ClassSet "address-class-set",
    /// Such a word was taken back; subject: its id.
    ClassRemoved "address-class-removed",
    /// A person was erased; no subject, for nothing may point to who it was.
    PersonErased "person-erased",
    /// A column mapping was saved; subject: its name.
    MappingSaved "mapping-saved",
}

/// One event of the history. Never holds a name or an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEvent {
    /// When.
    pub at: Moment,
    /// What was done.
    pub verb: Verb,
    /// Id of what changed.
    pub subject: String,
    /// Counts and values.
    pub detail: String,
}

impl Tx {
    pub(crate) async fn record(
        &self,
        verb: Verb,
        subject: &(impl ToString + ?Sized),
        detail: impl Into<String>,
    ) -> Result<(), StoreError> {
        let row = entity::history::Model {
            id: Uuid::now_v7(),
            at: self.now.ms(),
            verb: verb.name().to_owned(),
            subject: subject.to_string(),
            detail: detail.into(),
            created_at: self.now.ms(),
        };
        self.insert::<entity::history::Entity>(&[row], None).await?;
        Ok(())
    }
}

impl Store {
    /// The newest `limit` events, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn history(&self, limit: u64) -> Result<Vec<HistoryEvent>, StoreError> {
        let rows = entity::history::Entity::find()
            .order_by_desc(entity::history::Column::Id)
            .limit(limit)
            .all(&self.db)
            .await?;
        rows.into_iter()
            .map(|row| {
                let verb = Verb::from_name(&row.verb)
                    .ok_or_else(|| StoreError::damaged("history.verb", &row.verb))?;
                Ok(HistoryEvent {
                    at: Moment::from_ms(row.at),
                    verb,
                    subject: row.subject,
                    detail: row.detail,
                })
            })
            .collect()
    }
}
