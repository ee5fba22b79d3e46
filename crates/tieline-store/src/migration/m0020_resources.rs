//! What parties share: the register and its bookings, who can help with what, and what each gave and
//! received.

use sea_orm_migration::prelude::*;

use super::{Class, Col, Foreign, Kind, Null, Table};
use Kind::{Big, Text, Uuid};
use Null::{No, Yes};

const BY_ACCOUNT: Foreign = (&["account"], "account", &["id"]);
const OF_PARTNERSHIP: Foreign = (&["partnership"], "partnership", &["id"]);

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "resource",
        row: "something that a party shares or needs",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("partnership", Uuid, No, "in which partnership"),
            Col("party", Uuid, No, "whose it is, or who needs it"),
            Col("direction", Text, No, "offer | ask"),
            Col("kind", Text, No, "time | equipment | room | funds | data | knowledge"),
            Col("title", Text, No, "what, in a line"),
            Col("amount", Big, Yes, "how much at once, >= 1; null: it does not run out"),
            Col("unit", Text, No, "unit of the amount; may be empty"),
            Col("conditions", Text, No, "on what conditions, or what for; may be empty"),
            Col(
                "account",
                Uuid,
                Yes,
                "who changed it last; null: a guest, or someone erased since",
            ),
            Col("changed_at", Big, No, "last change, ms UTC"),
            Col("version", Big, No, "from 1; grows with each change"),
            Col("removed_at", Big, Yes, "since when it is taken back, ms UTC; null: it stands"),
        ],
        key: &["id"],
        foreign: &[OF_PARTNERSHIP, (&["party"], "party", &["id"]), BY_ACCOUNT],
        indexes: &[&["partnership", "direction"], &["party"], &["account"]],
    },
    Table {
        name: "booking",
        row: "that a party has a shared thing for a time",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("resource", Uuid, No, "which thing"),
            Col("party", Uuid, No, "which party has it"),
            Col("seat", Uuid, Yes, "who booked it; null: someone erased since"),
            Col("from_ms", Big, No, "first moment, ms UTC"),
            Col("to_ms", Big, No, "first moment after, ms UTC"),
            Col("amount", Big, No, "how much, >= 1"),
            Col("purpose", Text, No, "what for; may be empty"),
            Col("returned_at", Big, Yes, "when it was given back, ms UTC; from then on it is free"),
            Col("condition", Text, No, "in what condition it came back; may be empty"),
            Col("cancelled_at", Big, Yes, "when it was cancelled, ms UTC; null: it stands"),
            Col("thanks", Text, No, "what the party that had it thanks for; may be empty"),
            Col("thanked_at", Big, Yes, "when it did, ms UTC"),
            Col("account", Uuid, Yes, "who booked it; null: a guest, or someone erased since"),
            Col("changed_at", Big, No, "last change, ms UTC"),
            Col("version", Big, No, "from 1; grows with each change"),
        ],
        key: &["id"],
        foreign: &[
            (&["resource"], "resource", &["id"]),
            (&["party"], "party", &["id"]),
            (&["seat"], "partnership_member", &["id"]),
            BY_ACCOUNT,
        ],
        indexes: &[&["resource", "to_ms"], &["party"], &["seat"], &["account"]],
    },
    Table {
        name: "expertise",
        row: "what someone says in a partnership that they can help with",
        class: Class::Partnership,
        cols: &[
            Col("seat", Uuid, No, "who"),
            Col("partnership", Uuid, No, "in which partnership"),
            Col("about", Text, No, "in their own words; may be empty"),
            Col("tags", Text, No, "short words for it, one a line; may be empty"),
            Col("changed_at", Big, No, "last change, ms UTC"),
            Col("version", Big, No, "from 1; grows with each change"),
        ],
        key: &["seat"],
        foreign: &[(&["seat"], "partnership_member", &["id"]), OF_PARTNERSHIP],
        indexes: &[&["partnership"]],
    },
    Table {
        name: "help",
        row: "a question that someone asks a person who can help, for the two of them alone",
        class: Class::Own,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("partnership", Uuid, No, "in which partnership"),
            Col("asker", Uuid, No, "seat of who asks"),
            Col("asked", Uuid, No, "seat of who is asked"),
            Col("question", Text, No, "what they ask"),
            Col("answer", Text, No, "the answer; empty: none yet"),
            Col("answered_at", Big, Yes, "when it was answered, ms UTC"),
            Col("version", Big, No, "from 1; grows with each change"),
        ],
        key: &["id"],
        foreign: &[
            OF_PARTNERSHIP,
            (&["asker"], "partnership_member", &["id"]),
            (&["asked"], "partnership_member", &["id"]),
        ],
        indexes: &[&["partnership"], &["asker"], &["asked"]],
    },
    Table {
        name: "gift",
        row: "what one party gave another",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("partnership", Uuid, No, "in which partnership"),
            Col("giver", Uuid, No, "party that gave, and says so"),
            Col("receiver", Uuid, No, "party that received"),
            Col("kind", Text, No, "as in resource"),
            Col("text", Text, No, "what"),
            Col("amount", Big, Yes, "how much, >= 1; null: it has no amount"),
            Col("unit", Text, No, "unit of the amount; may be empty"),
            Col("day", Big, No, "beginning of the day it was given, ms UTC"),
            Col("booking", Uuid, Yes, "the booking that it was given by"),
            Col("answer", Text, No, "waits | confirmed | questioned, by the receiver"),
            Col("question", Text, No, "what the receiver questions; may be empty"),
            Col("answered_at", Big, Yes, "when the receiver answered, ms UTC"),
            Col("account", Uuid, Yes, "who wrote it; null: a guest, or someone erased since"),
            Col("version", Big, No, "from 1; grows with each change"),
            Col("removed_at", Big, Yes, "since when it is taken back, ms UTC; null: it stands"),
        ],
        key: &["id"],
        foreign: &[
            OF_PARTNERSHIP,
            (&["giver"], "party", &["id"]),
            (&["receiver"], "party", &["id"]),
            (&["booking"], "booking", &["id"]),
            BY_ACCOUNT,
        ],
        indexes: &[&["partnership"], &["giver"], &["receiver"], &["booking"], &["account"]],
    },
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// async_trait takes the lifetime of `SchemaManager` as the trait writes it: hidden.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::create_all(manager, TABLES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::drop_all(manager, TABLES).await
    }
}
