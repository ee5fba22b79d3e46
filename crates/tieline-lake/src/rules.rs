//! What counts as a tie, beside the rows themselves.

use std::collections::HashSet;

use tieline_model::id::{AddressId, ListId};
use tieline_model::tie::TieParams;

use crate::error::LakeError;

/// Rules that turn interactions into ties (METHODS 1.1). Half-life, group limit and the sets take
/// part in the segments; channel weights apply at the merge.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Half-life, group limit, channel weights.
    pub params: TieParams,
    /// Addresses that are no persons (lists, role mailboxes, automated senders, resources, erased
    /// ones): not in R or S, and what they send makes no tie.
    pub excluded: HashSet<AddressId>,
    /// Posting addresses of lists, a subset of `excluded`: an event with such a recipient, or with
    /// a List-Id, is on a list.
    pub list_addresses: HashSet<AddressId>,
    /// Lists that are newsletters: their events make no tie.
    pub newsletters: HashSet<ListId>,
}

impl Rules {
    /// Refuses parameters with which no sum is defined.
    pub(crate) fn check(&self) -> Result<(), LakeError> {
        if !(self.params.half_life_days > 0.0 && self.params.half_life_days.is_finite()) {
            return Err(LakeError::Parameters("the half-life must be a number of days above 0"));
        }
        if self.params.max_group < 2 {
            return Err(LakeError::Parameters("the group limit must be at least 2"));
        }
        Ok(())
    }

    pub(crate) fn is_excluded(&self, address: i64) -> bool {
        !self.excluded.is_empty() && self.excluded.contains(&AddressId::from_i64(address))
    }

    pub(crate) fn is_list_address(&self, address: i64) -> bool {
        !self.list_addresses.is_empty()
            && self.list_addresses.contains(&AddressId::from_i64(address))
    }

    pub(crate) fn is_newsletter(&self, list: i64) -> bool {
        list != 0 && self.newsletters.contains(&ListId::from_i64(list))
    }
}
