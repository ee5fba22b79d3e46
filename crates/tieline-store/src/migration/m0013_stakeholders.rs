//! Stakeholders of partnerships and organisations: who has a stake, where people place them, how they
//! stand to the matter, steps towards them, and who sways whom.
//!
//! A stakeholder belongs to the register of one partnership or of one organisation. Units come from
//! imports and go with them, so columns that name them have no foreign key. A row on a person holds
//! an address and no name, and goes with them when they are erased.

use sea_orm_migration::prelude::*;

use super::{Class, Foreign, Kind, Null, Table};
use Kind::{Big, Bool, Real, Text, Uuid};
use Null::{No, Yes};

use super::Col;

const BY_ACCOUNT: Foreign = (&["account"], "account", &["id"]);
const OF_STAKEHOLDER: Foreign = (&["stakeholder"], "stakeholder", &["id"]);
const BY: Col = Col("account", Uuid, Yes, "who did it; null: a guest, or someone erased since");
const STAKEHOLDER: Col = Col("stakeholder", Uuid, No, "which stakeholder");
const REMOVED_AT: Col = Col("removed_at", Big, Yes, "taken back, ms UTC; null while it stands");

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "stakeholder",
        row: "someone who has a stake: read by whoever is in the room, or in the organisation",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("partnership", Uuid, Yes, "in the register of which partnership; null: below"),
            Col("organisation", Uuid, Yes, "in the register of which unit; null: above"),
            Col("address", Big, Yes, "an address of the person; null: no person"),
            Col("unit", Uuid, Yes, "unit of the directory; null: none"),
            Col("name", Text, No, "what it is called; empty for a person of the directory"),
            Col("about", Text, No, "what it has to do with the matter; may be empty"),
            Col("wants", Text, No, "what it wants; may be empty"),
            Col("side", Text, Yes, "internal | external | both; null: as computed"),
            Col("power", Bool, Yes, "can impose its will; null: not known"),
            Col("legitimacy", Bool, Yes, "has a fair claim; null: not known"),
            Col("urgency", Bool, Yes, "cannot wait; null: not known"),
            BY,
            Col("changed_at", Big, No, "last change, ms UTC"),
            Col("version", Big, No, "from 1; grows with each change"),
            REMOVED_AT,
        ],
        key: &["id"],
        foreign: &[(&["partnership"], "partnership", &["id"]), BY_ACCOUNT],
        indexes: &[&["partnership"], &["organisation"], &["address"], &["account"]],
    },
    Table {
        name: "stakeholder_placement",
        row: "where one person places a stakeholder; without the name for those who placed it too",
        class: Class::Own,
        cols: &[
            STAKEHOLDER,
            Col("account", Uuid, No, "who placed it"),
            Col("number", Big, No, "from 1 for each who places; the last one counts"),
            Col("power", Real, No, "0 to 1"),
            Col("interest", Real, No, "0 to 1"),
            Col("why", Text, No, "why; may be empty"),
            Col("at", Big, No, "when, ms UTC"),
        ],
        key: &["stakeholder", "account", "number"],
        foreign: &[OF_STAKEHOLDER, BY_ACCOUNT],
        indexes: &[&["account"]],
    },
    Table {
        name: "stakeholder_stance",
        row: "how a stakeholder stands to the matter, and is wanted to; never changed, followed",
        class: Class::Partnership,
        cols: &[
            STAKEHOLDER,
            Col("number", Big, No, "from 1; the last one counts"),
            Col("now", Text, No, "unaware | resistant | neutral | supportive | leading"),
            Col("wanted", Text, Yes, "the same words; null: not said"),
            Col("wanted_by", Big, Yes, "until when, ms UTC; null: no day"),
            Col("reassess", Big, Yes, "when to look again, ms UTC; null: no day"),
            Col("evidence", Text, No, "what it rests on; may be empty"),
            Col("at", Big, No, "when, ms UTC"),
            BY,
        ],
        key: &["stakeholder", "number"],
        foreign: &[OF_STAKEHOLDER, BY_ACCOUNT],
        indexes: &[&["account"]],
    },
    Table {
        name: "stakeholder_step",
        row: "a step towards a stakeholder",
        class: Class::Partnership,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            STAKEHOLDER,
            Col("text", Text, No, "what to do"),
            Col("due", Big, Yes, "until when, ms UTC; null: no day"),
            Col("done_at", Big, Yes, "done, ms UTC; null: open"),
            REMOVED_AT,
            BY,
        ],
        key: &["id"],
        foreign: &[OF_STAKEHOLDER, BY_ACCOUNT],
        indexes: &[&["stakeholder"], &["account"]],
    },
    Table {
        name: "stakeholder_influence",
        row: "that one stakeholder sways another of the same register",
        class: Class::Partnership,
        cols: &[
            Col("source", Uuid, No, "who sways"),
            Col("target", Uuid, No, "who is swayed"),
            Col("strength", Text, No, "some | strong"),
            Col("note", Text, No, "how it shows; may be empty"),
            BY,
        ],
        key: &["source", "target"],
        foreign: &[
            (&["source"], "stakeholder", &["id"]),
            (&["target"], "stakeholder", &["id"]),
            BY_ACCOUNT,
        ],
        indexes: &[&["target"], &["account"]],
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
