//! Browsers that are signed in. A session is known by the hash of a secret that the store never
//! sees in clear.

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
};
use tieline_model::id::AccountId;
use tieline_model::time::Moment;

use crate::accounts::{Account, account_of};
use crate::dialect;
use crate::entity::{account, session};
use crate::error::StoreError;
use crate::history::Verb;
use crate::store::{Store, Tx, changed, columns_as};

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// BLAKE3 of its secret, 64 hex digits.
    pub hash: String,
    /// Whose it is.
    pub account: AccountId,
    /// When it began.
    pub created: Moment,
    /// When it was last used, as far as it was noted.
    pub last_used: Moment,
    /// First moment at which it no longer holds.
    pub expires: Moment,
    /// Family of the browser; never a network address.
    pub about: String,
}

/// A session to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// Whose.
    pub account: AccountId,
    /// First moment at which it no longer holds.
    pub expires: Moment,
    /// Family of the browser; never a network address.
    pub about: String,
}

impl Tx {
    /// Signs a browser in.
    ///
    /// # Errors
    /// [`crate::Constraint::MissingParent`] without the account, [`crate::Constraint::Value`] when
    /// `hash` is no BLAKE3 in hex.
    pub async fn open_session(&self, hash: &str, new: &NewSession) -> Result<(), StoreError> {
        let row = session::Model {
            id: checked_hash(hash)?,
            account: new.account.0,
            last_used: self.now.ms(),
            expires_at: new.expires.ms(),
            about: new.about.clone(),
            created_at: self.now.ms(),
        };
        self.insert::<session::Entity>(&[row], None).await?;
        self.record(Verb::SessionOpened, &new.account, "").await
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn touch_session(&self, hash: &str, now: Moment) -> Result<(), StoreError> {
        let sql = "UPDATE session SET last_used = ? WHERE id = ?";
        let n = self.run(sql, [now.ms().into(), hash.into()]).await?;
        // The hash is no secret, but nobody needs to read it.
        changed(n, "session", "")
    }

    /// Signs a browser out. One that is signed out already stays so.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn close_session(&self, hash: &str) -> Result<(), StoreError> {
        let Some(row) = session::Entity::find_by_id(hash).one(&self.db).await? else {
            return Ok(());
        };
        self.run("DELETE FROM session WHERE id = ?", [hash.into()]).await?;
        self.record(Verb::SessionsClosed, &AccountId(row.account), "1").await
    }

    /// Signs all browsers of an account out, but for the one with this hash; how many.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn close_sessions(
        &self,
        account: AccountId,
        except: Option<&str>,
    ) -> Result<u64, StoreError> {
        let sql = "DELETE FROM session WHERE account = ? AND id <> ?";
        let n = self.run(sql, [account.0.into(), except.unwrap_or_default().into()]).await?;
        if n > 0 {
            self.record(Verb::SessionsClosed, &account, n.to_string()).await?;
        }
        Ok(n)
    }

    /// Removes sessions that no longer hold; how many.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sweep_sessions(&self, now: Moment) -> Result<u64, StoreError> {
        self.run("DELETE FROM session WHERE expires_at <= ?", [now.ms().into()]).await
    }
}

impl Store {
    /// A session that holds, and its account, which is not disabled.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn session(
        &self,
        hash: &str,
        now: Moment,
    ) -> Result<Option<(Session, Account)>, StoreError> {
        let sql = format!(
            "SELECT {}, {} FROM session s JOIN account a ON a.id = s.account \
             WHERE s.id = ? AND s.expires_at > ? AND NOT a.disabled",
            columns_as::<session::Entity>("s"),
            columns_as::<account::Entity>("a"),
        );
        let statement = dialect::statement(&self.db, &sql, [hash.into(), now.ms().into()]);
        let Some(row) = self.db.query_one_raw(statement).await? else { return Ok(None) };
        let session = session::Model::from_query_result(&row, "s_")?;
        let account = account::Model::from_query_result(&row, "a_")?;
        Ok(Some((session_of(session), account_of(account)?)))
    }

    /// Sessions of an account, the last used first; those that no longer hold included until they
    /// are swept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sessions_of(&self, account: AccountId) -> Result<Vec<Session>, StoreError> {
        let rows = session::Entity::find()
            .filter(session::Column::Account.eq(account.0))
            .order_by_desc(session::Column::LastUsed)
            .order_by_asc(session::Column::Id)
            .all(&self.db)
            .await?;
        Ok(rows.into_iter().map(session_of).collect())
    }
}

fn session_of(row: session::Model) -> Session {
    Session {
        hash: row.id,
        account: AccountId(row.account),
        created: Moment::from_ms(row.created_at),
        last_used: Moment::from_ms(row.last_used),
        expires: Moment::from_ms(row.expires_at),
        about: row.about,
    }
}

/// 64 hex digits, so that no secret is stored in clear by mistake.
pub(crate) fn checked_hash(hash: &str) -> Result<String, StoreError> {
    if hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(hash.to_owned());
    }
    Err(StoreError::value("a secret is known to the store by 64 hex digits of its hash alone"))
}
