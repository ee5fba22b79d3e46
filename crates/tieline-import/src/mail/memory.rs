//! Mailboxes of address fields read before: the messages of a thread and of a patch series name the
//! same people in the same words.

use std::rc::Rc;

use hashbrown::HashMap;
use tieline_model::record::Mailbox;

/// Fields remembered, and their bytes; forgotten together when there are more.
const MAX_FIELDS: usize = 4096;
const MAX_BYTES: usize = 4 << 20;

/// Longer fields are not remembered.
const MAX_FIELD: usize = 64 << 10;

/// What address fields said, by their raw value.
#[derive(Debug, Default)]
pub(super) struct Memory {
    fields: HashMap<Box<[u8]>, Rc<[Mailbox]>>,
    bytes: usize,
}

impl Memory {
    /// What was kept under this value, if it still is.
    pub(super) fn get(&self, value: &[u8]) -> Option<Rc<[Mailbox]>> {
        self.fields.get(value).map(Rc::clone)
    }

    /// Keeps what a value says.
    pub(super) fn keep(&mut self, value: &[u8], mailboxes: &Rc<[Mailbox]>) {
        if value.len() > MAX_FIELD {
            return;
        }
        if self.fields.len() >= MAX_FIELDS || self.bytes + value.len() > MAX_BYTES {
            self.fields.clear();
            self.bytes = 0;
        }
        self.bytes += value.len();
        self.fields.insert(value.into(), Rc::clone(mailboxes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_bounded_in_fields_and_in_bytes() {
        let none: Rc<[Mailbox]> = Rc::new([]);
        let mut many = Memory::default();
        (0..3 * MAX_FIELDS).for_each(|i| many.keep(i.to_string().as_bytes(), &none));
        assert!(many.fields.len() <= MAX_FIELDS);
        assert!(many.get((3 * MAX_FIELDS - 1).to_string().as_bytes()).is_some());
        let mut large = Memory::default();
        for i in 0..200_u32 {
            let mut value = vec![b' '; MAX_FIELD - 4];
            value.extend_from_slice(&i.to_le_bytes());
            large.keep(&value, &none);
        }
        assert!(large.bytes <= MAX_BYTES);
        assert_eq!(large.fields.keys().map(|value| value.len()).sum::<usize>(), large.bytes);
        large.keep(&vec![b' '; MAX_FIELD + 1], &none);
        assert!(large.get(&vec![b' '; MAX_FIELD + 1]).is_none());
    }
}
