//! A place where a team works: accounts, sessions, jobs, and what people write down.
//!
//! Names ending in `_ms`, `_at` and `created_at` are milliseconds UTC since 1970-01-01. Columns
//! called `account` are ids of accounts; `address` is an address of a person or organisation, known
//! or not, so that what people wrote outlives imports and merges. Rows that carry a `visibility`
//! are of the class that it names.

use sea_orm_migration::prelude::*;

use super::{Class, Foreign, Kind, Null, Table};
use Kind::{Big, Bool, Real, Text, Uuid};
use Null::{No, Yes};

use super::{Col, index};

const OF_ACCOUNT: Foreign = (&["account"], "account", &["id"]);
const VISIBILITY: Col = Col("visibility", Text, No, "own | party | partnership | workspace");
const VERSION: Col = Col("version", Big, No, "from 1; grows with each change");

/// In the order in which they can be created.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "account",
        row: "someone who signs in",
        class: Class::Workspace,
        cols: &[
            Col("id", Uuid, No, "version 7: sorts by time"),
            Col("login", Text, No, "what is typed to sign in: no case, no accents; unique"),
            Col("name", Text, No, "name shown to others"),
            Col("role", Text, No, "guest | member | steward | owner"),
            Col("actor", Big, Yes, "an address of the person of the data that it is"),
            Col("time_zone", Text, No, "IANA name"),
            Col("locale", Text, No, "BCP 47 tag"),
            Col("theme", Text, Yes, "light | dark; null: as the device says"),
            Col("password", Text, Yes, "salted hash in PHC form; null: none, class own"),
            Col("disabled", Bool, No, "may not sign in"),
            VERSION,
        ],
        key: &["id"],
        foreign: &[],
        indexes: &[&["actor"]],
    },
    Table {
        name: "session",
        row: "one signed-in browser",
        class: Class::Own,
        cols: &[
            Col("id", Text, No, "BLAKE3 of its secret, 64 hex digits"),
            Col("account", Uuid, No, "whose"),
            Col("last_used", Big, No, "ms UTC"),
            Col("expires_at", Big, No, "first moment at which it no longer holds, ms UTC"),
            Col("about", Text, No, "family of browser; never a network address"),
        ],
        key: &["id"],
        foreign: &[OF_ACCOUNT],
        indexes: &[&["account"], &["expires_at"]],
    },
    Table {
        name: "link",
        row: "one link that works once",
        class: Class::Own,
        cols: &[
            Col("id", Text, No, "BLAKE3 of its secret, 64 hex digits"),
            Col("purpose", Text, No, "setup | sign-in | invite | own-data"),
            Col("account", Uuid, Yes, "account that it signs in"),
            Col("address", Big, Yes, "address of the person that it is for"),
            Col("role", Text, Yes, "role that it gives: guest | member | steward | owner"),
            Col("expires_at", Big, No, "first moment at which it no longer works, ms UTC"),
            Col("used_at", Big, Yes, "ms UTC; null while unused"),
        ],
        key: &["id"],
        foreign: &[OF_ACCOUNT],
        indexes: &[&["account"], &["address"]],
    },
    Table {
        name: "failure",
        row: "one failed attempt to sign in",
        class: Class::Own,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("throttle", Text, No, "hash of who tried, 64 hex digits"),
            Col("at", Big, No, "ms UTC"),
        ],
        key: &["id"],
        foreign: &[],
        indexes: &[&["throttle", "at"], &["at"]],
    },
    Table {
        name: "job",
        row: "one piece of background work",
        class: Class::Workspace,
        cols: &[
            Col("id", Uuid, No, "version 7: sorts by time"),
            Col("work", Text, No, "JSON with its version: what to do"),
            Col(
                "state",
                Text,
                No,
                "queued | running | paused | stopping | done | failed | stopped",
            ),
            Col("once", Text, Yes, "idempotency key; unique"),
            Col("account", Uuid, Yes, "who asked for it; null: the program"),
            Col("started_at", Big, Yes, "first start, ms UTC"),
            Col("finished_at", Big, Yes, "ms UTC; null while not over"),
            Col("attempts", Big, No, "how often a worker took it, >= 0"),
            Col("worker", Text, Yes, "who holds it; null: nobody"),
            Col("lease_ms", Big, Yes, "until when it is held, ms UTC"),
            Col("bytes", Big, No, "bytes read"),
            Col("bytes_total", Big, No, "bytes in all; 0 when not known yet"),
            Col("records", Big, No, "records read"),
            Col("stage", Text, No, "what it is doing, in a few words"),
            Col("error", Text, Yes, "why it failed"),
            Col("result", Big, Yes, "import that it made"),
        ],
        key: &["id"],
        foreign: &[OF_ACCOUNT],
        indexes: &[&["state", "id"], &["account"]],
    },
    Table {
        name: "contact",
        row: "one contact that someone logged by hand",
        class: Class::Own,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("account", Uuid, No, "who had and logged it"),
            Col("kind", Text, No, "met | called | wrote"),
            Col("at", Big, No, "when it was, ms UTC"),
            Col("line", Text, No, "what it was about, one line; may be empty"),
            VISIBILITY,
            VERSION,
        ],
        key: &["id"],
        foreign: &[OF_ACCOUNT],
        indexes: &[&["account", "at"]],
    },
    Table {
        name: "contact_person",
        row: "one person of a logged contact",
        class: Class::Own,
        cols: &[
            Col("contact", Uuid, No, "which contact"),
            Col("address", Big, No, "who"),
            Col("position", Big, No, "order in which they were given, from 0"),
        ],
        key: &["contact", "address"],
        foreign: &[(&["contact"], "contact", &["id"])],
        indexes: &[&["address"]],
    },
    Table {
        name: "promise",
        row: "something that one side promised the other",
        class: Class::Own,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("contact", Uuid, Yes, "contact at which it was made"),
            Col("by_us", Bool, No, "true: the author promised; false: the other person did"),
            Col("address", Big, No, "the other person"),
            Col("text", Text, No, "what"),
            Col("due_ms", Big, Yes, "until when, ms UTC"),
            Col("kept_ms", Big, Yes, "when it was kept, ms UTC; null: open"),
            Col("account", Uuid, No, "author"),
            VISIBILITY,
            VERSION,
        ],
        key: &["id"],
        foreign: &[OF_ACCOUNT, (&["contact"], "contact", &["id"])],
        indexes: &[&["account"], &["address"], &["contact"]],
    },
    Table {
        name: "note",
        row: "one note on a person or organisation",
        class: Class::Own,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("address", Big, No, "an address of whom it is about"),
            Col("account", Uuid, No, "author"),
            Col("text", Text, No, "what it says"),
            VISIBILITY,
            VERSION,
            Col("changed_at", Big, No, "last change, ms UTC"),
            Col("deleted_at", Big, Yes, "ms UTC; null while it stands"),
        ],
        key: &["id"],
        foreign: &[OF_ACCOUNT],
        indexes: &[&["address"], &["account"]],
    },
    Table {
        name: "tag",
        row: "one word that people gave a person or organisation",
        class: Class::Workspace,
        cols: &[
            Col("folded", Text, No, "the tag without case and accents"),
            Col("address", Big, No, "an address of whom it is about"),
            Col("name", Text, No, "the tag as written"),
            Col("account", Uuid, Yes, "who gave it; null: the command line"),
        ],
        key: &["folded", "address"],
        foreign: &[OF_ACCOUNT],
        indexes: &[&["address"], &["account"]],
    },
    Table {
        name: "field",
        row: "one custom field of people and organisations",
        class: Class::Workspace,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("name", Text, No, "its name as shown"),
            Col("folded", Text, No, "its name without case and accents; unique"),
            Col("kind", Text, No, "text | number | date | choice"),
            Col("choices", Text, No, "JSON array of the values of a choice, else empty"),
        ],
        key: &["id"],
        foreign: &[],
        indexes: &[],
    },
    Table {
        name: "field_value",
        row: "the value of a custom field of one person or organisation",
        class: Class::Workspace,
        cols: &[
            Col("field", Uuid, No, "which field"),
            Col("address", Big, No, "an address of whom it is about"),
            Col("value", Text, No, "text; numbers decimal, dates YYYY-MM-DD"),
        ],
        key: &["field", "address"],
        foreign: &[(&["field"], "field", &["id"])],
        indexes: &[&["address"]],
    },
    Table {
        name: "saved_view",
        row: "one listing with its filters, saved under a name",
        class: Class::Own,
        cols: &[
            Col("id", Uuid, No, "version 7"),
            Col("account", Uuid, No, "whose"),
            Col("place", Text, No, "which listing"),
            Col("name", Text, No, "name that the person gave it; unique in its place"),
            Col("query", Text, No, "query string of the listing"),
        ],
        key: &["id"],
        foreign: &[OF_ACCOUNT],
        indexes: &[],
    },
    Table {
        name: "snooze",
        row: "something that a person put off",
        class: Class::Own,
        cols: &[
            Col("account", Uuid, No, "whose"),
            Col("item", Text, No, "what: its kind and ids"),
            Col("until_ms", Big, No, "first moment at which it shows again, ms UTC"),
        ],
        key: &["account", "item"],
        foreign: &[OF_ACCOUNT],
        indexes: &[],
    },
    Table {
        name: "consent",
        row: "what a person lets others see",
        class: Class::Own,
        cols: &[
            Col("address", Big, No, "an address of the person"),
            Col("ties", Text, No, "nothing | exists | band"),
            Col("opted_out", Bool, No, "stays off maps and out of findings"),
            Col("account", Uuid, Yes, "who set it; null: the person, by a link"),
            Col("changed_at", Big, No, "ms UTC"),
        ],
        key: &["address"],
        foreign: &[OF_ACCOUNT],
        indexes: &[&["account"]],
    },
    Table {
        name: "look",
        row: "that an account looked at a person",
        class: Class::Own,
        cols: &[
            Col("id", Uuid, No, "version 7: sorts by time"),
            Col("account", Uuid, No, "who looked"),
            Col("address", Big, No, "an address of whom it looked at"),
            Col("page", Text, No, "kind of page"),
            Col("at", Big, No, "ms UTC"),
        ],
        key: &["id"],
        foreign: &[OF_ACCOUNT],
        indexes: &[&["address", "id"], &["account"]],
    },
    Table {
        name: "finding",
        row: "one finding on groups as it was shown; never names a person",
        class: Class::Workspace,
        cols: &[
            Col("fingerprint", Text, No, "of everything that it was computed from"),
            Col("ordinal", Big, No, "order within that computation, from 0"),
            Col("as_of", Big, No, "moment that it speaks of, ms UTC"),
            Col("computed_at", Big, No, "ms UTC"),
            Col("kind", Text, No, "name of the kind of finding"),
            Col("severity", Real, No, "finite; larger = more pressing"),
            Col("sentence", Text, No, "as shown; names groups alone"),
            Col("detail", Text, No, "JSON: its numbers; names groups alone"),
        ],
        key: &["fingerprint", "ordinal"],
        foreign: &[],
        indexes: &[&["computed_at"]],
    },
];

/// What may be there once only.
const UNIQUE: &[(&str, &[&str])] = &[
    ("account", &["login"]),
    ("job", &["once"]),
    ("field", &["folded"]),
    ("saved_view", &["account", "place", "name"]),
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// async_trait takes the lifetime of `SchemaManager` as the trait writes it: hidden.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::create_all(manager, TABLES).await?;
        for (table, columns) in UNIQUE {
            manager.create_index(index(table, columns).unique().to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::drop_all(manager, TABLES).await
    }
}
