//! Organisations, departments, communities, and how many people they have.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QueryOrder, Value};
use tieline_model::id::UnitId;
use tieline_model::org::{Unit, UnitKind};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::{unit, unit_domain};
use crate::error::StoreError;
use crate::fold::fold;
use crate::people::{UnitTree, uuid_range};
use crate::shelf::Kept;
use crate::store::{Store, rows, to_u64};

/// A unit in a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRow {
    /// The unit.
    pub unit: Unit,
    /// Distinct actors affiliated with it or with a unit below it; proposals do not count.
    pub n_people: u64,
}

/// Every unit with every unit below it, itself included. UNION ends on cycles too.
const BELOW: &str = "WITH RECURSIVE below(top, id) AS (SELECT id, id FROM unit \
    UNION SELECT below.top, unit.id FROM below JOIN unit ON unit.parent = below.id) ";

/// The unit bound to the one mark and every unit below it. UNION ends on cycles too.
pub(crate) const BELOW_ONE: &str = "WITH RECURSIVE below(id) AS (SELECT unit.id FROM unit \
    WHERE unit.id = ? UNION SELECT unit.id FROM below JOIN unit ON unit.parent = below.id) ";

/// Condition that an affiliation `f` holds at the moment bound to both marks.
pub(crate) const HOLDS: &str =
    "(f.from_ms IS NULL OR f.from_ms <= ?) AND (f.to_ms IS NULL OR f.to_ms > ?)";

impl Store {
    /// All units by id, each with its people at `as_of`, or ever without a moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn units(&self, as_of: Option<Moment>) -> Result<Vec<UnitRow>, StoreError> {
        match as_of {
            None => Ok(self.kept_units().await?.rows.clone()),
            Some(_) => self.count_units(as_of).await,
        }
    }

    /// Units with the people that each ever had: at most a few seconds old for what other processes
    /// change and the history tells, a minute for the rest. Cost: nothing most of the time, else that of counting: all affiliations.
    pub(crate) async fn kept_units(&self) -> Result<Arc<Kept>, StoreError> {
        match self.shelf.get() {
            Some((kept, false)) => Ok(kept),
            // Who asks does not wait; who asks next sees what is new.
            Some((kept, true)) => {
                if let Ok(one) = Arc::clone(&self.shelf.counting).try_lock_owned() {
                    let (store, before) = (self.clone(), Arc::clone(&kept));
                    tokio::spawn(async move {
                        // What cannot be read now is read, and told, when someone has to wait for it.
                        let _ = store.look_at_units(&before).await;
                        drop(one);
                    });
                }
                Ok(kept)
            }
            None => {
                let _one = self.shelf.counting.lock().await;
                match self.shelf.get() {
                    Some((kept, _)) => Ok(kept),
                    None => self.keep_units().await,
                }
            }
        }
    }

    /// Counts units anew where the history, or too long a time, says so.
    async fn look_at_units(&self, before: &Arc<Kept>) -> Result<(), StoreError> {
        if !self.shelf.renew(before, self.last_network_event().await?) {
            self.keep_units().await?;
        }
        Ok(())
    }

    async fn keep_units(&self) -> Result<Arc<Kept>, StoreError> {
        let generation = self.shelf.generation();
        let (counted, event) = (Instant::now(), self.last_network_event().await?);
        let rows = self.count_units(None).await?;
        let tree = UnitTree::new(rows.iter().map(|row| row.unit.clone()).collect());
        let kept = Arc::new(Kept { counted, event, rows, tree });
        self.shelf.keep(generation, &kept);
        Ok(kept)
    }

    async fn count_units(&self, as_of: Option<Moment>) -> Result<Vec<UnitRow>, StoreError> {
        #[derive(FromQueryResult)]
        struct Count {
            top: Uuid,
            n: i64,
        }
        let holds = as_of.map_or(String::new(), |_| format!("AND {HOLDS} "));
        let values: Vec<Value> =
            as_of.map_or(Vec::new(), |at| vec![at.ms().into(), at.ms().into()]);
        let sql = format!(
            "{BELOW}SELECT below.top AS top, COUNT(DISTINCT f.actor) AS n FROM below \
             JOIN affiliation f ON f.unit = below.id WHERE NOT f.proposed {holds}\
             GROUP BY below.top"
        );
        let counts: Vec<Count> = rows(&self.db, &sql, values).await?;
        let counts: HashMap<Uuid, i64> = counts.into_iter().map(|row| (row.top, row.n)).collect();
        let n_people = |unit: &Unit| to_u64(counts.get(&unit.id.0).copied().unwrap_or(0));
        let units = units_of(&self.db).await?;
        Ok(units.into_iter().map(|unit| UnitRow { n_people: n_people(&unit), unit }).collect())
    }

    /// Units that a text on the command line may mean: one whose id is given; else those of exactly
    /// this name or domain; else those whose id begins so or whose name contains it. Case and
    /// accents do not matter. By name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn find_units(&self, text: &str) -> Result<Vec<Unit>, StoreError> {
        let mut units = units_of(&self.db).await?;
        if let Ok(id) = text.trim().parse::<UnitId>() {
            units.retain(|unit| unit.id == id);
            return Ok(units);
        }
        let folded = fold(text);
        let exact = |unit: &Unit| fold(&unit.name) == folded || unit.domains.contains(&folded);
        if units.iter().any(exact) {
            units.retain(exact);
        } else {
            let range = uuid_range(text.trim());
            units.retain(|unit| {
                range.is_some_and(|(low, high)| (low..=high).contains(&unit.id.0))
                    || (!folded.is_empty() && fold(&unit.name).contains(&folded))
            });
        }
        units.sort_by_cached_key(|unit| (fold(&unit.name), unit.id));
        Ok(units)
    }
}

/// All units with their domains, by id.
pub(crate) async fn units_of(db: &impl ConnectionTrait) -> Result<Vec<Unit>, StoreError> {
    let mut domains: HashMap<Uuid, Vec<String>> = HashMap::new();
    let query = unit_domain::Entity::find().order_by_asc(unit_domain::Column::Domain);
    for row in query.all(db).await? {
        domains.entry(row.unit).or_default().push(row.domain);
    }
    let found = unit::Entity::find().order_by_asc(unit::Column::Id).all(db).await?;
    found
        .into_iter()
        .map(|row| {
            let kind = UnitKind::from_name(&row.kind)
                .ok_or_else(|| StoreError::damaged("unit.kind", &row.kind))?;
            Ok(Unit {
                id: UnitId(row.id),
                kind,
                name: row.name,
                parent: row.parent.map(UnitId),
                domains: domains.remove(&row.id).unwrap_or_default(),
            })
        })
        .collect()
}
