//! Identifiers, one newtype per entity.
//!
//! Ids of things that come from archives are derived from their content, so that the same archive
//! gives the same ids in every workspace, in any import order, and after any crash.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// Error of parsing an identifier from text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a valid identifier")]
pub struct IdError(pub String);

/// First eight bytes of the BLAKE3 hash of the parts, each part closed by a zero byte, as a
/// non-negative 63-bit number (so that it fits a signed column of any database).
fn hash63(parts: &[&[u8]]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part);
        hasher.update(&[0]);
    }
    let mut eight = [0; 8];
    eight.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(eight) & (i64::MAX as u64)
}

macro_rules! hash_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(u64);

        impl $name {
            /// The id that stands for "none". No hash is ever mapped to it.
            pub const NONE: Self = Self(0);

            /// Derives the id from content parts; the same parts always give the same id.
            pub fn of(parts: &[&[u8]]) -> Self {
                Self(hash63(parts).max(1))
            }

            /// From a stored number; negative numbers are not ids and become [`Self::NONE`].
            pub const fn from_i64(raw: i64) -> Self {
                if raw < 0 { Self(0) } else { Self(raw as u64) }
            }

            /// As a signed 64-bit number, always >= 0, for databases and Parquet.
            pub const fn as_i64(self) -> i64 {
                self.0 as i64
            }

            /// Whether this is [`Self::NONE`].
            pub const fn is_none(self) -> bool {
                self.0 == 0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:016x}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                u64::from_str_radix(text, 16)
                    .ok()
                    .filter(|raw| *raw <= i64::MAX as u64)
                    .map(Self)
                    .ok_or_else(|| IdError(text.to_owned()))
            }
        }
    };
}

hash_id! {
    /// An address in the data (e-mail, phone, handle ...): hash of its kind and canonical text.
    AddressId
}
hash_id! {
    /// One import batch: hash of the contents of its source files, so the same files are the same batch.
    ImportId
}
hash_id! {
    /// A mailing list: hash of its canonical List-Id.
    ListId
}

/// One event (a message, an occurrence of a meeting): 128-bit hash of its Message-ID, or
/// UID + RECURRENCE-ID, or else of its headers. The same event in two archives has the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct EventId(pub [u8; 16]);

impl EventId {
    /// The id that stands for "none".
    pub const NONE: Self = Self([0; 16]);

    /// Derives the id from content parts, each closed by a zero byte.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(part);
            hasher.update(&[0]);
        }
        let mut sixteen = [0; 16];
        sixteen.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        Self(sixteen)
    }

    /// The event of a mail message by its Message-ID, angle brackets and white space removed.
    /// Message-IDs are compared as written otherwise (RFC 5322 makes them case-sensitive).
    pub fn of_message_id(message_id: &str) -> Self {
        let id = message_id.trim().trim_start_matches('<').trim_end_matches('>').trim();
        Self::of(&[b"mid", id.as_bytes()])
    }

    /// Whether this is [`Self::NONE`].
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::parse_str(text).map(Self).map_err(|_| IdError(text.to_owned()))
            }
        }

        impl $name {
            /// Derives the id from content (UUID version 8, custom layout): deterministic, so the
            /// same archives give the same ids.
            pub fn derived(parts: &[&[u8]]) -> Self {
                let mut all: Vec<&[u8]> = vec![stringify!($name).as_bytes()];
                all.extend_from_slice(parts);
                Self(uuid::Builder::from_custom_bytes(EventId::of(&all).0).into_uuid())
            }
        }
    };
}

uuid_id! {
    /// A person or organisation in the data. Derived from the actor's anchor address: the one of its
    /// addresses that was first seen by the earliest live import.
    ActorId
}

impl ActorId {
    /// The actor of an anchor address.
    pub fn of_anchor(anchor: AddressId) -> Self {
        Self::derived(&[anchor.to_string().as_bytes()])
    }
}
uuid_id! {
    /// An organisation, department or team. Derived from its kind, name and parent.
    UnitId
}

uuid_id! {
    /// Someone who signs in. Time-ordered (version 7), made by the store.
    AccountId
}
uuid_id! {
    /// A piece of background work. Time-ordered (version 7), made by the store.
    JobId
}
uuid_id! {
    /// A contact that someone logged by hand. Time-ordered (version 7), made by the store.
    ContactId
}
uuid_id! {
    /// A note on a person or organisation. Time-ordered (version 7), made by the store.
    NoteId
}
uuid_id! {
    /// Something that one side promised another. Time-ordered (version 7), made by the store.
    PromiseId
}
uuid_id! {
    /// Where someone works, as a person said it. Time-ordered (version 7), made by the store.
    PlaceId
}
uuid_id! {
    /// A saved view of a listing. Time-ordered (version 7), made by the store.
    SavedViewId
}
uuid_id! {
    /// An option of a decision. Made by the store.
    OptionId
}
uuid_id! {
    /// A question that a partnership decides together. Time-ordered (version 7), made by the store.
    DecisionId
}
uuid_id! {
    /// A vote that someone has in a decision: their own or a party's. Made by the store.
    VoterId
}
uuid_id! {
    /// A ballot of a decision. Made by the store; random where it is anonymous.
    BallotId
}
uuid_id! {
    /// A partnership. Time-ordered (version 7), made by the store.
    PartnershipId
}
uuid_id! {
    /// A party of a partnership: a unit or an organisation taking part. Made by the store.
    PartyId
}
uuid_id! {
    /// The seat of a person at a party of a partnership. Time-ordered (version 7), made by the store.
    SeatId
}
uuid_id! {
    /// Someone who has a stake in a partnership or for an organisation. Time-ordered (version 7), made
    /// by the store.
    StakeholderId
}
uuid_id! {
    /// A step towards a stakeholder. Time-ordered (version 7), made by the store.
    StakeholderStepId
}
uuid_id! {
    /// A comment in the room of a partnership. Time-ordered (version 7), made by the store.
    CommentId
}
uuid_id! {
    /// What a unit or an organisation strives for. Time-ordered (version 7), made by the store.
    AimId
}
uuid_id! {
    /// A piece of work of a partnership. Time-ordered (version 7), made by the store.
    WorkId
}
uuid_id! {
    /// An objective of a partnership or of one of its parties. Made by the store.
    ObjectiveId
}
uuid_id! {
    /// By what an objective is measured. Time-ordered (version 7), made by the store.
    KeyResultId
}
uuid_id! {
    /// Where a key result stood once. Time-ordered (version 7), made by the store.
    CheckInId
}
uuid_id! {
    /// How one objective bears on another. Time-ordered (version 7), made by the store.
    ObjectiveLinkId
}
uuid_id! {
    /// What a party of a partnership promised. Time-ordered (version 7), made by the store.
    CommitmentId
}
uuid_id! {
    /// A conflict case of a partnership. Time-ordered (version 7), made by the store.
    CaseId
}
uuid_id! {
    /// An interest, an option, or something to divide or to agree on in a conflict case. Time-ordered
    /// (version 7), made by the store.
    PointId
}
uuid_id! {
    /// What the agreement of a conflict case asks for. Time-ordered (version 7), made by the store.
    CaseActionId
}
uuid_id! {
    /// What a party shares or needs. Time-ordered (version 7), made by the store.
    ResourceId
}
uuid_id! {
    /// A booking of a shared resource. Time-ordered (version 7), made by the store.
    BookingId
}
uuid_id! {
    /// A question to someone who can help. Time-ordered (version 7), made by the store.
    HelpId
}
uuid_id! {
    /// Something that was said in a partnership and awaits an answer. Time-ordered (version 7), made by
    /// the store.
    HeardId
}
uuid_id! {
    /// A signed agreement of parties. Time-ordered (version 7), made by the store.
    PactId
}
uuid_id! {
    /// A duty in a signed agreement. Time-ordered (version 7), made by the store.
    DutyId
}
uuid_id! {
    /// A joint initiative. Time-ordered (version 7), made by the store.
    InitiativeId
}
uuid_id! {
    /// What a party brings to an initiative. Time-ordered (version 7), made by the store.
    PartId
}
uuid_id! {
    /// What was given of a part. Time-ordered (version 7), made by the store.
    ContributionId
}
uuid_id! {
    /// A task or a milestone of an initiative. Time-ordered (version 7), made by the store.
    TaskId
}
uuid_id! {
    /// A challenge that partners share. Time-ordered (version 7), made by the store.
    ChallengeId
}
uuid_id! {
    /// What a party says of a challenge. Time-ordered (version 7), made by the store.
    ChallengePointId
}
uuid_id! {
    /// Something that is tried. Time-ordered (version 7), made by the store.
    TrialId
}
uuid_id! {
    /// A risk of an initiative. Time-ordered (version 7), made by the store.
    RiskId
}
uuid_id! {
    /// What one party gave another. Time-ordered (version 7), made by the store.
    GiftId
}
uuid_id! {
    /// A topic that a partnership talks about. Time-ordered (version 7), made by the store.
    TopicId
}
uuid_id! {
    /// What someone said in a topic. Time-ordered (version 7), made by the store.
    PostId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_survive_text_and_never_collide_with_none() {
        let id = AddressId::of(&[b"email", b"a@example.org"]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(!id.is_none());
        assert_eq!(AddressId::from_i64(id.as_i64()), id);
        assert!("ffffffffffffffff".parse::<AddressId>().is_err());
    }

    #[test]
    fn message_id_brackets_do_not_matter_but_case_does() {
        assert_eq!(EventId::of_message_id("<a@b>"), EventId::of_message_id(" a@b "));
        assert_ne!(EventId::of_message_id("<a@b>"), EventId::of_message_id("<A@b>"));
    }
}
