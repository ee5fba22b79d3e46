//! Search by words: of people and organisations, and of notes.

use sea_orm_migration::prelude::*;

use super::{Class, Kind, Null, Table};
use Kind::{Row, Text, Uuid};
use Null::No;

use super::{Col, create, index};
use crate::dialect;

const WORDS: &str = "distinct folded words of letters and digits, one space between two";

/// In the order in which they can be created. Each has an index over its words.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "actor_search",
        row: "derived: the words of names, addresses, units, titles and tags of an actor",
        class: Class::Workspace,
        cols: &[
            Col("id", Row, No, "number of the row"),
            Col("actor", Uuid, No, "which actor; unique"),
            Col("words", Text, No, WORDS),
        ],
        key: &["id"],
        foreign: &[(&["actor"], "actor", &["id"])],
        indexes: &[],
    },
    Table {
        name: "note_search",
        row: "derived: the words of a note that stands",
        class: Class::Own,
        cols: &[
            Col("id", Row, No, "number of the row"),
            Col("note", Uuid, No, "which note; unique"),
            Col("words", Text, No, WORDS),
        ],
        key: &["id"],
        foreign: &[(&["note"], "note", &["id"])],
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
        let backend = manager.get_database_backend();
        for (table, key) in TABLES.iter().zip(["actor", "note"]) {
            manager.create_table(create(table, backend)).await?;
            manager.create_index(index(table.name, &[key]).unique().to_owned()).await?;
            let sql = dialect::search_index(backend, table.name);
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES.iter().rev() {
            if manager.get_database_backend() == sea_orm_migration::sea_orm::DbBackend::Sqlite {
                let sql = format!("DROP TABLE {}_index", table.name);
                manager.get_connection().execute_unprepared(&sql).await?;
            }
            manager.drop_table(sea_query::Table::drop().table(table.name).to_owned()).await?;
        }
        Ok(())
    }
}
