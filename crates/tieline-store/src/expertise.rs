//! Who can help with what: what people wrote of themselves for this room, and the questions that they
//! are asked, which the two of them alone read.

use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, FromQueryResult, Value};
use tieline_model::id::{HelpId, PartnershipId, PartyId, SeatId};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{expertise, help};
use crate::error::{Constraint, StoreError};
use crate::fold::words;
use crate::history::Verb;
use crate::rooms::{SEATED, standing};
use crate::store::{Store, Tx, number, rows, to_i64};

/// What someone says that they can help with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expertise {
    /// Their seat.
    pub seat: SeatId,
    /// At which party.
    pub party: PartyId,
    /// Their name in the directory.
    pub name: Option<String>,
    /// In their own words; may be empty.
    pub about: String,
    /// Short words for it.
    pub tags: Vec<String>,
    /// Grows with each change.
    pub version: i64,
}

impl Expertise {
    /// Whether each word looked for is the beginning of one of theirs.
    fn has(&self, wanted: &[String]) -> bool {
        let name = self.name.as_deref().unwrap_or_default();
        let own = words(&format!("{} {} {name}", self.about, self.tags.join(" ")));
        wanted.iter().all(|word| own.iter().any(|own| own.starts_with(word)))
    }
}

/// A question to someone who can help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// Its id.
    pub id: HelpId,
    /// Who asks.
    pub asker: SeatId,
    /// Their name in the directory.
    pub asker_name: Option<String>,
    /// Who is asked.
    pub asked: SeatId,
    /// Their name in the directory.
    pub asked_name: Option<String>,
    /// What.
    pub question: String,
    /// The answer, and when it came.
    pub answer: Option<(String, Moment)>,
    /// Grows with each change.
    pub version: i64,
}

impl Tx {
    /// Says what one can help with, of the version given (0: nothing was said yet). Nothing at all
    /// takes one out of the finder.
    ///
    /// # Errors
    /// [`Constraint::Stale`]; [`StoreError::NotFound`] for whoever has no seat.
    pub async fn say_expertise(
        &self,
        id: PartnershipId,
        (about, tags): (&str, &[String]),
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let seat = self.in_room(id, by).await?.seat;
        let seat = seat.ok_or_else(|| StoreError::not_found("seat", &id))?.id;
        let known = expertise::Entity::find_by_id(seat.0).one(&self.db).await?;
        if known.as_ref().map_or(0, |row| row.version) != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let row = expertise::Model {
            seat: seat.0,
            partnership: id.0,
            about: about.trim().to_owned(),
            tags: tags.join("\n"),
            changed_at: self.now.ms(),
            version: version + 1,
            created_at: known.map_or(self.now.ms(), |row| row.created_at),
        };
        use expertise::Column as C;
        let newer = OnConflict::column(C::Seat)
            .update_columns([C::About, C::Tags, C::ChangedAt, C::Version])
            .to_owned();
        self.insert::<expertise::Entity>(&[row], Some(newer)).await?;
        self.record(Verb::ExpertiseSaid, &id, seat.to_string()).await
    }

    /// Asks someone who said that they can help.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`Constraint::Value`] for a question that asks nothing, or to oneself.
    pub async fn ask_help(
        &self,
        (id, asked): (PartnershipId, SeatId),
        question: &str,
        by: Participant,
    ) -> Result<HelpId, StoreError> {
        let seat = self.in_room(id, by).await?.seat;
        let seat = seat.ok_or_else(|| StoreError::not_found("seat", &id))?.id;
        let sql = format!(
            "SELECT COUNT(*) FROM {SEATED} JOIN expertise e ON e.seat = m.id \
             WHERE q.partnership = ? AND m.id = ? AND (e.about <> '' OR e.tags <> '')"
        );
        if number(&self.db, &sql, [id.0.into(), asked.0.into()]).await? == 0 {
            return Err(StoreError::not_found("seat", &asked));
        }
        if question.trim().is_empty() || asked == seat {
            return Err(StoreError::value("a question asks someone else something"));
        }
        let one = HelpId(Uuid::now_v7());
        let row = help::Model {
            id: one.0,
            partnership: id.0,
            asker: seat.0,
            asked: asked.0,
            question: question.trim().to_owned(),
            answer: String::new(),
            answered_at: None,
            version: 1,
            created_at: self.now.ms(),
        };
        self.insert::<help::Entity>(&[row], None).await?;
        self.record(Verb::HelpAsked, &id, one.to_string()).await?;
        Ok(one)
    }

    /// Answers a question of the version given; for whoever was asked. Another answer takes the place
    /// of an earlier one.
    ///
    /// # Errors
    /// [`Constraint::Stale`], [`StoreError::NotFound`], [`Constraint::Value`] for an answer without a
    /// word.
    pub async fn give_help(
        &self,
        (id, one): (PartnershipId, HelpId),
        answer: &str,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let seat = self.in_room(id, by).await?.seat.map(|seat| seat.id.0);
        let row = help::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0 && Some(row.asked) == seat);
        let row = row.ok_or_else(|| StoreError::not_found("question", &one))?;
        if row.version != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        if answer.trim().is_empty() {
            return Err(StoreError::value("an answer says something"));
        }
        let sql = "UPDATE help SET answer = ?, answered_at = ?, version = version + 1 WHERE id = ?";
        self.run(sql, [answer.trim().into(), self.now.ms().into(), one.0.into()]).await?;
        self.record(Verb::HelpGiven, &id, one.to_string()).await
    }
}

impl Store {
    /// Who can help with something, by seat: each word looked for is the beginning of one of their
    /// words; without words everyone who wrote something. Those after the seat `after`, at most
    /// `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn experts(
        &self,
        id: PartnershipId,
        (wanted, after): (&str, Option<SeatId>),
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Expertise>, StoreError> {
        standing(&self.db, id, by).await?;
        let sql = format!(
            "{EXPERT} WHERE q.partnership = ? AND (e.about <> '' OR e.tags <> '') AND m.id > ? \
             ORDER BY m.id"
        );
        let after = after.map_or(Uuid::nil(), |seat| seat.0);
        let found: Vec<Row> = rows(&self.db, &sql, [id.0.into(), after.into()]).await?;
        let wanted = words(wanted);
        let fits = found.into_iter().map(expert_of).filter(|one| one.has(&wanted));
        Ok(fits.take(usize::try_from(limit).unwrap_or(usize::MAX)).collect())
    }

    /// What whoever asks wrote of themselves; `None` before they wrote anything.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn own_expertise(
        &self,
        id: PartnershipId,
        by: Participant,
    ) -> Result<Option<Expertise>, StoreError> {
        let Some(seat) = standing(&self.db, id, by).await?.seat else { return Ok(None) };
        let sql = format!("{EXPERT} WHERE q.partnership = ? AND m.id = ?");
        let found: Vec<Row> = rows(&self.db, &sql, [id.0.into(), seat.id.0.into()]).await?;
        Ok(found.into_iter().next().map(expert_of))
    }

    /// Questions that whoever asks was asked, or asked; the newest first, those before `before`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn own_help(
        &self,
        id: PartnershipId,
        before: Option<HelpId>,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Help>, StoreError> {
        let Some(seat) = standing(&self.db, id, by).await?.seat else { return Ok(Vec::new()) };
        let sql = "SELECT * FROM help WHERE partnership = ? AND (asker = ? OR asked = ?) \
                   AND id < ? ORDER BY id DESC LIMIT ?";
        let before = before.map_or(Uuid::max(), |before| before.0);
        let values: [Value; 5] =
            [id.0.into(), seat.id.0.into(), seat.id.0.into(), before.into(), to_i64(limit).into()];
        self.helps(rows(&self.db, sql, values).await?).await
    }

    /// One question that whoever asks was asked, or asked.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for everyone else.
    pub async fn help(
        &self,
        (id, one): (PartnershipId, HelpId),
        by: Participant,
    ) -> Result<Help, StoreError> {
        let seat = standing(&self.db, id, by).await?.seat.map(|seat| seat.id.0);
        let row = help::Entity::find_by_id(one.0).one(&self.db).await?;
        let is_theirs = |row: &help::Model| [Some(row.asker), Some(row.asked)].contains(&seat);
        let row = row.filter(|row| row.partnership == id.0 && is_theirs(row));
        let found = self.helps(row.into_iter().collect()).await?.into_iter().next();
        found.ok_or_else(|| StoreError::not_found("question", &one))
    }

    async fn helps(&self, found: Vec<help::Model>) -> Result<Vec<Help>, StoreError> {
        let seats: Vec<Uuid> = found.iter().flat_map(|row| [row.asker, row.asked]).collect();
        let names = self.names_of_seats(&seats).await?;
        let one = |row: help::Model| Help {
            id: HelpId(row.id),
            asker: SeatId(row.asker),
            asker_name: names.get(&row.asker).cloned(),
            asked: SeatId(row.asked),
            asked_name: names.get(&row.asked).cloned(),
            question: row.question,
            answer: row.answered_at.map(|at| (row.answer, Moment::from_ms(at))),
            version: row.version,
        };
        Ok(found.into_iter().map(one).collect())
    }
}

/// What people who sit in a room wrote of themselves.
const EXPERT: &str = "SELECT m.id AS seat, m.party, o.name AS name, e.about, e.tags, e.version \
    FROM partnership_member m \
    JOIN party q ON q.id = m.party AND q.removed_at IS NULL AND m.until IS NULL \
    JOIN expertise e ON e.seat = m.id \
    LEFT JOIN actor_address x ON x.address = m.address LEFT JOIN actor o ON o.id = x.actor";

#[derive(FromQueryResult)]
struct Row {
    seat: Uuid,
    party: Uuid,
    name: Option<String>,
    about: String,
    tags: String,
    version: i64,
}

fn expert_of(row: Row) -> Expertise {
    Expertise {
        seat: SeatId(row.seat),
        party: PartyId(row.party),
        name: row.name,
        about: row.about,
        tags: row.tags.lines().map(str::to_owned).collect(),
        version: row.version,
    }
}
