//! What people wrote about a person or organisation, as far as the viewer may read it.

use tieline_model::contact::ContactKind;
use tieline_model::id::AddressId;
use tieline_model::time::Moment;
use tieline_store::{Contact, FieldKind, Note, Person};

use super::notes::NoteForm;
use super::promises::{self, PromiseForm, PromiseRow};
use super::subject::{readers, writer};
use crate::app::App;
use crate::assets::icons;
use crate::error::{AppError, encode, encode_part};
use crate::extract::Signed;
use crate::here;

/// Notes, contacts and promises shown, of each.
const MOST: u64 = 50;

/// One thing that happened or was noted.
pub(crate) struct Entry {
    at: Moment,
    pub(crate) when: String,
    pub(crate) icon: &'static str,
    pub(crate) what: String,
    /// In people's own words; may be empty.
    pub(crate) text: String,
    /// Who wrote it and who reads it.
    pub(crate) by: String,
    /// Where its author changes it.
    pub(crate) edit: Option<String>,
}

/// A tag, the list of all who have it, and where it is taken away.
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) list: String,
    pub(crate) removal: String,
}

/// A custom field with its value.
pub(crate) struct FieldRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) value: String,
    /// Type of its input.
    pub(crate) kind: &'static str,
    /// Values to choose from; empty: any.
    pub(crate) choices: Vec<String>,
}

/// All of it, with empty forms for more.
pub(crate) struct Written {
    pub(crate) entries: Vec<Entry>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) fields: Vec<FieldRow>,
    pub(crate) promises: Vec<PromiseRow>,
    /// How many promises were kept, of how many, ours and theirs.
    pub(crate) kept: String,
    pub(crate) note_form: NoteForm,
    pub(crate) promise_form: PromiseForm,
    /// Moments of logged contacts and promises, for the lanes.
    pub(crate) contacts: Vec<(ContactKind, Moment)>,
    pub(crate) promised: Vec<Moment>,
}

/// What the viewer may read of what was written about a person.
pub(crate) async fn written(
    app: &App,
    signed: &Signed,
    person: &Person,
    now: Moment,
) -> Result<Written, AppError> {
    let (viewer, of) = (signed.viewer.account, person.actor.addresses.as_slice());
    let reads = signed.viewer.may_read();
    let contacts = app.store.contacts_about(of, viewer, reads, None, MOST).await?;
    let notes = app.store.notes_about(of, viewer, reads, MOST).await?;
    let promises = app.store.promises_about(of, viewer, reads, MOST).await?;
    let mut entries = Vec::new();
    for contact in &contacts {
        entries.push(contact_entry(app, signed, contact).await?);
    }
    for note in &notes {
        entries.push(note_entry(app, signed, note).await?);
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    let own = |contact: &&Contact| contact.by == viewer;
    let mine = promises.iter().filter(|promise| promise.author == viewer);
    let promised = mine.clone().filter_map(|promise| promise.kept.or(promise.due)).collect();
    let share = |by_us: bool| {
        let all = mine.clone().filter(|promise| promise.by_us == by_us);
        (all.clone().filter(|promise| promise.kept.is_some()).count(), all.count())
    };
    let ((we, of_ours), (they, of_theirs)) = (share(true), share(false));
    Ok(Written {
        entries,
        tags: tags(app, person).await?,
        fields: fields(app, of).await?,
        promises: promises.iter().map(|promise| promises::row(promise, signed, now)).collect(),
        kept: t!("people-kept", we = we, ours = of_ours, they = they, theirs = of_theirs),
        note_form: NoteForm::default(),
        promise_form: PromiseForm::default(),
        contacts: contacts.iter().filter(own).map(|one| (one.kind, one.at)).collect(),
        promised,
    })
}

async fn contact_entry(app: &App, signed: &Signed, contact: &Contact) -> Result<Entry, AppError> {
    let is_own = contact.by == signed.viewer.account;
    let n = contact.people.len().saturating_sub(1);
    let who = if is_own { None } else { Some(writer(app, Some(contact.by)).await?) };
    let (what, icon) = match (contact.kind, who) {
        (ContactKind::Met, None) => (t!("people-you-met", n = n), icons::USERS_ROUND),
        (ContactKind::Met, Some(who)) => {
            (t!("people-they-met", who = who, n = n), icons::USERS_ROUND)
        }
        (ContactKind::Called, None) => (t!("people-you-called", n = n), icons::PHONE),
        (ContactKind::Called, Some(who)) => {
            (t!("people-they-called", who = who, n = n), icons::PHONE)
        }
        (ContactKind::Wrote, None) => (t!("people-you-wrote", n = n), icons::MESSAGE_SQUARE),
        (ContactKind::Wrote, Some(who)) => {
            (t!("people-they-wrote", who = who, n = n), icons::MESSAGE_SQUARE)
        }
    };
    Ok(Entry {
        at: contact.at,
        when: here::date(contact.at),
        icon,
        what,
        text: contact.line.clone(),
        by: t!("people-logged-by-hand", readers = readers(contact.visibility)),
        edit: None,
    })
}

async fn note_entry(app: &App, signed: &Signed, note: &Note) -> Result<Entry, AppError> {
    let is_own = note.author == signed.viewer.account;
    let who = if is_own { None } else { Some(writer(app, Some(note.author)).await?) };
    let readers = readers(note.visibility);
    let changed = (note.changed > note.created).then(|| here::date(note.changed));
    let by = match (who, changed) {
        (None, None) => t!("people-note-own", readers = readers),
        (None, Some(day)) => t!("people-note-own-changed", readers = readers, day = day),
        (Some(who), None) => t!("people-note-by", who = who, readers = readers),
        (Some(who), Some(day)) => {
            t!("people-note-by-changed", who = who, readers = readers, day = day)
        }
    };
    Ok(Entry {
        at: note.created,
        when: here::date(note.created),
        icon: icons::PENCIL,
        what: t!("people-note"),
        text: note.text.clone(),
        by,
        edit: is_own.then(|| format!("/notes/{}", note.id)),
    })
}

async fn tags(app: &App, person: &Person) -> Result<Vec<Tag>, AppError> {
    let mut names: Vec<String> = Vec::new();
    for (_, name) in app.store.tags_of(&person.actor.addresses).await? {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let tag = |name: String| Tag {
        list: format!("/people?tag={}", encode(&name)),
        removal: format!("/people/{}/tags/{}/removal", person.actor.id, encode_part(&name)),
        name,
    };
    Ok(names.into_iter().map(tag).collect())
}

async fn fields(app: &App, of: &[AddressId]) -> Result<Vec<FieldRow>, AppError> {
    let values = app.store.field_values(of).await?;
    let row = |field: tieline_store::Field| {
        let value = values.iter().find(|(_, id, _)| *id == field.id);
        let (kind, choices) = match field.kind {
            FieldKind::Text => ("text", Vec::new()),
            FieldKind::Number => ("number", Vec::new()),
            FieldKind::Date => ("date", Vec::new()),
            FieldKind::Choice(choices) => ("text", choices),
        };
        FieldRow {
            id: field.id.to_string(),
            name: field.name,
            value: value.map(|(.., value)| value.clone()).unwrap_or_default(),
            kind,
            choices,
        }
    };
    Ok(app.store.fields().await?.into_iter().map(row).collect())
}
