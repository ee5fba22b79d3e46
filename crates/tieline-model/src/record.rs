//! What importers produce: one value per record of a source, addresses still as written.

use std::sync::Arc;

use crate::id::EventId;
use crate::interaction::{Channel, LeftOut, Role, Status};
use crate::time::Moment;

/// A mailbox as written: a display name and an address, either of which may be missing. The texts
/// are shared, because an archive names the same people over and over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mailbox {
    /// Display name, decoded, trimmed, without surrounding quotes.
    pub name: Option<Arc<str>>,
    /// Address as written, without `mailto:` and angle brackets. Not yet canonical.
    pub address: Option<Arc<str>>,
}

/// One record of a source. Each counts as one `read` of its batch.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// A mail message (headers only).
    Message(Box<Message>),
    /// One calendar component with its occurrences.
    Gathering(Box<Gathering>),
    /// A contact card: what someone's address book says about one person or organisation.
    Card(Box<Card>),
    /// A directory row: what an organisation says about one post or person.
    Post(Box<Post>),
    /// A tie stated by a file (an edge list), with or without a date.
    StatedTie(Box<StatedTie>),
    /// A node of a network file with its attributes.
    Node(Box<Node>),
    /// One person at one event (two-mode data).
    Attendance(Box<Attendance>),
}

/// A mail message, headers only.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Hash of the Message-ID, else of the headers From, To, Cc, Date and Subject (the subject is
    /// hashed, never kept).
    pub event: EventId,
    /// When, by `Date`, else the newest `Received`, else the separator line.
    pub at: Moment,
    /// First message of References, else the one answered, else the event itself.
    pub thread: EventId,
    /// The message answered: In-Reply-To, else the last of References.
    pub parent: Option<EventId>,
    /// First address of From, else Sender, else the envelope sender.
    pub from: Mailbox,
    /// Recipients in To, Cc and Bcc, groups expanded.
    pub recipients: Vec<(Mailbox, Role)>,
    /// Canonical List-Id (text in angle brackets, lower case) and posting address where a header
    /// states them.
    pub list: Option<MailingList>,
    /// Why its own headers leave it out of ties. Address patterns are not applied here.
    pub left_out: LeftOut,
    /// Other names that the headers pair with addresses (Enron's X-From, X-To): further claims.
    pub also_named: Vec<Mailbox>,
}

/// A mailing list as the headers state it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailingList {
    /// List-Id without description and brackets, lower case; or the posting address where only
    /// List-Post or X-Mailing-List is there.
    pub id: Arc<str>,
    /// Address to post to, where stated (List-Post, X-Mailing-List): it is not a person.
    pub post: Option<Arc<str>>,
}

/// A calendar component with all its occurrences.
#[derive(Debug, Clone, PartialEq)]
pub struct Gathering {
    /// Call or meeting.
    pub channel: Channel,
    /// SEQUENCE; of two copies of an occurrence the higher one counts.
    pub revision: u32,
    /// Organiser, where stated.
    pub organiser: Option<Mailbox>,
    /// Attendees with their answers; the organiser need not be among them.
    pub attendees: Vec<(Mailbox, Status)>,
    /// Occurrences, at least one; cancelled ones carry [`Status::Cancelled`].
    pub occurrences: Vec<Occurrence>,
}

/// One occurrence of a gathering.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Occurrence {
    /// Hash of UID and RECURRENCE-ID (or start).
    pub event: EventId,
    /// Start, UTC.
    pub at: Moment,
    /// Duration in minutes; 0 = not stated.
    pub minutes: u32,
    /// Whether this occurrence was cancelled.
    pub cancelled: bool,
}

/// A contact card.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Card {
    /// Full name as the card shows it.
    pub name: Option<String>,
    /// Given and family name where the card has them apart.
    pub given: Option<String>,
    /// Family name.
    pub family: Option<String>,
    /// Further names: nicknames, maiden names, name in another script.
    pub nicknames: Vec<String>,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// Telephone numbers as written.
    pub phones: Vec<String>,
    /// Profiles and handles, as URLs where possible.
    pub handles: Vec<String>,
    /// Organisation.
    pub organisation: Option<String>,
    /// Department within it.
    pub department: Option<String>,
    /// Job title or role.
    pub title: Option<String>,
    /// Whether the card is about an organisation (vCard KIND:org) or a group, not a person.
    pub is_organisation: bool,
    /// Since when the contact is known (LinkedIn "Connected On").
    pub since: Option<Moment>,
}

/// A directory row: one person in one post.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Post {
    /// Name, where the row names a person (vacant and N/D posts do not).
    pub name: Option<String>,
    /// Given name where apart.
    pub given: Option<String>,
    /// Family name where apart.
    pub family: Option<String>,
    /// E-mail addresses, the primary one first.
    pub emails: Vec<String>,
    /// Telephone numbers.
    pub phones: Vec<String>,
    /// Employee number, post reference or login: names the row within its directory.
    pub reference: Option<String>,
    /// Organisation.
    pub organisation: Option<String>,
    /// Units from the widest to the narrowest, below the organisation.
    pub units: Vec<String>,
    /// Job title.
    pub title: Option<String>,
    /// Grade or level.
    pub grade: Option<String>,
    /// Place of work.
    pub location: Option<String>,
    /// The manager as written: an address, a reference or a name.
    pub manager: Option<String>,
    /// First day in this post.
    pub from: Option<Moment>,
    /// First moment after this post.
    pub to: Option<Moment>,
}

/// A tie stated by a file.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedTie {
    /// One end as written: an address, or a label that has meaning within its file.
    pub from: String,
    /// The other end.
    pub to: String,
    /// Weight; larger = stronger; 1 where the file has none.
    pub weight: f64,
    /// Whether the file says that direction matters.
    pub directed: bool,
    /// When, for dated edge lists: then each row is one interaction on [`Channel::Contact`].
    pub at: Option<Moment>,
    /// Kind of tie as the file names it ("reports to", "advice").
    pub kind: Option<String>,
}

/// A node of a network file.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its id within the file, as ties use it.
    pub id: String,
    /// Label or name.
    pub label: Option<String>,
    /// E-mail address where an attribute holds one.
    pub email: Option<String>,
    /// Organisation where an attribute holds one.
    pub organisation: Option<String>,
    /// Department, group, party, club: the attribute chosen as the unit.
    pub unit: Option<String>,
}

/// One person at one event.
#[derive(Debug, Clone, PartialEq)]
pub struct Attendance {
    /// The person as written.
    pub person: String,
    /// The event as written; unique within its file.
    pub event: String,
    /// When, where stated.
    pub at: Option<Moment>,
}
