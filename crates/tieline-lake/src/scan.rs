//! From the rows of one month to contributions: who gave whom which share of which event.
//!
//! This is the one place where METHODS 1.1 is applied to rows; segments, partial months, resampling
//! and evidence all read contributions from here.

use std::collections::HashSet;
use std::path::Path;

use arrow_array::{
    FixedSizeBinaryArray, Int64Array, TimestampMillisecondArray, UInt8Array, UInt32Array,
};
use tieline_model::interaction::{Channel, Role, Status};
use tieline_model::tie::gathering_share;
use tieline_model::time::Month;

use crate::error::LakeError;
use crate::hash::IdHash;
use crate::layout::SourceFile;
use crate::links::{EventMap, MonthLinks};
use crate::rules::Rules;
use crate::sums::PairSums;
use crate::table::{Batch, Batches, Ids, SCAN_ROWS, Table};

const PROBE_COLUMNS: [&str; 4] = ["from", "to", "channel", "list"];
const SPECIAL_COLUMNS: [&str; 11] =
    ["at", "channel", "event", "from", "to", "role", "status", "list", "minutes", "import", "part"];
const SCAN_COLUMNS: [&str; 5] = ["at", "channel", "from", "to", "group"];
const EVENT_COLUMNS: [&str; 3] = ["event", "import", "part"];

/// One contribution: `from` gave `to` this share of one event, before decay and channel weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Share {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) channel: u8,
    pub(crate) at: i64,
    pub(crate) event: [u8; 16],
    pub(crate) share: f64,
}

/// Whether an answer makes someone an attendee.
pub(crate) fn attends(status: Status) -> bool {
    matches!(status, Status::None | Status::Accepted | Status::Tentative | Status::NeedsAction)
}

pub(crate) fn is_gathering(channel: u8) -> bool {
    Channel::from_code(channel).is_some_and(Channel::is_gathering)
}

/// What must be known of a month before its rows can be read one by one.
pub(crate) struct MonthPlan<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) links: MonthLinks,
    pub(crate) files: Vec<FilePlan>,
    /// Recipients of an event that are not in R: excluded ones and the sender.
    outside: EventMap<u32>,
    /// Events on a list whose answered author is known: their rows give nothing.
    answering: HashSet<[u8; 16], IdHash>,
    /// Contributions that are not those of a row: of gatherings and of answers on lists; sorted.
    pub(crate) extras: Vec<Share>,
    /// Addresses that occur in the month, and authors answered in it.
    pub(crate) addresses: HashSet<i64, IdHash>,
    /// Lists that occur in the month.
    pub(crate) lists: HashSet<i64, IdHash>,
}

/// One file of the month.
pub(crate) struct FilePlan {
    table: Table,
    /// Row groups to read, if not all.
    groups: Option<Vec<usize>>,
    /// Whether the rows cannot be judged without their event.
    needs_event: bool,
    /// Whether any row is on a list.
    has_lists: bool,
}

impl FilePlan {
    fn new(table: Table, groups: Option<Vec<usize>>) -> Self {
        let has_lists =
            !table.all_within(groups.as_deref(), "list", |low, high| low == 0 && high == 0);
        Self { table, groups, needs_event: false, has_lists }
    }

    /// Whether the row groups' bounds leave room for gatherings.
    fn may_have_gatherings(&self) -> bool {
        let none = |low: i64, high: i64| {
            !(low..=high).any(|code| u8::try_from(code).is_ok_and(is_gathering))
        };
        !self.table.all_within(self.groups.as_deref(), "channel", none)
    }

    pub(crate) fn batches(&self, columns: &[&str]) -> Result<Batches, LakeError> {
        self.table.batches(columns, self.groups.clone(), SCAN_ROWS)
    }
}

/// An attendee of a gathering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Attendee {
    event: [u8; 16],
    to: i64,
    at: i64,
    channel: u8,
    minutes: u32,
}

impl<'a> MonthPlan<'a> {
    /// Reads what is needed of the month's files: their pairs, and where a file has gatherings,
    /// lists, or recipients outside R, the events of these. `groups` may restrict each file to
    /// some row groups; then contributions are right for senders and gatherings that these hold
    /// completely.
    pub(crate) fn new(
        root: &Path,
        month: Month,
        files: &[SourceFile],
        rules: &'a Rules,
        groups: &dyn Fn(&Table) -> Option<Vec<usize>>,
    ) -> Result<Self, LakeError> {
        let links = MonthLinks::read(root, month)?;
        let mut plan = Self {
            rules,
            addresses: links.answers.values().copied().collect(),
            links,
            files: Vec::with_capacity(files.len()),
            outside: EventMap::default(),
            answering: HashSet::default(),
            extras: Vec::new(),
            lists: HashSet::default(),
        };
        let mut attendees = Vec::new();
        for file in files {
            let table = Table::open(&file.path)?;
            let groups = groups(&table);
            let mut file_plan = FilePlan::new(table, groups);
            let special = plan.probe(&file_plan)?;
            if special {
                plan.collect_special(&file_plan, &mut attendees)?;
            }
            file_plan.needs_event =
                special || plan.links.shadows.contains_key(&file.import.as_i64());
            plan.files.push(file_plan);
        }
        plan.expand_gatherings(attendees);
        plan.extras.sort_unstable_by_key(|s| (s.from, s.to, s.channel, s.at, s.event));
        Ok(plan)
    }

    /// Notes the addresses and lists of a file; true if any row needs more than itself to be judged.
    fn probe(&mut self, file: &FilePlan) -> Result<bool, LakeError> {
        let mut special = false;
        let mut pair = (i64::MIN, i64::MIN);
        let mut last_list = 0;
        // Channels and lists are read only where the bounds do not tell.
        let whole = file.has_lists || file.may_have_gatherings();
        let mut batches = file.batches(&PROBE_COLUMNS[..if whole { 4 } else { 2 }])?;
        while let Some(batch) = batches.next()? {
            let n = batch.n_rows();
            let (from, to) = (&batch.i64s("from")?[..n], &batch.i64s("to")?[..n]);
            for i in 0..n {
                if to[i] == pair.1 && from[i] == pair.0 {
                    continue;
                }
                if from[i] != pair.0 {
                    self.addresses.insert(from[i]);
                }
                pair = (from[i], to[i]);
                special |= pair.0 == pair.1 || self.rules.is_excluded(pair.1);
                special |= self.rules.is_list_address(pair.1);
                self.addresses.insert(pair.1);
            }
            if !whole {
                continue;
            }
            let (channel, list) = (batch.u8s("channel")?, batch.i64s("list")?);
            for (channel, list) in channel.iter().zip(list) {
                if *list != last_list {
                    last_list = *list;
                    self.lists.insert(last_list);
                }
                special |= *list != 0 || is_gathering(*channel);
            }
        }
        Ok(special)
    }

    /// Counts recipients outside R, finds answers on lists, collects attendees.
    fn collect_special(
        &mut self,
        file: &FilePlan,
        attendees: &mut Vec<Attendee>,
    ) -> Result<(), LakeError> {
        let mut batches = file.batches(&SPECIAL_COLUMNS)?;
        while let Some(batch) = batches.next()? {
            let (at, channel, event) =
                (batch.times("at")?, batch.u8s("channel")?, batch.ids("event")?);
            let (from, to, list) = (batch.i64s("from")?, batch.i64s("to")?, batch.i64s("list")?);
            let (role, status) = (batch.u8s("role")?, batch.u8s("status")?);
            let (minutes, import) = (batch.u32s("minutes")?, batch.i64s("import")?);
            let part = batch.u32s("part")?;
            for i in 0..batch.n_rows() {
                let id = event.get(i);
                if self.links.is_shadowed(import[i], id, part[i]) {
                    continue;
                }
                if is_gathering(channel[i]) {
                    let attending = Status::from_code(status[i]).is_some_and(attends)
                        && role[i] != Role::Nobody.code()
                        && to[i] != 0
                        && !self.rules.is_excluded(to[i]);
                    if attending {
                        let (to, at, channel) = (to[i], at[i], channel[i]);
                        let minutes = minutes[i];
                        attendees.push(Attendee { event: id, to, at, channel, minutes });
                    }
                    continue;
                }
                if to[i] != 0 && (to[i] == from[i] || self.rules.is_excluded(to[i])) {
                    *self.outside.entry(id).or_default() += 1;
                }
                if list[i] != 0 || self.rules.is_list_address(to[i]) {
                    let row = Share {
                        from: from[i],
                        to: 0,
                        channel: channel[i],
                        at: at[i],
                        event: id,
                        share: 1.0,
                    };
                    self.answer_on_list(row, list[i]);
                }
            }
        }
        Ok(())
    }

    /// Where the author answered is known, the event is one tie to that author and no other.
    fn answer_on_list(&mut self, row: Share, list: i64) {
        let Some(author) = self.links.answers.get(&row.event).copied() else { return };
        if !self.answering.insert(row.event) || self.rules.is_newsletter(list) {
            return;
        }
        let none = row.from == 0
            || author == row.from
            || self.rules.is_excluded(row.from)
            || self.rules.is_excluded(author);
        if !none {
            self.extras.push(Share { to: author, ..row });
        }
    }

    fn expand_gatherings(&mut self, mut attendees: Vec<Attendee>) {
        attendees.sort_unstable();
        attendees.dedup_by_key(|attendee| (attendee.event, attendee.to));
        let max_group = self.rules.params.max_group as usize;
        for group in attendees.chunk_by(|a, b| a.event == b.event) {
            if group.len() < 2 || group.len() > max_group {
                continue;
            }
            let share = gathering_share(group.len() as u32, group[0].minutes);
            for from in group {
                for to in group.iter().filter(|to| to.to != from.to) {
                    self.extras.push(Share {
                        from: from.to,
                        to: to.to,
                        channel: from.channel,
                        at: from.at,
                        event: from.event,
                        share,
                    });
                }
            }
        }
    }

    /// The share of a row of a message; 0 if it gives none.
    fn row_share(&self, row: &RowView, event: Option<[u8; 16]>) -> f64 {
        if is_gathering(row.channel) {
            return 0.0;
        }
        let mut recipients = row.group.max(1);
        if let Some(event) = event {
            if self.links.is_shadowed(row.import, event, row.part)
                || self.answering.contains(&event)
            {
                return 0.0;
            }
            let outside = self.outside.get(&event).copied().unwrap_or(0);
            recipients = recipients.saturating_sub(outside).max(1);
        }
        // n = |R| + 1 participants.
        if recipients >= self.rules.params.max_group { 0.0 } else { 1.0 / f64::from(recipients) }
    }

    /// Whether rows between these two can give anything.
    fn is_pair(&self, from: i64, to: i64) -> bool {
        from != 0
            && to != 0
            && from != to
            && !self.rules.is_excluded(from)
            && !self.rules.is_excluded(to)
    }
}

/// What the share of a row depends on.
struct RowView {
    channel: u8,
    group: u32,
    import: i64,
    part: u32,
}

/// The rows of one file as contributions, in file order.
pub(crate) struct FileScan<'p> {
    plan: &'p MonthPlan<'p>,
    batches: Batches,
    needs_event: bool,
    has_lists: bool,
    rows: Option<Rows>,
    row: usize,
}

impl<'p> FileScan<'p> {
    /// `with_events`: whether contributions must carry their event.
    pub(crate) fn new(
        plan: &'p MonthPlan<'p>,
        file: &FilePlan,
        with_events: EventsWanted,
    ) -> Result<Self, LakeError> {
        let needs_event = file.needs_event || with_events == EventsWanted::Yes;
        let has_lists = file.has_lists;
        let mut columns = SCAN_COLUMNS.to_vec();
        columns.extend(has_lists.then_some("list"));
        columns.extend(EVENT_COLUMNS.into_iter().filter(|_| needs_event));
        let batches = file.batches(&columns)?;
        Ok(Self { plan, batches, needs_event, has_lists, rows: None, row: 0 })
    }

    /// Moves to the next batch when the current one is used up; false at the end.
    fn fill(&mut self) -> Result<bool, LakeError> {
        while self.rows.as_ref().is_none_or(|rows| self.row >= rows.at.values().len()) {
            self.row = 0;
            self.rows = None;
            let Some(batch) = self.batches.next()? else { return Ok(false) };
            self.rows = Some(Rows::of(&batch, self.has_lists, self.needs_event)?);
        }
        Ok(true)
    }

    /// Passes every contribution of the file to `take`.
    pub(crate) fn each(&mut self, mut take: impl FnMut(Share)) -> Result<(), LakeError> {
        while self.fill()? {
            let Some(rows) = self.rows.take() else { break };
            let mut columns = rows.columns();
            for i in 0..columns.from.len() {
                let (from, to) = (columns.from[i], columns.to[i]);
                if self.plan.is_pair(from, to) && !columns.is_newsletter(self.plan.rules, i) {
                    let (view, event) = columns.view(i);
                    let share = self.plan.row_share(&view, event);
                    if share > 0.0 {
                        let event = event.unwrap_or_default();
                        let (channel, at) = (columns.channel[i], columns.at[i]);
                        take(Share { from, to, channel, at, event, share });
                    }
                }
            }
        }
        Ok(())
    }

    /// Adds up the next pair that contributes into `sums`; `None` at the end.
    pub(crate) fn next_pair(
        &mut self,
        sums: &mut PairSums,
    ) -> Result<Option<(i64, i64)>, LakeError> {
        sums.clear();
        let mut pair = None;
        while self.fill()? {
            let Some(rows) = &self.rows else { break };
            let mut columns = rows.columns();
            let n_rows = columns.from.len();
            while self.row < n_rows {
                let here = (columns.from[self.row], columns.to[self.row]);
                if pair.is_some_and(|pair| pair != here) {
                    if !sums.is_empty() {
                        return Ok(pair);
                    }
                    pair = None;
                }
                let end = columns.end_of_pair(self.row, n_rows);
                if self.plan.is_pair(here.0, here.1) {
                    pair = Some(here);
                    for i in self.row..end {
                        if columns.is_newsletter(self.plan.rules, i) {
                            continue;
                        }
                        let (view, event) = columns.view(i);
                        let share = self.plan.row_share(&view, event);
                        if share > 0.0 {
                            sums.add(columns.channel[i], columns.at[i], share);
                        }
                    }
                }
                self.row = end;
            }
        }
        Ok(pair.filter(|_| !sums.is_empty()))
    }
}

/// Whether contributions must carry their event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventsWanted {
    /// Only where the rules need it.
    No,
    /// Always.
    Yes,
}

/// The columns of a batch, found by name once.
struct Rows {
    at: TimestampMillisecondArray,
    channel: UInt8Array,
    from: Int64Array,
    to: Int64Array,
    group: UInt32Array,
    list: Option<Int64Array>,
    event: Option<(FixedSizeBinaryArray, Int64Array, UInt32Array)>,
}

impl Rows {
    fn of(batch: &Batch, has_lists: bool, with_events: bool) -> Result<Self, LakeError> {
        let event = if with_events {
            Some((batch.id_column("event")?, batch.column("import")?, batch.column("part")?))
        } else {
            None
        };
        Ok(Self {
            at: batch.column("at")?,
            channel: batch.column("channel")?,
            from: batch.column("from")?,
            to: batch.column("to")?,
            group: batch.column("group")?,
            list: if has_lists { Some(batch.column("list")?) } else { None },
            event,
        })
    }

    fn columns(&self) -> Columns<'_> {
        Columns {
            at: self.at.values(),
            channel: self.channel.values(),
            from: self.from.values(),
            to: self.to.values(),
            group: self.group.values(),
            list: self.list.as_ref().map(|list| list.values().as_ref()),
            event: self
                .event
                .as_ref()
                .map(|(ids, import, part)| (Ids::of(ids), &**import.values(), &**part.values())),
            last_list: (0, false),
        }
    }
}

/// Typed columns of a batch.
struct Columns<'b> {
    at: &'b [i64],
    channel: &'b [u8],
    from: &'b [i64],
    to: &'b [i64],
    group: &'b [u32],
    list: Option<&'b [i64]>,
    event: Option<(Ids<'b>, &'b [i64], &'b [u32])>,
    /// Lists come in runs.
    last_list: (i64, bool),
}

impl Columns<'_> {
    fn end_of_pair(&self, start: usize, n_rows: usize) -> usize {
        let (from, to) = (self.from[start], self.to[start]);
        let mut end = start + 1;
        while end < n_rows && self.to[end] == to && self.from[end] == from {
            end += 1;
        }
        end
    }

    fn is_newsletter(&mut self, rules: &Rules, i: usize) -> bool {
        let Some(list) = self.list.map(|list| list[i]) else { return false };
        if list != self.last_list.0 {
            self.last_list = (list, rules.is_newsletter(list));
        }
        self.last_list.1
    }

    fn view(&self, i: usize) -> (RowView, Option<[u8; 16]>) {
        let (event, import, part) = match &self.event {
            Some((ids, import, part)) => (Some(ids.get(i)), import[i], part[i]),
            None => (None, 0, 0),
        };
        (RowView { channel: self.channel[i], group: self.group[i], import, part }, event)
    }
}
