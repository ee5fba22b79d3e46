//! What was done in the workspace, and by whom; for stewards. What is someone's own (notes, contacts,
//! promises and such) shows for that someone alone: not even that it was written is for others.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use tieline_model::id::AccountId;
use tieline_store::{HistoryEvent, Verb};
use uuid::Uuid;

use super::past_words;
use crate::app::App;
use crate::error::AppError;
use crate::extract::{Signed, Steward};
use crate::here;
use crate::page::page;
use crate::shell::{Place, Shell};

/// Events of a page.
const PAGE: usize = 100;

/// Accounts whose names are looked up.
const MOST_ACCOUNTS: u64 = 1_000;

struct Row {
    when: String,
    what: String,
    /// `None`: the program, a command, or a stranger.
    who: Option<String>,
}

#[derive(Template)]
#[template(path = "past.html")]
struct PastPage {
    shell: Shell,
    rows: Vec<Row>,
    next: Option<Uuid>,
}

/// Which page of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    before: Option<Uuid>,
}

/// `GET /settings/history`.
pub(crate) async fn show(
    State(app): State<App>,
    Steward(signed): Steward,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let mut events = app.store.history_before(asked.before, PAGE as u64 + 1).await?;
    let more = events.len() > PAGE;
    events.truncate(PAGE);
    let next = events.last().filter(|_| more).map(|event| event.id);
    let accounts = app.store.accounts(None, MOST_ACCOUNTS).await?;
    let names: HashMap<AccountId, String> =
        accounts.into_iter().map(|account| (account.id, account.name)).collect();
    let rows = events.iter().filter(|event| is_shown(event, &signed));
    let rows = rows.map(|event| row(event, &names)).collect();
    page(&PastPage { shell: Shell::new(&app, &signed, Place::Settings), rows, next })
}

fn is_shown(event: &HistoryEvent, signed: &Signed) -> bool {
    !event.verb.is_own() || event.by == Some(signed.viewer.account)
}

fn row(event: &HistoryEvent, names: &HashMap<AccountId, String>) -> Row {
    let words = past_words::done(event.verb);
    let shows_detail = matches!(
        event.verb,
        Verb::AccountAdded
            | Verb::RoleSet
            | Verb::LinkAdded
            | Verb::LinkUsed
            | Verb::JobQueued
            | Verb::JobFinished
            | Verb::NetworkExported
    );
    let detail = if shows_detail { event.detail.replace('-', " ") } else { String::new() };
    let what = if detail.is_empty() {
        words
    } else {
        t!("settings-done-with", done = words, detail = detail)
    };
    Row {
        when: here::moment(event.at),
        what: crate::show::sentence(&what),
        who: event.by.and_then(|who| names.get(&who).cloned()),
    }
}
