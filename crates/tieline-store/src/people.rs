//! People by page, by text, and one by one.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Value};
use tieline_model::address::{Address, AddressKind};
use tieline_model::id::{ActorId, AddressId, UnitId};
use tieline_model::org::{Affiliation, Unit, UnitKind};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::dialect;
use crate::entity::{actor, affiliation};
use crate::error::StoreError;
use crate::fold::fold;
use crate::identity::{Actor, ActorKind, actor_of, affiliation_of};
use crate::live::SeenAddress;
use crate::search::{Reader, text_condition};
use crate::store::{Store, marks, rows, to_i64, to_u64};
use crate::units::{BELOW_ONE, HOLDS};

/// Which people to list. The default lists the first 100 of all.
#[derive(Debug, Clone, PartialEq)]
pub struct PeopleQuery {
    /// Each word of it begins a word of a name, an address, a unit, a title or a tag; case, accents
    /// and order do not matter.
    pub text: Option<String>,
    /// Whose notes are searched for the text too; `None`: no notes.
    pub reader: Option<Reader>,
    /// Affiliated with this unit or organisation, or with a unit below it; proposals do not count.
    pub unit: Option<UnitId>,
    /// Persons or organisations only.
    pub kind: Option<ActorKind>,
    /// With this tag; case and accents do not matter.
    pub tag: Option<String>,
    /// With a job title that contains this; proposals do not count.
    pub role: Option<String>,
    /// Seen by an import at or after this moment.
    pub seen_since: Option<Moment>,
    /// Moment at which affiliations are looked at; `None`: any time for the filter, and the
    /// strongest open-ended affiliation is shown.
    pub as_of: Option<Moment>,
    /// Where the page before ended.
    pub after: Option<PeopleCursor>,
    /// Size of a page, >= 1.
    pub limit: u64,
}

impl Default for PeopleQuery {
    fn default() -> Self {
        Self {
            text: None,
            reader: None,
            unit: None,
            kind: None,
            tag: None,
            role: None,
            seen_since: None,
            as_of: None,
            after: None,
            limit: 100,
        }
    }
}

impl PeopleQuery {
    /// The same page of everyone.
    fn of_everyone(&self) -> Self {
        let Self { reader, limit, .. } = *self;
        Self { reader, limit, after: self.after.clone(), ..Self::default() }
    }

    /// Whether nothing but a text says who is asked for, at whatever time.
    fn asks_for_text_alone(&self) -> bool {
        let Self { text, as_of, .. } = self.clone();
        text.as_deref().is_some_and(|text| !text.trim().is_empty())
            && *self == Self { text, as_of, ..self.of_everyone() }
    }

    /// Whether nothing but a unit says who is asked for, at any time.
    fn asks_for_unit_alone(&self) -> bool {
        self.unit.is_some() && *self == Self { unit: self.unit, ..self.of_everyone() }
    }
}

/// Where a page of people ended: folded name and id of its last row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleCursor {
    /// Folded name.
    pub name: String,
    /// Id.
    pub id: ActorId,
}

/// A person in a listing.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonRow {
    /// Who.
    pub id: ActorId,
    /// Best display name.
    pub name: String,
    /// Person or organisation.
    pub kind: ActorKind,
    /// The anchor, in words; empty when no live import sights it any more.
    pub address: String,
    /// How many addresses.
    pub n_addresses: u64,
    /// Narrowest unit.
    pub unit: Option<Unit>,
    /// The organisation that the unit is part of, or is.
    pub organisation: Option<Unit>,
    /// Job title there.
    pub title: Option<String>,
}

/// An address of a person.
#[derive(Debug, Clone, PartialEq)]
pub struct AddressSeen {
    /// Its id.
    pub id: AddressId,
    /// What live imports saw; `None` when none does any more.
    pub seen: Option<SeenAddress>,
}

/// All that is held on one person, derived.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Names, addresses, merges.
    pub actor: Actor,
    /// Addresses, the anchor first.
    pub addresses: Vec<AddressSeen>,
    /// Where, when and why, the strongest source first, proposals included; each with its unit and
    /// the units above it, widest last.
    pub affiliations: Vec<(Affiliation, Vec<Unit>)>,
}

#[derive(FromQueryResult)]
struct Listed {
    id: Uuid,
    name: String,
    name_folded: String,
    kind: String,
    kind_of_anchor: Option<String>,
    text_of_anchor: Option<String>,
    n_addresses: i64,
}

const LISTED: &str = "SELECT actor.id AS id, actor.name AS name, \
    actor.name_folded AS name_folded, actor.kind AS kind, a.kind AS kind_of_anchor, \
    a.text AS text_of_anchor, (SELECT COUNT(*) FROM actor_address x WHERE x.actor = actor.id) \
    AS n_addresses FROM actor LEFT JOIN address a ON a.id = actor.anchor WHERE ";

/// Values bound by one query for the affiliations of a page.
const PAGE_OF_IDS: usize = 500;

impl Store {
    /// A page of people by folded name and id, and the cursor of the next page; no cursor when this
    /// is the last.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn people(
        &self,
        query: &PeopleQuery,
    ) -> Result<(Vec<PersonRow>, Option<PeopleCursor>), StoreError> {
        let limit = query.limit.max(1);
        let listed = match self.in_order(query, limit).await? {
            Some(ids) => self.listed(&ids).await?,
            None => self.by_conditions(query, limit).await?,
        };
        let next = listed
            .last()
            .filter(|_| listed.len() as u64 == limit)
            .map(|row| PeopleCursor { name: row.name_folded.clone(), id: ActorId(row.id) });
        Ok((self.with_units(listed, query.as_of).await?, next))
    }

    /// A page where one thing alone says who is asked for, and an index has them in order.
    async fn in_order(
        &self,
        query: &PeopleQuery,
        limit: u64,
    ) -> Result<Option<Vec<Uuid>>, StoreError> {
        let after = query.after.as_ref();
        match (query.text.as_deref(), query.unit) {
            (Some(text), None) if query.asks_for_text_alone() => {
                self.page_found_by(text, (query.reader, after), limit).await
            }
            (None, Some(unit)) if query.asks_for_unit_alone() => {
                Ok(Some(self.page_of_unit(unit, after, limit).await?))
            }
            _ => Ok(None),
        }
    }

    /// Cost: a look into an index for each of its people. SQLite walks a CROSS JOIN as it is written.
    async fn page_of_unit(
        &self,
        unit: UnitId,
        after: Option<&PeopleCursor>,
        limit: u64,
    ) -> Result<Vec<Uuid>, StoreError> {
        #[derive(FromQueryResult)]
        struct Own {
            actor: Uuid,
        }
        let page = dialect::page_of_people_below(self.db.get_database_backend());
        let sql = format!("{BELOW_ONE}{page}");
        let values = [unit.0.into(), self.number_after(after).await?.into(), to_i64(limit).into()];
        let own: Vec<Own> = rows(&self.db, &sql, values).await?;
        Ok(own.into_iter().map(|row| row.actor).collect())
    }

    async fn listed(&self, ids: &[Uuid]) -> Result<Vec<Listed>, StoreError> {
        let mut listed = Vec::with_capacity(ids.len());
        for page in ids.chunks(PAGE_OF_IDS) {
            let condition = format!("actor.id IN ({})", marks(page.len()));
            let sql = format!("{LISTED}{condition} ORDER BY actor.name_folded, actor.id");
            let values: Vec<Value> = page.iter().map(|id| (*id).into()).collect();
            listed.extend(rows::<Listed>(&self.db, &sql, values).await?);
        }
        Ok(listed)
    }

    /// The page is chosen before anything more is read of who is on it.
    async fn by_conditions(
        &self,
        query: &PeopleQuery,
        limit: u64,
    ) -> Result<Vec<Listed>, StoreError> {
        let (conditions, mut values) = self.conditions(query).await?;
        values.push(to_i64(limit).into());
        let sql = format!(
            "{LISTED}actor.id IN (SELECT page.id FROM (SELECT actor.id AS id FROM actor \
             WHERE {conditions} ORDER BY actor.name_folded, actor.id LIMIT ?) page) \
             ORDER BY actor.name_folded, actor.id"
        );
        rows(&self.db, &sql, values).await
    }

    /// How many people the query lists in all, whatever its cursor and limit.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_people(&self, query: &PeopleQuery) -> Result<u64, StoreError> {
        if let Some(text) = query.text.as_deref().filter(|_| query.asks_for_text_alone())
            && let Some(n) = self.count_found_by(text, query.reader).await?
        {
            return Ok(to_u64(n));
        }
        if let Some(unit) = query.unit.filter(|_| query.asks_for_unit_alone()) {
            // Units are listed with this number, which is kept.
            let kept = self.kept_units().await?;
            if let Some(row) = kept.rows.iter().find(|row| row.unit.id == unit) {
                return Ok(row.n_people);
            }
        }
        let all = PeopleQuery { after: None, limit: 1, ..query.clone() };
        let (conditions, values) = self.conditions(&all).await?;
        let sql = format!("SELECT COUNT(*) FROM actor WHERE {conditions}");
        Ok(to_u64(crate::store::number(&self.db, &sql, values).await?))
    }

    /// People that a text on the command line may mean: the one whose id or exact address is given;
    /// else those of exactly this name; else those whose id begins so or whom search finds by it;
    /// else those whose name or address contains it. At most `limit`, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn find_people(&self, text: &str, limit: u64) -> Result<Vec<PersonRow>, StoreError> {
        let text = text.trim();
        let limit_value: Value = to_i64(limit.max(1)).into();
        let exact: [(&str, Option<Value>); 3] = [
            ("actor.id = ?", text.parse::<ActorId>().ok().map(|id| id.0.into())),
            (
                "actor.id IN (SELECT x.actor FROM actor_address x WHERE x.address = ?)",
                Address::mail(text).map(|address| address.id().as_i64().into()),
            ),
            ("actor.name_folded = ?", Some(fold(text).into())),
        ];
        for (condition, value) in exact {
            let Some(value) = value else { continue };
            let sql = format!("{LISTED}{condition} ORDER BY actor.name_folded, actor.id LIMIT ?");
            let found: Vec<Listed> = rows(&self.db, &sql, [value, limit_value.clone()]).await?;
            if !found.is_empty() {
                return self.with_units(found, None).await;
            }
        }
        if text.is_empty() {
            return Ok(Vec::new());
        }
        for (mut condition, mut values) in [self.found_by(text, None).await?, text_condition(text)]
        {
            if let Some((low, high)) = uuid_range(text) {
                condition = format!("({condition} OR actor.id BETWEEN ? AND ?)");
                values.extend([Value::from(low), Value::from(high)]);
            }
            values.push(limit_value.clone());
            let sql = format!("{LISTED}{condition} ORDER BY actor.name_folded, actor.id LIMIT ?");
            let found: Vec<Listed> = rows(&self.db, &sql, values).await?;
            if !found.is_empty() {
                return self.with_units(found, None).await;
            }
        }
        Ok(Vec::new())
    }

    /// All that is held on one person.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn person(&self, id: ActorId) -> Result<Person, StoreError> {
        let row = actor::Entity::find_by_id(id.0).one(&self.db).await?;
        let row = row.ok_or_else(|| StoreError::not_found("person", &id))?;
        #[derive(FromQueryResult)]
        struct Own {
            address: i64,
        }
        let own: Vec<Own> = rows(
            &self.db,
            "SELECT address FROM actor_address WHERE actor = ? ORDER BY position",
            [id.0.into()],
        )
        .await?;
        let ids: Vec<AddressId> = own.iter().map(|row| AddressId::from_i64(row.address)).collect();
        let seen = self.addresses_of(&ids).await?;
        let find = |id| seen.iter().find(|seen| seen.id == id).cloned();
        let addresses = ids.iter().map(|id| AddressSeen { id: *id, seen: find(*id) }).collect();
        let merges = self.merges(id).await?;
        let found = affiliation::Entity::find()
            .filter(affiliation::Column::Actor.eq(id.0))
            .order_by_asc(affiliation::Column::Ordinal)
            .all(&self.db)
            .await?;
        let kept = self.kept_units().await?;
        let tree = &kept.tree;
        let affiliations = found.into_iter().map(|row| {
            let affiliation = affiliation_of(row)?;
            let path = tree.path(affiliation.unit);
            Ok((affiliation, path))
        });
        let affiliations = affiliations.collect::<Result<Vec<_>, StoreError>>()?;
        Ok(Person { actor: actor_of(row, ids, merges)?, addresses, affiliations })
    }

    /// Conditions on `actor` and the values of their marks.
    async fn conditions(&self, query: &PeopleQuery) -> Result<(String, Vec<Value>), StoreError> {
        let mut parts = vec!["1 = 1".to_owned()];
        let mut values: Vec<Value> = Vec::new();
        if let Some(cursor) = &query.after {
            parts.push("(actor.name_folded, actor.id) > (?, ?)".to_owned());
            values.extend([Value::from(cursor.name.clone()), Value::from(cursor.id.0)]);
        }
        if let Some(kind) = query.kind {
            parts.push("actor.kind = ?".to_owned());
            values.push(kind.name().into());
        }
        if let Some(unit) = query.unit {
            let holds = query.as_of.map_or(String::new(), |_| format!(" AND {HOLDS}"));
            parts.push(format!(
                "actor.id IN ({BELOW_ONE}SELECT f.actor FROM affiliation f \
                 JOIN below ON below.id = f.unit WHERE NOT f.proposed{holds})"
            ));
            values.push(unit.0.into());
            values.extend(query.as_of.iter().flat_map(|at| [at.ms(), at.ms()]).map(Value::from));
        }
        narrow(query, &mut parts, &mut values);
        if let Some(text) = query.text.as_deref().filter(|text| !text.trim().is_empty()) {
            let (condition, more) = self.found_by(text, query.reader).await?;
            parts.push(condition);
            values.extend(more);
        }
        Ok((parts.join(" AND "), values))
    }

    async fn with_units(
        &self,
        listed: Vec<Listed>,
        as_of: Option<Moment>,
    ) -> Result<Vec<PersonRow>, StoreError> {
        let mut affiliations: HashMap<Uuid, Vec<Affiliation>> = HashMap::new();
        for page in listed.chunks(PAGE_OF_IDS) {
            let found = affiliation::Entity::find()
                .filter(affiliation::Column::Actor.is_in(page.iter().map(|row| row.id)))
                .filter(affiliation::Column::Proposed.eq(false))
                .order_by_asc(affiliation::Column::Ordinal)
                .all(&self.db)
                .await?;
            for row in found {
                affiliations.entry(row.actor).or_default().push(affiliation_of(row)?);
            }
        }
        let kept = self.kept_units().await?;
        listed
            .into_iter()
            .map(|row| {
                let own = affiliations.remove(&row.id).unwrap_or_default();
                person_row(row, shown(&own, as_of), &kept.tree)
            })
            .collect()
    }
}

/// Conditions on tag, role and last sighting, with the values of their marks.
fn narrow(query: &PeopleQuery, parts: &mut Vec<String>, values: &mut Vec<Value>) {
    if let Some(tag) = &query.tag {
        parts.push(
            "actor.id IN (SELECT x.actor FROM tag t JOIN actor_address x \
             ON x.address = t.address WHERE t.folded = ?)"
                .to_owned(),
        );
        values.push(fold(tag).into());
    }
    if let Some(role) = &query.role {
        parts.push(format!(
            "EXISTS (SELECT 1 FROM affiliation f WHERE f.actor = actor.id AND NOT f.proposed \
             AND {})",
            dialect::contains("LOWER(f.title)")
        ));
        values.push(dialect::contains_pattern(&role.trim().to_lowercase()).into());
    }
    if let Some(since) = query.seen_since {
        parts.push(
            "EXISTS (SELECT 1 FROM actor_address x JOIN sighting s ON s.address = x.address \
             JOIN import i ON i.id = s.import AND i.state = 'done' \
             WHERE x.actor = actor.id AND s.last_ms >= ?)"
                .to_owned(),
        );
        values.push(since.ms().into());
    }
}

/// The affiliation that a listing shows: the strongest that holds; without a moment the strongest
/// open-ended one, else the strongest.
fn shown(own: &[Affiliation], as_of: Option<Moment>) -> Option<&Affiliation> {
    match as_of {
        Some(at) => own.iter().find(|one| one.holds_at(at)),
        None => own.iter().find(|one| one.to.is_none()).or(own.first()),
    }
}

fn person_row(
    row: Listed,
    shown: Option<&Affiliation>,
    tree: &UnitTree,
) -> Result<PersonRow, StoreError> {
    let kind = ActorKind::from_name(&row.kind)
        .ok_or_else(|| StoreError::damaged("actor.kind", &row.kind))?;
    let path = shown.map(|one| tree.path(one.unit)).unwrap_or_default();
    let organisation = path.iter().find(|unit| unit.kind == UnitKind::Organisation).cloned();
    let address = match (row.kind_of_anchor, row.text_of_anchor) {
        (Some(kind), Some(text)) => {
            let kind = AddressKind::from_name(&kind)
                .ok_or_else(|| StoreError::damaged("address.kind", &kind))?;
            Address::from_stored(kind, text).to_string()
        }
        _ => String::new(),
    };
    Ok(PersonRow {
        id: ActorId(row.id),
        name: row.name,
        kind,
        address,
        n_addresses: to_u64(row.n_addresses),
        unit: path.into_iter().next(),
        organisation,
        title: shown.and_then(|one| one.title.clone()),
    })
}

/// Units by id, to walk up from one.
#[derive(Debug)]
pub(crate) struct UnitTree(HashMap<UnitId, Unit>);

impl UnitTree {
    pub(crate) fn new(units: Vec<Unit>) -> Self {
        Self(units.into_iter().map(|unit| (unit.id, unit)).collect())
    }

    /// The unit and those above it, narrowest first; ends on cycles.
    pub(crate) fn path(&self, unit: UnitId) -> Vec<Unit> {
        let mut path: Vec<Unit> = Vec::new();
        let mut next = self.0.get(&unit);
        while let Some(unit) = next.filter(|unit| !path.contains(unit)) {
            path.push(unit.clone());
            next = unit.parent.and_then(|parent| self.0.get(&parent));
        }
        path
    }
}

/// Smallest and largest UUID whose text begins so (four digits at least, hyphens optional).
pub(crate) fn uuid_range(prefix: &str) -> Option<(Uuid, Uuid)> {
    let digits: String = prefix.chars().filter(|c| *c != '-').collect();
    if !(4..=32).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let low = Uuid::try_parse(&format!("{digits:0<32}")).ok()?;
    let high = Uuid::try_parse(&format!("{digits:f<32}")).ok()?;
    Some((low, high))
}

/// `?, ?, ...` and values for a list of addresses; `IN (NULL)` holds for none.
pub(crate) fn address_list(ids: &[AddressId]) -> (String, Vec<Value>) {
    let list = if ids.is_empty() { "NULL".to_owned() } else { marks(ids.len()) };
    (list, ids.iter().map(|id| id.as_i64().into()).collect())
}

#[cfg(test)]
mod tests {
    use super::uuid_range;

    #[test]
    fn a_prefix_of_a_uuid_covers_the_ids_that_begin_so() {
        let (low, high) = uuid_range("0188-f").unwrap();
        assert_eq!(low.to_string(), "0188f000-0000-0000-0000-000000000000");
        assert_eq!(high.to_string(), "0188ffff-ffff-ffff-ffff-ffffffffffff");
        for none in ["", "018", "name", "0188f0000000000000000000000000000"] {
            assert_eq!(uuid_range(none), None, "{none}");
        }
    }
}
