//! Links that work once: to set a workspace up, to sign in, to see one's own data.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tieline_model::access::Role;
use tieline_model::id::{AccountId, AddressId};
use tieline_model::time::Moment;

use crate::entity::link;
use crate::error::StoreError;
use crate::history::Verb;
use crate::sessions::checked_hash;
use crate::store::{Store, Tx, word};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkPurpose {
    /// Makes the owner of a new workspace.
    Setup,
    /// Signs an account in.
    SignIn,
    /// Shows a person without an account what is held on them.
    OwnData,
    /// Lets a browser that went to the identity provider come back, once.
    Provider,
}

impl LinkPurpose {
    const ALL: [Self; 4] = [Self::Setup, Self::SignIn, Self::OwnData, Self::Provider];

    /// The word used in the store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::SignIn => "sign-in",
            Self::OwnData => "own-data",
            Self::Provider => "provider",
        }
    }

    /// From the word.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }
}

/// A link that works once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is for.
    pub purpose: LinkPurpose,
    /// Account that it signs in.
    pub account: Option<AccountId>,
    /// Address of the person that it is for.
    pub address: Option<AddressId>,
    /// Role that it gives.
    pub role: Option<Role>,
    /// First moment at which it no longer works.
    pub expires: Moment,
}

impl Tx {
    /// Makes a link that is known by the BLAKE3 of its secret, in hex.
    ///
    /// # Errors
    /// [`crate::Constraint::MissingParent`] without its account, [`crate::Constraint::Value`] when
    /// `hash` is no BLAKE3 in hex.
    pub async fn add_link(&self, hash: &str, new: &Link) -> Result<(), StoreError> {
        let row = link::Model {
            id: checked_hash(hash)?,
            purpose: new.purpose.name().to_owned(),
            account: new.account.map(|account| account.0),
            address: new.address.map(AddressId::as_i64),
            role: new.role.map(|role| role.name().to_owned()),
            expires_at: new.expires.ms(),
            used_at: None,
            created_at: self.now.ms(),
        };
        self.insert::<link::Entity>(&[row], None).await?;
        self.record(Verb::LinkAdded, "", new.purpose.name()).await
    }

    /// Uses a link up: of all who try, one gets it. `None` when it is unknown, used, expired, or for
    /// something else: then it is left as it is.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn use_link(
        &self,
        hash: &str,
        purpose: LinkPurpose,
        now: Moment,
    ) -> Result<Option<Link>, StoreError> {
        let sql = "UPDATE link SET used_at = ? \
                   WHERE id = ? AND purpose = ? AND used_at IS NULL AND expires_at > ?";
        let values = [now.ms().into(), hash.into(), purpose.name().into(), now.ms().into()];
        if self.run(sql, values).await? == 0 {
            return Ok(None);
        }
        let Some(row) = link::Entity::find_by_id(hash).one(&self.db).await? else {
            return Ok(None);
        };
        let used = link_of(row)?;
        self.record(Verb::LinkUsed, "", used.purpose.name()).await?;
        Ok(Some(used))
    }

    /// Removes links that no longer work; how many.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sweep_links(&self, now: Moment) -> Result<u64, StoreError> {
        let sql = "DELETE FROM link WHERE expires_at <= ? OR used_at IS NOT NULL";
        self.run(sql, [now.ms().into()]).await
    }
}

impl Store {
    /// A link that works, without using it up: reading a page has no effects.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn link(&self, hash: &str, now: Moment) -> Result<Option<Link>, StoreError> {
        let row = link::Entity::find_by_id(hash)
            .filter(link::Column::UsedAt.is_null())
            .filter(link::Column::ExpiresAt.gt(now.ms()))
            .one(&self.db)
            .await?;
        row.map(link_of).transpose()
    }
}

fn link_of(row: link::Model) -> Result<Link, StoreError> {
    let role = |role: String| word("link.role", &role, Role::from_name);
    Ok(Link {
        purpose: word("link.purpose", &row.purpose, LinkPurpose::from_name)?,
        account: row.account.map(AccountId),
        address: row.address.map(AddressId::from_i64),
        role: row.role.map(role).transpose()?,
        expires: Moment::from_ms(row.expires_at),
    })
}
