//! The charter of a partnership: drafted together, version by version. Each version is put to the
//! parties; a change asks them again.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult};
use tieline_model::id::{AccountId, ActorId, CommentId, PartnershipId, PartyId};
use tieline_model::partnership::charter::{Answer, Assent, Charter};
use tieline_model::room::{Participant, Section};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{charter_answer, charter_comment, charter_text, charter_version};
use crate::error::{Constraint, StoreError};
use crate::guests::Author;
use crate::history::Verb;
use crate::rooms::{allowed, standing};
use crate::store::{Store, Tx, changed, number, rows, to_i64, word};

/// A version of a charter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CharterVersion {
    /// From 1.
    pub number: u32,
    /// When it was saved.
    pub at: Moment,
    /// Who saved it; `None`: a guest, or someone erased since.
    pub by: Option<AccountId>,
    /// The guest who saved it.
    pub guest: Option<Author>,
    /// What it says; a section that says nothing is missing.
    pub texts: BTreeMap<Section, String>,
}

/// A comment on a version of a charter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CharterComment {
    /// Its id.
    pub id: CommentId,
    /// On which version.
    pub number: u32,
    /// On which section; `None`: on the whole.
    pub section: Option<Section>,
    /// For which party it was written.
    pub party: Option<PartyId>,
    /// Who wrote it; `None`: a guest, or someone erased since.
    pub by: Option<AccountId>,
    /// The guest who wrote it.
    pub guest: Option<Author>,
    /// What it says.
    pub text: String,
    /// When.
    pub at: Moment,
}

impl Tx {
    /// Saves the next version after the version `after` (0: there is none yet), which asks every
    /// party again; for everyone in the room. `None` when it says the same.
    ///
    /// # Errors
    /// [`Constraint::Stale`] when another one was saved since, [`StoreError::NotFound`],
    /// [`Constraint::Value`] when it says nothing.
    pub async fn save_charter(
        &self,
        id: PartnershipId,
        texts: &BTreeMap<Section, String>,
        after: u32,
        by: Participant,
    ) -> Result<Option<u32>, StoreError> {
        self.in_room(id, by).await?;
        if newest(&self.db, id).await? != after {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let texts: BTreeMap<Section, String> = texts
            .iter()
            .map(|(section, text)| (*section, text.trim().replace("\r\n", "\n")))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        if texts.is_empty() {
            return Err(StoreError::value("a charter says something"));
        }
        if after > 0 && texts_of(&self.db, id, after).await? == texts {
            return Ok(None);
        }
        let next = after.saturating_add(1);
        let row = charter_version::Model {
            partnership: id.0,
            number: i64::from(next),
            at: self.now.ms(),
            account: by.account().map(|account| account.0),
            created_at: self.now.ms(),
        };
        self.insert::<charter_version::Entity>(&[row], None).await?;
        self.mark_seat(version_key(id, next)).await?;
        let lines: Vec<charter_text::Model> = texts
            .into_iter()
            .map(|(section, text)| charter_text::Model {
                partnership: id.0,
                number: i64::from(next),
                section: section.name().to_owned(),
                text,
                created_at: self.now.ms(),
            })
            .collect();
        self.insert::<charter_text::Entity>(&lines, None).await?;
        self.record(Verb::CharterSaved, &id, next.to_string()).await?;
        Ok(Some(next))
    }

    /// Answers the newest version for a party; for those who give its word.
    ///
    /// # Errors
    /// [`Constraint::Stale`] when a newer version was saved, [`StoreError::NotFound`].
    pub async fn answer_charter(
        &self,
        id: PartnershipId,
        (version, answer, note): (u32, Answer, &str),
        by: Participant,
    ) -> Result<(), StoreError> {
        let standing = self.in_room(id, by).await?;
        let party = standing.party().filter(|party| standing.gives_word_of(*party));
        let party = party.ok_or_else(|| StoreError::not_found("partnership", &id))?;
        if newest(&self.db, id).await? != version || version == 0 {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let row = charter_answer::Model {
            id: Uuid::now_v7(),
            partnership: id.0,
            number: i64::from(version),
            party: party.0,
            answer: answer.name().to_owned(),
            note: note.trim().to_owned(),
            at: self.now.ms(),
            account: by.account().map(|account| account.0),
            created_at: self.now.ms(),
        };
        self.insert::<charter_answer::Entity>(&[row], None).await?;
        self.record(Verb::CharterAnswered, &id, party.to_string()).await
    }

    /// Comments on a version, or on a section of it; for everyone in the room.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`Constraint::Value`] for one that says nothing.
    pub async fn comment_charter(
        &self,
        id: PartnershipId,
        (version, section, text): (u32, Option<Section>, &str),
        by: Participant,
    ) -> Result<CommentId, StoreError> {
        let standing = self.in_room(id, by).await?;
        allowed(version > 0 && version <= newest(&self.db, id).await?, id)?;
        if text.trim().is_empty() {
            return Err(StoreError::value("a comment says something"));
        }
        let comment = CommentId(Uuid::now_v7());
        let row = charter_comment::Model {
            id: comment.0,
            partnership: id.0,
            number: i64::from(version),
            section: section.map(|section| section.name().to_owned()),
            party: standing.party().map(|party| party.0),
            text: text.trim().to_owned(),
            removed_at: None,
            account: by.account().map(|account| account.0),
            created_at: self.now.ms(),
        };
        self.insert::<charter_comment::Entity>(&[row], None).await?;
        self.mark_seat(comment.0).await?;
        self.record(Verb::CharterCommented, &id, version.to_string()).await?;
        Ok(comment)
    }

    /// Takes a comment back, or lets it stand again; only its author can.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_comment(
        &self,
        (id, comment): (PartnershipId, CommentId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.in_room(id, by).await?;
        let removed_at = is_removed.then_some(self.now.ms());
        let was = if is_removed { "NULL" } else { "NOT NULL" };
        let (own, author) = match by {
            Participant::Account(account) => ("account = ?", account.0),
            Participant::Guest(seat) => {
                ("id IN (SELECT thing FROM by_seat WHERE seat = ?)", seat.0)
            }
        };
        let sql = format!(
            "UPDATE charter_comment SET removed_at = ? \
             WHERE id = ? AND partnership = ? AND {own} AND removed_at IS {was}"
        );
        let values = [removed_at.into(), comment.0.into(), id.0.into(), author.into()];
        changed(self.run(&sql, values).await?, "comment", &comment)?;
        self.record(Verb::CommentRemoved, &id, "").await
    }
}

impl Store {
    /// A version of a charter; the newest where none is named.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room, and where there is no such version.
    pub async fn charter(
        &self,
        id: PartnershipId,
        version: Option<u32>,
        by: Participant,
    ) -> Result<CharterVersion, StoreError> {
        standing(&self.db, id, by).await?;
        let version = match version {
            Some(version) => version,
            None => newest(&self.db, id).await?,
        };
        let key = (id.0, i64::from(version));
        let row = charter_version::Entity::find_by_id(key).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("charter", &version))?;
        let key = version_key(id, version);
        Ok(CharterVersion {
            number: version,
            at: Moment::from_ms(row.at),
            by: row.account.map(AccountId),
            guest: self.authors(&[key]).await?.remove(&key),
            texts: texts_of(&self.db, id, version).await?,
        })
    }

    /// How the parties stand to the charter.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn assents(&self, id: PartnershipId, by: Participant) -> Result<Charter, StoreError> {
        standing(&self.db, id, by).await?;
        assents(&self.db, id).await
    }

    /// Comments on a charter that stand, the oldest first; at most `limit`, the latest ones.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn charter_comments(
        &self,
        id: PartnershipId,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<CharterComment>, StoreError> {
        standing(&self.db, id, by).await?;
        let sql = "SELECT * FROM charter_comment WHERE partnership = ? AND removed_at IS NULL \
                   ORDER BY id DESC LIMIT ?";
        let found: Vec<charter_comment::Model> =
            rows(&self.db, sql, [id.0.into(), to_i64(limit).into()]).await?;
        let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
        let mut guests = self.authors(&ids).await?;
        let section = |text: String| word("charter_comment.section", &text, Section::from_name);
        let one = |row: charter_comment::Model| {
            Ok(CharterComment {
                id: CommentId(row.id),
                number: version_of(row.number),
                section: row.section.map(section).transpose()?,
                party: row.party.map(PartyId),
                by: row.account.map(AccountId),
                guest: guests.remove(&row.id),
                text: row.text,
                at: Moment::from_ms(row.created_at),
            })
        };
        found.into_iter().rev().map(one).collect()
    }
}

/// Number of the newest version; 0 where there is none.
async fn newest(db: &impl ConnectionTrait, id: PartnershipId) -> Result<u32, StoreError> {
    let sql = "SELECT MAX(number) FROM charter_version WHERE partnership = ?";
    Ok(version_of(number(db, sql, [id.0.into()]).await?))
}

fn version_of(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// What marks a version as written by a guest.
fn version_key(id: PartnershipId, version: u32) -> Uuid {
    ActorId::derived(&[id.to_string().as_bytes(), b"charter", version.to_string().as_bytes()]).0
}

/// What a version says.
async fn texts_of(
    db: &impl ConnectionTrait,
    id: PartnershipId,
    version: u32,
) -> Result<BTreeMap<Section, String>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        section: String,
        text: String,
    }
    let sql = "SELECT section, text FROM charter_text WHERE partnership = ? AND number = ?";
    let found: Vec<Row> = rows(db, sql, [id.0.into(), i64::from(version).into()]).await?;
    let one =
        |row: Row| Ok((word("charter_text.section", &row.section, Section::from_name)?, row.text));
    found.into_iter().map(one).collect()
}

/// All answers to all versions.
pub(crate) async fn assents(
    db: &impl ConnectionTrait,
    id: PartnershipId,
) -> Result<Charter, StoreError> {
    let sql = "SELECT * FROM charter_answer WHERE partnership = ? ORDER BY id";
    let found: Vec<charter_answer::Model> = rows(db, sql, [id.0.into()]).await?;
    let one = |row: charter_answer::Model| {
        Ok(Assent {
            party: PartyId(row.party),
            version: version_of(row.number),
            answer: word("charter_answer.answer", &row.answer, Answer::from_name)?,
            at: Moment::from_ms(row.at),
        })
    };
    let answers = found.into_iter().map(one).collect::<Result<_, StoreError>>()?;
    Ok(Charter { newest: newest(db, id).await?, answers })
}

/// Whether the newest version says how decisions are taken.
pub(crate) async fn says_decisions(
    db: &impl ConnectionTrait,
    id: PartnershipId,
) -> Result<bool, StoreError> {
    let newest = newest(db, id).await?;
    Ok(texts_of(db, id, newest).await?.contains_key(&Section::Decisions))
}
