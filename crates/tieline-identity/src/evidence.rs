//! What identity resolution works on.

use tieline_model::address::{Address, AddressClass};
use tieline_model::claim::{Claim, Decision};
use tieline_model::id::AddressId;
use tieline_model::time::Moment;

use crate::fellegi_sunter::FieldTable;

/// What is known of one address over all live imports.
#[derive(Debug, Clone, PartialEq)]
pub struct AddressFacts {
    /// Its id.
    pub id: AddressId,
    /// The canonical address.
    pub address: Address,
    /// What it stands for.
    pub class: AddressClass,
    /// Messages sent from it.
    pub sent: u64,
    /// Messages received by it.
    pub received: u64,
    /// First time it was seen, where dated.
    pub first: Option<Moment>,
    /// Last time it was seen, where dated.
    pub last: Option<Moment>,
    /// Order of the earliest live import that saw it; decides which address anchors an actor.
    pub rank: u32,
}

/// Everything known. The order within each slice makes no difference. A claim or decision about an
/// address that is not among `addresses` is left aside for that address.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The live addresses. Of two entries of one id the one of the lower rank counts.
    pub addresses: &'a [AddressFacts],
    /// What sources say.
    pub claims: &'a [Claim],
    /// What people decided.
    pub decisions: &'a [Decision],
}

/// Parameters of identity resolution (METHODS 12.3).
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// m and u probabilities of each field.
    pub table: FieldTable,
    /// Prior probability that a candidate pair is one person, in (0, 1).
    pub prior: f64,
    /// Posterior probability from which a pair may be linked, if a rule allows it.
    pub link_at: f64,
    /// Posterior probability from which a pair is listed for review.
    pub review_at: f64,
    /// Jaro-Winkler similarity from which two names are close.
    pub close_at: f64,
    /// Largest block that is compared; larger ones are skipped and reported.
    pub max_block: usize,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            table: FieldTable::default(),
            prior: 0.0005,
            link_at: 0.95,
            review_at: 0.5,
            close_at: 0.88,
            max_block: 500,
        }
    }
}
