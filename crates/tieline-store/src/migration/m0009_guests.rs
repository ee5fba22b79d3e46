//! Outside partners who take part by link, without an account, and what they write and do.

use sea_orm_migration::prelude::*;

use super::{Class, Foreign, Kind, Null, Table};
use Kind::{Big, Text, Uuid};
use Null::{No, Yes};

use super::Col;

const BY_ACCOUNT: Foreign = (&["account"], "account", &["id"]);
const OF_SEAT: Foreign = (&["seat"], "partnership_member", &["id"]);
const SEAT: Col = Col("seat", Uuid, No, "whose seat it opens, and nothing else");
const EXPIRES_AT: Col = Col("expires_at", Big, No, "first moment at which it fails, ms UTC");

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "guest_link",
        row: "a link that is exchanged once for a session of a guest",
        class: Class::Own,
        cols: &[
            Col("id", Text, No, "BLAKE3 of its secret, 64 hex digits; never the secret"),
            SEAT,
            EXPIRES_AT,
            Col("used_at", Big, Yes, "when it was exchanged, ms UTC"),
            Col("account", Uuid, Yes, "who made it; null: someone erased since"),
        ],
        key: &["id"],
        foreign: &[OF_SEAT, BY_ACCOUNT],
        indexes: &[&["seat"], &["account"], &["expires_at"]],
    },
    Table {
        name: "guest_session",
        row: "a browser of a guest; it opens one seat",
        class: Class::Own,
        cols: &[
            Col("id", Text, No, "BLAKE3 of its secret, 64 hex digits; never the secret"),
            SEAT,
            EXPIRES_AT,
            Col("time_zone", Text, No, "IANA name, as the browser said on entering"),
        ],
        key: &["id"],
        foreign: &[OF_SEAT],
        indexes: &[&["seat"], &["expires_at"]],
    },
    Table {
        name: "by_seat",
        row: "what someone who came by link wrote or did",
        class: Class::Partnership,
        cols: &[
            Col("thing", Uuid, No, "a comment, a version of a charter (derived), an event"),
            SEAT,
        ],
        key: &["thing"],
        foreign: &[OF_SEAT],
        indexes: &[&["seat"]],
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
