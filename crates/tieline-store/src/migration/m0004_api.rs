//! Programs that use the workspace: their tokens, and the answers to writes that they may repeat.

use sea_orm_migration::prelude::*;

use super::{Class, Foreign, Kind, Null, Table};
use Kind::{Big, Text, Uuid};
use Null::{No, Yes};

use super::Col;

const OF_ACCOUNT: Foreign = (&["account"], "account", &["id"]);

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "api_token",
        row: "a token by which a program acts for an account",
        class: Class::Own,
        cols: &[
            Col("hash", Text, No, "BLAKE3 of its secret, 64 hex digits"),
            Col("account", Uuid, No, "for whom it acts"),
            Col("name", Text, No, "what its owner calls it"),
            Col("scopes", Text, No, "read | read write"),
            Col("last_used", Big, Yes, "ms UTC, to the day; null: never"),
            Col("expires", Big, No, "first moment at which it no longer holds, ms UTC"),
        ],
        key: &["hash"],
        foreign: &[OF_ACCOUNT],
        indexes: &[&["account"], &["expires"]],
    },
    Table {
        name: "idempotency",
        row: "the answer to a write of a program, for when it asks again",
        class: Class::Own,
        cols: &[
            Col("account", Uuid, No, "who asked"),
            Col("key", Text, No, "the key that it sent"),
            Col("route", Text, No, "method and path"),
            Col("status", Big, No, "HTTP status of the answer"),
            Col("body", Text, No, "JSON: ids alone"),
        ],
        key: &["account", "key"],
        foreign: &[OF_ACCOUNT],
        indexes: &[&["created_at"]],
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
