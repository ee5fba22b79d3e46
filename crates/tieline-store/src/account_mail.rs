//! Where the mail of accounts goes. It is also how they are known at other doors: a one-time link by
//! mail, and an identity provider that vouches for the address.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use tieline_model::address::Address;
use tieline_model::id::AccountId;

use crate::accounts::{Account, account_of};
use crate::entity::{account, account_mail};
use crate::error::StoreError;
use crate::history::Verb;
use crate::store::{Store, Tx};

impl Tx {
    /// Sets where the mail of an account goes; `None`: nowhere.
    ///
    /// # Errors
    /// [`crate::Constraint::Taken`] when it is the address of another account,
    /// [`crate::Constraint::MissingParent`] without the account.
    pub async fn set_account_mail(
        &self,
        account: AccountId,
        mail: Option<&Address>,
    ) -> Result<(), StoreError> {
        self.run("DELETE FROM account_mail WHERE account = ?", [account.0.into()]).await?;
        if let Some(mail) = mail {
            let row = account_mail::Model {
                mail: mail.text().to_owned(),
                account: account.0,
                created_at: self.now.ms(),
            };
            self.insert::<account_mail::Entity>(&[row], None).await?;
        }
        self.record(Verb::AccountMailSet, &account, "").await
    }
}

impl Store {
    /// The account whose mail goes to an address, disabled or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn account_by_mail(&self, mail: &Address) -> Result<Option<Account>, StoreError> {
        let row = account_mail::Entity::find_by_id(mail.text()).one(&self.db).await?;
        let Some(row) = row else { return Ok(None) };
        let account = account::Entity::find_by_id(row.account).one(&self.db).await?;
        account.map(account_of).transpose()
    }

    /// Where the mail of accounts goes, of those that have an address; in no order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn account_mails(
        &self,
        accounts: &[AccountId],
    ) -> Result<Vec<(AccountId, String)>, StoreError> {
        let ids = accounts.iter().map(|account| account.0);
        let query = account_mail::Entity::find().filter(account_mail::Column::Account.is_in(ids));
        let rows = query.all(&self.db).await?;
        Ok(rows.into_iter().map(|row| (AccountId(row.account), row.mail)).collect())
    }

    /// Where the mail of one account goes.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn mail_of(&self, account: AccountId) -> Result<Option<String>, StoreError> {
        Ok(self.account_mails(&[account]).await?.pop().map(|(_, mail)| mail))
    }
}
