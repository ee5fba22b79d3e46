//! The schema, one module per migration. An applied migration never changes.

mod m0001_see;

use sea_orm_migration::prelude::*;

pub(crate) use m0001_see::{Col, Kind, TABLES, Table};

pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m0001_see::Migration)]
    }
}
