//! Who is in a conflict case, and what they read of it.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Value};
use tieline_model::conflict::PointKind;
use tieline_model::conflict::stage::Stage;
use tieline_model::id::{
    AccountId, AddressId, CaseActionId, CaseId, CommitmentId, PartnershipId, PartyId, PointId,
    SeatId,
};
use tieline_model::room::Participant;
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::cases::{CaseAction, CaseLine, CasePerson, CasePoint, CaseSide, ConflictCase, InCase};
use crate::entity::{conflict_action, conflict_case, conflict_point};
use crate::error::StoreError;
use crate::rooms::standing;
use crate::store::{Store, number, rows, to_i64, word};

impl Store {
    /// Cases of a partnership that someone is in, the newest first; those before `after`, at most
    /// `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn cases(
        &self,
        id: PartnershipId,
        after: Option<CaseId>,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<CaseLine>, StoreError> {
        let standing = standing(&self.db, id, by).await?;
        let (mine, own) = mediates(by);
        let account = by.account().map_or(Uuid::nil(), |account| account.0);
        let party = standing.party().map_or(Uuid::nil(), |party| party.0);
        let seat = standing.seat.map_or(Uuid::nil(), |seat| seat.id.0);
        let sql = format!(
            "SELECT c.* FROM conflict_case c WHERE c.partnership = ? AND c.id < ? AND (EXISTS \
             (SELECT 1 FROM conflict_side s WHERE s.conflict = c.id AND s.party = ?) \
             OR c.account = ? OR EXISTS (SELECT 1 FROM by_seat b WHERE b.thing = c.id \
             AND b.seat = ?) OR {mine}) ORDER BY c.id DESC LIMIT ?"
        );
        let before = after.map_or(Uuid::max(), |after| after.0);
        let mut values: Vec<Value> =
            vec![id.0.into(), before.into(), party.into(), account.into(), seat.into()];
        values.extend(own);
        values.push(to_i64(limit).into());
        self.lines(rows(&self.db, &sql, values).await?).await
    }

    /// Cases that someone mediates who need not be in the room, the newest first; at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_mediated(
        &self,
        by: Participant,
        limit: u64,
    ) -> Result<Vec<CaseLine>, StoreError> {
        let (mine, [one, two]) = mediates(by);
        let sql = format!(
            "SELECT c.* FROM conflict_case c JOIN partnership p ON p.id = c.partnership \
             AND p.removed_at IS NULL WHERE {mine} ORDER BY c.id DESC LIMIT ?"
        );
        let values = [one, two, to_i64(limit).into()];
        self.lines(rows(&self.db, &sql, values).await?).await
    }

    /// How many cases that are not over someone mediates, by an address of theirs.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_mediations(&self, who: AddressId) -> Result<u32, StoreError> {
        let sql = "SELECT COUNT(*) FROM conflict_case WHERE mediator = ? \
                   AND stage NOT IN ('closed', 'withdrawn', 'escalated')";
        let n = number(&self.db, sql, [who.as_i64().into()]).await?;
        Ok(u32::try_from(n).unwrap_or(u32::MAX))
    }

    async fn lines(&self, found: Vec<conflict_case::Model>) -> Result<Vec<CaseLine>, StoreError> {
        let mut all = Vec::with_capacity(found.len());
        for row in found {
            let sides = sides(&self.db, CaseId(row.id)).await?;
            all.push(CaseLine {
                id: CaseId(row.id),
                partnership: PartnershipId(row.partnership),
                title: row.title,
                stage: word("conflict_case.stage", &row.stage, Stage::from_name)?,
                sides: sides.into_iter().map(|side| side.name).collect(),
                agreed: row.agreed_at.map(Moment::from_ms),
                changed: Moment::from_ms(row.changed_at),
            });
        }
        Ok(all)
    }

    /// A case with what its sides said. What a point is worth to a side is not in it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] also for whoever is not in it.
    pub async fn case(
        &self,
        at: (PartnershipId, CaseId),
        by: Participant,
    ) -> Result<ConflictCase, StoreError> {
        case(&self.db, at, by).await
    }

    /// Whoever sits at the sides of a case.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in it.
    pub async fn case_people(
        &self,
        at: (PartnershipId, CaseId),
        by: Participant,
    ) -> Result<Vec<CasePerson>, StoreError> {
        in_case(&self.db, at, by).await?;
        case_people(&self.db, at.1).await
    }

    /// What was learnt from cases of a partnership that are closed; in no order that tells when.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the room.
    pub async fn lessons(
        &self,
        id: PartnershipId,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<String>, StoreError> {
        #[derive(FromQueryResult)]
        struct Row {
            text: String,
        }
        standing(&self.db, id, by).await?;
        let sql = "SELECT text FROM conflict_lesson WHERE partnership = ? ORDER BY id LIMIT ?";
        let found: Vec<Row> = rows(&self.db, sql, [id.0.into(), to_i64(limit).into()]).await?;
        Ok(found.into_iter().map(|row| row.text).collect())
    }

    /// In which partnership a case is, and the accounts that are in it: who hears of it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn accounts_in_case(
        &self,
        case: CaseId,
    ) -> Result<Option<(PartnershipId, Vec<AccountId>)>, StoreError> {
        let row = conflict_case::Entity::find_by_id(case.0).one(&self.db).await?;
        let Some(row) = row else { return Ok(None) };
        let at = (PartnershipId(row.partnership), case);
        let mut inside = Vec::new();
        let mut asked = self.accounts_in(at.0).await?;
        if let Some(mediator) = row.mediator {
            asked.extend(accounts_of(&self.db, mediator).await?);
        }
        for account in asked.into_iter().collect::<BTreeSet<_>>() {
            if in_case(&self.db, at, Participant::Account(account)).await.is_ok() {
                inside.push(account);
            }
        }
        Ok(Some((at.0, inside)))
    }
}

/// Accounts of whoever has an address.
async fn accounts_of(
    db: &impl ConnectionTrait,
    address: i64,
) -> Result<Vec<AccountId>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT a.id FROM account a WHERE a.actor = ? OR a.actor IN \
               (SELECT theirs.address FROM actor_address own JOIN actor_address theirs \
               ON theirs.actor = own.actor WHERE own.address = ?)";
    let found: Vec<Row> = rows(db, sql, [address.into(), address.into()]).await?;
    Ok(found.into_iter().map(|row| AccountId(row.id)).collect())
}

/// Condition that someone mediates a case `c`, with its values: a side that has not accepted them
/// keeps them out.
fn mediates(by: Participant) -> (String, [Value; 2]) {
    let (own, id) = match by {
        Participant::Account(account) => {
            ("(SELECT a.actor AS address, a.id AS id FROM account a)", account.0)
        }
        Participant::Guest(seat) => {
            ("(SELECT m.address AS address, m.id AS id FROM partnership_member m)", seat.0)
        }
    };
    let condition = format!(
        "(c.mediator IS NOT NULL AND c.mediator IN (SELECT w.address FROM {own} w WHERE w.id = ? \
         UNION SELECT theirs.address FROM {own} w JOIN actor_address o ON o.address = w.address \
         JOIN actor_address theirs ON theirs.actor = o.actor WHERE w.id = ?) \
         AND NOT EXISTS (SELECT 1 FROM conflict_side s WHERE s.conflict = c.id \
         AND NOT s.mediator_ok))"
    );
    (condition, [id.into(), id.into()])
}

/// What someone is in a case that exists for them, with its row.
pub(crate) async fn in_case(
    db: &impl ConnectionTrait,
    (id, case): (PartnershipId, CaseId),
    by: Participant,
) -> Result<(InCase, conflict_case::Model), StoreError> {
    let nothing = || StoreError::not_found("case", &case);
    let row = conflict_case::Entity::find_by_id(case.0).one(db).await?;
    let row = row.filter(|row| row.partnership == id.0).ok_or_else(nothing)?;
    let standing = match standing(db, id, by).await {
        Ok(standing) => Some(standing),
        Err(StoreError::NotFound { .. }) => None,
        Err(error) => return Err(error),
    };
    let mut reader = InCase::default();
    if let Some(standing) = standing {
        if let Some(party) = standing.party() {
            let sql = "SELECT COUNT(*) FROM conflict_side WHERE conflict = ? AND party = ?";
            let is_side = number(db, sql, [case.0.into(), party.0.into()]).await? > 0;
            reader.side = is_side.then_some(party);
        }
        let account = by.account().map(|account| account.0);
        reader.raised = account.is_some() && row.account == account;
        if let Participant::Guest(seat) = by {
            let sql = "SELECT COUNT(*) FROM by_seat WHERE thing = ? AND seat = ?";
            reader.raised = number(db, sql, [case.0.into(), seat.0.into()]).await? > 0;
        }
    }
    if reader.side.is_none() && row.mediator.is_some() {
        let (mine, [one, two]) = mediates(by);
        let sql = format!(
            "SELECT COUNT(*) FROM conflict_case c JOIN partnership p ON p.id = c.partnership \
             AND p.removed_at IS NULL WHERE c.id = ? AND {mine}"
        );
        reader.mediates = number(db, &sql, [case.0.into(), one, two]).await? > 0;
    }
    if reader.is_in() { Ok((reader, row)) } else { Err(nothing()) }
}

/// A case for whoever is in it.
pub(crate) async fn case(
    db: &impl ConnectionTrait,
    at: (PartnershipId, CaseId),
    by: Participant,
) -> Result<ConflictCase, StoreError> {
    let (reader, row) = in_case(db, at, by).await?;
    let mediator = match row.mediator {
        Some(address) => Some((AddressId::from_i64(address), name_of(db, address).await?)),
        None => None,
    };
    Ok(ConflictCase {
        id: at.1,
        partnership: at.0,
        title: row.title,
        about: row.about,
        stage: word("conflict_case.stage", &row.stage, Stage::from_name)?,
        mediator,
        agreement: row.agreement,
        learnt: row.learnt,
        agreed: row.agreed_at.map(Moment::from_ms),
        closed: row.closed_at.map(Moment::from_ms),
        sides: sides(db, at.1).await?,
        points: points(db, at.1).await?,
        actions: actions(db, at.1).await?,
        reader,
        changed: Moment::from_ms(row.changed_at),
        version: row.version,
    })
}

async fn name_of(db: &impl ConnectionTrait, address: i64) -> Result<String, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
    }
    let sql = "SELECT o.name FROM actor_address x JOIN actor o ON o.id = x.actor \
               WHERE x.address = ?";
    let found: Vec<Row> = rows(db, sql, [address.into()]).await?;
    Ok(found.into_iter().next().map(|row| row.name).unwrap_or_default())
}

async fn sides(db: &impl ConnectionTrait, case: CaseId) -> Result<Vec<CaseSide>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        party: Uuid,
        name: String,
        view: String,
        position: String,
        restated: String,
        restated_by: Option<Uuid>,
        understood: bool,
        accepts: bool,
        settled: bool,
        mediator_ok: bool,
        version: i64,
    }
    let sql = "SELECT s.party, q.name, s.view, s.position, s.restated, s.restated_by, \
               s.understood, s.accepts, s.settled, s.mediator_ok, s.version \
               FROM conflict_side s JOIN party q ON q.id = s.party WHERE s.conflict = ? \
               ORDER BY s.party";
    let found: Vec<Row> = rows(db, sql, [case.0.into()]).await?;
    let one = |row: Row| CaseSide {
        party: PartyId(row.party),
        name: row.name,
        view: row.view,
        position: row.position,
        restated: row.restated_by.map(|by| (PartyId(by), row.restated)),
        understood: row.understood,
        accepts: row.accepts,
        settled: row.settled,
        mediator_ok: row.mediator_ok,
        version: row.version,
    };
    Ok(found.into_iter().map(one).collect())
}

async fn points(db: &impl ConnectionTrait, case: CaseId) -> Result<Vec<CasePoint>, StoreError> {
    let sql = "SELECT * FROM conflict_point WHERE conflict = ? AND removed_at IS NULL ORDER BY id";
    let found: Vec<conflict_point::Model> = rows(db, sql, [case.0.into()]).await?;
    let one = |row: conflict_point::Model| {
        Ok(CasePoint {
            id: PointId(row.id),
            kind: word("conflict_point.kind", &row.kind, PointKind::from_name)?,
            party: row.party.map(PartyId),
            topic: row.topic,
            text: row.text,
        })
    };
    found.into_iter().map(one).collect()
}

async fn actions(db: &impl ConnectionTrait, case: CaseId) -> Result<Vec<CaseAction>, StoreError> {
    let sql = "SELECT * FROM conflict_action WHERE conflict = ? ORDER BY id";
    let found: Vec<conflict_action::Model> = rows(db, sql, [case.0.into()]).await?;
    let kept = kept(db, case).await?;
    let one = |row: conflict_action::Model| CaseAction {
        id: CaseActionId(row.id),
        party: PartyId(row.party),
        seat: row.seat.map(SeatId),
        text: row.text,
        due: Moment::from_ms(row.due),
        commitment: row.commitment.map(CommitmentId),
        is_done: row.commitment.is_some_and(|one| kept.get(&one).copied().unwrap_or(false)),
    };
    Ok(found.into_iter().map(one).collect())
}

/// Of each promise that an action became, whether it was kept: itself, or the one that took its place
/// with another date.
async fn kept(db: &impl ConnectionTrait, case: CaseId) -> Result<BTreeMap<Uuid, bool>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        first: Uuid,
        ended: Option<String>,
    }
    let sql = "WITH RECURSIVE line(first, id) AS (SELECT a.commitment, a.commitment \
               FROM conflict_action a WHERE a.conflict = ? AND a.commitment IS NOT NULL \
               UNION SELECT l.first, c.id FROM line l JOIN commitment c ON c.follows = l.id) \
               SELECT l.first, c.ended FROM line l JOIN commitment c ON c.id = l.id";
    let found: Vec<Row> = rows(db, sql, [case.0.into()]).await?;
    let mut kept = BTreeMap::new();
    for row in found {
        let is_kept = row.ended.as_deref() == Some("kept");
        *kept.entry(row.first).or_insert(false) |= is_kept;
    }
    Ok(kept)
}

pub(crate) async fn case_people(
    db: &impl ConnectionTrait,
    case: CaseId,
) -> Result<Vec<CasePerson>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        party: Uuid,
        address: i64,
        name: Option<String>,
    }
    let sql = format!(
        "SELECT m.id, m.party, m.address, o.name FROM {} \
         JOIN conflict_side s ON s.party = m.party \
         LEFT JOIN actor_address x ON x.address = m.address \
         LEFT JOIN actor o ON o.id = x.actor WHERE s.conflict = ? ORDER BY m.party, m.id",
        crate::rooms::SEATED
    );
    let found: Vec<Row> = rows(db, &sql, [case.0.into()]).await?;
    let one = |row: Row| CasePerson {
        seat: SeatId(row.id),
        party: PartyId(row.party),
        who: AddressId::from_i64(row.address),
        name: row.name,
    };
    Ok(found.into_iter().map(one).collect())
}
