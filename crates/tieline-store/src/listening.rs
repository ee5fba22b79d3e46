//! The listening record: what was said, written down by anyone in the room, and what came of it.

use sea_orm::{EntityTrait, FromQueryResult, Value};
use tieline_model::id::{HeardId, PartnershipId, PartyId};
use tieline_model::listening::{self, Reply};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::heard;
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::rooms::{allowed, standing};
use crate::store::{Store, Tx, rows, to_i64, word};

/// Something that was said. Who wrote it down is told to nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Its id.
    pub id: HeardId,
    /// For which party it was written down.
    pub party: Option<PartyId>,
    /// Who said it, as far as that may be told; may be empty.
    pub voice: String,
    /// What.
    pub text: String,
    /// When it was written down.
    pub said: Moment,
    /// What came of it.
    pub reply: Reply,
    /// In words; empty while it waits.
    pub answer: String,
    /// For which party it was answered last.
    pub answered_for: Option<PartyId>,
    /// When the answer was last changed.
    pub answered: Option<Moment>,
    /// Grows with each change.
    pub version: i64,
}

impl Tx {
    /// Writes down what was said, for one's own party; for everyone in the room.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] for nothing.
    pub async fn hear(
        &self,
        id: PartnershipId,
        (text, voice): (&str, &str),
        by: Participant,
    ) -> Result<HeardId, StoreError> {
        let standing = self.in_room(id, by).await?;
        if text.trim().is_empty() {
            return Err(StoreError::value("something was said"));
        }
        let one = HeardId(Uuid::now_v7());
        let row = heard::Model {
            id: one.0,
            partnership: id.0,
            party: standing.party().map(|party| party.0),
            voice: voice.trim().to_owned(),
            text: text.trim().to_owned(),
            account: by.account().map(|account| account.0),
            reply: Reply::Waits.name().to_owned(),
            answer: String::new(),
            answered_party: None,
            answered_at: None,
            changed_at: None,
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<heard::Entity>(&[row], None).await?;
        self.mark_seat(one.0).await?;
        self.record(Verb::HeardWritten, &id, one.to_string()).await?;
        Ok(one)
    }

    /// Says what came of it, of the version given; for everyone in the room. Another answer takes the
    /// place of an earlier one.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`StoreError::NotFound`]; [`Constraint::Value`] for what is no answer.
    pub async fn answer_heard(
        &self,
        at: (PartnershipId, HeardId),
        (reply, answer): (Reply, &str),
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let standing = self.in_room(at.0, by).await?;
        let known = self.heard_in(at).await?;
        if known.removed_at.is_some() {
            return Err(StoreError::not_found("heard", &at.1));
        }
        if known.version != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        reply.in_words(answer).map_err(|fault| StoreError::value(fault.to_string()))?;
        let sql = "UPDATE heard SET reply = ?, answer = ?, answered_party = ?, \
                   answered_at = COALESCE(answered_at, ?), changed_at = ?, version = version + 1 \
                   WHERE id = ?";
        let values: [Value; 6] = [
            reply.name().into(),
            answer.trim().into(),
            standing.party().map(|party| party.0).into(),
            self.now.ms().into(),
            self.now.ms().into(),
            at.1.0.into(),
        ];
        self.run(sql, values).await?;
        self.record(Verb::HeardAnswered, &at.0, at.1.to_string()).await
    }

    /// Takes back what was not answered yet, or lets it stand again; for people of the party that it
    /// was written down for, and where it was for none, for whoever convenes.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`Constraint::Value`] for what was answered.
    pub async fn remove_heard(
        &self,
        at: (PartnershipId, HeardId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        let standing = self.in_room(at.0, by).await?;
        let known = self.heard_in(at).await?;
        let may =
            known.party.map_or(standing.convenes, |party| standing.writes_for(PartyId(party)));
        allowed(may, at.0)?;
        if is_removed && known.answered_at.is_some() {
            return Err(StoreError::value("what was answered stands"));
        }
        self.remove_row("heard", at.1.0, is_removed).await?;
        let verb = if is_removed { Verb::HeardRemoved } else { Verb::HeardRestored };
        self.record(verb, &at.0, at.1.to_string()).await
    }

    async fn heard_in(
        &self,
        (id, one): (PartnershipId, HeardId),
    ) -> Result<heard::Model, StoreError> {
        let row = heard::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0);
        row.ok_or_else(|| StoreError::not_found("heard", &one))
    }
}

impl Store {
    /// What was said, the latest first; only with this reply where one is given; those before `before`,
    /// at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn heard(
        &self,
        id: PartnershipId,
        (reply, before): (Option<Reply>, Option<HeardId>),
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Heard>, StoreError> {
        standing(&self.db, id, by).await?;
        let with = if reply.is_some() { "AND reply = ?" } else { "" };
        let sql = format!(
            "SELECT * FROM heard WHERE partnership = ? AND removed_at IS NULL AND id < ? {with} \
             ORDER BY id DESC LIMIT ?"
        );
        let mut values: Vec<Value> =
            vec![id.0.into(), before.map_or(Uuid::max(), |before| before.0).into()];
        values.extend(reply.map(|reply| reply.name().into()));
        values.push(to_i64(limit).into());
        let found: Vec<heard::Model> = rows(&self.db, &sql, values).await?;
        found.into_iter().map(heard_of).collect()
    }

    /// One thing that was said and stands.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for whoever is not in the room.
    pub async fn heard_one(
        &self,
        (id, one): (PartnershipId, HeardId),
        by: Participant,
    ) -> Result<Heard, StoreError> {
        standing(&self.db, id, by).await?;
        let row = heard::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0 && row.removed_at.is_none());
        heard_of(row.ok_or_else(|| StoreError::not_found("heard", &one))?)
    }

    /// When each thing was said and answered, for [`listening::answering`]. Linear in what was said.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn answered(
        &self,
        id: PartnershipId,
        by: Participant,
    ) -> Result<Vec<listening::Heard>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            created_at: i64,
            answered_at: Option<i64>,
            reply: String,
        }
        standing(&self.db, id, by).await?;
        let sql = "SELECT created_at, answered_at, reply FROM heard \
                   WHERE partnership = ? AND removed_at IS NULL";
        let found: Vec<Row> = rows(&self.db, sql, [id.0.into()]).await?;
        let one = |row: Row| {
            Ok(listening::Heard {
                said: Moment::from_ms(row.created_at),
                answered: row.answered_at.map(Moment::from_ms),
                reply: word("heard.reply", &row.reply, Reply::from_name)?,
            })
        };
        found.into_iter().map(one).collect()
    }
}

fn heard_of(row: heard::Model) -> Result<Heard, StoreError> {
    Ok(Heard {
        id: HeardId(row.id),
        party: row.party.map(PartyId),
        voice: row.voice,
        text: row.text,
        said: Moment::from_ms(row.created_at),
        reply: word("heard.reply", &row.reply, Reply::from_name)?,
        answer: row.answer,
        answered_for: row.answered_party.map(PartyId),
        answered: row.changed_at.map(Moment::from_ms),
        version: row.version,
    })
}
