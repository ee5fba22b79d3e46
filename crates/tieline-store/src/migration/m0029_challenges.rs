//! Challenges: what each party sees, causes, options, trials, and what came of them.

use sea_orm_migration::prelude::*;

use super::{Class, Col, Foreign, Kind, Null, Table};
use Kind::{Big, Bool, Text, Uuid};
use Null::{No, Yes};

const BY_ACCOUNT: Foreign = (&["account"], "account", &["id"]);
const OF_CHALLENGE: Foreign = (&["challenge"], "challenge", &["id"]);
const OF_PARTY: Foreign = (&["party"], "party", &["id"]);
const VERSION: Col = Col("version", Big, No, "from 1; grows with each change");
const REMOVED: Col = Col("removed_at", Big, Yes, "when it was taken back, ms UTC");
const WRITER: Col = Col("account", Uuid, Yes, "who wrote it down; null: a guest, or erased since");

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "challenge",
        row: "a problem that partners share",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("partnership", Uuid, No, "which partnership"),
            Col("objective", Uuid, Yes, "the objective that it stands in the way of"),
            Col("title", Text, No, "the problem in a line"),
            Col("text", Text, No, "what happens, to whom, since when; may be empty"),
            Col("ended", Text, Yes, "solved | accepted | stopped; null: it is worked on"),
            Col("ended_at", Big, Yes, "when, ms UTC"),
            Col("learnt", Text, No, "what was learnt; empty while it is worked on"),
            Col("decision", Uuid, Yes, "the joint decision that came of it"),
            Col("initiative", Uuid, Yes, "the initiative that came of it"),
            WRITER,
            VERSION,
            REMOVED,
        ],
        key: &["id"],
        foreign: &[
            (&["partnership"], "partnership", &["id"]),
            (&["objective"], "objective", &["id"]),
            (&["decision"], "joint_decision", &["id"]),
            (&["initiative"], "initiative", &["id"]),
            BY_ACCOUNT,
        ],
        indexes: &[
            &["partnership", "id"],
            &["objective"],
            &["decision"],
            &["initiative"],
            &["account"],
        ],
    },
    Table {
        name: "challenge_point",
        row: "what a party says of a challenge",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("challenge", Uuid, No, "which challenge"),
            Col("kind", Text, No, "evidence | cause | option"),
            Col("party", Uuid, No, "which party says it"),
            Col(
                "parent",
                Uuid,
                Yes,
                "of a cause: what it explains; of an option: which cause it answers",
            ),
            Col("text", Text, No, "what"),
            Col("source", Text, No, "of evidence: where it comes from; may be empty"),
            WRITER,
            VERSION,
            REMOVED,
        ],
        key: &["id"],
        foreign: &[OF_CHALLENGE, OF_PARTY, (&["parent"], "challenge_point", &["id"]), BY_ACCOUNT],
        indexes: &[&["challenge"], &["party"], &["parent"], &["account"]],
    },
    Table {
        name: "challenge_stance",
        row: "whether another party sees a point too",
        class: Class::Partnership,
        cols: &[
            Col("point", Uuid, No, "of which point"),
            Col("party", Uuid, No, "which party"),
            Col("agrees", Bool, No, "whether it sees it too; else it doubts it"),
            Col("text", Text, No, "why it doubts it; else empty"),
        ],
        key: &["point", "party"],
        foreign: &[(&["point"], "challenge_point", &["id"]), OF_PARTY],
        indexes: &[&["party"]],
    },
    Table {
        name: "trial",
        row: "what is tried in a challenge",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("challenge", Uuid, No, "which challenge"),
            Col("answers", Uuid, Yes, "the option that is tried"),
            Col("party", Uuid, Yes, "which party runs it; null: all"),
            Col("text", Text, No, "what is tried"),
            Col("sign", Text, No, "by what it will be known"),
            Col("begins", Big, Yes, "beginning of its first day, ms UTC"),
            Col("ends", Big, Yes, "first moment after its last day, ms UTC"),
            Col("result", Text, Yes, "worked | partly | failed; null: nobody said"),
            Col("seen", Text, No, "what was seen; empty until then"),
            WRITER,
            VERSION,
            REMOVED,
        ],
        key: &["id"],
        foreign: &[OF_CHALLENGE, OF_PARTY, (&["answers"], "challenge_point", &["id"]), BY_ACCOUNT],
        indexes: &[&["challenge"], &["party"], &["answers"], &["account"]],
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
