//! Mailboxes of address fields read before: the messages of a thread and of a patch series name the
//! same people in the same words.

use std::rc::Rc;

use hashbrown::HashMap;
use tieline_model::record::{Mailbox, MailingList};

/// Fields remembered, and their bytes; forgotten together when there are more.
const MAX_FIELDS: usize = 4096;
const MAX_BYTES: usize = 4 << 20;

/// Parts of fields remembered; forgotten together when there are more.
const MAX_WORDS: usize = 32 << 10;

/// Headers of lists remembered, and the longest; forgotten together when there are more.
const MAX_LISTS: usize = 1024;
const MAX_LIST: usize = 4096;

/// Longer fields are not remembered.
const MAX_FIELD: usize = 64 << 10;

/// What address fields said, by their raw value.
#[derive(Debug, Default)]
pub(super) struct Memory {
    fields: HashMap<Box<[u8]>, Rc<[Mailbox]>>,
    bytes: usize,
    /// The parts of fields.
    pub(super) words: Words,
    lists: HashMap<Box<[u8]>, Option<MailingList>>,
    key: Vec<u8>,
    /// The separator line of the message being read.
    pub(super) separator: Vec<u8>,
}

/// Mailboxes by the words they were written in, whatever field they stood in.
#[derive(Debug, Default)]
pub(super) struct Words {
    known: HashMap<Box<str>, Option<Mailbox>>,
    bytes: usize,
}

impl Words {
    /// The mailbox that `part` names, `None` within where it names nobody; read by `read` where it
    /// is not remembered, and not remembered where that cannot read it.
    pub(super) fn mailbox(
        &mut self,
        part: &str,
        read: impl Fn(&str) -> Option<Option<Mailbox>>,
    ) -> Option<Option<Mailbox>> {
        if let Some(known) = self.known.get(part) {
            return Some(known.clone());
        }
        let found = read(part)?;
        if self.known.len() >= MAX_WORDS || self.bytes + part.len() > MAX_BYTES {
            self.known.clear();
            self.bytes = 0;
        }
        self.bytes += part.len();
        self.known.insert(part.into(), found.clone());
        Some(found)
    }
}

impl Memory {
    /// What was kept under this value, if it still is.
    pub(super) fn get(&self, value: &[u8]) -> Option<Rc<[Mailbox]>> {
        self.fields.get(value).map(Rc::clone)
    }

    /// The list that these fields tell of, read by `read` where they were not met before.
    pub(super) fn list<const N: usize>(
        &mut self,
        said: [Option<&[u8]>; N],
        read: impl FnOnce() -> Option<MailingList>,
    ) -> Option<MailingList> {
        if said.iter().all(Option::is_none) {
            return None;
        }
        self.key.clear();
        for value in said {
            // No field holds this byte pair: it would have ended there.
            self.key.extend_from_slice(value.unwrap_or_default());
            self.key.extend_from_slice(b"\nx");
        }
        if let Some(known) = self.lists.get(self.key.as_slice()) {
            return known.clone();
        }
        let list = read();
        if self.key.len() <= MAX_LIST {
            if self.lists.len() >= MAX_LISTS {
                self.lists.clear();
            }
            self.lists.insert(self.key.as_slice().into(), list.clone());
        }
        list
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

    #[test]
    fn words_are_bounded_too_and_what_cannot_be_read_is_not_kept() {
        let mut words = Words::default();
        for i in 0..2 * MAX_WORDS {
            assert_eq!(words.mailbox(&i.to_string(), |_| Some(None)), Some(None));
        }
        assert!(words.known.len() <= MAX_WORDS);
        assert_eq!(words.known.keys().map(|part| part.len()).sum::<usize>(), words.bytes);
        assert_eq!(words.mailbox("x", |_| None), None);
        assert_eq!(words.mailbox("x", |_| Some(None)), Some(None));
    }
}
