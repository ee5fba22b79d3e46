//! The schema, one module per migration. An applied migration never changes.

mod m0001_see;
mod m0002_workspace;
mod m0003_search;
mod m0004_api;
mod m0005_said;
mod m0006_doors;
mod m0007_partnership;
mod m0008_charter;
mod m0009_guests;
mod m0010_decisions;
mod m0011_objectives;
mod m0012_roles;
mod m0013_stakeholders;
mod m0015_commitments;
mod m0016_reading;
mod m0017_conflicts;
mod m0020_resources;
mod m0021_talk;
mod m0026_listening;
mod m0027_pacts;
mod m0028_initiatives;
mod m0029_challenges;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::dialect;

pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_see::Migration),
            Box::new(m0002_workspace::Migration),
            Box::new(m0003_search::Migration),
            Box::new(m0004_api::Migration),
            Box::new(m0005_said::Migration),
            Box::new(m0006_doors::Migration),
            Box::new(m0007_partnership::Migration),
            Box::new(m0008_charter::Migration),
            Box::new(m0009_guests::Migration),
            Box::new(m0010_decisions::Migration),
            Box::new(m0011_objectives::Migration),
            Box::new(m0012_roles::Migration),
            Box::new(m0013_stakeholders::Migration),
            Box::new(m0015_commitments::Migration),
            Box::new(m0016_reading::Migration),
            Box::new(m0017_conflicts::Migration),
            Box::new(m0020_resources::Migration),
            Box::new(m0021_talk::Migration),
            Box::new(m0026_listening::Migration),
            Box::new(m0027_pacts::Migration),
            Box::new(m0028_initiatives::Migration),
            Box::new(m0029_challenges::Migration),
        ]
    }
}

/// Every table, in an order in which they can be filled.
pub(crate) fn tables() -> impl DoubleEndedIterator<Item = &'static Table> {
    m0001_see::TABLES
        .iter()
        .chain(m0002_workspace::TABLES)
        .chain(m0003_search::TABLES)
        .chain(m0004_api::TABLES)
        .chain(m0005_said::TABLES)
        .chain(m0006_doors::TABLES)
        .chain(m0007_partnership::TABLES)
        .chain(m0008_charter::TABLES)
        .chain(m0009_guests::TABLES)
        .chain(m0010_decisions::TABLES)
        .chain(m0011_objectives::TABLES)
        .chain(m0012_roles::TABLES)
        .chain(m0013_stakeholders::TABLES)
        .chain(m0015_commitments::TABLES)
        .chain(m0017_conflicts::TABLES)
        .chain(m0020_resources::TABLES)
        .chain(m0021_talk::TABLES)
        .chain(m0026_listening::TABLES)
        .chain(m0027_pacts::TABLES)
        .chain(m0028_initiatives::TABLES)
        .chain(m0029_challenges::TABLES)
}

/// Who may read the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The account or person that a row is about, or its author as far as the row says.
    Own,
    /// One party of a partnership: its own people, and others only as its table says. Never sent to
    /// another party before that, in whatever form.
    Party,
    /// Whoever is in the room of the partnership, of all parties.
    Partnership,
    /// Members of the workspace, as the access rules of the model say.
    Workspace,
}

/// Type of a column on both databases.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Big,
    Text,
    Bool,
    Real,
    Uuid,
    /// A number that the store gives, unique in its table.
    Row,
}

/// A column: name, type, whether it may be null, meaning with unit and allowed values.
pub(crate) struct Col(
    pub(crate) &'static str,
    pub(crate) Kind,
    pub(crate) Null,
    pub(crate) &'static str,
);

/// Whether a column may be null.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Null {
    No,
    Yes,
}

/// Foreign key: columns, table, columns there.
pub(crate) type Foreign = (&'static [&'static str], &'static str, &'static [&'static str]);

/// A table. Each also has `created_at`.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// What one row says.
    pub(crate) row: &'static str,
    pub(crate) cols: &'static [Col],
    /// Who may read its rows.
    pub(crate) class: Class,
    pub(crate) key: &'static [&'static str],
    pub(crate) foreign: &'static [Foreign],
    pub(crate) indexes: &'static [&'static [&'static str]],
}

pub(crate) fn create(table: &Table, backend: DbBackend) -> TableCreateStatement {
    let mut create = sea_query::Table::create();
    create.table(table.name);
    for Col(name, kind, null, _) in table.cols {
        let mut column = ColumnDef::new(*name);
        match kind {
            Kind::Big => column.big_integer(),
            Kind::Text => column.custom(dialect::text_type(backend)),
            Kind::Bool => column.boolean(),
            Kind::Real => column.double(),
            Kind::Uuid => column.uuid(),
            Kind::Row => column.custom(dialect::row_type(backend)),
        };
        if *null == Null::No {
            column.not_null();
        }
        create.col(&mut column);
    }
    create.col(ColumnDef::new("created_at").big_integer().not_null());
    let mut key = Index::create();
    for column in table.key {
        key.col(*column);
    }
    create.primary_key(&mut key);
    for (columns, parent, theirs) in table.foreign {
        let mut foreign = ForeignKey::create();
        foreign.from_tbl(table.name).to_tbl(*parent);
        for (ours, theirs) in columns.iter().zip(*theirs) {
            foreign.from_col(*ours).to_col(*theirs);
        }
        create.foreign_key(&mut foreign);
    }
    create
}

pub(crate) fn index(table: &str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(format!("{table}_{}", columns.join("_"))).table(table.to_owned());
    for column in columns {
        index.col(*column);
    }
    index
}

/// Creates tables with their indexes, in this order.
pub(crate) async fn create_all(manager: &SchemaManager<'_>, tables: &[Table]) -> Result<(), DbErr> {
    for table in tables {
        manager.create_table(create(table, manager.get_database_backend())).await?;
        for columns in table.indexes {
            manager.create_index(index(table.name, columns)).await?;
        }
    }
    Ok(())
}

/// Drops tables, the last first.
pub(crate) async fn drop_all(manager: &SchemaManager<'_>, tables: &[Table]) -> Result<(), DbErr> {
    for table in tables.iter().rev() {
        manager.drop_table(sea_query::Table::drop().table(table.name).to_owned()).await?;
    }
    Ok(())
}
