//! Less to read for each page: the rows that people are found by are numbered in the order of the
//! directory, so that a page of what a text finds comes from the index alone; reviews are counted,
//! and found by their pair, in an index instead of among their reasons; who is in a unit is in an
//! index too.

use sea_orm_migration::prelude::*;

use super::index;
use crate::dialect;
use crate::search::in_order;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

// async_trait takes the lifetime of `SchemaManager` as the trait writes it: hidden.
#[allow(elided_lifetimes_in_paths)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("review", &["a", "b"])).await?;
        manager.create_index(index("affiliation", &["unit", "proposed", "actor"])).await?;
        let db = manager.get_connection();
        for sql in in_order() {
            db.execute_unprepared(&sql).await?;
        }
        db.execute_unprepared(&dialect::rebuild_sql(
            manager.get_database_backend(),
            "actor_search",
        ))
        .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Any order of the numbers served before.
        let who =
            Index::drop().name("affiliation_unit_proposed_actor").table("affiliation").to_owned();
        manager.drop_index(who).await?;
        manager.drop_index(Index::drop().name("review_a_b").table("review").to_owned()).await
    }
}
