//! Tries that are counted, so that guessing and flooding get slow. What is counted is known to the
//! store by a hash alone.

use tieline_model::time::Moment;

use crate::app::App;
use crate::error::AppError;

/// How far back tries count, days: an hour.
const HOUR: f64 = 1.0 / 24.0;

/// What is counted, and how often an hour it may happen.
#[derive(Debug, Clone)]
pub(crate) struct Limit {
    key: String,
    most: u64,
}

impl Limit {
    /// `kind` and `of` name what is counted.
    pub(crate) fn new(kind: &str, of: &str, most: u64) -> Self {
        let key = blake3::hash(format!("{kind}\0{of}").as_bytes()).to_hex().to_string();
        Self { key, most }
    }
}

/// Counts a try against each limit.
///
/// # Errors
/// [`AppError::TooMany`] when one of them is reached: then it counts against none.
pub(crate) async fn count(app: &App, limits: &[Limit], now: Moment) -> Result<(), AppError> {
    for limit in limits {
        if app.store.failures(&limit.key, now.plus_days(-HOUR)).await? >= limit.most {
            return Err(AppError::TooMany);
        }
    }
    let tx = app.store.begin().await?;
    for limit in limits {
        tx.note_failure(&limit.key, now).await?;
    }
    Ok(tx.commit().await?)
}
