//! Conflict cases: what stands between parties of a partnership, said by each side, worked through by
//! stages. Private to the sides, the mediator whom they accept and whoever raised it.

use sea_orm_migration::prelude::*;

use super::{Class, Foreign, Kind, Null, Table};
use Kind::{Big, Bool, Text, Uuid};
use Null::{No, Yes};

use super::Col;

const BY_ACCOUNT: Foreign = (&["account"], "account", &["id"]);
const OF_CASE: Foreign = (&["conflict"], "conflict_case", &["id"]);
const CASE: Col = Col("conflict", Uuid, No, "which case");

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "conflict_case",
        row: "a conflict case; read by its sides, its mediator and whoever raised it",
        class: Class::Party,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("partnership", Uuid, No, "which partnership"),
            Col("title", Text, No, "what it is about, in a line"),
            Col("about", Text, No, "in words that all sides can share; may be empty"),
            Col(
                "stage",
                Text,
                No,
                "raised | listening | interests | options | agreement | follow_up | closed | \
                 withdrawn | escalated",
            ),
            Col("mediator", Big, Yes, "an address of whoever is asked to mediate; null: nobody"),
            Col("agreement", Text, No, "what the sides agree on; may be empty"),
            Col("learnt", Text, No, "what is kept of it without names; may be empty"),
            Col("agreed_at", Big, Yes, "when all sides had accepted, ms UTC"),
            Col("closed_at", Big, Yes, "when it was closed, ms UTC"),
            Col("account", Uuid, Yes, "who raised it; null: a guest, or someone erased since"),
            Col("changed_at", Big, No, "last change, ms UTC"),
            Col("version", Big, No, "from 1; grows with each change of what all share"),
        ],
        key: &["id"],
        foreign: &[(&["partnership"], "partnership", &["id"]), BY_ACCOUNT],
        indexes: &[&["partnership"], &["mediator"], &["account"]],
    },
    Table {
        name: "conflict_side",
        row: "a party in a case, what it says and what it gives its word to",
        class: Class::Party,
        cols: &[
            CASE,
            Col("party", Uuid, No, "which party"),
            Col("view", Text, No, "how it sees things; may be empty"),
            Col("position", Text, No, "what it demands; may be empty"),
            Col("restated", Text, No, "its view as another side said it back; may be empty"),
            Col("restated_by", Uuid, Yes, "which party said it back"),
            Col("understood", Bool, No, "whether it said: yes, that is what I mean"),
            Col("accepts", Bool, No, "whether it accepts the agreement as it stands"),
            Col("settled", Bool, No, "whether it confirms that it is settled"),
            Col("mediator_ok", Bool, No, "whether it accepts the mediator"),
            Col("version", Big, No, "from 1; grows with each change of its words"),
        ],
        key: &["conflict", "party"],
        foreign: &[OF_CASE, (&["party"], "party", &["id"]), (&["restated_by"], "party", &["id"])],
        indexes: &[&["party"], &["restated_by"]],
    },
    Table {
        name: "conflict_point",
        row: "an interest of a side, a way out, or something to divide or to agree on",
        class: Class::Party,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            CASE,
            Col("kind", Text, No, "interest | option | item | choice"),
            Col("party", Uuid, Yes, "whose interest; null for other kinds"),
            Col("topic", Text, No, "the issue that a choice belongs to; empty for other kinds"),
            Col("text", Text, No, "in words"),
            Col("account", Uuid, Yes, "who wrote it; null: a guest, or someone erased since"),
            Col("version", Big, No, "from 1; grows with each change"),
            Col("removed_at", Big, Yes, "taken back, ms UTC; null while it stands"),
        ],
        key: &["id"],
        foreign: &[OF_CASE, (&["party"], "party", &["id"]), BY_ACCOUNT],
        indexes: &[&["conflict"], &["party"], &["account"]],
    },
    Table {
        name: "conflict_worth",
        row: "what a point is worth to a side; read by that side alone",
        class: Class::Party,
        cols: &[
            CASE,
            Col("party", Uuid, No, "to whom"),
            Col("point", Uuid, No, "which point; the case itself: what no deal is worth"),
            Col("worth", Big, No, "0 to 100 of an item, -1000 to 1000 of a choice"),
        ],
        key: &["conflict", "party", "point"],
        foreign: &[OF_CASE, (&["party"], "party", &["id"])],
        indexes: &[&["party"]],
    },
    Table {
        name: "conflict_action",
        row: "what the agreement of a case asks for",
        class: Class::Party,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            CASE,
            Col("party", Uuid, No, "which side does it"),
            Col("seat", Uuid, Yes, "who sees to it; null: someone erased since"),
            Col("text", Text, No, "what"),
            Col("due", Big, No, "first moment after the day it is due, ms UTC"),
            Col("commitment", Uuid, Yes, "the promise that it became once all had accepted"),
        ],
        key: &["id"],
        foreign: &[
            OF_CASE,
            (&["party"], "party", &["id"]),
            (&["seat"], "partnership_member", &["id"]),
            (&["commitment"], "commitment", &["id"]),
        ],
        indexes: &[&["conflict"], &["party"], &["seat"], &["commitment"]],
    },
    Table {
        name: "conflict_step",
        row: "a stage that a case came to",
        class: Class::Party,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            CASE,
            Col("stage", Text, No, "as in conflict_case"),
        ],
        key: &["id"],
        foreign: &[OF_CASE],
        indexes: &[&["conflict"]],
    },
    Table {
        name: "conflict_lesson",
        row: "what was learnt from a case, without the case, its sides or a time of day",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "a hash: tells neither the case nor the time"),
            Col("partnership", Uuid, No, "which partnership"),
            Col("text", Text, No, "in words, without names"),
        ],
        key: &["id"],
        foreign: &[(&["partnership"], "partnership", &["id"])],
        indexes: &[&["partnership"]],
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
