//! What an address stands for and which lists are newsletters: stated rules over all live imports.

use hashbrown::{HashMap, HashSet};

use tieline_model::address::{Address, AddressClass};
use tieline_model::id::{AddressId, ListId};
use tieline_model::interaction::{EventHead, LeftOut};

use crate::config::ListRules;

/// What all live imports together say about an address.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct AddressSums {
    /// Messages it sent.
    pub(crate) sent: u64,
    /// Messages it received.
    pub(crate) received: u64,
    /// Distinct senders to it, estimated from a 64-bit sketch (see [`distinct_senders`]).
    pub(crate) senders: u64,
    /// A header named it as a list's posting address.
    pub(crate) is_list_post: bool,
    /// A calendar named it as a room or resource.
    pub(crate) is_resource: bool,
    /// What a person said it is.
    pub(crate) said: Option<AddressClass>,
}

/// What all live imports together say about a list.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ListSums {
    /// Messages over it.
    pub(crate) messages: u64,
    /// Of these, answers to another message.
    pub(crate) answers: u64,
    /// Distinct senders.
    pub(crate) senders: u64,
}

/// The bit of a sender in a recipient's sketch.
pub(crate) fn sender_bit(sender: AddressId) -> u64 {
    1 << (sender.as_i64() as u64 % 64)
}

/// Distinct senders from a sketch of one bit in 64 for each (linear counting, Whang et al. 1990):
/// within a few per cent up to 60, "many" (256) when every bit is set. A sketch can be joined with
/// that of another import and taken back by joining the others anew.
pub(crate) fn distinct_senders(sketch: u64) -> u64 {
    let empty = f64::from(sketch.count_zeros());
    if empty == 0.0 { 256 } else { (64.0 * (64.0 / empty).ln()).round() as u64 }
}

/// Class of an address, by the first rule that holds:
/// 1. what a person said;
/// 2. a calendar's room or resource;
/// 3. a list: a header names it as posting address, or it never writes but got many messages from
///    many senders (thresholds in the configuration);
/// 4. its own pattern (METHODS 12.1): automated, role mailbox; else a person.
pub(crate) fn class_of(address: &Address, sums: &AddressSums, rules: &ListRules) -> AddressClass {
    if let Some(said) = sums.said {
        return said;
    }
    if sums.is_resource && sums.sent == 0 {
        return AddressClass::Resource;
    }
    let silent_crowd = sums.sent == 0
        && sums.senders >= rules.silent_address_senders
        && sums.received >= rules.silent_address_messages;
    if sums.is_list_post || silent_crowd {
        return AddressClass::List;
    }
    address.class_by_pattern()
}

/// Whether a list is a discussion: enough people write to it, and enough of what they write answers
/// somebody. Otherwise it is a newsletter, and its messages make no ties.
pub(crate) fn is_discussion(sums: &ListSums, rules: &ListRules) -> bool {
    sums.senders >= rules.min_senders
        && sums.messages > 0
        && sums.answers as f64 / sums.messages as f64 >= rules.min_answer_share
}

/// Classes of everything, as later steps ask for them.
#[derive(Debug, Default)]
pub(crate) struct Classes {
    /// Every address that is no person, with its class.
    pub(crate) special: HashMap<AddressId, AddressClass>,
    /// Lists that are newsletters.
    pub(crate) newsletters: HashSet<ListId>,
    /// Participants above which an event is a broadcast.
    pub(crate) max_group: u32,
}

impl Classes {
    /// Class of an address.
    pub(crate) fn of(&self, address: AddressId) -> AddressClass {
        self.special.get(&address).copied().unwrap_or(AddressClass::Person)
    }

    /// Why an event makes no tie, for the counts of a batch.
    pub(crate) fn left_out(&self, head: &EventHead) -> LeftOut {
        if head.left_out != LeftOut::Kept {
            return head.left_out;
        }
        match self.of(head.author) {
            AddressClass::Automated => return LeftOut::AutomatedSender,
            AddressClass::RoleMailbox => return LeftOut::RoleMailbox,
            AddressClass::Person | AddressClass::List | AddressClass::Resource => {}
        }
        let on_list = !head.list.is_none();
        if on_list && self.newsletters.contains(&head.list) {
            return LeftOut::Newsletter;
        }
        // An answer on a list is one tie however many read along.
        let one_tie = on_list && !head.parent.is_none();
        if head.participants > self.max_group && !one_tie {
            return LeftOut::Broadcast;
        }
        LeftOut::Kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: ListRules = ListRules {
        min_senders: 3,
        min_answer_share: 0.05,
        silent_address_senders: 20,
        silent_address_messages: 50,
    };

    fn email(text: &str) -> Address {
        Address::email(text).unwrap()
    }

    #[test]
    fn a_list_with_answers_is_a_discussion_and_one_without_is_a_newsletter() {
        let discussion = ListSums { messages: 100, answers: 60, senders: 12 };
        let announcements = ListSums { messages: 100, answers: 0, senders: 12 };
        let newsletter = ListSums { messages: 100, answers: 60, senders: 1 };
        assert!(is_discussion(&discussion, &RULES));
        assert!(!is_discussion(&announcements, &RULES) && !is_discussion(&newsletter, &RULES));
        assert!(!is_discussion(&ListSums::default(), &RULES));
    }

    #[test]
    fn an_address_that_many_write_to_and_that_never_writes_is_a_list() {
        let crowd = AddressSums { received: 500, senders: 60, ..AddressSums::default() };
        assert_eq!(class_of(&email("x@acme.example"), &crowd, &RULES), AddressClass::List);
        let leader = AddressSums { sent: 1, ..crowd };
        assert_eq!(class_of(&email("x@acme.example"), &leader, &RULES), AddressClass::Person);
        let said = AddressSums { said: Some(AddressClass::Person), ..crowd };
        assert_eq!(class_of(&email("x@acme.example"), &said, &RULES), AddressClass::Person);
    }

    #[test]
    fn the_sketch_counts_senders_closely_enough() {
        for n in [1_u64, 5, 20, 40] {
            let sketch = (0..n)
                .map(|i| sender_bit(AddressId::of(&[&i.to_le_bytes()])))
                .fold(0, |all, bit| all | bit);
            let found = distinct_senders(sketch);
            assert!(found.abs_diff(n) * 4 <= n.max(4), "{n} counted as {found}");
        }
        assert_eq!((distinct_senders(0), distinct_senders(u64::MAX)), (0, 256));
    }
}
