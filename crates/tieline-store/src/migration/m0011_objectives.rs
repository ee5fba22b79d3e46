//! Objectives of partnerships and of their parties, what measures them, and how they bear on each
//! other.

use sea_orm_migration::prelude::*;

use super::{Class, Foreign, Kind, Null, Table};
use Kind::{Big, Real, Text, Uuid};
use Null::{No, Yes};

use super::Col;

const BY_ACCOUNT: Foreign = (&["account"], "account", &["id"]);
const OF_PARTNERSHIP: Foreign = (&["partnership"], "partnership", &["id"]);
const OF_PARTY: Foreign = (&["party"], "party", &["id"]);
const ID: Col = Col("id", Uuid, No, "version 7");
const BY: Col = Col("account", Uuid, Yes, "who did it; null: a guest, or someone erased since");
const PARTNERSHIP: Col = Col("partnership", Uuid, No, "which partnership");
const CHANGED_AT: Col = Col("changed_at", Big, No, "last change, ms UTC");
const VERSION: Col = Col("version", Big, No, "from 1; grows with each change");
const REMOVED_AT: Col = Col("removed_at", Big, Yes, "taken back, ms UTC; null while it stands");

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "objective",
        row: "what a partnership, or one of its parties in it, wants to have reached by a day",
        class: Class::Partnership,
        cols: &[
            ID,
            PARTNERSHIP,
            Col("party", Uuid, Yes, "whose; null: shared by all parties"),
            Col("parent", Uuid, Yes, "the shared objective that it is part of; null: none"),
            Col("aim", Uuid, Yes, "the aim of an organisation that it serves; null: none"),
            Col("title", Text, No, "what, in a line"),
            Col("why", Text, No, "why it matters; may be empty"),
            Col("begins", Big, Yes, "first day, ms UTC; null: not said"),
            Col("ends", Big, Yes, "first moment after the last day, ms UTC; null: open-ended"),
            BY,
            CHANGED_AT,
            VERSION,
            REMOVED_AT,
        ],
        key: &["id"],
        foreign: &[
            OF_PARTNERSHIP,
            OF_PARTY,
            (&["parent"], "objective", &["id"]),
            (&["aim"], "aim", &["id"]),
            BY_ACCOUNT,
        ],
        indexes: &[&["partnership"], &["party"], &["parent"], &["aim"], &["account"]],
    },
    Table {
        name: "key_result",
        row: "by what an objective is measured",
        class: Class::Partnership,
        cols: &[
            ID,
            Col("objective", Uuid, No, "which objective"),
            Col("metric", Text, No, "what is measured"),
            Col("unit", Text, No, "in which unit; may be empty"),
            Col("baseline", Real, No, "where it began"),
            Col("target", Real, No, "where it should come to; another number than the baseline"),
            Col("weight", Real, No, "how much it counts in the objective, above 0"),
            Col(
                "due",
                Big,
                Yes,
                "first moment after it should be reached, ms UTC; null: with the \
                 objective",
            ),
            BY,
            CHANGED_AT,
            VERSION,
            REMOVED_AT,
        ],
        key: &["id"],
        foreign: &[(&["objective"], "objective", &["id"]), BY_ACCOUNT],
        indexes: &[&["objective"], &["account"]],
    },
    Table {
        name: "check_in",
        row: "where a key result stood when someone looked; the last one counts",
        class: Class::Partnership,
        cols: &[
            ID,
            Col("key_result", Uuid, No, "which key result"),
            Col("value", Real, No, "its value"),
            Col("confidence", Text, No, "low | medium | high: that the target is reached"),
            Col("line", Text, No, "what there is to say; may be empty"),
            Col("at", Big, No, "when, ms UTC"),
            BY,
            REMOVED_AT,
        ],
        key: &["id"],
        foreign: &[(&["key_result"], "key_result", &["id"]), BY_ACCOUNT],
        indexes: &[&["key_result"], &["account"]],
    },
    Table {
        name: "objective_link",
        row: "what people said of how one objective bears on another; once per pair and kind",
        class: Class::Partnership,
        cols: &[
            ID,
            PARTNERSHIP,
            Col("one", Uuid, No, "from which objective"),
            Col("other", Uuid, No, "to which"),
            Col("kind", Text, No, "supports | depends_on | conflicts_with | duplicates"),
            Col("state", Text, No, "confirmed | rejected"),
            BY,
            CHANGED_AT,
            VERSION,
            REMOVED_AT,
        ],
        key: &["id"],
        foreign: &[
            OF_PARTNERSHIP,
            (&["one"], "objective", &["id"]),
            (&["other"], "objective", &["id"]),
            BY_ACCOUNT,
        ],
        indexes: &[&["partnership"], &["one"], &["other"], &["account"]],
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
