//! The listening record of a partnership.

use sea_orm_migration::prelude::*;

use super::{Class, Col, Kind, Null, Table};
use Kind::{Big, Text, Uuid};
use Null::{No, Yes};

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[Table {
    name: "heard",
    row: "something that was said, and what came of it",
    class: Class::Partnership,
    cols: &[
        Col("id", Uuid, No, "version 7"),
        Col("partnership", Uuid, No, "which partnership"),
        Col("party", Uuid, Yes, "for which party it was written down; null: for none"),
        Col("voice", Text, No, "who said it, as far as that may be told; may be empty"),
        Col("text", Text, No, "what was said"),
        Col("account", Uuid, Yes, "who wrote it down; null: a guest, or erased since"),
        Col("reply", Text, No, "waits | doing | done | declined"),
        Col("answer", Text, No, "what is done or was, or why not; empty while it waits"),
        Col("answered_party", Uuid, Yes, "for which party it was answered last; null: for none"),
        Col("answered_at", Big, Yes, "when it was first answered, ms UTC; null: it waits"),
        Col("changed_at", Big, Yes, "when the answer was last changed, ms UTC"),
        Col("version", Big, No, "from 1; grows with each change"),
        Col("removed_at", Big, Yes, "when it was taken back, ms UTC"),
    ],
    key: &["id"],
    foreign: &[
        (&["partnership"], "partnership", &["id"]),
        (&["party"], "party", &["id"]),
        (&["answered_party"], "party", &["id"]),
        (&["account"], "account", &["id"]),
    ],
    indexes: &[&["partnership", "id"], &["party"], &["answered_party"], &["account"]],
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
