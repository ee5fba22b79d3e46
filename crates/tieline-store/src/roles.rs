//! Who does what in a partnership: pieces of work, what each person is for them, who steps in, and
//! whether each has taken it in. Written by everyone in the room; read back by each for themselves.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Value};
use tieline_model::id::{AccountId, PartnershipId, PartyId, SeatId, WorkId};
use tieline_model::raci::{Assignment, ReadBack, Role, Work, is_read_back};
use tieline_model::room::{Participant, Standing};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{work, work_role};
use crate::error::{Constraint, StoreError};
use crate::history::Verb;
use crate::rooms::{allowed, standing};
use crate::say::named;
use crate::store::{Store, Tx, number, rows, to_i64, word};

/// What someone writes of a piece of work.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkDraft {
    /// What, in a line.
    pub title: String,
    /// What belongs to it; may be empty.
    pub about: String,
    /// What each person is for it, by their seat, and who steps in for them. Whoever is nothing for
    /// it is not kept.
    pub roles: BTreeMap<SeatId, (BTreeSet<Role>, Option<SeatId>)>,
}

/// A piece of work with its row of the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PieceOfWork {
    /// Its row.
    pub row: Work<WorkId, SeatId>,
    /// What, in a line.
    pub title: String,
    /// What belongs to it; may be empty.
    pub about: String,
    /// Questions that the reader may read: their own, and those of work that they answer for. Of work
    /// that nobody answers for, whoever arranges the room reads them.
    pub questions: BTreeMap<SeatId, String>,
    /// Who changed it last; `None`: a guest, or someone erased since.
    pub by: Option<AccountId>,
    /// When.
    pub changed: Moment,
    /// Grows with each change.
    pub version: i64,
}

/// Whoever has a seat that the matrix names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolePerson {
    /// The seat.
    pub seat: SeatId,
    /// At which party.
    pub party: PartyId,
    /// Their name in the directory.
    pub name: Option<String>,
    /// Whether they do not sit there any more.
    pub has_left: bool,
}

impl Tx {
    /// Writes a piece of work down; for everyone in the room.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for a seat that is not of the room; [`Constraint::Value`] without
    /// a title, or for someone who is their own deputy.
    pub async fn add_work(
        &self,
        id: PartnershipId,
        draft: &WorkDraft,
        by: Participant,
    ) -> Result<WorkId, StoreError> {
        self.in_room(id, by).await?;
        self.seats_in(id, draft, &BTreeSet::new()).await?;
        let one = WorkId(Uuid::now_v7());
        let row = work::Model {
            id: one.0,
            partnership: id.0,
            title: named(&draft.title, "a piece of work")?,
            about: draft.about.trim().to_owned(),
            account: by.account().map(|account| account.0),
            changed_at: self.now.ms(),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<work::Entity>(&[row], None).await?;
        self.write_roles(one, draft, &[]).await?;
        self.record(Verb::WorkAdded, &id, one.to_string()).await?;
        Ok(one)
    }

    /// Changes a piece of work of the version given with its roles. Whoever becomes something else for
    /// it, or gets another deputy, is asked again whether they accept.
    ///
    /// # Errors
    /// [`Constraint::Stale`] when it was changed since; else as [`Tx::add_work`].
    pub async fn update_work(
        &self,
        (id, one): (PartnershipId, WorkId),
        draft: &WorkDraft,
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.in_room(id, by).await?;
        let title = named(&draft.title, "a piece of work")?;
        let sql = "UPDATE work SET title = ?, about = ?, account = ?, changed_at = ?, \
                   version = version + 1 \
                   WHERE id = ? AND partnership = ? AND version = ? AND removed_at IS NULL";
        let values = [
            title.into(),
            draft.about.trim().into(),
            by.account().map(|account| account.0).into(),
            self.now.ms().into(),
            one.0.into(),
            id.0.into(),
            version.into(),
        ];
        if self.run(sql, values).await? == 0 {
            let row = (
                "work WHERE id = ? AND partnership = ? AND removed_at IS NULL",
                vec![one.0.into(), id.0.into()],
            );
            return Err(self.stale_or_gone("work", &one, row).await?);
        }
        let sql = "SELECT * FROM work_role WHERE work = ?";
        let known: Vec<work_role::Model> = rows(&self.db, sql, [one.0.into()]).await?;
        let kept = known.iter().flat_map(|row| [Some(row.seat), row.deputy]).flatten();
        self.seats_in(id, draft, &kept.map(SeatId).collect()).await?;
        self.run("DELETE FROM work_role WHERE work = ?", [one.0.into()]).await?;
        self.write_roles(one, draft, &known).await?;
        self.record(Verb::WorkChanged, &id, one.to_string()).await
    }

    /// Takes a piece of work back with its roles, or lets it stand again as it was.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_work(
        &self,
        (id, one): (PartnershipId, WorkId),
        is_removed: bool,
        by: Participant,
    ) -> Result<(), StoreError> {
        self.in_room(id, by).await?;
        let sql = "SELECT COUNT(*) FROM work WHERE id = ? AND partnership = ?";
        allowed(number(&self.db, sql, [one.0.into(), id.0.into()]).await? > 0, id)?;
        self.remove_row("work", one.0, is_removed).await?;
        let verb = if is_removed { Verb::WorkRemoved } else { Verb::WorkRestored };
        self.record(verb, &id, one.to_string()).await
    }

    /// Reads a role of one's own back: that it is accepted, or what is not clear.
    ///
    /// # Errors
    /// [`Constraint::Stale`] when the work was changed since the version given,
    /// [`StoreError::NotFound`] for whoever is nothing for it, [`Constraint::Value`] for a question
    /// that asks nothing.
    pub async fn read_back(
        &self,
        (id, one): (PartnershipId, WorkId),
        (answer, question): (ReadBack, &str),
        version: i64,
        by: Participant,
    ) -> Result<(), StoreError> {
        let seat = self.in_room(id, by).await?.seat;
        let seat = seat.ok_or_else(|| StoreError::not_found("work", &one))?.id;
        let row = work::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0 && row.removed_at.is_none());
        let row = row.ok_or_else(|| StoreError::not_found("work", &one))?;
        if row.version != version {
            return Err(StoreError::Conflict(Constraint::Stale));
        }
        let question = if answer == ReadBack::Question { question.trim() } else { "" };
        if answer == ReadBack::Question && question.is_empty() {
            return Err(StoreError::value("a question asks something"));
        }
        let sql = "UPDATE work_role SET read_back = ?, question = ?, answered_at = ? \
                   WHERE work = ? AND seat = ?";
        let answered_at = (answer != ReadBack::Open).then_some(self.now.ms());
        let values = [
            answer.name().into(),
            question.into(),
            answered_at.into(),
            one.0.into(),
            seat.0.into(),
        ];
        crate::store::changed(self.run(sql, values).await?, "work", &one)?;
        self.record(Verb::RoleReadBack, &id, one.to_string()).await
    }

    /// That each seat of a draft is of the room, or was one of the row already.
    async fn seats_in(
        &self,
        id: PartnershipId,
        draft: &WorkDraft,
        kept: &BTreeSet<SeatId>,
    ) -> Result<(), StoreError> {
        if draft.roles.iter().any(|(seat, (_, deputy))| *deputy == Some(*seat)) {
            return Err(StoreError::value("nobody steps in for themselves"));
        }
        let named = draft.roles.iter().flat_map(|(seat, (_, deputy))| [Some(*seat), *deputy]);
        let named: BTreeSet<SeatId> = named.flatten().collect();
        for seat in named.difference(kept) {
            let sql = format!(
                "SELECT COUNT(*) FROM {} WHERE q.partnership = ? AND m.id = ?",
                crate::rooms::SEATED
            );
            if number(&self.db, &sql, [id.0.into(), seat.0.into()]).await? == 0 {
                return Err(StoreError::not_found("seat", seat));
            }
        }
        Ok(())
    }

    async fn write_roles(
        &self,
        one: WorkId,
        draft: &WorkDraft,
        known: &[work_role::Model],
    ) -> Result<(), StoreError> {
        let row = |(seat, (roles, deputy)): (&SeatId, &(BTreeSet<Role>, Option<SeatId>))| {
            let fresh = work_role::Model {
                work: one.0,
                seat: seat.0,
                responsible: roles.contains(&Role::Responsible),
                accountable: roles.contains(&Role::Accountable),
                consulted: roles.contains(&Role::Consulted),
                informed: roles.contains(&Role::Informed),
                deputy: deputy.map(|deputy| deputy.0),
                read_back: ReadBack::Open.name().to_owned(),
                question: String::new(),
                answered_at: None,
                created_at: self.now.ms(),
            };
            // What stays as it was is not asked again.
            let kept = known.iter().find(|row| row.seat == seat.0 && is_same(row, &fresh));
            kept.cloned().unwrap_or(fresh)
        };
        let some = draft.roles.iter().filter(|(_, (roles, _))| !roles.is_empty());
        let new: Vec<work_role::Model> = some.map(row).collect();
        if new.is_empty() {
            return Ok(());
        }
        self.insert::<work_role::Entity>(&new, None).await.map(drop)
    }
}

fn is_same(one: &work_role::Model, other: &work_role::Model) -> bool {
    roles_of(one) == roles_of(other) && one.deputy == other.deputy
}

fn roles_of(row: &work_role::Model) -> BTreeSet<Role> {
    [
        (Role::Responsible, row.responsible),
        (Role::Accountable, row.accountable),
        (Role::Consulted, row.consulted),
        (Role::Informed, row.informed),
    ]
    .into_iter()
    .filter_map(|(role, is)| is.then_some(role))
    .collect()
}

impl Store {
    /// Pieces of work that stand with their rows, in the order in which they came; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn works(
        &self,
        id: PartnershipId,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<PieceOfWork>, StoreError> {
        let standing = standing(&self.db, id, by).await?;
        works(&self.db, id, limit, &standing).await
    }

    /// One piece of work that stands.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for whoever is not in the room.
    pub async fn work(
        &self,
        (id, one): (PartnershipId, WorkId),
        by: Participant,
    ) -> Result<PieceOfWork, StoreError> {
        let standing = standing(&self.db, id, by).await?;
        let row = work::Entity::find_by_id(one.0).one(&self.db).await?;
        let row = row.filter(|row| row.partnership == id.0 && row.removed_at.is_none());
        let row = row.ok_or_else(|| StoreError::not_found("work", &one))?;
        let sql = "SELECT * FROM work_role WHERE work = ? ORDER BY seat";
        let roles: Vec<work_role::Model> = rows(&self.db, sql, [one.0.into()]).await?;
        piece_of(row, &roles, &standing)
    }

    /// Whoever the matrix names: with a role or as a deputy, those who left too.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn role_people(
        &self,
        id: PartnershipId,
        by: Participant,
    ) -> Result<Vec<RolePerson>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            id: Uuid,
            party: Uuid,
            name: Option<String>,
            until: Option<i64>,
            removed_at: Option<i64>,
        }
        standing(&self.db, id, by).await?;
        let sql = "SELECT m.id, m.party, o.name, m.until, q.removed_at FROM partnership_member m \
                   JOIN party q ON q.id = m.party \
                   LEFT JOIN actor_address x ON x.address = m.address \
                   LEFT JOIN actor o ON o.id = x.actor WHERE q.partnership = ? \
                   AND m.id IN (SELECT r.seat FROM work_role r JOIN work w ON w.id = r.work \
                   WHERE w.partnership = ? AND w.removed_at IS NULL \
                   UNION SELECT r.deputy FROM work_role r JOIN work w ON w.id = r.work \
                   WHERE w.partnership = ? AND w.removed_at IS NULL) ORDER BY m.party, m.id";
        let values = [Value::from(id.0), id.0.into(), id.0.into()];
        let found: Vec<Row> = rows(&self.db, sql, values).await?;
        let one = |row: Row| RolePerson {
            seat: SeatId(row.id),
            party: PartyId(row.party),
            name: row.name,
            has_left: row.until.is_some() || row.removed_at.is_some(),
        };
        Ok(found.into_iter().map(one).collect())
    }
}

async fn works(
    db: &impl ConnectionTrait,
    id: PartnershipId,
    limit: u64,
    standing: &Standing,
) -> Result<Vec<PieceOfWork>, StoreError> {
    let sql = "SELECT * FROM work WHERE partnership = ? AND removed_at IS NULL \
               ORDER BY id LIMIT ?";
    let found: Vec<work::Model> = rows(db, sql, [id.0.into(), to_i64(limit).into()]).await?;
    let sql = "SELECT r.* FROM work_role r JOIN work w ON w.id = r.work \
               WHERE w.partnership = ? AND w.removed_at IS NULL ORDER BY r.work, r.seat";
    let roles: Vec<work_role::Model> = rows(db, sql, [id.0.into()]).await?;
    let mut of: BTreeMap<Uuid, Vec<work_role::Model>> = BTreeMap::new();
    for role in roles {
        of.entry(role.work).or_default().push(role);
    }
    let one = |row: work::Model| {
        let roles = of.remove(&row.id).unwrap_or_default();
        piece_of(row, &roles, standing)
    };
    found.into_iter().map(one).collect()
}

fn piece_of(
    row: work::Model,
    roles: &[work_role::Model],
    standing: &Standing,
) -> Result<PieceOfWork, StoreError> {
    let own = standing.seat.map(|seat| seat.id.0);
    let answers = |role: &work_role::Model| role.accountable && Some(role.seat) == own;
    let nobody_answers = !roles.iter().any(|role| role.accountable);
    let reads_all = roles.iter().any(answers) || nobody_answers && standing.arranges();
    let readable = roles.iter().filter(|role| reads_all || Some(role.seat) == own);
    let questions = readable.filter(|role| !role.question.is_empty());
    let questions = questions.map(|role| (SeatId(role.seat), role.question.clone())).collect();
    let assigned = |role: &work_role::Model| {
        Ok(Assignment {
            person: SeatId(role.seat),
            roles: roles_of(role),
            deputy: role.deputy.map(SeatId),
            read_back: word("work_role.read_back", &role.read_back, ReadBack::from_name)?,
        })
    };
    let assigned = roles.iter().map(assigned).collect::<Result<_, StoreError>>()?;
    Ok(PieceOfWork {
        row: Work { work: WorkId(row.id), row: assigned },
        title: row.title,
        about: row.about,
        questions,
        by: row.account.map(AccountId),
        changed: Moment::from_ms(row.changed_at),
        version: row.version,
    })
}

/// Whether everyone with a role has read it back and accepts; `None` where nobody has one.
pub(crate) async fn all_read_back(
    db: &impl ConnectionTrait,
    id: PartnershipId,
) -> Result<Option<bool>, StoreError> {
    let found = works(db, id, u64::MAX, &Standing::default()).await?;
    let matrix: Vec<_> = found.into_iter().map(|one| one.row).collect();
    let is_empty = matrix.iter().all(|work| work.row.is_empty());
    Ok((!is_empty).then(|| is_read_back(&matrix)))
}
