//! Signed agreements between parties of a partnership, and the duties in them.

use sea_orm_migration::prelude::*;

use super::{Class, Col, Foreign, Kind, Null, Table};
use Kind::{Big, Text, Uuid};
use Null::{No, Yes};

const BY_ACCOUNT: Foreign = (&["account"], "account", &["id"]);
const OF_PACT: Foreign = (&["pact"], "pact", &["id"]);

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "pact",
        row: "a signed agreement, or one that is to be",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("partnership", Uuid, No, "which partnership"),
            Col("kind", Text, No, "memorandum | data-sharing | funding | service | other"),
            Col("title", Text, No, "its name"),
            Col("text", Text, No, "what it says, or the sum of it; may be empty"),
            Col("place", Text, No, "where the signed document is; may be empty"),
            Col("begins", Big, Yes, "beginning of its first day, ms UTC"),
            Col("ends", Big, Yes, "first moment after its last day, ms UTC; null: until ended"),
            Col("notice", Big, Yes, "until when notice must be given, ms UTC"),
            Col("ended_at", Big, Yes, "when it was ended, ms UTC"),
            Col("account", Uuid, Yes, "who wrote it down; null: a guest, or erased since"),
            Col("version", Big, No, "from 1; grows with each change of its wording or duties"),
            Col("removed_at", Big, Yes, "when it was taken back, ms UTC"),
        ],
        key: &["id"],
        foreign: &[(&["partnership"], "partnership", &["id"]), BY_ACCOUNT],
        indexes: &[&["partnership", "id"], &["account"]],
    },
    Table {
        name: "pact_party",
        row: "a party that an agreement binds, and which wording it signed",
        class: Class::Partnership,
        cols: &[
            Col("pact", Uuid, No, "which agreement"),
            Col("party", Uuid, No, "which party"),
            Col("signed", Big, Yes, "version that it signed last; null: none"),
            Col("signed_at", Big, Yes, "when, ms UTC"),
            Col("account", Uuid, Yes, "who signed; null: a guest, or erased since"),
        ],
        key: &["pact", "party"],
        foreign: &[OF_PACT, (&["party"], "party", &["id"]), BY_ACCOUNT],
        indexes: &[&["party"], &["account"]],
    },
    Table {
        name: "duty",
        row: "what an agreement obliges a party to do",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("pact", Uuid, No, "in which agreement"),
            Col("party", Uuid, No, "who owes it"),
            Col("to_party", Uuid, Yes, "to whom; null: to all others"),
            Col("text", Text, No, "what"),
            Col("due", Big, No, "beginning of the day it is first due, ms UTC"),
            Col("every_months", Big, Yes, "again after so many months; null: once"),
            Col("removed_at", Big, Yes, "when it was taken out, ms UTC"),
        ],
        key: &["id"],
        foreign: &[OF_PACT, (&["party"], "party", &["id"]), (&["to_party"], "party", &["id"])],
        indexes: &[&["pact"], &["party"], &["to_party"]],
    },
    Table {
        name: "duty_commitment",
        row: "that a duty of a day became a commitment",
        class: Class::Partnership,
        cols: &[
            Col("duty", Uuid, No, "which duty"),
            Col("due", Big, No, "beginning of the day, ms UTC"),
            Col("commitment", Uuid, No, "the commitment"),
        ],
        key: &["duty", "due"],
        foreign: &[(&["duty"], "duty", &["id"]), (&["commitment"], "commitment", &["id"])],
        indexes: &[&["commitment"]],
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
