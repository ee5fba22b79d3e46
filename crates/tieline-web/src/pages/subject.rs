//! Whom a path is about, and what members write about them in common.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use tieline_model::access::Visibility;
use tieline_model::id::{AccountId, ActorId, AddressId};
use tieline_model::time::Moment;
use tieline_store::Person;

use super::form::Fault;
use crate::app::App;
use crate::error::AppError;

/// The person of a path.
pub(crate) async fn subject(app: &App, id: &str) -> Result<Person, AppError> {
    let id: ActorId = id.parse().map_err(|_| AppError::NotFound)?;
    Ok(app.store.person(id).await?)
}

/// The page of the person who has an address; Today where nobody has it any more.
pub(crate) async fn page_of(app: &App, address: AddressId) -> Result<String, AppError> {
    let actor = app.store.actor_of(address).await?;
    Ok(actor.map_or_else(|| "/".to_owned(), |id| format!("/people/{id}")))
}

/// Name of an account, for words of who wrote something.
pub(crate) async fn writer(app: &App, id: Option<AccountId>) -> Result<String, AppError> {
    let Some(id) = id else { return Ok(t!("word-someone-erased")) };
    match app.store.account(id).await {
        Ok(account) => Ok(account.name),
        Err(tieline_store::StoreError::NotFound { .. }) => Ok(t!("word-someone-left")),
        Err(error) => Err(error.into()),
    }
}

/// Who may read something, as a form says it.
pub(crate) fn visibility(word: &str) -> Visibility {
    Visibility::from_name(word).unwrap_or_default()
}

/// Who reads something, in words.
pub(crate) fn readers(visibility: Visibility) -> String {
    match visibility {
        Visibility::Workspace => t!("word-readers-members"),
        Visibility::Own | Visibility::Party | Visibility::Partnership => t!("word-readers-own"),
    }
}

/// The beginning of a day that may be left out, UTC; a day that cannot be read is a fault.
pub(crate) fn day_of(field: &'static str, text: &str, faults: &mut Vec<Fault>) -> Option<Moment> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let date: Option<Date> = text.parse().ok();
    let start = date.and_then(|date| date.to_zoned(TimeZone::UTC).ok());
    if start.is_none() {
        faults.push(Fault::new(field, t!("form-day-optional")));
    }
    start.map(|start| Moment::from_ms(start.timestamp().as_millisecond()))
}

/// A text that must not be longer than the page takes.
pub(crate) fn within(field: &'static str, text: &str, most: usize, faults: &mut Vec<Fault>) {
    if text.chars().count() > most {
        faults.push(Fault::new(field, t!("form-at-most", n = most)));
    }
}
