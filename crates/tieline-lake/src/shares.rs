//! Contributions event by event, for resampling and for the evidence behind a tie.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use tieline_model::id::{AddressId, EventId, ImportId};
use tieline_model::interaction::{Channel, Interaction};
use tieline_model::time::{Moment, Window};

use crate::error::LakeError;
use crate::rules::Rules;
use crate::scan::{EventsWanted, FileScan, MonthPlan, Share, is_gathering};
use crate::schema::{ROW_COLUMNS, decode_rows};
use crate::table::Table;
use crate::ties::{months_in, span};

/// What one event adds to one directed pair of nodes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EventShare {
    /// The event.
    pub event: EventId,
    /// When.
    pub at: Moment,
    /// Who gave.
    pub from: u32,
    /// Who received.
    pub to: u32,
    /// By what means.
    pub channel: Channel,
    /// Channel-weighted share, decayed to the end of the window.
    pub increment: f64,
}

/// Passes every contribution in the window to `take`, month by month.
pub(crate) fn shares(
    root: &Path,
    live: &[ImportId],
    rules: &Rules,
    window: Window,
    nodes: &HashMap<AddressId, u32>,
    take: &mut dyn FnMut(EventShare),
) -> Result<(), LakeError> {
    rules.check()?;
    let node = |address: i64| nodes.get(&AddressId::from_i64(address)).copied();
    for (month, files) in months_in(root, live, window)? {
        let plan = MonthPlan::new(root, month, &files, rules, &|_| None)?;
        let span = span(month, window, rules);
        // Rows come pair by pair, so the nodes of the last pair mostly serve the next row too.
        let mut last = ((0, 0), None);
        each_share(&plan, |share| {
            if last.0 != (share.from, share.to) {
                last = ((share.from, share.to), node(share.from).zip(node(share.to)));
            }
            let (Some((from, to)), Some(channel)) = (last.1, Channel::from_code(share.channel))
            else {
                return;
            };
            if from != to && span.contains(share.at) {
                let weight = rules.params.channel_weights.of(channel);
                take(EventShare {
                    event: EventId(share.event),
                    at: Moment::from_ms(share.at),
                    from,
                    to,
                    channel,
                    increment: share.share * weight * span.decay(share.at),
                });
            }
        })?;
    }
    Ok(())
}

fn each_share(plan: &MonthPlan<'_>, mut take: impl FnMut(Share)) -> Result<(), LakeError> {
    for file in &plan.files {
        FileScan::new(plan, file, EventsWanted::Yes)?.each(&mut take)?;
    }
    plan.extras.iter().for_each(|share| take(*share));
    Ok(())
}

/// Place in a list of evidence: an event and when it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// When.
    pub at: Moment,
    /// The event.
    pub event: EventId,
}

impl Cursor {
    /// The place of an interaction; the next page of evidence begins behind it.
    pub const fn of(interaction: &Interaction) -> Self {
        Self { at: interaction.at, event: interaction.event }
    }
}

/// Which evidence is wanted.
#[derive(Debug, Clone, Copy)]
pub struct EvidenceQuery<'a> {
    /// Addresses of one end.
    pub a: &'a [AddressId],
    /// Addresses of the other end.
    pub b: &'a [AddressId],
    /// Window of the tie.
    pub window: Window,
    /// Most interactions returned.
    pub limit: usize,
    /// Only what lies behind this place.
    pub before: Option<Cursor>,
}

/// The interactions that make a tie, newest first, one for each event.
pub(crate) fn evidence(
    root: &Path,
    live: &[ImportId],
    rules: &Rules,
    query: &EvidenceQuery<'_>,
) -> Result<Vec<Interaction>, LakeError> {
    rules.check()?;
    let ids = |some: &[AddressId]| some.iter().map(|id| id.as_i64()).collect::<HashSet<i64>>();
    let ends = Ends { a: ids(query.a), b: ids(query.b) };
    let mut found = Vec::new();
    for (month, files) in months_in(root, live, query.window)?.into_iter().rev() {
        if found.len() >= query.limit {
            break;
        }
        if query.before.is_some_and(|before| before.at < month.start()) {
            continue;
        }
        let groups = |table: &Table| Some(ends.row_groups(table));
        let plan = MonthPlan::new(root, month, &files, rules, &groups)?;
        let mut events: HashSet<EventId> = HashSet::new();
        each_share(&plan, |share| {
            let place = Cursor { at: Moment::from_ms(share.at), event: EventId(share.event) };
            if ends.joins(share.from, share.to)
                && query.window.contains(place.at)
                && query.before.is_none_or(|before| place < before)
            {
                events.insert(place.event);
            }
        })?;
        found.extend(rows_of(&plan, &events, &ends)?.into_values().rev());
    }
    found.truncate(query.limit);
    Ok(found)
}

/// Passes every row that names one of the addresses to `take`, month by month; of copies of one
/// event the one that counts.
pub(crate) fn naming(
    root: &Path,
    live: &[ImportId],
    rules: &Rules,
    addresses: &HashSet<AddressId>,
    take: &mut dyn FnMut(&Interaction),
) -> Result<(), LakeError> {
    rules.check()?;
    for (month, files) in crate::layout::live_months(root, live)? {
        let plan = MonthPlan::new(root, month, &files, rules, &|_| None)?;
        for file in &plan.files {
            let mut batches = file.batches(&ROW_COLUMNS)?;
            while let Some(batch) = batches.next()? {
                for row in decode_rows(&batch)? {
                    let one = row.interaction;
                    let named = addresses.contains(&one.from) || addresses.contains(&one.to);
                    let import = one.import.as_i64();
                    if named && !plan.links.is_shadowed(import, one.event.0, row.part) {
                        take(&one);
                    }
                }
            }
        }
    }
    Ok(())
}

/// One row of each event, by time: one between the two ends where there is one (answers on lists
/// and gatherings have none).
fn rows_of(
    plan: &MonthPlan<'_>,
    events: &HashSet<EventId>,
    ends: &Ends,
) -> Result<BTreeMap<Cursor, Interaction>, LakeError> {
    let mut rows: BTreeMap<Cursor, Interaction> = BTreeMap::new();
    if events.is_empty() {
        return Ok(rows);
    }
    for file in &plan.files {
        let mut batches = file.batches(&ROW_COLUMNS)?;
        while let Some(batch) = batches.next()? {
            for row in decode_rows(&batch)? {
                let one = row.interaction;
                let import = one.import.as_i64();
                if !events.contains(&one.event)
                    || plan.links.is_shadowed(import, one.event.0, row.part)
                {
                    continue;
                }
                let rank = ends.rank(&one);
                let kept = rows.entry(Cursor::of(&one)).or_insert(one);
                if rank < ends.rank(kept) {
                    *kept = one;
                }
            }
        }
    }
    Ok(rows)
}

/// The addresses of both ends of a tie.
struct Ends {
    a: HashSet<i64>,
    b: HashSet<i64>,
}

impl Ends {
    fn joins(&self, from: i64, to: i64) -> bool {
        (self.a.contains(&from) && self.b.contains(&to))
            || (self.b.contains(&from) && self.a.contains(&to))
    }

    fn is_end(&self, address: i64) -> bool {
        self.a.contains(&address) || self.b.contains(&address)
    }

    /// How well a row stands for its event: between the ends, to one of them, from one of them.
    fn rank(&self, row: &Interaction) -> (u8, AddressId, AddressId) {
        let (from, to) = (row.from.as_i64(), row.to.as_i64());
        let rank = if self.joins(from, to) {
            0
        } else if self.is_end(to) {
            1
        } else {
            2
        };
        (rank, row.from, row.to)
    }

    /// Row groups that may hold what one of the ends sent, or a gathering.
    fn row_groups(&self, table: &Table) -> Vec<usize> {
        (0..table.footer().num_row_groups())
            .filter(|group| {
                let sent = table.bounds(*group, "from").is_none_or(|(low, high)| {
                    self.a.iter().chain(&self.b).any(|id| (low..=high).contains(id))
                });
                let met = table.bounds(*group, "channel").is_none_or(|(low, high)| {
                    (low..=high).any(|code| u8::try_from(code).is_ok_and(is_gathering))
                });
                sent || met
            })
            .collect()
    }
}
