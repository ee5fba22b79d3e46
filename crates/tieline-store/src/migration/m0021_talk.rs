//! Open communication in a partnership: topics, what is said in them, whom it mentions, and how far
//! each person has read.

use sea_orm_migration::prelude::*;

use super::{Class, Col, Foreign, Kind, Null, Table};
use Kind::{Big, Text, Uuid};
use Null::{No, Yes};

const BY_ACCOUNT: Foreign = (&["account"], "account", &["id"]);
const OF_TOPIC: Foreign = (&["topic"], "topic", &["id"]);
const OF_SEAT: Foreign = (&["seat"], "partnership_member", &["id"]);

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "topic",
        row: "what people of a partnership talk about",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("partnership", Uuid, No, "which partnership"),
            Col("title", Text, No, "in a few words"),
            Col("seat", Uuid, Yes, "who opened it; null: someone without a seat, or erased since"),
            Col("account", Uuid, Yes, "the account that opened it; null: a guest, or erased since"),
            Col("posts", Big, No, "number of the last post"),
            Col("last_at", Big, No, "when the last post was written, ms UTC"),
            Col("summary", Text, No, "what was said so far; empty: nobody summed it up"),
            Col("summed_to", Big, No, "number of the last post that the summary covers"),
            Col("summed_at", Big, Yes, "when it was summed up, ms UTC"),
            Col("summed_by", Uuid, Yes, "seat of whoever did; null as for seat"),
            Col("summed_account", Uuid, Yes, "their account; null as for account"),
            Col("closed_at", Big, Yes, "when it was closed, ms UTC; null: open"),
            Col("removed_at", Big, Yes, "when it was taken back, ms UTC"),
            Col("version", Big, No, "from 1; grows with each summary"),
        ],
        key: &["id"],
        foreign: &[
            (&["partnership"], "partnership", &["id"]),
            OF_SEAT,
            BY_ACCOUNT,
            (&["summed_by"], "partnership_member", &["id"]),
            (&["summed_account"], "account", &["id"]),
        ],
        indexes: &[
            &["partnership", "last_at"],
            &["seat"],
            &["account"],
            &["summed_by"],
            &["summed_account"],
        ],
    },
    Table {
        name: "topic_post",
        row: "what someone said in a topic, or whom they asked to say something",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("topic", Uuid, No, "in which topic"),
            Col("partnership", Uuid, No, "of which partnership"),
            Col("number", Big, No, "from 1 in each topic"),
            Col("kind", Text, No, "said | invited"),
            Col("reply_to", Uuid, Yes, "the post that it answers"),
            Col("party", Uuid, Yes, "for which party; null: for none"),
            Col("seat", Uuid, Yes, "who; null: someone without a seat"),
            Col("account", Uuid, Yes, "their account; null: a guest, or erased since"),
            Col("text", Text, No, "what; empty in an invitation"),
            Col("words", Text, No, "its words, folded, each after a space, for search"),
            Col("n_words", Big, No, "how many words"),
            Col("removed_at", Big, Yes, "when it was taken back, ms UTC"),
        ],
        key: &["id"],
        foreign: &[
            OF_TOPIC,
            (&["partnership"], "partnership", &["id"]),
            (&["party"], "party", &["id"]),
            OF_SEAT,
            BY_ACCOUNT,
        ],
        indexes: &[
            &["topic", "number"],
            &["partnership", "id"],
            &["party"],
            &["seat"],
            &["account"],
        ],
    },
    Table {
        name: "topic_mention",
        row: "that a post mentions someone of the room",
        class: Class::Partnership,
        cols: &[
            Col("post", Uuid, No, "which post"),
            Col("seat", Uuid, No, "whom"),
            Col("topic", Uuid, No, "topic of the post"),
            Col("number", Big, No, "number of the post"),
        ],
        key: &["post", "seat"],
        foreign: &[(&["post"], "topic_post", &["id"]), OF_TOPIC, OF_SEAT],
        indexes: &[&["seat", "topic", "number"], &["topic"]],
    },
    Table {
        name: "topic_read",
        row: "how far someone has read a topic; shown to nobody else",
        class: Class::Own,
        cols: &[
            Col("topic", Uuid, No, "which topic"),
            Col("seat", Uuid, No, "who"),
            Col("number", Big, No, "number of the last post that they read"),
        ],
        key: &["topic", "seat"],
        foreign: &[OF_TOPIC, OF_SEAT],
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
