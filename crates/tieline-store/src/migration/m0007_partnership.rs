//! Partnerships: the room, its parties, the people who sit at them, what each party wrote of its
//! benefits and costs, and the aims of organisations that a partnership serves.
//!
//! Units come from imports and go with them, so a column `unit` has no foreign key, and a party keeps
//! a name of its own. Columns called `address` are addresses of people, known or not.

use sea_orm_migration::prelude::*;

use super::{Class, Foreign, Kind, Null, Table};
use Kind::{Big, Text, Uuid};
use Null::{No, Yes};

use super::Col;

const BY_ACCOUNT: Foreign = (&["account"], "account", &["id"]);
const OF_PARTNERSHIP: Foreign = (&["partnership"], "partnership", &["id"]);
const OF_PARTY: Foreign = (&["party"], "party", &["id"]);
const BY: Col = Col("account", Uuid, Yes, "who did it; null: a guest, or someone erased since");
const PARTNERSHIP: Col = Col("partnership", Uuid, No, "which partnership");
const CHANGED_AT: Col = Col("changed_at", Big, No, "last change, ms UTC");
const VERSION: Col = Col("version", Big, No, "from 1; grows with each change");
const REMOVED_AT: Col = Col("removed_at", Big, Yes, "taken back, ms UTC; null while it stands");

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "partnership",
        row: "a partnership of two or more parties",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("name", Text, No, "its name"),
            Col("about", Text, No, "what it is for, in a sentence; may be empty"),
            Col(
                "stage",
                Text,
                No,
                "idea | forming | agreed | working | renewing | closing | closed",
            ),
            Col("reason", Text, No, "why it ends; may be empty"),
            Col("renewal", Text, Yes, "renew | renegotiate | close: what its renewal came to"),
            Col("begins", Big, Yes, "first day, ms UTC; null: not said"),
            Col("ends", Big, Yes, "first moment after it, ms UTC; null: open-ended"),
            Col("notice", Big, Yes, "last day to give notice, ms UTC; null: none agreed"),
            Col("account", Uuid, Yes, "who opened the room; null: someone erased since"),
            CHANGED_AT,
            VERSION,
            REMOVED_AT,
        ],
        key: &["id"],
        foreign: &[BY_ACCOUNT],
        indexes: &[&["account"]],
    },
    Table {
        name: "party",
        row: "a unit or an organisation that takes part in a partnership",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            PARTNERSHIP,
            Col("unit", Uuid, Yes, "unit of the directory; null: known by its name alone"),
            Col("name", Text, No, "as it calls itself here"),
            VERSION,
            REMOVED_AT,
        ],
        key: &["id"],
        foreign: &[OF_PARTNERSHIP],
        indexes: &[&["partnership"], &["unit"]],
    },
    Table {
        name: "partnership_member",
        row: "that a person sits at a party of a partnership",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("party", Uuid, No, "at which party"),
            Col("address", Big, No, "an address of the person"),
            Col("duty", Text, No, "member | lead"),
            Col("since", Big, No, "first moment, ms UTC"),
            Col("until", Big, Yes, "first moment after, ms UTC; null: still so"),
            BY,
            VERSION,
        ],
        key: &["id"],
        foreign: &[OF_PARTY, BY_ACCOUNT],
        indexes: &[&["party"], &["address"], &["account"]],
    },
    Table {
        name: "party_side",
        row: "what a partnership gives to a party and costs it, in the words of that party",
        class: Class::Party,
        cols: &[
            Col("party", Uuid, No, "whose words; other parties read them once each has written"),
            Col("benefits", Text, No, "what it gains"),
            Col("costs", Text, No, "what it gives"),
            BY,
            CHANGED_AT,
            VERSION,
        ],
        key: &["party"],
        foreign: &[OF_PARTY, BY_ACCOUNT],
        indexes: &[&["account"]],
    },
    Table {
        name: "aim",
        row: "what a unit or an organisation strives for by its own strategy",
        class: Class::Workspace,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("unit", Uuid, No, "whose aim"),
            Col("text", Text, No, "what it strives for, in a line"),
            BY,
            CHANGED_AT,
            VERSION,
            REMOVED_AT,
        ],
        key: &["id"],
        foreign: &[BY_ACCOUNT],
        indexes: &[&["unit"], &["account"]],
    },
    Table {
        name: "partnership_aim",
        row: "that a partnership serves an aim",
        class: Class::Partnership,
        cols: &[PARTNERSHIP, Col("aim", Uuid, No, "which aim"), BY],
        key: &["partnership", "aim"],
        foreign: &[OF_PARTNERSHIP, (&["aim"], "aim", &["id"]), BY_ACCOUNT],
        indexes: &[&["aim"], &["account"]],
    },
    Table {
        name: "stage_answer",
        row: "what a partnership answers to a question of its stage (METHODS 15)",
        class: Class::Partnership,
        cols: &[
            PARTNERSHIP,
            Col("question", Text, No, "the word of the question"),
            Col("answer", Text, No, "yes | partly | no"),
            Col("note", Text, No, "why; may be empty"),
            BY,
            CHANGED_AT,
            VERSION,
        ],
        key: &["partnership", "question"],
        foreign: &[OF_PARTNERSHIP, BY_ACCOUNT],
        indexes: &[&["account"]],
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
