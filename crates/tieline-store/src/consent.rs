//! What people let others see of them, and whether findings may name anyone.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use tieline_model::access::TieConsent;
use tieline_model::id::{AccountId, AddressId};
use tieline_model::time::Moment;

use crate::entity::consent;
use crate::error::StoreError;
use crate::history::Verb;
use crate::people::address_list;
use crate::store::{Store, Tx, rows, word};

/// What a person lets others see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    /// An address of the person. Of a person with several entries the least open counts.
    pub address: AddressId,
    /// What others see of a tie.
    pub ties: TieConsent,
    /// Whether the person stays off maps and out of findings.
    pub opted_out: bool,
    /// Who set it; `None`: the person, by a link.
    pub by: Option<AccountId>,
    /// When.
    pub at: Moment,
}

/// Setting that says whether findings may name people to stewards.
const NAMED_FINDINGS: &str = "workspace.named_findings";

impl Tx {
    /// Sets what the person of an address lets others see.
    ///
    /// # Errors
    /// [`crate::Constraint::MissingParent`] without the account.
    pub async fn set_consent(
        &self,
        address: AddressId,
        ties: TieConsent,
        opted_out: bool,
        by: Option<AccountId>,
    ) -> Result<(), StoreError> {
        let row = consent::Model {
            address: address.as_i64(),
            ties: ties.name().to_owned(),
            opted_out,
            account: by.map(|by| by.0),
            changed_at: self.now.ms(),
            created_at: self.now.ms(),
        };
        use consent::Column::{Account, Address, ChangedAt, OptedOut, Ties};
        let replace = OnConflict::column(Address)
            .update_columns([Ties, OptedOut, Account, ChangedAt])
            .to_owned();
        self.insert::<consent::Entity>(&[row], Some(replace)).await?;
        let detail = if opted_out { "opted out" } else { ties.name() };
        self.record(Verb::ConsentSet, &address, detail).await
    }

    /// Turns named findings on or off; that only an owner may, and the notice to staff, is for the
    /// caller to see to.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_named_findings(&self, on: bool, by: AccountId) -> Result<(), StoreError> {
        let word = if on { "on" } else { "off" };
        self.set_setting(NAMED_FINDINGS, word).await?;
        self.record(Verb::NamedFindingsSet, &by, word).await
    }
}

impl Store {
    /// Addresses of people who stay off maps and out of findings, by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn opted_out(&self) -> Result<Vec<AddressId>, StoreError> {
        let found = consent::Entity::find()
            .filter(consent::Column::OptedOut.eq(true))
            .order_by_asc(consent::Column::Address)
            .all(&self.db)
            .await?;
        Ok(found.into_iter().map(|row| AddressId::from_i64(row.address)).collect())
    }

    /// What was set for these addresses, by id; addresses without an entry consented to nothing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn consent_of(&self, addresses: &[AddressId]) -> Result<Vec<Consent>, StoreError> {
        let (list, values) = address_list(addresses);
        let sql = format!("SELECT * FROM consent WHERE address IN ({list}) ORDER BY address");
        let found: Vec<consent::Model> = rows(&self.db, &sql, values).await?;
        found.iter().map(consent_of).collect()
    }

    /// Everything that was set, by address.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn consents(&self) -> Result<Vec<Consent>, StoreError> {
        let query = consent::Entity::find().order_by_asc(consent::Column::Address);
        query.all(&self.db).await?.iter().map(consent_of).collect()
    }

    /// Whether the owner turned named findings on; off by default.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn named_findings(&self) -> Result<bool, StoreError> {
        Ok(self.setting(NAMED_FINDINGS).await?.as_deref() == Some("on"))
    }
}

fn consent_of(row: &consent::Model) -> Result<Consent, StoreError> {
    Ok(Consent {
        address: AddressId::from_i64(row.address),
        ties: word("consent.ties", &row.ties, TieConsent::from_name)?,
        opted_out: row.opted_out,
        by: row.account.map(AccountId),
        at: Moment::from_ms(row.changed_at),
    })
}
