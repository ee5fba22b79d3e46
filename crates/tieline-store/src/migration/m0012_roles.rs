//! Who does what in a partnership: pieces of work, and what each person is for them.

use sea_orm_migration::prelude::*;

use super::{Class, Foreign, Kind, Null, Table};
use Kind::{Big, Bool, Text, Uuid};
use Null::{No, Yes};

use super::Col;

const BY_ACCOUNT: Foreign = (&["account"], "account", &["id"]);
const BY: Col = Col("account", Uuid, Yes, "who did it; null: a guest, or someone erased since");

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "work",
        row: "a piece of work of a partnership",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("partnership", Uuid, No, "which partnership"),
            Col("title", Text, No, "what, in a line"),
            Col("about", Text, No, "what belongs to it; may be empty"),
            BY,
            Col("changed_at", Big, No, "last change of it or of a role in it, ms UTC"),
            Col("version", Big, No, "from 1; grows with each change"),
            Col("removed_at", Big, Yes, "taken back, ms UTC; null while it stands"),
        ],
        key: &["id"],
        foreign: &[(&["partnership"], "partnership", &["id"]), BY_ACCOUNT],
        indexes: &[&["partnership"], &["account"]],
    },
    Table {
        name: "work_role",
        row: "what a person is for a piece of work, and whether they have taken it in",
        class: Class::Partnership,
        cols: &[
            Col("work", Uuid, No, "which piece of work"),
            Col("seat", Uuid, No, "the person's seat"),
            Col("responsible", Bool, No, "whether they do it"),
            Col("accountable", Bool, No, "whether they answer for it"),
            Col("consulted", Bool, No, "whether they are asked before"),
            Col("informed", Bool, No, "whether they are told after"),
            Col("deputy", Uuid, Yes, "seat of whoever steps in; null: nobody"),
            Col("read_back", Text, No, "open | accepted | question"),
            Col(
                "question",
                Text,
                No,
                "read by whoever asked and whoever answers for the work; may be empty",
            ),
            Col("answered_at", Big, Yes, "when they read it back, ms UTC; null: not yet"),
        ],
        key: &["work", "seat"],
        foreign: &[
            (&["work"], "work", &["id"]),
            (&["seat"], "partnership_member", &["id"]),
            (&["deputy"], "partnership_member", &["id"]),
        ],
        indexes: &[&["seat"], &["deputy"]],
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
