//! What the API says of what parties share.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which lines of the register.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourcesWanted {
    /// offer | ask; both without it.
    pub(crate) direction: Option<String>,
    /// time | equipment | room | funds | data | knowledge; all without it.
    pub(crate) kind: Option<String>,
    /// Where the last answer ended.
    pub(crate) cursor: Option<String>,
}

/// Something that a party shares or needs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResourceSeen {
    pub(crate) id: String,
    /// Id of the party whose it is, or that needs it.
    pub(crate) party: String,
    /// offer | ask
    pub(crate) direction: &'static str,
    /// time | equipment | room | funds | data | knowledge
    pub(crate) kind: &'static str,
    pub(crate) title: String,
    /// How much at once; null: it does not run out.
    pub(crate) amount: Option<u64>,
    pub(crate) unit: String,
    pub(crate) conditions: String,
    /// Ids of what may meet it: offers for an ask, asks for an offer.
    pub(crate) may_meet: Vec<String>,
    pub(crate) version: i64,
}

/// Something that the account's party shares or needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourceAsked {
    /// Id of the account's own party.
    pub(crate) party: String,
    /// offer | ask; once listed it stays.
    pub(crate) direction: String,
    /// time | equipment | room | funds | data | knowledge
    pub(crate) kind: String,
    /// At most 200 characters.
    pub(crate) title: String,
    /// How much at once; without it, it does not run out.
    #[serde(default)]
    pub(crate) amount: Option<u64>,
    /// At most 40 characters.
    #[serde(default)]
    pub(crate) unit: String,
    /// At most 500 characters.
    #[serde(default)]
    pub(crate) conditions: String,
    /// The version that is changed; of no meaning for something new.
    #[serde(default)]
    pub(crate) version: i64,
}

/// From when to when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct BookingsWanted {
    /// First moment, RFC 3339.
    pub(crate) from: String,
    /// First moment after, RFC 3339.
    pub(crate) to: String,
}

/// A booking that was not cancelled.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BookingSeen {
    pub(crate) id: String,
    /// Id of the party that has it.
    pub(crate) party: String,
    /// Id of the seat of who booked it; null: someone erased since.
    pub(crate) seat: Option<String>,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) amount: u64,
    pub(crate) purpose: String,
    pub(crate) returned: Option<String>,
    /// In what condition it came back.
    pub(crate) condition: String,
    /// Whether it is not back in time, or was not.
    pub(crate) late: bool,
    pub(crate) thanks: Option<String>,
    pub(crate) version: i64,
}

/// A booking to be made, for the account's own party.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BookingAsked {
    /// First moment, RFC 3339.
    pub(crate) from: String,
    /// First moment after, RFC 3339.
    pub(crate) to: String,
    /// 1 without it.
    #[serde(default)]
    pub(crate) amount: Option<u64>,
    /// At most 500 characters.
    #[serde(default)]
    pub(crate) purpose: String,
}

/// What becomes of a booking.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BookingVerb {
    /// cancelled | returned | thanked | open
    pub(crate) state: String,
    /// In what condition it came back, or what the party thanks for; at most 500 characters.
    #[serde(default)]
    pub(crate) line: String,
    /// The version that is changed.
    pub(crate) version: i64,
}

/// Who is looked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpertsWanted {
    /// Words; everyone without them.
    #[serde(default)]
    pub(crate) q: String,
    /// Where the last answer ended.
    pub(crate) cursor: Option<String>,
}

/// What someone says that they can help with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExpertSeen {
    /// Id of their seat.
    pub(crate) seat: String,
    /// Id of their party.
    pub(crate) party: String,
    pub(crate) name: Option<String>,
    pub(crate) about: String,
    pub(crate) tags: Vec<String>,
    pub(crate) version: i64,
}

/// What the account can help with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpertiseAsked {
    /// At most 500 characters; empty with no tags: nothing is shown.
    #[serde(default)]
    pub(crate) about: String,
    /// At most 12 of 60 characters.
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    /// The version that is changed; 0: nothing was said yet.
    pub(crate) version: i64,
}

/// A question that the account asks or is asked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HelpSeen {
    pub(crate) id: String,
    /// Id of the seat of who asks.
    pub(crate) asker: String,
    /// Id of the seat of who is asked.
    pub(crate) asked: String,
    pub(crate) question: String,
    pub(crate) answer: Option<String>,
    pub(crate) answered: Option<String>,
    pub(crate) version: i64,
}

/// A question to someone who can help.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HelpAsked {
    /// At most 500 characters.
    pub(crate) question: String,
}

/// An answer to a question that the account was asked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HelpAnswer {
    /// At most 500 characters.
    pub(crate) answer: String,
    /// The version that is answered.
    pub(crate) version: i64,
}

/// A line of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GiftSeen {
    pub(crate) id: String,
    /// Id of the party that gave, and says so.
    pub(crate) giver: String,
    /// Id of the party that received.
    pub(crate) receiver: String,
    /// time | equipment | room | funds | data | knowledge
    pub(crate) kind: &'static str,
    pub(crate) text: String,
    pub(crate) amount: Option<u64>,
    pub(crate) unit: String,
    /// Beginning of the day.
    pub(crate) day: String,
    /// Id of the booking that it was given by.
    pub(crate) booking: Option<String>,
    /// waits | confirmed | questioned, by the receiver.
    pub(crate) receipt: &'static str,
    /// What the receiver questions.
    pub(crate) question: String,
    pub(crate) version: i64,
}

/// Something that the account's party gave.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GiftAsked {
    /// Id of the account's own party.
    pub(crate) giver: String,
    /// Id of another party.
    pub(crate) receiver: String,
    /// time | equipment | room | funds | data | knowledge
    pub(crate) kind: String,
    /// At most 200 characters.
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) amount: Option<u64>,
    /// At most 40 characters.
    #[serde(default)]
    pub(crate) unit: String,
    /// A day, such as 2027-03-01; today without it.
    #[serde(default)]
    pub(crate) day: String,
    /// Id of a booking that came back.
    #[serde(default)]
    pub(crate) booking: Option<String>,
}

/// What the party that received something says of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReceiptAsked {
    /// waits | confirmed | questioned
    pub(crate) receipt: String,
    /// What is not so; at most 500 characters.
    #[serde(default)]
    pub(crate) question: String,
    /// The version that is answered.
    pub(crate) version: i64,
}

/// What was given of one kind in one unit: unlike things are never added up.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BalanceSeen {
    /// time | equipment | room | funds | data | knowledge
    pub(crate) kind: &'static str,
    pub(crate) unit: String,
    /// Share of it that came back between the same two, 0 to 1; null without confirmed amounts.
    pub(crate) reciprocity: Option<f64>,
    pub(crate) parties: Vec<ShareSeen>,
}

/// What one party gave all others and received of them, as the receivers confirmed it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShareSeen {
    /// Id of the party.
    pub(crate) party: String,
    pub(crate) given: f64,
    pub(crate) received: f64,
    /// Confirmed lines without an amount.
    pub(crate) unvalued_given: u64,
    pub(crate) unvalued_received: u64,
    /// Lines that wait for the receiver, or that it questions.
    pub(crate) unconfirmed: u64,
    /// -1 receives alone to 1 gives alone; null without confirmed amounts. It is no debt.
    pub(crate) balance: Option<f64>,
}
