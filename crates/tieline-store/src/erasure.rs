//! Forgetting a person.

use sea_orm::Value;
use tieline_model::id::AddressId;

use crate::decisions::to_hex;
use crate::dialect;
use crate::entity::suppression;
use crate::error::StoreError;
use crate::history::Verb;
use crate::imports::ignore;
use crate::people::address_list;
use crate::store::Tx;

/// How many rows an erasure removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Erased {
    /// Addresses, with their texts and sightings.
    pub addresses: u64,
    /// Claims that named one of them.
    pub claims: u64,
    /// Stated ties and attendances.
    pub ties: u64,
    /// Entries as a sender of a list.
    pub list_senders: u64,
    /// Decisions and classes that persons gave.
    pub decisions: u64,
    /// Derived actors that had one of them, with their affiliations, merges and reviews.
    pub actors: u64,
    /// What people wrote about them, and the accounts that were theirs with all that they wrote.
    pub written: u64,
}

/// Addresses of one statement.
const PORTION: usize = 500;

impl Tx {
    /// Removes addresses and everything that names them from every table, and keeps the keyed
    /// hashes of their texts so that no import brings them back. Derived actors that had one of
    /// them go as a whole; the caller resolves identities anew. Texts are [`Tx::rewrite_texts`]'s.
    /// After the commit, [`crate::Store::scrub`] removes what is left in the files.
    ///
    /// # Errors
    /// [`crate::Constraint::LastOwner`] when one of them is the only owner of the workspace, and
    /// when the database refuses; then nothing is erased.
    pub async fn erase_addresses(
        &self,
        addresses: &[AddressId],
        macs: &[[u8; 32]],
    ) -> Result<Erased, StoreError> {
        dialect::overwrite_deleted(&self.db).await?;
        let mut erased = Erased::default();
        for portion in addresses.chunks(PORTION) {
            self.erase_portion(portion, &mut erased).await?;
        }
        let rows: Vec<_> = macs
            .iter()
            .map(|mac| suppression::Model { mac: to_hex(mac), created_at: self.now.ms() })
            .collect();
        self.insert::<suppression::Entity>(&rows, Some(ignore())).await?;
        let detail = format!("{} addresses, {} claims", erased.addresses, erased.claims);
        self.record(Verb::PersonErased, "", detail).await?;
        Ok(erased)
    }

    async fn erase_portion(
        &self,
        addresses: &[AddressId],
        erased: &mut Erased,
    ) -> Result<(), StoreError> {
        let (list, values) = address_list(addresses);
        let twice: Vec<Value> = values.iter().chain(&values).cloned().collect();
        self.erase_derived(&list, &values, erased).await?;
        self.erase_references(&list, &values).await?;
        erased.written += self.erase_written(&list, &values).await?;
        let one = |sql: &str| sql.replace('#', &list);
        erased.claims += self
            .erase_claims(
                &one("SELECT import, claim FROM claim_address WHERE address IN (#)"),
                &values,
            )
            .await?;
        let ties = "DELETE FROM stated_tie WHERE from_address IN (#) OR to_address IN (#)";
        erased.ties += self.run(&one(ties), twice.clone()).await?;
        erased.ties +=
            self.run(&one("DELETE FROM attendance WHERE person IN (#)"), values.clone()).await?;
        erased.list_senders +=
            self.run(&one("DELETE FROM list_sender WHERE address IN (#)"), values.clone()).await?;
        let posts = "UPDATE list_sighting SET post = NULL WHERE post IN (#)";
        self.run(&one(posts), values.clone()).await?;
        let decisions = "DELETE FROM decision WHERE a IN (#) OR b IN (#)";
        erased.decisions += self.run(&one(decisions), twice).await?;
        let classes = "DELETE FROM address_class WHERE address IN (#)";
        erased.decisions += self.run(&one(classes), values.clone()).await?;
        // Events on them name their ids, from which a known address can be recognised.
        for id in addresses {
            self.erase_job_of(*id).await?;
            let pattern = format!("%{id}%");
            self.erase_history("subject LIKE ?", pattern.into()).await?;
        }
        let mails = "DELETE FROM account_mail WHERE mail IN \
                     (SELECT text FROM address WHERE id IN (#))";
        erased.written += self.run(&one(mails), values.clone()).await?;
        self.run(&one("DELETE FROM sighting WHERE address IN (#)"), values.clone()).await?;
        erased.addresses += self.run(&one("DELETE FROM address WHERE id IN (#)"), values).await?;
        Ok(())
    }

    /// Claims, with all their addresses, that the query names by import and hash.
    async fn erase_claims(&self, query: &str, values: &[Value]) -> Result<u64, StoreError> {
        #[derive(sea_orm::FromQueryResult)]
        struct Row {
            import: i64,
            claim: i64,
        }
        let mut found: Vec<Row> = crate::store::rows(&self.db, query, values.to_vec()).await?;
        found.sort_unstable_by_key(|row| (row.import, row.claim));
        found.dedup_by_key(|row| (row.import, row.claim));
        for row in &found {
            let key = [Value::from(row.import), Value::from(row.claim)];
            let sql = "DELETE FROM claim_address WHERE import = ? AND claim = ?";
            self.run(sql, key.clone()).await?;
            self.run("DELETE FROM claim WHERE import = ? AND hash = ?", key).await?;
        }
        Ok(found.len() as u64)
    }

    /// Managers of other people that are named by a label of these addresses: an employee number of
    /// the same directory.
    async fn erase_references(&self, list: &str, values: &[Value]) -> Result<(), StoreError> {
        #[derive(sea_orm::FromQueryResult)]
        struct Row {
            id: i64,
            text: String,
        }
        let sql = format!("SELECT id, text FROM address WHERE kind = 'label' AND id IN ({list})");
        let labels: Vec<Row> = crate::store::rows(&self.db, &sql, values.to_vec()).await?;
        let sql = "UPDATE claim SET manager = NULL WHERE LOWER(manager) = ? \
                   AND import IN (SELECT import FROM sighting WHERE address = ?)";
        for label in labels {
            // The scope before the reference may hold slashes itself.
            for (slash, _) in label.text.match_indices('/') {
                let reference = label.text[slash + 1..].to_lowercase();
                self.run(sql, [Value::from(reference), Value::from(label.id)]).await?;
            }
        }
        Ok(())
    }

    async fn erase_derived(
        &self,
        list: &str,
        values: &[Value],
        erased: &mut Erased,
    ) -> Result<(), StoreError> {
        let theirs = format!("(SELECT actor FROM actor_address WHERE address IN ({list}))");
        let twice: Vec<Value> = values.iter().chain(values).cloned().collect();
        // The anchors of their actors are the sides of reviews.
        let anchors = format!("(SELECT anchor FROM actor WHERE id IN {theirs})");
        let reviews = format!("DELETE FROM review WHERE a IN {anchors} OR b IN {anchors}");
        self.run(&reviews, twice).await?;
        let managers = format!("UPDATE affiliation SET manager = NULL WHERE manager IN {theirs}");
        self.run(&managers, values.to_vec()).await?;
        for table in ["affiliation", "actor_merge"] {
            let sql = format!("DELETE FROM {table} WHERE actor IN {theirs}");
            self.run(&sql, values.to_vec()).await?;
        }
        // The rows that tell whose they are go last, so the ids are read first.
        #[derive(sea_orm::FromQueryResult)]
        struct Row {
            actor: uuid::Uuid,
        }
        let sql = format!("SELECT DISTINCT actor FROM actor_address WHERE address IN ({list})");
        let actors: Vec<Row> = crate::store::rows(&self.db, &sql, values.to_vec()).await?;
        for row in actors {
            let id = [Value::from(row.actor)];
            self.forget_actor(row.actor).await?;
            self.run("DELETE FROM actor_address WHERE actor = ?", id.clone()).await?;
            erased.actors += self.run("DELETE FROM actor WHERE id = ?", id).await?;
        }
        Ok(())
    }
}
