//! Topics that a partnership talks about: opened, answered, summed up and closed by whoever is in the
//! room. What is said counts for the party that someone sits at.

use sea_orm::{EntityTrait, FromQueryResult, Value};
use tieline_model::id::{PartnershipId, PostId, SeatId, TopicId};
use tieline_model::participation::PostKind;
use tieline_model::room::{Participant, Standing};
use uuid::Uuid;

use crate::entity::{topic, topic_mention, topic_post, topic_read};
use crate::error::{Constraint, StoreError};
use crate::fold::words;
use crate::history::Verb;
use crate::rooms::SEATED;
use crate::say::named;
use crate::store::{Store, Tx, changed, marks, rows};

/// Something to be said in a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NewPost<'a> {
    /// What.
    pub text: &'a str,
    /// The post that it answers; whoever wrote that is mentioned.
    pub reply_to: Option<PostId>,
    /// Who else is mentioned.
    pub mentions: &'a [SeatId],
}

impl Tx {
    /// Opens a topic with a first post; for everyone in the room.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for someone mentioned who is not in the room;
    /// [`Constraint::Value`] without a title or a text.
    pub async fn open_topic(
        &self,
        id: PartnershipId,
        title: &str,
        first: &NewPost<'_>,
        by: Participant,
    ) -> Result<TopicId, StoreError> {
        let standing = self.in_room(id, by).await?;
        let topic = TopicId(Uuid::now_v7());
        let row = topic::Model {
            id: topic.0,
            partnership: id.0,
            title: named(title, "a topic")?,
            seat: standing.seat.map(|seat| seat.id.0),
            account: by.account().map(|account| account.0),
            posts: 0,
            last_at: self.now.ms(),
            summary: String::new(),
            summed_to: 0,
            summed_at: None,
            summed_by: None,
            summed_account: None,
            closed_at: None,
            removed_at: None,
            version: 1,
            created_at: self.now.ms(),
        };
        self.insert::<topic::Entity>(std::slice::from_ref(&row), None).await?;
        self.insert_post((standing, by), &row, (PostKind::Said, first)).await?;
        self.record(Verb::TopicOpened, &id, topic.to_string()).await?;
        Ok(topic)
    }

    /// Says something in an open topic; for everyone in the room.
    ///
    /// # Errors
    /// As [`Tx::open_topic`]; [`Constraint::Value`] also where it is closed.
    pub async fn post(
        &self,
        at: (PartnershipId, TopicId),
        new: &NewPost<'_>,
        by: Participant,
    ) -> Result<PostId, StoreError> {
        let (standing, topic) = self.open_for_all(at, by).await?;
        let post = self.insert_post((standing, by), &topic, (PostKind::Said, new)).await?;
        self.record(Verb::TopicPosted, &at.0, at.1.to_string()).await?;
        Ok(post)
    }

    /// Asks people in an open topic to say something, by mentioning them; for everyone in the room.
    ///
    /// # Errors
    /// As [`Tx::post`]; [`Constraint::Value`] also where nobody but oneself is asked.
    pub async fn invite_voices(
        &self,
        at: (PartnershipId, TopicId),
        seats: &[SeatId],
        by: Participant,
    ) -> Result<PostId, StoreError> {
        let (standing, topic) = self.open_for_all(at, by).await?;
        let own = standing.seat.map(|seat| seat.id);
        if seats.iter().all(|seat| Some(*seat) == own) {
            return Err(StoreError::value("an invitation asks someone else"));
        }
        let new = NewPost { mentions: seats, ..NewPost::default() };
        let post = self.insert_post((standing, by), &topic, (PostKind::Invited, &new)).await?;
        self.record(Verb::TopicPosted, &at.0, at.1.to_string()).await?;
        Ok(post)
    }

    async fn open_for_all(
        &self,
        (id, topic): (PartnershipId, TopicId),
        by: Participant,
    ) -> Result<(Standing, topic::Model), StoreError> {
        let standing = self.in_room(id, by).await?;
        let known = self.topic_in(id, topic).await?;
        match known.closed_at {
            Some(_) => Err(StoreError::value("the topic is closed: open it again to answer")),
            None => Ok((standing, known)),
        }
    }

    async fn topic_in(
        &self,
        id: PartnershipId,
        topic: TopicId,
    ) -> Result<topic::Model, StoreError> {
        let row = topic::Entity::find_by_id(topic.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0 && row.removed_at.is_none());
        row.ok_or_else(|| StoreError::not_found("topic", &topic))
    }

    async fn insert_post(
        &self,
        (standing, by): (Standing, Participant),
        topic: &topic::Model,
        (kind, new): (PostKind, &NewPost<'_>),
    ) -> Result<PostId, StoreError> {
        if kind == PostKind::Said && new.text.trim().is_empty() {
            return Err(StoreError::value("a post says something"));
        }
        // Takes the number first: whoever else posts now waits for it.
        let sql = "UPDATE topic SET posts = posts + 1, last_at = ? WHERE id = ?";
        self.run(sql, [self.now.ms().into(), topic.id.into()]).await?;
        let number = topic::Entity::find_by_id(topic.id).one(&self.db).await?;
        let number = number.map_or(1, |row| row.posts);
        let own = words(new.text);
        let first = if number == 1 { words(&topic.title) } else { Vec::new() };
        let post = PostId(Uuid::now_v7());
        let row = topic_post::Model {
            id: post.0,
            topic: topic.id,
            partnership: topic.partnership,
            number,
            kind: kind.name().to_owned(),
            reply_to: new.reply_to.map(|post| post.0),
            party: standing.party().map(|party| party.0),
            seat: standing.seat.map(|seat| seat.id.0),
            account: by.account().map(|account| account.0),
            text: new.text.trim().to_owned(),
            words: first.iter().chain(&own).flat_map(|word| [" ", word]).collect(),
            n_words: i64::try_from(own.len()).unwrap_or(i64::MAX),
            removed_at: None,
            created_at: self.now.ms(),
        };
        let mentions = self.mentioned(&row, new).await?;
        self.insert::<topic_post::Entity>(std::slice::from_ref(&row), None).await?;
        let one = |seat| topic_mention::Model {
            post: row.id,
            seat,
            topic: row.topic,
            number,
            created_at: self.now.ms(),
        };
        let mentions: Vec<_> = mentions.into_iter().map(one).collect();
        if !mentions.is_empty() {
            self.insert::<topic_mention::Entity>(&mentions, None).await?;
        }
        // Whoever had read all before has read this too.
        if let Some(seat) = row.seat
            && self.read_to(row.topic, seat).await? == number - 1
        {
            self.set_read(row.topic, seat, number).await?;
        }
        Ok(post)
    }

    /// Seats that a post mentions, each once and never its own.
    async fn mentioned(
        &self,
        post: &topic_post::Model,
        new: &NewPost<'_>,
    ) -> Result<Vec<Uuid>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
        }
        let mut asked: Vec<Uuid> = new.mentions.iter().map(|seat| seat.0).collect();
        asked.sort_unstable();
        asked.dedup();
        let mut here: Vec<Uuid> = Vec::new();
        if !asked.is_empty() {
            let sql = format!(
                "SELECT m.id FROM {SEATED} WHERE q.partnership = ? AND m.id IN ({})",
                marks(asked.len())
            );
            let mut values: Vec<Value> = vec![post.partnership.into()];
            values.extend(asked.iter().map(|seat| Value::from(*seat)));
            let found: Vec<Row> = rows(&self.db, &sql, values).await?;
            here.extend(found.into_iter().map(|row| row.id));
        }
        if let Some(missing) = asked.iter().find(|seat| !here.contains(seat)) {
            return Err(StoreError::not_found("seat", &SeatId(*missing)));
        }
        if let Some(reply) = new.reply_to {
            let row = topic_post::Entity::find_by_id(reply.0).one(&self.db).await?;
            let row = row.filter(|row| row.topic == post.topic && row.removed_at.is_none());
            let row = row.ok_or_else(|| StoreError::not_found("post", &reply))?;
            here.extend(row.seat.filter(|seat| !here.contains(seat)));
        }
        here.retain(|seat| Some(*seat) != post.seat);
        Ok(here)
    }

    /// Takes a post back, or lets it stand again; for whoever wrote it. Its topic.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_post(
        &self,
        (id, post): (PartnershipId, PostId),
        is_removed: bool,
        by: Participant,
    ) -> Result<TopicId, StoreError> {
        let standing = self.in_room(id, by).await?;
        let gone = || StoreError::not_found("post", &post);
        let row = topic_post::Entity::find_by_id(post.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0).ok_or_else(gone)?;
        if !is_author(standing, by, (row.seat, row.account))
            || row.removed_at.is_some() == is_removed
        {
            return Err(gone());
        }
        self.topic_in(id, TopicId(row.topic)).await?;
        let removed_at = is_removed.then_some(self.now.ms());
        let sql = "UPDATE topic_post SET removed_at = ? WHERE id = ?";
        self.run(sql, [removed_at.into(), post.0.into()]).await?;
        let topic = TopicId(row.topic);
        self.record(Verb::PostRemoved, &id, topic.to_string()).await?;
        Ok(topic)
    }

    /// Takes a topic back, or lets it stand again; for whoever opened it, while nobody else has said
    /// anything in it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_topic(
        &self,
        (id, topic): (PartnershipId, TopicId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        let standing = self.in_room(id, by).await?;
        let gone = || StoreError::not_found("topic", &topic);
        let row = topic::Entity::find_by_id(topic.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0 && row.posts <= 1).ok_or_else(gone)?;
        if !is_author(standing, by, (row.seat, row.account))
            || row.removed_at.is_some() == is_removed
        {
            return Err(gone());
        }
        let removed_at = is_removed.then_some(self.now.ms());
        let values = [removed_at.into(), topic.0.into()];
        self.run("UPDATE topic SET removed_at = ? WHERE id = ?", values).await?;
        self.record(Verb::TopicRemoved, &id, topic.to_string()).await
    }

    /// Sums a topic of the version given up, to the post of a number; empty: it has no summary. For
    /// everyone in the room.
    ///
    /// # Errors
    /// [`Constraint::Stale`] when someone else did meanwhile, [`StoreError::NotFound`].
    pub async fn sum_topic(
        &self,
        (id, topic): (PartnershipId, TopicId),
        (text, to): (&str, i64),
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let standing = self.in_room(id, by).await?;
        let known = self.topic_in(id, topic).await?;
        if known.version != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let sql = "UPDATE topic SET summary = ?, summed_to = ?, summed_at = ?, summed_by = ?, \
                   summed_account = ?, version = version + 1 WHERE id = ? AND version = ?";
        let values = [
            text.trim().into(),
            to.clamp(0, known.posts).into(),
            self.now.ms().into(),
            standing.seat.map(|seat| seat.id.0).into(),
            by.account().map(|account| account.0).into(),
            topic.0.into(),
            version.into(),
        ];
        if self.run(sql, values).await? == 0 {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        self.record(Verb::TopicSummed, &id, topic.to_string()).await
    }

    /// Closes a topic, or opens it again; twice is once. For everyone in the room.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn close_topic(
        &self,
        (id, topic): (PartnershipId, TopicId),
        is_closed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.in_room(id, by).await?;
        let known = self.topic_in(id, topic).await?;
        if known.closed_at.is_some() == is_closed {
            return Ok(());
        }
        let closed_at = is_closed.then_some(self.now.ms());
        let values = [closed_at.into(), topic.0.into()];
        changed(
            self.run("UPDATE topic SET closed_at = ? WHERE id = ?", values).await?,
            "topic",
            &topic,
        )?;
        let verb = if is_closed { Verb::TopicClosed } else { Verb::TopicReopened };
        self.record(verb, &id, topic.to_string()).await
    }

    /// Remembers how far someone with a seat has read a topic; never less far than before. No event
    /// tells of it: what someone reads is their own affair.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for someone without a seat.
    pub async fn read_topic(
        &self,
        (id, topic): (PartnershipId, TopicId),
        to: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let seat = self.in_room(id, by).await?.seat;
        let seat = seat.ok_or_else(|| StoreError::not_found("topic", &topic))?.id.0;
        let known = self.topic_in(id, topic).await?;
        let to = to.clamp(0, known.posts);
        if to > self.read_to(topic.0, seat).await? {
            self.set_read(topic.0, seat, to).await?;
        }
        Ok(())
    }

    async fn read_to(&self, topic: Uuid, seat: Uuid) -> Result<i64, StoreError> {
        let row = topic_read::Entity::find_by_id((topic, seat)).one(&self.db).await?;
        Ok(row.map_or(0, |row| row.number))
    }

    async fn set_read(&self, topic: Uuid, seat: Uuid, number: i64) -> Result<(), StoreError> {
        let sql = "UPDATE topic_read SET number = ? WHERE topic = ? AND seat = ?";
        if self.run(sql, [number.into(), topic.into(), seat.into()]).await? == 0 {
            let row = topic_read::Model { topic, seat, number, created_at: self.now.ms() };
            self.insert::<topic_read::Entity>(&[row], None).await?;
        }
        Ok(())
    }
}

/// Whether something was written by whoever asks: at their seat, or by their account without one.
fn is_author(
    standing: Standing,
    by: Participant,
    (seat, account): (Option<Uuid>, Option<Uuid>),
) -> bool {
    match seat {
        Some(seat) => standing.seat.is_some_and(|own| own.id.0 == seat),
        None => account.is_some() && account == by.account().map(|account| account.0),
    }
}

impl Store {
    /// A topic that is there, for whoever is in the room.
    pub(crate) async fn topic_row(
        &self,
        id: PartnershipId,
        topic: TopicId,
    ) -> Result<topic::Model, StoreError> {
        let row = topic::Entity::find_by_id(topic.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0 && row.removed_at.is_none());
        row.ok_or_else(|| StoreError::not_found("topic", &topic))
    }
}
