//! Links between events of all live imports: which copies are shadowed, and who is answered.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{FixedSizeBinaryArray, Int64Array, RecordBatch, UInt8Array, UInt32Array};
use arrow_schema::{DataType, Field, Schema};
use tieline_model::id::{AddressId, EventId, ImportId};
use tieline_model::interaction::{EventHead, LeftOut};
use tieline_model::time::Month;

use crate::error::LakeError;
use crate::hash::IdHash;
use crate::layout::{self, EVENTS, LINKS, SourceFile, derived_path};
use crate::merge::Input;
use crate::schema::{Head, WRITE_ROWS, merged_properties};
use crate::sorter::{Sorted, Sorter};
use crate::table::{SCAN_ROWS, Table, TableWriter, remove_table};

/// Metadata key of the digest of a links file's content.
const CONTENT_KEY: &str = "tieline.content";
/// Metadata key that changes when erasure rewrites a source file.
pub(crate) const REWRITTEN_KEY: &str = "tieline.rewritten";
/// Names the event files that the links were made from; absent while they are being made.
const MADE_FROM: &str = "made-from";
const LINK_COLUMNS: [&str; 5] = ["kind", "event", "import", "part", "author"];
const SHADOW: u8 = 0;
const ANSWER: u8 = 1;
/// Month, kind, event, import, part, author.
const LINK_BYTES: usize = 4 + 1 + 16 + 8 + 4 + 8;
/// Event answered, event, month.
const CHILD_BYTES: usize = 16 + 16 + 4;

/// How the records of one live import come out beside all other live imports. Only heads that
/// stand for a record read take part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportTally {
    /// The import.
    pub import: ImportId,
    /// Records that this import alone, or it first, brought, and that are not left out.
    pub new: u64,
    /// Records of which another copy counts: of an earlier import, of an earlier part, or of a
    /// higher revision.
    pub duplicate: u64,
    /// Records left out of ties, by reason.
    pub left_out: BTreeMap<LeftOut, u64>,
}

/// Writes the links of all live imports and counts each import's records, in one pass over the
/// sorted event indexes and, where events answer others, a second one.
pub(crate) fn relink(
    root: &Path,
    live: &[ImportId],
    classify: &dyn Fn(&EventHead) -> LeftOut,
) -> Result<Vec<ImportTally>, LakeError> {
    let files = layout::live_sources(&root.join(EVENTS), live)?;
    let made_from = made_from(live, &files)?;
    let marker = root.join(LINKS).join(MADE_FROM);
    layout::create_folder(&root.join(LINKS))?;
    layout::remove_file(&marker)?;
    let mut tallies: Vec<ImportTally> = live
        .iter()
        .map(|import| ImportTally { import: *import, ..ImportTally::default() })
        .collect();
    let mut links = Sorter::<LINK_BYTES>::new(root);
    let mut children = Sorter::<CHILD_BYTES>::new(root);
    let mut has_children = false;
    let mut events = Events::open(&files)?;
    while let Some(copies) = events.next()? {
        tally(copies, &mut tallies, classify);
        shadow_losers(copies, &mut links)?;
        let head = &copies[0].head;
        if !head.parent.is_none() {
            has_children = true;
            children.push(child_record(head))?;
        }
    }
    if has_children {
        answer(&files, children.sorted()?, &mut links)?;
    }
    write_links(root, links.sorted()?)?;
    let temp = layout::temp_beside(&marker);
    fs::write(&temp, made_from).map_err(LakeError::io("write", &temp))?;
    layout::publish(&temp, &marker)?;
    Ok(tallies)
}

/// Whether the links on disk were made from exactly the event files of the live imports.
pub(crate) fn is_current(root: &Path, live: &[ImportId]) -> Result<bool, LakeError> {
    let files = layout::live_sources(&root.join(EVENTS), live)?;
    match fs::read_to_string(root.join(LINKS).join(MADE_FROM)) {
        Ok(text) => Ok(text == made_from(live, &files)?),
        Err(_) => Ok(false),
    }
}

/// What a source file is known by: its name, size and rewritings.
pub(crate) fn file_digest(hasher: &mut blake3::Hasher, file: &SourceFile) -> Result<(), LakeError> {
    let table = Table::open(&file.path)?;
    hasher.update(file.name().as_bytes());
    hasher.update(&[0]);
    hasher.update(&file.size_bytes.to_le_bytes());
    hasher.update(table.note(REWRITTEN_KEY).unwrap_or_default().as_bytes());
    hasher.update(&[0]);
    Ok(())
}

fn made_from(live: &[ImportId], files: &[SourceFile]) -> Result<String, LakeError> {
    let mut hasher = blake3::Hasher::new();
    for import in live {
        hasher.update(&import.as_i64().to_le_bytes());
    }
    for file in files {
        file_digest(&mut hasher, file)?;
    }
    Ok(hasher.finalize().to_hex().to_string())
}

fn tally(copies: &[Copy], tallies: &mut [ImportTally], classify: &dyn Fn(&EventHead) -> LeftOut) {
    for (i, copy) in copies.iter().enumerate() {
        let Some(tally) = tallies.get_mut(copy.rank as usize).filter(|_| copy.head.counts) else {
            continue;
        };
        if i > 0 {
            tally.duplicate += 1;
            continue;
        }
        match classify(&copy.head) {
            LeftOut::Kept => tally.new += 1,
            reason => *tally.left_out.entry(reason).or_default() += 1,
        }
    }
}

/// A copy of an event in one part of one import.
#[derive(Debug, Clone, Copy)]
struct Copy {
    head: EventHead,
    rank: u32,
    import: ImportId,
    part: u32,
}

fn shadow_losers(copies: &[Copy], links: &mut Sorter<LINK_BYTES>) -> Result<(), LakeError> {
    let winner = &copies[0];
    let mut done = vec![(winner.import, winner.part)];
    for copy in &copies[1..] {
        if !done.contains(&(copy.import, copy.part)) {
            done.push((copy.import, copy.part));
            links.push(link_record(copy.head.at.month(), SHADOW, copy, AddressId::NONE))?;
        }
    }
    Ok(())
}

fn sortable(month: Month) -> [u8; 4] {
    (month.index() as u32 ^ 0x8000_0000).to_be_bytes()
}

fn month_from(bytes: &[u8]) -> Month {
    let mut four = [0; 4];
    four.copy_from_slice(bytes);
    Month::from_index((u32::from_be_bytes(four) ^ 0x8000_0000) as i32)
}

fn link_record(month: Month, kind: u8, copy: &Copy, author: AddressId) -> [u8; LINK_BYTES] {
    let mut record = [0; LINK_BYTES];
    record[0..4].copy_from_slice(&sortable(month));
    record[4] = kind;
    record[5..21].copy_from_slice(&copy.head.event.0);
    if kind == SHADOW {
        record[21..29].copy_from_slice(&copy.import.as_i64().to_be_bytes());
        record[29..33].copy_from_slice(&copy.part.to_be_bytes());
    }
    record[33..41].copy_from_slice(&author.as_i64().to_be_bytes());
    record
}

fn child_record(head: &EventHead) -> [u8; CHILD_BYTES] {
    let mut record = [0; CHILD_BYTES];
    record[0..16].copy_from_slice(&head.parent.0);
    record[16..32].copy_from_slice(&head.event.0);
    record[32..36].copy_from_slice(&sortable(head.at.month()));
    record
}

/// Joins the events that answer others with the authors of those, both in order of the event
/// answered.
fn answer(
    files: &[SourceFile],
    mut children: Sorted<CHILD_BYTES>,
    links: &mut Sorter<LINK_BYTES>,
) -> Result<(), LakeError> {
    let mut events = Events::open(files)?;
    let mut child = children.next()?;
    while let Some(copies) = events.next()? {
        let parent = copies[0];
        while let Some(record) = child {
            if record[..16] > parent.head.event.0[..] {
                break;
            }
            if record[..16] == parent.head.event.0[..] && !parent.head.author.is_none() {
                let mut event = EventId::NONE;
                event.0.copy_from_slice(&record[16..32]);
                let head = EventHead { event, ..parent.head };
                let month = month_from(&record[32..36]);
                links.push(link_record(
                    month,
                    ANSWER,
                    &Copy { head, ..parent },
                    parent.head.author,
                ))?;
            }
            child = children.next()?;
        }
        if child.is_none() {
            break;
        }
    }
    Ok(())
}

fn schema() -> Arc<Schema> {
    Arc::new(Schema::new(vec![
        Field::new("kind", DataType::UInt8, false),
        Field::new("event", DataType::FixedSizeBinary(16), false),
        Field::new("import", DataType::Int64, false),
        Field::new("part", DataType::UInt32, false),
        Field::new("author", DataType::Int64, false),
    ]))
}

/// Writes one file for each month that has links, and removes those of other months.
fn write_links(root: &Path, mut records: Sorted<LINK_BYTES>) -> Result<(), LakeError> {
    let mut stale: BTreeSet<Month> = layout::derived_months(root, LINKS)?;
    let mut next = records.next()?;
    while let Some(first) = next {
        let month = month_from(&first[0..4]);
        stale.remove(&month);
        let path = derived_path(root, LINKS, month);
        let schema = schema();
        let mut table = TableWriter::create(&path, &schema, merged_properties())?;
        let mut content = blake3::Hasher::new();
        let mut chunk = Vec::with_capacity(WRITE_ROWS);
        while let Some(record) = next.filter(|record| month_from(&record[0..4]) == month) {
            content.update(&record);
            chunk.push(record);
            if chunk.len() == WRITE_ROWS {
                table.write(&encode(&chunk, &schema).map_err(LakeError::write(&path))?)?;
                chunk.clear();
            }
            next = records.next()?;
        }
        table.write(&encode(&chunk, &schema).map_err(LakeError::write(&path))?)?;
        table.note(CONTENT_KEY, &content.finalize().to_hex());
        table.finish()?;
    }
    for month in stale {
        remove_table(&derived_path(root, LINKS, month))?;
    }
    Ok(())
}

fn encode(
    records: &[[u8; LINK_BYTES]],
    schema: &Arc<Schema>,
) -> Result<RecordBatch, arrow_schema::ArrowError> {
    let number = |bytes: &[u8]| bytes.iter().fold(0_i64, |sum, byte| (sum << 8) | i64::from(*byte));
    let mut events = Vec::with_capacity(records.len() * 16);
    records.iter().for_each(|record| events.extend_from_slice(&record[5..21]));
    let imports = records.iter().map(|r| number(&r[21..29]));
    let parts = records.iter().map(|r| number(&r[29..33]) as u32);
    let authors = records.iter().map(|r| number(&r[33..41]));
    RecordBatch::try_new(
        Arc::clone(schema),
        vec![
            Arc::new(UInt8Array::from_iter_values(records.iter().map(|r| r[4]))),
            Arc::new(FixedSizeBinaryArray::new(16, events.into(), None)),
            Arc::new(Int64Array::from_iter_values(imports)),
            Arc::new(UInt32Array::from_iter_values(parts)),
            Arc::new(Int64Array::from_iter_values(authors)),
        ],
    )
}

/// A hash map keyed by event ids, which are hashes already.
pub(crate) type EventMap<V> = HashMap<[u8; 16], V, IdHash>;

/// The links of one month.
#[derive(Debug, Default)]
pub(crate) struct MonthLinks {
    /// Copies to ignore, by import, as (event, part).
    pub(crate) shadows: HashMap<i64, HashSet<([u8; 16], u32), IdHash>>,
    /// Author of the event that an event answers.
    pub(crate) answers: EventMap<i64>,
    /// Digest of the content; empty without links.
    pub(crate) content: String,
}

impl MonthLinks {
    /// Digest of a month's links without reading them.
    pub(crate) fn content(root: &Path, month: Month) -> Result<String, LakeError> {
        let path = derived_path(root, LINKS, month);
        if !path.exists() {
            return Ok(String::new());
        }
        Ok(Table::open(&path)?.note(CONTENT_KEY).unwrap_or_default().to_owned())
    }

    pub(crate) fn read(root: &Path, month: Month) -> Result<Self, LakeError> {
        let path = derived_path(root, LINKS, month);
        let mut links = Self::default();
        if !path.exists() {
            return Ok(links);
        }
        let table = Table::open(&path)?;
        links.content = table.note(CONTENT_KEY).unwrap_or_default().to_owned();
        let mut batches = table.batches(&LINK_COLUMNS, None, SCAN_ROWS)?;
        while let Some(batch) = batches.next()? {
            let (kind, event) = (batch.u8s("kind")?, batch.ids("event")?);
            let (import, part) = (batch.i64s("import")?, batch.u32s("part")?);
            let author = batch.i64s("author")?;
            for i in 0..batch.n_rows() {
                if kind[i] == ANSWER {
                    links.answers.insert(event.get(i), author[i]);
                } else {
                    links.shadows.entry(import[i]).or_default().insert((event.get(i), part[i]));
                }
            }
        }
        Ok(links)
    }

    /// Whether a row belongs to a copy that does not count.
    pub(crate) fn is_shadowed(&self, import: i64, event: [u8; 16], part: u32) -> bool {
        self.shadows.get(&import).is_some_and(|some| some.contains(&(event, part)))
    }
}

/// All copies of each event, event by event in order, the one that counts first.
struct Events {
    inputs: Vec<HeadInput>,
    heap: BinaryHeap<Reverse<(HeadKey, usize)>>,
    current: Vec<Option<Head>>,
    copies: Vec<Copy>,
}

/// Event, higher revision first, rank of the import, part, position in the part.
type HeadKey = (EventId, Reverse<u32>, u32, u32, u64);

struct HeadInput {
    heads: Input<Head>,
    rank: u32,
    import: ImportId,
    position: u64,
}

impl Events {
    fn open(files: &[SourceFile]) -> Result<Self, LakeError> {
        let mut events = Self {
            inputs: Vec::with_capacity(files.len()),
            heap: BinaryHeap::new(),
            current: vec![None; files.len()],
            copies: Vec::new(),
        };
        for (i, file) in files.iter().enumerate() {
            events.inputs.push(HeadInput {
                heads: Input::open(&file.path)?,
                rank: file.rank,
                import: file.import,
                position: 0,
            });
            events.refill(i)?;
        }
        Ok(events)
    }

    fn refill(&mut self, i: usize) -> Result<(), LakeError> {
        let input = &mut self.inputs[i];
        let next = input.heads.next()?;
        input.position += 1;
        self.current[i] = next;
        self.heap.extend(next.map(|Head { head, part }| {
            let key = (head.event, Reverse(head.revision), input.rank, part, input.position);
            Reverse((key, i))
        }));
        Ok(())
    }

    fn next(&mut self) -> Result<Option<&[Copy]>, LakeError> {
        self.copies.clear();
        while let Some(Reverse((key, i))) = self.heap.peek().copied() {
            if self.copies.first().is_some_and(|first| first.head.event != key.0) {
                break;
            }
            self.heap.pop();
            if let Some(Head { head, part }) = self.current[i] {
                let HeadInput { rank, import, .. } = self.inputs[i];
                self.copies.push(Copy { head, rank, import, part });
            }
            self.refill(i)?;
        }
        Ok((!self.copies.is_empty()).then_some(&self.copies))
    }
}
