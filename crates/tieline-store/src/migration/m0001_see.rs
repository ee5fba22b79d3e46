//! Imports, facts, decisions, and what is derived from them.
//!
//! Names ending in `_ms` and `created_at` are milliseconds
//! UTC since 1970-01-01; ids of addresses, imports and lists are non-negative 63-bit hashes.

use sea_orm_migration::prelude::*;

use super::{Class, Foreign, Kind, Null, Table};
use Kind::{Big, Bool, Real, Text, Uuid};
use Null::{No, Yes};

use super::{Col, create, index};

const OF_IMPORT: Foreign = (&["import"], "import", &["id"]);

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "import",
        row: "one batch of files read in one go",
        class: Class::Workspace,
        cols: &[
            Col("id", Big, No, "hash of the contents of its files"),
            Col("rank", Big, No, "order of imports, >= 1, strictly growing, never reused"),
            Col("state", Text, No, "running | done"),
            Col("started_at", Big, No, "ms UTC"),
            Col("finished_at", Big, Yes, "ms UTC; null while running"),
            Col("label", Text, No, "the paths as the person gave them"),
            Col("bytes", Big, No, "size of the files as stored, bytes"),
            Col("tool_version", Text, No, "version of the program that imported it"),
            Col("n_read", Big, No, "records read = new + duplicate + left out + issues"),
            Col("n_new", Big, No, "records that no earlier import brought"),
            Col("n_duplicate", Big, No, "records that an earlier import or file brought"),
            Col("n_left_out", Big, No, "records left out of ties, reasons in import_tally"),
            Col("n_issues", Big, No, "records lost"),
            Col("n_repaired", Big, No, "records kept after a repair"),
        ],
        key: &["id"],
        foreign: &[],
        indexes: &[],
    },
    Table {
        name: "import_tally",
        row: "how many records of an import were left out for one reason",
        class: Class::Workspace,
        cols: &[
            Col("import", Big, No, "which import"),
            Col("reason", Text, No, "name of a LeftOut other than kept"),
            Col("n", Big, No, "records, >= 1"),
        ],
        key: &["import", "reason"],
        foreign: &[OF_IMPORT],
        indexes: &[],
    },
    Table {
        name: "import_file",
        row: "one file of an import",
        class: Class::Workspace,
        cols: &[
            Col("import", Big, No, "which import"),
            Col("ordinal", Big, No, "order within the import, from 0"),
            Col("name", Text, No, "path as given; inside an archive after '!'"),
            Col("kind", Text, No, "name of the source that read it; empty when skipped"),
            Col("bytes", Big, No, "size as stored, bytes"),
            Col("records", Big, No, "records read"),
            Col("lost", Big, No, "records lost"),
            Col("repaired", Big, No, "records repaired"),
            Col("skipped_why", Text, Yes, "why it was not read; null when it was"),
        ],
        key: &["import", "ordinal"],
        foreign: &[OF_IMPORT],
        indexes: &[],
    },
    Table {
        name: "import_issue",
        row: "one located problem; never holds a subject, a body or an address",
        class: Class::Workspace,
        cols: &[
            Col("import", Big, No, "which import"),
            Col("ordinal", Big, No, "order within the import, from 0"),
            Col("file", Text, No, "as import_file.name"),
            Col("position_kind", Text, No, "byte | line | row | file"),
            Col("position", Big, Yes, "byte from 0, line or row from 1; null for file"),
            Col("severity", Text, No, "lost | repaired"),
            Col("reason", Text, No, "what happened, lower case"),
        ],
        key: &["import", "ordinal"],
        foreign: &[OF_IMPORT],
        indexes: &[],
    },
    Table {
        name: "address",
        row: "one address that at least one import sighted",
        class: Class::Workspace,
        cols: &[
            Col("id", Big, No, "hash of kind and text"),
            Col("kind", Text, No, "email | phone | handle | legacy | label"),
            Col("text", Text, No, "canonical text"),
        ],
        key: &["id"],
        foreign: &[],
        indexes: &[],
    },
    Table {
        name: "sighting",
        row: "what one import saw of one address; the parent of every fact about it",
        class: Class::Workspace,
        cols: &[
            Col("address", Big, No, "which address"),
            Col("import", Big, No, "which import"),
            Col("sent", Big, No, "events it sent or organised, >= 0"),
            Col("received", Big, No, "events it was addressed by, >= 0"),
            Col("first_ms", Big, Yes, "first event, ms UTC; null when undated"),
            Col("last_ms", Big, Yes, "last event, ms UTC; null when undated"),
            Col("senders_sketch", Big, No, "64 bits: one of them set for each sender to it"),
            Col("was_list_post", Bool, No, "a header named it as a list's posting address"),
            Col("was_resource", Bool, No, "a calendar named it as a room or resource"),
        ],
        key: &["address", "import"],
        foreign: &[OF_IMPORT, (&["address"], "address", &["id"])],
        indexes: &[],
    },
    Table {
        name: "list",
        row: "one mailing list that at least one import sighted",
        class: Class::Workspace,
        cols: &[
            Col("id", Big, No, "hash of the canonical List-Id"),
            Col("text", Text, No, "canonical List-Id"),
        ],
        key: &["id"],
        foreign: &[],
        indexes: &[],
    },
    Table {
        name: "list_sighting",
        row: "what one import saw of one list",
        class: Class::Workspace,
        cols: &[
            Col("list", Big, No, "which list"),
            Col("import", Big, No, "which import"),
            Col("messages", Big, No, "messages over the list"),
            Col("answers", Big, No, "messages that answer another one"),
            Col("post", Big, Yes, "address to post to, where a header states it"),
        ],
        key: &["list", "import"],
        foreign: &[OF_IMPORT, (&["list"], "list", &["id"])],
        indexes: &[],
    },
    Table {
        name: "list_sender",
        row: "how much one address wrote to one list, by one import",
        class: Class::Workspace,
        cols: &[
            Col("list", Big, No, "which list"),
            Col("address", Big, No, "who"),
            Col("import", Big, No, "which import"),
            Col("messages", Big, No, "messages, >= 1"),
        ],
        key: &["list", "address", "import"],
        foreign: &[
            (&["list", "import"], "list_sighting", &["list", "import"]),
            (&["address", "import"], "sighting", &["address", "import"]),
        ],
        indexes: &[&["address", "import"]],
    },
    Table {
        name: "claim",
        row: "one statement of one import about who owns addresses (model Claim)",
        class: Class::Workspace,
        cols: &[
            Col("import", Big, No, "which import says so"),
            Col("hash", Big, No, "hash of everything but import, count and times"),
            Col("source", Text, No, "name of a ClaimSource"),
            Col("name", Text, Yes, "full name as written"),
            Col("given", Text, Yes, "given name"),
            Col("family", Text, Yes, "family name"),
            Col("nicknames", Text, No, "JSON array of further names"),
            Col("organisation", Text, Yes, "organisation as written"),
            Col("units", Text, No, "JSON array of units, widest first"),
            Col("title", Text, Yes, "job title"),
            Col("manager", Text, Yes, "manager as written"),
            Col("from_ms", Big, Yes, "first moment of the affiliation, ms UTC"),
            Col("to_ms", Big, Yes, "first moment after it, ms UTC"),
            Col("said", Big, No, "how often the import says it, >= 1"),
            Col("first_ms", Big, Yes, "first time it is said, ms UTC"),
            Col("last_ms", Big, Yes, "last time it is said, ms UTC"),
            Col("is_organisation", Bool, No, "about an organisation, not a person"),
        ],
        key: &["import", "hash"],
        foreign: &[OF_IMPORT],
        indexes: &[],
    },
    Table {
        name: "claim_address",
        row: "one address of a claim",
        class: Class::Workspace,
        cols: &[
            Col("import", Big, No, "which import"),
            Col("claim", Big, No, "hash of the claim"),
            Col("position", Big, No, "order in the source, from 0"),
            Col("address", Big, No, "which address"),
        ],
        key: &["import", "claim", "position"],
        foreign: &[
            (&["import", "claim"], "claim", &["import", "hash"]),
            (&["address", "import"], "sighting", &["address", "import"]),
        ],
        indexes: &[&["address", "import"]],
    },
    Table {
        name: "stated_tie",
        row: "one tie that a file states",
        class: Class::Workspace,
        cols: &[
            Col("import", Big, No, "which import"),
            Col("ordinal", Big, No, "order within the import, from 0"),
            Col("from_address", Big, No, "one end"),
            Col("to_address", Big, No, "the other end"),
            Col("weight", Real, No, "finite; larger = stronger; 1 where the file has none"),
            Col("directed", Bool, No, "whether direction matters"),
            Col("kind", Text, Yes, "kind of tie as the file names it"),
            Col("from_ms", Big, Yes, "first moment, ms UTC"),
            Col("to_ms", Big, Yes, "first moment after, ms UTC"),
        ],
        key: &["import", "ordinal"],
        foreign: &[
            OF_IMPORT,
            (&["from_address", "import"], "sighting", &["address", "import"]),
            (&["to_address", "import"], "sighting", &["address", "import"]),
        ],
        indexes: &[&["from_address", "import"], &["to_address", "import"]],
    },
    Table {
        name: "attendance",
        row: "one person at one undated event",
        class: Class::Workspace,
        cols: &[
            Col("import", Big, No, "which import"),
            Col("ordinal", Big, No, "order within the import, from 0"),
            Col("person", Big, No, "address of the person"),
            Col("event", Text, No, "the event as written, unique within its file"),
        ],
        key: &["import", "ordinal"],
        foreign: &[OF_IMPORT, (&["person", "import"], "sighting", &["address", "import"])],
        indexes: &[&["person", "import"]],
    },
    Table {
        name: "address_class",
        row: "a person's word on what an address stands for; outlives imports",
        class: Class::Workspace,
        cols: &[
            Col("address", Big, No, "which address, known or not"),
            Col("class", Text, No, "person | list | role | automated | resource"),
            Col("reason", Text, No, "why, in the person's words"),
        ],
        key: &["address"],
        foreign: &[],
        indexes: &[],
    },
    Table {
        name: "decision",
        row: "a person's word on two addresses, the latest one; outlives imports",
        class: Class::Workspace,
        cols: &[
            Col("a", Big, No, "the smaller address id"),
            Col("b", Big, No, "the larger address id"),
            Col("same", Bool, No, "true: one actor; false: two"),
            Col("reason", Text, No, "why, in the person's words"),
        ],
        key: &["a", "b"],
        foreign: &[],
        indexes: &[],
    },
    Table {
        name: "suppression",
        row: "an address of an erased person, which no import brings back",
        class: Class::Workspace,
        cols: &[Col("mac", Text, No, "keyed hash of the canonical address, 64 hex digits")],
        key: &["mac"],
        foreign: &[],
        indexes: &[],
    },
    Table {
        name: "setting",
        row: "one remembered value of the program",
        class: Class::Workspace,
        cols: &[Col("key", Text, No, "its name"), Col("value", Text, No, "its value")],
        key: &["key"],
        foreign: &[],
        indexes: &[],
    },
    Table {
        name: "column_mapping",
        row: "how the columns of a kind of table are read",
        class: Class::Workspace,
        cols: &[
            Col("name", Text, No, "name that a person gave it"),
            Col("mapping", Text, No, "JSON"),
        ],
        key: &["name"],
        foreign: &[],
        indexes: &[],
    },
    Table {
        name: "actor",
        row: "derived: one person or organisation in the data",
        class: Class::Workspace,
        cols: &[
            Col("id", Uuid, No, "derived from the anchor"),
            Col("anchor", Big, No, "the address first seen by the earliest live import"),
            Col("name", Text, No, "best display name"),
            Col("name_folded", Text, No, "name for search and order: no case, no accents"),
            Col("given", Text, Yes, "given name"),
            Col("family", Text, Yes, "family name"),
            Col("kind", Text, No, "person | organisation"),
        ],
        key: &["id"],
        foreign: &[],
        indexes: &[&["name_folded", "id"]],
    },
    Table {
        name: "actor_address",
        row: "derived: an address of an actor; an address has one actor at most",
        class: Class::Workspace,
        cols: &[
            Col("address", Big, No, "which address"),
            Col("actor", Uuid, No, "whose"),
            Col("position", Big, No, "order, from 0; the anchor is first"),
        ],
        key: &["address"],
        foreign: &[(&["actor"], "actor", &["id"])],
        indexes: &[&["actor"]],
    },
    Table {
        name: "actor_merge",
        row: "derived: why two addresses are one actor",
        class: Class::Workspace,
        cols: &[
            Col("actor", Uuid, No, "which actor"),
            Col("ordinal", Big, No, "order, from 0"),
            Col("a", Big, No, "one address"),
            Col("b", Big, No, "the other address"),
            Col("rule", Text, No, "name of the rule"),
            Col("probability", Real, No, "that they are one, 0..1"),
            Col("weight_bits", Real, No, "sum of the parts, bits"),
            Col("parts", Text, No, "JSON: the parts of the score"),
            Col("sentence", Text, No, "the reason in words"),
        ],
        key: &["actor", "ordinal"],
        foreign: &[(&["actor"], "actor", &["id"])],
        indexes: &[],
    },
    Table {
        name: "review",
        row: "derived: two actors that may be one",
        class: Class::Workspace,
        cols: &[
            Col("ordinal", Big, No, "order, from 0"),
            Col("a", Big, No, "anchor of one"),
            Col("b", Big, No, "anchor of the other"),
            Col("probability", Real, No, "that they are one, 0..1"),
            Col("reasons_for", Text, No, "JSON array of sentences"),
            Col("reasons_against", Text, No, "JSON array of sentences"),
        ],
        key: &["ordinal"],
        foreign: &[],
        indexes: &[],
    },
    Table {
        name: "unit",
        row: "derived: an organisation or a part of one",
        class: Class::Workspace,
        cols: &[
            Col("id", Uuid, No, "derived from kind, name and parent"),
            Col("kind", Text, No, "organisation | department | community"),
            Col("name", Text, No, "as the best source writes it"),
            Col("name_folded", Text, No, "for search and order: no case, no accents"),
            Col("parent", Uuid, Yes, "the unit it is part of"),
        ],
        key: &["id"],
        foreign: &[],
        indexes: &[&["parent"]],
    },
    Table {
        name: "unit_domain",
        row: "derived: a registrable domain of an organisation",
        class: Class::Workspace,
        cols: &[
            Col("unit", Uuid, No, "which organisation"),
            Col("domain", Text, No, "registrable domain, ASCII, lower case"),
        ],
        key: &["unit", "domain"],
        foreign: &[(&["unit"], "unit", &["id"])],
        indexes: &[],
    },
    Table {
        name: "affiliation",
        row: "derived: that an actor belongs to a unit during an interval",
        class: Class::Workspace,
        cols: &[
            Col("actor", Uuid, No, "who"),
            Col("ordinal", Big, No, "order, from 0; the strongest source first"),
            Col("unit", Uuid, No, "the narrowest unit known"),
            Col("title", Text, Yes, "job title"),
            Col("from_ms", Big, Yes, "first moment, ms UTC; null: as far back as known"),
            Col("to_ms", Big, Yes, "first moment after, ms UTC; null: still so"),
            Col("manager", Uuid, Yes, "actor who leads this person there"),
            Col("source", Text, No, "name of a FactSource"),
            Col("proposed", Bool, No, "waits for a person's yes (a possible job change)"),
        ],
        key: &["actor", "ordinal"],
        foreign: &[(&["actor"], "actor", &["id"]), (&["unit"], "unit", &["id"])],
        indexes: &[&["unit"]],
    },
    Table {
        name: "history",
        row: "one verb that changed the store, in the same transaction",
        class: Class::Workspace,
        cols: &[
            Col("id", Uuid, No, "version 7: sorts by time"),
            Col("at", Big, No, "ms UTC"),
            Col("verb", Text, No, "name of a Verb"),
            Col("subject", Text, No, "id of what changed; never a name or an address"),
            Col("detail", Text, No, "counts and values; never a name or an address"),
        ],
        key: &["id"],
        foreign: &[],
        indexes: &[],
    },
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// async_trait takes the lifetime of `SchemaManager` as the trait writes it: hidden.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager.create_table(create(table, manager.get_database_backend())).await?;
            for columns in table.indexes {
                manager.create_index(index(table.name, columns)).await?;
            }
        }
        manager
            .create_index(
                Index::create().name("import_rank").table("import").col("rank").unique().to_owned(),
            )
            .await?;
        // At most one import is running: the second insert fails on both databases.
        manager
            .create_index(
                Index::create()
                    .name("import_one_running")
                    .table("import")
                    .col("state")
                    .unique()
                    .and_where(Expr::cust("state = 'running'"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES.iter().rev() {
            manager.drop_table(sea_query::Table::drop().table(table.name).to_owned()).await?;
        }
        Ok(())
    }
}
