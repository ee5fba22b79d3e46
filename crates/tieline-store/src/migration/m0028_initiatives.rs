//! Joint initiatives: parts and what was given of them, tasks and milestones, risks.

use sea_orm_migration::prelude::*;

use super::{Class, Col, Foreign, Kind, Null, Table};
use Kind::{Big, Text, Uuid};
use Null::{No, Yes};

const BY_ACCOUNT: Foreign = (&["account"], "account", &["id"]);
const OF_INITIATIVE: Foreign = (&["initiative"], "initiative", &["id"]);
const OF_PARTY: Foreign = (&["party"], "party", &["id"]);
const VERSION: Col = Col("version", Big, No, "from 1; grows with each change");
const REMOVED: Col = Col("removed_at", Big, Yes, "when it was taken back, ms UTC");
const WRITER: Col = Col("account", Uuid, Yes, "who wrote it down; null: a guest, or erased since");

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "initiative",
        row: "what partners do together",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("partnership", Uuid, No, "which partnership"),
            Col("objective", Uuid, Yes, "the objective that it serves"),
            Col("title", Text, No, "its name"),
            Col("text", Text, No, "what it is for; may be empty"),
            Col("begins", Big, Yes, "beginning of its first day, ms UTC"),
            Col("ends", Big, Yes, "first moment after its last day, ms UTC"),
            Col("ended", Text, Yes, "done | stopped; null: it goes on"),
            Col("ended_at", Big, Yes, "when, ms UTC"),
            Col("learnt", Text, No, "what came of it and what was learnt; empty while it goes on"),
            WRITER,
            VERSION,
            REMOVED,
        ],
        key: &["id"],
        foreign: &[
            (&["partnership"], "partnership", &["id"]),
            (&["objective"], "objective", &["id"]),
            BY_ACCOUNT,
        ],
        indexes: &[&["partnership", "id"], &["objective"], &["account"]],
    },
    Table {
        name: "initiative_part",
        row: "what a party brings to an initiative",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("initiative", Uuid, No, "which initiative"),
            Col("party", Uuid, No, "whose part"),
            Col("text", Text, No, "what"),
            Col("amount", Big, Yes, "how much is planned; null: it has no amount"),
            Col("unit", Text, No, "of what; may be empty"),
            VERSION,
            REMOVED,
        ],
        key: &["id"],
        foreign: &[OF_INITIATIVE, OF_PARTY],
        indexes: &[&["initiative"], &["party"]],
    },
    Table {
        name: "contribution",
        row: "what was given of a part, and what another party says of it",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("part", Uuid, No, "of which part"),
            Col("amount", Big, Yes, "how much; null: it has no amount"),
            Col("text", Text, No, "what; may be empty"),
            Col("day", Big, No, "beginning of the day, ms UTC"),
            Col("answer", Text, No, "waits | confirmed | questioned"),
            Col("question", Text, No, "what was asked; may be empty"),
            Col("party", Uuid, Yes, "which party answered"),
            Col("answered_at", Big, Yes, "when, ms UTC"),
            WRITER,
            VERSION,
            REMOVED,
        ],
        key: &["id"],
        foreign: &[(&["part"], "initiative_part", &["id"]), OF_PARTY, BY_ACCOUNT],
        indexes: &[&["part"], &["party"], &["account"]],
    },
    Table {
        name: "initiative_task",
        row: "a task or a milestone of an initiative",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("initiative", Uuid, No, "which initiative"),
            Col("title", Text, No, "what"),
            Col("party", Uuid, Yes, "who does it; null: nobody yet, or all"),
            Col("seat", Uuid, Yes, "who of the party sees to it"),
            Col("days", Big, No, "days that it takes; 0: a milestone"),
            Col("due", Big, Yes, "first moment after the day of a milestone, ms UTC"),
            Col("commitment", Uuid, Yes, "the promise of its day, as it stands"),
            Col("begun_at", Big, Yes, "when it was begun, ms UTC"),
            Col("done_at", Big, Yes, "when it was done or reached, ms UTC"),
            VERSION,
            REMOVED,
        ],
        key: &["id"],
        foreign: &[
            OF_INITIATIVE,
            OF_PARTY,
            (&["seat"], "partnership_member", &["id"]),
            (&["commitment"], "commitment", &["id"]),
        ],
        indexes: &[&["initiative"], &["party"], &["seat"], &["commitment"]],
    },
    Table {
        name: "task_need",
        row: "that a task waits for another one",
        class: Class::Partnership,
        cols: &[Col("task", Uuid, No, "which waits"), Col("needs", Uuid, No, "for which")],
        key: &["task", "needs"],
        foreign: &[
            (&["task"], "initiative_task", &["id"]),
            (&["needs"], "initiative_task", &["id"]),
        ],
        indexes: &[&["needs"]],
    },
    Table {
        name: "initiative_risk",
        row: "what may go wrong with an initiative",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("initiative", Uuid, No, "which initiative"),
            Col("text", Text, No, "what"),
            Col("likelihood", Big, No, "from 1 to 5"),
            Col("impact", Big, No, "from 1 to 5"),
            Col("answer", Text, No, "what is done about it; may be empty"),
            Col("party", Uuid, Yes, "who watches it"),
            Col("state", Text, No, "open | happened | over"),
            VERSION,
            REMOVED,
        ],
        key: &["id"],
        foreign: &[OF_INITIATIVE, OF_PARTY],
        indexes: &[&["initiative"], &["party"]],
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
