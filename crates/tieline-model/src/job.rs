//! Background work as values: stored as rows, idempotent, resumable.

use crate::access::words;
use crate::id::{AccountId, AddressId, DecisionId, ImportId, SeatId};

/// A piece of background work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Job {
    /// Read these files or folders of the server into the lake. `dry_run`: only say what would
    /// happen.
    Import {
        /// Absolute paths on the server.
        paths: Vec<String>,
        /// Whether nothing is written.
        dry_run: bool,
    },
    /// Take an import back.
    Undo {
        /// Which import.
        import: ImportId,
    },
    /// Bring everything derived up to date and publish a new snapshot.
    Refresh,
    /// Forget the person of this address, in store and lake.
    Erase {
        /// One of their addresses; [`AddressId::NONE`] once they are forgotten.
        address: AddressId,
    },
    /// Send a letter by mail. Its words and the secret of its link are made when it is sent, so that
    /// neither is kept.
    Mail {
        /// Which.
        letter: Letter,
    },
}

/// A letter that the program sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letter {
    /// A link that signs an account in, as someone asked on the sign-in page. `None`: what they typed
    /// is no account's mail address, and nothing is sent; that the work is the same tells nobody so.
    SignIn {
        /// Whose link.
        account: Option<AccountId>,
    },
    /// Word to someone that an account was made for them, with a link that signs it in.
    Invitation {
        /// The account.
        account: AccountId,
    },
    /// A link to what is held on a person, to this address of theirs.
    OwnData {
        /// Where it goes.
        address: AddressId,
        /// The steward who asked for it.
        by: AccountId,
    },
    /// Word to someone that their vote is asked for; not sent where they have voted meanwhile.
    Vote {
        /// The account.
        account: AccountId,
        /// In which decision.
        decision: DecisionId,
    },
    /// A link that lets someone without an account take part in a partnership, to the address of
    /// their seat.
    Guest {
        /// Which seat.
        seat: SeatId,
        /// Who asked for it.
        by: AccountId,
    },
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobState {
    /// Waits for a worker.
    Queued,
    /// A worker is at it.
    Running,
    /// Stands still because someone asked for it; goes on from there, or begins anew where other work
    /// came first.
    Paused,
    /// Someone asked to stop; the worker will take back what was done.
    Stopping,
    /// Finished.
    Done,
    /// Ended with an error, which it keeps.
    Failed,
    /// Stopped and taken back.
    Stopped,
}
words!(JobState {
    Queued "queued", Running "running", Paused "paused", Stopping "stopping", Done "done",
    Failed "failed", Stopped "stopped",
});

impl JobState {
    /// Whether nothing more will happen to it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Stopped)
    }
}

/// How far a job is; counts so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobProgress {
    /// Bytes read.
    pub bytes: u64,
    /// Bytes in all; 0 when not known yet.
    pub bytes_total: u64,
    /// Records read.
    pub records: u64,
    /// What it is doing, in a few words.
    pub stage: String,
}
