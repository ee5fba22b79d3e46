//! Notes on a person or organisation: written, changed, removed, restored; each by its author.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tieline_model::id::{AccountId, NoteId};
use tieline_store::{Constraint, NewNote, Note, StoreError, Tx};

use super::conflict::{self, Late, Row};
use super::form::{Fault, fault_of};
use super::subject::{page_of, readers, subject, visibility, within};
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Member, Signed};
use crate::page::page;
use crate::shell::{Place, Shell};

/// Longest note, characters.
pub(crate) const MAX_NOTE: usize = 5_000;

/// What the form brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NoteForm {
    pub(super) note: String,
    pub(super) visibility: String,
    version: i64,
}

#[derive(Template)]
#[template(path = "note.html")]
struct NotePage {
    shell: Shell,
    typed: NoteForm,
    faults: Vec<Fault>,
    action: String,
    back: String,
    removal: Option<String>,
}

fn faults(form: &NoteForm) -> Vec<Fault> {
    let mut faults = Vec::new();
    if form.note.trim().is_empty() {
        faults.push(Fault::new("note", t!("form-note")));
    }
    within("note", &form.note, MAX_NOTE, &mut faults);
    faults
}

/// `POST /people/{id}/notes`.
pub(crate) async fn create(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
    Form(form): Form<NoteForm>,
) -> Result<Response, AppError> {
    let person = subject(&app, &id).await?;
    let back = format!("/people/{}", person.actor.id);
    let faults = faults(&form);
    if !faults.is_empty() {
        let action = format!("{back}/notes");
        return again(&app, &signed, form, faults, (action, back, None));
    }
    let tx = app.store.begin_by(signed.viewer.account).await?;
    let note = NewNote {
        about: person.actor.anchor,
        author: signed.viewer.account,
        text: form.note,
        visibility: visibility(&form.visibility),
    };
    let note = tx.add_note(&note).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("{back}?done=note&undo={note}")).into_response())
}

fn again(
    app: &App,
    signed: &Signed,
    typed: NoteForm,
    faults: Vec<Fault>,
    (action, back, removal): (String, String, Option<String>),
) -> Result<Response, AppError> {
    let shell = Shell::new(app, signed, Place::Directory);
    let shown = page(&NotePage { shell, typed, faults, action, back, removal })?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown).into_response())
}

/// The author's own note of a path.
async fn own(app: &App, signed: &Signed, id: &str) -> Result<Note, AppError> {
    let id: NoteId = id.parse().map_err(|_| AppError::NotFound)?;
    let note = app.store.note(id, signed.viewer.account, false).await?;
    Ok(note)
}

/// `GET /notes/{id}`: the author's form.
pub(crate) async fn edit(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let note = own(&app, &signed, &id).await?;
    let back = page_of(&app, note.about).await?;
    page(&NotePage {
        shell: Shell::new(&app, &signed, Place::Directory),
        typed: NoteForm {
            note: note.text,
            visibility: note.visibility.name().to_owned(),
            version: note.version,
        },
        faults: Vec::new(),
        action: format!("/notes/{}", note.id),
        removal: Some(format!("/notes/{}/removal", note.id)),
        back,
    })
}

/// `POST /notes/{id}`.
pub(crate) async fn save(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
    Form(form): Form<NoteForm>,
) -> Result<Response, AppError> {
    let kept = own(&app, &signed, &id).await?;
    let back = page_of(&app, kept.about).await?;
    let action = format!("/notes/{}", kept.id);
    let faults = faults(&form);
    if !faults.is_empty() {
        return again(&app, &signed, form, faults, (action, back, None));
    }
    let changed = Note {
        text: form.note.clone(),
        visibility: visibility(&form.visibility),
        version: form.version,
        ..kept
    };
    let tx = app.store.begin_by(signed.viewer.account).await?;
    match tx.update_note(&changed).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Redirect::to(&format!("{back}?done=saved")).into_response())
        }
        Err(StoreError::Conflict(Constraint::Stale)) => {
            tx.rollback().await?;
            late(&app, &signed, changed, (action, back)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn late(
    app: &App,
    signed: &Signed,
    mine: Note,
    (action, back): (String, String),
) -> Result<Response, AppError> {
    let kept = app.store.note(mine.id, signed.viewer.account, false).await?;
    conflict::ask(
        app,
        signed,
        Late {
            what: t!("people-your-note"),
            who: t!("people-changed-elsewhere"),
            back,
            action,
            rows: vec![
                Row::new(t!("people-note"), &kept.text, &mine.text),
                Row::new(
                    t!("people-who-reads"),
                    readers(kept.visibility),
                    readers(mine.visibility),
                ),
            ],
            fields: vec![
                ("note", mine.text),
                ("visibility", mine.visibility.name().to_owned()),
                ("version", kept.version.to_string()),
            ],
        },
    )
}

/// `POST /notes/{id}/removal`.
pub(crate) async fn remove(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let by = signed.viewer.account;
    let back = change(&app, by, &id, async |tx, id| tx.delete_note(id, by).await).await?;
    Ok(Redirect::to(&format!("{back}?done=note-removed&undo={id}")))
}

/// `POST /notes/{id}/restoration`.
pub(crate) async fn restore(
    State(app): State<App>,
    Member(signed): Member,
    Path(id): Path<String>,
) -> Result<Redirect, AppError> {
    let by = signed.viewer.account;
    let back = change(&app, by, &id, async |tx, id| tx.undelete_note(id, by).await).await?;
    Ok(Redirect::to(&format!("{back}?done=note-restored")))
}

/// Does a verb on a note of an account, in one transaction; the page of whom it is about.
async fn change(
    app: &App,
    by: AccountId,
    id: &str,
    verb: impl AsyncFnOnce(&Tx, NoteId) -> Result<(), StoreError>,
) -> Result<String, AppError> {
    let id: NoteId = id.parse().map_err(|_| AppError::NotFound)?;
    let about = app.store.note_about(id, by).await?;
    let tx = app.store.begin_by(by).await?;
    verb(&tx, id).await?;
    tx.commit().await?;
    page_of(app, about).await
}
