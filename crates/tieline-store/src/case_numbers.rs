//! What points of a conflict case are worth to a side: read by that side alone. Once both have given
//! their numbers these stay as they are, so that nobody learns the other's by trying their own, and
//! what comes out is shown: who has what, and which packages are fair, never a number of the other.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use tieline_model::conflict::adjusted_winner::{POINTS, Side};
use tieline_model::conflict::package::{MAX_CHOICES, MAX_ISSUES, MAX_UTILITY, PackageError};
use tieline_model::conflict::stage::Stage;
use tieline_model::conflict::{DivisionError, Issue, PointKind, deals, divide};
use tieline_model::fraction::Fraction;
use tieline_model::id::{CaseId, PartnershipId, PartyId, PointId};
use tieline_model::room::Participant;
use uuid::Uuid;

use crate::case_reads::case;
use crate::case_words::speaker;
use crate::cases::{CasePoint, ConflictCase};
use crate::entity::conflict_worth;
use crate::error::StoreError;
use crate::history::Verb;
use crate::store::{Store, Tx, rows};

/// Packages that are shown, the best first.
const MOST_DEALS: usize = 3;

/// What a side gave for one kind of points.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnNumbers {
    /// Of each point.
    pub worth: BTreeMap<PointId, i64>,
    /// What no deal is worth; of choices alone.
    pub no_deal: i64,
}

/// How items are divided.
#[derive(Debug, Clone, PartialEq)]
pub struct Dividing {
    /// Of each item in order, the share of the first side, 0 to 1.
    pub first: Vec<(PointId, Fraction)>,
    /// Where an item is split: both ways of giving it whole, as the items of the first side.
    pub whole: Option<[Vec<PointId>; 2]>,
    /// What the reader's side has by its own points, of 100. Both sides have equally much.
    pub own: Option<Fraction>,
}

/// A package that is worth talking about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuggestedDeal {
    /// One choice per issue.
    pub choices: Vec<PointId>,
    /// Whether the smaller gain is the largest possible.
    pub is_egalitarian: bool,
    /// What the reader's side gains over no deal, by its own numbers.
    pub own: Option<i64>,
}

/// What came out of the numbers of both sides, as far as anyone but their own side may know it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Worked {
    /// The reader's own side's numbers for items and for choices; nobody else's.
    pub own: [Option<OwnNumbers>; 2],
    /// Parties that have given theirs, for items and for choices.
    pub given: [Vec<PartyId>; 2],
    /// How items are divided, once both have given numbers; or the item that neither wants.
    pub dividing: Option<Result<Dividing, PointId>>,
    /// Packages that are at least as good as none for both, the best first, once both have given
    /// numbers; empty: no package is.
    pub deals: Option<Vec<SuggestedDeal>>,
}

/// Kinds that have numbers, in the order of [`Worked`].
const NUMBERED: [PointKind; 2] = [PointKind::Item, PointKind::Choice];

impl Tx {
    /// Gives the numbers of the reader's side for all points of a kind that stand.
    ///
    /// # Errors
    /// [`crate::Constraint::Value`] where numbers do not fit, the case has more than two sides, or
    /// both sides have given theirs; [`StoreError::NotFound`] for whoever is on no side.
    pub async fn give_numbers(
        &self,
        at: (PartnershipId, CaseId),
        (kind, given): (PointKind, &OwnNumbers),
        by: Participant,
    ) -> Result<(), StoreError> {
        let known = case(&self.db, at, by).await?;
        let own = speaker(&known)?.party;
        if known.two().is_none() || !NUMBERED.contains(&kind) {
            return Err(StoreError::value("numbers are for cases of two sides"));
        }
        if !(Stage::Options..=Stage::Agreement).contains(&known.stage) {
            return Err(StoreError::value("numbers are given with the options"));
        }
        fits(&known, kind, given)?;
        let table = numbers(&self.db, &known).await?;
        let is_given = |party: &PartyId| is_given(&known, kind, table.get(party));
        if known.two().is_some_and(|two| two.iter().all(is_given)) {
            return Err(StoreError::value("both sides have given their numbers: begin anew first"));
        }
        self.forget_numbers_of(known.id, kind, Some(own)).await?;
        let no_deal = (kind == PointKind::Choice).then_some((PointId(at.1.0), given.no_deal));
        let all = given.worth.iter().map(|(point, worth)| (*point, *worth)).chain(no_deal);
        let row = |(point, worth): (PointId, i64)| conflict_worth::Model {
            conflict: known.id.0,
            party: own.0,
            point: point.0,
            worth,
            created_at: self.now.ms(),
        };
        let new: Vec<_> = all.map(row).collect();
        self.insert::<conflict_worth::Entity>(&new, None).await?;
        self.record(Verb::CaseSpoken, &at.1, "").await
    }

    /// Forgets the numbers of both sides for a kind of points, so that they are given anew; for people
    /// of a side.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn begin_numbers_anew(
        &self,
        at: (PartnershipId, CaseId),
        kind: PointKind,
        by: Participant,
    ) -> Result<(), StoreError> {
        let known = case(&self.db, at, by).await?;
        speaker(&known)?;
        if known.stage.is_over() {
            return Err(StoreError::value("the case is over"));
        }
        self.forget_numbers(known.id, kind).await?;
        self.record(Verb::CaseSpoken, &at.1, "").await
    }

    /// Numbers of a kind do not fit any more once there are other points of it.
    pub(crate) async fn forget_numbers(
        &self,
        case: CaseId,
        kind: PointKind,
    ) -> Result<(), StoreError> {
        self.forget_numbers_of(case, kind, None).await
    }

    async fn forget_numbers_of(
        &self,
        case: CaseId,
        kind: PointKind,
        party: Option<PartyId>,
    ) -> Result<(), StoreError> {
        let mut sql = String::from(
            "DELETE FROM conflict_worth WHERE conflict = ? AND (point IN \
             (SELECT id FROM conflict_point WHERE conflict = ? AND kind = ?) OR point = ?)",
        );
        // What no deal is worth has the case for its point.
        let rest = if kind == PointKind::Choice { case.0 } else { Uuid::nil() };
        let mut values: Vec<Value> =
            vec![case.0.into(), case.0.into(), kind.name().into(), rest.into()];
        if let Some(party) = party {
            sql.push_str(" AND party = ?");
            values.push(party.0.into());
        }
        self.run(&sql, values).await.map(drop)
    }
}

impl Store {
    /// What came out of the numbers of both sides, and the reader's side's own.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever is not in the case.
    pub async fn worked_out(
        &self,
        at: (PartnershipId, CaseId),
        by: Participant,
    ) -> Result<Worked, StoreError> {
        let known = case(&self.db, at, by).await?;
        let table = numbers(&self.db, &known).await?;
        let given = NUMBERED.map(|kind| {
            let parties = known.sides.iter().map(|side| side.party);
            parties.filter(|party| is_given(&known, kind, table.get(party))).collect::<Vec<_>>()
        });
        let own = NUMBERED.map(|kind| own_numbers(&known, kind, &table));
        let both = |kind: usize| known.two().filter(|_| given[kind].len() == 2);
        Ok(Worked {
            dividing: both(0).map(|two| dividing(&known, two, &table)),
            deals: both(1).map(|two| suggested(&known, two, &table)),
            own,
            given,
        })
    }
}

/// Numbers of each side, by point.
type Table = BTreeMap<PartyId, BTreeMap<PointId, i64>>;

async fn numbers(db: &impl ConnectionTrait, known: &ConflictCase) -> Result<Table, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        party: Uuid,
        point: Uuid,
        worth: i64,
    }
    let sql = "SELECT party, point, worth FROM conflict_worth WHERE conflict = ?";
    let found: Vec<Row> = rows(db, sql, [known.id.0.into()]).await?;
    let mut table = Table::new();
    for row in found {
        table.entry(PartyId(row.party)).or_default().insert(PointId(row.point), row.worth);
    }
    Ok(table)
}

fn of_kind(known: &ConflictCase, kind: PointKind) -> impl Iterator<Item = &CasePoint> {
    known.points.iter().filter(move |point| point.kind == kind)
}

/// Whether a side gave a number for each point of a kind that stands, of which there are some.
fn is_given(known: &ConflictCase, kind: PointKind, own: Option<&BTreeMap<PointId, i64>>) -> bool {
    let has_all = |own: &BTreeMap<PointId, i64>| {
        of_kind(known, kind).all(|point| own.contains_key(&point.id))
    };
    of_kind(known, kind).next().is_some() && own.is_some_and(has_all)
}

fn own_numbers(known: &ConflictCase, kind: PointKind, table: &Table) -> Option<OwnNumbers> {
    let own = known.reader.side.and_then(|side| table.get(&side))?;
    let of = |point: &CasePoint| own.get(&point.id).map(|worth| (point.id, *worth));
    let worth: BTreeMap<PointId, i64> = of_kind(known, kind).filter_map(of).collect();
    let no_deal = own.get(&PointId(known.id.0)).copied().unwrap_or_default();
    (!worth.is_empty()).then_some(OwnNumbers { worth, no_deal })
}

/// Whether numbers are there for each point, and within their range.
fn fits(known: &ConflictCase, kind: PointKind, given: &OwnNumbers) -> Result<(), StoreError> {
    let all: Vec<PointId> = of_kind(known, kind).map(|point| point.id).collect();
    if all.is_empty() || !given.worth.keys().copied().eq(all.iter().copied()) {
        return Err(StoreError::value("give a number for each line"));
    }
    if kind == PointKind::Item {
        let range = 0..=i64::from(POINTS);
        if !given.worth.values().all(|worth| range.contains(worth)) {
            return Err(StoreError::value(format!("points are from 0 to {POINTS}")));
        }
        return match given.worth.values().sum::<i64>() {
            sum if sum == i64::from(POINTS) => Ok(()),
            sum => {
                let why = format!("points add up to {POINTS}, and these add up to {sum}");
                Err(StoreError::value(why))
            }
        };
    }
    let range = -MAX_UTILITY..=MAX_UTILITY;
    if !given.worth.values().chain([&given.no_deal]).all(|worth| range.contains(worth)) {
        return Err(StoreError::value(PackageError::Utility { issue: 0 }.to_string()));
    }
    let issues = issues(known);
    if issues.len() > MAX_ISSUES || issues.iter().any(|(_, all)| all.len() > MAX_CHOICES) {
        return Err(StoreError::value(PackageError::Issues.to_string()));
    }
    Ok(())
}

/// Issues in the order in which they came, each with its choices.
fn issues(known: &ConflictCase) -> Vec<(&str, Vec<&CasePoint>)> {
    let mut all: Vec<(&str, Vec<&CasePoint>)> = Vec::new();
    for choice in of_kind(known, PointKind::Choice) {
        match all.iter_mut().find(|(topic, _)| *topic == choice.topic) {
            Some((_, choices)) => choices.push(choice),
            None => all.push((&choice.topic, vec![choice])),
        }
    }
    all
}

fn worth(table: &Table, party: PartyId, point: PointId) -> i64 {
    table.get(&party).and_then(|own| own.get(&point)).copied().unwrap_or_default()
}

/// Which of two sides the reader is on.
fn place(known: &ConflictCase, two: [PartyId; 2]) -> Option<usize> {
    two.iter().position(|party| Some(*party) == known.reader.side)
}

fn dividing(known: &ConflictCase, two: [PartyId; 2], table: &Table) -> Result<Dividing, PointId> {
    let items: Vec<PointId> = of_kind(known, PointKind::Item).map(|point| point.id).collect();
    let of = |party, item| u32::try_from(worth(table, party, item)).unwrap_or(0);
    let points: Vec<[u32; 2]> =
        items.iter().map(|item| two.map(|party| of(party, *item))).collect();
    let division = match divide(&points) {
        Ok(division) => division,
        Err(DivisionError::Unwanted { item }) => return Err(items[item]),
        // Numbers that do not add up are refused where they are given.
        Err(DivisionError::NotHundred { .. }) => return Err(items[0]),
    };
    let whole = division.whole_allocations(&points).map(|both| {
        both.map(|one| {
            let of_first = items.iter().zip(one.holder).filter(|(_, side)| *side == Side::First);
            of_first.map(|(item, _)| *item).collect()
        })
    });
    Ok(Dividing {
        first: items.iter().copied().zip(division.share_first.iter().copied()).collect(),
        whole,
        own: place(known, two).map(|_| division.points),
    })
}

fn suggested(known: &ConflictCase, two: [PartyId; 2], table: &Table) -> Vec<SuggestedDeal> {
    let issues = issues(known);
    let of = |choice: &&CasePoint| two.map(|party| worth(table, party, choice.id));
    let valued: Vec<Issue> =
        issues.iter().map(|(_, all)| Issue { options: all.iter().map(of).collect() }).collect();
    let no_deal = two.map(|party| worth(table, party, PointId(known.id.0)));
    // Too many issues are refused where numbers are given.
    let Ok(found) = deals(&valued, no_deal) else { return Vec::new() };
    let own = place(known, two);
    let shown = found.by_product.iter().take(MOST_DEALS);
    shown
        .map(|at| {
            let deal = &found.frontier[*at];
            let choices = deal.choices.iter().zip(&issues);
            SuggestedDeal {
                choices: choices.map(|(choice, (_, all))| all[*choice].id).collect(),
                is_egalitarian: found.egalitarian == Some(*at),
                own: own.map(|own| deal.gains[own]),
            }
        })
        .collect()
}
