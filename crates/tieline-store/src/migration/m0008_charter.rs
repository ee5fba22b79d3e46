//! Charters of partnerships: versions drafted together, what the parties answer to each, comments.

use sea_orm_migration::prelude::*;

use super::{Class, Foreign, Kind, Null, Table};
use Kind::{Big, Text, Uuid};
use Null::{No, Yes};

use super::Col;

const BY_ACCOUNT: Foreign = (&["account"], "account", &["id"]);
const OF_VERSION: Foreign =
    (&["partnership", "number"], "charter_version", &["partnership", "number"]);
const OF_PARTY: Foreign = (&["party"], "party", &["id"]);
const BY: Col = Col("account", Uuid, Yes, "who did it; null: a guest, or someone erased since");
const PARTNERSHIP: Col = Col("partnership", Uuid, No, "which partnership");
const NUMBER: Col = Col("number", Big, No, "which version of its charter, from 1");

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "charter_version",
        row: "a version of the charter of a partnership; never changed, followed by the next",
        class: Class::Partnership,
        cols: &[PARTNERSHIP, NUMBER, Col("at", Big, No, "when it was saved, ms UTC"), BY],
        key: &["partnership", "number"],
        foreign: &[(&["partnership"], "partnership", &["id"]), BY_ACCOUNT],
        indexes: &[&["account"]],
    },
    Table {
        name: "charter_text",
        row: "what a version of a charter says in one of its sections; a section may be missing",
        class: Class::Partnership,
        cols: &[
            PARTNERSHIP,
            NUMBER,
            Col(
                "section",
                Text,
                No,
                "purpose | vision | mission | principles | scope | communication | decisions | \
                 review | exit",
            ),
            Col("text", Text, No, "its text"),
        ],
        key: &["partnership", "number", "section"],
        foreign: &[OF_VERSION],
        indexes: &[],
    },
    Table {
        name: "charter_answer",
        row: "what a party answers to a version; the last one of a party counts",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            PARTNERSHIP,
            NUMBER,
            Col("party", Uuid, No, "which party"),
            Col("answer", Text, No, "assents | asks | declines"),
            Col("note", Text, No, "why; may be empty"),
            Col("at", Big, No, "when, ms UTC"),
            BY,
        ],
        key: &["id"],
        foreign: &[OF_VERSION, OF_PARTY, BY_ACCOUNT],
        indexes: &[&["partnership", "number"], &["party"], &["account"]],
    },
    Table {
        name: "charter_comment",
        row: "a comment on a version of a charter",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            PARTNERSHIP,
            NUMBER,
            Col("section", Text, Yes, "on which section; null: on the whole"),
            Col("party", Uuid, Yes, "for which party it was written; null: whoever convenes"),
            Col("text", Text, No, "what it says"),
            Col("removed_at", Big, Yes, "taken back, ms UTC; null while it stands"),
            BY,
        ],
        key: &["id"],
        foreign: &[OF_VERSION, OF_PARTY, BY_ACCOUNT],
        indexes: &[&["partnership", "number"], &["party"], &["account"]],
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
