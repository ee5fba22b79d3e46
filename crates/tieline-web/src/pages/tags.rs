//! Tags and custom fields of a person or organisation.

use axum::extract::{Form, Path, State};
use axum::response::Redirect;
use serde::Deserialize;
use std::collections::BTreeMap;
use tieline_model::id::AddressId;
use tieline_store::{Field, Person, StoreError, Tx};
use uuid::Uuid;

use super::subject::subject;
use crate::app::App;
use crate::error::{AppError, encode};
use crate::extract::Member;

/// Longest tag, characters.
pub(crate) const MAX_TAG: usize = 60;

/// Longest value of a field, characters.
const MAX_VALUE: usize = 500;

/// Fields whose change is undone at once.
const MOST_FIELDS: usize = 100;

/// What the form brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TagForm {
    tag: String,
}

fn addresses(person: &Person) -> &[AddressId] {
    &person.actor.addresses
}

/// `POST /people/{id}/tags`.
pub(crate) async fn add(
    app: State<App>,
    member: Member,
    Path(id): Path<String>,
    Form(form): Form<TagForm>,
) -> Result<Redirect, AppError> {
    add_again(app, member, Path((id, form.tag))).await
}

/// `POST /people/{id}/tags/{tag}/addition`.
pub(crate) async fn add_again(
    State(app): State<App>,
    Member(signed): Member,
    Path((id, tag)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let person = subject(&app, &id).await?;
    let tag = tag.split_whitespace().collect::<Vec<_>>().join(" ");
    if tag.is_empty() || tag.chars().count() > MAX_TAG {
        return Err(AppError::BadRequest(t!("error-tag")));
    }
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.add_tag(&[person.actor.anchor], &tag, Some(signed.viewer.account)).await?;
    tx.commit().await?;
    let undo = encode(&format!("{}.{tag}", person.actor.id));
    Ok(Redirect::to(&format!("/people/{}?done=tag&undo={undo}", person.actor.id)))
}

/// `POST /people/{id}/tags/{tag}/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    Member(signed): Member,
    Path((id, tag)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let person = subject(&app, &id).await?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    tx.remove_tag(addresses(&person), &tag).await?;
    tx.commit().await?;
    let undo = encode(&format!("{}.{tag}", person.actor.id));
    Ok(Redirect::to(&format!("/people/{}?done=untag&undo={undo}", person.actor.id)))
}

/// `POST /people/{id}/fields`: values of custom fields by the id of each; an empty one is cleared.
pub(crate) async fn set_fields(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
    Form(values): Form<BTreeMap<String, String>>,
) -> Result<Redirect, AppError> {
    let person = subject(&app, &id).await?;
    let known = app.store.field_values(addresses(&person)).await?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    let mut changed = Vec::new();
    for field in app.store.fields().await? {
        let Some(value) = values.get(&field.id.to_string()) else { continue };
        let set = set_field::<AppError>(&tx, &person, &known, &field, value.trim()).await?;
        if let Some(at) = set {
            changed.push(format!("{}-{at}", field.id.simple()));
        }
    }
    tx.commit().await?;
    let id = person.actor.id;
    let undo =
        if changed.is_empty() { String::new() } else { format!("{id}.{}", changed.join(".")) };
    Ok(Redirect::to(&format!("/people/{id}?done=fields&undo={undo}")))
}

/// Sets one value if it is another; the address that it is kept with.
///
/// # Errors
/// When the value does not fit the field.
pub(crate) async fn set_field<E: From<AppError> + From<StoreError>>(
    tx: &Tx,
    person: &Person,
    known: &[(AddressId, Uuid, String)],
    field: &Field,
    value: &str,
) -> Result<Option<AddressId>, E> {
    if value.chars().count() > MAX_VALUE {
        let why = t!("error-field-value", field = field.name, n = MAX_VALUE);
        return Err(AppError::BadRequest(why).into());
    }
    let before = known.iter().find(|(_, of, _)| *of == field.id);
    if before.map_or("", |(.., value)| value.as_str()) == value {
        return Ok(None);
    }
    // The value is kept with one address, whichever imports know more of them later.
    let at = before.map_or(person.actor.anchor, |(address, ..)| *address);
    tx.set_field(field.id, at, Some(value)).await?;
    Ok(Some(at))
}

/// `POST /people/{id}/fields/{changed}/before`: the values of these fields go back by one step; each
/// is named by its field and the address that it is kept with.
pub(crate) async fn fields_before(
    State(app): State<App>,
    Member(signed): Member,
    Path((id, changed)): Path<(String, String)>,
) -> Result<Redirect, AppError> {
    let person = subject(&app, &id).await?;
    let tx = app.store.begin_by(signed.viewer.account).await?;
    for one in changed.split('.').take(MOST_FIELDS) {
        let (field, at) = one.split_once('-').ok_or(AppError::NotFound)?;
        let field: Uuid = field.parse().map_err(|_| AppError::NotFound)?;
        let at: AddressId = at.parse().map_err(|_| AppError::NotFound)?;
        if !addresses(&person).contains(&at) {
            return Err(AppError::NotFound);
        }
        tx.set_field_before(field, at).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("/people/{}?done=removed", person.actor.id)))
}
