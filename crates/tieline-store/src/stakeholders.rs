//! Stakeholders: the register of a partnership, read and written by whoever is in its room, and the
//! register of an organisation, by whoever works there. To everyone else neither exists.

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, Value};
use tieline_model::id::{AccountId, ActorId, AddressId, PartnershipId, StakeholderId, UnitId};
use tieline_model::room::Participant;
use tieline_model::stakeholder::{Engagement, Placement, Side, shown_to_placed};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::stakeholder;
use crate::error::{Constraint, StoreError};
use crate::fold::fold;
use crate::history::Verb;
use crate::people::address_list;
use crate::rooms::standing;
use crate::say::named;
use crate::store::{Store, Tx, changed, number, rows, to_i64, word};

/// Whose register a stakeholder is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Register {
    /// Of a partnership.
    Partnership(PartnershipId),
    /// Of a unit of the directory.
    Organisation(UnitId),
}

impl Register {
    /// Subject of its events.
    pub(crate) fn subject(self) -> Uuid {
        match self {
            Self::Partnership(id) => id.0,
            Self::Organisation(id) => id.0,
        }
    }

    /// Condition that a stakeholder `s` is in it.
    pub(crate) const fn condition(self) -> &'static str {
        match self {
            Self::Partnership(_) => "s.partnership = ?",
            Self::Organisation(_) => "s.organisation = ?",
        }
    }
}

/// Who has a stake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// A person of the directory, by an address of theirs.
    Person(AddressId),
    /// A unit or an organisation of the directory, under the name given.
    Unit(UnitId, String),
    /// Anyone else, by name.
    Named(String),
}

/// A stakeholder to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStakeholder {
    /// Who.
    pub whom: Whom,
    /// What it has to do with the matter; may be empty.
    pub about: String,
}

/// What can be said of one and changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StakeholderChange {
    /// What it has to do with the matter; may be empty.
    pub about: String,
    /// What it wants; may be empty.
    pub wants: String,
    /// On which side it stands; `None`: as computed.
    pub side: Option<Side>,
    /// Whether it can impose its will; `None`: not known.
    pub power: Option<bool>,
    /// Whether it has a fair claim.
    pub legitimacy: Option<bool>,
    /// Whether it cannot wait.
    pub urgency: Option<bool>,
}

/// A stakeholder in a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stakeholder {
    /// Its id.
    pub id: StakeholderId,
    /// In whose register.
    pub register: Register,
    /// An address, where it is a person.
    pub who: Option<AddressId>,
    /// The person in the directory.
    pub actor: Option<ActorId>,
    /// The unit in the directory.
    pub unit: Option<UnitId>,
    /// Its name; `None`: a person whom the directory does not know any more.
    pub name: Option<String>,
    /// What is said of it.
    pub said: StakeholderChange,
    /// When it was last changed.
    pub changed: Moment,
    /// Grows with each change.
    pub version: i64,
}

/// What is held on a person as a stakeholder.
#[derive(Debug, Clone, PartialEq)]
pub struct StakeholderHeld {
    /// Name of the partnership or organisation in whose register.
    pub register: String,
    /// What is said.
    pub said: StakeholderChange,
    /// How they stand to the matter, and are wanted to.
    pub stance: Option<(Engagement, Option<Engagement>)>,
    /// How many people placed them.
    pub n_placed: usize,
    /// Where, from five of them on: the median.
    pub placed: Option<Placement>,
}

impl Tx {
    /// Writes a stakeholder down.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`Constraint::Value`] without a name, [`Constraint::Taken`] when it
    /// is in the register already.
    pub async fn add_stakeholder(
        &self,
        register: Register,
        new: &NewStakeholder,
        by: Participant,
    ) -> Result<StakeholderId, StoreError> {
        may_enter(&self.db, register, by).await?;
        let (address, unit, name) = match &new.whom {
            Whom::Person(who) => (Some(who.as_i64()), None, String::new()),
            Whom::Unit(unit, name) => (None, Some(unit.0), named(name, "a stakeholder")?),
            Whom::Named(name) => (None, None, named(name, "a stakeholder")?),
        };
        for known in list(&self.db, register, None, u64::MAX).await? {
            let is_same = match &new.whom {
                Whom::Person(who) => known.who == Some(*who) || self.is_one(*who, &known).await?,
                Whom::Unit(unit, _) => known.unit == Some(*unit),
                Whom::Named(_) => {
                    known.who.is_none() && known.name.as_deref().map(fold) == Some(fold(&name))
                }
            };
            if is_same {
                return Err(StoreError::Conflict(Constraint::Taken("this stakeholder".into())));
            }
        }
        let id = StakeholderId(Uuid::now_v7());
        let (partnership, organisation) = match register {
            Register::Partnership(id) => (Some(id.0), None),
            Register::Organisation(id) => (None, Some(id.0)),
        };
        let row = stakeholder::Model {
            id: id.0,
            partnership,
            organisation,
            address,
            unit,
            name,
            about: new.about.trim().to_owned(),
            wants: String::new(),
            side: None,
            power: None,
            legitimacy: None,
            urgency: None,
            account: by.account().map(|account| account.0),
            changed_at: self.now.ms(),
            version: 1,
            removed_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<stakeholder::Entity>(&[row], None).await?;
        self.record(Verb::StakeholderAdded, &register.subject(), id.to_string()).await?;
        Ok(id)
    }

    /// Whether an address is of the person of a stakeholder.
    async fn is_one(&self, who: AddressId, known: &Stakeholder) -> Result<bool, StoreError> {
        let Some(actor) = known.actor else { return Ok(false) };
        let sql = "SELECT COUNT(*) FROM actor_address WHERE actor = ? AND address = ?";
        Ok(number(&self.db, sql, [actor.0.into(), who.as_i64().into()]).await? > 0)
    }

    /// Changes what is said of the version given.
    ///
    /// # Errors
    /// [`Constraint::Stale`] when it was changed since, [`StoreError::NotFound`].
    pub async fn update_stakeholder(
        &self,
        (id, version): (StakeholderId, i64),
        said: &StakeholderChange,
        by: Participant,
    ) -> Result<(), StoreError> {
        let register = self.register_of(id, by).await?;
        let sql = "UPDATE stakeholder SET about = ?, wants = ?, side = ?, power = ?, legitimacy = ?, \
                   urgency = ?, account = ?, changed_at = ?, version = version + 1 \
                   WHERE id = ? AND version = ? AND removed_at IS NULL";
        let values: [Value; 10] = [
            said.about.trim().into(),
            said.wants.trim().into(),
            said.side.map(Side::name).into(),
            said.power.into(),
            said.legitimacy.into(),
            said.urgency.into(),
            by.account().map(|account| account.0).into(),
            self.now.ms().into(),
            id.0.into(),
            version.into(),
        ];
        if self.run(sql, values).await? == 0 {
            let row = ("stakeholder WHERE id = ? AND removed_at IS NULL", vec![id.0.into()]);
            return Err(self.stale_or_gone("stakeholder", &id, row).await?);
        }
        self.record(Verb::StakeholderChanged, &register.subject(), id.to_string()).await
    }

    /// Takes a stakeholder out of the register, or lets it stand there again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_stakeholder(
        &self,
        id: StakeholderId,
        is_removed: bool,
        by: Participant,
    ) -> Result<Register, StoreError> {
        let register = self.register_of(id, by).await?;
        let (at, is_there, verb) = match is_removed {
            true => (Some(self.now.ms()), "IS NULL", Verb::StakeholderRemoved),
            false => (None, "IS NOT NULL", Verb::StakeholderRestored),
        };
        let sql = format!(
            "UPDATE stakeholder SET removed_at = ?, version = version + 1 \
             WHERE id = ? AND removed_at {is_there}"
        );
        changed(self.run(&sql, [at.into(), id.0.into()]).await?, "stakeholder", &id)?;
        self.record(verb, &register.subject(), id.to_string()).await?;
        Ok(register)
    }

    /// The register of a stakeholder, standing or taken back, for whoever may write there.
    pub(crate) async fn register_of(
        &self,
        id: StakeholderId,
        by: Participant,
    ) -> Result<Register, StoreError> {
        let row = stakeholder::Entity::find_by_id(id.0).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("stakeholder", &id))?;
        let register = register(row.partnership, row.organisation)?;
        match may_enter(&self.db, register, by).await {
            // Whoever is outside does not hear what else is not there.
            Err(StoreError::NotFound { .. }) => Err(StoreError::not_found("stakeholder", &id)),
            other => other.map(|()| register),
        }
    }

    /// As [`Tx::register_of`], of one that stands.
    pub(crate) async fn register_that_holds(
        &self,
        id: StakeholderId,
        by: Participant,
    ) -> Result<Register, StoreError> {
        let register = self.register_of(id, by).await?;
        let sql = "SELECT COUNT(*) FROM stakeholder WHERE id = ? AND removed_at IS NULL";
        let n = number(&self.db, sql, [id.0.into()]).await?;
        if n == 0 { Err(StoreError::not_found("stakeholder", &id)) } else { Ok(register) }
    }
}

impl Store {
    /// Whether someone may read and write a register.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when not.
    pub async fn may_enter(&self, register: Register, by: Participant) -> Result<(), StoreError> {
        may_enter(&self.db, register, by).await
    }

    /// Stakeholders of a register in the order in which they came; those after one, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in it.
    pub async fn stakeholders(
        &self,
        register: Register,
        after: Option<StakeholderId>,
        limit: u64,
        by: Participant,
    ) -> Result<Vec<Stakeholder>, StoreError> {
        may_enter(&self.db, register, by).await?;
        list(&self.db, register, after, limit).await
    }

    /// One stakeholder that stands.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] also for whoever is not in its register.
    pub async fn stakeholder(
        &self,
        id: StakeholderId,
        by: Participant,
    ) -> Result<Stakeholder, StoreError> {
        let sql = format!("{SELECT} WHERE s.id = ? AND s.removed_at IS NULL");
        let found: Vec<Row> = rows(&self.db, &sql, [id.0.into()]).await?;
        let gone = || StoreError::not_found("stakeholder", &id);
        let one = of_row(found.into_iter().next().ok_or_else(gone)?)?;
        match may_enter(&self.db, one.register, by).await {
            Err(StoreError::NotFound { .. }) => Err(gone()),
            other => other.map(|()| one),
        }
    }

    /// Organisations that someone works in, by name: those whose registers are theirs.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn organisations_of(
        &self,
        by: AccountId,
    ) -> Result<Vec<(UnitId, String)>, StoreError> {
        #[derive(FromQueryResult)]
        struct Found {
            id: Uuid,
            name: String,
        }
        let sql = format!(
            "WITH RECURSIVE above(id) AS (SELECT f.unit FROM affiliation f WHERE {HOLDS} \
             UNION SELECT u.parent FROM unit u JOIN above b ON u.id = b.id \
             WHERE u.parent IS NOT NULL) \
             SELECT u.id, u.name FROM unit u JOIN above b ON b.id = u.id \
             WHERE u.kind = 'organisation' ORDER BY u.name_folded, u.id"
        );
        let now = crate::store::now().ms();
        let found: Vec<Found> = rows(&self.db, &sql, [now.into(), by.0.into()]).await?;
        Ok(found.into_iter().map(|row| (UnitId(row.id), row.name)).collect())
    }

    /// Whether a stakeholder is a person whom an account is.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_stakeholder(
        &self,
        one: &Stakeholder,
        by: Participant,
    ) -> Result<bool, StoreError> {
        is_self(&self.db, one.id, by).await
    }

    /// What registers hold on the person of these addresses.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn stakeholder_held(
        &self,
        addresses: &[AddressId],
    ) -> Result<Vec<StakeholderHeld>, StoreError> {
        let (marks, values) = address_list(addresses);
        let sql = format!("{SELECT} WHERE s.address IN ({marks}) ORDER BY s.id");
        let found: Vec<Row> = rows(&self.db, &sql, values).await?;
        let mut held = Vec::with_capacity(found.len());
        for row in found {
            let one = of_row(row)?;
            let placed = crate::placements::latest(&self.db, one.id).await?;
            let placements: Vec<Placement> = placed.iter().map(|(_, placed)| *placed).collect();
            let stance = self.stance_of(one.id).await?;
            held.push(StakeholderHeld {
                register: self.register_name(one.register).await?,
                said: one.said,
                stance: stance.map(|stance| (stance.now, stance.wanted)),
                n_placed: placements.len(),
                placed: shown_to_placed(&placements),
            });
        }
        Ok(held)
    }

    async fn register_name(&self, register: Register) -> Result<String, StoreError> {
        #[derive(FromQueryResult)]
        struct Found {
            name: String,
        }
        let sql = match register {
            Register::Partnership(_) => "SELECT name FROM partnership WHERE id = ?",
            Register::Organisation(_) => "SELECT name FROM unit WHERE id = ?",
        };
        let found: Vec<Found> = rows(&self.db, sql, [register.subject().into()]).await?;
        Ok(found.into_iter().next().map_or(String::new(), |row| row.name))
    }
}

/// That an affiliation `f` holds and is of the person of an account.
const HOLDS: &str = "(f.to_ms IS NULL OR f.to_ms > ?) AND NOT f.proposed AND f.actor IN \
    (SELECT own.actor FROM account a JOIN actor_address own ON own.address = a.actor \
    WHERE a.id = ?)";

/// What one may not enter does not exist.
pub(crate) async fn may_enter(
    db: &impl ConnectionTrait,
    register: Register,
    by: Participant,
) -> Result<(), StoreError> {
    let unit = match register {
        Register::Partnership(id) => return standing(db, id, by).await.map(drop),
        Register::Organisation(unit) => unit,
    };
    let gone = || StoreError::not_found("unit", &unit);
    let account = by.account().ok_or_else(gone)?;
    let sql = format!(
        "WITH RECURSIVE below(id) AS (SELECT id FROM unit WHERE id = ? \
         UNION SELECT u.id FROM unit u JOIN below b ON u.parent = b.id) \
         SELECT COUNT(*) FROM affiliation f JOIN below b ON b.id = f.unit WHERE {HOLDS}"
    );
    let values = [unit.0.into(), crate::store::now().ms().into(), account.0.into()];
    if number(db, &sql, values).await? == 0 { Err(gone()) } else { Ok(()) }
}

/// Whether a stakeholder is the person of an account.
pub(crate) async fn is_self(
    db: &impl ConnectionTrait,
    id: StakeholderId,
    by: Participant,
) -> Result<bool, StoreError> {
    // Guests by link place nobody.
    let Some(account) = by.account() else { return Ok(false) };
    let sql = "SELECT COUNT(*) FROM stakeholder s JOIN account a ON a.id = ? WHERE s.id = ? \
               AND (s.address = a.actor OR s.address IN (SELECT theirs.address \
               FROM actor_address own JOIN actor_address theirs ON theirs.actor = own.actor \
               WHERE own.address = a.actor))";
    Ok(number(db, sql, [account.0.into(), id.0.into()]).await? > 0)
}

/// What a listing says of a stakeholder.
const SELECT: &str = "SELECT s.id, s.partnership, s.organisation, s.address, s.unit, s.name, \
    s.about, s.wants, s.side, s.power, s.legitimacy, s.urgency, s.changed_at, s.version, \
    o.id AS actor, o.name AS actor_name FROM stakeholder s \
    LEFT JOIN actor_address x ON x.address = s.address LEFT JOIN actor o ON o.id = x.actor";

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    partnership: Option<Uuid>,
    organisation: Option<Uuid>,
    address: Option<i64>,
    unit: Option<Uuid>,
    name: String,
    about: String,
    wants: String,
    side: Option<String>,
    power: Option<bool>,
    legitimacy: Option<bool>,
    urgency: Option<bool>,
    changed_at: i64,
    version: i64,
    actor: Option<Uuid>,
    actor_name: Option<String>,
}

async fn list(
    db: &impl ConnectionTrait,
    register: Register,
    after: Option<StakeholderId>,
    limit: u64,
) -> Result<Vec<Stakeholder>, StoreError> {
    let sql = format!(
        "{SELECT} WHERE {} AND s.removed_at IS NULL AND s.id > ? ORDER BY s.id LIMIT ?",
        register.condition()
    );
    let after = after.map_or(Uuid::nil(), |one| one.0);
    let values = [register.subject().into(), after.into(), to_i64(limit).into()];
    rows::<Row>(db, &sql, values).await?.into_iter().map(of_row).collect()
}

fn register(partnership: Option<Uuid>, organisation: Option<Uuid>) -> Result<Register, StoreError> {
    match (partnership, organisation) {
        (Some(id), None) => Ok(Register::Partnership(PartnershipId(id))),
        (None, Some(id)) => Ok(Register::Organisation(UnitId(id))),
        _ => Err(StoreError::damaged("stakeholder.partnership", &"of one register")),
    }
}

fn of_row(row: Row) -> Result<Stakeholder, StoreError> {
    let side = |text: String| word("stakeholder.side", &text, Side::from_name);
    Ok(Stakeholder {
        id: StakeholderId(row.id),
        register: register(row.partnership, row.organisation)?,
        who: row.address.map(AddressId::from_i64),
        actor: row.actor.map(ActorId),
        unit: row.unit.map(UnitId),
        name: row.actor_name.or(Some(row.name).filter(|name| !name.is_empty())),
        said: StakeholderChange {
            about: row.about,
            wants: row.wants,
            side: row.side.map(side).transpose()?,
            power: row.power,
            legitimacy: row.legitimacy,
            urgency: row.urgency,
        },
        changed: Moment::from_ms(row.changed_at),
        version: row.version,
    })
}
