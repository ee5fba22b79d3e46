//! One header block to one message.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use tieline_model::id::EventId;
use tieline_model::interaction::{LeftOut, Role};
use tieline_model::record::{Mailbox, Message};
use tieline_model::time::Moment;

use super::addresses;
use super::date::{self, Dated};
use super::fields::{Field, Fields, charset, lossy, readable};
use super::list;
use super::memory::Memory;

/// What surrounds a header block and may stand in for what it lacks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// Envelope sender of the separator line.
    pub sender: Option<String>,
    /// Date of the separator line.
    pub date: Option<Moment>,
}

/// A header block, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The message, or why nothing can be kept of it.
    pub message: Result<Box<Message>, &'static str>,
    /// What had to be repaired in it.
    pub repairs: Vec<&'static str>,
    /// Stated length of the body in bytes (`Content-Length`), which may be wrong.
    pub body_bytes: Option<u64>,
}

/// A `Date` this much later than the newest `Received` is wrong, in milliseconds (two days).
const MAX_AHEAD_MS: i64 = 2 * tieline_model::time::DAY_MS;

/// Said of a field that is in none of the encodings that mail may have.
const GUESSED: &str = "raw 8-bit text in an address header was decoded by its likely encoding";

/// Up to this many recipients are compared one by one.
const FEW_RECIPIENTS: usize = 32;

/// Reads a header block (without separator line; the empty line at its end may be there). Never
/// fails otherwise than by saying what is lost: a message needs a date from somewhere and at least
/// one field.
pub fn parse(block: &[u8], envelope: &Envelope) -> Parsed {
    parse_with(block, &|| envelope.clone(), &mut Memory::default())
}

/// As [`parse`], for many blocks of one file, of which the mailboxes read last are remembered.
pub(super) fn parse_with(
    block: &[u8],
    envelope: &dyn Fn() -> Envelope,
    memory: &mut Memory,
) -> Parsed {
    let block = block.strip_prefix(b"\xef\xbb\xbf").unwrap_or(block);
    read(Fields::split(block), envelope, memory)
}

/// As [`parse_with`] for the common case of [`Fields::split_plain`]: of the block at the beginning of
/// `view`, with its length.
pub(super) fn parse_plain(
    view: &[u8],
    envelope: &dyn Fn() -> Envelope,
    memory: &mut Memory,
) -> Option<(Parsed, usize)> {
    let (fields, len) = Fields::split_plain(view)?;
    Some((read(fields, envelope, memory), len))
}

fn read(fields: Fields<'_>, envelope: &dyn Fn() -> Envelope, memory: &mut Memory) -> Parsed {
    let mut reader = Reader { fields, repairs: Vec::new(), memory };
    let body_bytes = reader.fields.text(Field::ContentLength).and_then(|text| text.parse().ok());
    let message = reader.message(envelope);
    let repairs = if message.is_ok() { reader.repairs } else { Vec::new() };
    Parsed { message, repairs, body_bytes }
}

struct Reader<'b, 'm> {
    memory: &'m mut Memory,
    fields: Fields<'b>,
    repairs: Vec<&'static str>,
}

impl Reader<'_, '_> {
    fn message(&mut self, envelope: &dyn Fn() -> Envelope) -> Result<Box<Message>, &'static str> {
        if self.fields.count == 0 {
            return Err("no header fields: nothing of this message can be kept");
        }
        if self.fields.strange_lines > 0 {
            self.repair("lines among the headers that are no header were passed over");
        }
        let at = self.date(envelope)?;
        let recipients = self.recipients();
        let from = self.from(envelope);
        let event = self.event();
        let answered = self.fields.get(Field::InReplyTo).and_then(answered_id);
        let references = self.fields.get(Field::References).unwrap_or_default();
        let answered = answered.or_else(|| ids(references).last());
        let parent = answered.as_deref().map(event_of);
        let thread = match ids(references).next() {
            // Hashed already: most answers are to the first message.
            Some(first) if Some(&first) != answered.as_ref() => event_of(&first),
            _ => parent.unwrap_or(event),
        };
        let list = list::remembered_list(&self.fields, self.memory);
        let left_out = match list::left_out(&self.fields, list.is_some()) {
            LeftOut::Kept if from.address.is_none() => LeftOut::NoSender,
            other => other,
        };
        let parent = parent.filter(|parent| *parent != event);
        let also_named = self.also_named(&from, &recipients);
        Ok(Box::new(Message {
            event,
            at,
            thread,
            parent,
            from,
            recipients,
            list,
            left_out,
            also_named,
        }))
    }

    fn repair(&mut self, what: &'static str) {
        if !self.repairs.contains(&what) {
            self.repairs.push(what);
        }
    }

    /// `Date` where it is plausible, else the newest `Received`, else the separator line, else
    /// `Date` after all where it is a date.
    fn date(&mut self, envelope: &dyn Fn() -> Envelope) -> Result<Moment, &'static str> {
        let stated = self.fields.get(Field::Date).and_then(date::parse);
        let received = self
            .fields
            .get(Field::Received)
            .and_then(|value| value.rsplit(|byte| *byte == b';').next().and_then(date::parse))
            .filter(|dated| dated.at.ms() > 0);
        let ahead = |dated: Dated| {
            received.is_some_and(|received| dated.at.ms() - received.at.ms() > MAX_AHEAD_MS)
        };
        // The first day of the epoch is a clock that was never set.
        match stated {
            Some(dated) if dated.at.day() > 0 && !ahead(dated) => {
                if dated.guessed_zone {
                    self.repair("the date states no known time zone; taken as UTC");
                }
                Ok(dated.at)
            }
            _ => {
                let other = received.map(|dated| dated.at).or_else(|| envelope().date);
                let Some(at) = other else {
                    return Err(
                        "no usable date in any header: the message cannot be placed in time",
                    );
                };
                self.repair(match (self.fields.has(Field::Date), received.is_some()) {
                    (false, true) => "no date; taken from the newest Received header",
                    (false, false) => "no date; taken from the separator line",
                    (true, true) => "wrong date; taken from the newest Received header",
                    (true, false) => "wrong date; taken from the separator line",
                });
                Ok(at)
            }
        }
    }

    /// As [`readable`], in the character set that the message states.
    fn as_stated<'v>(&self, value: &'v [u8]) -> (Cow<'v, [u8]>, bool) {
        let stated = || self.fields.text(Field::ContentType);
        readable(value, || stated().as_deref().and_then(charset).map(str::to_owned))
    }

    fn readable<'v>(&mut self, value: &'v [u8]) -> Cow<'v, [u8]> {
        let (text, repaired) = self.as_stated(value);
        if repaired {
            self.repair(GUESSED);
        }
        text
    }

    fn mailboxes(&mut self, value: &[u8]) -> Rc<[Mailbox]> {
        if let Some(known) = self.memory.get(value) {
            return known;
        }
        let (text, repaired) = self.as_stated(value);
        let found: Rc<[Mailbox]> = addresses::mailboxes(&text, &mut self.memory.words).into();
        if repaired {
            // How it reads depends on the rest of the message: not remembered.
            self.repair(GUESSED);
        } else {
            self.memory.keep(value, &found);
        }
        found
    }

    /// Recipients with an address, each once; the first role counts.
    fn recipients(&mut self) -> Vec<(Mailbox, Role)> {
        let mut values = std::mem::take(&mut self.fields.recipients);
        values.sort_by_key(|(field, _)| *field as usize);
        if values.is_empty() {
            values.extend(self.fields.get(Field::ApparentlyTo).map(|v| (Field::To, v)));
        }
        let mut all: Vec<(Mailbox, Role)> = Vec::with_capacity(FEW_RECIPIENTS / 4);
        // Looking through a few is faster than hashing them; of many it would be quadratic.
        let mut seen: std::collections::HashSet<String> = std::collections::HashSet::new();
        for (field, value) in values {
            let role = match field {
                Field::Cc => Role::Cc,
                Field::Bcc => Role::Bcc,
                _ => Role::To,
            };
            for mailbox in self.mailboxes(value).iter() {
                let Some(address) = &mailbox.address else { continue };
                let again = if all.len() < FEW_RECIPIENTS {
                    let same = |own: &str| own.eq_ignore_ascii_case(address);
                    all.iter().any(|(m, _)| m.address.as_deref().is_some_and(same))
                } else {
                    if seen.is_empty() {
                        let own = |(m, _): &(Mailbox, Role)| m.address.as_deref().map(lower);
                        seen.extend(all.iter().filter_map(own));
                    }
                    !seen.insert(lower(address))
                };
                if !again {
                    all.push((mailbox.clone(), role));
                }
            }
        }
        all
    }

    /// The first mailbox of From with an address, else of Sender, else Return-Path, else the
    /// envelope sender; of the latter three only such as are a person's. A name in From without an
    /// address is kept alone where there is no other.
    fn from(&mut self, envelope: &dyn Fn() -> Envelope) -> Mailbox {
        let mut named = None;
        for field in [Field::From, Field::Sender, Field::ReturnPath] {
            let Some(value) = self.fields.get(field) else { continue };
            let found = self.mailboxes(value);
            let own = |mailbox: &Mailbox| {
                mailbox.address.as_deref().is_some_and(|a| field == Field::From || !is_relay(a))
            };
            if let Some(mailbox) = found.iter().find(|mailbox| own(mailbox)) {
                if field != Field::From {
                    self.repair("no sender in From; taken from Sender or Return-Path");
                }
                return mailbox.clone();
            }
            named = named.or_else(|| found.first().cloned().filter(|_| field == Field::From));
        }
        let sender = envelope().sender;
        if let Some(sender) = sender.as_deref().filter(|sender| !is_relay(sender)) {
            self.repair("no sender in the headers; taken from the separator line");
            let address = addresses::bare_address(sender).map(Into::into);
            return Mailbox { name: None, address };
        }
        named.unwrap_or_default()
    }

    /// Message-ID, else a hash of what a copy of the message would say as well.
    fn event(&self) -> EventId {
        if let Some(raw) = self.fields.get(Field::MessageId) {
            let id = ids(raw).next().unwrap_or_else(|| Cow::Owned(squeezed(raw)));
            if !id.is_empty() {
                return event_of(&id);
            }
        }
        let part = |field| self.fields.get(field).map(folded).unwrap_or_default();
        let [from, to, cc, date, subject] =
            [Field::From, Field::To, Field::Cc, Field::Date, Field::Subject].map(part);
        EventId::of(&[b"headers", &from, &to, &cc, &date, &subject])
    }

    /// Names in X-From, X-To and X-cc, paired with the addresses in the same places where there are
    /// as many of both.
    fn also_named(&mut self, from: &Mailbox, recipients: &[(Mailbox, Role)]) -> Vec<Mailbox> {
        let mut named = Vec::new();
        if ![Field::XFrom, Field::XTo, Field::XCc].iter().any(|field| self.fields.has(*field)) {
            return named;
        }
        let sides: [(Field, Vec<&Mailbox>); 3] = [
            (Field::XFrom, vec![from]),
            (Field::XTo, of_role(recipients, Role::To)),
            (Field::XCc, of_role(recipients, Role::Cc)),
        ];
        for (field, mailboxes) in sides {
            let Some(value) = self.fields.get(field) else { continue };
            let text = self.readable(value);
            let names = if field == Field::XFrom {
                let whole = String::from_utf8_lossy(&text);
                addresses::exchange_names(&whole.replace(',', "\u{1}"))
                    .into_iter()
                    .map(|name| name.map(|name| name.replace('\u{1}', ",")))
                    .collect()
            } else {
                addresses::exchange_names(&String::from_utf8_lossy(&text))
            };
            if names.len() != mailboxes.len() {
                continue;
            }
            for (name, mailbox) in names.into_iter().zip(mailboxes) {
                let name: Option<Arc<str>> = name.map(Into::into);
                if name.is_some() && mailbox.address.is_some() && name != mailbox.name {
                    named.push(Mailbox { name, address: mailbox.address.clone() });
                }
            }
        }
        named
    }
}

fn lower(address: &str) -> String {
    address.to_ascii_lowercase()
}

fn of_role(recipients: &[(Mailbox, Role)], role: Role) -> Vec<&Mailbox> {
    recipients.iter().filter(|(_, own)| *own == role).map(|(mailbox, _)| mailbox).collect()
}

/// Addresses that lists and mailers put in a person's place.
fn is_relay(address: &str) -> bool {
    let lower = lower(address);
    let local = lower.split('@').next().unwrap_or(&lower);
    local == "mailer-daemon"
        || local.starts_with("owner-")
        || ["-owner", "-bounces", "-bounce", "-request", "-admin", "-errors", "-relay"]
            .iter()
            .any(|part| local.ends_with(part) || local.contains(&format!("{part}+")))
        || local.starts_with("bounce")
        || local.contains("-return-")
}

/// The identifiers in angle brackets of a field, as they are compared: without white space.
fn ids(value: &[u8]) -> impl Iterator<Item = Cow<'_, [u8]>> {
    let mut rest = value;
    std::iter::from_fn(move || {
        loop {
            let open = memchr::memchr(b'<', rest)?;
            rest = rest.get(open + 1..)?;
            let close = memchr::memchr2(b'>', b'<', rest)?;
            let inner = rest.get(..close)?;
            rest = rest.get(close..)?;
            if rest.first() == Some(&b'>') && !inner.trim_ascii().is_empty() {
                let clean = !inner.iter().any(u8::is_ascii_whitespace);
                return Some(if clean {
                    Cow::Borrowed(inner)
                } else {
                    Cow::Owned(squeezed(inner))
                });
            }
        }
    })
}

/// The message that In-Reply-To names. Old programs write prose around it, in which the author's
/// address may stand in brackets too: identifiers have a digit before the `@`.
fn answered_id(value: &[u8]) -> Option<Cow<'_, [u8]>> {
    let looks_made =
        |id: &Cow<'_, [u8]>| id.iter().take_while(|byte| **byte != b'@').any(u8::is_ascii_digit);
    ids(value).find(looks_made).or_else(|| ids(value).next())
}

fn event_of(id: &[u8]) -> EventId {
    EventId::of_message_id(&lossy(id))
}

/// Without white space and brackets.
fn squeezed(value: &[u8]) -> Vec<u8> {
    let kept = |byte: &u8| !byte.is_ascii_whitespace() && !matches!(byte, b'<' | b'>');
    value.iter().copied().filter(kept).collect()
}

/// With every run of white space as one space: archives fold differently.
fn folded(value: &[u8]) -> Vec<u8> {
    let words: Vec<&[u8]> =
        value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    words.join(&b' ')
}
