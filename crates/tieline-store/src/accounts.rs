//! Who may sign in, with which role.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use tieline_model::access::Role;
use tieline_model::id::{AccountId, AddressId};
use tieline_model::time::Moment;
use uuid::Uuid;

use crate::entity::account;
use crate::error::{Constraint, StoreError};
use crate::fold::fold;
use crate::history::Verb;
use crate::store::{Store, Tx, changed, number, word};

/// Someone who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What is typed to sign in, folded: case and accents do not matter. Unique.
    pub login: String,
    /// Name shown to others.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// An address of the person of the data that it is: stays right when people are merged.
    pub actor: Option<AddressId>,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// BCP 47 tag of its language.
    pub locale: String,
    /// `light` or `dark`; `None`: as the device says.
    pub theme: Option<String>,
    /// Whether it signs in by a password.
    pub has_password: bool,
    /// Whether it may not sign in.
    pub disabled: bool,
    /// When it was made.
    pub created: Moment,
    /// Grows with each change.
    pub version: i64,
}

/// An account to be made. It starts in UTC and English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// What is typed to sign in; kept folded.
    pub login: String,
    /// Name shown to others.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Salted hash in PHC form, made by the caller; never a password.
    pub password_hash: Option<String>,
    /// An address of the person of the data that it is.
    pub actor: Option<AddressId>,
}

impl Tx {
    /// Makes an account.
    ///
    /// # Errors
    /// [`Constraint::Taken`] when the login is someone's, [`Constraint::Value`] for an empty one.
    pub async fn add_account(&self, new: &NewAccount) -> Result<AccountId, StoreError> {
        let id = AccountId(Uuid::now_v7());
        let row = account::Model {
            id: id.0,
            login: login_of(&new.login)?,
            name: new.name.trim().to_owned(),
            role: new.role.name().to_owned(),
            actor: new.actor.map(AddressId::as_i64),
            time_zone: "UTC".to_owned(),
            locale: "en".to_owned(),
            theme: None,
            password: new.password_hash.clone(),
            disabled: false,
            version: 1,
            created_at: self.now.ms(),
        };
        self.insert::<account::Entity>(&[row], None).await?;
        self.record(Verb::AccountAdded, &id, new.role.name()).await?;
        Ok(id)
    }

    /// Makes the first account; `None` when there is one. Asked within the transaction, under the
    /// lock that writers of all servers wait for: of all who race, one makes it.
    ///
    /// # Errors
    /// As [`Tx::add_account`].
    pub async fn add_first_account(
        &self,
        new: &NewAccount,
    ) -> Result<Option<AccountId>, StoreError> {
        if number(&self.db, "SELECT COUNT(*) FROM account", []).await? > 0 {
            return Ok(None);
        }
        self.add_account(new).await.map(Some)
    }

    /// Changes login, name, person, time zone, locale and theme of the version given. Role, password
    /// and whether it is disabled have verbs of their own and are not touched.
    ///
    /// # Errors
    /// [`Constraint::Stale`] when someone else changed it since, [`Constraint::Taken`] when the
    /// login is someone's, [`StoreError::NotFound`].
    pub async fn update_account(&self, account: &Account) -> Result<(), StoreError> {
        let n = self
            .run(
                "UPDATE account SET login = ?, name = ?, actor = ?, time_zone = ?, locale = ?, \
                 theme = ?, version = version + 1 WHERE id = ? AND version = ?",
                [
                    login_of(&account.login)?.into(),
                    account.name.trim().into(),
                    account.actor.map(AddressId::as_i64).into(),
                    account.time_zone.as_str().into(),
                    account.locale.as_str().into(),
                    account.theme.clone().into(),
                    account.id.0.into(),
                    account.version.into(),
                ],
            )
            .await?;
        if n == 0 {
            let row = ("account WHERE id = ?", vec![account.id.0.into()]);
            return Err(self.stale_or_gone("account", &account.id, row).await?);
        }
        self.record(Verb::AccountChanged, &account.id, "").await
    }

    /// Sets the salted hash that a password is checked against.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_password(&self, id: AccountId, hash: &str) -> Result<(), StoreError> {
        let sql = "UPDATE account SET password = ?, version = version + 1 WHERE id = ?";
        changed(self.run(sql, [hash.into(), id.0.into()]).await?, "account", &id)?;
        self.record(Verb::PasswordSet, &id, "").await
    }

    /// Sets what an account may do.
    ///
    /// # Errors
    /// [`Constraint::LastOwner`] when nobody could run the workspace any more,
    /// [`StoreError::NotFound`].
    pub async fn set_role(&self, id: AccountId, role: Role) -> Result<(), StoreError> {
        if role != Role::Owner {
            self.require_another_owner(id).await?;
        }
        let sql = "UPDATE account SET role = ?, version = version + 1 WHERE id = ?";
        changed(self.run(sql, [role.name().into(), id.0.into()]).await?, "account", &id)?;
        self.record(Verb::RoleSet, &id, role.name()).await
    }

    /// Takes the right to sign in away and ends its sessions.
    ///
    /// # Errors
    /// [`Constraint::LastOwner`] when nobody could run the workspace any more,
    /// [`StoreError::NotFound`].
    pub async fn disable_account(&self, id: AccountId) -> Result<(), StoreError> {
        self.require_another_owner(id).await?;
        let sql = "UPDATE account SET disabled = ?, version = version + 1 WHERE id = ?";
        changed(self.run(sql, [true.into(), id.0.into()]).await?, "account", &id)?;
        self.close_sessions(id, None).await?;
        self.record(Verb::AccountDisabled, &id, "").await
    }

    /// Gives the right to sign in back.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn enable_account(&self, id: AccountId) -> Result<(), StoreError> {
        let sql = "UPDATE account SET disabled = ?, version = version + 1 WHERE id = ?";
        changed(self.run(sql, [false.into(), id.0.into()]).await?, "account", &id)?;
        self.record(Verb::AccountEnabled, &id, "").await
    }

    /// There is one writer at a time, so that two owners cannot leave at once.
    pub(crate) async fn require_another_owner(&self, id: AccountId) -> Result<(), StoreError> {
        let owners = "SELECT COUNT(*) FROM account WHERE role = 'owner' AND NOT disabled AND id ";
        let leaves = number(&self.db, &format!("{owners} = ?"), [id.0.into()]).await? > 0;
        let stay = number(&self.db, &format!("{owners} <> ?"), [id.0.into()]).await?;
        if leaves && stay == 0 {
            return Err(StoreError::Conflict(Constraint::LastOwner));
        }
        Ok(())
    }
}

impl Store {
    /// Accounts made after `after`, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn accounts(
        &self,
        after: Option<AccountId>,
        limit: u64,
    ) -> Result<Vec<Account>, StoreError> {
        let mut query = account::Entity::find().order_by_asc(account::Column::Id).limit(limit);
        if let Some(after) = after {
            query = query.filter(account::Column::Id.gt(after.0));
        }
        query.all(&self.db).await?.into_iter().map(account_of).collect()
    }

    /// One account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn account(&self, id: AccountId) -> Result<Account, StoreError> {
        let row = account::Entity::find_by_id(id.0).one(&self.db).await?;
        account_of(row.ok_or_else(|| StoreError::not_found("account", &id))?)
    }

    /// The account of a login, disabled or not, and the hash of its password.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn account_by_login(
        &self,
        login: &str,
    ) -> Result<Option<(Account, Option<String>)>, StoreError> {
        let query = account::Entity::find().filter(account::Column::Login.eq(fold(login)));
        let Some(row) = query.one(&self.db).await? else { return Ok(None) };
        let hash = row.password.clone();
        Ok(Some((account_of(row)?, hash)))
    }

    /// How many accounts there are, disabled ones included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_accounts(&self) -> Result<u64, StoreError> {
        Ok(account::Entity::find().count(&self.db).await?)
    }
}

pub(crate) fn account_of(row: account::Model) -> Result<Account, StoreError> {
    Ok(Account {
        id: AccountId(row.id),
        login: row.login,
        name: row.name,
        role: word("account.role", &row.role, Role::from_name)?,
        actor: row.actor.map(AddressId::from_i64),
        time_zone: row.time_zone,
        locale: row.locale,
        theme: row.theme,
        has_password: row.password.is_some(),
        disabled: row.disabled,
        created: Moment::from_ms(row.created_at),
        version: row.version,
    })
}

fn login_of(text: &str) -> Result<String, StoreError> {
    match fold(text) {
        folded if folded.is_empty() => Err(StoreError::value("an account needs a login")),
        folded => Ok(folded),
    }
}
