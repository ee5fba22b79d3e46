//! Joint decisions of partnerships: what is asked, what people say, who has a vote, ballots, counts.
//!
//! Columns that name seats have no foreign key, so that a person can be forgotten while the count
//! that they took part in stays as it was. An anonymous ballot names no voter, and its `created_at` is
//! the moment the poll opened.

use sea_orm_migration::prelude::*;

use super::{Class, Foreign, Kind, Null, Table};
use Kind::{Big, Bool, Text, Uuid};
use Null::{No, Yes};

use super::Col;

const BY_ACCOUNT: Foreign = (&["account"], "account", &["id"]);
const OF_DECISION: Foreign = (&["decision"], "joint_decision", &["id"]);
const DECISION: Col = Col("decision", Uuid, No, "which decision");
const BY: Col = Col("account", Uuid, Yes, "who did it; null: a guest, or someone erased since");

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "joint_decision",
        row: "a question that a partnership decides together",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("partnership", Uuid, No, "which partnership"),
            Col("question", Text, No, "what is asked, in a line"),
            Col("why", Text, No, "why it is asked; may be empty"),
            Col("proposal", Text, No, "what is proposed; may be empty"),
            Col("words", Text, No, "question, proposal and outcome, folded, for search"),
            Col(
                "stage",
                Text,
                No,
                "discuss | propose | decide | outcome | review | settled | withdrawn",
            ),
            Col(
                "method",
                Text,
                No,
                "consent | gradients | majority | approval | score | dot | quadratic | ranked",
            ),
            Col("settings", Text, No, "settings of the method, words apart by spaces"),
            Col("voters", Text, No, "person | party"),
            Col("quorum", Text, No, "an exact share"),
            Col("secrecy", Text, No, "open | open-at-close | anonymous"),
            Col("delegating", Bool, No, "whether votes may be passed on"),
            Col("max_chain", Big, Yes, "most steps of passing on; null: any"),
            Col("discuss_until", Big, Yes, "end of the talk, ms UTC; null: none set"),
            Col("closes_at", Big, Yes, "until when ballots are taken, ms UTC; null: not set"),
            Col("opened_at", Big, Yes, "since when ballots are taken, ms UTC; null: not yet"),
            Col("reminded_at", Big, Yes, "when those who had not voted were reminded, ms UTC"),
            Col(
                "commitment",
                Text,
                Yes,
                "SHA-256 of the nonce, hex; null while no poll was opened",
            ),
            Col("nonce", Text, Yes, "secret of the tie-break until the poll is counted, hex"),
            Col("verdict", Text, Yes, "what the last count says; null before it"),
            Col("statement", Text, No, "the outcome in words; may be empty"),
            Col("aim", Uuid, Yes, "the objective that it serves"),
            Col("owner", Uuid, Yes, "seat of whoever sees to it; null: not named, or erased since"),
            Col("first_step", Text, No, "may be empty"),
            Col("review_on", Big, Yes, "when it is looked at again, ms UTC"),
            Col("review_note", Text, No, "what the review found; may be empty"),
            BY,
            Col("changed_at", Big, No, "last change, ms UTC"),
            Col("version", Big, No, "from 1; grows with each change"),
        ],
        key: &["id"],
        foreign: &[
            (&["partnership"], "partnership", &["id"]),
            (&["aim"], "aim", &["id"]),
            BY_ACCOUNT,
        ],
        indexes: &[&["partnership", "id"], &["aim"], &["account"]],
    },
    Table {
        name: "decision_option",
        row: "something that a decision chooses between",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            DECISION,
            Col("place", Big, No, "place in the list, from 1"),
            Col("text", Text, No, "its name"),
            Col("note", Text, No, "what speaks for it, or about it; may be empty"),
        ],
        key: &["id"],
        foreign: &[OF_DECISION],
        indexes: &[&["decision"]],
    },
    Table {
        name: "decision_statement",
        row: "what someone says on a question",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            DECISION,
            Col("stance", Text, No, "supports | concern | neither"),
            Col("party", Uuid, Yes, "for which party; null: whoever convenes"),
            Col("seat", Uuid, Yes, "seat of whoever says it; null: whoever convenes"),
            Col("text", Text, No, "what they say"),
            Col("removed_at", Big, Yes, "taken back, ms UTC; null while it stands"),
            BY,
        ],
        key: &["id"],
        foreign: &[OF_DECISION, (&["party"], "party", &["id"]), BY_ACCOUNT],
        indexes: &[&["decision", "id"], &["party"], &["seat"], &["account"]],
    },
    Table {
        name: "decision_bound",
        row: "that an outcome binds someone",
        class: Class::Partnership,
        cols: &[DECISION, Col("seat", Uuid, No, "their seat")],
        key: &["decision", "seat"],
        foreign: &[OF_DECISION],
        indexes: &[&["seat"]],
    },
    Table {
        name: "decision_voter",
        row: "that someone has a vote in a poll, and whether it was cast; never what it says",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            DECISION,
            Col("party", Uuid, Yes, "the party whose vote it is; null: the person's own"),
            Col("holder", Uuid, No, "seat of whoever casts it"),
            Col("stand_in", Uuid, Yes, "seat of whoever casts it where the holder has not"),
            Col("cast_as", Text, Yes, "holder | stand-in; null: not cast"),
            Col("passed_to", Uuid, Yes, "the voter that it is passed on to"),
        ],
        key: &["id"],
        foreign: &[OF_DECISION],
        indexes: &[&["decision"], &["holder"], &["stand_in"]],
    },
    Table {
        name: "decision_ballot",
        row: "a ballot; an anonymous one names no voter and is left out of exports",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "random (version 4) for anonymous ballots, else version 7"),
            DECISION,
            Col("voter", Uuid, Yes, "whose; null: anonymous"),
            Col("token", Text, Yes, "hash of what alone changes it; null: not anonymous"),
            Col("says", Text, No, "JSON without white space, as the tie-break hashes it"),
            Col("reason", Text, No, "why someone objects or is concerned; may be empty"),
            Col("objection", Text, Yes, "raised | integrated | withdrawn | upheld; null: none"),
        ],
        key: &["id"],
        foreign: &[OF_DECISION],
        indexes: &[&["decision"], &["voter"], &["token"]],
    },
    Table {
        name: "decision_count",
        row: "a count of a poll, as it was",
        class: Class::Partnership,
        cols: &[
            DECISION,
            Col("number", Big, No, "from 1"),
            Col("at", Big, No, "when it was counted, ms UTC"),
            Col("verdict", Text, No, "what it says"),
            Col("early", Bool, No, "whether someone closed the poll before its time"),
            Col("tally", Text, No, "JSON: the whole count, with the options as they were"),
            Col("ballots", Text, Yes, "JSON: the ballots sorted, no voters; null: left out"),
            Col("commitment", Text, No, "published at opening, hex"),
            Col("nonce", Text, No, "shown at the count, hex"),
            Col("root", Text, No, "stands for all ballots, hex"),
        ],
        key: &["decision", "number"],
        foreign: &[OF_DECISION],
        indexes: &[],
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
