//! Where the mail of accounts goes, by which they sign in too; which account did what the history
//! tells; and what places and values of fields were before their last change, so that it can be undone.

use sea_orm_migration::prelude::*;

use super::{Class, Foreign, Kind, Null, Table};
use Kind::{Big, Text, Uuid};
use Null::{No, Yes};

use super::Col;

const OF_ACCOUNT: Foreign = (&["account"], "account", &["id"]);

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "account_mail",
        row: "where the mail of an account goes; an account has one address, an address one account",
        class: Class::Own,
        cols: &[
            Col("mail", Text, No, "canonical e-mail address"),
            Col("account", Uuid, No, "whose"),
        ],
        key: &["mail"],
        foreign: &[OF_ACCOUNT],
        indexes: &[&["account"]],
    },
    Table {
        name: "done_by",
        row: "which account did what an event of the history tells",
        class: Class::Workspace,
        cols: &[
            Col("event", Uuid, No, "event of the history"),
            Col("account", Uuid, No, "who did it"),
        ],
        key: &["event"],
        foreign: &[(&["event"], "history", &["id"]), OF_ACCOUNT],
        indexes: &[&["account"]],
    },
    Table {
        name: "place_before",
        row: "where someone works, as it was said before the last change",
        class: Class::Workspace,
        cols: &[
            Col("place", Uuid, No, "which place"),
            Col("unit", Uuid, No, "where"),
            Col("title", Text, Yes, "job title"),
            Col("from_ms", Big, Yes, "first moment, ms UTC; null: as far back as is known"),
            Col("to_ms", Big, Yes, "first moment after, ms UTC; null: still so"),
        ],
        key: &["place"],
        foreign: &[(&["place"], "said_place", &["id"])],
        indexes: &[],
    },
    Table {
        name: "field_before",
        row: "the value of a custom field before its last change",
        class: Class::Workspace,
        cols: &[
            Col("field", Uuid, No, "which field"),
            Col("address", Big, No, "an address of whom it is about"),
            Col("value", Text, Yes, "null: there was none"),
        ],
        key: &["field", "address"],
        foreign: &[(&["field"], "field", &["id"])],
        indexes: &[&["address"]],
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
