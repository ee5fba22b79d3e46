//! Contacts logged by hand: met, called or wrote; who, when, one line, promises on both sides.

use crate::access::words;
use crate::interaction::Channel;

/// What someone did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContactKind {
    /// Met, in one place or by video.
    Met,
    /// Talked by phone.
    Called,
    /// Wrote or was written to.
    Wrote,
}
words!(ContactKind { Met "met", Called "called", Wrote "wrote", });

impl ContactKind {
    /// The channel whose weight a logged contact has in the strength of a tie.
    pub const fn channel(self) -> Channel {
        match self {
            Self::Met => Channel::Meeting,
            Self::Called => Channel::Call,
            Self::Wrote => Channel::Email,
        }
    }
}
