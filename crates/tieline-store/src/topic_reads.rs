//! Reads of topics: what is talked about, what was said, who is mentioned, and who is heard.

use std::collections::HashMap;

use sea_orm::{EntityTrait, FromQueryResult, Value};
use tieline_model::id::{AccountId, PartnershipId, PartyId, PostId, SeatId, TopicId};
use tieline_model::participation::PostKind;
use tieline_model::room::{Duty, Participant, Standing};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{topic, topic_read};
use crate::error::StoreError;
use crate::fold::words;
use crate::parties::NAMED;
use crate::rooms::{SEATED, own_seat, standing};
use crate::store::{Store, marks, number, rows, to_i64, to_u64, word};

/// Words of a search, at most.
const MOST_WORDS: usize = 8;

/// What was said so far, by whoever summed it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The words.
    pub text: String,
    /// Number of the last post that they cover.
    pub to: i64,
    /// When.
    pub at: Moment,
    /// Name in the directory of whoever did.
    pub name: Option<String>,
    /// Their account.
    pub by: Option<AccountId>,
}

/// A topic, as its reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its id.
    pub id: TopicId,
    /// In a few words.
    pub title: String,
    /// Name in the directory of whoever opened it.
    pub name: Option<String>,
    /// Their account; `None`: a guest, or someone erased since.
    pub by: Option<AccountId>,
    /// When it was opened.
    pub opened: Moment,
    /// Number of the last post.
    pub posts: i64,
    /// When that was written.
    pub last: Moment,
    /// What was said so far.
    pub summary: Option<Summary>,
    /// When it was closed.
    pub closed: Option<Moment>,
    /// Number of the last post that the reader has read; `None`: they have no seat.
    pub read: Option<i64>,
    /// Whether a post that they have not read mentions them.
    pub is_mentioned: bool,
    /// Grows with each summary.
    pub version: i64,
}

/// Where a list of topics goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopicCursor {
    /// When the last topic shown had its last post.
    pub last: Moment,
    /// That topic.
    pub id: TopicId,
}

/// What someone said in a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// In which topic.
    pub topic: TopicId,
    /// From 1 in each topic.
    pub number: i64,
    /// Whether it says something or asks others to.
    pub kind: PostKind,
    /// What; empty in an invitation.
    pub text: String,
    /// For which party.
    pub party: Option<PartyId>,
    /// Seat of whoever said it.
    pub seat: Option<SeatId>,
    /// Their name in the directory.
    pub name: Option<String>,
    /// Their account; `None`: a guest, or someone erased since.
    pub by: Option<AccountId>,
    /// Whether the reader wrote it.
    pub is_own: bool,
    /// Number of the post that it answers.
    pub reply_to: Option<i64>,
    /// Whom it mentions, with their names in the directory.
    pub mentions: Vec<(SeatId, Option<String>)>,
    /// When.
    pub at: Moment,
}

/// A post that was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPost {
    /// The post.
    pub post: Post,
    /// Title of its topic.
    pub title: String,
}

/// That someone is mentioned in posts of a topic that they have not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MentionWaiting {
    /// In which partnership.
    pub partnership: PartnershipId,
    /// Its name.
    pub room: String,
    /// In which topic.
    pub topic: TopicId,
    /// Its title.
    pub title: String,
    /// Number of the newest such post.
    pub number: i64,
    /// Name in the directory of whoever wrote that.
    pub name: Option<String>,
    /// Whether it asks them to say something.
    pub is_invitation: bool,
    /// When it was written.
    pub at: Moment,
}

/// How much someone of a room has said in its topics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// Who.
    pub seat: SeatId,
    /// Of which party.
    pub party: PartyId,
    /// What they do for it.
    pub duty: Duty,
    /// Their name in the directory.
    pub name: Option<String>,
    /// How many posts stand.
    pub posts: u64,
    /// Words in them.
    pub words: u64,
    /// When they were last asked to say something.
    pub invited: Option<Moment>,
}

#[derive(FromQueryResult)]
struct PostRow {
    id: Uuid,
    topic: Uuid,
    number: i64,
    kind: String,
    text: String,
    party: Option<Uuid>,
    seat: Option<Uuid>,
    account: Option<Uuid>,
    name: Option<String>,
    reply_to: Option<i64>,
    title: String,
    created_at: i64,
}

/// Posts `p` that stand, of topics `t` that are there, with who wrote them and what they answer.
const POSTS: &str = "SELECT p.id, p.topic, p.number, p.kind, p.text, p.party, p.seat, p.account, \
    o.name, a.number AS reply_to, t.title, p.created_at FROM topic_post p \
    JOIN topic t ON t.id = p.topic AND t.removed_at IS NULL \
    LEFT JOIN topic_post a ON a.id = p.reply_to \
    LEFT JOIN partnership_member m ON m.id = p.seat \
    LEFT JOIN actor_address x ON x.address = m.address LEFT JOIN actor o ON o.id = x.actor \
    WHERE p.removed_at IS NULL";

impl Store {
    /// Topics of a partnership that are open, or closed, the last answered first; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn topics(
        &self,
        id: PartnershipId,
        (is_closed, after): (bool, Option<TopicCursor>),
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Topic>, StoreError> {
        let standing = standing(&self.db, id, by).await?;
        let is = if is_closed { "IS NOT NULL" } else { "IS NULL" };
        let mut sql = format!(
            "SELECT * FROM topic WHERE partnership = ? AND removed_at IS NULL AND closed_at {is}"
        );
        let mut values: Vec<Value> = vec![id.0.into()];
        if let Some(TopicCursor { last, id }) = after {
            sql.push_str(" AND (last_at < ? OR (last_at = ? AND id < ?))");
            values.extend([Value::from(last.ms()), last.ms().into(), id.0.into()]);
        }
        sql.push_str(" ORDER BY last_at DESC, id DESC LIMIT ?");
        values.push(to_i64(limit).into());
        self.topics_of(rows(&self.db, &sql, values).await?, standing).await
    }

    /// One topic.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] also for whoever is not in the room.
    pub async fn topic(
        &self,
        (id, topic): (PartnershipId, TopicId),
        by: Participant,
    ) -> Result<Topic, StoreError> {
        let standing = standing(&self.db, id, by).await?;
        let row = self.topic_row(id, topic).await?;
        let found = self.topics_of(vec![row], standing).await?;
        found.into_iter().next().ok_or_else(|| StoreError::not_found("topic", &topic))
    }

    async fn topics_of(
        &self,
        found: Vec<topic::Model>,
        standing: Standing,
    ) -> Result<Vec<Topic>, StoreError> {
        let mut all = Vec::with_capacity(found.len());
        let mut seats: Vec<Uuid> =
            found.iter().flat_map(|row| [row.seat, row.summed_by]).flatten().collect();
        seats.sort_unstable();
        seats.dedup();
        let names = self.names_of_seats(&seats).await?;
        let name = |seat: Option<Uuid>| seat.and_then(|seat| names.get(&seat).cloned());
        for row in found {
            let (mut read, mut is_mentioned) = (None, false);
            if let Some(seat) = standing.seat {
                let known =
                    topic_read::Entity::find_by_id((row.id, seat.id.0)).one(&self.db).await?;
                let to = known.map_or(0, |known| known.number);
                let sql = "SELECT COUNT(*) FROM topic_mention x JOIN topic_post p ON p.id = x.post \
                           WHERE x.seat = ? AND x.topic = ? AND x.number > ? \
                           AND p.removed_at IS NULL";
                let values = [seat.id.0.into(), row.id.into(), to.into()];
                is_mentioned = number(&self.db, sql, values).await? > 0;
                read = Some(to);
            }
            let summary = row.summed_at.filter(|_| !row.summary.is_empty()).map(|at| Summary {
                text: row.summary,
                to: row.summed_to,
                at: Moment::from_ms(at),
                name: name(row.summed_by),
                by: row.summed_account.map(AccountId),
            });
            all.push(Topic {
                id: TopicId(row.id),
                title: row.title,
                name: name(row.seat),
                by: row.account.map(AccountId),
                opened: Moment::from_ms(row.created_at),
                posts: row.posts,
                last: Moment::from_ms(row.last_at),
                summary,
                closed: row.closed_at.map(Moment::from_ms),
                read,
                is_mentioned,
                version: row.version,
            });
        }
        Ok(all)
    }

    /// Posts of a topic in the order of their numbers, at most `limit`: those after a number, or the
    /// last ones before one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn posts(
        &self,
        (id, topic): (PartnershipId, TopicId),
        (after, before): (Option<i64>, Option<i64>),
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Post>, StoreError> {
        let standing = standing(&self.db, id, by).await?;
        self.topic_row(id, topic).await?;
        let (sign, bound, order) = match after {
            Some(after) => (">", after, "ASC"),
            None => ("<", before.unwrap_or(i64::MAX), "DESC"),
        };
        let sql = format!(
            "{POSTS} AND p.topic = ? AND p.number {sign} ? ORDER BY p.number {order} LIMIT ?"
        );
        let values = [topic.0.into(), bound.into(), to_i64(limit).into()];
        let mut found: Vec<PostRow> = rows(&self.db, &sql, values).await?;
        if after.is_none() {
            found.reverse();
        }
        let posts = self.posts_of(found, (standing, by)).await?;
        Ok(posts.into_iter().map(|found| found.post).collect())
    }

    /// Posts of a partnership that have all words of a text, each as a beginning, the newest first; at
    /// most `limit`. A text without words finds none.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn find_posts(
        &self,
        id: PartnershipId,
        text: &str,
        (before, limit): (Option<PostId>, u64),
        by: Participant,
    ) -> Result<Vec<FoundPost>, StoreError> {
        let standing = standing(&self.db, id, by).await?;
        let asked = words(text);
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let mut sql = format!("{POSTS} AND p.partnership = ?");
        let mut values: Vec<Value> = vec![id.0.into()];
        // Words are letters and digits: none of them is a sign of a pattern.
        for word in asked.iter().take(MOST_WORDS) {
            sql.push_str(" AND p.words LIKE ?");
            values.push(format!("% {word}%").into());
        }
        if let Some(before) = before {
            sql.push_str(" AND p.id < ?");
            values.push(before.0.into());
        }
        sql.push_str(" ORDER BY p.id DESC LIMIT ?");
        values.push(to_i64(limit).into());
        self.posts_of(rows(&self.db, &sql, values).await?, (standing, by)).await
    }

    async fn posts_of(
        &self,
        found: Vec<PostRow>,
        (standing, by): (Standing, Participant),
    ) -> Result<Vec<FoundPost>, StoreError> {
        let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
        let mut mentions = self.mentions_in(&ids).await?;
        let own = standing.seat.map(|seat| seat.id.0);
        let account = by.account().map(|account| account.0);
        let one = |row: PostRow| {
            let post = Post {
                id: PostId(row.id),
                topic: TopicId(row.topic),
                number: row.number,
                kind: word("topic_post.kind", &row.kind, PostKind::from_name)?,
                text: row.text,
                party: row.party.map(PartyId),
                seat: row.seat.map(SeatId),
                name: row.name,
                by: row.account.map(AccountId),
                is_own: match row.seat {
                    Some(seat) => own == Some(seat),
                    None => account.is_some() && account == row.account,
                },
                reply_to: row.reply_to,
                mentions: mentions.remove(&row.id).unwrap_or_default(),
                at: Moment::from_ms(row.created_at),
            };
            Ok(FoundPost { post, title: row.title })
        };
        found.into_iter().map(one).collect()
    }

    async fn mentions_in(
        &self,
        posts: &[Uuid],
    ) -> Result<HashMap<Uuid, Vec<(SeatId, Option<String>)>>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            post: Uuid,
            seat: Uuid,
            name: Option<String>,
        }
        let mut all: HashMap<Uuid, Vec<(SeatId, Option<String>)>> = HashMap::new();
        if posts.is_empty() {
            return Ok(all);
        }
        let sql = format!(
            "SELECT n.post, n.seat, o.name FROM topic_mention n \
             JOIN partnership_member m ON m.id = n.seat {NAMED} WHERE n.post IN ({}) \
             ORDER BY n.post, n.seat",
            marks(posts.len())
        );
        let values = posts.iter().map(|post| Value::from(*post));
        for row in rows::<Row>(&self.db, &sql, values).await? {
            all.entry(row.post).or_default().push((SeatId(row.seat), row.name));
        }
        Ok(all)
    }

    /// Topics in which someone is mentioned and has not read it, the newest first; at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn mentions_waiting(
        &self,
        by: Participant,
        limit: u64,
    ) -> Result<Vec<MentionWaiting>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            partnership: Uuid,
            room: String,
            topic: Uuid,
            title: String,
            number: i64,
            name: Option<String>,
            kind: String,
            created_at: i64,
        }
        let (own, mut values) = own_seat(by);
        let sql = format!(
            "SELECT w.id AS partnership, w.name AS room, t.id AS topic, t.title, n.number, o.name, \
             p.kind, p.created_at FROM {SEATED} \
             JOIN partnership w ON w.id = q.partnership AND w.removed_at IS NULL \
             JOIN topic_mention n ON n.seat = m.id \
             JOIN topic_post p ON p.id = n.post AND p.removed_at IS NULL \
             JOIN topic t ON t.id = n.topic AND t.removed_at IS NULL \
             LEFT JOIN topic_read r ON r.topic = n.topic AND r.seat = n.seat \
             LEFT JOIN partnership_member s ON s.id = p.seat \
             LEFT JOIN actor_address x ON x.address = s.address \
             LEFT JOIN actor o ON o.id = x.actor \
             WHERE {own} AND n.number > COALESCE(r.number, 0) AND NOT EXISTS \
             (SELECT 1 FROM topic_mention l JOIN topic_post g ON g.id = l.post \
             AND g.removed_at IS NULL WHERE l.seat = n.seat AND l.topic = n.topic \
             AND l.number > n.number) ORDER BY p.id DESC LIMIT ?"
        );
        values.push(to_i64(limit).into());
        let one = |row: Row| {
            let kind = word("topic_post.kind", &row.kind, PostKind::from_name)?;
            Ok(MentionWaiting {
                partnership: PartnershipId(row.partnership),
                room: row.room,
                topic: TopicId(row.topic),
                title: row.title,
                number: row.number,
                name: row.name,
                is_invitation: kind == PostKind::Invited,
                at: Moment::from_ms(row.created_at),
            })
        };
        rows::<Row>(&self.db, &sql, values).await?.into_iter().map(one).collect()
    }

    /// How much each person of a room has said in its topics, in the order of their names. Not to be
    /// handed on as it is: who says how much is shown in sums alone.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn spoken(
        &self,
        id: PartnershipId,
        by: Participant,
    ) -> Result<Vec<Spoken>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            party: Uuid,
            duty: String,
            name: Option<String>,
            posts: i64,
            words: i64,
            invited: Option<i64>,
        }
        standing(&self.db, id, by).await?;
        let sql = format!(
            "SELECT m.id, m.party, m.duty, o.name, COALESCE(s.posts, 0) AS posts, \
             COALESCE(s.words, 0) AS words, i.at AS invited FROM {SEATED} {NAMED} \
             LEFT JOIN (SELECT p.seat, COUNT(*) AS posts, CAST(SUM(p.n_words) AS BIGINT) AS words \
             FROM topic_post p JOIN topic t ON t.id = p.topic AND t.removed_at IS NULL \
             WHERE p.partnership = ? AND p.kind = 'said' AND p.removed_at IS NULL \
             GROUP BY p.seat) s ON s.seat = m.id \
             LEFT JOIN (SELECT n.seat, MAX(p.created_at) AS at FROM topic_mention n \
             JOIN topic_post p ON p.id = n.post AND p.kind = 'invited' AND p.removed_at IS NULL \
             WHERE p.partnership = ? GROUP BY n.seat) i ON i.seat = m.id \
             WHERE q.partnership = ? ORDER BY o.name_folded, m.id"
        );
        let values = [Value::from(id.0), id.0.into(), id.0.into()];
        let one = |row: Row| {
            Ok(Spoken {
                seat: SeatId(row.id),
                party: PartyId(row.party),
                duty: word("partnership_member.duty", &row.duty, Duty::from_name)?,
                name: row.name,
                posts: to_u64(row.posts),
                words: to_u64(row.words),
                invited: row.invited.map(Moment::from_ms),
            })
        };
        rows::<Row>(&self.db, &sql, values).await?.into_iter().map(one).collect()
    }
}
