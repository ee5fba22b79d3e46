//! Erasing people: every file that names them is rewritten.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use tieline_model::id::{AddressId, EventId, ImportId, ListId};
use tieline_model::interaction::{Channel, Interaction, LeftOut, Role, Status};
use tieline_model::time::Moment;

use crate::error::LakeError;
use crate::layout::{self, DERIVED, EVENTS};
use crate::links::REWRITTEN_KEY;
use crate::merge::Output;
use crate::schema::{HEAD_COLUMNS, Head, ROW_COLUMNS, Row, Stored, decode_rows};
use crate::sorter::Sorter;
use crate::table::{SCAN_ROWS, Table};

/// What an erasure did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Erased {
    /// Files rewritten.
    pub files: usize,
    /// Rows that named nobody else and are gone.
    pub removed_rows: u64,
    /// Rows and heads that name the tombstone now.
    pub changed: u64,
}

struct Erasure<'a> {
    addresses: &'a HashSet<AddressId>,
    tombstone: AddressId,
    done: Erased,
}

/// Replaces the addresses by the tombstone in every file of every import, live or not, and removes
/// everything derived.
pub(crate) fn erase(
    root: &Path,
    addresses: &HashSet<AddressId>,
    tombstone: AddressId,
) -> Result<Erased, LakeError> {
    // First what is derived: it can be made again, and must not outlive what it was made from.
    for folder in DERIVED {
        let folder = root.join(folder);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(LakeError::io("remove", &folder))?;
        }
    }
    let mut erasure = Erasure { addresses, tombstone, done: Erased::default() };
    for (_, folder) in layout::month_folders(root)? {
        layout::remove_hidden(&folder)?;
        for (_, _, path) in layout::all_sources(&folder)? {
            erasure.rewrite_rows(root, &path)?;
        }
    }
    for (_, _, path) in layout::all_sources(&root.join(EVENTS))? {
        erasure.rewrite_heads(&path)?;
    }
    Ok(erasure.done)
}

impl Erasure<'_> {
    fn names(&self, raw: i64) -> bool {
        self.addresses.contains(&AddressId::from_i64(raw))
    }

    fn replaced(&self, address: AddressId) -> AddressId {
        if self.addresses.contains(&address) { self.tombstone } else { address }
    }

    /// Whether an address stands for no person that remains.
    fn is_gone(&self, address: AddressId) -> bool {
        address.is_none() || address == self.tombstone || self.addresses.contains(&address)
    }

    fn occurs(&self, table: &Table, columns: &[&str]) -> Result<bool, LakeError> {
        let mut batches = table.batches(columns, None, SCAN_ROWS)?;
        while let Some(batch) = batches.next()? {
            for column in columns {
                if batch.i64s(column)?.iter().any(|id| self.names(*id)) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// A mark that differs from that of the file before, so that what is derived from it is stale.
    fn mark(&self, table: &Table) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(table.note(REWRITTEN_KEY).unwrap_or_default().as_bytes());
        // The erased ids themselves must not be recoverable from the mark.
        hasher.update(&(self.addresses.len() as u64).to_le_bytes());
        hasher.update(&self.tombstone.as_i64().to_le_bytes());
        hasher.finalize().to_hex().to_string()
    }

    fn rewrite_rows(&mut self, root: &Path, path: &Path) -> Result<(), LakeError> {
        let table = Table::open(path)?;
        if !self.occurs(&table, &["from", "to"])? {
            return Ok(());
        }
        // Only the rows that change move in the order; the others keep theirs. Their places are
        // sorted outside memory, as a file may be of any size.
        let mut order = Sorter::<ROW_BYTES>::new(root);
        let mut output = Output::<Row>::create(path)?;
        output.note(REWRITTEN_KEY, &self.mark(&table));
        let mut batches = table.batches(&ROW_COLUMNS, None, SCAN_ROWS)?;
        while let Some(batch) = batches.next()? {
            for mut row in decode_rows(&batch)? {
                let one = &mut row.interaction;
                let named = self.addresses.contains(&one.from) || self.addresses.contains(&one.to);
                if named && self.is_gone(one.from) && self.is_gone(one.to) {
                    self.done.removed_rows += 1;
                    continue;
                }
                self.done.changed += u64::from(named);
                one.from = self.replaced(one.from);
                one.to = self.replaced(one.to);
                order.push(pack(&row))?;
            }
        }
        let mut sorted = order.sorted()?;
        while let Some(record) = sorted.next()? {
            output.push(unpack(path, &record)?)?;
        }
        output.finish()?;
        self.done.files += 1;
        Ok(())
    }

    fn rewrite_heads(&mut self, path: &Path) -> Result<(), LakeError> {
        let table = Table::open(path)?;
        if !self.occurs(&table, &["author"])? {
            return Ok(());
        }
        let mut output = Output::<Head>::create(path)?;
        output.note(REWRITTEN_KEY, &self.mark(&table));
        let mut batches = table.batches(&HEAD_COLUMNS, None, SCAN_ROWS)?;
        while let Some(batch) = batches.next()? {
            for mut one in Head::decode(&batch)? {
                if self.addresses.contains(&one.head.author) {
                    self.done.changed += 1;
                    one.head.author = self.tombstone;
                    one.head.left_out = LeftOut::Erased;
                }
                output.push(one)?;
            }
        }
        output.finish()?;
        self.done.files += 1;
        Ok(())
    }
}

/// Bytes of a packed row.
const ROW_BYTES: usize = 103;

/// A row as bytes that sort like [`Row::key`].
fn pack(row: &Row) -> [u8; ROW_BYTES] {
    let one = &row.interaction;
    let mut bytes = [0; ROW_BYTES];
    let mut rest: &mut [u8] = &mut bytes;
    let mut put = |part: &[u8]| {
        let (here, after) = std::mem::take(&mut rest).split_at_mut(part.len());
        here.copy_from_slice(part);
        rest = after;
    };
    put(&one.from.as_i64().to_be_bytes());
    put(&one.to.as_i64().to_be_bytes());
    put(&(one.at.ms() ^ i64::MIN).to_be_bytes());
    put(&one.event.0);
    put(&row.part.to_be_bytes());
    put(&[one.role.code(), one.channel.code(), one.status.code()]);
    put(&one.thread.0);
    put(&one.parent.0);
    put(&one.list.as_i64().to_be_bytes());
    put(&one.group.to_be_bytes());
    put(&one.minutes.to_be_bytes());
    put(&one.import.as_i64().to_be_bytes());
    bytes
}

fn unpack(path: &Path, bytes: &[u8; ROW_BYTES]) -> Result<Row, LakeError> {
    let mut rest: &[u8] = bytes;
    let from = AddressId::from_i64(i64::from_be_bytes(take(&mut rest)));
    let to = AddressId::from_i64(i64::from_be_bytes(take(&mut rest)));
    let at = Moment::from_ms(i64::from_be_bytes(take(&mut rest)) ^ i64::MIN);
    let event = EventId(take(&mut rest));
    let part = u32::from_be_bytes(take(&mut rest));
    let [role, channel, status] = take(&mut rest);
    let code = |what: &str| LakeError::layout(path, format!("unknown {what} code"));
    let interaction = Interaction {
        at,
        channel: Channel::from_code(channel).ok_or_else(|| code("channel"))?,
        event,
        thread: EventId(take(&mut rest)),
        parent: EventId(take(&mut rest)),
        from,
        to,
        role: Role::from_code(role).ok_or_else(|| code("role"))?,
        status: Status::from_code(status).ok_or_else(|| code("status"))?,
        list: ListId::from_i64(i64::from_be_bytes(take(&mut rest))),
        group: u32::from_be_bytes(take(&mut rest)),
        minutes: u32::from_be_bytes(take(&mut rest)),
        import: ImportId::from_i64(i64::from_be_bytes(take(&mut rest))),
    };
    Ok(Row { interaction, part })
}

/// The next bytes of a packed row.
fn take<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    let mut part = [0; N];
    if let Some((here, after)) = rest.split_at_checked(N) {
        part.copy_from_slice(here);
        *rest = after;
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_row_comes_back_and_sorts_like_its_key() {
        let row = |at: i64, from: i64, event: u8| Row {
            interaction: Interaction {
                at: Moment::from_ms(at),
                channel: Channel::Meeting,
                event: EventId([event; 16]),
                thread: EventId([2; 16]),
                parent: EventId([3; 16]),
                from: AddressId::from_i64(from),
                to: AddressId::from_i64(i64::MAX),
                role: Role::Attendee,
                status: Status::Tentative,
                list: ListId::from_i64(7),
                group: u32::MAX,
                minutes: 45,
                import: ImportId::from_i64(9),
            },
            part: 4,
        };
        let rows = [row(-5, 1, 9), row(3, 1, 1), row(3, 1, 2), row(-9, 2, 0)];
        for one in &rows {
            assert_eq!(unpack(Path::new("x"), &pack(one)).unwrap(), *one);
        }
        for two in rows.windows(2) {
            assert!(pack(&two[0]) < pack(&two[1]) && two[0].key() < two[1].key());
        }
    }
}
