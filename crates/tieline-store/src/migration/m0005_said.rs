//! What people say by hand about who is where and with whom, beside what imports say; how often
//! they want to be in touch; what they changed for many at once; and which saved views are for everyone.
//!
//! Columns called `address` are addresses of people and organisations, known or not, so that what a
//! person said outlives imports and merges.

use sea_orm_migration::prelude::*;

use super::{Class, Foreign, Kind, Null, Table};
use Kind::{Big, Text, Uuid};
use Null::{No, Yes};

use super::Col;

const OF_ACCOUNT: Foreign = (&["account"], "account", &["id"]);
const SAID_BY: Col = Col("account", Uuid, Yes, "who said it; null: someone who was erased since");
const CHANGED_AT: Col = Col("changed_at", Big, No, "last change, ms UTC");
const VERSION: Col = Col("version", Big, No, "from 1; grows with each change");

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "said_person",
        row: "a person or organisation as someone said: its name, or that it exists",
        class: Class::Workspace,
        cols: &[
            Col("address", Big, No, "an address of whom it is about"),
            Col("name", Text, No, "its name; outranks what imports say"),
            Col("before", Text, Yes, "the name before the last change; null: added by hand"),
            Col("kind", Text, Yes, "person | organisation: added by hand; null: known already"),
            SAID_BY,
            CHANGED_AT,
            VERSION,
        ],
        key: &["address"],
        foreign: &[OF_ACCOUNT],
        indexes: &[&["account"]],
    },
    Table {
        name: "said_unit",
        row: "an organisation or a part of one that someone added or named a place in",
        class: Class::Workspace,
        cols: &[
            Col("id", Uuid, No, "derived from kind, name and parent"),
            Col("kind", Text, No, "organisation | department | community"),
            Col("name", Text, No, "its name"),
            Col("parent", Uuid, Yes, "the unit it is part of"),
            SAID_BY,
        ],
        key: &["id"],
        foreign: &[OF_ACCOUNT],
        indexes: &[&["account"]],
    },
    Table {
        name: "said_place",
        row: "where someone works, as a person said it; outranks what imports say of that unit",
        class: Class::Workspace,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("address", Big, No, "an address of who works there"),
            Col("unit", Uuid, No, "where"),
            Col("title", Text, Yes, "job title"),
            Col("from_ms", Big, Yes, "first moment, ms UTC; null: as far back as is known"),
            Col("to_ms", Big, Yes, "first moment after, ms UTC; null: still so"),
            SAID_BY,
            CHANGED_AT,
            VERSION,
            Col("removed_at", Big, Yes, "taken back, ms UTC; null while it stands"),
        ],
        key: &["id"],
        foreign: &[OF_ACCOUNT, (&["unit"], "said_unit", &["id"])],
        indexes: &[&["address"], &["account"], &["unit"]],
    },
    Table {
        name: "said_tie",
        row: "that two people work together, as someone said",
        class: Class::Own,
        cols: &[
            Col("a", Big, No, "address of one, the lesser of both"),
            Col("b", Big, No, "address of the other"),
            SAID_BY,
        ],
        key: &["a", "b"],
        foreign: &[OF_ACCOUNT],
        indexes: &[&["b"], &["account"]],
    },
    Table {
        name: "rhythm",
        row: "how often an account wants to be in touch with someone",
        class: Class::Own,
        cols: &[
            Col("account", Uuid, No, "whose wish"),
            Col("address", Big, No, "an address of whom it is about"),
            Col("days", Big, No, "days from contact to contact, 1 to 3650"),
        ],
        key: &["account", "address"],
        foreign: &[OF_ACCOUNT],
        indexes: &[&["address"]],
    },
    Table {
        name: "bulk_edit",
        row: "one change of many people at once, so that it can be taken back",
        class: Class::Own,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("account", Uuid, No, "who made it"),
            Col("what", Text, No, "tag | place | opt-out"),
            Col("detail", Text, No, "the tag, or the id of the unit; else empty"),
            Col("undone_at", Big, Yes, "taken back, ms UTC; null while it stands"),
        ],
        key: &["id"],
        foreign: &[OF_ACCOUNT],
        indexes: &[&["account"]],
    },
    Table {
        name: "bulk_person",
        row: "someone whom such a change really changed",
        class: Class::Own,
        cols: &[
            Col("bulk", Uuid, No, "which change"),
            Col("address", Big, No, "an address of whom"),
            Col("place", Uuid, Yes, "place that it said"),
        ],
        key: &["bulk", "address"],
        foreign: &[(&["bulk"], "bulk_edit", &["id"])],
        indexes: &[&["address"]],
    },
    Table {
        name: "shared_view",
        row: "that all members see a saved view",
        class: Class::Workspace,
        cols: &[Col("view", Uuid, No, "which saved view")],
        key: &["view"],
        foreign: &[(&["view"], "saved_view", &["id"])],
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
