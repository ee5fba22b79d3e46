//! The lake: interactions as Parquet by month, and ties computed from them.
//!
//! An import writes its rows and its event index under its own id ([`Lake::writer`]); it counts
//! from the moment its id is in the list of live imports that callers pass, and no sooner. From all
//! live imports together two things are derived, which can be deleted and come back the same:
//! **links** ([`Lake::relink`]: copies of one event, and whom an event answers) and **segments**
//! ([`Lake::refresh`]: per month, directed pair and channel the sums of METHODS 1.1, and their sums
//! over quarters, half-years, three quarters and years). Ties as of any moment over any window are a merge of these
//! and, for partial months, of the contributions beside them ([`Lake::ties`]); identities are
//! applied at that merge, so joining or splitting people never rewrites the lake. `docs/lake.md`
//! describes every file for other engines.
//!
//! Invariants: a file appears under its name whole or not at all; a read never sees an import that
//! is not live; the order of live imports decides only which of two equal copies counts; the same
//! live imports and rules give the same bytes.
//!
//! Modules in reading order: `layout` (names, atomic replacement), `table` (Parquet), `schema`
//! (columns), `merge`, `writer`, `links`, `rules`, `scan` (METHODS 1.1 on rows), `sums`,
//! `sumfile`, `segments`, `contributions`, `rollups`, `blocks`, `ties`, `shares` (event by event, evidence), `erase`, `stats`.

mod blocks;
mod contributions;
mod erase;
mod error;
mod hash;
mod layout;
mod links;
mod merge;
mod rollups;
mod rules;
mod scan;
mod schema;
mod segments;
mod shares;
mod sorter;
mod stats;
mod sumfile;
mod sums;
mod table;
mod ties;
mod writer;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use tieline_model::id::{AddressId, ImportId};
use tieline_model::interaction::{EventHead, Interaction, LeftOut};
use tieline_model::time::{Moment, Month, Window};

pub use erase::Erased;
pub use error::LakeError;
pub use links::ImportTally;
pub use rules::Rules;
pub use segments::Refreshed;
pub use shares::{Cursor, EventShare, EvidenceQuery};
pub use stats::LakeStats;
pub use ties::{DirectedContact, PairContact};
pub use writer::{ImportFiles, ImportWriter};

/// The folder `lake/` of a data folder. Reads may run beside each other; of writes (an import,
/// relinking, refreshing, sweeping, erasing) one at a time.
#[derive(Debug, Clone)]
pub struct Lake {
    root: PathBuf,
}

impl Lake {
    /// Opens the lake of a data folder, creating its folder where it is missing.
    ///
    /// # Errors
    /// [`LakeError::Io`] if the folder cannot be created.
    pub fn open(data_folder: &Path) -> Result<Self, LakeError> {
        let root = data_folder.join("lake");
        layout::create_folder(&root)?;
        Ok(Self { root })
    }

    /// Begins writing an import. Whatever an earlier, unfinished run of the same import left is
    /// removed first, so the import must not be live.
    ///
    /// # Errors
    /// [`LakeError::Io`] if leftovers cannot be removed.
    pub fn writer(&self, import: ImportId) -> Result<ImportWriter, LakeError> {
        ImportWriter::new(&self.root, import)
    }

    /// Removes all files of an import. Relink and refresh afterwards.
    ///
    /// # Errors
    /// [`LakeError::Io`]; what is left then goes with the next call.
    pub fn remove(&self, import: ImportId) -> Result<(), LakeError> {
        writer::remove_import(&self.root, import)
    }

    /// Removes the files of imports that are not live and what killed processes left behind.
    /// Returns the imports removed.
    ///
    /// # Errors
    /// [`LakeError::Io`].
    pub fn sweep(&self, live: &[ImportId]) -> Result<Vec<ImportId>, LakeError> {
        let sources = [layout::INTERACTIONS, layout::EVENTS];
        for folder in sources.into_iter().chain(layout::DERIVED) {
            layout::remove_hidden(&self.root.join(folder))?;
        }
        for (_, folder) in layout::month_folders(&self.root)? {
            layout::remove_hidden(&folder)?;
        }
        let mut gone = Vec::new();
        for import in writer::present_imports(&self.root)? {
            if !live.contains(&import) {
                writer::remove_import(&self.root, import)?;
                gone.push(import);
            }
        }
        writer::remove_empty_months(&self.root)?;
        Ok(gone)
    }

    /// Writes the links between the events of all live imports, and counts how each import's
    /// records come out, in the order of `live`. Precedence: duplicate, then left out as
    /// `classify` says of the copy that counts, then new. One merge over all event indexes;
    /// memory is bounded.
    ///
    /// # Errors
    /// I/O errors and unreadable files of live imports.
    pub fn relink(
        &self,
        live: &[ImportId],
        classify: &dyn Fn(&EventHead) -> LeftOut,
    ) -> Result<Vec<ImportTally>, LakeError> {
        links::relink(&self.root, live, classify)
    }

    /// Brings the segments of all live imports up to date; months whose sources and rules did not
    /// change are kept. Relinks first if the links are not those of these imports.
    ///
    /// # Errors
    /// [`LakeError::Parameters`], I/O errors and unreadable files of live imports.
    pub fn refresh(&self, live: &[ImportId], rules: &Rules) -> Result<Refreshed, LakeError> {
        rules.check()?;
        self.ensure_links(live)?;
        segments::refresh(&self.root, live, rules)
    }

    /// Contacts between nodes in the window, as of its end, in order of (a, b). An event at the
    /// very end of the window is outside (the window is half-open). Addresses without a node are
    /// left out; contacts of a node with itself are dropped. Months without a current segment are
    /// read row by row, which is slower and gives the same.
    ///
    /// # Errors
    /// As [`Lake::refresh`].
    pub fn ties(
        &self,
        live: &[ImportId],
        rules: &Rules,
        window: Window,
        nodes: &HashMap<AddressId, u32>,
    ) -> Result<Vec<PairContact>, LakeError> {
        self.ensure_links(live)?;
        ties::ties(&self.root, live, rules, window, nodes)
    }

    /// Directed sums between addresses in the window, in order of (from, to), without identities.
    ///
    /// # Errors
    /// As [`Lake::refresh`].
    pub fn ties_by_address(
        &self,
        live: &[ImportId],
        rules: &Rules,
        window: Window,
    ) -> Result<Vec<DirectedContact>, LakeError> {
        self.ensure_links(live)?;
        ties::ties_by_address(&self.root, live, rules, window)
    }

    /// Passes what each event adds to each directed pair of nodes to `take`, month by month; the
    /// sum over events equals [`Lake::ties`]. For resampling.
    ///
    /// # Errors
    /// As [`Lake::refresh`].
    pub fn shares(
        &self,
        live: &[ImportId],
        rules: &Rules,
        window: Window,
        nodes: &HashMap<AddressId, u32>,
        take: &mut dyn FnMut(EventShare),
    ) -> Result<(), LakeError> {
        self.ensure_links(live)?;
        shares::shares(&self.root, live, rules, window, nodes, take)
    }

    /// The interactions that make the tie between two sets of addresses, newest first, one for
    /// each event that contributes. Reads the row groups that can hold them.
    ///
    /// # Errors
    /// As [`Lake::refresh`].
    pub fn evidence(
        &self,
        live: &[ImportId],
        rules: &Rules,
        query: &EvidenceQuery<'_>,
    ) -> Result<Vec<Interaction>, LakeError> {
        self.ensure_links(live)?;
        shares::evidence(&self.root, live, rules, query)
    }

    /// Passes every interaction that names one of the addresses to `take`, month by month; of copies
    /// of one event the one that counts. Reads all rows.
    ///
    /// # Errors
    /// As [`Lake::refresh`].
    pub fn naming(
        &self,
        live: &[ImportId],
        rules: &Rules,
        addresses: &HashSet<AddressId>,
        take: &mut dyn FnMut(&Interaction),
    ) -> Result<(), LakeError> {
        self.ensure_links(live)?;
        shares::naming(&self.root, live, rules, addresses, take)
    }

    /// The newest interaction not later than `not_after`, over all channels, counted or not.
    ///
    /// # Errors
    /// I/O errors and unreadable files of live imports.
    pub fn newest(
        &self,
        live: &[ImportId],
        not_after: Moment,
    ) -> Result<Option<Moment>, LakeError> {
        stats::newest(&self.root, live, not_after)
    }

    /// Months with rows, ascending.
    ///
    /// # Errors
    /// [`LakeError::Io`].
    pub fn months(&self, live: &[ImportId]) -> Result<Vec<Month>, LakeError> {
        Ok(layout::live_months(&self.root, live)?.into_keys().collect())
    }

    /// Size and extent.
    ///
    /// # Errors
    /// I/O errors and unreadable files of live imports.
    pub fn stats(&self, live: &[ImportId]) -> Result<LakeStats, LakeError> {
        stats::stats(&self.root, live)
    }

    /// Erases people: rewrites every file of every import that names one of the addresses. Rows
    /// between erased addresses alone are removed; elsewhere the tombstone takes their place, which
    /// the rules should exclude, so that what they sent makes no tie and they are in no R. Removes
    /// everything derived: relink and refresh afterwards. Killed half way, the same call finishes it.
    ///
    /// # Errors
    /// I/O errors and unreadable files.
    pub fn erase(
        &self,
        addresses: &HashSet<AddressId>,
        tombstone: AddressId,
    ) -> Result<Erased, LakeError> {
        erase::erase(&self.root, addresses, tombstone)
    }

    fn ensure_links(&self, live: &[ImportId]) -> Result<(), LakeError> {
        if !links::is_current(&self.root, live)? {
            links::relink(&self.root, live, &|head| head.left_out)?;
        }
        Ok(())
    }
}
