//! One dated act between addresses, as the lake stores it: headers only, never a subject or a body.

use crate::id::{AddressId, EventId, ImportId, ListId};
use crate::time::Moment;

macro_rules! coded_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* $variant = $code,)+ }

        impl $name {
            /// Every value, in order of its code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code stored in the lake; never reused.
            pub const fn code(self) -> u8 { self as u8 }

            /// From a stored code.
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// The word used in configuration, listings and documents.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// From the word.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

coded_enum! {
    /// By what means people interacted. Each has a weight in [`crate::tie::TieParams`].
    Channel {
        /// A mail message.
        Email = 1 "email",
        /// A chat message.
        Chat = 2 "chat",
        /// A call.
        Call = 3 "call",
        /// A meeting, or attendance at the same event.
        Meeting = 4 "meeting",
        /// Writing the same document.
        CoEdit = 5 "co-edit",
        /// An introduction made.
        Introduction = 6 "introduction",
        /// A dated contact of unstated kind (a dated edge list, a contact log).
        Contact = 7 "contact",
    }
}

impl Channel {
    /// Whether the act joins a set of attendees (ordered pairs share half the weight each), instead
    /// of a sender and recipients. METHODS 1.1.
    pub const fn is_gathering(self) -> bool {
        matches!(self, Self::Call | Self::Meeting | Self::CoEdit)
    }
}

coded_enum! {
    /// What `to` was in the event.
    Role {
        /// Nobody: the event names no recipient (the row keeps the event and its sender).
        Nobody = 0 "nobody",
        /// In To.
        To = 1 "to",
        /// In Cc.
        Cc = 2 "cc",
        /// In Bcc.
        Bcc = 3 "bcc",
        /// Organiser of a gathering (`from` = `to` = the organiser).
        Organiser = 4 "organiser",
        /// Attendee of a gathering (`from` = the organiser, or the attendee where there is none).
        Attendee = 5 "attendee",
    }
}

coded_enum! {
    /// The answer of `to`, for gatherings.
    Status {
        /// Not applicable: messages.
        None = 0 "none",
        /// Accepted, or present.
        Accepted = 1 "accepted",
        /// Declined: not an attendee.
        Declined = 2 "declined",
        /// Tentative: counts as attending.
        Tentative = 3 "tentative",
        /// No answer yet: counts as attending.
        NeedsAction = 4 "needs-action",
        /// The whole event was cancelled: counts for nobody.
        Cancelled = 5 "cancelled",
        /// A room or a resource, not a person.
        Resource = 6 "resource",
    }
}

coded_enum! {
    /// Why a message is left out of ties, as far as its own headers tell. Whether a list is a
    /// newsletter, and what class an address has, is decided later from all imports together.
    LeftOut {
        /// Not left out.
        Kept = 0 "kept",
        /// Auto-Submitted other than `no`, or X-Auto-Response-Suppress, X-Autoreply and the like.
        AutoSubmitted = 1 "auto-submitted",
        /// Precedence bulk or junk without a List-Id, or List-Unsubscribe without a List-Id.
        Bulk = 2 "bulk",
        /// A delivery report (multipart/report, empty Return-Path, mailer-daemon).
        DeliveryReport = 3 "delivery-report",
        /// The sender is a no-reply address or an automated one by its pattern.
        AutomatedSender = 4 "automated-sender",
        /// The sender is a role mailbox (info@, office@ ...; METHODS 12.1).
        RoleMailbox = 5 "role-mailbox",
        /// More participants than `max_group`.
        Broadcast = 6 "broadcast",
        /// On a list that is a newsletter: few senders, no answers.
        Newsletter = 7 "newsletter",
        /// A cancelled gathering, or one with fewer than two attendees.
        NoGathering = 8 "no-gathering",
        /// The sender asked to be erased and stays out.
        Erased = 9 "erased",
        /// No sender that can be read as an address, although the record is otherwise sound.
        NoSender = 10 "no-sender",
    }
}

/// One row of the lake. A message to three people is three rows with one `event`; a message that
/// names no recipient is one row with role [`Role::Nobody`] and `to` = [`AddressId::NONE`]; a
/// gathering is one row per attendee (never per pair).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interaction {
    /// When, UTC.
    pub at: Moment,
    /// By what means.
    pub channel: Channel,
    /// Which event.
    pub event: EventId,
    /// The conversation: the first known ancestor, or the event itself.
    pub thread: EventId,
    /// The event answered, or [`EventId::NONE`].
    pub parent: EventId,
    /// Sender, or organiser.
    pub from: AddressId,
    /// Recipient, or attendee.
    pub to: AddressId,
    /// What `to` was.
    pub role: Role,
    /// The answer of `to`.
    pub status: Status,
    /// The mailing list it came over, or [`ListId::NONE`].
    pub list: ListId,
    /// Number of distinct recipients as written (for messages) or of attendees with status other
    /// than declined, cancelled or resource (for gatherings). Before any address class is applied.
    pub group: u32,
    /// Duration of a gathering in minutes; 0 = not stated.
    pub minutes: u32,
    /// Which import brought the row.
    pub import: ImportId,
}

/// One row of the event index. Every record read has exactly one head with `counts`: messages and
/// single meetings their event, a recurring meeting its series, a card or a directory row the hash
/// of its content. Occurrences of a recurring meeting have heads of their own that do not count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EventHead {
    /// Which event.
    pub event: EventId,
    /// When, UTC.
    pub at: Moment,
    /// Its sender or organiser, or [`AddressId::NONE`].
    pub author: AddressId,
    /// The event answered, or [`EventId::NONE`].
    pub parent: EventId,
    /// The mailing list, or [`ListId::NONE`].
    pub list: ListId,
    /// Participants including the sender: recipients + 1 for messages, attendees for gatherings.
    pub participants: u32,
    /// Why its own headers leave it out, or [`LeftOut::Kept`].
    pub left_out: LeftOut,
    /// Version of the event: SEQUENCE of a calendar entry, 0 for messages. Of two copies the one
    /// with the higher revision counts; of equal ones the one from the earlier import.
    pub revision: u32,
    /// Whether this head stands for a record read (and so takes part in the batch's sums).
    pub counts: bool,
}
