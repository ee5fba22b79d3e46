//! Programs that act for an account: their tokens, and what they were answered.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
};
use tieline_model::id::AccountId;
use tieline_model::time::Moment;

use crate::accounts::{Account, account_of};
use crate::dialect;
use crate::entity::{account, api_token, idempotency};
use crate::error::StoreError;
use crate::history::Verb;
use crate::sessions::checked_hash;
use crate::store::{Store, Tx, changed, columns_as, word};

/// How long an answer is kept, days: longer than any program tries again.
const KEEP_DAYS: f64 = 2.0;

/// What a token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenScope {
    /// Reads alone.
    Read,
    /// Reads and writes.
    Write,
}

impl TokenScope {
    /// The words used in the store: its scopes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "read write",
        }
    }

    /// From the words.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Read, Self::Write].into_iter().find(|scope| scope.name() == name)
    }
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// BLAKE3 of its secret, 64 hex digits.
    pub hash: String,
    /// For whom it acts.
    pub account: AccountId,
    /// What its owner calls it.
    pub name: String,
    /// What it opens.
    pub scope: TokenScope,
    /// When it was made.
    pub created: Moment,
    /// When it was last used, to the day.
    pub last_used: Option<Moment>,
    /// First moment at which it no longer holds.
    pub expires: Moment,
}

/// A token to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// For whom it acts.
    pub account: AccountId,
    /// What its owner calls it.
    pub name: String,
    /// What it opens.
    pub scope: TokenScope,
    /// First moment at which it no longer holds.
    pub expires: Moment,
}

/// An answer that is given again when the same account sends the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Method and path that it answered.
    pub route: String,
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub body: String,
}

impl Tx {
    /// Makes a token that is known by the BLAKE3 of its secret, in hex.
    ///
    /// # Errors
    /// [`crate::Constraint::MissingParent`] without the account, [`crate::Constraint::Value`] when
    /// `hash` is no BLAKE3 in hex or the name is empty.
    pub async fn add_token(&self, hash: &str, new: &NewToken) -> Result<(), StoreError> {
        let name = new.name.trim();
        if name.is_empty() {
            return Err(StoreError::value("a token has a name"));
        }
        let row = api_token::Model {
            hash: checked_hash(hash)?,
            account: new.account.0,
            name: name.to_owned(),
            scopes: new.scope.name().to_owned(),
            last_used: None,
            expires: new.expires.ms(),
            created_at: self.now.ms(),
        };
        self.insert::<api_token::Entity>(&[row], None).await?;
        self.record(Verb::TokenAdded, &new.account, new.scope.name()).await
    }

    /// Takes a token of this account back.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_token(&self, hash: &str, owner: AccountId) -> Result<(), StoreError> {
        let sql = "DELETE FROM api_token WHERE hash = ? AND account = ?";
        changed(self.run(sql, [hash.into(), owner.0.into()]).await?, "token", "")?;
        self.record(Verb::TokenRemoved, &owner, "").await
    }

    /// Notes that a token was used.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn touch_token(&self, hash: &str, now: Moment) -> Result<(), StoreError> {
        let sql = "UPDATE api_token SET last_used = ? WHERE hash = ?";
        changed(self.run(sql, [now.ms().into(), hash.into()]).await?, "token", "")
    }

    /// What this account was answered when it sent this key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn kept_answer(
        &self,
        account: AccountId,
        key: &str,
    ) -> Result<Option<Kept>, StoreError> {
        let found = idempotency::Entity::find_by_id((account.0, key.to_owned()));
        let kept = |row: idempotency::Model| {
            let status = u16::try_from(row.status);
            let status =
                status.map_err(|_| StoreError::damaged("idempotency.status", &row.status))?;
            Ok(Kept { route: row.route, status, body: row.body })
        };
        found.one(&self.db).await?.map(kept).transpose()
    }

    /// Keeps an answer, in the transaction of the write that it is about; old ones go.
    ///
    /// # Errors
    /// [`crate::Constraint::Taken`] when the key was answered meanwhile.
    pub async fn keep_answer(
        &self,
        account: AccountId,
        key: &str,
        answer: &Kept,
    ) -> Result<(), StoreError> {
        let old = self.now.plus_days(-KEEP_DAYS).ms();
        self.run("DELETE FROM idempotency WHERE created_at < ?", [old.into()]).await?;
        let row = idempotency::Model {
            account: account.0,
            key: key.to_owned(),
            route: answer.route.clone(),
            status: i64::from(answer.status),
            body: answer.body.clone(),
            created_at: self.now.ms(),
        };
        self.insert::<idempotency::Entity>(&[row], None).await.map(drop)
    }
}

impl Store {
    /// A token that holds, and its account, which is not disabled.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn token(
        &self,
        hash: &str,
        now: Moment,
    ) -> Result<Option<(ApiToken, Account)>, StoreError> {
        let sql = format!(
            "SELECT {}, {} FROM api_token t JOIN account a ON a.id = t.account \
             WHERE t.hash = ? AND t.expires > ? AND NOT a.disabled",
            columns_as::<api_token::Entity>("t"),
            columns_as::<account::Entity>("a"),
        );
        let statement = dialect::statement(&self.db, &sql, [hash.into(), now.ms().into()]);
        let Some(row) = self.db.query_one_raw(statement).await? else { return Ok(None) };
        let token = api_token::Model::from_query_result(&row, "t_")?;
        let account = account::Model::from_query_result(&row, "a_")?;
        Ok(Some((token_of(token)?, account_of(account)?)))
    }

    /// Tokens of an account, the newest first; those that ended included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tokens_of(&self, account: AccountId) -> Result<Vec<ApiToken>, StoreError> {
        let rows = api_token::Entity::find()
            .filter(api_token::Column::Account.eq(account.0))
            .order_by_desc(api_token::Column::CreatedAt)
            .order_by_asc(api_token::Column::Hash)
            .all(&self.db)
            .await?;
        rows.into_iter().map(token_of).collect()
    }
}

fn token_of(row: api_token::Model) -> Result<ApiToken, StoreError> {
    Ok(ApiToken {
        account: AccountId(row.account),
        scope: word("api_token.scopes", &row.scopes, TokenScope::from_name)?,
        created: Moment::from_ms(row.created_at),
        last_used: row.last_used.map(Moment::from_ms),
        expires: Moment::from_ms(row.expires),
        hash: row.hash,
        name: row.name,
    })
}
