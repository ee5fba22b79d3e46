//! Commitments: what one party of a partnership promised another, and what became of it.

use sea_orm_migration::prelude::*;

use super::{Class, Foreign, Kind, Null, Table};
use Kind::{Big, Text, Uuid};
use Null::{No, Yes};

use super::Col;

const BY_ACCOUNT: Foreign = (&["account"], "account", &["id"]);

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[Table {
    name: "commitment",
    row: "what a party promised; another date makes another row",
    class: Class::Partnership,
    cols: &[
        Col("id", Uuid, No, "version 7"),
        Col("partnership", Uuid, No, "which partnership"),
        Col("party", Uuid, No, "who promised"),
        Col("to_party", Uuid, Yes, "to whom; null: to all others"),
        Col("seat", Uuid, Yes, "who of the party sees to it; null: nobody in particular"),
        Col("text", Text, No, "what"),
        Col("source", Text, No, "said | meeting | decision | agreement | initiative"),
        Col("due", Big, Yes, "first moment after the day it is due, ms UTC; null: no date"),
        Col("ended", Text, Yes, "kept | renegotiated | withdrawn; null while it is open"),
        Col("ended_at", Big, Yes, "when it ended, ms UTC"),
        Col("follows", Uuid, Yes, "the commitment whose date it changed"),
        Col("asked_party", Uuid, Yes, "which side asks for another date; null: none does"),
        Col("asked_due", Big, Yes, "which date it asks for, as in due"),
        Col("asked_note", Text, No, "why it asks; may be empty"),
        Col("account", Uuid, Yes, "who wrote it down; null: a guest, or someone erased since"),
        Col("changed_at", Big, No, "last change, ms UTC"),
        Col("version", Big, No, "from 1; grows with each change"),
    ],
    key: &["id"],
    foreign: &[
        (&["partnership"], "partnership", &["id"]),
        (&["party"], "party", &["id"]),
        (&["to_party"], "party", &["id"]),
        (&["seat"], "partnership_member", &["id"]),
        BY_ACCOUNT,
    ],
    indexes: &[
        &["partnership", "ended", "due"],
        &["party"],
        &["to_party"],
        &["seat"],
        &["account"],
    ],
}];

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
